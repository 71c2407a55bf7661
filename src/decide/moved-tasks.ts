import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import type { TaskPart } from '../workload/workload.js';
import type { Part } from './assignment.js';
import { planIn } from './at-volume.js';
import { planVerdicts } from './option-report.js';
import { optionsOf, type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';

/** What a plan places, but for some task parts. */
export const partsWithout = (plan: Plan, is: (taskPart: TaskPart) => boolean): Part[] =>
  partsOf(plan, (taskPart) => taskPart).flatMap((part) => {
    const taskParts = part.taskParts.filter((taskPart) => !is(taskPart));
    return taskParts.length === 0 ? [] : [{ ...part, taskParts }];
  });

/**
 * The plan of parts in the order of the tasks, of which those on one option are one deployment; null where it has no price or a rule
 * turns it down.
 */
export function allowedPlanOf(parts: readonly Part[], context: Context): Plan | null {
  const tasks = context.workload.taskParts.map(({ task }) => task);
  const first = ({ taskParts }: Part): number => Math.min(...taskParts.map(({ task }) => tasks.indexOf(task)));
  const priced = planOf(
    joined(parts).sort((a, b) => first(a) - first(b)),
    context,
  );
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
