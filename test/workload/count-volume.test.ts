import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

const cases = casesIn('count-volume', {
  read: { workload: z.string(), expected: z.string(), told: z.string().nullable() },
  hints: { workload: z.string(), hint: z.string() },
});

/** What the noun of a volume counts follows from the rest of the scenario. */

const tables = await shippedTables();
const read = (workload: string, type = 'faq-chat') =>
  readScenario(`version: 1\nworkload: {${workload}}\ntasks: [{type: ${type}}]\n`, { file: 'x.yaml', tables });
const of = (workload: string) => {
  const { scenario, problems } = read(workload);
  return { of: scenario?.scenario.workload.volume.of ?? null, told: problems.map(({ message }) => message) };
};

describe('a noun is', () => {
  test.each(cases.read)('$workload: $expected', ({ workload, expected, told }) => {
    const found = of(workload);
    expect(found.of).toBe(expected);
    expect(found.told).toEqual(told === null ? [] : [expect.stringMatching(new RegExp(told))]);
  });

  test.each(cases.hints)('$workload is answered by what fits', ({ workload, hint }) => {
    const { scenario, problems } = read(workload);
    expect(scenario).toBeNull();
    expect(problems.map(({ suggestion }) => suggestion).join()).toMatch(new RegExp(hint));
  });
});

test('what is counted is served: calls of 12 turns are twelve times the calls, workdays 5 of 7 days', async () => {
  const perDay = async (workload: object) =>
    (await caseOf({ workload, tasks: [{ type: 'faq-chat' }] } as never)).workload.requestsPerDay;
  const month = 365 / 12;
  expect(await perDay({ volume: '30k calls/month', turns: 12 })).toBeCloseTo((30_000 * 12) / month, 6);
  expect(await perDay({ volume: '700 notes/workday' })).toBeCloseTo(500, 9);
  expect(await perDay({ volume: '365k letters/year' })).toBeCloseTo(1000, 6);
});
