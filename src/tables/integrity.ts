import type { Problem } from '../units/problem.js';
import { tableNames } from './columns.js';
import type { ParsedTables } from './parse.js';
import { references } from './references.js';
import type { DateText } from './rows.js';
import { judge } from './rules.js';
import type { RowsByTable } from './tables.js';

/**
 * What must hold across tables: names resolve, ranges are in order, a row does not contradict another. Rows of the files
 * at hand (`parsed`) are checked, against all rows there are.
 */
export function checkIntegrity(
  parsed: ParsedTables,
  rows: RowsByTable,
  { date, unrated }: { date: DateText | ''; unrated: readonly string[] },
): Problem[] {
  const problems = references.flatMap((check) => check(parsed, rows, unrated));
  for (const table of tableNames)
    for (const { row, complaint } of judge(table, parsed, rows, date)) {
      const { header, code, message, severity } = complaint;
      const problem = parsed[table]?.problemAt(row, header, code, message);
      if (problem) problems.push({ ...problem, severity: severity ?? 'error' });
    }
  return [...problems, ...sharedNames(parsed, rows)];
}

/** Users set owning, latency and assumptions by name alone, so a name stands in one of the three only. */
function sharedNames(parsed: ParsedTables, rows: RowsByTable): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const table of ['owning', 'latency', 'assumptions'] as const)
    for (const { name, row } of rows[table]) {
      const other = seen.get(name);
      seen.set(name, table);
      if (other === undefined) continue;
      const problem = parsed[table]?.problemAt(row, 'name', 'duplicate-key', `"${name}" stands in ${other}.csv too`);
      if (problem && other !== table) problems.push(problem);
    }
  return problems;
}
