import { settablePrices } from '../price-columns.js';
import type { ApiRow } from '../rows.js';
import type { RowProse } from '../tables.js';
import { type Entry, endsOf, type Fixed, type Off } from './price-book.js';

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
export function tokenProse(row: ApiRow, rate: Fixed, off: Off | null, list: RowProse): RowProse {
  const [cell] = rate.cells.values();
  if (cell === undefined) return off === null ? list : lessProse(off, list);
  const all = settablePrices('api');
  const fixed = all.flatMap(({ field, settable }) => (rate.cells.has(field) ? [settable] : []));
  const isOpen = all.some(({ field }) => !rate.cells.has(field) && row[field] !== null);
  const own = ownProse(cell.entry, [fixed.join(', '), ...(rate.until === null ? [] : [`until ${rate.until}`])]);
  if (!isOpen && rate.until === null) return own;
  return { ...list, source: `${own.source}; the rest ${off === null ? quoted(list) : lessText(off, list)}` };
}

export const lessProse = (off: Off, list: RowProse): RowProse => ({
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
