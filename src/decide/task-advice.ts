import {
  type AdjustedPrices,
  type AdjustedTerm,
  type AdjustedTerms,
  adjustedTermsIn,
  extraIn,
  failedUsdOf,
  minExtraUsdByUnit,
  summedTerms,
  sureEnough,
} from '../core/adjusted.js';
import { numberOf } from '../core/apis.js';
import { type Prepared, prepared, withModelsOf } from '../core/decide.js';
import type { VolumeTerms } from '../core/floors.js';
import {
  type Adjusted,
  type AdjustedSearch,
  isUnasked,
  type Kept,
  leastAdjusted,
  leastAdjustedOfTypes,
  withAnswers,
  withBetterOn,
} from '../core/least-adjusted.js';
import { type Priced, price } from '../core/price.js';
import type { Shape } from '../core/shape.js';
import type { Mask } from '../units/columns.js';
import type { Workload } from '../workload/workload.js';
import { type Overflow, overflowPairs, type Preferred, unitsInPairs } from './task-overflow.js';
import {
  type CostDecision,
  isLetThrough,
  type PlanRules,
  planOfPair,
  planOfRow,
  type Takes,
  type TaskDecision,
  type TaskPlan,
} from './task-plans.js';

/** A plan with what it counts beyond its bill and people, USD a month, and all of that together. */
export type AdvisedPlan = TaskPlan & { terms: AdjustedTerms; adjustedUsd: number };

/** A plan, and what was prepared for it: by cost, for the next volume, and models of every quality on some units. */
type Advised = Pick<Adjusted, 'prepared' | 'pricedUnits' | keyof Kept>;

/** Where a search starts: evaluations of an earlier one of the same rows, C0, and USD a month if all answers failed. */
type From = { from?: Kept | null; baseUsd?: number | null; failedUsd?: number };

/**
 * The plan of least adjusted cost; null: nothing fits. `looked`: all evaluated models of every quality.
 *
 * @param best the best plans by cost: the cheapest of them is C0, if no other is given
 */
export function advisedPlan(
  best: CostDecision,
  workload: Workload,
  rules: PlanRules,
  prices: AdjustedPrices,
  { from = null, baseUsd = null, failedUsd }: From = {},
): Advised & { plan: AdvisedPlan | null; looked: Kept } {
  const own = searchFrom(best, rules, prices, from);
  if (own === null) return { ...nothing(best), plan: null, looked: nothing(best) };
  const search = { ...own, ...(baseUsd !== null && { baseUsd }), ...(failedUsd !== undefined && { failedUsd }) };
  const found = leastAdjusted(best, workload, search);
  const single = plansOf(found)[0] ?? null;
  const { plan, looked } = withOverflow(found, best.terms, workload, rules, search, single);
  return { ...found, plan: plan ?? single, looked };
}

/** The cheapest plan of models that are sure enough to be good enough; where none is, the cheapest of all. */
export const cheapestSure = (
  best: CostDecision,
  workload: Workload,
  rules: PlanRules,
  prices: AdjustedPrices,
  from: Kept,
): TaskPlan | null => advisedPlan(best, workload, rules, { ...prices, ...nothingCounts }, { from, failedUsd: 0 }).plan;

/** At these prices the adjusted cost is bill and people. */
export const nothingCounts = {
  redoWeeks: 0,
  redoMonths: 0,
  upkeepUsdPerPoint: 0,
  waitPerDoubling: 0,
  targetMargin: 0,
  atRisk: 0,
  ownedShare: 0,
  ownedUsd: 0,
  placeUsd: 0,
} satisfies Partial<AdjustedPrices>;

const nothing = ({ prepared: start }: CostDecision): Advised => ({
  prepared: start,
  better: start,
  betterUnits: new Set(),
  pricedUnits: new Uint8Array(start.shape.looked.length),
});

/** The best of every deployment type, with any fallback or overflow of that type; and the best with one of another. */
type AdvisedTypes = Advised & { ofTypes: readonly (AdvisedPlan | null)[]; mixed: AdvisedPlan | null };

/** The same of every deployment type, without machines with an API above them. */
export function advisedOfTypes(
  best: TaskDecision,
  workload: Workload,
  rules: PlanRules,
  prices: AdjustedPrices,
  from: Kept | null = null,
): AdvisedTypes {
  const search = searchFrom(best, rules, prices, from);
  if (search === null) return { ...nothing(best), ofTypes: [], mixed: null };
  const leastUsd = [...best.ofTypes, best.mixed].map((plan) => plan?.usd ?? null);
  const found = leastAdjustedOfTypes(best, workload, search, leastUsd);
  const { prepared, better, betterUnits, pricedUnits } = found;
  const plans = plansOf(found);
  return { prepared, better, betterUnits, pricedUnits, ofTypes: plans.slice(0, -1), mixed: plans.at(-1) ?? null };
}

/**
 * The plan of least adjusted cost on some deployment types, from the best of each. Of places with a second one of
 * another type only the best is considered.
 */
export function advisedWhere(
  best: TaskDecision,
  types: AdvisedTypes,
  takes: Takes,
  workload: Workload,
  rules: PlanRules,
  prices: AdjustedPrices,
): AdvisedPlan | null {
  const search = searchFrom(best, rules, prices, types);
  if (search === null) return null;
  const single = [...types.ofTypes, types.mixed]
    .filter((plan) => plan !== null && takes(...plan.kinds))
    .reduce((least, plan) => (least !== null && least.adjustedUsd <= (plan?.adjustedUsd ?? 0) ? least : plan), null);
  return withOverflow(types, best.terms, workload, rules, search, single, takes).plan ?? single;
}

const searchFrom = (
  { cheapest }: CostDecision,
  { limits, taskUsd }: PlanRules,
  prices: AdjustedPrices,
  from: Kept | null,
): AdjustedSearch | null => (cheapest === null ? null : { baseUsd: cheapest.usd + taskUsd, prices, limits, from });

const plansOf = ({ priced, found, termsOf }: Adjusted): (AdvisedPlan | null)[] =>
  Array.from(found, (row) => (row < 0 ? null : countedPlan(planOfRow(priced, row), termsOf(row))));

const countedPlan = (plan: TaskPlan, terms: AdjustedTerms): AdvisedPlan => ({
  ...plan,
  terms,
  adjustedUsd: plan.usd + summedTerms(terms),
});

/** The pair of machines and an overflow API that counts less than a plan, its latency computed. */
function withOverflow(
  { prepared: byCost, better, betterUnits, pricedUnits, priced: whole }: Advised & { priced?: Priced },
  terms: VolumeTerms,
  workload: Workload,
  { limits, mayOverflow }: PlanRules,
  { baseUsd, prices, failedUsd }: AdjustedSearch,
  single: AdvisedPlan | null,
  takes: Takes = () => true,
): { plan: AdvisedPlan | null; looked: Kept } {
  const belowUsd = single?.adjustedUsd ?? Number.POSITIVE_INFINITY;
  let looked: Kept = { better, betterUnits };
  if (!mayOverflow) return { plan: null, looked };
  const unlooked = heldBelow(better.shape, terms, belowUsd).filter((unit) => pricedUnits[unit] === 0);
  let units = pricedUnits;
  const priced = (on: Prepared, takes: Mask): Priced => price(on.rows, on.shape, workload, {}, terms.people, takes);
  // What only rules on whole plans exclude may be part of what they allow.
  const isWhole = limits === null && whole?.rows === better.rows;
  let counted = countedIn(isWhole ? (whole as Priced) : priced(better, units));
  if (unlooked.length > 0) {
    const among = new Uint8Array(units.length);
    for (const unit of unlooked) among[unit] = 1;
    const fastest = priced(withModelsOf(byCost, new Set(unlooked)), among);
    const extra = minExtraUsdByUnit(
      better.shape,
      workload,
      baseUsd,
      prices,
      failedUsd ?? failedUsdOf(fastest, baseUsd),
    );
    const further = unitsInPairs(fastest, belowUsd, counted, extra);
    if (further.length > 0) {
      looked = { better: withBetterOn(further, looked), betterUnits: new Set([...betterUnits, ...further]) };
      units = units.slice();
      for (const unit of further) units[unit] = 1;
      counted = countedIn(priced(looked.better, units));
    }
  }
  for (let now = looked.better, atOnce = 1; ; atOnce = Math.min(2 * atOnce, mostAsked)) {
    const { priced: then } = counted;
    const open: number[] = [];
    for (const { pair, terms: ofPair } of pairsIn(counted, prices, belowUsd, takes)) {
      if (isUnasked(now, then, pair.own)) open.push(pair.own);
      else if (isLetThrough(then, pair, limits)) {
        if (open.length === 0) return { plan: countedPlan(planOfPair(then, pair), ofPair), looked };
        break;
      }
      if (open.length === atOnce) break;
    }
    if (open.length === 0) return { plan: null, looked };
    now = prepared(withAnswers({ prepared: now, priced: then }, open));
    counted = countedIn(priced(now, units));
  }

  function countedIn(all: Priced): Counted {
    const termsOf = adjustedTermsIn(all, baseUsd, prices, failedUsd);
    const extraOf = extraIn(all.usd.length, termsOf);
    return { priced: all, termsOf, extraOf, mask: sureEnough(all, prices, () => 0) };
  }
}

/** What is priced, and what rows count beyond that. */
type Counted = Preferred & { priced: Priced; termsOf: (row: number) => AdjustedTerms };

/** Most machines whose queues and first tokens are computed at once; doubles each time, as all pairs are recounted. */
const mostAsked = 256;

/** Pairs that count less than a limit, those that count least first. */
function pairsIn(
  counted: Counted,
  prices: AdjustedPrices,
  belowUsd: number,
  takes: Takes,
): { pair: Overflow; terms: AdjustedTerms; usd: number }[] {
  const { priced, termsOf } = counted;
  const { kind } = priced.rows;
  return overflowPairs(priced, belowUsd, counted)
    .filter(({ own, api }) => takes(kind[own] as number, kind[api] as number))
    .map((pair) => {
      const terms = pairTerms(pair, priced, termsOf, prices);
      return { pair, terms, usd: pair.usd + summedTerms(terms) };
    })
    .filter(({ usd }) => usd < belowUsd)
    .sort((a, b) => a.usd - b.usd);
}

/** Units of machines for all hours of which one costs less than a limit: an API may take the overflow. */
function heldBelow({ admitted }: Shape, { floors }: VolumeTerms, belowUsd: number): number[] {
  const { sleeps } = admitted.offers.units;
  const found: number[] = [];
  for (let unit = 0; unit < floors.length; unit++)
    if ((floors[unit] as number) < belowUsd && sleeps[unit] === 0) found.push(unit);
  return found;
}

/** What a pair counts: of both places by the share of requests that each takes. */
function pairTerms(
  { own, api, units, away }: Overflow,
  { rows, workload }: Priced,
  termsOf: (row: number) => AdjustedTerms,
  { atRisk }: AdjustedPrices,
): AdjustedTerms {
  const [first, second] = [termsOf(own), termsOf(api)];
  const shared = (term: AdjustedTerm): number => (1 - away) * first[term] + away * second[term];
  return {
    redo: shared('redo'),
    upkeep: shared('upkeep'),
    failed: shared('failed'),
    wait: shared('wait'),
    notOwned: first.notOwned,
    // What is held for all hours is not owned yet.
    atRisk:
      rows.kind[own] === numberOf('on-prem') ? (atRisk * units * (rows.upfront[own] as number)) / workload.months : 0,
    places: first.places + second.places,
  };
}
