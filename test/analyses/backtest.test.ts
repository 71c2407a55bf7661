import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ActualMonth,
  type Actuals,
  added,
  nothingServed,
  type Served,
} from '../../src/analyses/backtest/actuals.js';
import { type Backtest, type BacktestOptions, backtest } from '../../src/analyses/backtest/backtest.js';
import { predictedBill } from '../../src/analyses/backtest/corrections.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { monthAfter, monthsBetween } from '../../src/units/month.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, namedPlan, readWritten, tool, type Written } from '../support/scenario.js';

const { tables, prose } = await shipped();

const gpt4o = 'cloud-api/openai/gpt-4o'; // 2.5 and 10 per 1e6 tokens

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
    const plan = namedPlan(planId, context);
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
      { numRuns: 6 },
    );
  });
});

test('what to correct is what was changed: the scenario so corrected has no error left', async () => {
  const truth: Written = {
    workload: { volume: '13000 requests/day', profile: 'flat', turns: 3 },
    tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 900, output: 250, cacheablePrefix: 300 } }],
  };
  const context = await caseOf(truth);
  const plan = namedPlan(gpt4o, context);
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
