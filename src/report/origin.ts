import type { Confidence } from '../tables/rows.js';
import type { RowProse } from '../tables/tables.js';
import { plainText } from './plain-text.js';

/** Where a row comes from and what is to be known about it. */
export type RowOrigin = RowProse & { confidence: Confidence };

/** Source, confidence and note, to stand below what the row says. */
export function originLines({ source, confidence, note }: RowOrigin): string[] {
  return [`  ${confidence} confidence: ${source}`, ...(note === '' ? [] : [`  note: ${note}`])].map(plainText);
}

/** The rows of a grid with lines of their own below each. */
export function interleaved(lines: readonly string[], below: readonly (readonly string[])[]): string {
  const [head = '', ...rows] = lines;
  return [head, ...rows.flatMap((row, at) => [row, ...(below[at] ?? [])])].map((line) => `${line}\n`).join('');
}
