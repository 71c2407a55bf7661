import { turnsDown } from '../cost/people.js';
import type { Workload } from '../workload/workload.js';
import type { Asking, PeopleTable } from './assignment.js';
import type { Part } from './parts.js';

/** Takes a plan that costs less than the best, or (`isEqual`) as much; tells what the next one has to cost less than. */
export type Visit = (parts: readonly Part[], usd: number, isEqual?: boolean) => number;

/** Rules that plans are combined under. */
export type CombineRule = {
  /** Deployments of a plan, at most. */
  most: number;
  /** Whether rules about people and money turn plans down. */
  ruled: boolean;
  people: PeopleTable;
  workload: Workload;
};

/**
 * Combines parts to plans that serve every task and cost less than a limit, cheapest parts first.
 *
 * @param lists parts by the set of tasks that they serve
 * @param below USD a month from which on plans do not matter at first; `visit` tells the next limit
 */
export function combine(
  lists: readonly (readonly Part[])[],
  below: number,
  { most, ruled, people, workload }: CombineRule,
  visit: Visit,
): void {
  let limit = below;
  const sorted = lists.map((list) => list.toSorted((a, b) => a.usd - b.usd || a.place - b.place));
  const rest = leastSums(
    Float64Array.from(sorted, (list) => list[0]?.usd ?? Number.POSITIVE_INFINITY),
    most,
  );
  const parts: Part[] = [];
  const askings: Asking[] = [];
  const go = (
    left: number,
    used: number,
    usd: number,
    peopleUsd: number,
    billedUsd: number,
    upfrontUsd: number,
  ): void => {
    // Every part takes the first task that is left, so that no plan is met twice.
    const lowest = left & -left;
    const others = left ^ lowest;
    const restUsd = rest[most - used - 1] as Float64Array;
    for (let more = others; ; more = (more - 1) & others) {
      const set = lowest | more;
      const after = left ^ set;
      const besideUsd = usd + peopleUsd + (restUsd[after] as number);
      for (const part of sorted[set] as readonly Part[]) {
        // Those after it cost more, and people are never fewer for one deployment more.
        if (besideUsd + part.usd >= limit) break;
        const spent = used + part.deployments;
        if (spent > most) continue;
        const least = usd + part.usd + (after === 0 ? 0 : (rest[most - spent]?.[after] as number));
        parts.push(part);
        askings.push(part.asking);
        const staff = people.of(askings);
        const billed = billedUsd + part.billedUsd;
        const upfront = upfrontUsd + part.upfrontUsd;
        const isOpen = least + staff.sharedUsd < limit;
        if (isOpen && !(ruled && turnsDown(staff, billed, workload, upfront))) {
          if (after === 0) limit = visit(parts, usd + part.usd + staff.sharedUsd);
          else go(after, spent, usd + part.usd, staff.sharedUsd, billed, upfront);
        }
        parts.pop();
        askings.pop();
      }
      if (more === 0) break;
    }
  };
  go(lists.length - 1, 0, 0, 0, 0, 0);
}

/**
 * USD a month that every set of tasks is billed at the least by at most so many deployments: [deployments][set].
 *
 * @param single the same for one deployment
 */
export function leastSums(single: Float64Array, deployments: number): Float64Array[] {
  const none = new Float64Array(single.length).fill(Number.POSITIVE_INFINITY);
  none[0] = 0;
  const sums = [none];
  for (let count = 1; count <= deployments; count++) {
    const fewer = sums[count - 1] as Float64Array;
    const least = Float64Array.from(fewer);
    for (let set = 1; set < single.length; set++) {
      const lowest = set & -set;
      const others = set ^ lowest;
      let most = least[set] as number;
      for (let more = others; ; more = (more - 1) & others) {
        const usd = (single[lowest | more] as number) + (fewer[others ^ more] as number);
        if (usd < most) most = usd;
        if (more === 0) break;
      }
      least[set] = most;
    }
    sums.push(least);
  }
  return sums;
}
