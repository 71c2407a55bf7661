import { type Fault, number, type Reader, text, whole } from '../../tables/cell.js';

export const neededColumns = ['month', 'requests', 'input_tokens', 'output_tokens', 'cost'] as const;
export const columnNames = [...neededColumns, 'task'] as const;
export type ColumnName = (typeof columnNames)[number];

const refuse = (code: string, message: string): { fault: Fault } => ({ fault: { code, message } });

/** A calendar month, `YYYY-MM`, of this century: other years are slips. */
const month: Reader<string> = (cell) =>
  /^20\d{2}-(0[1-9]|1[0-2])$/.test(cell)
    ? { value: cell }
    : refuse('bad-month', `"${cell}" is not a month; write it as 2026-08`);

/** A plain number. Signs of currency and separators mean different things in different places: they are refused. */
const plain =
  (read: Reader<number>): Reader<number> =>
  (cell) => {
    if (/^[-+]?\s*(?:\p{Sc}|[A-Z]{3}\b)|(?:\p{Sc}|\b[A-Z]{3})$/u.test(cell))
      return refuse('currency-sign', `"${cell}" has a currency; write US dollars as a plain number, such as 1234.5`);
    if (/\d[,'’_\s]\d/.test(cell))
      return refuse('separator-in-number', `"${cell}" has separators; write 1234567, and 1.5 for a fraction`);
    return read(cell);
  };
const count = plain(whole());
const mostUsd = 1e12;
const usd = plain(number(0, mostUsd));

export const columns = {
  month,
  requests: count,
  input_tokens: count,
  output_tokens: count,
  cost: usd,
  task: text,
} as const satisfies Record<ColumnName, Reader<unknown>>;
