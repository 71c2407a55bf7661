import { mostCards } from '../capacity/request-rate.js';
import { weeksPerYear } from '../cost/people.js';
import type { TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Mask } from '../units/columns.js';
import { isAtLeast } from '../units/numeric.js';
import { onlyPart, type TaskPart, type Workload } from '../workload/workload.js';
import { minOfModelsByUnit } from './admitted.js';
import { kindOf, numberOf } from './apis.js';
import { type Extra, groupCount } from './floors.js';
import { type FirstTokenKey, queueKey } from './order.js';
import type { Priced } from './price.js';
import { optionAt, type Rows } from './rows.js';
import type { Shape } from './shape.js';

/**
 * Prices of preferences that no bill shows.
 *
 *     adjusted = bill + people
 *              + (1 - P) x (redoWeeks x wages + redoMonths x C0) / horizon
 *              + upkeepUsdPerPoint x (100 - index; 0 where the model is tuned to the task)
 *              + failed share x (price of a failed answer x requests where the user wrote one, else C0)
 *              + waitPerDoubling x C0 x log2(first token / usual), where no target is written
 *                targetMargin x C0 x share of the last part of the target that it takes, where one is
 *              + ownedShare x C0 + ownedUsd, where machines are owned and it runs elsewhere
 *              + atRisk x cash for machines that are bought / horizon
 *              + placeUsd x places
 *
 * C0: bill and people of the cheapest plan that the hard rules leave, USD a month.
 */
export type AdjustedPrices = {
  /** Person-weeks to test another model; months of C0 until a wrong one is noticed. */
  redoWeeks: number;
  redoMonths: number;
  /** USD a month and point of the capability index: prompts, guards, evaluation. */
  upkeepUsdPerPoint: number;
  /** Share of C0 for each doubling of the first token; at most `mostDoublings` count. */
  waitPerDoubling: number;
  mostDoublings: number;
  /** Share of C0 when the first token takes all of a written target; 0 when `marginShare` of it is left. */
  targetMargin: number;
  marginShare: number;
  /** Share of the price of bought machines that may be lost, spread over the horizon. */
  atRisk: number;
  /** Share of C0, and USD a month, for moving away from machines that are owned. */
  ownedShare: number;
  ownedUsd: number;
  /** USD a month and place: keys, monitoring, another invoice. */
  placeUsd: number;
  /** Required probability of being good enough where the need is assumed. */
  confidence: number;
};

/** Terms of the adjusted cost beyond bill and people, in the order of a report. */
export const adjustedTerms = ['redo', 'upkeep', 'failed', 'wait', 'notOwned', 'atRisk', 'places'] as const;
export type AdjustedTerm = (typeof adjustedTerms)[number];
/** USD a month by term. */
export type AdjustedTerms = Readonly<Record<AdjustedTerm, number>>;

/** The index is up to so much. */
const bestIndex = 100;

/**
 * The terms of a row at a volume.
 *
 * @param baseUsd C0
 * @param failedUsd USD a month if all answers failed; left out: as `failedUsdOf`
 */
export function adjustedTermsIn(
  priced: Priced,
  baseUsd: number,
  prices: AdjustedPrices,
  failedUsd = failedUsdOf(priced, baseUsd),
): (row: number) => AdjustedTerms {
  const { rows, second, workload } = priced;
  const { months, existing } = workload;
  const taskPart = onlyPart(workload);
  const redoUsd = redoUsdOf(workload, baseUsd, prices);
  const elsewhereUsd = existing.length === 0 ? 0 : prices.ownedShare * baseUsd + prices.ownedUsd;
  const wait = waitUsdOf(taskPart, baseUsd, prices);
  const onPrem = numberOf('on-prem');
  const known = new Array<AdjustedTerms | undefined>(rows.count);
  return (row) => {
    const before = known[row];
    if (before !== undefined) return before;
    const terms = termsAt(row);
    known[row] = terms;
    return terms;
  };

  function termsAt(row: number): AdjustedTerms {
    const other = second[row] as number;
    const away = other === -1 ? 0 : 1 - (rows.available[row] as number);
    /** Mean over both places, by the share of requests that each serves. */
    const shared = (of: (place: number) => number): number =>
      other === -1 ? of(row) : (1 - away) * of(row) + away * of(other);
    const isBought = rows.kind[row] === onPrem && rows.owned[row] === 0;
    return {
      redo: redoUsd * shared((place) => 1 - (rows.good[place] as number)),
      upkeep: prices.upkeepUsdPerPoint * shared((place) => upkeepPoints(rows.index[place] as number, taskPart)),
      failed: failedUsd * shared((place) => rows.fails[place] as number),
      wait: shared((place) => wait(firstTokenMs(priced, place))),
      notOwned: rows.owned[row] === 0 ? elsewhereUsd : 0,
      atRisk: isBought
        ? (prices.atRisk * (priced.machines[row] as number) * (rows.upfront[row] as number)) / months
        : 0,
      places: prices.placeUsd * (other === -1 ? 1 : 2),
    };
  }
}

/**
 * Least that models on its cards count for quality, USD a month; index = unit.
 *
 * @param baseUsd, failedUsd as for `adjustedTermsIn`
 */
export function minExtraUsdByUnit(
  { admitted, quality }: Shape,
  workload: Workload,
  baseUsd: number,
  prices: AdjustedPrices,
  failedUsd: number,
): Float64Array {
  const { good, index, fails } = quality.items;
  const redoUsd = redoUsdOf(workload, baseUsd, prices);
  const taskPart = onlyPart(workload);
  return minOfModelsByUnit(admitted, (item) => {
    const upkeepUsd = prices.upkeepUsdPerPoint * upkeepPoints(index[item] as number, taskPart);
    return redoUsd * (1 - (good[item] as number)) + upkeepUsd + failedUsd * (fails[item] as number);
  });
}

/** USD a month of another model, if the one that is taken is not good enough. */
export const redoUsdOf = (
  { team, months }: Workload,
  baseUsd: number,
  { redoWeeks, redoMonths }: AdjustedPrices,
): number => ((redoWeeks / weeksPerYear) * team.yearlyCostUsd + redoMonths * baseUsd) / months;

/** Points of the index that upkeep is paid for; unknown: as none. 0 for a model that is tuned to the task. */
export const upkeepPoints = (index: number, { needs }: Pick<TaskPart, 'needs'>): number =>
  needs.fineTuning ? 0 : bestIndex - Math.min(bestIndex, Number.isNaN(index) ? 0 : index);

/** All terms together. */
export const summedTerms = (terms: AdjustedTerms): number => adjustedTerms.reduce((sum, term) => sum + terms[term], 0);

/** The sum of all terms of a row, cached. */
export function extraIn(count: number, termsOf: (row: number) => AdjustedTerms): Extra {
  const known = new Float64Array(count).fill(Number.NaN);
  return (row) => {
    if (Number.isNaN(known[row])) known[row] = summedTerms(termsOf(row));
    return known[row] as number;
  };
}

/** USD a month if all answers failed. */
export const failedUsdOf = ({ workload, shape }: Pick<Priced, 'workload' | 'shape'>, baseUsd: number): number =>
  failedUsdAt(workload, shape, workload.requestsPerDay, baseUsd);

export const failedUsdAt = (
  { rules: { failedAnswerUsd } }: Workload,
  { load }: Shape,
  requestsPerDay: number,
  baseUsd: number,
): number => (failedAnswerUsd === null ? baseUsd : failedAnswerUsd * load.requestsPerMonth * requestsPerDay);

/** USD a month of a wait for the first token (p95, ms); 0 where nobody waits, or it is unknown. */
export function waitUsdOf(
  { waits, needs }: TaskPart,
  baseUsd: number,
  { waitPerDoubling, mostDoublings, targetMargin, marginShare }: AdjustedPrices,
): (firstTokenMs: number) => number {
  const target = waits === null ? needs.ttftP95Ms : null;
  if (target === null) return () => 0;
  const { value, by } = target;
  return (firstTokenMs) => {
    if (Number.isNaN(firstTokenMs)) return 0;
    if (by === 'preset')
      return waitPerDoubling * baseUsd * Math.min(mostDoublings, Math.max(0, Math.log2(firstTokenMs / value)));
    const taken = (firstTokenMs - (1 - marginShare) * value) / (marginShare * value);
    return targetMargin * baseUsd * Math.min(1, Math.max(0, taken));
  };
}

/** Rows that are sure enough, where the need is assumed; of a group that has none, all. */
export function sureEnough(
  { rows, usd, shape }: Priced,
  { confidence }: AdjustedPrices,
  groupOf: (rows: Rows, row: number) => number,
): Mask {
  const { needs } = onlyPart(shape.context.workload);
  const mask = new Uint8Array(rows.count).fill(1);
  if (!needs.capability.assumed) return mask;
  const isSureAt = (row: number): boolean => isAtLeast(rows.good[row] as number, confidence);
  const hasSure = new Uint8Array(groupCount);
  for (let row = 0; row < rows.count; row++)
    if (usd[row] !== Number.POSITIVE_INFINITY && isSureAt(row)) hasSure[groupOf(rows, row)] = 1;
  for (let row = 0; row < rows.count; row++) if (hasSure[groupOf(rows, row)] === 1 && !isSureAt(row)) mask[row] = 0;
  return mask;
}

/** Whether any open model reaches the required probability of being good enough. */
export const hasSureModel = ({ admitted, quality }: Shape, { confidence }: AdjustedPrices): boolean =>
  admitted.items.some((item) => isAtLeast(quality.items.good[item] as number, confidence));

/** Whether a row is as sure as required. */
export function isSure({ rows, shape }: Priced, row: number, { confidence }: AdjustedPrices): boolean {
  const { needs } = onlyPart(shape.context.workload);
  return !needs.capability.assumed || (row >= 0 && isAtLeast(rows.good[row] as number, confidence));
}

/** Whether somebody waits for the first token. */
export function isAwaited({ workload }: Priced): boolean {
  const { waits, needs } = onlyPart(workload);
  return waits === null && needs.ttftP95Ms !== null;
}

/** By machine, item and cut; of workers by offer and volume as well. */
export function firstTokenKey({ rows, shape, requestsPerDay }: Priced, row: number): FirstTokenKey {
  const { fits, admitted } = shape;
  const { units } = admitted.offers;
  const fit = rows.fit[row] as number;
  const unit = fits.unit[fit] as number;
  const machine = queueKey(admitted, unit, fits.item[fit] as number) * (mostCards + 1) + (fits.cards[fit] as number);
  return units.sleeps[unit] === 1 ? `${machine} ${rows.offer[row]} ${requestsPerDay}` : machine;
}

/** First token (p95, ms) of a row: under load, if computed. */
function firstTokenMs(priced: Priced, row: number): number {
  const { rows, shape } = priced;
  const alone = rows.firstTokenMs[row] as number;
  if (shape.firstTokens.size === 0 || rows.fit[row] === -1) return alone;
  return shape.firstTokens.get(firstTokenKey(priced, row)) ?? alone;
}

/** First token (p95, ms) of a row's machine at its planned load; NaN: unknown. */
export function firstTokenUnderLoad(priced: Priced, row: number): number {
  const { shape, rows } = priced;
  const { assume, assumptions } = shape.context.workload;
  // Assumptions come from the shape, which records their use.
  const workload = { ...priced.workload, assume, assumptions };
  const taskPart = onlyPart(workload);
  const kind = kindOf[rows.kind[row] as number] as (typeof kindOf)[number];
  const seen = placementOf(kind).service(optionAt(priced, row), taskPart, { ...shape.context, workload });
  return 'unpriced' in seen ? Number.NaN : ((seen as TaskService).ttftP95Ms ?? Number.NaN);
}
