import type { Origin, Tables } from '../tables/tables.js';
import type { Formula } from './line.js';

/** A formula of a cost line: its id is the part it makes, its result is USD a month. */
export const monthly = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });

/** The rows of named parameters, as far as the tables have them. */
export const parameterRows = (tables: Pick<Tables, 'parameterOf'>, ...names: readonly string[]): Origin[] =>
  names.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  });
