import type { Context } from '../places/placement.js';
import type { Mask } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';
import {
  type AdjustedPrices,
  type AdjustedTerms,
  adjustedTermsIn,
  extraIn,
  failedUsdOf,
  firstTokenKey,
  firstTokenUnderLoad,
  hasSureModel,
  isAwaited,
  isSure,
  minExtraUsdByUnit,
  sureEnough,
} from './adjusted.js';
import { kindCount } from './apis.js';
import {
  allowed,
  isOpen,
  type Limits,
  type Prepared,
  prepared,
  withAsked,
  withModelsOf,
  withQueuesOf,
} from './decide.js';
import {
  type Answer,
  bestOfTypes,
  cheapest,
  type Extra,
  mixed,
  typeOf,
  unitsBelow,
  type VolumeTerms,
} from './floors.js';
import { busyWorkerUsd, type Priced, price, withShape } from './price.js';
import type { Rows } from './rows.js';
import { changedShape, refitted, type Shape } from './shape.js';

/** What is minimized, and what whole plans must keep. */
export type AdjustedSearch = {
  /** C0: see `AdjustedPrices`. */
  baseUsd: number;
  prices: AdjustedPrices;
  /** USD a month if all answers failed; left out: as `failedUsdOf`. */
  failedUsd?: number;
  /** Rules on whole plans; left out, or null: not checked. */
  limits?: Limits;
  /** Result of an earlier search over the same rows, to start from. */
  from?: Kept | null;
};

/** With models of every quality on some units. */
export type Kept = { better: Prepared; betterUnits: ReadonlySet<number> };

/** The row of least adjusted cost: of all rows, or of every deployment type. */
export type Adjusted = Kept & {
  /** Units whose rows were priced, 1; all others cannot win. */
  pricedUnits: Mask;
  /** What was prepared by cost, with later results: for the next volume. */
  prepared: Prepared;
  priced: Priced;
  /** -1: none. */
  found: Int32Array;
  /** What rows count beyond their bill and people, and the sum of that. */
  termsOf: (row: number) => AdjustedTerms;
  extraOf: Extra;
};

/** When nothing is sure enough: cost limit of machines over the cheapest plan. */
const firstTimes = 2;
const mostTimes = 64;
/** Machines computed at once, after which rows are priced again. */
const mostAsked = 16;
/** Units looked at first; each further batch is twice as large. */
const firstUnits = 16;

/** Among what rows the best one is looked for: among all, or of every type. */
type Among = {
  groupOf(rows: Rows, row: number): number;
  best(priced: Priced, mask: Mask, extraOf: Extra): Answer<Int32Array>;
};

const amongAll: Among = {
  groupOf: () => 0,
  best(priced, mask, extraOf) {
    const { priced: own, found } = cheapest(priced, mask, extraOf);
    return { priced: own, found: Int32Array.of(found) };
  },
};
const ofEachType: Among = { groupOf: typeOf, best: bestOfTypes };

/**
 * The row of least adjusted cost. Units whose fastest model may cost less keep the fastest of every quality; queues and
 * first tokens under load are computed for what wins.
 *
 * @param start the best by cost, with the queues known by then
 */
export const leastAdjusted = (start: CostStart, workload: Workload, search: AdjustedSearch): Adjusted =>
  settled(start, { ...search, workload, among: amongAll }, [search.baseUsd]);

/**
 * The same of every deployment type.
 *
 * @param leastUsd least cost of every type and of fallbacks of another, USD a month; null: none
 */
export const leastAdjustedOfTypes = (
  start: CostStart,
  workload: Workload,
  search: AdjustedSearch,
  leastUsd: readonly (number | null)[],
): Adjusted => settled(start, { ...search, workload, among: ofEachType }, leastUsd);

type Start = { prepared: Prepared; priced: Priced };
type CostStart = Start & { terms: VolumeTerms };
type Search = AdjustedSearch & { workload: Workload; among: Among };
/** What was found so far. */
type Found = Omit<Adjusted, keyof Kept | 'pricedUnits'> & { asPriced: Priced };

function settled(start: CostStart, search: Search, leastUsd: readonly (number | null)[]): Adjusted {
  const { workload, baseUsd, prices, from = null } = search;
  const { people, floors } = start.terms;
  let byCost: Start = start;
  const { shape } = start.prepared;
  const better = from === null ? start.prepared : withAsked(inContext(from.better, shape.context), shape);
  const betterUnits = new Set(from?.betterUnits);
  const pricedUnits = new Uint8Array(floors.length);
  const priced = (on: Prepared): Found =>
    leastOf(on, search, price(on.rows, on.shape, workload, {}, people, pricedUnits));
  let found = priced(better);
  const seen = new Set<number>();
  const { failedUsd = failedUsdOf({ workload, shape }, baseUsd) } = search;
  const extra = madeOnce(() => minExtraUsdByUnit(shape, workload, baseUsd, prices, failedUsd));
  const hasSure = hasSureModel(shape, prices);
  /** Whether the best row of a group is sure enough, or no model in it can be. */
  const isEnough = (group: number): boolean =>
    leastUsd[group] == null || !hasSure || isSure(found.priced, found.found[group] as number, prices);
  const groupOfKind = (kind: number): number => (leastUsd.length === 1 ? 0 : kind);
  const mostOf = (group: number): number => {
    const least = leastUsd[group] ?? null;
    if (least === null) return 0;
    return isEnough(group) ? adjustedUsdOf(found, found.found[group] as number) : times * least;
  };
  let [times, atOnce, unitsAtOnce] = [firstTimes, 1, firstUnits];
  for (;;) {
    const most = mostOfTypes(search, mostOf);
    byCost = withUnitsBelow(byCost, start.terms, most);
    // Until a sure model is found, units are filtered by cost alone.
    const isCounted = (kind: number): boolean => [groupOfKind(kind), mixed].every(isEnough);
    const below = unitsAlsoBelow(byCost.priced, floors, (kind) => (isCounted(kind) ? extra() : null), most, leastUsd);
    const further = below.filter((unit) => !seen.has(unit));
    const units = further.slice(0, unitsAtOnce);
    unitsAtOnce *= 2;
    const open = units.length > 0 ? [] : openRows(found, search, atOnce);
    if (units.length > 0) {
      const now = withBetterOn(units, { better: found.prepared, betterUnits });
      for (const unit of units) {
        seen.add(unit);
        betterUnits.add(unit);
        pricedUnits[unit] = 1;
      }
      found = priced(now);
    } else if (open.length > 0) {
      atOnce = Math.min(2 * atOnce, mostAsked);
      // With their queues rows may cost more, so that further machines matter.
      const asked = withAnswers(found, open);
      found = asked.fits === found.prepared.shape.fits ? leastAgain(found, asked, search) : priced(prepared(asked));
    } else if (times < mostTimes && !found.found.every((_, group) => isEnough(group))) times *= 2;
    else break;
  }
  const { prepared: then } = found;
  return { ...found, better: then, betterUnits, pricedUnits, prepared: withAsked(byCost.prepared, then.shape) };
}

/** The same rows under the assumptions and people of another context. */
const inContext = (before: Prepared, context: Context): Prepared =>
  before.shape.context === context ? before : { shape: changedShape(before.shape, { context }), rows: before.rows };

/** Adds the models of every quality on some units. */
export function withBetterOn(units: readonly number[], { better, betterUnits }: Kept): Prepared {
  const further = units.filter((unit) => !betterUnits.has(unit));
  return further.length === 0 ? better : prepared(refitted(better.shape, new Set(further), { keep: 'better' }));
}

/** The best row again after first tokens were computed: prices stay. */
function leastAgain({ prepared: before, asPriced }: Found, shape: Shape, search: Search): Found {
  return leastOf({ shape, rows: before.rows }, search, withShape(asPriced, shape));
}

function leastOf(on: Prepared, { baseUsd, prices, failedUsd, limits = null, among }: Search, priced: Priced): Found {
  const termsOf = adjustedTermsIn(priced, baseUsd, prices, failedUsd);
  const extraOf = extraIn(on.rows.count, termsOf);
  const bestSure = (start: Priced): Answer<Int32Array> => {
    for (let now = start; ; ) {
      const answer = among.best(now, sureEnough(now, prices, among.groupOf), extraOf);
      // Where none of what is sure enough starts in time, the rest is looked at.
      if (isSettled(answer)) return answer;
      now = answer.priced;
    }
  };
  const isSettled = ({ priced: { usd, rows }, found }: Answer<Int32Array>): boolean => {
    for (let row = 0; row < usd.length; row++)
      if (usd[row] !== Number.POSITIVE_INFINITY && !((found[among.groupOf(rows, row)] as number) >= 0)) return false;
    return true;
  };
  const answer = allowed(priced, bestSure, limits);
  return { prepared: on, asPriced: priced, priced: answer.priced, found: answer.found, termsOf, extraOf };
}

/** USD a month of a row, all that it counts included; infinite: there is none. */
const adjustedUsdOf = ({ priced, extraOf }: Pick<Adjusted, 'priced' | 'extraOf'>, row: number): number =>
  row < 0 ? Number.POSITIVE_INFINITY : (priced.usd[row] as number) + extraOf(row);

/** USD a month by type from which a unit cannot win, alone or with a fallback. */
function mostOfTypes({ among }: Search, most: (group: number) => number): Float64Array {
  if (among === amongAll) return new Float64Array(kindCount).fill(most(0));
  return Float64Array.from({ length: kindCount }, (_, kind) => Math.max(most(kind), most(mixed)));
}

/** Adds the fastest model of units that may cost less than their limit. */
function withUnitsBelow(start: Start, { people, floors }: VolumeTerms, most: Float64Array): Start {
  const { workload, factors } = start.priced;
  const now = withModelsOf(start.prepared, unitsBelow(start.prepared.shape, floors, most));
  return now === start.prepared
    ? start
    : { prepared: now, priced: price(now.rows, now.shape, workload, factors, people) };
}

/**
 * Units that may count less than the limit of their type, nearest to its least cost first. The fastest model costs
 * least, except for the hours that workers are up.
 *
 * @param extraOf least that models count on every unit; null: cost alone decides
 */
function unitsAlsoBelow(
  priced: Priced,
  floors: Float64Array,
  extraOf: (kind: number) => Float64Array | null,
  most: Float64Array,
  leastUsd: readonly (number | null)[],
): number[] {
  const { rows, usd, shape } = priced;
  const { units } = shape.admitted.offers;
  const least = new Float64Array(units.count).fill(Number.POSITIVE_INFINITY);
  /** Least share of the requests that a place with a fallback serves itself. */
  let share = 1;
  // Some places are available enough with a fallback alone.
  for (let row = rows.apis; row < rows.count; row++) {
    const fit = rows.fit[row] as number;
    if (fit === -1) continue;
    if (row >= rows.paired) share = Math.min(share, rows.available[row] as number);
    const unit = shape.fits.unit[fit] as number;
    const own =
      units.sleeps[unit] === 1
        ? Math.max(floors[unit] as number, busyWorkerUsd(priced, rows.first[row] as number))
        : (usd[row] as number);
    least[unit] = Math.min(least[unit] as number, own);
  }
  const below: { unit: number; times: number }[] = [];
  for (let unit = 0; unit < least.length; unit++) {
    const kind = units.kind[unit] as number;
    const mostUsd = most[kind] as number;
    const own = least[unit] as number;
    if (own >= mostUsd) continue;
    const counted = own + share * (extraOf(kind)?.[unit] ?? 0);
    if (counted < mostUsd) below.push({ unit, times: counted / leastOfKind(leastUsd, kind) });
  }
  return below.sort((a, b) => a.times - b.times || a.unit - b.unit).map(({ unit }) => unit);
}

/** Least cost of a type, to order units of all types by; 1 if it is nothing. */
function leastOfKind(leastUsd: readonly (number | null)[], kind: number): number {
  const usd = leastUsd.length === 1 ? leastUsd[0] : (leastUsd[kind] ?? leastUsd[mixed]);
  return usd == null || usd === 0 ? 1 : usd;
}

/** Rows with something left to compute: what was found, and at most so many next in its group. None: it is final. */
function openRows(found: Found, { prices, among }: Search, most: number): number[] {
  const { prepared: now, priced } = found;
  const open = found.found.filter((row) => isUnasked(now, priced, row));
  if (open.length === 0) return [];
  const mask = sureEnough(priced, prices, among.groupOf);
  /** By group, those of least adjusted cost, the least first. */
  const least = new Map(Array.from(open, (row) => [among.groupOf(now.rows, row), [] as number[]]));
  for (let row = now.rows.apis; row < priced.usd.length; row++) {
    const own = mask[row] === 1 ? least.get(among.groupOf(now.rows, row)) : undefined;
    if (own === undefined) continue;
    const last = own.length < most ? -1 : (own.at(-1) as number);
    const mostUsd = adjustedUsdOf(found, last);
    if ((priced.usd[row] as number) >= mostUsd) continue;
    const usd = adjustedUsdOf(found, row);
    if (usd >= mostUsd || !isUnasked(now, priced, row)) continue;
    const place = own.findIndex((other) => adjustedUsdOf(found, other) > usd);
    own.splice(place === -1 ? own.length : place, 0, row);
    if (own.length > most) own.pop();
  }
  return [...least.values()].flat();
}

/** Whether a row's queue or first token is still unknown. */
export function isUnasked(now: Prepared, priced: Priced, row: number): boolean {
  const fit = row < 0 ? -1 : (now.rows.fit[row] as number);
  if (fit === -1 || priced.usd[row] === Number.POSITIVE_INFINITY) return false;
  return isOpen(now, row) || (isAwaited(priced) && !now.shape.firstTokens.has(firstTokenKey(priced, row)));
}

/** The shape with results for some rows' machines: queues first. */
export function withAnswers({ prepared: now, priced }: Start, open: readonly number[]): Shape {
  const { fits } = now.shape;
  const firstTokens = new Map(now.shape.firstTokens);
  const unqueued: { unit: number; item: number }[] = [];
  for (const row of open) {
    const fit = now.rows.fit[row] as number;
    const key = firstTokenKey(priced, row);
    if (isOpen(now, row)) unqueued.push({ unit: fits.unit[fit] as number, item: fits.item[fit] as number });
    else if (!firstTokens.has(key)) firstTokens.set(key, firstTokenUnderLoad(priced, row));
  }
  return changedShape(withQueuesOf(now.shape, unqueued, 'better'), { firstTokens });
}
