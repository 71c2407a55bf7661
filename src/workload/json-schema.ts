import { publishedSchema } from '../tables/load.js';
import { scenarioSchema } from './schema.js';
import { priceBookSchema } from './schema-prices.js';

let made: Record<string, unknown> | null = null;

/**
 * The JSON Schema of what users write: editors complete and check a scenario with it, and messages name keys by it. Made
 * once, as making it takes tens of milliseconds; not to be changed.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  made ??= publishedSchema('scenario', 1, scenarioSchema.zod);
  return made;
}

let madeForPriceBook: Record<string, unknown> | null = null;

/** The JSON Schema of a price book, for editors and for messages. Made once; not to be changed. */
export function priceBookJsonSchema(): Record<string, unknown> {
  madeForPriceBook ??= publishedSchema('price-book', 1, priceBookSchema.zod);
  return madeForPriceBook;
}
