import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { adviceOf, advisedAmong, lateTasks, nearUsd, unsureTasks } from '../../src/decide/advice.js';
import type { Advice } from '../../src/decide/choice.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { capabilityScore } from '../../src/rules/model.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { committedCase } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

let tables: Tables;
let few: Tables;
beforeAll(async () => {
  tables = await shippedTables();
  few = fewRows(tables);
});

const chatbot = (...set: string[]): Promise<Context> => committedCase('support-chatbot', set);
const usd = (plan: Plan | null): number => Math.round(plan?.monthlyUsd ?? Number.NaN);
const modelsOf = (plan: Plan | null): string[] =>
  plan?.deployments.flatMap((one) => optionsOf(one).map(({ model }) => model)) ?? [];
const rulesOf = ({ moves }: Advice): string[] => moves.map(({ rule }) => rule);

describe('quality', () => {
  test('a model for phones is not taken for support to save 110 dollars: it is good enough in 77 % only', async () => {
    const advice = adviceOf(await chatbot());
    expect([usd(advice.cheapest), modelsOf(advice.cheapest)]).toEqual([77, ['google/gemma-3n-E4B-it']]);
    expect([usd(advice.advised), modelsOf(advice.advised)]).toEqual([187, ['qwen/qwen3-8b-fp8']]);
    expect(rulesOf(advice)).toEqual(['quality']);
  });

  test.each([
    { set: ['preferences.objective=cost'], why: 'cost is strictly the cheapest' },
    { set: ['tasks.support.capability.minIndex=34'], why: 'what the user wrote has no band' },
    { set: ['assumptions.capabilityConfidence=0.5'], why: 'half asks for no more than the likely values' },
    { set: ['assumptions.capabilityConfidence=0.77'], why: 'it is 77.5 % sure' },
  ])('$why: $set', async ({ set }) => {
    const advice = adviceOf(await chatbot(...set));
    expect([usd(advice.advised), rulesOf(advice)]).toEqual([77, []]);
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

  test('where nothing is sure enough the same is advised, and the reader is told to weigh it', async () => {
    const advice = adviceOf(await committedCase('device-keyboard'));
    expect(advice.advised?.id).toBe(advice.cheapest?.id);
    expect(advice.unkept).toMatchObject([{ rule: 'quality', plan: null }]);
  });

  test('limits on whole plans come first: what a budget forbids leaves what is less sure', async () => {
    const within = adviceOf(await chatbot('budget.monthly=100'));
    expect(usd(within.advised)).toBe(77);
    expect(within.unkept).toMatchObject([{ rule: 'quality', tasks: ['support'] }]);
    expect(usd(adviceOf(await chatbot('budget.monthly=200')).advised)).toBe(187);
  });

  test('of two tasks the one that can be sure is, whatever the other one does', async () => {
    const tasks = [
      { name: 'faq', type: 'faq-chat', share: '90%' },
      // Nothing on sale is sure enough of a need of 99.
      { name: 'hard', type: 'office-work-agent', share: '10%', thinking: 'forbidden' },
    ];
    const context = await caseOf({ workload: { volume: 10_000 }, tasks, preferences: { objective: 'advice' } }, few);
    const { advised, unkept } = adviceOf(context);
    expect(unsureTasks(advised as Plan, context)).toEqual(unkept.flatMap(({ tasks: left }) => left));
  });
});

describe('what is owned', () => {
  const office = (existing: object[], more: object = {}) =>
    caseOf(
      {
        workload: { volume: '1000 requests/day' },
        tasks: [{ type: 'faq-chat', capability: { minIndex: 34 } }],
        existing,
        preferences: { objective: 'advice' },
        ...more,
      },
      few,
    );

  test('is used first, unless something else saves more than a tenth and 100 dollars a month', async () => {
    const owned = adviceOf(
      await office([{ accelerator: 'l4-24gb', count: 2 }], { team: { yearlyCost: '$10001/year' } }),
    );
    expect(owned.advised?.deployments.map(({ option }) => option.purchase)).toEqual(['owned']);
    expect(rulesOf(owned)).toContain('owned');
    // People at their usual cost save far more on an API.
    const dear = adviceOf(await office([{ accelerator: 'l4-24gb', count: 2 }]));
    expect(dear.advised?.deployments.map(({ option }) => option.purchase)).not.toEqual(['owned']);
  });
});

describe('among a few plans the same rules choose', () => {
  test.each(['support-chatbot', 'five-approaches', 'voice-assistant', 'legal-rag', 'factory-sites', 'hr-system'])(
    '%s: the plan advised is that among all that the rules led over',
    async (name) => {
      const context = await committedCase(name);
      const { advised, cheapest, moves } = adviceOf(context);
      const plans = [advised, cheapest, ...moves.flatMap(({ from, to }) => [from, to])].filter((plan) => plan !== null);
      const rising = [...new Map(plans.map((plan) => [plan.id, plan])).values()].sort(
        (a, b) => a.monthlyUsd - b.monthlyUsd,
      );
      expect(advisedAmong(rising, context)?.id).toBe(advised?.id);
    },
  );
});

describe('what costs about the same', () => {
  test('is within two percent and 100 dollars', async () => {
    const { workload } = await chatbot();
    expect(nearUsd(1000, workload)).toBe(1020);
    expect(nearUsd(50_000, workload)).toBe(50_100);
  });

  test('nobody pays thousands a month for a fraction of a person that is in the bill already', async () => {
    const { cheapest, advised, moves } = adviceOf(await committedCase('evening-peaks'));
    const tied = moves.filter(({ rule }) => rule === 'tie');
    for (const { from, to } of tied) expect(to.monthlyUsd - from.monthlyUsd).toBeLessThanOrEqual(100);
    expect(usd(advised) - usd(cheapest)).toBeLessThan(3678);
  });
});

describe('waiting', () => {
  test('a plan that keeps the reader waiting three times as long as is usual says what keeping it would cost', async () => {
    for (const name of ['factory-sites', 'enterprise-suite', 'owned-laptop', 'hr-system']) {
      const context = await committedCase(name);
      const { advised, unkept } = adviceOf(context);
      const late = advised === null ? [] : lateTasks(advised, context);
      const told = unkept.filter(({ rule }) => rule === 'latency').flatMap(({ tasks }) => tasks);
      expect(late, name).toEqual(told);
      for (const { plan } of unkept)
        if (plan !== null && advised !== null) expect(plan.monthlyUsd).toBeGreaterThan(advised.monthlyUsd * 1.1);
    }
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
    adviceOf(await caseOf(written(volume, { preferences: { objective: 'cost' }, ...more }), few)).cheapest
      ?.monthlyUsd ?? Number.POSITIVE_INFINITY;
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

  test('is never dearer for a looser data rule, a lower need, or more people', async () => {
    const order = ['own-premises', 'own-account', 'under-contract', 'anywhere'];
    await fc.assert(
      fc.asyncProperty(volumes, fc.integer({ min: 31, max: 90 }), async (volume, need) => {
        const costs: number[] = [];
        for (const boundary of order) costs.push(await cheapestUsd(volume, { data: { boundary } }));
        for (const [i, cost] of costs.entries())
          if (i > 0) expect(cost).toBeLessThanOrEqual((costs[i - 1] as number) + 1e-6);
        const withNeed = async (minIndex: number): Promise<number> =>
          cheapestUsd(volume, { tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex } }] });
        expect(await withNeed(need - 1)).toBeLessThanOrEqual((await withNeed(need)) + 1e-6);
        const withPeople = async (devops: number): Promise<number> =>
          cheapestUsd(volume, { team: { devops, mlInfra: 1, mayHire: false } });
        expect(await withPeople(2)).toBeLessThanOrEqual((await withPeople(0)) + 1e-6);
      }),
      { ...runs, numRuns: 6 },
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

  test('is dearer, but not more than twice as dear, where people cost twice as much', async () => {
    const half = await cheapestUsd(50_000, {
      team: { yearlyCost: '$100000/year' },
      preferences: { objective: 'cost', only: ['self-hosted-cloud'] },
    });
    const whole = await cheapestUsd(50_000, {
      team: { yearlyCost: '$200000/year' },
      preferences: { objective: 'cost', only: ['self-hosted-cloud'] },
    });
    expect(whole).toBeGreaterThan(half);
    expect(whole).toBeLessThanOrEqual(2 * half + 1e-6);
  });
});
