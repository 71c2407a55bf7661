import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import type { Part } from './assignment.js';
import { planIn } from './at-volume.js';
import { planVerdicts } from './option-report.js';
import { optionsOf, type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';

/** What a plan places, but for some tasks. */
export const partsWithout = (plan: Plan, tasks: readonly string[]): Part[] =>
  partsOf(plan, (taskPart) => taskPart).flatMap((part) => {
    const taskParts = part.taskParts.filter(({ task }) => !tasks.includes(task));
    return taskParts.length === 0 ? [] : [{ ...part, taskParts }];
  });

/** The plan of parts, of which those on one option are one deployment; null where it has no price or a rule turns it down. */
export function allowedPlanOf(parts: readonly Part[], context: Context): Plan | null {
  const priced = planOf(joined(parts), context);
  const plan = isUnpriced(priced) ? null : planIn(priced, context);
  return plan !== null && isAllowed(plan, context) ? plan : null;
}

function joined(parts: readonly Part[]): Part[] {
  const known = new Map<string, Part>();
  for (const part of parts) {
    const key = `${part.option.id} ${part.second?.role} ${part.second?.option.id}`;
    const same = known.get(key);
    known.set(key, same === undefined ? part : { ...same, taskParts: [...same.taskParts, ...part.taskParts] });
  }
  return [...known.values()];
}

/** Whether every rule lets a plan through. */
const isAllowed = (plan: Plan, context: Context): boolean =>
  plan.deployments.flatMap(optionsOf).length <= context.workload.rules.maxDeployments &&
  [...review(plan, context).verdicts, ...planVerdicts(plan, context)].every(({ verdict }) => mayRun(verdict));
