import { paired, percentChange } from '../units/amount.js';
import { listText } from './column.js';
import type { ApiRow, RentalRow } from './columns.js';
import { priceColumns, rentalForms, schemas } from './columns.js';
import { type Offer, offerKey, offers } from './offers.js';
import { apiRowsNamed, type CheapestWay, cheapestByLevel, type Level, median } from './query.js';
import type { Tables } from './tables.js';

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
  const compared = pairs.map((pair) => ({ ...comparison(pair), terms: termChanges(pair, before, after) }));
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
    families: medianChanges(familyPrices(before.api), familyPrices(after.api), 'USD per 1M tokens'),
    accelerators: medianChanges(hourPrices(before.rental), hourPrices(after.rental), 'USD per GPU-hour'),
    levels: levelChanges(before, after),
  };
}

type Pair = { old: Offer; now: Offer };

/** Offers of both by key; a model with a rewritten id counts as the same. */
function pairedOffers(before: Tables, after: Tables): { pairs: Pair[]; added: Offer[]; removed: Offer[] } {
  const { pairs, added, removed } = paired(offers(before), offers(after), offerKey);
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
    pairs: [...pairs, ...[...renamed].map(([now, old]) => ({ old, now }))],
    added: added.filter((offer) => !renamed.has(offer)),
    removed: removed.filter((offer) => !former.has(offer)),
  };
}

function comparison({ old, now }: Pair): { changes: PriceChange[]; gained: number; lost: number } {
  const changes: PriceChange[] = [];
  let gained = 0;
  let lost = 0;
  for (const { name: price, usd: to } of now.prices) {
    const from = old.prices.find(({ name }) => name === price)?.usd ?? null;
    if (now.unit !== old.unit || from === to) continue;
    if (from === null) gained++;
    else if (to === null) lost++;
    else {
      const { table, provider, name, accelerator, region, unit } = now;
      const formerName = old.name === name ? null : old.name;
      const percent = percentChange(from, to);
      changes.push({ table, provider, name, formerName, accelerator, region, price, unit, from, to, percent });
    }
  }
  return { changes, gained, lost };
}

/** Names for the same are no terms. */
const noTerms = ['aliases'];

function termChanges({ old, now }: Pair, before: Tables, after: Tables): TermChange[] {
  const { table, provider, name, accelerator, region } = now;
  const { columns, key, dated } = schemas[table];
  const apart = new Set<string>([...key, ...noTerms, ...priceColumns[table].map(({ field }) => field)]);
  const [then, here] = [rowOf(before, old), rowOf(after, now)];
  return Object.entries(columns).flatMap(([field, { header }]) => {
    const [from, to] = [cellOf(then[field]), cellOf(here[field])];
    return apart.has(field) || dated.includes(header) || from === to
      ? []
      : [{ table, provider, name, accelerator, region, term: header, from, to }];
  });
}

const rowOf = (tables: Tables, { table, row }: Offer): Readonly<Record<string, unknown>> =>
  tables[table].find((one) => one.row === row) ?? {};

const cellOf = (value: unknown): string | number | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? null : listText(value);
  return typeof value === 'number' ? value : String(value);
};

type Prices = Map<string, Map<string, number[]>>;

function collect(prices: Prices, name: string, price: string, usd: number | null): void {
  if (usd === null) return;
  const own = prices.get(name) ?? new Map<string, number[]>();
  own.set(price, [...(own.get(price) ?? []), usd]);
  prices.set(name, own);
}

/** Of the prices that every row has. */
function familyPrices(rows: readonly ApiRow[]): Prices {
  const prices: Prices = new Map();
  for (const row of rows)
    for (const { field, word, required } of priceColumns.api)
      if (required) collect(prices, row.family, word, row[field]);
  return prices;
}

/** Prices without a commitment. */
function hourPrices(rows: readonly RentalRow[]): Prices {
  const prices: Prices = new Map();
  for (const row of rows)
    for (const { field, word, months } of rentalForms) {
      const usd = row[field];
      if (months === 0) collect(prices, row.accelerator, word, usd === null ? null : usd / row.gpuCount);
    }
  return prices;
}

/** Names in both first, the largest change leading; then the others by name. */
function medianChanges(before: Prices, after: Prices, unit: string): MedianChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changes = names.flatMap((name) => {
    const [then, now] = [before.get(name), after.get(name)];
    const kinds = [...new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])];
    return kinds.map((price): MedianChange => {
      const [old = [], current = []] = [then?.get(price), now?.get(price)];
      const [from, to] = [median(old), median(current)];
      const percent = from === null || to === null ? null : percentChange(from, to);
      return { name, price, unit, from, to, percent, rowsBefore: old.length, rowsAfter: current.length };
    });
  });
  const inBoth = ({ from, to }: MedianChange): boolean => from !== null && to !== null;
  return [...largestFirst(changes.filter(inBoth)), ...changes.filter((change) => !inBoth(change))];
}

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
