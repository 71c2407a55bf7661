import * as z from 'zod';
import { priceBookSchema } from './schema-prices.js';

/** The JSON Schema of a price book: editors complete and check one with it. */
export function priceBookJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(priceBookSchema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'deploy-advisor price book, version 1', ...rest };
}
