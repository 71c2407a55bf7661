import type { Part } from './part.js';
import { type PeopleColumns, type Staffed, sharedPeople } from './people.js';

/** A whole plan, and USD a month with its people and other terms. */
export type Combined = { parts: readonly Part[]; usd: number };

/** What rules limit of a plan: each adds up over its parts. */
export type Limited = 'fte' | 'cashUsd' | 'upfrontUsd';

/** What may serve each set of tasks, with what that takes at the least by set. */
export type Choices = {
  /** USD a month. */
  least: Float64Array;
  /** Limited totals; null: no rule. */
  limited: Record<Limited, Float64Array> | null;
  /** Cheapest first. */
  partsFor(set: number): readonly Part[];
};

/** Rules that plans are combined under. */
export type CombineRules = {
  people: PeopleColumns;
  /** Deployments of a plan, at most. */
  most: number;
  mostFte: number;
  mostUpfrontUsd: number;
  /** USD that a month may be billed, with people beyond those that are free. */
  mostCashUsd: number;
  freeFte: number;
  /** Rules on whole plans, for a plan that costs less than all before. */
  allows(parts: readonly Part[]): boolean;
};

/**
 * The cheapest plan of disjoint sets that serve all tasks, below a limit; null: none.
 *
 * @param belowUsd USD a month from which plans do not matter
 */
export function combine(
  { least, limited, partsFor }: Choices,
  belowUsd: number,
  { people, most, mostFte, mostUpfrontUsd, mostCashUsd, freeFte, allows }: CombineRules,
): Combined | null {
  const rest = leastSums(least, most);
  const nothing = new Float64Array(least.length);
  const restOf = (what: Limited): readonly Float64Array[] =>
    limited === null ? rest.map(() => nothing) : leastSums(limited[what], most);
  const [restFte, restCashUsd, restUpfrontUsd] = [restOf('fte'), restOf('cashUsd'), restOf('upfrontUsd')];
  const parts: Part[] = [];
  const staffed: Staffed[] = [];
  let best: Combined | null = null;
  let limit = belowUsd;
  go(least.length - 1, 0, 0, 0, 0, 0);
  return best;

  function go(left: number, usd: number, sharedUsd: number, fte: number, upfrontUsd: number, cashUsd: number): void {
    // Every part takes the first task that is left, so that no plan is met twice.
    const lowest = left & -left;
    const others = left ^ lowest;
    const further = most - staffed.length - 1;
    const restUsd = rest[further] as Float64Array;
    for (let more = others; ; more = (more - 1) & others) {
      const set = lowest | more;
      const after = left ^ set;
      const besideUsd = usd + sharedUsd + (restUsd[after] as number);
      const fteAfter = restFte[further]?.[after] as number;
      const cashAfter = restCashUsd[further]?.[after] as number;
      const upfrontAfter = restUpfrontUsd[further]?.[after] as number;
      for (const part of besideUsd + (least[set] as number) < limit ? partsFor(set) : []) {
        // Those after it cost more, and people are never fewer for one deployment more.
        if (besideUsd + part.usd >= limit) break;
        if (part.owned !== -1 && parts.some(({ owned }) => owned === part.owned)) continue;
        if (upfrontUsd + part.upfrontUsd + upfrontAfter > mostUpfrontUsd) continue;
        if (cashUsd + part.cashUsd + cashAfter > mostCashUsd) continue;
        if (staffed.length + deploymentsOf(part) > most) continue;
        parts.push(part);
        staffed.push(part);
        if (part.second !== null) staffed.push(part.second);
        const shared = sharedPeople(people, staffed);
        const allFte = shared.fte + fte + part.fte + fteAfter;
        const cash = cashUsd + part.cashUsd + cashAfter + Math.max(0, allFte - freeFte) * people.usdPerFte;
        const isWithin = allFte <= mostFte && cash <= mostCashUsd;
        if (isWithin && usd + part.usd + (restUsd[after] as number) + shared.usd < limit) {
          if (after !== 0 && staffed.length < most)
            go(after, usd + part.usd, shared.usd, fte + part.fte, upfrontUsd + part.upfrontUsd, cashUsd + part.cashUsd);
          else if (after === 0 && allows(parts)) {
            limit = usd + part.usd + shared.usd;
            best = { parts: [...parts], usd: limit };
          }
        }
        staffed.length -= deploymentsOf(part);
        parts.pop();
      }
      if (more === 0) break;
    }
  }
}

const deploymentsOf = ({ second }: Part): number => (second === null ? 1 : 2);

/**
 * Least USD a month that every set is billed with at most so many deployments: [deployments][set].
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
