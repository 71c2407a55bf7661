import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ActualMonth,
  type Actuals,
  added,
  nothingServed,
  type Served,
} from '../../src/analyses/backtest/actuals.js';
import { type Backtest, type BacktestOptions, backtest } from '../../src/analyses/backtest/backtest.js';
import { predictedBill } from '../../src/analyses/backtest/corrections.js';
import { changedMonth } from '../../src/analyses/backtest/months.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { monthUsd } from '../../src/decide/months.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { daysIn, monthAfter, monthsBetween } from '../../src/units/month.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

let tables: Tables;
let prose: Prose;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

const gpt4o = 'cloud-api/openai/gpt-4o'; // 2.5 and 10 per 1e6 tokens
const tool = { name: 'deploy-advisor', version: '0.0.0' };

const month = (
  name: string,
  first: string,
  served: Served,
  paidUsd: number,
  tasks: ReadonlyMap<string, Served> | null = null,
): ActualMonth => ({ ...served, month: name, index: monthsBetween(first, name), paidUsd, tasks });
const served = (requests: number, inputTokens: number, outputTokens: number): Served => ({
  requests,
  inputTokens,
  outputTokens,
});

function tested(
  written: Written,
  actuals: Actuals,
  plan: string | null,
  more: Partial<BacktestOptions> = {},
): Backtest {
  const source = { file: 'a.csv', text: '' };
  const found = backtest(readWritten(written, tables), tables, { asOf, plan, actuals, source, prose, tool, ...more });
  if ('code' in found) throw new Error(found.message);
  return found;
}

/** No retries and no caching: a bill that is a line through nothing. */
const linear = (workload: object = {}, tasks?: Written['tasks']): Written => ({
  workload: { volume: '1000 requests/day', profile: 'flat', ...workload },
  tasks: tasks ?? [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200, cacheablePrefix: 0 } }],
  assumptions: { retryRate: 0 },
});
/** Days of a September. */
const perMonth = 30;

describe('a linear bill, by hand', () => {
  // 1,000 tokens at 2.5 and 200 at 10 per 1e6: 0.0045 a request; 30,000 requests in September: 135.
  const predicted = 1000 * perMonth * 0.0045;

  test('volume, then mix, then price', () => {
    // 40,000 requests of 1,200 and 250 tokens, 0.0055 each, for which 200 were paid.
    const actual = month('2026-09', '2026-09', served(40_000, 48e6, 10e6), 200);
    const { months, total } = tested(linear(), { months: [actual], byTask: false }, gpt4o);
    const [row] = months;
    expect(row?.predicted).toBeCloseTo(predicted, 8);
    expect(row?.error).toBeCloseTo(200 - predicted, 8);
    expect(row?.causes.volume).toBeCloseTo(40_000 * 0.0045 - predicted, 8);
    expect(row?.causes.mix).toBeCloseTo(40_000 * (0.0055 - 0.0045), 8);
    expect(row?.causes.price).toBeCloseTo(200 - 40_000 * 0.0055, 8);
    expect(total.causes).toEqual(row?.causes);
    expect(row?.predictedServed.requests).toBeCloseTo(1000 * perMonth, 6);
    expect(row?.predictedServed.inputTokens).toBeCloseTo(1000 * perMonth * 1000, 3);
  });

  test('shares of tasks are mix: 60 % at 0.0045 and 40 % at 0.003 become 20 % and 80 %', () => {
    const two = linear({}, [
      { name: 'long', type: 'faq-chat', share: 0.6, tokens: { input: 1000, output: 200, cacheablePrefix: 0 } },
      { name: 'short', type: 'faq-chat', share: 0.4, tokens: { input: 400, output: 200, cacheablePrefix: 0 } },
    ]);
    const tasks = new Map([
      ['long', served(10_000, 10e6, 2e6)],
      ['short', served(40_000, 16e6, 8e6)],
    ]);
    const actual = month('2026-09', '2026-09', served(50_000, 26e6, 10e6), 165, tasks);
    const { months, corrections } = tested(two, { months: [actual], byTask: true }, gpt4o);
    const mean = 0.6 * 0.0045 + 0.4 * 0.003;
    expect(months[0]?.causes.volume).toBeCloseTo(50_000 * mean - 1000 * perMonth * mean, 8);
    expect(months[0]?.causes.mix).toBeCloseTo(10_000 * 0.0045 + 40_000 * 0.003 - 50_000 * mean, 8);
    expect(months[0]?.causes.price).toBeCloseTo(0, 8);
    const said = corrections.map(({ path, toText }) => `${path} ${toText}`);
    expect(said).toEqual(['workload.volume 1,670 requests/day', 'tasks.long.share 20%', 'tasks.short.share 80%']);
  });

  test('without the column task, tokens are spread as the scenario spreads them', () => {
    const two = linear({}, [
      { name: 'long', type: 'faq-chat', share: 0.5, tokens: { input: 1000, output: 200, cacheablePrefix: 0 } },
      { name: 'short', type: 'faq-chat', share: 0.5, tokens: { input: 400, output: 100, cacheablePrefix: 0 } },
    ]);
    // 700 and 150 were said of the mean request; it read twice that and wrote as much.
    const requests = 1000 * perMonth;
    const actual = month('2026-09', '2026-09', served(requests, requests * 1400, requests * 150), 150);
    const { months, corrections } = tested(two, { months: [actual], byTask: false }, gpt4o);
    expect(months[0]?.causes.volume).toBeCloseTo(0, 8);
    expect(months[0]?.causes.mix).toBeCloseTo(requests * 700 * 2.5e-6, 8);
    expect(corrections.map(({ set }) => set).sort()).toEqual([
      'tasks.long.tokens.input=2000',
      'tasks.short.tokens.input=800',
    ]);
  });

  test('growth counts from the first month, through a gap and past the horizon', () => {
    const growing = linear({ growth: '10% per month', horizon: '2 months' });
    const none = served(0, 0, 0);
    const months = ['2026-01', '2026-02', '2026-05'].map((name) => month(name, '2026-01', none, 0));
    const rows = tested(growing, { months, byTask: false }, gpt4o).months.map((row) => row.predicted);
    // Of 31, 28 and 31 days, 4.5 each.
    expect(rows[0]).toBeCloseTo(139.5, 8);
    expect(rows[1]).toBeCloseTo(126 * 1.1, 8);
    expect(rows[2]).toBeCloseTo(139.5 * 1.1 ** 4, 8);
  });

  test('prices change in the month they do: introductory ones end with 2026-08', () => {
    const sonnet = 'cloud-api/anthropic/claude-sonnet-5'; // 2 and 10, after 2026-08-31 3 and 15
    const months = ['2026-08', '2026-09'].map((name) => month(name, '2026-08', served(0, 0, 0), 0));
    const written = linear({}, [
      { name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200, cacheablePrefix: 0 } },
    ]);
    const [before, after] = tested(written, { months, byTask: false }, sonnet).months;
    expect(before?.predicted).toBeCloseTo(1000 * 31 * 0.004, 8);
    expect(after?.predicted).toBeCloseTo(1000 * perMonth * 0.006, 8);
  });

  test('a month without requests: all of it is volume, and what was paid is price', () => {
    const actual = month('2026-09', '2026-09', served(0, 0, 0), 7);
    const { causes } = tested(linear(), { months: [actual], byTask: false }, gpt4o).total;
    expect(causes.volume).toBeCloseTo(-predicted, 8);
    expect(causes.mix).toBe(0);
    expect(causes.price).toBeCloseTo(7, 8);
  });
});

test('machines that were bought for the busiest month stay when less is asked, and more are bought for more', async () => {
  const { workload } = await caseOf(linear({ growth: '10% per month', horizon: '6 months' }));
  const peak = workload.requestsPerDay * workload.peakGrowth;
  const days = daysIn(monthAfter(workload.firstMonth, 1));
  const at = (factor: number) =>
    changedMonth(workload, 1, ({ requestsPerDay }) => ({
      requests: requestsPerDay * days * factor,
      input: 1,
      output: 1,
    }));
  for (const factor of [0.2, 1, 1.3]) {
    const { requestsPerDay, peakGrowth } = at(factor);
    expect(requestsPerDay).toBeCloseTo(1100 * factor, 8);
    expect(requestsPerDay * peakGrowth).toBeCloseTo(peak, 8);
  }
  expect(at(5).peakGrowth).toBe(1);
});

describe('which plan', () => {
  const actuals = { months: [month('2026-09', '2026-09', served(1, 1, 1), 1)], byTask: false };
  test('the option asked for, else what is in use today, else the recommended one', () => {
    const inUse = { ...linear(), today: { option: 'cloud-api/openai/gpt-4o-mini' } };
    const named = ({ plan, planFrom }: Backtest) => [plan, planFrom];
    expect(named(tested(inUse, actuals, gpt4o))).toEqual([gpt4o, 'option']);
    expect(named(tested(inUse, actuals, null))).toEqual(['cloud-api/openai/gpt-4o-mini', 'today']);
    expect(tested(linear(), actuals, null).planFrom).toBe('recommended');
  });

  test('one that is not there is said, with what to do', () => {
    const gone = { ...linear(), today: { option: 'cloud-api/openai/gpt-0' } };
    const options = { asOf, plan: null, actuals, source: { file: 'a.csv', text: '' }, prose, tool };
    expect(backtest(readWritten(gone, tables), tables, options)).toEqual({
      code: 'no-such-plan',
      message: 'today.option of the scenario: cloud-api/openai/gpt-0 is not in the tables of 2026-08-21',
      suggestion: 'name the plan that was used: --option <id>',
    });
    const asked = { ...options, plan: 'cloud-api/openai/gpt-0' };
    expect(backtest(readWritten(linear(), tables), tables, asked)).toMatchObject({ code: 'no-such-plan' });
    expect(() =>
      backtest(readWritten(linear(), tables), tables, { ...options, actuals: { months: [], byTask: false } }),
    ).toThrow('actuals without a month');
  });
});

/** Plans whose bills are lines, steps and both. */
const plans: [string, Written, string][] = [
  ['an API with caching and retries', { ...linear(), assumptions: {} }, gpt4o],
  [
    'a thinking model in conversations',
    {
      workload: { volume: '9k conversations/day', turns: 4, growth: '7% per month' },
      tasks: [{ name: 'only', type: 'complex-reasoning', thinking: 'allowed' }],
    },
    'cloud-api/anthropic/claude-opus-5+thinking',
  ],
  [
    'documents found for every request',
    {
      workload: { volume: '20k requests/day', turns: 2 },
      tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 500, output: 100 } }],
      needs: { rag: { documents: '50M tokens', retrieved: 2500 } },
    },
    gpt4o,
  ],
  [
    'rented machines',
    { workload: { volume: '400k requests/day', growth: '3% per month' }, tasks: [{ name: 'only', type: 'faq-chat' }] },
    'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand',
  ],
  [
    'two places for two tasks, and developers',
    {
      workload: { volume: '50k requests/day' },
      tasks: [
        { name: 'faq', type: 'faq-chat', share: 0.9 },
        { name: 'hard', type: 'complex-reasoning', share: 0.1 },
        { name: 'night', type: 'summarization', volume: '5k requests/day', deadline: '24h' },
      ],
      development: { share: 0.1 },
    },
    '',
  ],
];
const splitId = (name: string): string =>
  [
    ['faq', 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand'],
    ['faq.dev', gpt4o],
    ['hard', gpt4o],
    ['hard.dev', gpt4o],
    ['night', 'cloud-api/openai/gpt-4o-mini'],
    ['night.dev', 'cloud-api/openai/gpt-4o-mini'],
  ]
    .map(([task, option]) => `${task}=${option}`)
    .join(';') + name;

describe.each(plans)('%s', (_, written, id) => {
  const planId = id === '' ? splitId('') : id;
  const first = '2026-05';
  const indexes = [0, 1, 2, 5];
  const calendar = { firstMonth: first, months: 6 };
  async function asPredicted(byTask: boolean): Promise<ActualMonth[]> {
    const context = await caseOf(written);
    const plan = findPlan(planId, context);
    if (typeof plan === 'string') throw new Error(plan);
    return indexes.map((index) => {
      const bill = predictedBill(plan, context, calendar, index);
      if (isUnpriced(bill)) throw new Error('no price');
      const sum = [...bill.tasks.values()].reduce(added<Served>, nothingServed);
      return { ...sum, month: monthAfter(first, index), index, paidUsd: bill.usd, tasks: byTask ? bill.tasks : null };
    });
  }

  test.each([false, true])('what the engine itself predicts has no error (by task: %s)', async (byTask) => {
    const { months, total, corrections } = tested(written, { months: await asPredicted(byTask), byTask }, planId);
    for (const { predicted, error, causes } of months) {
      expect(predicted).toBeGreaterThan(0);
      for (const usd of [error, causes.volume, causes.mix, causes.price])
        expect(Math.abs(usd)).toBeLessThan(1e-9 * predicted);
    }
    expect(Math.abs(total.error)).toBeLessThan(1e-9 * total.predicted);
    expect(corrections).toEqual([]);
  });

  test('the bill of the first month is that of the timeline, less people', async () => {
    // The timeline has months of `hoursPerMonth`: let all be as long as the first one.
    const { firstMonth } = (await caseOf(written)).workload;
    const hoursPerMonth = daysIn(firstMonth) * 24;
    const context = await caseOf({ ...written, assumptions: { ...(written.assumptions ?? {}), hoursPerMonth } });
    const plan = findPlan(planId, context);
    if (typeof plan === 'string') throw new Error(plan);
    const bill = predictedBill(plan, context, { firstMonth: context.workload.firstMonth, months: 1 }, 0);
    const here = isUnpriced(bill) ? Number.NaN : bill.usd;
    const people = (plan.fte * context.workload.team.yearlyCostUsd) / 12;
    const fixed = context.workload.growth.length === 1;
    // Growth may move the fleet, and with it the people of the average month.
    if (fixed) expect(here).toBeCloseTo(monthUsd(plan, context, 0) - people, 6);
    else expect(here).toBeLessThanOrEqual(monthUsd(plan, context, 0) * (1 + 1e-12));
  });

  test('causes add up to the error, whatever was; paid at the prices there is none of price', async () => {
    const base = await asPredicted(true);
    const factor = fc.double({ min: 0, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, factor, factor, factor), { minLength: 4, maxLength: 4 }), (factors) => {
        const months = base.map((one, i): ActualMonth => {
          const [requests, input, output, paid] = factors[i] as [number, number, number, number];
          const moved = (was: Served): Served => ({
            requests: Math.round(was.requests * requests),
            inputTokens: Math.round(was.inputTokens * requests * input),
            outputTokens: Math.round(was.outputTokens * requests * output),
          });
          const tasks = new Map([...(one.tasks ?? [])].map(([task, was]) => [task, moved(was)]));
          return { ...one, ...moved(one), paidUsd: one.paidUsd * paid, tasks };
        });
        for (const byTask of [true, false]) {
          const given = byTask ? months : months.map((one) => ({ ...one, tasks: null }));
          const found = tested(written, { months: given, byTask }, planId);
          for (const { predicted, paid, error, causes } of [...found.months, found.total]) {
            const size = 1e-9 * (predicted + paid + Math.abs(causes.volume) + Math.abs(causes.mix));
            expect(Math.abs(causes.volume + causes.mix + causes.price - error)).toBeLessThan(size);
            expect(error).toBeCloseTo(paid - predicted, 4);
          }
          const atPrices = given.map((one, i) => {
            const row = found.months[i];
            return { ...one, paidUsd: one.paidUsd - (row?.causes.price ?? 0) };
          });
          for (const { causes, predicted } of tested(written, { months: atPrices, byTask }, planId).months)
            expect(Math.abs(causes.price)).toBeLessThan(1e-9 * (predicted + Math.abs(causes.volume) + 1));
        }
      }),
      { numRuns: 15 },
    );
  });
});

test('what to correct is what was changed: the scenario so corrected has no error left', async () => {
  const truth: Written = {
    workload: { volume: '13000 requests/day', profile: 'flat', turns: 3 },
    tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 900, output: 250, cacheablePrefix: 300 } }],
  };
  const context = await caseOf(truth);
  const plan = findPlan(gpt4o, context);
  if (typeof plan === 'string') throw new Error(plan);
  const indexes = [0, 1, 2, 3];
  const months = indexes.map((index): ActualMonth => {
    const bill = predictedBill(plan, context, { firstMonth: '2026-07', months: 4 }, index);
    if (isUnpriced(bill)) throw new Error(bill.unpriced);
    const task = bill.tasks.get('only') as Served;
    return { ...task, month: monthAfter('2026-07', index), index, paidUsd: bill.usd * 0.9, tasks: null };
  });
  const guess: Written = {
    workload: { volume: '8000 requests/day', profile: 'flat', turns: 3 },
    tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 600, output: 250, cacheablePrefix: 200 } }],
  };
  const { corrections } = tested(guess, { months, byTask: false }, gpt4o);
  const byPath = new Map(corrections.map((one) => [one.path, one]));
  expect(byPath.get('workload.volume')?.to).toBeCloseTo(13_000, 4);
  expect(byPath.get('prices.discounts')?.set).toMatch(/percent: \d/);
  expect(corrections.every(({ set }) => set !== null)).toBe(true);
  expect(corrections.map(({ set }) => set)).toContain('workload.volume=13000 requests/day');
  // Earlier turns come again without the prefix, which stays at 200: x + (x - 200 + 250) = 900 + (900 - 300 + 250).
  expect(byPath.get('tasks.only.tokens.input')?.to).toBeCloseTo(850, 6);
  const [first, second] = corrections.map(({ explainsUsd }) => Math.abs(explainsUsd));
  expect(first).toBeGreaterThan(second as number);
});

test.each([false, true])(
  'of what is redacted first too: answers, and texts that are written again (by task: %s)',
  async (byTask) => {
    const written = (input: number, output: number): Written => ({
      workload: { volume: '10k requests/day', profile: 'flat' },
      tasks: [
        {
          name: 'only',
          type: 'faq-chat',
          tokens: { input, output, cacheablePrefix: '20%' },
          sensitive: { share: '10%', redaction: { type: 'personal-data-redaction' } },
        },
      ],
    });
    const id = ['redaction', 'redacted', 'rest'].map((part) => `only.${part}=${gpt4o}`).join(';');
    const context = await caseOf(written(2000, 460));
    const plan = findPlan(id, context);
    if (typeof plan === 'string') throw new Error(plan);
    const calendar = { firstMonth: '2026-07', months: 2 };
    const months = [0, 1].map((index): ActualMonth => {
      const bill = predictedBill(plan, context, calendar, index);
      if (isUnpriced(bill)) throw new Error('no price');
      const { requests, inputTokens, outputTokens } = bill.tasks.get('only') as Served;
      const all = served(requests, inputTokens, outputTokens);
      return month(monthAfter('2026-07', index), '2026-07', all, bill.usd, byTask ? new Map([['only', all]]) : null);
    });
    // A request writes 460, and a tenth of them 80 % of 2,000 again.
    expect((months[0]?.outputTokens ?? 0) / (months[0]?.requests ?? 0)).toBeCloseTo(620, 6);
    const { total, corrections } = tested(written(4000, 300), { months, byTask }, id);
    expect(Math.abs(total.causes.price)).toBeLessThan(1e-6 * total.paid);
    expect(corrections.map(({ set }) => set)).toEqual(['tasks.only.tokens.input=2000', 'tasks.only.tokens.output=460']);
  },
);

test('snapshots that are nearer to some months are told, one warning each', () => {
  const months = ['2025-12', '2026-03', '2026-05', '2026-08'].map((name) => month(name, '2025-12', served(1, 1, 1), 1));
  const snapshots = ['2025-09-30', '2026-03-31', '2026-08-21'];
  const { warnings } = tested(linear(), { months, byTask: false }, gpt4o, { snapshots });
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'other-prices-nearer: prices are those of 2026-08-21; those of 2025-09-30 are nearer to 2025-12: --pricing 2025-09-30',
    'other-prices-nearer: prices are those of 2026-08-21; those of 2026-03-31 are nearer to 2026-03 to 2026-05: --pricing 2026-03-31',
  ]);
});

test('tasks that no row is of, though rows name others, are told once', () => {
  const tasks = ['long', 'short', 'other'].map((name) => ({
    name,
    type: 'faq-chat',
    volume: '100 requests/day',
    tokens: { input: 1000, output: 200, cacheablePrefix: 0 },
    ...(name === 'other' && { easy: { share: '50%' } }),
  }));
  const rows = (names: readonly string[]) => {
    const each = new Map(names.map((name) => [name, served(3000, 3e6, 6e5)]));
    const all = served(3000 * names.length, 3e6 * names.length, 6e5 * names.length);
    const months = [month('2026-09', '2026-09', all, 13.5 * names.length, each)];
    return tested(linear({ volume: '300 requests/day' }, tasks), { months, byTask: true }, gpt4o).warnings;
  };
  const told = (names: readonly string[]) => rows(names).filter(({ code }) => code === 'task-without-rows');
  expect(told(['long'])).toEqual([
    { code: 'task-without-rows', figures: {}, message: 'no row is of short, other: taken as no requests' },
  ]);
  expect(told(['long', 'short', 'other'])).toEqual([]);
});

test('a task with a volume of its own that had no requests is told so, with nothing that no scenario takes', () => {
  const own = (name: string) => ({
    name,
    type: 'faq-chat',
    volume: '100 requests/day',
    tokens: { input: 1000, output: 200, cacheablePrefix: 0 },
  });
  const written = linear({ volume: '200 requests/day' }, ['long', 'short'].map(own));
  const all = served(3300, 3.3e6, 6.6e5);
  const months = [month('2026-09', '2026-09', all, 14.85, new Map([['long', all]]))];
  const { corrections } = tested(written, { months, byTask: true }, gpt4o);
  expect(corrections.find(({ path }) => path === 'tasks.short.volume')).toMatchObject({
    toText: '0 requests/day',
    set: null,
  });
  const set = corrections.flatMap((one) => one.set ?? []);
  expect(set).not.toEqual([]);
  expect(readWritten(written, tables).changed(set)).not.toBeNull();
});

test('with months without requests the volume is corrected to what all months had, and the correction fits', () => {
  const requests = [1_000_000, 0, 1_100_000, 1_210_000, 0];
  const months = requests.map((count, i) =>
    month(`2026-0${5 + i}`, '2026-05', served(count, 1000 * count, 200 * count), 0.0045 * count),
  );
  const { corrections } = tested(linear({ volume: '40k requests/day' }), { months, byTask: false }, gpt4o);
  // 3,310,000 in the 153 days from May to September.
  expect(corrections.map(({ path }) => path)).toEqual(['workload.volume']);
  expect(corrections[0]?.to).toBeCloseTo(3_310_000 / 153, 6);
  const again = tested(linear({ volume: `${corrections[0]?.to} requests/day` }), { months, byTask: false }, gpt4o);
  expect(again.total.error).toBeCloseTo(0, 6);
  expect(again.corrections).toEqual([]);
});

test('tokens that nobody sent or got are told, though no scenario takes them', () => {
  const months = [month('2026-09', '2026-09', served(30_000, 0, 0), 0)];
  const { corrections } = tested(linear(), { months, byTask: false }, gpt4o);
  const tokens = corrections.filter(({ path }) => path.startsWith('tasks.only.tokens.'));
  expect(tokens.map(({ path, toText, set }) => [path.split('.').at(-1), toText, set]).sort()).toEqual([
    ['input', '0 tokens', null],
    ['output', '0 tokens', null],
  ]);
});
