import Table from 'cli-table3';
import { plainText } from './plain-text.js';

/** A column of a grid: its title, and whether it holds numbers. */
export type GridColumn = { title: string; number?: true };

const nothing = '';
const noBorders = {
  top: nothing,
  'top-mid': nothing,
  'top-left': nothing,
  'top-right': nothing,
  bottom: nothing,
  'bottom-mid': nothing,
  'bottom-left': nothing,
  'bottom-right': nothing,
  left: nothing,
  'left-mid': nothing,
  mid: nothing,
  'mid-mid': nothing,
  right: nothing,
  'right-mid': nothing,
};

/**
 * Titles and rows in columns, numbers to the right; columns in which no row has anything are left out. `gap` stands
 * between columns.
 */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly string[])[],
  gap: ' ' | '  ' = '  ',
): string {
  const used = columns.flatMap((column, at) => (rows.some((row) => row[at]) ? [{ ...column, at }] : []));
  const table = new Table({
    head: used.map(({ title }) => title),
    chars: { ...noBorders, middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: used.map(({ number }) => (number ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => used.map(({ at }) => plainText(row[at] ?? ''))));
  return table
    .toString()
    .split('\n')
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
