import * as z from 'zod';
import { kinds } from '../tables/kinds.js';

/** What the published shapes of documents are put together from; every key says what it is. */
export const usd = (what: string) => z.number().describe(`${what} USD, rounded to 12 significant digits.`);
export const usdOrNull = (what: string) =>
  z.number().nullable().describe(`${what} USD, rounded to 12 significant digits.`);
export const text = (what: string) => z.string().describe(what);
export const textOrNull = (what: string) => z.string().nullable().describe(what);
// The branches are described so that they stay two: a list of types is an error in strict validators.
export const numberOrWord = (what: string) =>
  z.union([z.number().describe('A quantity.'), z.string().describe('A word.')]).describe(what);

export const kind = z.enum(kinds).describe('Placement kind.');
