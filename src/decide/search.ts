import { type Candidate, candidateCost, fleetOf } from '../placements/candidate.js';
import { unitsAtPeak, withSpare } from '../cost/curve.js';
import { fteOf, fteUsdPerMonth, type Staffing, setupUsd } from '../cost/people.js';
import type { Demand } from '../scenario/demand.js';
import { durationCurve, meanMultiple } from '../scenario/load.js';

/** Which candidate serves which slices. */
export type Assignment = { candidate: Candidate; slices: number[] }[];

export type Found = { assignment: Assignment; usd: number; kinds: string };

export type SearchResult = {
  /** Cheapest plan, and the cheapest of other kinds (per task); null where there is none. */
  best: Found | null;
  runnerUp: Found | null;
  /** Everything met that costs at most (1 + tie band) x the best, for the choice among near equals. */
  near: Found[];
  /** Bounds computed, and how far the best may be from the optimum: 0 when the search was complete. */
  bounds: number;
  gap: number;
};

export type SearchRule = {
  maxDeployments: number;
  budget: number;
  tieBand: number;
  /** Whole-plan rules: team and budget. */
  allows(assignment: Assignment): boolean;
};

/** USD a month of people and set-up for what a plan consists of. */
export function peopleUsd(staffing: Staffing, demand: Demand): number {
  return fteUsdPerMonth(fteOf(staffing, (name) => demand.assume(name)), demand) + setupUsd(staffing, demand) / demand.months;
}

/**
 * The cheapest assignment of slices to candidates with at most `maxDeployments` of them, by branch and bound: slices one
 * after the other, largest first, each to a candidate already chosen or to a new one, while a sound lower bound stays
 * below the limit. Two bounds, the larger counts:
 *
 * - what is assigned so far, exactly (it only grows), plus for slices that no chosen fleet could take: the cheapest API
 *   for each, or one more fleet;
 * - people for what is chosen, plus for every slice the least line below its cost: API price, or share of a fleet's unit.
 */
export function searchPlans(candidates: readonly Candidate[], demand: Demand, rule: SearchRule): SearchResult {
  const count = demand.slices.length;
  const lines = linesBelow(candidates, demand);
  const order = slicesByCost(lines, count);
  if (order === null) return { best: null, runnerUp: null, near: [], bounds: 0, gap: 0 };

  const choices = Array.from({ length: count }, (_, s) =>
    candidates
      .map((_, c) => c)
      .filter((c) => !Number.isNaN(lineOf(c, s)))
      .sort((a, b) => lineOf(a, s) - lineOf(b, s) || a - b),
  );
  const leastLine = choices.map((list, s) => lineOf(list[0] as number, s));
  const leastApi = Array.from({ length: count }, (_, s) => Math.min(Number.POSITIVE_INFINITY, ...choices[s]?.filter((c) => candidates[c]?.fleet === null).map((c) => lineOf(c, s)) ?? []));
  const leastFleet = candidates.reduce((least, { fleet, fixed }) => (fleet === null ? least : Math.min(least, fixed + fleet.usdPerHour * demand.hoursPerMonth * withSpare(fleet.min, fleet))), Number.POSITIVE_INFINITY);

  const byKinds = new Map<string, Found>();
  let best: Found | null = null;
  let second = Number.POSITIVE_INFINITY;
  let near: Found[] = [];
  let bounds = 0;
  let leastOpen = Number.POSITIVE_INFINITY;
  const memo = candidates.map(() => new Map<string, number>());
  const chosen: { c: number; slices: number[] }[] = [];
  const kindOf: string[] = new Array(count);

  for (const single of singles()) consider(single);
  descend(0);
  const cheapest = best as Found | null;
  const gap = cheapest === null || leastOpen >= cheapest.usd ? 0 : 1 - leastOpen / cheapest.usd;
  const runnerUp = [...byKinds.values()].filter(({ kinds }) => kinds !== cheapest?.kinds).sort((a, b) => a.usd - b.usd)[0] ?? null;
  return { best: cheapest, runnerUp, near, bounds, gap };

  function lineOf(c: number, s: number): number {
    return (lines[c] as Float64Array)[s] as number;
  }

  function* singles(): Generator<Assignment> {
    for (const candidate of candidates) {
      if (candidate.linear.every((usd) => !Number.isNaN(usd))) yield [{ candidate, slices: order as number[] }];
    }
  }

  /** Plans dearer than this can neither win, nor be the best of other kinds, nor be a near equal. */
  function limit(): number {
    return best === null ? Number.POSITIVE_INFINITY : Math.max(second, best.usd * (1 + rule.tieBand));
  }

  function costOf(c: number, slices: readonly number[]): number {
    const key = slices.join();
    let usd = memo[c]?.get(key);
    if (usd === undefined) {
      usd = candidateCost(candidates[c] as Candidate, slices, demand);
      memo[c]?.set(key, usd);
    }
    return usd;
  }

  function consider(assignment: Assignment): void {
    const usd = planUsd(assignment, demand);
    if (usd > limit() || !rule.allows(assignment)) return;
    for (const { candidate, slices } of assignment) for (const s of slices) kindOf[s] = candidate.kind;
    const found: Found = { assignment: assignment.map(({ candidate, slices }) => ({ candidate, slices: [...slices] })), usd, kinds: kindOf.join() };
    const known = byKinds.get(found.kinds);
    if (known === undefined || usd < known.usd) byKinds.set(found.kinds, found);
    if (best === null || usd < best.usd) {
      best = found;
      near = near.filter((other) => other.usd <= found.usd * (1 + rule.tieBand));
    }
    if (usd <= best.usd * (1 + rule.tieBand)) near.push(found);
    second = Number.POSITIVE_INFINITY;
    for (const { kinds, usd: other } of byKinds.values()) if (kinds !== best.kinds) second = Math.min(second, other);
  }

  function descend(depth: number): void {
    if (depth === count) {
      consider(chosen.map(({ c, slices }) => ({ candidate: candidates[c] as Candidate, slices })));
      return;
    }
    const slice = (order as number[])[depth] as number;
    for (const c of choices[slice] as number[]) {
      const known = chosen.findIndex((deployment) => deployment.c === c);
      if (known < 0 && chosen.length >= rule.maxDeployments) continue;
      if (known < 0) chosen.push({ c, slices: [slice] });
      else chosen[known]?.slices.push(slice);
      const bound = lowerBound(depth + 1);
      bounds++;
      if (bound < limit()) {
        if (bounds > rule.budget) leastOpen = Math.min(leastOpen, bound);
        else descend(depth + 1);
      }
      if (known < 0) chosen.pop();
      else chosen[known]?.slices.pop();
    }
  }

  function lowerBound(depth: number): number {
    let exact = 0;
    let below = 0;
    for (const { c, slices } of chosen) {
      exact += costOf(c, slices);
      for (const s of slices) below += lineOf(c, s);
    }
    let apis = 0;
    for (let d = depth; d < count; d++) {
      const s = (order as number[])[d] as number;
      below += leastLine[s] as number;
      if (!chosen.some(({ c }) => candidates[c]?.fleet !== null && !Number.isNaN(lineOf(c, s)))) apis += leastApi[s] as number;
    }
    const people = peopleUsd(staffingOf(chosen.map(({ c, slices }) => ({ candidate: candidates[c] as Candidate, slices })), demand), demand);
    return people + Math.max(below, exact + (apis === 0 ? 0 : Math.min(apis, leastFleet)));
  }
}

/** USD a month of an assignment, people included. */
export const planUsd = (assignment: Assignment, demand: Demand): number =>
  assignment.reduce((sum, { candidate, slices }) => sum + candidateCost(candidate, slices, demand), peopleUsd(staffingOf(assignment, demand), demand));

/** What an assignment asks of people. */
export function staffingOf(assignment: Assignment, demand: Demand): Staffing {
  const kinds = new Set(assignment.map(({ candidate }) => candidate.kind));
  const providers = new Set<string>();
  let fleets = 0;
  let gpus = 0;
  for (const { candidate, slices } of assignment) {
    if (candidate.fleet === null) {
      providers.add(candidate.provider);
      continue;
    }
    fleets++;
    const term = fleetOf(candidate.fleet, slices, demand);
    if (term.is !== 'smooth') gpus += withSpare(unitsAtPeak(term, demand.requestsPerDay), term) * candidate.fleet.gpusPerUnit;
  }
  return { kinds: [...kinds], apiProviders: providers.size, fleets, gpus };
}

/**
 * For each slice the steepest line through 0 that stays below its cost on a candidate: the API price itself; for a fleet
 * the share of a unit, over the mean hour when it follows the hours, over the highest when it is sized once.
 */
function linesBelow(candidates: readonly Candidate[], demand: Demand): Float64Array[] {
  const alike = demand.slices.every(({ hours }) => hours === demand.slices[0]?.hours);
  const loads = demand.slices.map(({ hours }) => durationCurve(hours, demand.hoursPerMonth));
  const highest = loads.map(({ multiple }) => multiple[0] ?? 0);
  const mean = loads.map(meanMultiple);
  return candidates.map(({ linear, fleet }) =>
    linear.map((usd, s) => {
      if (fleet === null || Number.isNaN(usd)) return usd;
      const multiple = (!fleet.followsHours && alike ? highest[s] : mean[s]) as number;
      return usd + fleet.usdPerHour * demand.hoursPerMonth * (fleet.need[s] as number) * multiple;
    }),
  );
}

/** Slices by the least they can cost, largest first; null when one can run nowhere. */
function slicesByCost(lines: readonly Float64Array[], count: number): number[] | null {
  const least = Array.from({ length: count }, (_, s) => lines.reduce((low, line) => (Number.isNaN(line[s] as number) ? low : Math.min(low, line[s] as number)), Number.POSITIVE_INFINITY));
  if (least.some((usd) => usd === Number.POSITIVE_INFINITY)) return null;
  return least.map((_, s) => s).sort((a, b) => (least[b] as number) - (least[a] as number) || a - b);
}
