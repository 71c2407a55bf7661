import { type Candidate, candidateCost } from '../placements/candidate.js';
import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Twins } from '../placements/twins.js';
import type { Kind } from '../tables/rows.js';
import { admission } from './admission.js';
import { type Assignment, assignmentFte, planUsdAndPeople } from './assignment.js';
import { capabilityScore } from './capability-score.js';
import type { SearchResult, SearchRule } from './search.js';
import { scoreStep, simplestFirst } from './simplest.js';

/**
 * Inside the tie band of the cheapest, costs are closer than the inputs are known: of the plans there the one with the
 * fewest people, then the fewest deployments, then the highest capability score, then the lowest cost, then the first id.
 *
 * Dominance dropped twins that cost as much and score better, so for the cheapest plan's deployments every option is
 * looked at again.
 *
 * @param undropped all candidates of a kind, where they are kept
 * @param limit USD a month up to which plans count as equal
 */
export function bestOfEquals(
  { best, near }: SearchResult,
  undropped: ReadonlyMap<Kind, readonly Candidate[]>,
  of: Case,
  rule: SearchRule,
  limit: number,
): Assignment | null {
  if (best === null) return null;
  const { demand } = of;
  const optionOf = rememberedOption();
  const scores = new Map<Option, number[]>();
  const met = near.filter(({ usd }) => usd <= limit).map(({ assignment, usd }) => simple(assignment, usd));
  for (const [position, { candidate, slices }] of best.assignment.entries()) {
    const here = candidateCost(candidate, slices, demand);
    const now = scoreOf(optionOf(candidate), slices);
    const withTwin = (twin: Candidate): Assignment => best.assignment.with(position, { candidate: twin, slices });
    // A plan scores no more than its other places do.
    const most = capabilityOf(best.assignment.toSpliced(position, 1));
    const twins: Twins = {
      slices,
      usd: here + limit - best.usd,
      better: (option) => scoreOf(option, slices) > now,
      score: (option) => Math.min(most, scoreOf(option, slices)),
      outranks: (score, other) => score - other >= scoreStep,
      stands(twin) {
        const assignment = withTwin(twin);
        return planUsdAndPeople(assignment, demand).usd <= limit && rule.allows(assignment);
      },
    };
    for (const twin of twinsOf(candidate, twins)) {
      const assignment = withTwin(twin);
      const { usd, fte } = planUsdAndPeople(assignment, demand);
      if (usd <= limit) met.push(simple(assignment, usd, fte));
    }
  }
  for (const { assignment } of simplestFirst(met)) if (rule.allows(assignment)) return assignment;
  return best.assignment;

  function simple(assignment: Assignment, usd: number, fte = assignmentFte(assignment, demand)) {
    return {
      assignment,
      usd,
      fte,
      deployments: assignment.length,
      slices: demand.slices.length,
      capability: () => capabilityOf(assignment),
      id: () => idOf(assignment),
    };
  }

  function twinsOf({ kind }: Candidate, twins: Twins): readonly Candidate[] {
    const { perToken, candidates } = placementOf(kind);
    if (!perToken) return candidates(of, admission(of, { cut: limit, twinsOf: twins }).search);
    return (undropped.get(kind) ?? []).filter((twin) => candidateCost(twin, twins.slices, demand) <= twins.usd);
  }

  function capabilityOf(assignment: Assignment): number {
    return Math.min(...assignment.map(({ candidate, slices }) => scoreOf(optionOf(candidate), slices)));
  }

  function scoreOf(option: Option, slices: readonly number[]): number {
    let known = scores.get(option);
    if (known === undefined) {
      known = demand.slices.map((slice) => capabilityScore(option, slice) ?? 0);
      scores.set(option, known);
    }
    return Math.min(...slices.map((s) => known[s] as number));
  }

  function idOf(assignment: Assignment): string {
    return assignment.map(({ candidate }) => optionOf(candidate).id).join(';');
  }
}

function rememberedOption(): (candidate: Candidate) => Option {
  const known = new Map<Candidate, Option>();
  return (candidate) => {
    const option = known.get(candidate) ?? candidate.option();
    known.set(candidate, option);
    return option;
  };
}
