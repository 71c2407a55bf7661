import { rounded } from '../decide/round.js';
import { decimal, grouped } from './number-text.js';

/** Stands for what no source gives; never 0. */
export const unknown = '?';

const giga = 1e9;
const bytesPerGib = 2 ** 30;

/** A figure, or `?`. */
export const figure = (value: number | null, show: (known: number) => string = decimal): string =>
  value === null ? unknown : show(value);

/** A word, or `?`. */
export const word = (value: string | null): string => (value === null || value === '' ? unknown : value);

/** Three significant digits, more where the whole part has more: 0.614, 15.9, 688, 1,376. */
export const short = (value: number): string =>
  Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : grouped(value);

/** Bytes in 1e9, and in 2^30. */
export const gb = (bytes: number): string => short(bytes / giga);
export const gib = (bytes: number): string => short(bytes / bytesPerGib);

/** The same with every number at 12 significant digits, so that the same bytes come out everywhere. */
export function roundedTree(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map(roundedTree);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundedTree(inner)]));
}
