import { plainText } from './plain-text.js';

/** Rows as CSV (RFC 4180, line feeds): a cell in quotes where it must be. */
export function csvText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string): string {
  const text = plainText(value);
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
