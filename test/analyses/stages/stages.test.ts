import { describe, expect, test } from 'vitest';
import { type AssessOptions, assess } from '../../../src/analyses/assess.js';
import { cheapestSteps } from '../../../src/analyses/stages/stages.js';
import type { Decision } from '../../../src/decide/decision.js';
import { fewDecisions } from '../../support/few-rows.js';
import { shipped } from '../../support/load.js';
import { asOf, readWritten, tool, type Written } from '../../support/scenario.js';

const growing = (more: object = {}, workload: object = {}): Written => ({
  name: 'grows',
  workload: { volume: '20k requests/day', growth: '25% per month', horizon: '24 months', ...workload },
  tasks: [{ type: 'faq-chat', tokens: { input: 1500, output: 500 }, capability: { minIndex: 60 } }],
  preferences: { objective: 'advice' },
  ...more,
});
async function decide(written: Written, options: Partial<AssessOptions> = {}): Promise<Decision> {
  const { tables, prose } = await shipped();
  return assess(readWritten(written, tables), tables, { asOf, prose, tool, point: true, ...options });
}
describe('a product that grows by a quarter a month', () => {
  test('its range is that of all stages: of a later one at least what a volume unknown by a third makes of it', async () => {
    const { recommendation } = await decide(growing({ assumptions: fewDecisions }), {
      point: false,
      draws: 'all',
      flips: 'none',
    });
    const { stages, monthlyCost, monthlyCostRange: range } = recommendation;
    const [first, later] = stages as [(typeof stages)[number], (typeof stages)[number]];
    expect(stages).toHaveLength(2);
    // A fifth and more up and a tenth down of the months in which most is paid.
    const paidLater = (later.monthlyCost * later.months) / 24;
    expect(paidLater).toBeGreaterThan((first.monthlyCost * first.months) / 24);
    expect((range?.p95 ?? 0) - (monthlyCost ?? 0)).toBeGreaterThan(0.2 * paidLater);
    expect((monthlyCost ?? 0) - (range?.p5 ?? 0)).toBeGreaterThan(0.1 * paidLater);
  });

  test('starts on an API and moves to machines once, which saves 5 to 25 percent against one plan for all months', async () => {
    const { recommendation, timeline, playbook } = await decide(growing(), {
      point: false,
      draws: 'none',
      flips: 'none',
    });
    const { stages, onePlan, monthlyCost, costParts, cheapest, premium, payback } = recommendation;
    expect(stages.map(({ kinds }) => kinds.join())).toEqual(['open-model-api', 'serverless-gpu']);
    expect(recommendation.plan).toBe(stages[0]?.plan);
    expect(stages.map(({ fromMonth, months }) => [fromMonth, months])).toEqual([
      [1, stages[1] && stages[1].fromMonth - 1],
      [stages[1]?.fromMonth, 24 - (stages[0]?.months ?? 0)],
    ]);
    const saved = 1 - (monthlyCost ?? 0) / (onePlan?.monthlyCost ?? 0);
    expect(saved).toBeGreaterThan(0.05);
    expect(saved).toBeLessThan(0.25);
    // All months together, their parts and their payments are the same sum.
    const inAll = stages.reduce((sum, { monthlyCost: usd, months, moveCost }) => sum + usd * months + moveCost, 0);
    expect(inAll / 24).toBeCloseTo(monthlyCost ?? 0, 4);
    expect(costParts.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(monthlyCost ?? 0, 4);
    const paid = timeline.reduce((sum, row) => sum + row.paid, 0);
    expect(timeline).toHaveLength(25);
    expect(paid + (payback?.capitalCost ?? 0)).toBeCloseTo(inAll, 2);
    expect(premium).toBeCloseTo((monthlyCost ?? 0) - (cheapest?.monthlyCost ?? 0), 6);
    const step = playbook.find(({ id }) => id === 'next-stage');
    expect(step?.do).toContain(`in ${stages[1]?.date}, `);
    expect(step?.figures).toMatchObject({
      stageCost: stages[1]?.monthlyCost,
      stageVolume: stages[1]?.requestsPerDay,
      stageMoveCost: stages[1]?.moveCost,
    });
    expect(stages[1]?.requestsPerDay).toBeCloseTo(20_000 * 1.25 ** (stages[0]?.months ?? 0), 3);
  });

  test('what is told of the first stage is what a horizon of its months gives', async () => {
    const { recommendation } = await decide(growing());
    const [first] = recommendation.stages;
    const alone = await decide(growing({}, { horizon: `${first?.months} months` }), { followedBy: [] });
    expect(alone.recommendation.plan).toBe(first?.plan);
    expect(alone.recommendation.monthlyCost).toBe(first?.monthlyCost);
    expect(alone.recommendation.assignments).toEqual(recommendation.assignments);
  });
});

test.each([
  ['nothing grows', growing({}, { growth: '0%' })],
  ['the cheapest single plan is asked for', growing({ preferences: { objective: 'cost' } })],
  ['what moving would save is small', growing({}, { growth: '1% per month' })],
  ['there is one month', growing({}, { horizon: '1 month' })],
])('one plan stays where %s', async (_, written) => {
  const { recommendation } = await decide(written);
  const { stages, plan, monthlyCost } = recommendation;
  expect(stages).toMatchObject([{ fromMonth: 1, plan, monthlyCost, moveCost: 0 }]);
  expect(recommendation.onePlan).toBeNull();
});

describe('the cheapest way through the months', () => {
  /** Every way to cut the months and to fill the cuts. */
  function* everyWay(plans: number, months: number, moves: number, from = 0): Generator<number[][]> {
    if (moves === 0) {
      for (let p = 0; p < plans; p++) yield [[p, from, months]];
      return;
    }
    for (let to = from + 1; to < months; to++)
      for (let p = 0; p < plans; p++)
        for (const rest of everyWay(plans, months, moves - 1, to))
          if (rest[0]?.[0] !== p) yield [[p, from, to], ...rest];
  }
  const usdOf = (
    way: readonly (readonly number[])[],
    stageUsd: (p: number, from: number, to: number) => number,
    moveUsd: (p: number, q: number, month: number) => number,
  ): number =>
    way.reduce((sum, step, i) => {
      const [p, from, to] = step as [number, number, number];
      const before = way[i - 1]?.[0];
      return sum + stageUsd(p, from, to) + (before === undefined ? 0 : moveUsd(before, p, from));
    }, 0);

  test('is that of all ways, of made-up costs', () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let round = 0; round < 40; round++) {
      const [plans, months, moves] = [2 + (round % 3), 3 + (round % 4), round % 3];
      const costs = new Map<string, number>();
      const cost = (key: string, most: number): number => {
        if (!costs.has(key)) costs.set(key, random() < 0.1 ? Number.POSITIVE_INFINITY : random() * most);
        return costs.get(key) as number;
      };
      const stageUsd = (p: number, from: number, to: number) => cost(`${p} ${from} ${to}`, 10) * (to - from);
      const moveUsd = (p: number, q: number, month: number) => cost(`${p}>${q} ${month}`, 5);
      const all = [...everyWay(plans, months, moves)].map((way) => usdOf(way, stageUsd, moveUsd));
      const least = Math.min(...all);
      const steps = cheapestSteps(plans, months, moves, stageUsd, moveUsd);
      const found = steps?.map(({ p, from, to }) => [p, from, to]) ?? null;
      expect(found === null ? Number.POSITIVE_INFINITY : usdOf(found, stageUsd, moveUsd)).toBeCloseTo(least, 9);
      // Below a limit it is the same one, and there is none where the limit is what it costs.
      expect(cheapestSteps(plans, months, moves, stageUsd, moveUsd, least + 1e-6)).toEqual(steps);
      expect(cheapestSteps(plans, months, moves, stageUsd, moveUsd, least - 1e-6)).toBeNull();
    }
  });
});
