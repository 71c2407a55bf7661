import { unsureRequests } from '../../src/decide/advice.js';
import { type Merits, meritsOf } from '../../src/decide/objective.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { everyOption, maySlice } from './brute-force.js';

/** Every plan there is, each option alone or a pair of them, by what the front looks at. */
export function everyMerit(context: Context, cheapest: Plan): Merits[] {
  const { taskParts } = context.workload;
  const options = everyOption(context).map((option) => ({
    option,
    may: taskParts.map((taskPart) => maySlice(option, taskPart, context)),
  }));
  const plans: Plan[] = [];
  const add = (parts: { option: (typeof options)[number]['option']; taskParts: TaskPart[] }[]) => {
    const plan = planOf(parts, context);
    if (!('unpriced' in plan)) plans.push(plan);
  };
  for (const { option, may } of options) {
    if (may.every(Boolean)) add([{ option, taskParts: [...taskParts] }]);
    if (taskParts.length !== 2 || !may[0]) continue;
    for (const other of options)
      if (other.may[1] && other.option !== option)
        add([
          { option, taskParts: [taskParts[0] as TaskPart] },
          { option: other.option, taskParts: [taskParts[1] as TaskPart] },
        ]);
  }
  return plans.map((plan) => meritsOf(plan, cheapest, context));
}

/**
 * The plan to advise by an objective, by sorting every plan: of those with the fewest requests on models that are not sure enough, and of
 * those the ones that are worth as much as the best, the cheapest. Costs are scored against the cheapest of the first.
 */
export function byDefinition(
  all: readonly Merits[],
  value: (one: Merits) => number,
  context: Context,
): { first: Plan; best: number; advised: Merits } {
  const unsure = all.map(({ plan }) => unsureRequests(plan, context));
  const fewest = Math.min(...unsure);
  const left = all.filter((_, i) => unsure[i] === fewest).sort((a, b) => a.usd - b.usd);
  const [{ plan: first }] = left as [Merits];
  const scored = left.map(({ plan }) => meritsOf(plan, first, context));
  const best = Math.max(...scored.map(value));
  const advised = scored.find((one) => best - value(one) < 0.01) as Merits;
  return { first, best, advised };
}
