import type { Candidate } from '../placements/candidate.js';
import type { Case, Placement } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import type { Demand } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import type { Considered } from './admission.js';
import { kindsOfAssignment, ownsOnce } from './assignment.js';
import { bestOfEquals } from './near-equals.js';
import type { Deployment, Plan } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import { type SearchRule, searchPlans } from './search.js';
import { type Scope, survey } from './survey.js';

export type KindBest = { kind: Kind; plan: Plan | null; feasible: boolean; considered: Considered; unserved: string[] };

export type Choice = {
  cheapest: Plan | null;
  runnerUp: Plan | null;
  /** The plan to advise: the cheapest, or one that is as good as equal to it and simpler. */
  advised: Plan | null;
  kinds: KindBest[];
  considered: Considered;
  gap: number;
};

/** Finds the cheapest plan, its runner-up of other kinds, its near equals, and the best of every kind alone. */
export function choose(of: Case): Choice {
  const { demand } = of;
  const { rule, byKind, undropped, seenOf, considered, pairs } = survey(of);
  const candidates = [...[...byKind.values()].flat(), ...pairs];
  const result = searchPlans(candidates, demand, rule);
  const advised = bestOfEquals(result, undropped, of, rule);
  const other = advised === null ? undefined : result.ofKinds.find(({ kinds }) => kinds !== kindsOfAssignment(advised));
  const kinds = placements.map(({ kind }) => ({
    ...bestOfKind(kind, byKind.get(kind) ?? [], of, rule),
    considered: seenOf.get(kind) ?? considered,
    unserved: unserved(byKind.get(kind) ?? [], demand),
  }));
  return {
    cheapest: result.best && pricedAssignment(result.best.assignment, of),
    runnerUp: other === undefined ? null : pricedAssignment(other.assignment, of),
    advised: advised && pricedAssignment(advised, of),
    kinds,
    considered,
    gap: result.gap,
  };
}

/** The plan to advise alone: what `choose` advises, without what it is compared with; null where all cost `below` or more. */
export function advisedPlan(of: Case, below = Number.POSITIVE_INFINITY): Plan | null {
  const { rule, byKind, undropped, pairs } = survey(of, { below });
  const alone = { ...rule, runnerUp: false };
  const best = bestOfEquals(
    searchPlans([...[...byKind.values()].flat(), ...pairs], of.demand, alone),
    undropped,
    of,
    alone,
  );
  return best && pricedAssignment(best, of);
}

/** The cheapest plan alone, without its runner-up and its equals; on all kinds of place, or within a scope. */
export function cheapestPlan(of: Case, scope?: Scope): Plan | null {
  const { rule, byKind, pairs } = survey(of, scope);
  const { best } = searchPlans([...[...byKind.values()].flat(), ...pairs], of.demand, {
    ...rule,
    tieBand: 0,
    runnerUp: false,
  });
  return best && pricedAssignment(best.assignment, of);
}

/** The cheapest feasible plan on one of some kinds of place alone whose deployments all pass `takes`. */
export function bestOnOwn(of: Case, among: readonly Placement[], takes: (one: Deployment) => boolean): Plan | null {
  const { rule, byKind } = survey(of, { among });
  return [...byKind]
    .map(([kind, candidates]) => bestOfKind(kind, candidates, of, rule))
    .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(takes) ? [plan] : []))
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);
}

/** Tasks that no candidate may serve. */
const unserved = (candidates: readonly Candidate[], { slices }: Demand): string[] =>
  slices.filter((_, s) => candidates.every(({ linear }) => Number.isNaN(linear[s] as number))).map(({ task }) => task);

function bestOfKind(
  kind: Kind,
  candidates: readonly Candidate[],
  of: Case,
  rule: SearchRule,
): Omit<KindBest, 'considered' | 'unserved'> {
  const alone = { ...rule, tieBand: 0, runnerUp: false };
  const within = searchPlans(candidates, of.demand, alone).best;
  if (within !== null) return { kind, plan: pricedAssignment(within.assignment, of), feasible: true };
  const anyway = searchPlans(candidates, of.demand, { ...alone, ruled: false, allows: ownsOnce }).best;
  return { kind, plan: anyway && pricedAssignment(anyway.assignment, of), feasible: false };
}
