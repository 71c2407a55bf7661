import { ties } from '../units/float.js';

const digits = 12;

/** USD as the JSON has them: 12 significant digits, so that the same bytes come out everywhere. */
export const rounded = (usd: number): number => Number(usd.toPrecision(digits));
/** a - b; of what is the same but for rounding it is 0, and not what rounding leaves over. */
export const difference = (a: number, b: number): number => (ties(a, b) ? 0 : a - b);
export const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

/** A value with every number at 12 significant digits, so that the same bytes come out everywhere. */
export function roundedTree<Tree>(value: Tree): Tree;
export function roundedTree(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map((one) => roundedTree(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundedTree(inner)]));
}
