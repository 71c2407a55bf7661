import { mayCrowdDesks } from '../places/on-prem.js';
import type { Case, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { mayRun } from '../rules/gate.js';
import type { Kind } from '../tables/rows.js';
import type { Demand } from '../workload/demand.js';
import { Assigner, type PlanRule } from './assign.js';
import { type Assignment, ownsOnce } from './assignment.js';
import { type Considered, filterBy } from './filter.js';
import { planVerdicts } from './option-report.js';
import { overBudget } from './over-budget.js';
import { pricedAssignment } from './priced-assignment.js';
import type { WaysAsked } from './rules-alone.js';
import { failovers } from './slicings/failover.js';
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
export function assignerOf(asked: Case, { among = placements, ignore }: OfferScope = {}): Assigner {
  // Kinds of place share what they have in common, also where nothing is shared with other cases.
  const of: Case = { ...asked, memo: asked.memo ?? new Map() };
  const { demand } = of;
  const { filter } = filterBy(of, ignore === undefined ? {} : { ignore });
  const candidates = among.flatMap((kind) => kind.candidates?.(of, filter) ?? []);
  const workload = workloadOf(of);
  const unwanted = new Set(demand.rules.exclude);
  const mayPair = demand.rules.maxDeployments >= 2 && among === placements;
  const pairs = mayPair && !unwanted.has('failover') ? failovers(of, workload) : { candidates: [], groups: [] };
  return new Assigner(
    of,
    {
      workload,
      candidates: [...candidates, ...pairs.candidates],
      groups: [...among.flatMap((kind) => kind.groups?.(of, filter, workload) ?? []), ...pairs.groups],
      overflow: mayPair && !unwanted.has('overflow'),
      timed: workload.bundles.some(demand.slices.map((slice) => filter.timed(slice))),
    },
    planRuleOf(of),
  );
}

/** Options of every kind by the first rule that turns them down, and of all kinds together. */
export function consideredIn(asked: Case): { ofKind: ReadonlyMap<Kind, Considered>; all: Considered } {
  const of: Case = { ...asked, memo: asked.memo ?? new Map() };
  const ofKind = new Map(
    placements.map((placement) => {
      const { filter, considered } = filterBy(of);
      if (placement.count === undefined) placement.candidates?.(of, filter);
      else placement.count(of, filter);
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
function planRuleOf(of: Case): PlanRule {
  const { demand } = of;
  const ruled = hasPlanRules(demand);
  return {
    maxDeployments: demand.rules.maxDeployments,
    tieBand: demand.assume('tieBand'),
    ruled,
    allows: ruled ? allowedIn(of) : () => true,
  };
}

/** Whether any rule about a whole plan can turn one down. */
const hasPlanRules = (demand: Demand): boolean => hasLimits(demand) || mayCrowdDesks(demand);

const hasLimits = ({ team, rules, existing }: Demand): boolean =>
  (team.given && !team.mayHire) ||
  rules.budgetMonthlyUsd !== null ||
  rules.budgetUpfrontUsd !== null ||
  (rules.maxFte ?? null) !== null ||
  existing.length > 0;

function allowedIn(of: Case): (assignment: Assignment) => boolean {
  const isOverBudget = overBudget(of);
  return (assignment) => {
    if (!ownsOnce(assignment) || isOverBudget(assignment)) return false;
    const plan = pricedAssignment(assignment, of);
    if (plan === null || plan.fte > (of.demand.rules.maxFte ?? Number.POSITIVE_INFINITY)) return false;
    return planVerdicts(plan, of).every(({ verdict }) => mayRun(verdict));
  };
}
