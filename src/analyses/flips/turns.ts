import type { CasePlan } from '../../decide/several-case.js';
import type { Context } from '../../places/placement.js';
import { isAtMost } from '../../units/numeric.js';
import type { Advice } from './decider.js';
import { between } from './input.js';
import { areAlike, type Pool } from './pool.js';

/** Values of an input from one on outward, and the case at each. */
export type Axis = {
  start: number;
  /** Values at which plans are compared, from near to far. */
  grid: readonly number[];
  /** C0 of the adjusted cost at the start, USD a month. */
  baseUsd: number;
  /** Null: the value makes no valid scenario. */
  caseAt(value: number): Context | null;
  /** A value so far between two others, 0 to 1; null: the two are as close as is printed. */
  between(near: number, far: number, share: number): number | null;
};

/** Why the recommendation changes: both plans cost the same there, a cost jumps, or a hard rule excludes one of them. */
export type Cause = 'cost' | 'step' | 'rule';

/** A change of the recommended plan along an axis. */
export type Turn = {
  /** The first value at which staying costs more. */
  first: number;
  cause: Cause;
  /** The value at which both plans cost the same; `first` if the cost jumps. */
  crossing: number;
  /** True if they cost the same at a value near the crossing, to the printed precision. */
  isSameAt(value: number): boolean;
  /** A value from which on staying costs clearly more, and the best of the pool there. */
  beyond: number;
  best: Advice;
};

/**
 * The nearest value at which another plan is best, so that staying costs clearly more somewhere beyond it; null: none
 * up to the end of the grid.
 */
export function firstTurn(pool: Pool, plan: CasePlan | null, axis: Axis, sameShare: number): Turn | null {
  for (const value of axis.grid) {
    const best = changeAt(pool, plan, axis, value);
    if (best !== null) return turnBefore(pool, plan, best, value, axis, sameShare);
  }
  return null;
}

/** The best plan at a value where staying costs clearly more; null: it does not. */
export function changeAt(pool: Pool, plan: CasePlan | null, { caseAt }: Axis, value: number): Advice | null {
  const context = caseAt(value);
  return context && pool.changeFrom(plan, context);
}

/**
 * Where staying begins to cost more than the best plan at a value beyond: the value is where both cost the same, not
 * where the gap is clear.
 *
 * @param sameShare costs that differ by less than this share are the same
 */
export function turnBefore(
  pool: Pool,
  plan: CasePlan | null,
  best: Advice,
  beyond: number,
  axis: Axis,
  sameShare: number,
): Turn {
  const distanceOf = (value: number): number => Math.abs(value - axis.start);
  const before = axis.grid.filter((value) => distanceOf(value) < distanceOf(beyond));
  const turn = turnAmong(pool, plan, best, [axis.start, ...before, beyond], axis, sameShare);
  const atFirst = changeAt(pool, plan, axis, turn.first);
  if (atFirst !== null && isSamePlan(atFirst.plan, best.plan)) return { ...turn, beyond: turn.first, best: atFirst };
  // A third plan may be best in between; where it is so for a moment alone, as within a step of a fleet, it does not count.
  const between = turn.cause === 'rule' ? turn.first : axis.between(turn.first, beyond, 1 / 2);
  const nearer = between === null || between === beyond ? null : changeAt(pool, plan, axis, between);
  if (nearer !== null && between !== null && !isSamePlan(nearer.plan, best.plan))
    return turnBefore(pool, plan, nearer, between, axis, sameShare);
  return { ...turn, beyond, best };
}

const isSamePlan = (one: CasePlan | null, other: CasePlan | null): boolean =>
  one === null || other === null ? one === other : areAlike(one, other);

/** Costs of staying and of moving, USD a month; infinite: not allowed. */
type Costs = readonly [staying: number, moving: number];

/** Where a plan begins to cost more than another one, which costs less at the last of some values. */
function turnAmong(
  pool: Pool,
  plan: CasePlan | null,
  { plan: other, cheapest }: Advice,
  values: readonly number[],
  { start, baseUsd, caseAt, between: valueBetween }: Axis,
  sameShare: number,
): Pick<Turn, 'first' | 'cause' | 'crossing' | 'isSameAt'> {
  const beyond = values.at(-1) as number;
  // C0 counts little, so that between the ends it is interpolated.
  const shareOf = (value: number): number =>
    start * beyond > 0 ? Math.log(value / start) / Math.log(beyond / start) : (value - start) / (beyond - start);
  const baseAt = (value: number): number => between(baseUsd, cheapest?.usd ?? baseUsd, shareOf(value));
  const costsAt = (value: number): Costs => {
    const context = caseAt(value);
    if (context === null) return [0, 0];
    const costOf = (one: CasePlan | null) => (one === null ? Infinity : pool.costOf(one, context, baseAt(value)));
    return [costOf(plan), costOf(other)];
  };
  const isOver = ([staying, moving]: Costs): boolean =>
    staying === Infinity || (other !== null && !isAtMost(staying, moving));
  // C0 between the ends is interpolated, so a quarter of the share is left for its error.
  const closeShare = (sameShare * 3) / 4;
  const isSameAt = (value: number): boolean => isSame(costsAt(value), closeShare);
  let near = values.length - 2;
  let [last, first] = [values[near] as number, beyond];
  let [costs, costsBeyond] = [costsAt(last), costsAt(first)];
  while (near > 0 && isOver(costs)) {
    near -= 1;
    [first, costsBeyond] = [last, costs];
    last = values[near] as number;
    costs = costsAt(last);
  }
  for (let step = 0; ; step++) {
    // Lines cross where their gaps say; every other step is a half, as costs may jump.
    const [gap, gapBeyond] = [costs, costsBeyond].map(([staying, moving]) => Math.log(staying / moving)) as [
      number,
      number,
    ];
    const line = -gap / (gapBeyond - gap);
    const isLine = step % 2 === 0 && Number.isFinite(line) && line > 0 && line < 1;
    const value = (isLine ? valueBetween(last, first, line) : null) ?? valueBetween(last, first, 1 / 2);
    if (value === null) break;
    const tried = costsAt(value);
    if (isOver(tried)) [first, costsBeyond] = [value, tried];
    else [last, costs] = [value, tried];
    if (isSame(tried, sameShare / precision)) return { first: value, cause: 'cost', crossing: value, isSameAt };
  }
  if (isSame(costsBeyond, closeShare)) return { first, cause: 'cost', crossing: first, isSameAt };
  if (isSame(costs, closeShare)) return { first, cause: 'cost', crossing: last, isSameAt };
  const cause = [...costs, ...costsBeyond].every(Number.isFinite) ? 'step' : 'rule';
  return { first, cause, crossing: first, isSameAt };
}

/** So much closer than is printed two costs are, where the search for a crossing ends. */
const precision = 10;

const isSame = ([staying, moving]: Costs, share: number): boolean =>
  staying < Infinity && Math.abs(staying - moving) <= share * staying;
