import type { Candidate } from '../../places/candidate.js';
import type { Workload } from '../../workload/workload.js';

/** A place behind another one, with what the task parts that it can do for cost. */
export type SecondChoice = { place: Candidate; taskParts: number; usd: number };

/**
 * Which second places one is chosen of: the cheapest of each kind, as people are the same. Of every provider where a plan has
 * room for more than the pair: it may use one already, and then nobody has to connect another.
 */
export function groupOfSecond({
  taskParts,
  rules,
}: Pick<Workload, 'taskParts' | 'rules'>): (place: Candidate) => string {
  const isWhole = taskParts.length < 2 || rules.maxDeployments <= pair;
  return ({ kind, provider }) => (isWhole ? kind : `${kind} ${provider}`);
}

/** Places of a first one and a second. */
const pair = 2;

/** The best of each group: most task parts first, then the least cost; of equals the first. */
export function bestSecondPlaces<Choice extends SecondChoice>(
  choices: Iterable<Choice>,
  groupOf: (place: Candidate) => string,
): Choice[] {
  const best = new Map<string, Choice>();
  for (const choice of choices) {
    const group = groupOf(choice.place);
    const other = best.get(group);
    if (other === undefined || (other.taskParts - choice.taskParts || choice.usd - other.usd) < 0)
      best.set(group, choice);
  }
  return [...best.values()];
}
