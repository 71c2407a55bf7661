import { apiRowsNamed } from '../aliases.js';
import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Tables } from '../tables.js';
import { type Discount, type DiscountTarget, type Entry, likelyOf, type Price, type PriceBook } from './price-book.js';
import { rangeOfDiscount, type WrittenRange } from './ranges.js';
import type { ReportProblem } from './report-problem.js';

type Priced = ApiRow | RentalRow | HostingRow;
/** What is left to pay is `factor` of the list price; of a range of discounts, the likely one. */
export type Off = { entry: Entry; percent: Price; factor: number; range: WrittenRange | null };

/** How closely a discount names a row: its model before its provider, its provider before what it is on. */
const weights = { model: 4, provider: 2, on: 1 };

/**
 * The discount on each row that has one: of the latest book that speaks of the row, the entry that names it most
 * closely. Discounts never add up; two of one book that name a row equally closely are an error.
 */
export function discounts(books: readonly PriceBook[], tables: Tables, report: ReportProblem): Map<Priced, Off> {
  const off = new Map<Priced, Off>();
  for (const book of books) {
    const closest = new Map<Priced, { closeness: number; off: Off }>();
    for (const [index, discount] of (book.prices.discounts ?? []).entries()) {
      const path = ['discounts', index];
      const rows = rowsOf(discount, path, book, tables, report);
      const closeness = closenessOf(discount);
      const entry = { book, path, source: discount.source };
      const { percent } = discount;
      const range = rangeOfDiscount(percent, [...path, 'percent'], book);
      const one = { entry, percent, factor: (100 - likelyOf(percent)) / 100, range };
      let twin: Entry | null = null;
      for (const row of rows) {
        const known = closest.get(row);
        if (known?.closeness === closeness) twin = known.off.entry;
        else if (known === undefined || known.closeness < closeness) closest.set(row, { closeness, off: one });
      }
      if (twin !== null)
        report(
          book,
          path,
          'duplicate-discount',
          `${book.where(twin.path)} gives a discount on the same prices already`,
        );
    }
    for (const [row, { off: one }] of closest) off.set(row, one);
  }
  return off;
}

const closenessOf = ({ model, provider, on }: Discount): number =>
  (model === undefined ? 0 : weights.model) +
  (provider === undefined ? 0 : weights.provider) +
  (on === undefined ? 0 : weights.on);

function rowsOf(
  { provider, model, on }: Discount,
  path: readonly (string | number)[],
  book: PriceBook,
  tables: Tables,
  report: ReportProblem,
): Priced[] {
  const { api, rental, hosting, providerOf, snapshot } = tables;
  const targets: readonly DiscountTarget[] = on ?? (model === undefined ? ['tokens', 'rental', 'hosting'] : ['tokens']);
  const all: readonly Priced[] = [...api, ...rental, ...hosting];
  const providers = new Set(all.map((row) => row.provider));
  if (provider !== undefined && !providers.has(provider) && !providerOf.has(provider)) {
    const near = { name: provider, among: [...new Set([...providers, ...providerOf.keys()])] };
    const message = `the tables of ${snapshot.date} have no provider \`${provider}\``;
    report(book, [...path, 'provider'], 'unknown-provider', message, { near });
    return [];
  }
  const at = provider === undefined ? providers : new Set([provider]);
  if (model !== undefined) {
    const found = [...at].flatMap((each) => apiRowsNamed(tables, each, model).map(({ row }) => row));
    if (found.length === 0) {
      const known = api.filter((row) => at.has(row.provider)).flatMap(({ modelId, family }) => [modelId, family]);
      const where = provider === undefined ? '' : ` at ${provider}`;
      const message = `the tables of ${snapshot.date} price no model \`${model}\`${where}`;
      const near = { name: model, among: [...new Set(known)] };
      report(book, [...path, 'model'], 'unknown-model', message, { near });
    }
    return found;
  }
  const tablesOf: Record<DiscountTarget, readonly Priced[]> = { tokens: api, rental, hosting };
  const found = targets.flatMap((target) => tablesOf[target]).filter((row) => at.has(row.provider));
  if (found.length === 0) {
    const message = `the tables of ${snapshot.date} have no such price${provider === undefined ? '' : ` of ${provider}`}, so this discount has no effect`;
    report(book, path, 'no-effect', message, { severity: 'warning' });
  }
  return found;
}
