import { priceColumns } from '../price-columns.js';
import type { Tables } from '../tables.js';
import { type Count, familyFinder, type ImportFormat, type NameRow, providerNamed, tally } from './format.js';
import type { Fault, SourceRecord } from './read-json.js';
import { apiRow, mappedRow, type OutputRow, rentalRow, rowKeeper } from './rows.js';

export type CarryContext = {
  format: ImportFormat & { name: string };
  tables: Tables;
  names: readonly NameRow[];
  date: string;
  source: string;
  /** Names, ours or the format's, of the providers wanted; none: all. */
  providers: readonly string[];
};
export type Carried = {
  rows: OutputRow[];
  /** Where each of them stands in the source. */
  places: ReadonlyMap<OutputRow, number>;
  faults: Fault[];
  notCarried: Count[];
  figuresLeft: Count[];
  unrated: string[];
};

type Made = { row: OutputRow } | { refused: string; about: string };

/** The rows that our layout can hold; every record is either among them, counted by reason, or at fault. */
export function carriedRows(records: readonly SourceRecord[], context: CarryContext): Carried {
  const { format, tables, names, source } = context;
  const faults: Fault[] = [];
  const [refused, left] = [tally(), tally()];
  const unrated = new Set<string>();
  const familyOf = familyFinder(tables);
  const { keep, places } = rowKeeper(format.table, refused, faults);
  const ours = (theirs: string): string | null => providerNamed(names, format.name, theirs, tables)?.provider ?? null;
  const wanted = new Set(context.providers.flatMap((name) => [name, ours(name) ?? name]));

  /** A record as a row, why it is none, or null if a figure of it is at fault. */
  const made = (record: SourceRecord): Made | null => {
    if (record.misfit !== undefined) return { refused: record.misfit, about: record.id };
    const theirs = record.provider || (context.providers[0] ?? '');
    const provider = ours(theirs);
    if (wanted.size > 0 && !wanted.has(theirs) && !wanted.has(provider ?? ''))
      return { refused: 'provider not asked for', about: theirs };
    const misfit = misfitOf(format, record);
    if (misfit) return misfit;
    if (provider === null) return { refused: 'provider not in providers.csv', about: theirs || 'none' };

    const mapped = mappedRow(format, record, left);
    faults.push(...mapped.faults);
    if (mapped.faults.length > 0) return null;
    const priceless = withoutPrice(format, mapped, record.id);
    if (priceless) return priceless;
    const completed =
      format.table === 'rental'
        ? rentalRow(mapped.row, record, { ...context, format: format.name, provider })
        : completedApi(mapped.row, record, provider);
    if ('refused' in completed) return completed;
    for (const zero of mapped.zeros) left.add(`${zero}: 0 in the source, so unknown`, record.id);
    for (const key of unusedPrices(format, record)) left.add(`no column for ${key}`, record.id);
    return completed;
  };

  const completedApi = (row: OutputRow, record: SourceRecord, provider: string): Made => {
    const [first = '', ...rest] = record.id.split('/');
    const modelId = format.idsNameProvider && ours(first) === provider ? rest.join('/') || record.id : record.id;
    const completed = apiRow(row, record, { ...context, provider, modelId, familyOf }, { left, unrated });
    return 'refused' in completed ? { ...completed, about: record.id } : completed;
  };

  for (const record of records) {
    const result = made(record);
    if (result === null) continue;
    if ('refused' in result) refused.add(result.refused, result.about);
    else {
      const own = result.row.get('source');
      keep(result.row.set('source', own ? `${source}: ${own}` : source).set('confidence', 'medium'), record);
    }
  }
  const found = places();
  return {
    rows: [...found.keys()],
    places: found,
    faults,
    notCarried: refused.counts(),
    figuresLeft: left.counts(),
    unrated: [...unrated].sort(),
  };
}

/** Why the format says that a record is none of ours. */
function misfitOf(
  { needs, refuses }: ImportFormat,
  { cells, id }: SourceRecord,
): { refused: string; about: string } | null {
  for (const { key, values, orAbsent, reason } of needs) {
    const value = cells.get(key)?.text;
    if (value === undefined ? !orAbsent : !values.includes(value))
      return { refused: reason, about: value ?? `no ${key}` };
  }
  const refusal = refuses.find(({ keys }) =>
    [...cells].some(([key, { text }]) => keys.test(key) && Number(text) !== 0),
  );
  return refusal ? { refused: refusal.reason, about: id } : null;
}

/** Prices that a row cannot be without: of both sides of a call, of an hour in one way or the other. */
function withoutPrice(
  { table }: ImportFormat,
  { row, zeros }: ReturnType<typeof mappedRow>,
  id: string,
): { refused: string; about: string } | null {
  if (table === 'rental') {
    return priceColumns.rental.some(({ header }) => row.has(header)) ? null : { refused: 'no price', about: id };
  }
  const sides = priceColumns.api.flatMap(({ header, required }) => (required ? [header] : []));
  if (sides.some((side) => zeros.has(side))) return { refused: 'price of 0: free of charge, or not known', about: id };
  return sides.every((side) => row.has(side)) ? null : { refused: 'no price per token', about: id };
}

/** Prices that no column of ours takes, so that they can be counted. */
function unusedPrices({ prices, columns }: ImportFormat, { cells }: SourceRecord): string[] {
  const used = new Set(columns.flatMap(({ from }) => from));
  const plain = (key: string): string => key.replace(/^tier\/\d+\//, 'tier/1/');
  return [...cells].flatMap(([key, { text }]) =>
    prices.test(key) && !used.has(plain(key)) && Number(text) !== 0 ? [key] : [],
  );
}
