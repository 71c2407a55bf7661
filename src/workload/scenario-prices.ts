import { applyPriceBook } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import type { Prose, Tables } from '../tables/tables.js';
import { suggestion } from '../units/suggest.js';
import { type Finding, findingError, findingWarning } from './finding.js';
import type { Scenario } from './schema.js';

const unread: Prose = () => ({ source: '', date: '', note: '' });

/** The tables with the prices in a scenario, and what is wrong with those by the tables they are applied to. */
export function pricedTables(
  { prices }: Scenario,
  tables: Tables,
  asOf: string | null,
): { tables: Tables; findings: Finding[] } {
  if (!prices) return { tables, findings: [] };
  const book: PriceBook = { ...prices, label: '', inScenario: true, where: (path) => path.join('.') };
  const priced = applyPriceBook(tables, unread, book, asOf);
  const findings = priced.problems.map(({ severity, code, path, message, near }) => {
    const hint = near && suggestion(near.name, near.among, 'known');
    const make = severity === 'error' ? findingError : findingWarning;
    return make(code, ['prices', ...path], message, { suggestion: hint });
  });
  return { tables: priced.tables, findings };
}
