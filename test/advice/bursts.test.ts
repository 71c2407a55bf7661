import { describe, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { gathering } from '../../src/cost/serverless.js';
import type { Decision } from '../../src/decide/decision.js';
import { readScenario } from '../../src/workload/read.js';
import { shipped, shippedTables } from '../support/load.js';
import { asOf, readWritten, tool } from '../support/scenario.js';

const idleS = 60;
const aloneS = 3;
const startS = 30;

describe('workers that start once a burst', () => {
  const [perDay, requests, withinS] = [4, 500, 600];
  const windowS = 86_400 / perDay;
  const upkeep = gathering({ windowS, upS: aloneS + idleS, startS, workerSPerRequest: 2, withinS });
  const perDayOf = (requestsOfOne: number, usdPerStart: number) =>
    86_400 * upkeep(requestsOfOne / windowS, 1, usdPerStart);

  test('four bursts of 500 requests of 2 worker-seconds in 10 minutes: two workers each, idle once', () => {
    expect(perDayOf(requests, 0)).toBeCloseTo(4 * (500 * 2 + 2 * (aloneS + idleS)), 6);
    expect(perDayOf(requests, 1) - perDayOf(requests, 0)).toBeCloseTo(4 * 2, 9);
  });

  test('a burst of one request is a start, that request and the idle time-out', () => {
    expect(perDayOf(1, 1)).toBeCloseTo(4 * (1 + 2 + aloneS + idleS), 6);
  });
});

async function decide(workload: Record<string, unknown>, only: string): Promise<Decision> {
  const { tables, prose } = await shipped();
  const written = {
    name: 'reports',
    workload,
    tasks: [{ type: 'faq-chat', capability: { minIndex: 60 }, latency: { ttftP95: 'any' } }],
    preferences: { only: [only] },
  };
  return assess(readWritten(written, tables), tables, { asOf, prose, tool, point: true });
}
const infrastructureOf = ({ recommendation: { monthlyCost, peopleCost } }: Decision): number =>
  (monthlyCost ?? Number.NaN) - (peopleCost ?? 0);

test('tokens cost the same in bursts, workers a fraction of what they cost through the day', async () => {
  const bursts = { bursts: { perDay: 4, requests: 500 } };
  const spread = { volume: '2000 requests/day' };
  const tokens = await Promise.all([decide(bursts, 'open-model-api'), decide(spread, 'open-model-api')]);
  expect(infrastructureOf(tokens[0])).toBeCloseTo(infrastructureOf(tokens[1]), 6);
  const workers = await Promise.all([decide(bursts, 'serverless-gpu'), decide(spread, 'serverless-gpu')]);
  expect(infrastructureOf(workers[0])).toBeLessThan(infrastructureOf(workers[1]) / 4);
  expect(workers[0].scenario).toMatchObject({ requestsPerDay: 2000, burstsPerDay: 4 });
});

describe('a volume beside bursts', () => {
  const read = async (workload: object, set: string[] = []) => {
    const { tables } = await shipped();
    const text = JSON.stringify({ version: 1, workload, tasks: [{ type: 'summarization' }] });
    const { scenario, problems } = readScenario(text, { file: 'x.json', tables, set });
    return {
      scenario,
      told: problems.map(({ severity, code, path, suggestion }) => [severity, code, path, suggestion]),
    };
  };

  test.each([
    [{ volume: '3M requests/day', bursts: { perDay: 2, within: '30 min' } }, '{perDay: 2, requests: 1500000}'],
    [{ volume: '1000 requests/day', bursts: { perDay: 4, requests: 500 } }, '{perDay: 4, requests: 500}'],
    [{ volume: '300 users', requestsPerUser: 5, bursts: { perDay: 4 } }, '{perDay: …, requests: …}'],
  ])('%j may mean two things, and both are told', async (workload, burst) => {
    const { scenario, told } = await read(workload);
    expect(scenario).toBeNull();
    expect(told.slice(-1)).toEqual([
      ['error', 'volume-and-bursts', 'workload.volume', expect.stringContaining(`write \`bursts: ${burst}\``)],
    ]);
  });

  test('that says the same is read, and one that is set is that of the bursts', async () => {
    const warning = ['warning', 'no-effect', 'workload.bursts.requests', null];
    const same = await read({ volume: '60800 requests/month', bursts: { perDay: 4, requests: 500 } });
    expect(same.told).toEqual([warning]);
    const alone = await read({ bursts: { perDay: 4, requests: 500 } }, ['workload.volume=8000 requests/day']);
    expect(alone.told).toEqual([warning]);
    expect(alone.scenario?.scenario.workload.volume.amount.likely).toBe(8000);
  });
});

test('who comes while a worker starts waits for it: most of a short burst, few of a long one', async () => {
  const waitOf = async (within: string) =>
    (await decide({ bursts: { perDay: 4, requests: 500, within } }, 'serverless-gpu')).recommendation.assignments[0]
      ?.ttftP95Ms ?? Number.NaN;
  expect(await waitOf('1 min')).toBeGreaterThan(await waitOf('2 hours'));
});

test.each([
  ['neither volume nor bursts', 'workload: {profile: flat}', /volume/],
  ['no requests', 'workload: {bursts: {perDay: 4}}', /volume. is missing/],
  ['none a day', 'workload: {bursts: {perDay: 0, requests: 5}}', /more than 0/],
  ['more than one a minute', 'workload: {bursts: {perDay: 1441, requests: 5}}', /1,?440/],
])('%s is refused with its place', async (_, workload, message) => {
  const text = `version: 1\n${workload}\ntasks: [{type: faq-chat}]\n`;
  const { scenario, problems } = readScenario(text, { file: 'x.yaml', tables: await shippedTables() });
  expect(scenario).toBeNull();
  const [first] = problems.filter(({ severity }) => severity === 'error');
  expect(first?.line).toBe(2);
  expect(`${first?.message} ${first?.suggestion}`).toMatch(message);
});
