import { dayAfter, isDay } from '../../units/month.js';
import { placesIn } from '../../units/problem.js';
import {
  cellsBelow,
  type ImportFormat,
  type JsonNode,
  mapped,
  objectFields,
  readJson,
  type SourceCell,
  type SourceText,
} from './format.js';

const million = 'USD per 1M tokens';

/** genai-prices' list: providers, each with models; prices in USD per 1e6 tokens, some dated. */
export const genaiPrices: ImportFormat = {
  title: 'genai-prices data.json',
  table: 'api',
  read,
  columns: [
    ...mapped(million, {
      input_usd_per_mtok: 'input_mtok',
      output_usd_per_mtok: 'output_mtok',
      cached_input_usd_per_mtok: 'cache_read_mtok',
      cache_write_usd_per_mtok: 'cache_write_mtok',
      audio_input_usd_per_mtok: 'input_audio_mtok',
      tier_input_usd_per_mtok: 'tier/1/input_mtok',
      tier_output_usd_per_mtok: 'tier/1/output_mtok',
      next_input_usd_per_mtok: 'next/input_mtok',
      next_output_usd_per_mtok: 'next/output_mtok',
    }),
    ...mapped('count', {
      tier_above_input_tokens: 'tier/1/above',
      context_window: 'context_window',
    }),
    ...mapped(undefined, {
      effective_from: 'effective_from',
      until: 'until',
      peak_hours: 'peak_hours',
      off_peak_ratio: 'off_peak_ratio',
    }),
  ],
  needs: [],
  refuses: [
    { keys: /^requests_kcount$/, reason: 'has a price per request' },
    { keys: /^tier\/mixed$/, reason: 'has prices above different prompt sizes' },
  ],
  prices: /^(?!next\/|.*\/above$).*_(mtok|kcount|hours|kpages)|^prices_by_hour$/,
};

function read(text: string, file: string, date: string): SourceText {
  const { root, faults } = readJson(text);
  const wrong = (at: number, message: string): void => void faults.push({ at, code: 'not-this-format', message });
  const records = itemsOf(root).flatMap((node) => {
    const provider = textOf(node, 'id');
    const models = objectFields(node)?.get('models');
    if (provider === '') wrong(node.at, 'a provider without an "id"');
    if (models?.kind !== 'array') wrong(node.at, `"${provider}" has no array of "models"`);
    const seen = new Set<string>();
    return itemsOf(models).map((model) => {
      const id = textOf(model, 'id');
      if (id === '') wrong(model.at, 'a model without an "id"');
      else if (seen.has(id))
        faults.push({ at: model.at, code: 'duplicate-key', message: `"${id}" is defined twice in "${provider}"` });
      seen.add(id);
      const isAlias = id.startsWith('~');
      return {
        ...{ at: model.at, provider, id, cells: figures(model, date) },
        ...(isAlias && { misfit: 'alias of a router, whose model changes' }),
      };
    });
  });
  if (root !== null && root.kind !== 'array') wrong(root.at, 'not an array of providers');
  return { records, faults, where: placesIn(file, text) };
}

function itemsOf(node: JsonNode | null | undefined): JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}

function textOf(node: JsonNode, key: string): string {
  const found = objectFields(node)?.get(key);
  return found?.kind === 'string' ? found.text : '';
}

/** The prices of a day, the next announced ones, and the context size. */
function figures(model: JsonNode, date: string): Map<string, SourceCell> {
  const cells = new Map<string, SourceCell>();
  const context = cellsBelow(model).get('context_window');
  if (context) cells.set('context_window', context);

  const prices = objectFields(model)?.get('prices');
  const periods = (prices?.kind === 'array' ? prices.items : []).map((node) => ({
    prices: objectFields(node)?.get('prices'),
    constraint: cellsBelow(node),
  }));
  const byHour = (period: (typeof periods)[number]): boolean => period.constraint.has('constraint/start_time');
  const dated = periods
    .filter((period) => !byHour(period))
    .map((period) => ({ ...period, from: period.constraint.get('constraint/start_date') }));
  const now = dated.findLast(({ from }) => from === undefined || from.text <= date);
  const [next] = dated
    .filter(({ from }) => from !== undefined && from.text > date)
    .sort((a, b) => ((a.from as SourceCell).text < (b.from as SourceCell).text ? -1 : 1));

  const current = prices?.kind === 'object' ? prices : now?.prices;
  if (current) for (const [key, cell] of withTiers(cellsBelow(current))) cells.set(key, cell);
  if (now?.from) cells.set('effective_from', now.from);
  if (next?.from && next.prices) {
    cells.set('until', {
      text: isDay(next.from.text) ? dayAfter(next.from.text, -1) : next.from.text,
      at: next.from.at,
    });
    for (const [key, cell] of withTiers(cellsBelow(next.prices))) cells.set(`next/${key}`, cell);
  }
  const hourly = periods.filter(byHour).map(({ constraint, prices: own }) => ({
    from: constraint.get('constraint/start_time')?.text ?? '',
    to: constraint.get('constraint/end_time')?.text ?? '',
    cells: own ? cellsBelow(own) : new Map<string, SourceCell>(),
  }));
  if (hourly.length > 0) withPeak(cells, hourly, model.at);
  return cells;
}

type Hourly = { from: string; to: string; cells: Map<string, SourceCell> };

/**
 * The dearest hours of the day are the peak, with the row's prices; the others have a ratio to it. With parts of hours,
 * or more than one ratio, only the dearest prices are kept.
 */
function withPeak(cells: Map<string, SourceCell>, hourly: readonly Hourly[], at: number): void {
  const rates = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok'];
  const usd = (from: ReadonlyMap<string, SourceCell>, key: string): number => Number(from.get(key)?.text ?? Number.NaN);
  const ratios = hourly.flatMap(({ cells: own }) =>
    rates.filter((key) => own.has(key) && cells.has(key)).map((key) => usd(cells, key) / usd(own, key)),
  );
  const [ratio = 1] = ratios;
  const isOne = ratios.every((each) => Math.abs(each / ratio - 1) < 1e-9);
  const spans = hourly.map(({ from, to }) => [wholeHour(from), wholeHour(to)] as const);
  const isPeakNamed = ratio <= 1;
  if (isPeakNamed) for (const [key, cell] of hourly[0]?.cells ?? []) cells.set(key, cell);
  if (!isOne || ratio === 0 || spans.some(([from, to]) => from === null || to === null || from >= to)) {
    cells.set('prices_by_hour', { text: 'yes', at });
    return;
  }
  const named = spans as readonly (readonly [number, number])[];
  const peak = isPeakNamed ? named : between(named);
  const hours = peak.map(([from, to]) => `${two(from)}-${two(to)}`).join(' ');
  cells.set('peak_hours', { text: `mon-sun ${hours}`, at });
  cells.set('off_peak_ratio', { text: String(Number((isPeakNamed ? ratio : 1 / ratio).toPrecision(9))), at });
}

const two = (hour: number): string => String(hour).padStart(2, '0');

/** `06:00:00Z` as 6; null where it is no whole hour. */
function wholeHour(time: string): number | null {
  const [, hour] = /^(\d\d):00(?::00)?Z$/.exec(time) ?? [];
  return hour === undefined ? null : Number(hour);
}

/** The hours of a day outside of some spans. */
function between(spans: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const ends = [...spans].sort(([a], [b]) => a - b);
  return [...ends, [24, 24] as const].flatMap(([from], index) => {
    const before = ends[index - 1]?.[1] ?? 0;
    return before < from ? [[before, from] as const] : [];
  });
}

/** A price is a number, or a base with tiers that hold for the whole request. */
function withTiers(cells: Map<string, SourceCell>): Map<string, SourceCell> {
  const tidy = new Map<string, SourceCell>();
  for (const [key, cell] of cells) {
    const [, rate, index, part] = /^(\w+)\/tiers\/(\d+)\/(start|price)$/.exec(key) ?? [];
    const place = Number(index) + 1;
    if (rate === undefined) tidy.set(key.replace(/\/base$/, ''), cell);
    else if (part === 'price') tidy.set(`tier/${place}/${rate}`, cell);
    else {
      const other = tidy.get(`tier/${place}/above`);
      if (other && Number(other.text) !== Number(cell.text)) tidy.set('tier/mixed', cell);
      tidy.set(`tier/${place}/above`, cell);
    }
  }
  return tidy;
}
