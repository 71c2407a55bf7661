import { joined, percentChange } from '../units/amount.js';
import { rounded } from '../units/numeric.js';
import { listText } from './column.js';
import { priceColumns, rentalForms, schemas } from './columns.js';
import { type Offer, offerKey, offers } from './offers.js';
import { apiRowsNamed, type CheapestWay, cheapestByLevel, type Level, median } from './query.js';
import type { TableName, Tables } from './tables.js';

type Sold = Pick<Offer, 'table' | 'provider' | 'name' | 'accelerator' | 'region'>;

/** A price in both snapshots that is not the same. `percent` is null where it was 0. */
export type PriceChange = Sold & {
  /** The name it had before, where it is another one. */
  formerName: string | null;
  price: string;
  unit: string;
  from: number;
  to: number;
  percent: number | null;
};
/** A changed term of an offer in both snapshots: end of validity, smallest purchase. */
export type TermChange = Sold & {
  /** The column of the price list. */
  term: string;
  /** As the list has it; null: empty. */
  from: string | number | null;
  to: string | number | null;
};
/** The median of a price over all rows that have it, then and now; null and 0 rows without any. */
export type MedianChange = {
  name: string;
  price: string;
  unit: string;
  from: number | null;
  to: number | null;
  percent: number | null;
  rowsBefore: number;
  rowsAfter: number;
};
export type LevelChange = Level & {
  before: CheapestWay | null;
  after: CheapestWay | null;
  percent: number | null;
};
export type SnapshotDiff = {
  from: string;
  to: string;
  added: Offer[];
  removed: Offer[];
  /** Largest first, in either direction. */
  changed: PriceChange[];
  /** In the order of the lists. */
  termsChanged: TermChange[];
  /** Unchanged offers of both, and prices that only one snapshot has. */
  unchanged: number;
  figuresGained: number;
  figuresLost: number;
  families: MedianChange[];
  accelerators: MedianChange[];
  levels: LevelChange[];
};

/** Changes between two snapshots: offers, prices, medians, and the cost of capability levels. */
export function diffSnapshots(before: Tables, after: Tables): SnapshotDiff {
  const { pairs, added, removed } = pairedOffers(before, after);
  const compared = pairs.map((pair) => changesOf(pair, before, after));
  return {
    from: before.snapshot.date,
    to: after.snapshot.date,
    added,
    removed,
    changed: largestFirst(compared.flatMap(({ changes }) => changes)),
    termsChanged: compared.flatMap(({ terms }) => terms),
    unchanged: compared.filter(
      ({ changes, gained, lost, terms }) => changes.length + gained + lost + terms.length === 0,
    ).length,
    figuresGained: sum(compared.map(({ gained }) => gained)),
    figuresLost: sum(compared.map(({ lost }) => lost)),
    families: medianChanges(familyPrices, 'USD per 1M tokens', [before, after]),
    accelerators: medianChanges(hourPrices, 'USD per GPU-hour', [before, after]),
    levels: levelChanges(before, after),
  };
}

type Pair = { old: Offer; now: Offer };

/** Offers of both by key; a model with a rewritten id counts as the same. */
function pairedOffers(before: Tables, after: Tables): { pairs: Pair[]; added: Offer[]; removed: Offer[] } {
  const found = joined(offers(before), offers(after), offerKey);
  const added = found.flatMap(({ before: old, after: now }) => (old === null && now !== null ? [now] : []));
  const removed = found.flatMap(({ before: old, after: now }) => (old !== null && now === null ? [old] : []));
  const renamed = new Map<Offer, Offer>();
  for (const old of removed) {
    const named = old.table === 'api' ? apiRowsNamed(after, old.provider, old.name) : [];
    const [only, ...others] = named.filter(({ row, bond }) => bond !== 'family' && row.family === old.family);
    const now =
      only && others.length === 0
        ? added.find((offer) => offer.table === 'api' && offer.row === only.row.row && !renamed.has(offer))
        : undefined;
    if (now) renamed.set(now, old);
  }
  const former = new Set(renamed.values());
  return {
    pairs: [
      ...found.flatMap(({ before: old, after: now }) => (old === null || now === null ? [] : [{ old, now }])),
      ...[...renamed].map(([now, old]) => ({ old, now })),
    ],
    added: added.filter((offer) => !renamed.has(offer)),
    removed: removed.filter((offer) => !former.has(offer)),
  };
}

/** Names for the same are no terms. */
const noTerms = 'aliases';

/** Prices and terms of an offer that changed; a price in another unit is another one. */
function changesOf({ old, now }: Pair, before: Tables, after: Tables) {
  const { table, provider, name, accelerator, region, unit } = now;
  const figures = figureChanges(table, rowOf(before, old), rowOf(after, now));
  const columns: Record<string, { header: string }> = schemas[table].columns;
  const wordOf = new Map(priceColumns[table].map(({ field, word }) => [columns[field]?.header ?? '', word]));
  const prices = unit === old.unit ? figures.filter(({ figure }) => wordOf.has(figure)) : [];
  return {
    changes: prices.flatMap(({ figure, before: from, after: to }): PriceChange[] => {
      if (typeof from !== 'number' || typeof to !== 'number') return [];
      const formerName = old.name === name ? null : old.name;
      const [price, percent] = [wordOf.get(figure) ?? '', percentChange(from, to)];
      return [{ table, provider, name, formerName, accelerator, region, price, unit, from, to, percent }];
    }),
    gained: prices.filter((one) => one.before === null).length,
    lost: prices.filter((one) => one.after === null).length,
    terms: figures
      .filter(({ figure }) => figure !== noTerms && !wordOf.has(figure))
      .map(
        ({ figure, before: from, after: to }): TermChange => ({
          ...{ table, provider, name, accelerator, region },
          ...{ term: figure, from, to },
        }),
      ),
  };
}

const rowOf = (tables: Tables, { table, row }: Offer): Row | null =>
  tables[table].find((one) => one.row === row) ?? null;

/** A cell that differs in two versions of a row, by its column's header; null: empty. */
export type FigureChange = { figure: string; before: string | number | null; after: string | number | null };

export type Row = Tables[TableName][number];

/** Differences of two rows, without keys and sources. */
export function figureChanges(table: TableName, old: Row | null, now: Row | null): FigureChange[] {
  const { columns, key, dated } = schemas[table] as {
    columns: Record<string, { header: string }>;
    key: readonly string[];
    dated: readonly string[];
  };
  return Object.entries(columns).flatMap(([field, { header }]) => {
    if (key.includes(field) || dated.includes(header)) return [];
    const [before, after] = [cellOf(old, field), cellOf(now, field)];
    return before === after ? [] : [{ figure: header, before, after }];
  });
}

function cellOf(row: Row | null, field: string): string | number | null {
  const cell = (row as unknown as Record<string, unknown> | null)?.[field] ?? null;
  if (Array.isArray(cell)) return cell.length === 0 ? null : listText(cell);
  if (cell instanceof Float64Array) return cell.join(';');
  if (typeof cell === 'object' && cell !== null) return JSON.stringify(cell);
  if (typeof cell === 'number') return rounded(cell);
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : (cell as string | null);
}

/** What something of a name costs by one of its prices. */
type Paid = { name: string; price: string; usd: number | null };

/** Of the prices that every row has. */
const familyPrices = ({ api }: Tables): Paid[] =>
  api.flatMap((row) =>
    priceColumns.api
      .filter(({ required }) => required)
      .map(({ field, word }) => ({ name: row.family, price: word, usd: row[field] })),
  );

/** Prices without a commitment. */
const hourPrices = ({ rental }: Tables): Paid[] =>
  rental.flatMap((row) =>
    rentalForms
      .filter(({ months }) => months === 0)
      .map(({ field, word }) => {
        const usd = row[field];
        return { name: row.accelerator, price: word, usd: usd === null ? null : usd / row.gpuCount };
      }),
  );

/** Names in both first, the largest change leading; then the others by name. */
function medianChanges(pricesIn: (tables: Tables) => Paid[], unit: string, both: readonly Tables[]): MedianChange[] {
  const sides = both.map((tables) => pricesIn(tables).filter(({ usd }) => usd !== null));
  const told = new Map(sides.flat().map((paid) => [`${paid.name}\0${paid.price}`, paid]));
  const changes = [...told.values()].sort(byName).map(({ name, price }): MedianChange => {
    const [old = [], now = []] = sides.map((paid) =>
      paid.flatMap((one) => (one.name === name && one.price === price ? [one.usd as number] : [])),
    );
    const [from, to] = [median(old), median(now)];
    const percent = from === null || to === null ? null : percentChange(from, to);
    return { name, price, unit, from, to, percent, rowsBefore: old.length, rowsAfter: now.length };
  });
  const inBoth = ({ from, to }: MedianChange): boolean => from !== null && to !== null;
  return [...largestFirst(changes.filter(inBoth)), ...changes.filter((change) => !inBoth(change))];
}

const byName = (one: Paid, other: Paid): number => Number(one.name > other.name) - Number(one.name < other.name);

function levelChanges(before: Tables, after: Tables): LevelChange[] {
  const then = new Map(cheapestByLevel(before).map(({ level, way }) => [level.tier, way]));
  return cheapestByLevel(after).map(({ level, way }) => {
    const was = then.get(level.tier) ?? null;
    return { ...level, before: was, after: way, percent: was && way ? percentChange(was.usd, way.usd) : null };
  });
}

/** What was free and is no longer changed most of all. */
function largestFirst<Change extends { percent: number | null }>(changes: readonly Change[]): Change[] {
  const size = ({ percent }: Change): number => (percent === null ? Number.POSITIVE_INFINITY : Math.abs(percent));
  return [...changes].sort((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
