import type { LevelChange, MedianChange, PriceChange, SnapshotDiff, TermChange } from '../tables/diff.js';
import type { Offer } from '../tables/offers.js';
import type { CheapestWay } from '../tables/query.js';
import { changeText } from './comparison-words.js';
import { type Document, gap, line } from './document.js';
import { jsonText } from './json.js';
import { counted } from './numbers.js';
import { type Grid, grid, sheetText } from './sheets.js';

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
