import { type Candidate, candidateCost } from '../placements/candidate.js';
import type { Option } from '../placements/option.js';
import { tasksIn } from '../placements/workload-columns.js';
import { type Assigner, assignmentOf, type Met } from './assign.js';
import { type Assignment, assignmentFte, planUsdAndPeople } from './assignment.js';
import { capabilityScore } from './capability-score.js';
import { simplestFirst } from './simplest.js';

/**
 * Inside the tie band of the cheapest, costs are closer than the inputs are known: of the plans there the one with the
 * fewest people, then the fewest deployments, then the highest capability score, then the lowest cost, then the first id.
 *
 * What costs more and serves no more is left out where plans are compared by cost, so for the cheapest plan's deployments every
 * more capable model is looked at as well.
 *
 * @param limit USD a month up to which plans count as equal
 */
export function bestOfEquals(assigner: Assigner, best: Met, limit: number): Assignment {
  for (;;) {
    const met = plansUpTo(assigner, best, limit);
    const chosen = met.find(({ assignment }) => assigner.rule.allows(assignment));
    if (chosen === undefined) return assignmentOf(best);
    if (chosen.met === null || !assigner.confirm(chosen.met)) return chosen.assignment;
  }
}

type Equal = { assignment: Assignment; met: Met | null };

function plansUpTo(assigner: Assigner, best: Met, limit: number): Equal[] {
  const { demand } = assigner.of;
  const scoreOf = scores(assigner);
  const capabilityOf = (assignment: Assignment): number =>
    Math.min(...assignment.map(({ candidate, slices }) => scoreOf(candidate.option(), slices)));
  const simple = (assignment: Assignment, usd: number, met: Met | null, fte = assignmentFte(assignment, demand)) => ({
    assignment,
    met,
    usd,
    fte,
    deployments: assignment.length,
    slices: demand.slices.length,
    capability: () => capabilityOf(assignment),
    id: () => assignment.map(({ candidate }) => candidate.option().id).join(';'),
  });
  const found = assigner.upTo(limit).map((met) => simple(assignmentOf(met), met.usd, met));
  const assignment = assignmentOf(best);
  for (const [position, { set, candidate }] of best.parts.entries()) {
    const slices = tasksIn(set);
    const now = scoreOf(candidate.option(), slices);
    const mostUsd = candidateCost(candidate, slices, demand) + limit - best.usd;
    for (const twin of twinsOf(assigner, candidate, set, mostUsd, (option) => scoreOf(option, slices) > now)) {
      const changed = assignment.with(position, { candidate: twin, slices });
      const { usd, fte } = planUsdAndPeople(changed, demand);
      if (usd <= limit) found.push(simple(changed, usd, null, fte));
    }
  }
  return [...simplestFirst(found)];
}

/** Options of the same kind for the same tasks that are better, up to a cost without people. */
function twinsOf(
  assigner: Assigner,
  { kind }: Candidate,
  set: number,
  mostUsd: number,
  isBetter: (option: Option) => boolean,
): Candidate[] {
  const { demand } = assigner.of;
  const slices = tasksIn(set);
  const costs = (candidate: Candidate): boolean => candidateCost(candidate, slices, demand) <= mostUsd;
  const priced = assigner.offered.candidates.filter(
    (one) => one.kind === kind && one.second === undefined && costs(one) && isBetter(one.option()),
  );
  const rows = assigner.alternatives(kind, set, mostUsd, ({ model }) => isBetter(model));
  return [
    ...priced,
    ...rows.flatMap(({ row, group }) => {
      const exact = row.isExact ? row : group.confirm(row);
      const candidate = exact === null || (set & ~exact.serves) !== 0 ? null : exact.candidate();
      return candidate !== null && costs(candidate) ? [candidate] : [];
    }),
  ];
}

/** Probability in percent that an option is capable enough for all of some tasks. */
function scores({ of: { demand } }: Assigner): (option: Option, slices: readonly number[]) => number {
  const known = new Map<Option, number[]>();
  return (option, slices) => {
    let all = known.get(option);
    if (all === undefined) {
      all = demand.slices.map((slice) => capabilityScore(option, slice) ?? 0);
      known.set(option, all);
    }
    return Math.min(...slices.map((s) => (all as number[])[s] as number));
  };
}
