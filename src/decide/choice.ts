import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { places } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import type { Kind } from '../tables/columns.js';
import { isAtMost, turnBetween } from '../units/numeric.js';
import { type TaskPart, workloadAt } from '../workload/workload.js';
import { adjustedPricesIn, isSure } from './adjusted-plan.js';
import { taskPartIn } from './cuts.js';
import { findOption, mayStand, planVerdicts } from './option-report.js';
import { type Plan, type PlanPart, partsOf, planOf, servings } from './plan.js';
import type { SeveralCase } from './several-case.js';
import type { Counted } from './task-counts.js';

/** A plan, as far as what it is on. */
type Served = { deployments: readonly PlanPart[] };

/** The kinds of place of every task of a plan, its parts together. */
export function kindsOfEach({ deployments }: Served): Map<string, Set<Kind>> {
  const byTask = new Map<string, Set<Kind>>();
  for (const { taskPart, option } of servings(deployments))
    byTask.set(taskPart.task, (byTask.get(taskPart.task) ?? new Set<Kind>()).add(option.kind));
  return byTask;
}

/** The same as text to compare: the advice changes when those of one task do. */
export const kindsByTask = (plan: Served): string =>
  [...kindsOfEach(plan)]
    .map(([task, kinds]) => `${task}=${[...kinds].sort().join('+')}`)
    .sort()
    .join();

/** A plan, and what alone excludes it: the id of a rule on whole plans, or the limit on places. */
export type KeptOut = { plan: Plan } & ({ gate: string } | { limit: number });

export type KindBest = {
  kind: Kind;
  plan: Plan | null;
  feasible: boolean;
  considered: Counted;
  /** What nothing of it may serve, where it cannot do everything alone. */
  unserved: TaskPart[];
};

/** A plan on provisioned throughput, its API by tokens (null: excluded); `fills`: peak fills the least purchase. */
type ProvisionedPlans = { plan: Plan; tokens: Plan | null; fills: boolean };

/** The advice, and what it is compared with, computed on demand. */
export type Choice = {
  /** The cheapest that the hard rules leave. */
  cheapest: Plan | null;
  advised: Plan | null;
  /** Whether the plan advised is the one of least adjusted cost. */
  isAdjusted: boolean;
  /** The plan that the advice costs more than: see `findCheaperPlan`; computed on demand. */
  cheaperPlan: Plan | null;
  /** Tasks on models that are not sure enough to be good enough, as those of every plan are. */
  unsure: string[];
  /** What it was chosen from; null: the case has one task. */
  several: SeveralCase | null;
  runnerUp: Plan | null;
  kinds: KindBest[];
  /** Where there is no plan of other types: the cheapest that one rule alone excludes, moving one task. */
  keptOut: KeptOut | null;
  /**
   * For one task the cheapest plan in which a type serves some of the work, computed on demand; null: it may serve none,
   * or the case has several tasks.
   */
  withOthers(kind: Kind): Plan | null;
  considered: Counted;
  /**
   * For one task the cheapest plan on provisioned throughput, and the same API by tokens; computed on demand. Null:
   * none is on sale.
   */
  provisioned(): ProvisionedPlans | null;
  /** The cheapest plan on owned machines that the advised plan leaves idle; null: there is none. */
  onIdle(): Plan | null;
};

/** Of plans with equal cost and deployment types the best of its type, so that a report names only one. */
export function asBestOfType(plan: Plan, kinds: readonly KindBest[]): Plan {
  const types = kindsByTask(plan);
  const equal = kinds.find(
    ({ plan: best, feasible }) =>
      feasible &&
      best !== null &&
      isAtMost(best.monthlyUsd, plan.monthlyUsd) &&
      isAtMost(plan.monthlyUsd, best.monthlyUsd) &&
      kindsByTask(best) === types,
  );
  return equal?.plan ?? plan;
}

/** A plan with the one rule that keeps it out; null where there are several, or none. */
export function keptOutBy(plan: Plan, context: Context): KeptOut | null {
  const [first, ...more] = planVerdicts(plan, context).filter(({ verdict }) => !mayRun(verdict));
  if (first === undefined || more.length > 0) return null;
  if (first.gate === places.id) return { plan, limit: context.workload.rules.maxDeployments };
  return { plan, gate: first.gate };
}

/**
 * The cheapest plan that is sure enough, or else the cheapest of all; null: it is the advised one, or cost alone decides.
 *
 * @param sureOf the cheapest that is sure enough; null: none
 */
export function findCheaperPlan(
  { advised, cheapest, isAdjusted }: Pick<Choice, 'advised' | 'cheapest' | 'isAdjusted'>,
  { workload }: Context,
  sureOf: () => Plan | null,
): Plan | null {
  if (!isAdjusted || advised === null || cheapest === null || advised === cheapest) return null;
  const cheaper = (isSure(cheapest, adjustedPricesIn(workload)) ? null : sureOf()) ?? cheapest;
  return cheaper === advised ? null : cheaper;
}

/** Why a deployment type has no plan alone: none of it is on sale, or it fails the rules of some task. */
export function kindMissing({ kind, considered, unserved }: KindBest): string {
  const none = `nothing of the kind ${kind}`;
  if (considered.total === 0) return `${none}: ${placementOf(kind).absent ?? 'none on sale'}`;
  const [first] = unserved;
  return first === undefined ? `${none} serves every task` : `${none} meets every rule for ${first.task}`;
}

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
  return priced !== null && mayStand(priced, then);
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
