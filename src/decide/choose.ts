import { isUnpriced } from '../cost/line.js';
import { type Candidate, candidateCost, dropDominated } from '../placements/candidate.js';
import type { Case } from '../placements/placement.js';
import { placementOf, placements } from '../placements/registry.js';
import type { Kind } from '../tables/rows.js';
import { admission, type Considered } from './admission.js';
import { mayRun } from './gates/gate.js';
import { planVerdicts } from './option-report.js';
import { type Plan, planOf } from './plan.js';
import { type Assignment, type Found, planUsd, type SearchResult, type SearchRule, searchPlans } from './search.js';

export type KindBest = { kind: Kind; plan: Plan | null; feasible: boolean; considered: Considered };

export type Choice = {
  cheapest: Plan | null;
  runnerUp: Plan | null;
  /** Plans within the tie band of the cheapest, the cheapest included. */
  near: Plan[];
  kinds: KindBest[];
  considered: Considered;
  gap: number;
};

/** Finds the cheapest plan, its runner-up of other kinds, its near equals, and the best of every kind alone. */
export function choose(of: Case): Choice {
  const { demand } = of;
  const considered: Considered = { total: 0, feasible: 0, rejectedBy: new Map() };
  const rule: SearchRule = {
    maxDeployments: demand.rules.maxDeployments,
    budget: demand.assume('searchBoundBudget'),
    tieBand: demand.assume('tieBand'),
    runnerUp: true,
    allows: (assignment) => allowed(assignment, of),
  };
  const byKind = new Map<Kind, Candidate[]>();
  const undropped = new Map<Kind, Candidate[]>();
  const seenOf = new Map<Kind, Considered>();
  const all = demand.slices.map((_, s) => s);
  let cut = Number.POSITIVE_INFINITY;
  // Kinds without a fleet come first: they are few, and what they cost bounds what a fleet may cost.
  for (const { kind, candidates } of placements) {
    const { search, considered: seen } = admission(of, { cut });
    const found = candidates(of, search);
    undropped.set(kind, found);
    byKind.set(kind, dropDominated(found));
    seenOf.set(kind, seen);
    considered.total += seen.total;
    considered.feasible += seen.feasible;
    for (const [gate, count] of seen.rejectedBy)
      considered.rejectedBy.set(gate, (considered.rejectedBy.get(gate) ?? 0) + count);
    // Single options are a quick upper bound of what a plan must cost to matter.
    for (const candidate of found) {
      if (candidate.linear.some((usd) => Number.isNaN(usd))) continue;
      const assignment = [{ candidate, slices: all }];
      const usd = planUsd(assignment, demand) * (1 + rule.tieBand);
      if (usd < cut && rule.allows(assignment)) cut = usd;
    }
  }
  const candidates = [...byKind.values()].flat();
  const result = searchPlans(candidates, demand, rule);
  const kinds = placements.map(({ kind }) => ({
    ...bestOfKind(kind, byKind.get(kind) ?? [], of, rule),
    considered: seenOf.get(kind) ?? considered,
  }));
  return {
    cheapest: result.best && priced(result.best.assignment, of),
    runnerUp: result.runnerUp && priced(result.runnerUp.assignment, of),
    near: nearPlans(result, undropped, of, rule),
    kinds,
    considered,
    gap: result.gap,
  };
}

function allowed(assignment: Assignment, of: Case): boolean {
  const { team, rules } = of.demand;
  if (!(team.given && !team.mayHire) && rules.budgetMonthlyUsd === null && rules.budgetUpfrontUsd === null) return true;
  const plan = priced(assignment, of);
  return plan !== null && planVerdicts(plan, of).every(({ verdict }) => mayRun(verdict));
}

function bestOfKind(
  kind: Kind,
  candidates: readonly Candidate[],
  of: Case,
  rule: SearchRule,
): Omit<KindBest, 'considered'> {
  const alone = { ...rule, tieBand: 0, runnerUp: false };
  const within = searchPlans(candidates, of.demand, alone).best;
  if (within !== null) return { kind, plan: priced(within.assignment, of), feasible: true };
  const anyway = searchPlans(candidates, of.demand, { ...alone, allows: () => true }).best;
  return { kind, plan: anyway && priced(anyway.assignment, of), feasible: false };
}

/**
 * Near equals of the cheapest. Dominance dropped twins that cost as much and score better, so the deployments of the
 * best are looked at again with nothing dropped.
 */
function nearPlans({ best, near }: SearchResult, undropped: ReadonlyMap<Kind, Candidate[]>, of: Case, rule: SearchRule): Plan[] {
  if (best === null) return [];
  const limit = best.usd * (1 + rule.tieBand);
  const plans = new Map<string, Plan>();
  const keep = (found: Pick<Found, 'assignment'>) => {
    const plan = priced(found.assignment, of);
    if (plan !== null && plan.monthlyUsd <= limit) plans.set(plan.id, plan);
  };
  for (const found of near) keep(found);
  for (const [position, { candidate, slices }] of best.assignment.entries()) {
    const usd = candidateCost(candidate, slices, of.demand) + limit - best.usd;
    const { perToken, candidates } = placementOf(candidate.kind);
    const pool = perToken ? (undropped.get(candidate.kind) ?? []) : candidates(of, admission(of, { cut: limit, twinsOf: { slices, usd } }).search);
    for (const twin of pool) {
      if (!(candidateCost(twin, slices, of.demand) <= usd)) continue;
      const assignment = best.assignment.with(position, { candidate: twin, slices });
      if (rule.allows(assignment)) keep({ assignment });
    }
  }
  return [...plans.values()];
}

function priced(assignment: Assignment, of: Case): Plan | null {
  const plan = planOf(
    assignment.map(({ candidate, slices }) => ({
      option: candidate.option(),
      slices: [...slices].sort((a, b) => a - b).map((s) => of.demand.slices[s] as Case['demand']['slices'][number]),
    })),
    of,
  );
  return isUnpriced(plan) ? null : plan;
}
