import { applyPriceBook } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import type { Prose, Tables } from '../tables/tables.js';
import { type Finding, findingError, findingWarning } from './finding.js';
import type { ReadScenario } from './read.js';
import type { Scenario } from './schema.js';
import { suggestion } from './suggest.js';

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
