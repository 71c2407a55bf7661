import { publishedSchema } from '../tables/published-schema.js';
import { priceBookSchema } from './schema-prices.js';

let made: Record<string, unknown> | null = null;

/** The JSON Schema of a price book, for editors and for messages. Made once; not to be changed. */
export function priceBookJsonSchema(): Record<string, unknown> {
  made ??= publishedSchema('price-book', 1, priceBookSchema.zod);
  return made;
}
