import type { Candidate } from '../placements/candidate.js';
import type { Case } from '../placements/placement.js';
import { type Assignment, ownsOnce, planUsd } from './assignment.js';
import { mayRun } from './gates/gate.js';
import { places } from './gates/places.js';
import { kindsOfTasks } from './kinds-by-task.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import type { SearchResult } from './search.js';
import type { Survey } from './survey.js';

/** A plan, and what alone keeps it out: a rule about whole plans by its id, or how many places may be run. */
export type KeptOut = { plan: Plan } & ({ gate: string } | { limit: number });

/** One way to cut the tasks up, as it was searched. */
type Way = Pick<Survey, 'byKind' | 'pairs'> & { of: Case; result: Pick<SearchResult, 'best'> };

/**
 * The cheapest plan that one rule alone keeps out, of those that the best of a way becomes when one task moves to another
 * kind of place; null where there is none.
 *
 * @param kinds the kinds of place of every task that are no others
 */
export function keptOutBy(kinds: string, ways: readonly Way[]): KeptOut | null {
  const found = ways.flatMap(({ of, byKind, pairs, result }) => {
    const now = result.best?.assignment ?? [];
    return now
      .flatMap(({ slices }) => slices)
      .flatMap((s) =>
        [...byKind.values(), pairs].flatMap((candidates) => {
          const others = candidates
            .filter(({ linear }) => !Number.isNaN(linear[s] as number))
            .map((candidate) => moved(now, s, candidate))
            .filter((one) => kindsOfTasks(one, of.demand) !== kinds && ownsOnce(one));
          const cheapest = cheapestOf(others, of);
          return cheapest === null ? [] : (aloneKept(cheapest, of) ?? []);
        }),
      );
  });
  return found.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd)[0] ?? null;
}

/** The same with one slice on a candidate, beside what that serves already. */
function moved(assignment: Assignment, s: number, to: Candidate): Assignment {
  const left = assignment.flatMap(({ candidate, slices }) => {
    const stay = slices.filter((slice) => slice !== s);
    return stay.length === 0 || candidate === to ? [] : [{ candidate, slices: stay }];
  });
  const there = assignment.find(({ candidate }) => candidate === to)?.slices ?? [];
  return [...left, { candidate: to, slices: [...there, s] }];
}

function cheapestOf(assignments: readonly Assignment[], { demand }: Case): Assignment | null {
  let best: { one: Assignment; usd: number } | null = null;
  for (const one of assignments) {
    const usd = planUsd(one, demand);
    if (best === null || usd < best.usd) best = { one, usd };
  }
  return best?.one ?? null;
}

function aloneKept(assignment: Assignment, of: Case): KeptOut | null {
  const plan = pricedAssignment(assignment, of);
  if (plan === null) return null;
  const [first, ...more] = planVerdicts(plan, of).filter(({ verdict }) => !mayRun(verdict));
  if (first === undefined || more.length > 0) return null;
  return first.gate === places.id ? { plan, limit: of.demand.rules.maxDeployments } : { plan, gate: first.gate };
}
