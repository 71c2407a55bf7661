import type { Context, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { places } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import type { Kind } from '../tables/rows.js';
import type { Workload } from '../workload/workload.js';
import { Assigner, type PlanRule } from './assign.js';
import { type Assignment, ownsOnce } from './assignment.js';
import { type Considered, filterBy, type WaysAsked } from './filter.js';
import { kindsByTask, kindsOfTasks } from './kinds-by-task.js';
import { planVerdicts } from './option-report.js';
import { overBudget } from './over-budget.js';
import { assignmentOf } from './parts.js';
import type { Plan } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import { failovers } from './splits/failover.js';
import { workloadOf } from './workload.js';

/** What plans are made of: by default every kind of place, under all rules. */
export type OfferScope = {
  among?: readonly Placement[];
  /** A rule left out. */
  ignore?: string;
  /** Ways to cut the tasks up that are looked at; absent: all. */
  ways?: WaysAsked;
  /** USD a month from which on plans do not matter. */
  below?: number;
};

/** What may serve the tasks of a case. */
export function assignerOf(asked: Context, { among = placements, ignore }: OfferScope = {}): Assigner {
  // Kinds of place share what they have in common, also where nothing is shared with other cases.
  const context: Context = { ...asked, memo: asked.memo ?? new Map() };
  const { workload } = context;
  const { filter } = filterBy(context, ignore === undefined ? {} : { ignore });
  const candidates = among.flatMap((kind) => kind.candidates?.(context, filter) ?? []);
  const columns = workloadOf(context);
  const unwanted = new Set(workload.rules.exclude);
  const mayPair = workload.rules.maxDeployments >= 2 && among === placements;
  const pairs = mayPair && !unwanted.has('failover') ? failovers(context, columns) : { candidates: [], groups: [] };
  return new Assigner(
    context,
    {
      columns,
      candidates: [...candidates, ...pairs.candidates],
      groups: [...among.flatMap((kind) => kind.groups?.(context, filter, columns) ?? []), ...pairs.groups],
      overflow: mayPair && !unwanted.has('overflow'),
      timed: columns.bundles.some(workload.taskParts.map((taskPart) => filter.timed(taskPart))),
    },
    planRuleOf(context),
  );
}

/** Options of every kind by the first rule that turns them down, and of all kinds together. */
export function consideredIn(asked: Context): { ofKind: ReadonlyMap<Kind, Considered>; all: Considered } {
  const context: Context = { ...asked, memo: asked.memo ?? new Map() };
  const ofKind = new Map(
    placements.map((placement) => {
      const { filter, considered } = filterBy(context);
      if (placement.count === undefined) placement.candidates?.(context, filter);
      else placement.count(context, filter);
      return [placement.kind, considered];
    }),
  );
  const all: Considered = { total: 0, feasible: 0, rejectedBy: new Map() };
  for (const { total, feasible, rejectedBy } of ofKind.values()) {
    all.total += total;
    all.feasible += feasible;
    for (const [gate, options] of rejectedBy) all.rejectedBy.set(gate, (all.rejectedBy.get(gate) ?? 0) + options);
  }
  return { ofKind, all };
}

/** Rules about whole plans. */
function planRuleOf(context: Context): PlanRule {
  const { workload } = context;
  const ruled = hasLimits(workload);
  return {
    maxDeployments: workload.rules.maxDeployments,
    ruled,
    allows: ruled ? allowedIn(context) : () => true,
  };
}

/** Whether any rule about a whole plan can turn one down. */
const hasLimits = ({ team, rules, existing }: Workload): boolean =>
  (team.given && !team.mayHire) ||
  rules.budgetMonthlyUsd !== null ||
  rules.budgetUpfrontUsd !== null ||
  (rules.maxFte ?? null) !== null ||
  existing.length > 0;

function allowedIn(context: Context): (assignment: Assignment) => boolean {
  const isOverBudget = overBudget(context);
  return (assignment) => {
    if (!ownsOnce(assignment) || isOverBudget(assignment)) return false;
    const plan = pricedAssignment(assignment, context);
    if (plan === null || plan.fte > (context.workload.rules.maxFte ?? Number.POSITIVE_INFINITY)) return false;
    return planVerdicts(plan, context).every(({ verdict }) => mayRun(verdict));
  };
}

/** A plan, and what alone keeps it out: a rule about whole plans by its id, or how many places may be run. */
export type KeptOut = { plan: Plan } & ({ gate: string } | { limit: number });

/**
 * The cheapest plan that one rule alone keeps out, of those in which one task is on another kind of place than in the cheapest
 * plan of a way to cut the tasks up; null where there is none.
 */
export function keptOutOf(advised: Plan, ways: readonly Assigner[]): KeptOut | null {
  const kinds = kindsByTask(advised);
  const found = ways.flatMap((way) => {
    const now = way.cheapest();
    if (now === null) return [];
    const { context, offered, rule } = way;
    const wider = new Assigner(context, offered, { ...rule, maxDeployments: rule.maxDeployments + 1 });
    const { all, bundles } = offered.columns;
    return bundles.tasks.flatMap((_, b) => {
      const here = now.parts.find(({ set }) => ((set >> b) & 1) === 1);
      const is = (one: string): boolean => one === here?.candidate.kind;
      const met = wider.cheapest({ mayServe: (one) => (is(one) ? all & ~(1 << b) : all), unruled: true });
      if (met === null || kindsOfTasks(assignmentOf(met), context.workload) === kinds) return [];
      const plan = pricedAssignment(assignmentOf(met), context);
      if (plan === null) return [];
      const [first, ...more] = planVerdicts(plan, context).filter(({ verdict }) => !mayRun(verdict));
      if (first === undefined || more.length > 0) return [];
      return [first.gate === places.id ? { plan, limit: rule.maxDeployments } : { plan, gate: first.gate }];
    });
  });
  return found.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd)[0] ?? null;
}
