import { expect, test } from 'vitest';
import { summedTerms } from '../../src/core/adjusted.js';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { adjustedPricesIn, adjustedTermsOf, isSure } from '../../src/decide/adjusted-plan.js';
import { planVerdicts } from '../../src/decide/option-report.js';
import { type Plan, type PlanPart, planOf } from '../../src/decide/plan.js';
import { searchByAdjustedCost, searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { mayRun } from '../../src/rules/rule.js';
import { memoized } from '../../src/units/memo.js';
import { everyOption, maySlice } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { type FamilyName, smallCaseOf } from '../support/small-cases.js';

/** Tasks on one option, with its bill without people. */
type Part = PlanPart & { usd: number };

/** Sets of tasks on every option there is, the cheapest first. */
function everyPart(context: Context): (set: number) => readonly Part[] {
  const { taskParts, requestsPerDay } = context.workload;
  const options = [...everyOption(context)];
  return memoized((set: number): Part[] => {
    const own = taskParts.filter((_, t) => ((set >> t) & 1) === 1);
    return options
      .flatMap((option) => {
        if (!own.every((taskPart) => maySlice(option, taskPart, context))) return [];
        const lines = placementOf(option.kind).price(option, own, context);
        if (isUnpriced(lines)) return [];
        return [{ option, taskParts: own, usd: lines.reduce((sum, { curve }) => sum + at(curve, requestsPerDay), 0) }];
      })
      .sort((one, other) => one.usd - other.usd);
  });
}

/** Tasks together and apart, each plan with its traced bill, but for those that are billed as much as a limit. */
function* everyPlan(context: Context, partsOf: ReturnType<typeof everyPart>, belowUsd: number): Generator<Plan> {
  const { taskParts } = context.workload;
  yield* among(2 ** taskParts.length - 1, [], 0);

  function* among(left: number, parts: readonly Part[], usd: number): Generator<Plan> {
    if (left === 0) {
      const plan = planOf(parts, context);
      if (!isUnpriced(plan) && planVerdicts(plan, context).every(({ verdict }) => mayRun(verdict))) yield plan;
      return;
    }
    const lowest = left & -left;
    for (let set = left; set > 0; set = (set - 1) & left) {
      if ((set & lowest) === 0) continue;
      for (const part of partsOf(set)) {
        if (usd + part.usd >= belowUsd) break;
        // Two sets on one option are one set on it.
        if (parts.every(({ option }) => option !== part.option))
          yield* among(left ^ set, [...parts, part], usd + part.usd);
      }
    }
  }
}

/** Whose prompts wait for whose on one machine is a matter of its own, and so is what exceeds machines. */
const more = { assumptions: { softLatencyTimes: 1e6 }, overflows: false };

const seedsOf = (tasks: number): number[] => Array.from({ length: (long ? 20 : 2) / (tasks - 1) }, (_, seed) => seed);
const families: FamilyName[] = [
  'plain',
  'machines alone',
  'machines that are there',
  'a model of our own',
  'latency targets',
  'a team that may not hire',
  'monthly budget',
  'upfront budget',
  'devices',
  'throughput by the unit',
  'calls of tools',
];
/** So many options on devices, and bills that are alike by their fees, make far more plans of three tasks. */
const isShort = ({ family, tasks }: { family: FamilyName; tasks: number }): boolean =>
  !['devices', 'calls of tools'].includes(family) || tasks === 2;
const cases = families
  .flatMap((family) => [2, 3].flatMap((tasks) => seedsOf(tasks).map((seed) => ({ family, tasks, seed }))))
  .filter((one) => long || isShort(one));

let dearer = 0;
let apart = 0;
test.each(cases)(
  '$tasks tasks, $family $seed: no plan counts less than the one advised, and none costs less than the cheapest',
  async ({ family, tasks, seed }) => {
    const context = await smallCaseOf(family, seed, await shippedTables(), { ...more, tasks });
    const several = severalCase(context);
    const cheapest = searchByCost(several).best();
    const advised = cheapest && searchByAdjustedCost(several, { baseUsd: cheapest.usd }).best();
    const prices = adjustedPricesIn(context.workload);
    const baseUsd = cheapest?.usd ?? 0;
    const adjusted = (plan: Plan) => plan.monthlyUsd + summedTerms(adjustedTermsOf(plan, baseUsd, prices, context));
    const plan = advised && tracedCase(advised);
    const limit = plan === null ? Number.POSITIVE_INFINITY : adjusted(plan);
    let leastUsd = Number.POSITIVE_INFINITY;
    let leastSure = Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    const partsOf = everyPart(context);
    for (const one of everyPlan(context, partsOf, limit * 1.000001)) {
      leastUsd = Math.min(leastUsd, one.monthlyUsd);
      if (one.monthlyUsd > limit) continue;
      const counted = adjusted(one);
      least = Math.min(least, counted);
      if (isSure(one, prices)) leastSure = Math.min(leastSure, counted);
    }
    if (plan === null || cheapest === null) {
      expect(leastUsd).toBe(Number.POSITIVE_INFINITY);
      return;
    }
    expect(cheapest.usd / leastUsd).toBeCloseTo(1, 9);
    for (const { kind, plan: best, feasible } of tasks === 2 ? choose(context).kinds : []) {
      const found = feasible && best !== null ? best.monthlyUsd : Number.POSITIVE_INFINITY;
      const ofKind = (set: number) => partsOf(set).filter(({ option }) => option.kind === kind);
      for (const { monthlyUsd, id } of everyPlan(context, ofKind, found * (1 - 1e-9)))
        expect(monthlyUsd, `${kind} alone: ${id}`).toBeGreaterThanOrEqual(found * (1 - 1e-9));
    }
    expect(limit / (leastSure < Number.POSITIVE_INFINITY ? leastSure : least)).toBeCloseTo(1, 9);
    if (plan.monthlyUsd > leastUsd * 1.001) dearer++;
    if (plan.deployments.length > 1) apart++;
  },
);

test('what is advised was not always the cheapest, nor always one place', () => {
  expect(dearer).toBeGreaterThan(0);
  expect(apart).toBeGreaterThan(0);
});
