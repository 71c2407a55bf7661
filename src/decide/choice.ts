import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { places } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import type { Kind } from '../tables/rows.js';
import { isAtMost } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import type { choiceRules } from './decision.js';
import { kindsByTask } from './kinds-by-task.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import type { SeveralCase } from './several-case.js';
import type { Counted } from './task-counts.js';

/** A rule of choice that moved the plan, and from which plan to which. */
export type Move = { rule: (typeof choiceRules)[number]; from: Plan; to: Plan };

export type Advice = {
  /** The cheapest that the hard rules leave. */
  cheapest: Plan | null;
  advised: Plan | null;
  /** In the order of the rules; the first one starts from the cheapest. */
  moves: Move[];
  /** Tasks on models that are not sure enough to be good enough, as those of every plan are. */
  unsure: string[];
  /** Whether the plan is the one of least adjusted cost. */
  isAdjusted: boolean;
};

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
export type ProvisionedPlans = { plan: Plan; tokens: Plan | null; fills: boolean };

export type Advised = {
  /** The rules of choice: the cheapest plan, the one advised, and what led from one to the other. */
  advice: Advice;
  cheapest: Plan | null;
  advised: Plan | null;
};

/** The advice, and what it is compared with, computed on demand. */
export type Choice = Advised & {
  /** What it was chosen from; null: the case has one task. */
  several: SeveralCase | null;
  runnerUp: Plan | null;
  /** The cheapest plan with most requests on another deployment type than the advised one. */
  otherMain: Plan | null;
  kinds: KindBest[];
  /** Where there is no plan of other types: the cheapest that one rule alone excludes, moving one task. */
  keptOut: KeptOut | null;
  /**
   * The cheapest plan of every way to spread the tasks over deployment types, and the cheapest in which a type serves a
   * task; cheapest first, computed on demand.
   */
  ofKinds(most: number): Plan[];
  /** The cheapest plan in which a type serves some of the work, computed on demand; null: it may serve none. */
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

/** Moves from the cheapest plan to the cheapest that is sure enough (null: no other), and on to the advised one. */
export function movesBetween(cheapest: Plan, sure: Plan | null, advised: Plan): Move[] {
  const from = sure ?? cheapest;
  return [
    ...(from === cheapest ? [] : [{ rule: 'quality' as const, from: cheapest, to: from }]),
    ...(from === advised ? [] : [{ rule: 'adjusted' as const, from, to: advised }]),
  ];
}

/** Why a deployment type has no plan alone: none of it is on sale, or it fails the rules of some task. */
export function kindMissing({ kind, considered, unserved }: KindBest): string {
  const none = `nothing of the kind ${kind}`;
  if (considered.total === 0) return `${none}: ${placementOf(kind).absent ?? 'none on sale'}`;
  const [first] = unserved;
  return first === undefined ? `${none} serves every task` : `${none} meets every rule for ${first.task}`;
}
