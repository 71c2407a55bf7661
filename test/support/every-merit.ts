import { type Merits, meritsOf } from '../../src/decide/pareto.js';
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
