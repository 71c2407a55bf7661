import { listText } from '../tables/column.js';
import { priceColumns, type SnapshotTable, snapshotTables } from '../tables/columns.js';
import type { LevelChange, MedianChange, PriceChange, SnapshotDiff, TermChange } from '../tables/diff.js';
import type { Coverage } from '../tables/load.js';
import { type ListedOffer, type Offer, perGpu } from '../tables/offers.js';
import type { CheapestWay } from '../tables/query.js';
import { changeText } from './compare.js';
import { type Document, gap, indented, line, separated } from './document.js';
import { counted } from './numbers.js';
import { type CsvColumns, csvTable, jsonText, plainText } from './printable.js';
import { ageText, type Grid, grid, type PriceDate, sheetText, unknown } from './sheets.js';

/** Rows of a part of the report, if not all. */
const most = 15;
const basket = 'USD for 1M input and 1M visible output tokens';

/** What moved, in parts; the first rows of each, or all with `detail`. */
export function pricingDiffTable(diff: SnapshotDiff, detail: boolean): string {
  const { from, to, added, removed, changed, termsChanged, unchanged, figuresGained, figuresLost } = diff;
  const part = <Row>(title: string, columns: Grid<Row>, rows: readonly Row[]): Document => {
    const shown = detail ? rows : rows.slice(0, most);
    const rest = rows.length - shown.length;
    if (rows.length === 0) return [gap, line(title), line('  none')];
    const more = rest > 0 ? [line(`… ${counted(rest, 'more row')}: --detail`)] : [];
    return [gap, line(title), grid(columns, shown), ...more];
  };
  const medians: Grid<MedianChange> = {
    name: ({ name }) => name,
    price: ({ price }) => price,
    [`#${from}`]: (each) => usd(each.from),
    [`#${to}`]: (each) => usd(each.to),
    '#change': ({ percent }) => change(percent),
    '#rows': ({ rowsBefore, rowsAfter }) => `${rowsBefore}/${rowsAfter}`,
    unit: ({ unit }) => unit,
  };
  const levels: Grid<LevelChange> = {
    level: ({ tier, name, fromIndex }) => `${tier} ${name} (${fromIndex} and above)`,
    [`#${from}`]: ({ before }) => usd(before?.usd ?? null),
    [`#${to}`]: ({ after }) => usd(after?.usd ?? null),
    '#change': ({ percent }) => change(percent),
    [`with (${from})`]: ({ before }) => way(before),
    [`with (${to})`]: ({ after }) => way(after),
  };
  // Names of one of the snapshots alone are in the JSON.
  const inBoth = (all: readonly MedianChange[]) => all.filter((each) => each.from !== null && each.to !== null);
  return sheetText([
    line(
      `${from} -> ${to}: ${counted(added.length, 'offer')} added, ${removed.length} removed, ${counted(changed.length, 'price')} changed, ${counted(termsChanged.length, 'other term')}, ${counted(unchanged, 'offer')} unchanged`,
    ),
    line(`${counted(figuresGained, 'figure')} that were unknown are given now, ${figuresLost} are no longer`),
    ...part('Changed, largest first', changes, changed),
    ...part(`Cheapest way to a capability level, ${basket}`, levels, diff.levels),
    ...part('Median per accelerator, without commitment', medians, inBoth(diff.accelerators)),
    ...part('Median per model family over all who sell it', medians, inBoth(diff.families)),
    ...part('Terms beside the prices that changed', terms, termsChanged),
    ...part('Added', offers, added),
    ...part('Removed', offers, removed),
  ]);
}

const changes: Grid<PriceChange> = {
  provider: ({ provider }) => provider,
  name: ({ name, region, formerName }) =>
    [name, region, formerName && `(was ${formerName})`].filter((words) => words !== null).join(' '),
  price: ({ price }) => price,
  '#from': ({ from }) => usd(from),
  '#to': ({ to }) => usd(to),
  '#change': ({ percent }) => (percent === null ? 'was free' : change(percent)),
  unit: ({ unit }) => unit,
};

const terms: Grid<TermChange> = {
  provider: ({ provider }) => provider,
  name: ({ name, region }) => (region === null ? name : `${name} ${region}`),
  term: ({ term }) => term,
  from: ({ from }) => from ?? '-',
  to: ({ to }) => to ?? '-',
};

const offers: Grid<Offer> = {
  table: ({ table }) => table,
  provider: ({ provider }) => provider,
  name: ({ name }) => name,
  accelerator: ({ accelerator }) => accelerator ?? '',
  region: ({ region }) => region ?? '',
  '#price': ({ table, prices }) => {
    const known = prices.flatMap((price) => (price.usd === null ? [] : [usd(price.usd)]));
    return known.slice(0, table === 'api' ? 2 : 1).join('/');
  },
  unit: ({ unit }) => unit,
};

/** The same, whole. */
export function pricingDiffJson(diff: SnapshotDiff): string {
  const offer = ({ row: _, prices, ...rest }: Offer) => ({
    ...rest,
    prices: Object.fromEntries(prices.map(({ name, usd }) => [name, usd])),
  });
  return jsonText({
    schemaVersion: '1.0.0',
    ...diff,
    added: diff.added.map(offer),
    removed: diff.removed.map(offer),
    levelBasket: basket,
  });
}

function way(found: CheapestWay | null): string {
  if (found === null) return 'nothing on sale';
  const { provider, model, mode, index } = found;
  return `${provider} ${model}${mode === 'thinking' ? ' (thinking)' : ''}, ${index.toFixed(0)}`;
}

function usd(value: number | null): string {
  return value === null ? '?' : String(Number(value.toPrecision(4)));
}

const change = (percent: number | null): string => (percent === null ? '?' : changeText(percent));

/** Rows of the price lists of one snapshot. */
export type PriceListing = { prices: PriceDate; offers: readonly ListedOffer[] };

type Columns = Grid<ListedOffer>;

/** What a row has under a header of its file. */
const cell =
  (header: string) =>
  ({ cells }: ListedOffer): string =>
    cellText(cells[header] ?? null);

/** A column for each price of a table; where many are missing, an empty cell. */
const prices = (name: SnapshotTable): [string, Columns[string]][] =>
  priceColumns[name].map(({ word, usual }) => [
    `#${word.replace(/ input$/, ' in').replace(/ output$/, ' out')}`,
    ({ prices }) => prices.find((each) => each.name === word)?.usd ?? (usual ? null : ''),
  ]);
const provider = cell('provider');
const machine: Columns = { accelerator: cell('accelerator'), '#GPUs': cell('gpu_count') };
const rowDate: Columns = { 'as of': ({ older, date }) => (older ? date : '') };

/** What each table shows of its rows. */
const layouts: { readonly [Table in SnapshotTable]: { title: string; columns: Columns } } = {
  api: {
    title: 'API tokens, USD per 1M tokens',
    columns: {
      provider,
      model: cell('model_id'),
      ...Object.fromEntries(prices('api')),
      'long from': cell('tier_above_input_tokens'),
      until: cell('until'),
      '#then in': cell('next_input_usd_per_mtok'),
      '#then out': cell('next_output_usd_per_mtok'),
      '#region %': cell('regional_uplift_pct'),
      '#free tokens/month': cell('free_tokens_per_month'),
      retires: cell('retires'),
      also: cell('aliases'),
      ...rowDate,
    },
  },
  rental: {
    title: 'Rented GPUs, USD per instance-hour (GPU-hour where it says so)',
    columns: {
      provider,
      instance: cell('instance_type'),
      ...machine,
      region: cell('region'),
      ...Object.fromEntries(prices('rental').slice(0, 1)),
      '#per GPU-hour': (offer) => rounded(perGpu(offer, offer.prices[0]?.usd ?? null)),
      ...Object.fromEntries(prices('rental').slice(1)),
      host: ({ ownKind }) => (ownKind === 'marketplace' ? ownKind : ''),
      'sold in': cell('sold_in'),
      ...rowDate,
    },
  },
  hosting: {
    title: 'Managed hosting',
    columns: {
      provider,
      product: cell('product'),
      kind: ({ ownKind }) => ownKind,
      ...machine,
      ...Object.fromEntries(prices('hosting')),
      unit: ({ unit }) => unit,
      '#min units': cell('min_units'),
      '#min hours': cell('min_commit_hours'),
      ...rowDate,
    },
  },
};

/**
 * The rows as text, a grid for each table, with notes below. A figure without a source is `?`. `detail` adds source,
 * confidence and date instead.
 */
export function pricingShowTable({ prices, offers }: PriceListing, detail: boolean): string {
  const head = line(`prices ${prices.snapshot} (${ageText(prices)}), ${counted(offers.length, 'row')}`);
  const ofTable = (name: SnapshotTable) => offers.filter(({ table }) => table === name);
  const parts = snapshotTables.map((name) => offersTable(name, ofTable(name), detail));
  const legend =
    offers.length === 0
      ? 'this snapshot has no such price'
      : `${unknown} is unknown, never free; "as of" where a row is older than its snapshot`;
  return sheetText(separated([[head], ...parts, [line(legend)]]));
}

function offersTable(name: SnapshotTable, offers: readonly ListedOffer[], detail: boolean): Document {
  if (offers.length === 0) return [];
  const { title, columns } = layouts[name];
  if (detail) return [line(title), grid(columns, offers, { below: origin })];
  const notes = [...new Set(offers.map(({ note }) => note).filter((note) => note !== ''))];
  const note = (offer: ListedOffer): string => (offer.note === '' ? '' : `[${notes.indexOf(offer.note) + 1}]`);
  return [
    line(title),
    grid({ ...columns, note }, offers),
    ...notes.map((text, at) => line(`[${at + 1}] ${plainText(text)}`)),
  ];
}

function origin({ source, confidence, date, note }: ListedOffer): Document {
  const from = `  ${confidence} confidence, as of ${date}: ${source}`;
  return [from, ...(note === '' ? [] : [`  note: ${note}`])].map((words) => line(plainText(words)));
}

/** A quotient may have any number of digits. */
const rounded = (usd: number | null): number | null => usd && Number(usd.toPrecision(6));

/** The rows with every cell of their files; null is unknown. */
export function pricingShowJson({ prices, offers }: PriceListing): string {
  const rows = offers.map(({ table, kind, name, unit, fields, confidence, date, older, source, note }) => ({
    table,
    placementKind: kind,
    name,
    priceUnit: unit,
    ...fields,
    confidence,
    date,
    olderThanSnapshot: older,
    source,
    note,
  }));
  return jsonText({ schemaVersion: '1.0.0', prices, rows });
}

/** The rows with every cell of their files, empty if unknown; columns of all tables. */
export function pricingShowCsv({ offers }: PriceListing): string {
  const own = [...new Set(offers.flatMap(({ cells }) => Object.keys(cells)))];
  const columns: CsvColumns<ListedOffer> = {
    table: ({ table }) => table,
    placement_kind: ({ kind }) => kind,
    price_unit: ({ unit }) => unit,
    ...Object.fromEntries(own.map((header) => [header, cell(header)])),
    confidence: ({ confidence }) => confidence,
    date: ({ date }) => date,
    source: ({ source }) => source,
    note: ({ note }) => note,
  };
  return csvTable(columns, offers);
}

function cellText(value: ListedOffer['cells'][string]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? listText(value) : String(value ?? '');
}

/** A shipped snapshot, and its age on the given day. */
type AgedSnapshot = Coverage & { ageDays: number };

/** One line for each snapshot, oldest first, with the content and sources of its tables. */
export function pricingListTable(asOf: string, snapshots: readonly AgedSnapshot[], width: number): string {
  const columns: Grid<AgedSnapshot> = {
    snapshot: ({ date }) => date,
    [`age on ${asOf}`]: ({ ageDays }) => ageText({ asOf, ageDays }),
    ...Object.fromEntries(snapshotTables.map((name) => [`#${name} rows`, ({ rows }: AgedSnapshot) => rows[name]])),
  };
  const about = snapshots.flatMap(({ date, coverage, sources }) => [
    gap,
    line(date),
    ...[...coverage, ...sources.map((source) => `source: ${source}`)].map((words) => indented(plainText(words), 2)),
  ]);
  return sheetText([grid(columns, snapshots), ...about], width);
}
