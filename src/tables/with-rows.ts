import type { Tables } from './tables.js';

/**
 * The tables with some of them replaced. Everything else is read through to the tables themselves, which make it when it
 * is first asked for: an index of replaced rows has to be replaced with them.
 */
export const withRows = (tables: Tables, replaced: Partial<Tables>): Tables =>
  Object.create(
    tables,
    Object.fromEntries(Object.entries(replaced).map(([name, value]) => [name, { value, enumerable: true }])),
  );
