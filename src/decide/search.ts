import { withSpare } from '../cost/curve.js';
import { cashExtraUsd, fteOf, fteUsdPerMonth, setupUsd, staffingOf } from '../cost/people.js';
import {
  type Candidate,
  candidateCost,
  deploymentsOf,
  onceCost,
  staffedBy,
  unitsOfShare,
} from '../placements/candidate.js';
import type { Demand } from '../scenario/demand.js';
import { type Assignment, kindsOfAssignment } from './assignment.js';
import { isFree, linesBelow, slicesByCost } from './search-lines.js';

export type Found = { assignment: Assignment; usd: number; kinds: string };

export type SearchResult = {
  /** The cheapest plan; null where there is none. */
  best: Found | null;
  /** The cheapest plan met of every combination of kinds (per task), cheapest first: the second is exact too. */
  ofKinds: Found[];
  /** What was met that costs at most (1 + tie band) x the best, allowed or not, for the choice among near equals. */
  near: Found[];
  /** Bounds computed, and how far the best may be from the optimum: 0 when the search was complete. */
  bounds: number;
  gap: number;
};

export type SearchRule = {
  maxDeployments: number;
  budget: number;
  tieBand: number;
  /** Whether the cheapest plan of other kinds is wanted too. */
  runnerUp: boolean;
  /** Whether whole-plan rules (team and budget) can turn a plan down, and whether they let one through. */
  ruled: boolean;
  allows(assignment: Assignment): boolean;
};

/** What some slices cost on a candidate, of that what is billed month by month, and the units at the busiest hour. */
type Share = { usd: number; billedUsd: number; units: number };

/** A whole-plan rule takes as long to ask as this many bounds take to compute. */
const boundsPerRule = 100;
// Sums in another order differ in their last digits: what a quick check turns down must be over its limit for certain.
const certainly = 1 + 1e-9;

/**
 * The cheapest assignment of slices to candidates with at most `maxDeployments` of them, by branch and bound: slices one
 * after the other, largest first, each to a candidate already chosen or to a new one, while a sound lower bound stays
 * below the limit. Two bounds, the larger counts:
 *
 * - what is assigned so far, exactly (it only grows), plus for slices that no chosen fleet or fixed cost could take: the
 *   cheapest API for each, or one more fleet or fixed cost;
 * - people and spares of what is chosen, plus for every slice the least line below its cost: API price, or share of a
 *   fleet's unit.
 *
 * Team and budget turn down what is chosen as soon as its people, its bill or its set-up exceed them.
 *
 * The limit is the best plan of other kinds than the best, where one is met at all, so that the runner-up is exact too.
 */
export function searchPlans(candidates: readonly Candidate[], demand: Demand, rule: SearchRule): SearchResult {
  const count = demand.slices.length;
  const lines = linesBelow(candidates, demand);
  const order = slicesByCost(candidates, lines, count);
  if (order === null) return { best: null, ofKinds: [], near: [], bounds: 0, gap: 0 };

  const free = candidates.map(isFree);
  const lineOf = (c: number, s: number): number => (lines[c] as Float64Array)[s] as number;
  /** Least that a slice is billed a month on a candidate beside others: nothing is known of fleets they may share. */
  const billedLineOf = (c: number, s: number): number =>
    candidates[c]?.fleet === null ? lineOf(c, s) : (candidates[c]?.linear[s] as number);
  /** What a fleet costs whatever its work: its spares stand beside the units that work. */
  const spares = candidates.map(({ fleet, fixed }) =>
    fleet === null ? fixed : fixed + fleet.usdPerHour * demand.hoursPerMonth * fleet.spare,
  );
  const choices = demand.slices.map((_, s) =>
    Array.from(candidates.keys())
      .filter((c) => !Number.isNaN(lineOf(c, s)))
      .sort((a, b) => lineOf(a, s) - lineOf(b, s) || a - b),
  );
  const leastLine = choices.map((list, s) => lineOf(list[0] as number, s));
  const leastBilled = choices.map((list, s) =>
    list.reduce((least, c) => Math.min(least, billedLineOf(c, s)), Infinity),
  );
  const leastApi = choices.map((list, s) => {
    const first = list.find((c) => free[c]);
    return first === undefined ? Number.POSITIVE_INFINITY : lineOf(first, s);
  });
  const leastFleet = Math.min(
    Number.POSITIVE_INFINITY,
    ...candidates.flatMap(({ fleet, fixed }, c) =>
      free[c]
        ? []
        : fixed + (fleet === null ? 0 : fleet.usdPerHour * demand.hoursPerMonth * withSpare(fleet.min, fleet)),
    ),
  );

  const byKinds = new Map<string, Found>();
  const chosen: { c: number; slices: number[] }[] = [];
  const memo = candidates.map(() => new Map<string, Share>());
  const setups = new Map<string, number>();
  const ofSet = new Map<string, number>();
  let best: Found | null = null;
  let second = Number.POSITIVE_INFINITY;
  let near: Found[] = [];
  let bounds = 0;
  let leastOpen = Number.POSITIVE_INFINITY;

  const wantsRunnerUp = rule.runnerUp && new Set(candidates.map(({ kind }) => kind)).size > 1;
  seed();
  if (wantsRunnerUp) seedOthers();
  descend(0, 0, null);
  if (wantsRunnerUp && second === Number.POSITIVE_INFINITY) {
    // Nothing to start from was met before: what the best itself has turned down is looked at again.
    seedOthers();
    if (second < Number.POSITIVE_INFINITY) {
      ofSet.clear();
      descend(0, 0, null);
    }
  }
  const cheapest = best as Found | null;
  const gap =
    leastOpen >= (cheapest?.usd ?? Number.POSITIVE_INFINITY) ? 0 : 1 - leastOpen / (cheapest?.usd ?? Infinity);
  return { best: cheapest, ofKinds: [...byKinds.values()].sort((a, b) => a.usd - b.usd), near, bounds, gap };

  /** Whether people, bill or set-up of what is chosen are certainly over a limit: they only grow. */
  function turnedDown(fte: number, billedUsd: number, setupMonthlyUsd: number): boolean {
    const { team, rules } = demand;
    if (team.given && !team.mayHire && fte > team.freeFte * certainly) return true;
    const upfront = team.freeFte === 0 ? setupMonthlyUsd * demand.months : 0;
    if (upfront > (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY) * certainly) return true;
    return billedUsd + cashExtraUsd(fte, demand) > (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) * certainly;
  }

  /** Good plans to start from: every slice on one candidate as far as it goes, the rest where it is cheapest. */
  function seed(): void {
    const cheapestApi = (s: number) => choices[s]?.find((c) => free[c]);
    for (const [c, { linear }] of candidates.entries()) {
      const plan = new Map<number, number[]>([[c, []]]);
      for (const s of order as number[]) {
        const where = Number.isNaN(linear[s] as number) ? cheapestApi(s) : c;
        if (where === undefined) break;
        plan.set(where, [...(plan.get(where) ?? []), s]);
      }
      const parts = [...plan].map(([one, slices]) => ({ c: one, slices })).filter(({ slices }) => slices.length > 0);
      const served = parts.reduce((sum, { slices }) => sum + slices.length, 0);
      if (served === count && deployed(parts) <= rule.maxDeployments) tryPlan(parts);
    }
  }

  /** The best so far with one slice on another kind: a first runner-up, which bounds the search for the cheapest. */
  function seedOthers(): void {
    const start = best as Found | null;
    if (start === null) return;
    for (const s of order as number[]) {
      const now = start.assignment.find(({ slices }) => slices.includes(s))?.candidate.kind;
      const tried = new Set([now]);
      for (const c of choices[s] as number[]) {
        const { kind } = candidates[c] as Candidate;
        if (tried.has(kind)) continue;
        tried.add(kind);
        const parts = new Map(
          start.assignment.map(({ candidate, slices }) => [
            candidates.indexOf(candidate),
            slices.filter((one) => one !== s),
          ]),
        );
        parts.set(c, [...(parts.get(c) ?? []), s]);
        const plan = [...parts].map(([one, slices]) => ({ c: one, slices })).filter(({ slices }) => slices.length > 0);
        if (deployed(plan) <= rule.maxDeployments) tryPlan(plan, Number.POSITIVE_INFINITY);
      }
    }
  }

  /** Plans dearer than this can neither win, nor be the best of other kinds, nor be a near equal. */
  function limit(): number {
    if (best === null) return Number.POSITIVE_INFINITY;
    return Math.max(wantsRunnerUp && second < Number.POSITIVE_INFINITY ? second : 0, best.usd * (1 + rule.tieBand));
  }

  function deployed(plan: readonly { c: number }[]): number {
    return plan.reduce((sum, { c }) => sum + deploymentsOf(candidates[c] as Candidate), 0);
  }

  function shareOf(c: number, slices: readonly number[]): Share {
    const key = slices.join();
    let share = memo[c]?.get(key);
    if (share === undefined) {
      const candidate = candidates[c] as Candidate;
      const usd = candidateCost(candidate, slices, demand);
      share = {
        usd,
        billedUsd: usd - onceCost(candidate, slices, demand),
        units: unitsOfShare(candidate, slices, demand),
      };
      memo[c]?.set(key, share);
    }
    return share;
  }

  function tryPlan(plan: readonly { c: number; slices: number[] }[], below = limit()): boolean {
    const usd = exactUsd(plan);
    if (usd > below) return false;
    const assignment = plan.map(({ c, slices }) => ({ candidate: candidates[c] as Candidate, slices: [...slices] }));
    const found: Found = { assignment, usd, kinds: kindsOfAssignment(assignment) };
    const known = byKinds.get(found.kinds);
    // Whether a plan is allowed takes long to tell; near equals are asked when one of them is chosen.
    const asked = known === undefined || usd < known.usd;
    if (asked && rule.ruled) bounds += boundsPerRule;
    const allowed = asked && rule.allows(assignment);
    if (allowed) {
      byKinds.set(found.kinds, found);
      if (best === null || usd < best.usd) {
        best = found;
        near = near.filter((other) => other.usd <= usd * (1 + rule.tieBand));
      }
      second = Number.POSITIVE_INFINITY;
      for (const { kinds, usd: other } of byKinds.values()) if (kinds !== best.kinds) second = Math.min(second, other);
    }
    if (best !== null && usd <= best.usd * (1 + rule.tieBand)) near.push(found);
    return allowed;
  }

  function descend(depth: number, below: number, set: string | null): void {
    if (depth === count) {
      // A plan that a rule turns down says nothing of others over the same deployments.
      if ((tryPlan(chosen) || !rule.ruled) && set !== null)
        ofSet.set(set, Math.min(ofSet.get(set) ?? Number.POSITIVE_INFINITY, exactUsd(chosen)));
      return;
    }
    const slice = (order as number[])[depth] as number;
    let always = 0;
    for (const { c } of chosen) always += spares[c] as number;
    let rest = 0;
    let billedRest = 0;
    for (let d = depth + 1; d < count; d++) {
      rest += leastLine[(order as number[])[d] as number] as number;
      billedRest += leastBilled[(order as number[])[d] as number] as number;
    }
    for (const c of choices[slice] as number[]) {
      const here = below + lineOf(c, slice);
      // Choices come by their line, so all that follow are as dear.
      if (always + here + rest >= limit()) break;
      const known = chosen.findIndex((deployment) => deployment.c === c);
      if (known < 0 && deployed(chosen) + deploymentsOf(candidates[c] as Candidate) > rule.maxDeployments) continue;
      if (known < 0) chosen.push({ c, slices: [slice] });
      else chosen[known]?.slices.push(slice);
      const bound = lowerBound(depth + 1, here + rest, billedRest);
      bounds++;
      const full =
        set ??
        (deployed(chosen) === rule.maxDeployments
          ? chosen
              .map(({ c: one }) => one)
              .sort((a, b) => a - b)
              .join()
          : null);
      // Of the ways to spread slices over the same deployments only the cheapest counts.
      if (bound < limit() && !(full !== null && bound >= (ofSet.get(full) ?? Number.POSITIVE_INFINITY))) {
        if (bounds > rule.budget) leastOpen = Math.min(leastOpen, bound);
        else descend(depth + 1, here, full);
      }
      if (known < 0) chosen.pop();
      else chosen[known]?.slices.pop();
    }
  }

  /** Infinite where a rule about the whole plan turns down what is chosen so far. */
  function lowerBound(depth: number, below: number, billedRest: number): number {
    let exact = 0;
    let always = 0;
    let billed = billedRest;
    for (const { c, slices } of chosen) {
      const share = shareOf(c, slices);
      exact += share.usd;
      billed += share.billedUsd;
      always += spares[c] as number;
    }
    const fte = fteFor(chosen);
    const setup = setupFor(chosen);
    if (rule.ruled && turnedDown(fte, billed, setup)) return Number.POSITIVE_INFINITY;
    let apis = 0;
    for (let d = depth; d < count; d++) {
      const s = (order as number[])[d] as number;
      if (!chosen.some(({ c }) => !free[c] && !Number.isNaN(lineOf(c, s)))) apis += leastApi[s] as number;
    }
    const people = setup + fteUsdPerMonth(fte, demand);
    return people + Math.max(always + below, exact + (apis === 0 ? 0 : Math.min(apis, leastFleet)));
  }

  function exactUsd(plan: readonly { c: number; slices: number[] }[]): number {
    let usd = peopleFor(plan);
    for (const { c, slices } of plan) usd += shareOf(c, slices).usd;
    return usd;
  }

  function peopleFor(plan: readonly { c: number; slices: number[] }[]): number {
    return setupFor(plan) + fteUsdPerMonth(fteFor(plan), demand);
  }

  function setupFor(plan: readonly { c: number }[]): number {
    const names: string[] = [];
    for (const { c } of plan) {
      for (const { staff } of staffedBy(candidates[c] as Candidate, 0))
        if (!names.includes(staff.setup)) names.push(staff.setup);
    }
    const key = names.join();
    let setup = setups.get(key);
    if (setup === undefined) {
      setup = setupUsd({ setups: names }, demand) / demand.months;
      setups.set(key, setup);
    }
    return setup;
  }

  function fteFor(plan: readonly { c: number; slices: number[] }[]): number {
    const parts = plan.flatMap(({ c, slices }) => {
      const candidate = candidates[c] as Candidate;
      return staffedBy(
        candidate,
        candidate.staff.gpusPerUnit === 0 && !candidate.staff.role?.perUnit ? 0 : shareOf(c, slices).units,
      );
    });
    return fteOf(staffingOf(parts), demand.assume);
  }
}
