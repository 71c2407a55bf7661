import { applyPriceBook } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import type { Prose, Tables } from '../tables/tables.js';
import { suggestion } from '../units/suggest.js';
import { type Finding, findingError, findingWarning } from './finding.js';
import type { Scenario } from './schema.js';

const unread: Prose = () => ({ source: '', date: '', note: '' });

/** What is wrong with the prices in a scenario, by the tables they are to be applied to. */
export function priceFindings({ prices }: Scenario, tables: Tables, asOf: string | null): Finding[] {
  if (!prices) return [];
  const book: PriceBook = { ...prices, label: '', where: (path) => path.join('.') };
  return applyPriceBook(tables, unread, book, asOf).problems.map(({ severity, code, path, message, near }) => {
    const hint = near && suggestion(near.name, near.among, 'known');
    const make = severity === 'error' ? findingError : findingWarning;
    return make(code, ['prices', ...path], message, { suggestion: hint });
  });
}
