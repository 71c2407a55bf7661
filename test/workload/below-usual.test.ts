import { expect, test } from 'vitest';
import { z } from 'zod';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';

const cases = casesIn('below-usual', {
  told: { type: z.string(), capability: z.string(), message: z.string() },
  silent: { type: z.string(), capability: z.string() },
});

/** A quality below what is usual for the type of a task: pricing/catalog/tasks.csv, tiers.csv and capability.csv. */

const tables = await shippedTables();
const told = (type: string, capability: string) =>
  readScenario(`version: 1\nworkload: {volume: 500}\ntasks: [{type: ${type}, capability: ${capability}}]\n`, {
    file: 'x.yaml',
    tables,
  }).problems.map(({ severity, code, line, message }) => [severity, code, line, message]);

test.each(cases.told)('$type at $capability is told with both numbers', ({ type, capability, message }) => {
  expect(told(type, capability)).toEqual([['warning', 'below-usual', 3, message]]);
});

test.each(cases.silent)('$type at $capability is not', ({ type, capability }) =>
  expect(told(type, capability)).toEqual([]),
);
