import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { tool } from '../../src/cli/problems.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, type Written } from '../support/scenario.js';

const written: Written = {
  workload: { volume: '20k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 300 } }],
  data: { sensitivity: 'pii' },
};

test('the list has all that is listed without, what is allowed of it is no cheaper than the advice, and rules are told', async () => {
  const { tables: all, prose } = await shipped();
  const tables = fewRows(all);
  const read = readWritten(written, tables);
  const options = { asOf, point: true, prose, tool };
  const few = assess(read, tables, options);
  const listed = assess(read, tables, { ...options, allOptions: true });
  expect(listed.recommendation).toEqual(few.recommendation);
  const byId = new Map(listed.options.map((one) => [one.id, one]));
  for (const one of few.options) expect(byId.get(one.id)).toEqual(one);
  expect(listed.options.length).toBeGreaterThan(5 * few.options.length);
  const allowed = listed.options.filter(({ feasible }) => feasible);
  const least = Math.min(...allowed.map(({ monthlyCost }) => monthlyCost ?? Number.POSITIVE_INFINITY));
  expect(least).toBe(listed.recommendation.cheapest?.monthlyCost);
  for (const { id, feasible, failedGates, unpriced } of listed.options)
    if (!feasible) expect(failedGates.length > 0 || unpriced !== null, id).toBe(true);
  expect(new Set(allowed.map(({ kind }) => kind))).toEqual(
    new Set(listed.scorecard.filter(({ feasible }) => feasible).map(({ kind }) => kind)),
  );
});
