import { monthsPerYear } from '../../units/clock.js';
import { apiRowsNamed } from '../aliases.js';
import { pricedTiers } from '../catalog-columns.js';
import type { ApiRow, RentalRow } from '../rows.js';
import type { Tables } from '../tables.js';
import {
  type BookPath,
  type Entry,
  likelyOf,
  type MachinePrice,
  type MachineRate,
  machinePriceNames,
  type PriceBook,
  type ReportProblem,
  type TokenPrice,
  type TokenRate,
  tokenFields,
  tokenPriceNames,
  usdPerUnit,
} from './price-book.js';
import { rangesOfPrice, type WrittenRange } from './ranges.js';

/** Prices of one row that a rate fixes, USD, with the ranges they were written as, and the last day they hold. */
export type FixedTokens = {
  entry: Entry;
  usd: ReadonlyMap<TokenPrice, number>;
  ranges: ReadonlyMap<TokenPrice, readonly WrittenRange[]>;
  until: string | null;
};
/** A price of one machine that a rate or a contract fixes, USD per hour of the row's instance. */
export type FixedHour = { entry: Entry; usd: number; ranges: readonly WrittenRange[]; count: number | null };
export type FixedHours = Map<MachinePrice, FixedHour>;

/** Terms that the tables have prices for, in months. */
const terms: Readonly<Record<number, MachinePrice>> = {
  [monthsPerYear]: 'reserved1y',
  [3 * monthsPerYear]: 'reserved3y',
};

/** Rates by the row they are for. A later book's rate replaces an earlier one's as a whole; two of one book are an error. */
export function fixedTokens(
  books: readonly PriceBook[],
  tables: Tables,
  asOf: string | null,
  report: ReportProblem,
): Map<ApiRow, FixedTokens> {
  const fixed = new Map<ApiRow, FixedTokens>();
  for (const book of books) {
    for (const [index, rate] of (book.prices.rates ?? []).entries()) {
      if (!('model' in rate)) continue;
      const path = ['rates', index];
      const entry = { book, path, source: rate.source };
      const given = tokenPriceNames.flatMap((name) => {
        const price = rate[name];
        return price === undefined ? [] : [{ name, price }];
      });
      const usd = new Map(given.map(({ name, price }) => [name, likelyOf(price) * usdPerUnit(book)]));
      const ranges = new Map(given.map(({ name, price }) => [name, rangesOfPrice(price, [...path, name], book)]));
      if (asOf !== null && rate.until !== undefined && rate.until < asOf) {
        const message = `this rate ended on ${rate.until}: the list price holds after that`;
        report(book, [...path, 'until'], 'ended-rate', message, { severity: 'warning' });
      }
      for (const row of rowsOf(rate, path, book, tables, report)) {
        checkRow(row, rate, path, book, report);
        const known = fixed.get(row);
        if (known?.entry.book === book) {
          const other = book.where(known.entry.path);
          report(book, path, 'duplicate-rate', `${row.provider} / ${row.modelId} has a rate already, at ${other}`);
        } else fixed.set(row, { entry, usd, ranges, until: rate.until ?? null });
      }
    }
  }
  return fixed;
}

function rowsOf(rate: TokenRate, path: BookPath, book: PriceBook, tables: Tables, report: ReportProblem): ApiRow[] {
  const { provider, model } = rate;
  const ofProvider = tables.api.filter((row) => row.provider === provider);
  const found = apiRowsNamed(tables, provider, model).map(({ row }) => row);
  if (ofProvider.length === 0)
    unknown(report, book, [...path, 'provider'], 'provider', provider, tables, new Set(tables.api.map(providerOf)));
  else if (found.length === 0) {
    const among = new Set(ofProvider.flatMap(({ modelId, family }) => [modelId, family]));
    unknown(report, book, [...path, 'model'], 'model', model, tables, among, provider);
  }
  return found;
}

/** What a rate cannot say of this row. */
function checkRow(row: ApiRow, rate: TokenRate, path: BookPath, book: PriceBook, report: ReportProblem): void {
  const named = `${row.provider} / ${row.modelId}`;
  if (rate.tierInput !== undefined && row.tierAboveInputTokens === null)
    report(book, [...path, 'tierInput'], 'no-tier', `the tables know no prompt size above which ${named} costs more`);
  for (const tier of pricedTiers)
    if (rate.until !== undefined && rate[`${tier}Input`] !== undefined)
      report(
        book,
        [...path, `${tier}Input`],
        'tier-until',
        'prices of a service tier stay: give them in a rate without `until`',
      );
  const stays = rate.until === undefined && rate.input !== undefined && rate.output !== undefined;
  const changes = !stays && (rate.until !== undefined || row.until !== null);
  for (const name of ['input', 'output'] as const)
    if (changes && likelyOf(rate[name] ?? 1) === 0)
      report(
        book,
        [...path, name],
        'free-until',
        `prices of ${named} change by a factor, so this one cannot begin at 0`,
      );
  if (row.until === null || row.until === rate.until) return;
  const message =
    rate.until === undefined
      ? `the list price of ${named} changes after ${row.until}: what this rate leaves open moves with its input and output`
      : `the list price of ${named} changes after ${row.until} too: only the end of this rate is followed`;
  const open = tokenPriceNames.some((name) => rate[name] === undefined && row[tokenFields[name]] !== null);
  const later = rate.until !== undefined && row.until > rate.until;
  if (open || later) report(book, path, 'two-changes', message, { severity: 'warning' });
}

/** Rates and contracts by the machine they are for. A later book's price replaces an earlier one's. */
export function fixedHours(
  books: readonly PriceBook[],
  tables: Tables,
  report: ReportProblem,
): Map<RentalRow, FixedHours> {
  const fixed = new Map<RentalRow, FixedHours>();
  const put = (row: RentalRow, name: MachinePrice, price: FixedHour) => {
    const prices: FixedHours = fixed.get(row) ?? new Map();
    const known = prices.get(name)?.entry;
    const { book, path } = price.entry;
    if (known?.book === book) {
      const message = `the ${purchaseOf[name]} price of ${row.provider} ${row.instanceType} stands at ${book.where(known.path)} already`;
      report(book, path, 'duplicate-rate', message);
    } else prices.set(name, price);
    fixed.set(row, prices);
  };
  for (const book of books) {
    for (const [index, rate] of (book.prices.rates ?? []).entries()) {
      if ('model' in rate) continue;
      const path = ['rates', index];
      const entry = { book, path, source: rate.source };
      for (const row of machinesOf(rate, path, book, tables, report)) {
        const gpus = rate.accelerator === undefined ? 1 : row.gpuCount;
        for (const name of machinePriceNames) {
          const price = rate[name];
          if (price === undefined) continue;
          const usd = likelyOf(price) * usdPerUnit(book) * gpus;
          put(row, name, { entry, usd, ranges: rangesOfPrice(price, [...path, name], book), count: null });
        }
      }
    }
    for (const [index, contract] of (book.prices.reserved ?? []).entries()) {
      const path = ['reserved', index];
      const name = terms[contract.termMonths];
      if (name === undefined) {
        report(
          book,
          [...path, 'term'],
          'bad-value',
          'a contract runs for 1 year or 3 years: the tables have no others',
        );
        continue;
      }
      const inDollars = contract.usdPerHour !== undefined;
      const price = contract.usdPerHour ?? contract.perHour ?? 0;
      const usd = likelyOf(price) * (inDollars ? 1 : usdPerUnit(book));
      const ranges = rangesOfPrice(price, [...path, inDollars ? 'usdPerHour' : 'perHour'], book, inDollars);
      const entry = { book, path, source: contract.source };
      for (const row of machinesOf(contract, path, book, tables, report))
        put(row, name, { entry, usd, ranges, count: contract.count ?? null });
    }
  }
  for (const [row, prices] of fixed) {
    const spot = prices.get('spot');
    if (spot === undefined || prices.has('onDemand') || row.onDemandUsdPerHour !== null) continue;
    const message = `a spot price of ${row.provider} ${row.instanceType} needs one on demand for the hours without a spot machine, and the tables have none`;
    report(spot.entry.book, spot.entry.path, 'no-effect', message, { severity: 'warning' });
  }
  return fixed;
}

/** How a form of purchase is called. */
export const purchaseOf: Readonly<Record<MachinePrice, string>> = {
  onDemand: 'on-demand',
  spot: 'spot',
  reserved1y: 'reserved-1y',
  reserved3y: 'reserved-3y',
};
function machinesOf(
  { provider, instance, accelerator, region }: Pick<MachineRate, 'provider' | 'instance' | 'accelerator' | 'region'>,
  path: BookPath,
  book: PriceBook,
  tables: Tables,
  report: ReportProblem,
): RentalRow[] {
  let rows: RentalRow[] = tables.rental;
  const steps = [
    { key: 'provider', name: provider, of: providerOf },
    { key: 'instance', name: instance, of: (row: RentalRow) => row.instanceType },
    { key: 'accelerator', name: accelerator, of: (row: RentalRow) => row.accelerator },
    { key: 'region', name: region, of: (row: RentalRow) => row.region },
  ] as const;
  for (const { key, name, of } of steps) {
    if (name === undefined) continue;
    const left = rows.filter((row) => of(row) === name);
    if (left.length === 0) {
      const among = new Set(rows.map(of));
      unknown(report, book, [...path, key], key, name, tables, among, key === 'provider' ? undefined : provider);
      return [];
    }
    rows = left;
  }
  return rows;
}

const providerOf = ({ provider }: { provider: string }): string => provider;

function unknown(
  report: ReportProblem,
  book: PriceBook,
  path: BookPath,
  what: string,
  name: string,
  { snapshot }: Tables,
  among: ReadonlySet<string>,
  at?: string,
): void {
  const where = at === undefined ? '' : ` at ${at}`;
  const near = { name, among: [...among] };
  report(book, path, `unknown-${what}`, `the tables of ${snapshot.date} price no ${what} \`${name}\`${where}`, {
    near,
  });
}
