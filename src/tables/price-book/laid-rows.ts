import { monthsPerYear } from '../../units/month.js';
import { pricedTiers } from '../catalog-columns.js';
import type { ApiRow, HostingRow, RentalRow } from '../columns.js';
import { priceColumns, rentalForms, settablePrices } from '../columns.js';
import { apiRowsNamed } from '../query.js';
import { followed, nextOf, pricesAfter } from '../service-tiers.js';
import type { RowProse, Tables } from '../tables.js';
import {
  type Cell,
  cellOf,
  type Entry,
  endsOf,
  entriesOf,
  type Fixed,
  type Off,
  type PriceBook,
  type ReportProblem,
  sameCell,
  unknown,
} from './price-book.js';
import type { Price } from './schema.js';

/** The prefix of a source that is a book; others begin with their table. */
export const ownSource = 'price book ';

/** The place of an entry and what its writer says of it. */
export const sourceOf = ({ book, path, source }: Entry): string =>
  `${book.name} (${book.where(path)}${source === undefined ? '' : `, ${source}`})`;

/** The source of a row that is of a book as a whole. */
export const ownProse = (entry: Entry, more: readonly string[] = []): RowProse => ({
  source: `${ownSource}${[sourceOf(entry), ...more].join('; ')}`,
  date: entry.book.prices.currency?.asOf ?? '',
  note: '',
});

/** The source of a row of tokens: prices of its rate, then of the list. */
function tokenProse(row: ApiRow, rate: Fixed, off: Off | null, list: RowProse): RowProse {
  const [cell] = rate.cells.values();
  if (cell === undefined) return off === null ? list : lessProse(off, list);
  const all = settablePrices('api');
  const fixed = all.flatMap(({ field, settable }) => (rate.cells.has(field) ? [settable] : []));
  const isOpen = all.some(({ field }) => !rate.cells.has(field) && row[field] !== null);
  const own = ownProse(cell.entry, [fixed.join(', '), ...(rate.until === null ? [] : [`until ${rate.until}`])]);
  if (!isOpen && rate.until === null) return own;
  return { ...list, source: `${own.source}; the rest ${off === null ? quoted(list) : lessText(off, list)}` };
}

const lessProse = (off: Off, list: RowProse): RowProse => ({
  ...list,
  source: `${ownSource}${lessText(off, list)}`,
});

const lessText = ({ entry, percent }: Off, list: RowProse): string => {
  // The middle and the ends of a range are computed: four digits say enough.
  const [low, likely, high] = [endsOf(percent).low, endsOf(percent).likely, endsOf(percent).high].map((one) =>
    Number(one.toPrecision(4)),
  );
  const share = typeof percent === 'number' ? `${percent} %` : `${likely} % (${low} to ${high})`;
  return `${sourceOf(entry)}: ${share} off ${quoted(list)}`;
};

const quoted = ({ source }: RowProse): string => (source === '' ? 'the list price' : source);

export type Priced = ApiRow | RentalRow | HostingRow;
type Text = Readonly<Record<string, unknown>>;

/** Books, their tables, and the day of the assessment; null: not given. */
export type Applied = {
  books: readonly PriceBook[];
  tables: Tables;
  asOf: string | null;
  report: ReportProblem;
};

/** A row after the books, its cells that ranges may move, and its source; null: unchanged. */
export type Laid<Row> = {
  row: Row;
  cells: Record<string, Cell>;
  prose: ((list: RowProse) => RowProse) | null;
};

/** Columns that an entry names a row by. */
const columns = {
  ...{ provider: 'provider', instance: 'instanceType', accelerator: 'accelerator', region: 'region' },
  model: 'modelId',
};

/** The rows that an entry names, column by column; a name that leaves none is an error. */
function rowsNamed(all: readonly Priced[], entry: Entry, item: object, { tables, report }: Applied) {
  let left = all;
  for (const [key, field] of Object.entries(columns)) {
    const { [key]: name, provider } = item as Record<string, string | undefined>;
    if (name === undefined) continue;
    const sellers = [...new Set(left.map((row) => row.provider))];
    const found =
      key === 'model'
        ? sellers.flatMap((seller) => apiRowsNamed(tables, seller, name).map(({ row }): Priced => row))
        : left.filter((row) => (row as Text)[field] === name);
    if (found.length === 0) {
      const at = key === 'provider' || provider === undefined ? '' : ` at ${provider}`;
      const among = left.flatMap((row: Text) => (key === 'model' ? [row[field], row.family] : [row[field]]));
      const message = `the tables of ${tables.snapshot.date} price no ${key} \`${name}\`${at}`;
      report(entry, [key], `unknown-${key}`, message, name, among.map(String));
      return [];
    }
    left = found;
  }
  return left;
}

/** A price that an entry fixes, by its name there, and the column it is of. */
type Named = { name: string; field: string; word: string; price: Price };

export const pricesIn = (item: object): Named[] =>
  settablePrices<'api' | 'rental'>('model' in item ? 'api' : 'rental').flatMap(({ settable, field, word }) => {
    const price = (item as Record<string, Price | undefined>)[settable];
    return price === undefined ? [] : [{ name: settable, field, word, price }];
  });

/**
 * Prices fixed by rates and contracts, by row. A later book's rate of a model replaces an earlier one's as a whole,
 * that of a machine price by price; two of one book are an error.
 */
export function fixedPrices(applied: Applied): Map<Priced, Fixed> {
  const { books, tables, asOf, report } = applied;
  const fixed = new Map<Priced, Fixed>();
  const fix = (entry: Entry, item: object, prices: Named[], until: string | null, count: number | null) => {
    const isOfTokens = 'model' in item;
    for (const row of rowsNamed(isOfTokens ? tables.api : tables.rental, entry, item, applied)) {
      if ('modelId' in row) checkTokens(row, prices, until, entry, report);
      const units = 'accelerator' in item && 'gpuCount' in row ? (row.gpuCount ?? 1) : 1;
      const earlier: Fixed['cells'] = fixed.get(row)?.cells ?? new Map();
      const cells: Fixed['cells'] = isOfTokens ? new Map() : earlier;
      for (const { name, field, word, price } of prices) {
        const [known] = isOfTokens ? earlier.values() : [earlier.get(field)];
        if (known?.entry.book === entry.book) {
          const what = 'modelId' in row ? `${row.provider} / ${row.modelId}` : `${word} of ${row.provider}`;
          const at = entry.book.where(known.entry.path);
          report(entry, [], 'duplicate-rate', `${what} has a rate already, at ${at}`);
          break;
        }
        const cell = cellOf(price, entry, name);
        cells.set(field, { ...cell, usd: (cell.usd ?? 0) * units, entry, count });
      }
      fixed.set(row, { cells, until });
    }
  };
  for (const { entry, item } of entriesOf(books, 'rates')) {
    const until = ('until' in item && item.until) || null;
    if (asOf !== null && until !== null && until < asOf)
      report(entry, ['until'], 'ended-rate', `this rate ended on ${until}: the list price holds after that`);
    fix(entry, item, pricesIn(item), until, null);
  }
  for (const { entry, item } of entriesOf(books, 'reserved')) {
    const form = rentalForms.find(({ months }) => months > 0 && months === item.term * monthsPerYear);
    const name = item.usdPerHour === undefined ? 'perHour' : 'usdPerHour';
    const price = item[name] ?? 0;
    if (form !== undefined) fix(entry, item, [{ ...form, name, price }], null, item.count ?? null);
    else report(entry, ['term'], 'bad-value', `a contract runs for ${terms.join(' or ')}: the tables have no others`);
  }
  for (const [row, { cells }] of fixed) {
    const spot = cells.get('spotUsdPerHour');
    if (spot === undefined || !('instanceType' in row) || cells.has('onDemandUsdPerHour')) continue;
    const message = `a spot price of ${row.provider} ${row.instanceType} needs one on demand for the hours without a spot machine, and the tables have none`;
    if (row.onDemandUsdPerHour === null) report(spot.entry, [], 'no-effect', message);
  }
  return fixed;
}

/** Terms of contracts that the tables have a price for. */
const terms = rentalForms.flatMap(({ months }) =>
  months === 0 ? [] : [months === monthsPerYear ? '1 year' : `${months / monthsPerYear} years`],
);

/** What a rate cannot say of a row. */
function checkTokens(row: ApiRow, prices: Named[], until: string | null, entry: Entry, report: ReportProblem): void {
  const named = `${row.provider} / ${row.modelId}`;
  if (row.tierAboveInputTokens === null && prices.some(({ name }) => name === 'tierInput'))
    report(entry, ['tierInput'], 'no-tier', `the tables know no prompt size above which ${named} costs more`);
  if (until === null) return;
  const staying = prices.find(({ field }) => followed.every((one) => one.field !== field));
  const message = 'a price of this kind stays: give it in a rate without `until`';
  if (staying !== undefined) report(entry, [staying.name], 'tier-until', message);
  const second = `the list price of ${named} changes after ${row.until} too: only the end of this rate is followed`;
  if (row.until !== null && row.until > until) report(entry, [], 'two-changes', second);
}

/**
 * The discount of each row: of the latest book with one, the entry that names it most closely (its model before its
 * provider, its provider before what it is on). Discounts never add up; two equally close ones of one book are an
 * error.
 */
export function discounts(applied: Applied): Map<Priced, Off> {
  const { books, tables, report } = applied;
  const off = new Map<Priced, Off & { closeness: number }>();
  const tablesOf = { tokens: tables.api, rental: tables.rental, hosting: tables.hosting };
  const everything = ['tokens', 'rental', 'hosting'] as const;
  for (const { entry, item } of entriesOf(books, 'discounts')) {
    const { provider, model, on, percent } = item;
    const closeness = Number(model !== undefined) * 4 + Number(provider !== undefined) * 2 + Number(on !== undefined);
    const { low, likely, high } = endsOf(percent);
    const range = { book: entry.book, path: [...entry.path, 'percent'], low, likely, high, unit: '%' as const };
    const ranges = typeof percent === 'number' ? [] : [range];
    const one = { entry, percent, factor: (100 - likely) / 100, ranges, closeness };
    const targets = on ?? (model === undefined ? everything : ['tokens' as const]);
    const rows = targets.flatMap((target): readonly Priced[] => tablesOf[target]);
    if (provider !== undefined && tables.providerOf.has(provider) && rows.every((row) => row.provider !== provider)) {
      const message = `the tables of ${tables.snapshot.date} have no such price of ${provider}, so this discount has no effect`;
      report(entry, [], 'no-effect', message);
      continue;
    }
    let twin: Entry | null = null;
    for (const row of rowsNamed(rows, entry, { provider, model }, applied)) {
      const known = off.get(row);
      const isSameBook = known?.entry.book === entry.book;
      if (isSameBook && known.closeness === closeness) twin = known.entry;
      if (!isSameBook || known.closeness < closeness) off.set(row, one);
    }
    const message = (of: Entry) => `${of.book.where(of.path)} gives a discount on the same prices already`;
    if (twin !== null) report(entry, [], 'duplicate-discount', message(twin));
  }
  return off;
}

const less = (usd: number | null, off: Off | null): Cell =>
  usd === null ? unknown : { usd: usd * (off?.factor ?? 1), ranges: off?.ranges ?? [] };

/** A row with some of its cells replaced. */
export const laidRow = <Row>(row: Row, cells: Laid<Row>['cells'], prose: Laid<Row>['prose']): Laid<Row> => ({
  row: { ...row, ...Object.fromEntries(Object.entries(cells).map(([column, { usd }]) => [column, usd])) },
  ...{ cells, prose },
});

/**
 * A row of the price list with the prices of a rate, and a discount on the rest. A row has one change of its prices: a
 * rate that ends is followed by the list price of that day, less the discount; one without an end stays.
 */
export function laidTokens(row: ApiRow, rate: Fixed, off: Off | null): Laid<ApiRow>[] {
  const laid = (field: string, list: number | null): Cell => rate.cells.get(field) ?? less(list, off);
  const cells = Object.fromEntries(settablePrices('api').map(({ field }) => [field, laid(field, row[field])]));
  const changes = rate.until ?? row.until;
  const after = changes !== null && row.until !== null && row.until <= changes ? pricesAfter(row) : row;
  const next = followed.map(
    ({ field }) => [field, rate.until === null ? laid(field, after[field]) : less(after[field], off)] as const,
  );
  const isLasting = changes === null || next.every(([field, cell]) => sameCell(cell, cells[field] ?? unknown));
  const tierRows = pricedTiers.flatMap((tier) => {
    const of = rate.cells.has(`${tier}InputUsdPerMTok`) ? undefined : row.tierRows?.[tier];
    return of === undefined ? [] : [[tier, of]];
  });
  const over = (one: number | null | undefined, other: number) => (other > 0 ? (one ?? 0) / other : 1);
  const by = {
    input: over(cells.inputUsdPerMTok?.usd, row.inputUsdPerMTok),
    output: over(cells.outputUsdPerMTok?.usd, row.outputUsdPerMTok),
  };
  // How the tier of long prompts stands to the first prices of the list.
  const tierRatios = {
    input: over(row.tierInputUsdPerMTok ?? row.inputUsdPerMTok, row.inputUsdPerMTok),
    output: over(row.tierOutputUsdPerMTok ?? row.outputUsdPerMTok, row.outputUsdPerMTok),
  };
  const isSure = priceColumns.api.every(({ field, required }) => !required || rate.cells.has(field));
  // Prices that no rate names move as the first ones do.
  const along = priceColumns.api.flatMap(({ field, side, settable }) =>
    settable === undefined && side !== undefined && row[field] !== null ? [[field, row[field] * by[side]]] : [],
  );
  const own = {
    ...row,
    ...Object.fromEntries(along),
    furtherTiers: row.furtherTiers.map(({ above, input, output }) => ({
      ...{ above, input: input * by.input, output: output * by.output },
    })),
    tierRows: Object.fromEntries(tierRows),
    until: isLasting ? null : changes,
    ...(isSure && { confidence: 'high' as const }),
    ...(rate.cells.size > 0 && row.tierAboveInputTokens !== null && { tierRatios }),
  };
  const nothing = { nextInputUsdPerMTok: unknown, nextOutputUsdPerMTok: unknown };
  const follows = isLasting ? nothing : Object.fromEntries(next.map(([field, cell]) => [nextOf(field), cell]));
  return [laidRow(own, { ...cells, ...follows }, (list) => tokenProse(row, rate, off, list))];
}

/**
 * A machine with the prices of rates, and a discount on the rest: the fixed prices as a row of their own, so that every
 * other price keeps its source, and the rest of the list's, if any.
 *
 * @param number of the row of fixed prices
 */
export function laidMachine(row: RentalRow, rate: Fixed, off: Off | null, number: number): Laid<RentalRow>[] {
  type CellIn = (field: (typeof rentalForms)[number]['field']) => Cell;
  const open: CellIn = (field) => (rate.cells.has(field) ? unknown : less(row[field], off));
  const fixed: CellIn = (field) => rate.cells.get(field) ?? unknown;
  /** A spot price takes along its on-demand replacement, if that is in the other row. */
  const machine = (of: RentalRow, own: CellIn, other: CellIn, standInRow: number, prose: Laid<RentalRow>['prose']) => {
    const cells = Object.fromEntries(rentalForms.map(({ field }) => [field, own(field)]));
    const standIn = other('onDemandUsdPerHour');
    if (rentalForms.every(({ field }) => own(field).usd === null)) return [];
    return own('spotUsdPerHour').usd === null || standIn.usd === null
      ? [laidRow(of, cells, prose)]
      : [laidRow({ ...of, standInRow }, { ...cells, standInUsdPerHour: standIn }, prose)];
  };
  const paid = rentalForms.flatMap(({ field, purchase }) => {
    const cell = rate.cells.get(field);
    return cell === undefined ? [] : [`${purchase} ${sourceOf(cell.entry)}`];
  });
  const ofBook = { source: `${ownSource}${paid.join('; ')}`, date: '', note: '' };
  return [
    ...machine({ ...row, row: number, confidence: 'high' }, fixed, open, row.row, () => ofBook),
    ...machine(row, open, fixed, number, off && ((list) => lessProse(off, list))),
  ];
}

export const laidHosting = (row: HostingRow, _: Fixed, off: Off | null): Laid<HostingRow>[] => [
  laidRow(
    row,
    Object.fromEntries(priceColumns.hosting.map(({ field }) => [field, less(row[field], off)])),
    row.usdPerUnit === null ? null : (list) => (off === null ? list : lessProse(off, list)),
  ),
];
