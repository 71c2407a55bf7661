import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import { turnBetween } from '../units/bisection.js';
import { workloadAt } from '../workload/workload.js';
import { findOption, planVerdicts } from './option-report.js';
import { type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';
import { taskPartIn } from './splits/cuts.js';

/** The same case at another volume; what does not depend on the volume is shared. */
export const caseAt = (context: Context, requestsPerDay: number): Context => ({
  ...context,
  workload: workloadAt(context.workload, requestsPerDay),
});

/** Whether the best split of a plan's machines may depend on the volume: some tasks do not follow it. */
export const recuts = ({ deployments }: Plan, { workload }: Context): boolean =>
  workload.taskParts.some(({ scales }) => !scales) &&
  deployments.some(({ option: { fleet } }) => fleet !== null && fleet.gpusPerUnit > 1);

/** How a plan's machines are split, to compare. */
export const cutsOf = ({ deployments }: Plan): string =>
  deployments.map(({ option }) => option.fleet?.gpusPerReplica ?? '').join();

/**
 * The same plan under another workload of the same tasks: places stay, everything else is solved again. `cutFor`: the
 * workload that machines are split for, if it is another.
 */
export function planIn(plan: Plan, context: Context, cutFor: Context = context): Plan | null {
  const again = recuts(plan, cutFor);
  const parts = partsOf(plan, taskPartIn(context)).map((part) => ({
    ...part,
    option: again && part.option.fleet !== null ? (findOption(part.option.id, cutFor) ?? part.option) : part.option,
  }));
  const priced = planOf(parts, context);
  return isUnpriced(priced) ? null : priced;
}

/** Whether every rule lets a plan through at a volume. */
export function feasibleAt(plan: Plan, context: Context, requestsPerDay: number): boolean {
  const then = caseAt(context, requestsPerDay);
  const priced = planIn(plan, then);
  if (priced === null) return false;
  const verdicts = [...review(priced, then).verdicts, ...planVerdicts(priced, then)];
  return verdicts.every(({ verdict }) => mayRun(verdict));
}

/**
 * The whole volumes around `from` at which every rule allows a plan, by bisection: rules on cost, people and latency
 * change once on either side. Null ends lie outside `range`.
 */
export function feasibleRange(
  plan: Plan,
  context: Context,
  around: number,
  range: { from: number; to: number },
): { from: number; to: number | null } {
  const mayNot = (volume: number) => !feasibleAt(plan, context, volume);
  return {
    from: mayNot(range.from) ? turnBetween(around, range.from, mayNot).last : range.from,
    to: mayNot(range.to) ? turnBetween(around, range.to, mayNot).last : null,
  };
}
