import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** What the noun of a volume counts follows from the rest of the scenario. */

const tables = await shippedTables();
const read = (workload: string, type = 'faq-chat') =>
  readScenario(`version: 1\nworkload: {${workload}}\ntasks: [{type: ${type}}]\n`, { file: 'x.yaml', tables });
const of = (workload: string) => {
  const { scenario, problems } = read(workload);
  return { of: scenario?.scenario.workload.volume.of ?? null, told: problems.map(({ message }) => message) };
};

describe('a noun is', () => {
  test.each([
    ['volume: 4k notes/day', 'requests', null],
    ['volume: 3M texts, once: true', 'requests', null],
    ['volume: 60 developers, requestsPerUser: 150', 'users', null],
    ['volume: 60 plumbers, requestsPerUser: 150', 'users', null],
    ['volume: 30k calls/month', 'requests', /read as requests: one of the model's answers each/],
    ['volume: 30k calls/month, turns: 12', 'conversations', /read as conversations of 12 requests each/],
    ['volume: 900 support tickets/day, turns: 3', 'conversations', /of 3 requests each/],
    ['volume: 4k notes/day, turns: 3', 'requests', /read as requests: one of the model's answers each/],
    ['volume: 30k conversations/month', 'conversations', null],
    ['volume: 700 pictures/workday', 'requests', null],
    ['volume: 70 requests/weekday', 'requests', /5 of 7 days: 50 requests a day on average/],
  ])('%s: %s', (workload, expected, told) => {
    const found = of(workload);
    expect(found.of).toBe(expected);
    expect(found.told).toEqual(told === null ? [] : [expect.stringMatching(told)]);
  });

  test.each([
    ['volume: 60 developers', /requestsPerUser: 8/],
    ['volume: 3M texts', /once: true.*requestsPerUser/],
    ['volume: 500 employees, once: true', /volume: 1M requests, once: true/],
  ])('%s is answered by what fits', (workload, hint) => {
    const { scenario, problems } = read(workload);
    expect(scenario).toBeNull();
    expect(problems.map(({ suggestion }) => suggestion).join()).toMatch(hint);
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
