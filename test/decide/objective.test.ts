import { describe, expect, test } from 'vitest';
import { choose } from '../../src/decide/choose.js';
import { isWithin, type Limits } from '../../src/decide/filter.js';
import { bestByObjective, keepsLimits, type Merits, meritsOf } from '../../src/decide/objective.js';
import type { Plan } from '../../src/decide/plan.js';
import { cheapestPlan } from '../../src/decide/ways.js';
import type { Context } from '../../src/places/placement.js';
import type { ApiRow } from '../../src/tables/rows.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { someOf } from '../support/brute-force.js';
import { byDefinition, everyMerit } from '../support/every-merit.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

const minute = 60_000;
const faq = { name: 'faq', type: 'faq-chat' };
const code = { name: 'code', type: 'code-chat' };
const two = [
  { ...faq, share: '80%' },
  { ...code, share: '20%' },
];

const costAlone = { volume: 1, sensitivity: 0, capability: 0, team: 0, latency: 0 };

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
      const context = await caseOf({ ...written, preferences, assumptions: { objectiveDecisions: 2000 } }, tables);
      const choice = choose(context);
      const cheapest = choice.cheapest as Plan;
      const budget = context.workload.rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY;
      const all = everyMerit(context, cheapest).filter(({ usd }) => usd <= budget);
      const value = worthOf[objective];
      const { first, best, advised } = byDefinition(all, value, context);
      const found = meritsOf(choice.advised as Plan, first, context);
      expect(choice.advice.ranked?.complete).toBe(true);
      // Capability is told apart in steps of 0.01 points.
      expect(value(found)).toBeGreaterThanOrEqual(best - 0.02);
      expect(found.usd).toBeLessThanOrEqual(advised.usd * (1 + 1e-9));
    },
    minute,
  );
});

test(
  'the cheapest is not the most capable: quality pays more, and says what for',
  async () => {
    // A need that is said leaves none unsure: nothing but the objective moves the plan.
    const written = { workload: { volume: '50k requests/day' }, tasks: [{ ...faq, capability: { minIndex: 34 } }] };
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
  const context = await caseOf(
    { workload: { volume: '50k requests/day' }, tasks: [code], preferences: { objective: 'quality' } },
    tables,
  );
  const decisions: number[] = [];
  const { cheapest } = choose(context);
  const found = bestByObjective(context, cheapest as Plan, (limitedCase) => {
    decisions.push(limitedCase.workload.taskParts[0]?.needs.capability.scoreAtLeast ?? 0);
    return null;
  });
  expect(found.advised.id).toBe(cheapest?.id);
  expect(Math.max(...decisions)).toBe(100);
});

describe('what a decision tells is not searched for again', () => {
  type Asked = { limits: Limits; below: number; met: Merits | null };
  /** All decisions on the way to the highest total. */
  const decisions = async (data: Written['data'], weights = {}): Promise<{ asked: Asked[]; cheapest: Plan }> => {
    const tables = tablesWith(await shippedTables(), { rental: [], hosting: [], accelerators: [] });
    const context = await caseOf(
      {
        workload: { volume: '300k requests/day' },
        tasks: two,
        preferences: { objective: 'balanced', weights },
        data,
      },
      tables,
    );
    const cheapest = cheapestPlan(context) as Plan;
    const asked: Asked[] = [];
    const told: number[] = [];
    const decide = (limitedCase: Context, { below = Number.POSITIVE_INFINITY }: { below?: number }) => {
      const plan = cheapestPlan(limitedCase, { below });
      const { maxFte, maxDeployments, unconditional } = limitedCase.workload.rules;
      const { capability, latencyLimits, ttftP95Ms } = (limitedCase.workload.taskParts[0] as TaskPart).needs;
      const limits: Limits = { maxDeployments };
      if (typeof capability.scoreAtLeast === 'number') limits.capabilityScore = capability.scoreAtLeast;
      // Of the first task, whose limit is its target over the score.
      const first = latencyLimits?.ttftP95Ms ?? null;
      if (first !== null) limits.latencyScore = (100 * (ttftP95Ms?.value as number)) / first;
      if (typeof maxFte === 'number') limits.maxFte = maxFte;
      if (unconditional) limits.unconditional = true;
      asked.push({ limits, below, met: plan && meritsOf(plan, cheapest, context) });
      return plan;
    };
    bestByObjective(context, cheapest, decide, (done) => told.push(done));
    expect(told).toEqual(asked.map((_, i) => i + 1));
    return { asked, cheapest };
  };

  test('no decision follows from an earlier one under wider limits', async () => {
    const { asked } = await decisions({ sensitivity: 'pii', residency: ['eu'] });
    expect(asked.length).toBeGreaterThan(10);
    for (const [at, { limits, below }] of asked.entries()) {
      for (const { limits: wider, below: limit, met } of asked.slice(0, at)) {
        if (!isWithin(limits, wider)) continue;
        if (met === null) expect(limit).toBeLessThan(below);
        else expect(met.usd < below && !keepsLimits(met, limits)).toBe(true);
      }
    }
  });

  test('plans that are too dear for the total looked for are left out: by cost alone, what is dearer than the cheapest', async () => {
    const { asked, cheapest } = await decisions({}, costAlone);
    // But for a hundredth of a point, which is as much.
    const limits = new Set(asked.map(({ below }) => (below / cheapest.monthlyUsd).toFixed(6)));
    expect([...limits]).toEqual([(1 / (1 - 0.0001)).toFixed(6)]);
  });

  test('of two with the same total the cheaper one, however little one of them has more', async () => {
    const all = await shippedTables();
    const names = ['gpt-4o-mini', 'gpt-4o'];
    const api = names.map((name, i) => {
      const row = all.api.find(({ modelId, endpointKind }) => modelId === name && endpointKind === 'first-party');
      const usd = 1 + 0.03 * i;
      return { ...(row as ApiRow), inputUsdPerMTok: usd, outputUsdPerMTok: usd, cachedInputUsdPerMTok: null };
    });
    const tables = tablesWith(all, { api, rental: [], hosting: [], accelerators: [] });
    const advised = async (minIndex: number, weights: object) => {
      const context = await caseOf(
        {
          workload: { volume: '300k requests/day' },
          tasks: [{ ...faq, capability: { minIndex } }],
          preferences: { objective: 'balanced', weights: { ...costAlone, volume: 0, ...weights } },
        },
        tables,
      );
      const plan = bestByObjective(context, cheapestPlan(context) as Plan, cheapestPlan).advised;
      return plan.deployments[0]?.option.model;
    };
    // Nobody's data are sensitive, and of what is hardly needed both have next to all.
    expect(await advised(44, { sensitivity: 1 })).toBe('gpt-4o-mini');
    expect(await advised(1, { capability: 1 })).toBe('gpt-4o-mini');
    // Within the band of the first, and far below the second.
    expect(await advised(44, { capability: 1 })).toBe('gpt-4o');
  });
});
