import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { tool } from '../../src/cli/tool.js';
import { choose } from '../../src/decide/choose.js';
import { allOptions } from '../../src/decide/shortlist.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

const written: Written = {
  workload: { volume: '20k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 300 } }],
  data: { sensitivity: 'pii' },
};

test('every row of the price table is listed, allowed or not, and each id once, in order', async () => {
  const context = await caseOf(written);
  const ids = allOptions(context).map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  const apis = new Set(allOptions(context).flatMap(({ api }) => (api === null ? [] : [api.row])));
  const missing = context.tables.api.filter(({ row }) => !apis.has(row)).map(({ row }) => row);
  expect(missing).toEqual([]);
  // Of every kind the best that rules allow, whatever they turn down that would beat it.
  for (const { feasible, plan } of choose(context).kinds)
    for (const { option } of feasible ? (plan?.deployments ?? []) : []) expect(ids).toContain(option.id);
});

test('the list has all that is listed without, what is allowed of it is no cheaper than the advice, and rules are told', async () => {
  const { tables, prose } = await shipped();
  const read = readWritten(written, tables);
  const options = { asOf, point: true, prose, tool };
  const [few, all] = [assess(read, tables, options), assess(read, tables, { ...options, allOptions: true })];
  expect(all.recommendation).toEqual(few.recommendation);
  const byId = new Map(all.options.map((one) => [one.id, one]));
  for (const one of few.options) expect(byId.get(one.id)).toEqual(one);
  expect(all.options.length).toBeGreaterThan(few.options.length + 100);
  const allowed = all.options.filter(({ feasible }) => feasible);
  const least = Math.min(...allowed.map(({ monthlyCost }) => monthlyCost ?? Number.POSITIVE_INFINITY));
  expect(least).toBe(all.recommendation.cheapest?.monthlyCost);
  for (const { id, feasible, failedGates, unpriced } of all.options)
    if (!feasible) expect(failedGates.length > 0 || unpriced !== null, id).toBe(true);
  expect(new Set(allowed.map(({ kind }) => kind))).toEqual(
    new Set(all.scorecard.filter(({ feasible }) => feasible).map(({ kind }) => kind)),
  );
});
