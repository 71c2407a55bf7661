import { plainText } from './plain-text.js';

/** Rows as CSV (RFC 4180, line feeds): a cell in quotes where it must be; without a header (null) they follow others. */
export function csvText(header: readonly string[] | null, rows: readonly (readonly string[])[]): string {
  return [...(header === null ? [] : [header]), ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string): string {
  const text = plainText(value);
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
