import { applyPriceBook } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { ReadScenario } from './read.js';

/**
 * The tables and their prose with the scenario's own prices in them, if it has any.
 *
 * @throws Error when they name what the tables do not have: `readScenario` finds that when it is given the tables.
 */
export function withScenarioPrices(read: ReadScenario, tables: Tables, prose: Prose): { tables: Tables; prose: Prose } {
  const { prices } = read.scenario;
  if (!prices) return { tables, prose };
  const book: PriceBook = {
    ...prices,
    label: `${prices.name} (in ${read.file})`,
    inScenario: true,
    where(path) {
      const place = read.at(['prices', ...path]);
      return place === null ? read.file : `${place.file}:${place.line}`;
    },
  };
  const { problems, ...priced } = applyPriceBook(tables, prose, book);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new Error(`${error.message}: readScenario checks prices when it is given the tables`);
  return priced;
}
