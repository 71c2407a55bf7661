import type { Tables } from '../tables.js';

/** What the price books in some tables are called; null: all prices are the list's. */
export const bookLabels = ({ ownPricing }: Pick<Tables, 'ownPricing'>): string | null =>
  ownPricing?.books.map(({ label }) => label).join('; ') ?? null;
