import type { Candidate } from '../places/candidate.js';
import type { TaskColumns } from '../places/task-columns.js';
import type { PeopleTable } from './assignment.js';
import { placesOf } from './parts.js';

/** Candidates that ask the same of people, of one provider: for every set of tasks the cheapest, and what it costs. */
export type CostClass = {
  places: string;
  provider: string;
  staffing: number;
  usd: Float64Array;
  best: (Candidate | undefined)[];
};

/** The cheapest of every class of candidates that ask the same of people, for every set of tasks. */
export function classesOf(
  candidates: readonly Candidate[],
  columns: TaskColumns,
  people: PeopleTable,
  placeOf: (candidate: Candidate) => number,
): CostClass[] {
  const sets = columns.all + 1;
  const classes = new Map<string, CostClass>();
  const sums = new Float64Array(sets);
  for (const candidate of candidates) {
    const key = `${people.classOf(candidate)} ${candidate.provider}`;
    let known = classes.get(key);
    if (known === undefined) {
      const usd = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
      const { provider } = candidate;
      known = { places: placesOf(candidate), provider, staffing: people.classOf(candidate), usd, best: [] };
      classes.set(key, known);
    }
    sums[0] = candidate.fixed;
    for (let set = 1; set < sets; set++) {
      const lowest = set & -set;
      let usd = sums[set ^ lowest] as number;
      for (const s of columns.tasksIn(lowest)) usd += candidate.linear[s] as number;
      sums[set] = usd;
      if ((sums[set] as number) < (known.usd[set] as number)) {
        known.usd[set] = sums[set] as number;
        known.best[set] = candidate;
      }
    }
  }
  // A provider that another one undercuts for every kind and set is never needed: the other may stand for all of it.
  const all = [...classes.values()];
  const providers = [...new Set(all.map(({ provider }) => provider))];
  const ofProvider = new Map(providers.map((name) => [name, all.filter(({ provider }) => provider === name)]));
  const undercuts = (one: string, other: string): boolean =>
    (ofProvider.get(other) as CostClass[]).every((theirs) =>
      (ofProvider.get(one) as CostClass[]).some(
        (own) => own.staffing === theirs.staffing && own.usd.every((_, set) => comesFirst(own, theirs, set)),
      ),
    );
  // Of what costs the same, the first candidate is taken.
  const comesFirst = (own: CostClass, theirs: CostClass, set: number): boolean => {
    const [usd, other] = [own.usd[set] as number, theirs.usd[set] as number];
    if (usd !== other || usd === Number.POSITIVE_INFINITY) return usd <= other;
    return placeIn(own.best[set]) < placeIn(theirs.best[set]);
  };
  const placeIn = (candidate: Candidate | undefined): number => (candidate === undefined ? -1 : placeOf(candidate));
  return all.filter(({ provider }) => !providers.some((other) => other !== provider && undercuts(other, provider)));
}
