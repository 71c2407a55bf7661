import type { Problem } from '../units/problem.js';
import type { Parsed } from './parse.js';
import type { ParameterRow } from './rows.js';

/**
 * Fills in parameters that refer to another one (`=fteOnCall` under `likely`) with its three values. Reports unknown
 * names, circular references, and missing ends.
 */
export function resolveParameters(tables: readonly Parsed<ParameterRow>[], others: readonly ParameterRow[]): Problem[] {
  const problems: Problem[] = [];
  const known = new Map(others.map((row) => [row.name, { row, file: null as Parsed<ParameterRow> | null }]));
  for (const file of tables) for (const row of file.rows) known.set(row.name, { row, file });

  const resolve = (row: ParameterRow, file: Parsed<ParameterRow>, via: readonly string[]): void => {
    if (!Number.isNaN(row.likely)) return;
    const name = row.as ?? '';
    const target = known.get(name);
    if (target === undefined) {
      problems.push(file.problemAt(row.row, 'likely', 'unknown-reference', `there is no parameter "${name}"`));
      return;
    }
    if ([...via, row.name].includes(name)) {
      problems.push(file.problemAt(row.row, 'likely', 'circular-reference', `"${name}" leads back to itself`));
      return;
    }
    if (target.file) resolve(target.row, target.file, [...via, row.name]);
    const { low, likely, high } = target.row;
    Object.assign(row, { low, likely, high, as: target.row.as ?? name });
  };

  for (const file of tables)
    for (const row of file.rows) {
      const named = Number.isNaN(row.likely);
      for (const end of ['low', 'high'] as const) {
        if (named && !Number.isNaN(row[end]))
          problems.push(
            file.problemAt(row.row, end, 'extra-value', 'must be empty: it comes with the parameter named'),
          );
        if (!named && Number.isNaN(row[end]))
          problems.push(file.problemAt(row.row, end, 'missing-value', 'must not be empty'));
      }
      resolve(row, file, []);
    }
  return problems;
}
