import { describe, expect, test } from 'vitest';
import { choose } from '../../src/decide/choose.js';
import { type Merits, meritsOf } from '../../src/decide/merits.js';
import { bestByObjective } from '../../src/decide/objective.js';
import type { Plan } from '../../src/decide/plan.js';
import { shippedTables } from '../load.js';
import { someOf } from './brute-force.js';
import { byDefinition, everyMerit } from './every-merit.js';
import { caseOf, decide, tablesWith, type Written } from './scenario.js';

const minute = 60_000;
const tieBand = 0.05;
const faq = { name: 'faq', type: 'faq-chat' };
const code = { name: 'code', type: 'code-chat' };
const two = [
  { ...faq, share: '80%' },
  { ...code, share: '20%' },
];

const worthOf = {
  balanced: ({ scores }: Merits) => scores.total ?? 0,
  quality: ({ scores }: Merits) => scores.capability ?? 0,
};

describe('the objective ranks as a sort of every plan does', () => {
  const cases: { why: string; seed: number; part: number; bare: boolean; written: Written }[] = [
    {
      why: 'APIs, one task',
      seed: 1,
      part: 0.2,
      bare: true,
      written: { workload: { volume: '50k requests/day' }, tasks: [faq] },
    },
    {
      why: 'APIs, two tasks',
      seed: 2,
      part: 0.08,
      bare: true,
      written: { workload: { volume: '300k requests/day' }, tasks: two },
    },
    {
      why: 'machines too',
      seed: 3,
      part: 0.02,
      bare: false,
      written: { workload: { volume: '20M requests/day' }, tasks: [faq] },
    },
    {
      why: 'a team, and data that may not go anywhere',
      seed: 5,
      part: 0.03,
      bare: false,
      written: {
        workload: { volume: '2M requests/day' },
        tasks: [faq],
        data: { sensitivity: 'pii' },
        team: { devops: 2, free: '0.5 FTE' },
      },
    },
    {
      why: 'a budget',
      seed: 1,
      part: 0.2,
      bare: true,
      written: { workload: { volume: '500k requests/day' }, tasks: [code], budget: { monthly: 9000 } },
    },
  ];
  const grid = cases.flatMap((one) => (['balanced', 'quality'] as const).map((objective) => ({ ...one, objective })));
  test.each(grid)(
    '$objective: $why',
    async ({ seed, part, bare, written, objective }) => {
      const some = someOf(await shippedTables(), part, seed);
      const tables = bare ? tablesWith(some, { rental: [], hosting: [], accelerators: [] }) : some;
      const preferences = { exclude: ['overflow'], objective };
      const of = await caseOf({ ...written, preferences, assumptions: { objectiveDecisions: 2000 } }, tables);
      const choice = choose(of);
      const cheapest = choice.cheapest as Plan;
      const budget = of.demand.rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY;
      const all = everyMerit(of, cheapest).filter(({ usd }) => usd <= budget);
      const value = worthOf[objective];
      const { best, advised } = byDefinition(all, value, tieBand);
      const found = meritsOf(choice.advised as Plan, cheapest, of);
      expect(choice.ranked?.complete).toBe(true);
      expect(value(found)).toBeGreaterThanOrEqual(best * (1 - tieBand) - 0.02);
      expect(found.fte).toBeCloseTo(advised.fte, 6);
      expect(found.deployments).toBe(advised.deployments);
      expect(found.scores.capability ?? 0).toBeGreaterThanOrEqual((advised.scores.capability ?? 0) - 0.02);
      if (objective === 'quality') expect(found.usd).toBeLessThanOrEqual(advised.usd * (1 + 1e-9));
    },
    minute,
  );
});

test(
  'the cheapest is not the most capable: quality pays more, and says what for',
  async () => {
    const written = { workload: { volume: '50k requests/day' }, tasks: [faq] };
    const tables = tablesWith(await shippedTables(), { rental: [], hosting: [], accelerators: [] });
    const cost = await decide(written, { tables });
    const quality = await decide({ ...written, preferences: { objective: 'quality' } }, { tables });
    const balanced = await decide({ ...written, preferences: { objective: 'balanced' } }, { tables });
    for (const { recommendation: plan } of [quality, balanced]) {
      expect(plan.cheapest?.plan).toBe(cost.recommendation.cheapest?.plan);
      expect(plan.premium).toBeCloseTo((plan.monthlyCost ?? 0) - (plan.cheapest?.monthlyCost ?? 0), 6);
    }
    expect(quality.recommendation.scores?.capability).toBeGreaterThan(cost.recommendation.scores?.capability ?? 100);
    expect(balanced.recommendation.scores?.total).toBeGreaterThanOrEqual(cost.recommendation.scores?.total ?? 100);
    const told = quality.recommendation.why.find(({ code: id }) => id === 'objective');
    expect(told?.figures.less).toBeCloseTo(-(quality.recommendation.premium ?? 0), 6);
    expect(told?.figures.score).toBe(quality.recommendation.scores?.capability);
    expect(quality.warnings.map(({ code: id }) => id)).not.toContain('not-considered');
  },
  minute,
);

test('decisions that do not last are said', async () => {
  const written = { workload: { volume: '50k requests/day' }, tasks: [faq], preferences: { objective: 'balanced' } };
  const tables = tablesWith(await shippedTables(), { rental: [], hosting: [], accelerators: [] });
  const { warnings } = await decide({ ...written, assumptions: { objectiveDecisions: 2 } }, { tables });
  expect(warnings).toContainEqual(expect.objectContaining({ code: 'objective-incomplete', figures: { decisions: 2 } }));
});

test('quality finds the highest score by itself, whatever the cheapest plan scores', async () => {
  const tables = tablesWith(await shippedTables(), { rental: [], hosting: [], accelerators: [] });
  const of = await caseOf(
    { workload: { volume: '50k requests/day' }, tasks: [code], preferences: { objective: 'quality' } },
    tables,
  );
  const decisions: number[] = [];
  const { cheapest } = choose(of);
  const found = bestByObjective(of, cheapest as Plan, (limitedCase) => {
    decisions.push(limitedCase.demand.slices[0]?.needs.capability.scoreAtLeast ?? 0);
    return null;
  });
  expect(found.advised.id).toBe(cheapest?.id);
  expect(Math.max(...decisions)).toBe(100);
});
