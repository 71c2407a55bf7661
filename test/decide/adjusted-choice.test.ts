import { expect, test } from 'vitest';
import { adjustedTermsOf } from '../../src/decide/adjusted-plan.js';
import type { Choice } from '../../src/decide/choice.js';
import { kindsByTask } from '../../src/decide/choice.js';
import { choiceByAdjustedCost, isOneTask } from '../../src/decide/core-choice.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import { searchByAdjustedCost, searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import type { Context } from '../../src/places/placement.js';
import { capabilityScore } from '../../src/rules/model.js';
import { adjustedPrices } from '../support/adjusted-cost.js';
import { committed, committedCase, kindsExpected } from '../support/committed.js';
import { sampled } from '../support/sample.js';

const all = (await Promise.all(committed.map(async (name) => ({ name, context: await committedCase(name) })))).filter(
  ({ context }) => isOneTask(context),
);
const cases = sampled(all, 8, { group: ({ name }) => kindsExpected(name), name: ({ name }) => name });

/** The plan advised by the search over sets of tasks, of which a case of one task has one. */
function bySets(context: Context, baseUsd: number): Plan | null {
  const found = searchByAdjustedCost(severalCase(context), { baseUsd }).best();
  return found && tracedCase(found);
}

test.each(cases)('the choice for $name counts less than all that it is compared with', ({ context }) => {
  const choice = choiceByAdjustedCost(context);
  const { advised, cheapest, runnerUp } = choice;
  if (advised === null || cheapest === null) {
    expect(searchByCost(severalCase(context)).best()).toBeNull();
    return;
  }
  const same = bySets(context, cheapest.monthlyUsd);
  const counts = (plan: Plan): number =>
    Object.values(adjustedTermsOf(plan, cheapest.monthlyUsd, adjustedPrices, context)).reduce(
      (sum, usd) => sum + usd,
      plan.monthlyUsd,
    );
  const least = counts(advised) * (1 - 1e-9);
  const mayWin = (plan: Plan | null): plan is Plan =>
    plan !== null && (isSure(plan, context) || !isSure(advised, context));
  for (const plan of [...met(choice), same].filter(mayWin)) expect(counts(plan), plan.id).toBeGreaterThanOrEqual(least);
  if (runnerUp !== null) expect(kindsByTask(runnerUp)).not.toBe(kindsByTask(advised));
  const others = choice.kinds.flatMap(({ plan, feasible }) =>
    feasible && plan !== null && kindsByTask(plan) !== kindsByTask(advised) ? [counts(plan)] : [],
  );
  if (others.length > 0)
    expect(runnerUp === null ? Number.NaN : counts(runnerUp)).toBeLessThanOrEqual(Math.min(...others) * (1 + 1e-9));
  expect(same === null ? Number.NaN : counts(same) / counts(advised), same?.id).toBeCloseTo(1, 9);
});

/** Plans of a choice that rules about whole plans let through. */
function met({ cheapest, advised, runnerUp, kinds }: Choice): (Plan | null)[] {
  return [cheapest, advised, runnerUp, ...kinds.flatMap(({ plan, feasible }) => (feasible ? plan : []))];
}

/** An assumed need is reached surely enough by all of its models. */
function isSure(plan: Plan, { workload }: Context): boolean {
  const [taskPart] = workload.taskParts;
  if (taskPart === undefined || !taskPart.needs.capability.assumed) return true;
  return plan.deployments
    .flatMap(optionsOf)
    .every((option) => (capabilityScore(option, taskPart) ?? 0) / 100 >= adjustedPrices.confidence * (1 - 1e-9));
}
