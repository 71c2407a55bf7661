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

/** The plan to advise by an objective, by sorting every plan: within the band of the best the fewest people, then deployments, ... */
export function byDefinition(
  all: readonly Merits[],
  value: (one: Merits) => number,
  tieBand: number,
): { best: number; advised: Merits } {
  const best = Math.max(...all.map(value));
  const within = all.filter((one) => value(one) >= best * (1 - tieBand));
  const fte = Math.min(...within.map((one) => one.fte));
  const few = within.filter((one) => one.fte === fte);
  const deployments = Math.min(...few.map((one) => one.deployments));
  const simple = few.filter((one) => one.deployments === deployments);
  const capability = ({ scores }: Merits) => scores.capability ?? 0;
  const most = Math.max(...simple.map(capability));
  const [advised] = simple.filter((one) => most - capability(one) < 0.01).sort((a, b) => a.usd - b.usd);
  return { best, advised: advised as Merits };
}
