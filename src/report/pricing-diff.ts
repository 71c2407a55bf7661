import type { LevelChange, MedianChange, PriceChange, SnapshotDiff } from '../tables/diff.js';
import type { Offer } from '../tables/offers.js';
import type { CheapestWay } from '../tables/query.js';
import { type Column, type Document, gap, line, numberColumns, table, textColumns } from './document.js';
import { jsonText } from './json.js';
import { counted, decimal } from './numbers.js';
import { sheetText } from './sheets.js';

/** Rows a part of the report shows unless all are asked for. */
const most = 15;
const basket = 'USD for 1M input and 1M visible output tokens';

/** What moved, in parts; the first rows of each, or all with `detail`. */
export function pricingDiffTable(diff: SnapshotDiff, detail: boolean): string {
  const { from, to, added, removed, changed, termsChanged, unchanged, figuresGained, figuresLost } = diff;
  const part = (title: string, columns: readonly Column[], rows: string[][]): Document => {
    const shown = detail ? rows : rows.slice(0, most);
    const rest = rows.length - shown.length;
    if (rows.length === 0) return [gap, line(title), line('  none')];
    const more = rest > 0 ? [line(`… ${counted(rest, 'more row')}: --detail`)] : [];
    return [gap, line(title), table(columns, shown), ...more];
  };
  const medians = [
    ...textColumns('name', 'price'),
    ...numberColumns(from, to, 'change', 'rows'),
    ...textColumns('unit'),
  ];
  return sheetText([
    line(
      `${from} -> ${to}: ${counted(added.length, 'offer')} added, ${removed.length} removed, ${counted(changed.length, 'price')} changed, ${counted(termsChanged.length, 'other term')}, ${counted(unchanged, 'offer')} unchanged`,
    ),
    line(`${counted(figuresGained, 'figure')} that were unknown are given now, ${figuresLost} are no longer`),
    ...part(
      'Changed, largest first',
      [...textColumns('provider', 'name', 'price'), ...numberColumns('from', 'to', 'change'), ...textColumns('unit')],
      changed.map(changeCells),
    ),
    ...part(
      `Cheapest way to a capability level, ${basket}`,
      [...textColumns('level'), ...numberColumns(from, to, 'change'), ...textColumns(`with (${from})`, `with (${to})`)],
      diff.levels.map(levelCells),
    ),
    ...part('Median per accelerator, without commitment', medians, medianRows(diff.accelerators)),
    ...part('Median per model family over all who sell it', medians, medianRows(diff.families)),
    ...part(
      'Terms beside the prices that changed',
      textColumns('provider', 'name', 'term', 'from', 'to'),
      termsChanged.map(({ provider, name, region, term, ...one }) => [
        provider,
        region === null ? name : `${name} ${region}`,
        term,
        `${one.from ?? '-'}`,
        `${one.to ?? '-'}`,
      ]),
    ),
    ...part('Added', offerColumns, added.map(offerCells)),
    ...part('Removed', offerColumns, removed.map(offerCells)),
  ]);
}

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

const offerColumns = [
  ...textColumns('table', 'provider', 'name', 'accelerator', 'region'),
  ...numberColumns('price'),
  ...textColumns('unit'),
];

function changeCells({ provider, name, formerName, region, price, from, to, percent, unit }: PriceChange): string[] {
  const called = [name, ...(region === null ? [] : [region]), ...(formerName === null ? [] : [`(was ${formerName})`])];
  return [provider, called.join(' '), price, usd(from), usd(to), percent === null ? 'was free' : change(percent), unit];
}

function levelCells({ tier, name, fromIndex, before, after, percent }: LevelChange): string[] {
  const level = `${tier} ${name} (${fromIndex} and above)`;
  return [level, usd(before?.usd ?? null), usd(after?.usd ?? null), change(percent), way(before), way(after)];
}

function way(found: CheapestWay | null): string {
  if (found === null) return 'nothing on sale';
  const { provider, model, mode, index } = found;
  return `${provider} ${model}${mode === 'thinking' ? ' (thinking)' : ''}, ${index.toFixed(0)}`;
}

/** Names both snapshots have; the others are in the JSON. */
function medianRows(changes: readonly MedianChange[]): string[][] {
  return changes
    .filter(({ from, to }) => from !== null && to !== null)
    .map(({ name, price, from, to, percent, rowsBefore, rowsAfter, unit }) => [
      name,
      price,
      usd(from),
      usd(to),
      change(percent),
      `${rowsBefore}/${rowsAfter}`,
      unit,
    ]);
}

function offerCells({ table, provider, name, accelerator, region, prices, unit }: Offer): string[] {
  const known = prices.filter((price) => price.usd !== null);
  const shown = table === 'api' ? known.slice(0, 2) : known.slice(0, 1);
  const figures = shown.map((price) => usd(price.usd)).join('/');
  return [table, provider, name, accelerator ?? '', region ?? '', figures, unit];
}

function usd(value: number | null): string {
  return value === null ? '?' : String(Number(value.toPrecision(4)));
}

function change(percent: number | null): string {
  if (percent === null) return '?';
  return `${percent > 0 ? '+' : ''}${decimal(Number(percent.toPrecision(3)))} %`;
}
