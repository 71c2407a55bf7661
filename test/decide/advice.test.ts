import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustedPricesIn, unsureTasks } from '../../src/decide/adjusted-plan.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { capabilityScore } from '../../src/rules/model.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { cheapestIn } from '../support/cheapest.js';
import { committedCase } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

const tables = await shippedTables();
const few = fewRows(tables);

const chatbot = (...set: string[]): Promise<Context> => committedCase('support-chatbot', set);
const usd = (plan: Plan | null): number => Math.round(plan?.monthlyUsd ?? Number.NaN);

describe('quality', () => {
  test('a model for phones is the cheapest for support, and is not taken: it is good enough in 77 % only', async () => {
    const context = await chatbot();
    const { cheapest, advised } = choose(context);
    expect([usd(cheapest), cheapest?.deployments.flatMap((one) => optionsOf(one).map(({ model }) => model))]).toEqual([
      77,
      ['google/gemma-3n-E4B-it'],
    ]);
    expect([cheapest, advised].map((plan) => unsureTasks(plan as Plan, adjustedPricesIn(context.workload)))).toEqual([
      ['support'],
      [],
    ]);
  });

  test.each([
    { type: 'classification', bar: 43 },
    { type: 'faq-chat', bar: 45 },
    { type: 'rag-answering', bar: 54 },
    { type: 'code-chat', bar: 72 },
    { type: 'code-agent', bar: 87 },
    { type: 'office-work-agent', bar: 94 },
  ])(
    'the confidence raises the bar of $type to $bar, for a model with a band of five points',
    async ({ type, bar }) => {
      const { workload } = await caseOf({ workload: { volume: 1000 }, tasks: [{ type }] }, tables);
      const [taskPart] = workload.taskParts as [TaskPart];
      const sure = (index: number): number => {
        const band = {
          index,
          indexLow: index - 2.5,
          indexHigh: index + 2.5,
          indexStandard: index,
          indexThinking: null,
        };
        const option = { capability: { ...band, useLow: false }, mode: 'standard', lossAt50: 0 };
        return (capabilityScore(option as unknown as Option, taskPart) ?? 0) / 100;
      };
      const lowest = Array.from({ length: 1001 }, (_, tenth) => tenth / 10).find((index) => sure(index) >= 0.85);
      expect(Math.round(lowest ?? 0)).toBe(bar);
    },
  );

  test('limits on whole plans come first: what a budget forbids leaves what is less sure', async () => {
    const within = choose(await chatbot('budget.monthly=100'));
    expect(usd(within.advised)).toBeLessThanOrEqual(100);
    expect(within.unsure).toEqual(['support']);
    // What is sure enough costs 187 at the least.
    const more = choose(await chatbot('budget.monthly=200'));
    expect([usd(more.advised), more.unsure]).toEqual([187, []]);
  });
});

/** Laws of the cheapest plan, before soft rules. */
describe('the cheapest plan', () => {
  const written = (volume: number, more: object = {}) => ({
    workload: { volume: `${volume} requests/day` },
    tasks: [
      { name: 'faq', type: 'faq-chat', share: '70%', capability: { minIndex: 40 } },
      { name: 'mail', type: 'summarization', share: '30%', capability: { minIndex: 30 } },
    ],
    ...more,
  });
  const cheapestUsd = async (volume: number, more: object = {}): Promise<number> =>
    cheapestIn(await caseOf(written(volume, { preferences: { objective: 'cost' }, ...more }), few))?.monthlyUsd ??
    Number.POSITIVE_INFINITY;
  const volumes = fc.integer({ min: 10, max: 3_000_000 });
  const runs = { numRuns: 12, seed: 5 };

  test('never jumps between neighboring volumes by more than a machine, a set-up and what people are there once', async () => {
    await fc.assert(
      fc.asyncProperty(volumes, async (volume) => {
        const context = await caseOf(written(volume), few);
        const { assume, team, months, hoursPerMonth } = context.workload;
        const machine = 98 * hoursPerMonth;
        const once =
          ((assume('fteOwnWeightsBase') + assume('ftePerFleet') + assume('fteOnCall') + 1) * team.yearlyCostUsd) / 12;
        const setup = (30 / 52 / months) * team.yearlyCostUsd;
        const [here, next] = [await cheapestUsd(volume), await cheapestUsd(volume + 1)];
        expect(Math.abs(next - here)).toBeLessThan(machine + once + setup);
        expect(next).toBeGreaterThanOrEqual(here * (1 - 1e-6) - 1e-6);
      }),
      runs,
    );
  });

  test('is never dearer for one more owned machine or a longer deadline', async () => {
    await fc.assert(
      fc.asyncProperty(volumes, fc.integer({ min: 0, max: 3 }), async (volume, count) => {
        const withCards = async (cards: number): Promise<number> =>
          cheapestUsd(volume, cards === 0 ? {} : { existing: [{ accelerator: 'l4-24gb', count: cards }] });
        expect(await withCards(count + 1)).toBeLessThanOrEqual((await withCards(count)) * (1 + 1e-9) + 1e-6);
        const within = async (deadline: string): Promise<number> =>
          cheapestUsd(volume, { tasks: [{ type: 'summarization', deadline, capability: { minIndex: 30 } }] });
        let before = Number.POSITIVE_INFINITY;
        for (const deadline of ['1h', '3h', '6h', '12h', '24h']) {
          const now = await within(deadline);
          expect(now).toBeLessThanOrEqual(before * (1 + 1e-9) + 1e-6);
          before = now;
        }
      }),
      { ...runs, numRuns: 6 },
    );
  });
});
