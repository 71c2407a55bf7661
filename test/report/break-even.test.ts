import { expect, test } from 'vitest';
import type { BreakEvenAnswer } from '../../src/analyses/break-even/answer.js';
import { breakEvenTable } from '../../src/report/breakeven.js';

/** An answer without plans, pairs or rungs: each test writes what it is about. */
const answer = (changed: Partial<BreakEvenAnswer>): BreakEvenAnswer => ({
  schemaVersion: '1.0.0',
  tool: { name: 'deploy-advisor', version: '0.0.0' },
  scenario: { name: 'Posts', file: 'posts.yaml', requestsPerDay: 1000, jobRequests: null },
  tables: { snapshot: '2026-08-21', asOf: '2026-11-20' },
  axis: 'requestsPerDay',
  plans: [],
  breakEven: [],
  ladder: [],
  ladderUpTo: 10_000_000,
  ...changed,
});

const lines = (changed: Partial<BreakEvenAnswer>, detail = false) =>
  breakEvenTable(answer(changed), detail).trimEnd().split('\n');

type Rung = BreakEvenAnswer['ladder'][number];
const rung = (from: number, to: number | null, kinds: Rung['kinds'], plan = 'one'): Rung => ({
  from,
  to,
  plan,
  label: plan,
  kinds,
  monthlyCost: 123_456,
});

test('a ladder stays in line and within 80 columns, however many digits or kinds', () => {
  const ladder = [
    rung(1, 24_304_253, ['cloud-api']),
    rung(24_304_254, 13_838_439_971, ['cloud-api', 'open-model-api', 'on-prem', 'self-hosted-cloud']),
    rung(13_838_439_972, null, ['serverless-gpu']),
  ];
  const rows = lines({ ladder });
  expect(rows.filter((line) => line.length > 80)).toEqual([]);
  const column = (text: string) => rows.find((line) => line.includes(text))?.indexOf(text);
  expect(column('to 24,304,253')).toBe(column('and on'));
  expect(column('to 24,304,253')).toBe(column('to 13,838,439,971'));
  expect(column('serverless GPU')).toBe(column('closed API'));
});

test('without a plan it does not say that nothing runs: rules may turn down what does', () => {
  expect(lines({})).toContain('no plan: nothing meets every rule of every task');
});

const pair = { a: 'one', b: 'two', axis: 'utilization', unit: 'share of capacity', upTo: 1, never: null };
const plan = (id: string, label: string, kinds: Rung['kinds']): BreakEvenAnswer['plans'][number] => ({
  plan: id,
  label,
  kinds,
  feasible: true,
  allowed: null,
  monthlyCost: 100,
  firstMonthCost: 100,
});

test('a place on an axis keeps the thousandths by which it was found', () => {
  const crossings = [{ at: 0.018, cheaperBelow: 'a' as const, cheaperAbove: 'b' as const }];
  const plans = [plan('one', 'one', ['cloud-api']), plan('two', 'two', ['on-prem'])];
  expect(lines({ plans, breakEven: [{ ...pair, crossings }] })).toContain(
    ' A / B A cheaper below 0.018, B cheaper from 0.018',
  );
});

test('kinds of a plan have one name, told once where all of it is of one', () => {
  const [api, hosted] = ['Closed API, billed per token', 'Hosted open model, billed per token'];
  const plans = [
    plan('one', `${hosted}: novita / x; ${hosted}: novita / y`, ['open-model-api']),
    plan('two', `${hosted}: novita / x; ${api}: openai / z`, ['open-model-api', 'cloud-api']),
  ];
  const rows = lines({ plans });
  expect(rows).toContain(' A hosted open model: novita / x; novita / y, $100 a month');
  expect(rows).toContain(' B hosted open model: novita / x; closed API: openai / z, $100 a month');
});

test('of a job that ends plans are compared by its size', () => {
  const plans = ['p0', 'p1'].map((id) => ({ ...plan(id, id, ['cloud-api']), monthlyCost: 1 }));
  const pair = { a: 'p0', b: 'p1', axis: 'requestsPerDay', unit: 'requests/day', upTo: 1_000_000 };
  const told = lines({
    // A day's share of a job of 3,000 requests in a month of 30 days.
    scenario: { name: 'Job', file: 'job.yaml', requestsPerDay: 100, jobRequests: 3000 },
    plans,
    ladder: [rung(1, 199, ['cloud-api'], 'p0'), rung(200, null, ['on-prem'], 'p1')],
    ladderUpTo: 1_000_000,
    breakEven: [{ ...pair, crossings: [{ at: 200, cheaperBelow: 'a', cheaperAbove: 'b' }], never: null }],
  }).join('\n');
  expect(told).toContain('a job of 3,000 requests; plans by requests of the job');
  expect(told).toContain('p0, $1.00 for the job');
  expect(told).toMatch(/^ +1 to 5,999 +closed API +A from/m);
  expect(told).toMatch(/^ +6,000 and on +own hardware +B from/m);
  expect(told).toContain('requests of the job, up to 30,000,000');
  expect(told).toContain('A cheaper below 6,000, B cheaper from 6,000');
  expect(told).not.toMatch(/a day|a month/);
});
