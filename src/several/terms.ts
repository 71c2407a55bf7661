import { type AdjustedPrices, failedUsdAt, redoUsdOf, upkeepPoints, waitUsdOf } from '../core/adjusted.js';
import { type QualityColumns, unitHours } from '../core/shape.js';
import { slack, withSpareOf } from '../cost/fleet.js';
import { minutesPerHour } from '../units/month.js';
import { isAtLeast } from '../units/numeric.js';
import type { Workload } from '../workload/workload.js';
import { lastIn, type Task, type Tasks } from './tasks.js';

/** How units are sized. */
export type Sizing = { min: number; spare: number; spareShare: number };

/** Sizing for a set of tasks: spares for the share of work that needs them, as `sparesFor`. */
export function sizingFor({ list, tasksIn }: Tasks, set: number, needs: Float64Array, sizing: Sizing): Sizing {
  let [asked, all] = [0, 0];
  for (const t of tasksIn[set] as readonly number[]) {
    const need = needs[t] as number;
    all += need;
    if ((list[t] as Task).shape.load.spares) asked += need;
  }
  if (asked === all) return sizing;
  return asked === 0
    ? { min: sizing.min, spare: 0, spareShare: 0 }
    : { ...sizing, spareShare: (sizing.spareShare * asked) / all };
}

function sumOf(own: readonly number[], needs: Float64Array): number {
  let sum = 0;
  for (const t of own) sum += needs[t] as number;
  return sum;
}

/**
 * Units in the highest hour of the busiest month, spares included.
 *
 * @param needs units at multiple 1 by task
 * @param follows whether work is done as it comes; else deferrable work is done where there is room
 */
export function unitsAtPeakOf(
  { list, tasksIn, alike }: Tasks,
  set: number,
  needs: Float64Array,
  sizing: Sizing,
  follows: boolean,
  { peakGrowth }: Workload,
): number {
  const own = tasksIn[set] as readonly number[];
  const hoursOf = ({ hours, times }: Task): Float64Array => (follows ? hours : times);
  const { load } = (list[own[0] as number] as Task).shape;
  let most = 0;
  if (alike[set] === 1) most = (sumOf(own, needs) + load.plus) * load.peak;
  else {
    let length = 0;
    for (const t of own) length = Math.max(length, hoursOf(list[t] as Task).length);
    for (let hour = 0; hour < length; hour++) {
      let sum = 0;
      for (const t of own) sum += (needs[t] as number) * (hoursOf(list[t] as Task)[hour] ?? 0);
      if (sum > most) most = sum;
    }
    most *= peakGrowth;
  }
  return withSpareOf(Math.max(sizing.min, Math.ceil(most * (1 - slack))), sizing);
}

/** Mean units of a month, spares included, of a fleet that follows the hours. */
export function meanUnitsOf(
  { list, tasksIn, alike, turns }: Tasks,
  set: number,
  needs: Float64Array,
  sizing: Sizing,
  { hoursPerMonth, growth, once, assume }: Workload,
): number {
  const own = tasksIn[set] as readonly number[];
  const { load } = (list[own[0] as number] as Task).shape;
  if (alike[set] === 1) return unitHours(load.hours, sumOf(own, needs) + load.plus, sizing.min, sizing) / hoursPerMonth;
  const { courses, courseOf, from, to, count, all: entries } = turns;
  const onCourse = new Float64Array(courses.length);
  for (const t of own)
    onCourse[courseOf[t] as number] = (onCourse[courseOf[t] as number] as number) + (needs[t] as number);
  const [lowest, highest] = [Math.min(...growth), Math.max(...growth)];
  /** Units of an hour, summed over the months. */
  const units = new Float64Array((courses[0] as Float64Array).length);
  for (let hour = 0; hour < units.length; hour++) {
    let need = 0;
    for (let course = 0; course < courses.length; course++)
      need += (onCourse[course] as number) * ((courses[course] as Float64Array)[hour] as number);
    const fewest = unitsIn(need, lowest, sizing);
    if (unitsIn(need, highest, sizing) === fewest) units[hour] = fewest * growth.length;
    else for (const factor of growth) units[hour] = (units[hour] as number) + unitsIn(need, factor, sizing);
  }
  const lag = once ? 0 : Math.min(1, assume('scalingLagMinutes') / minutesPerHour);
  let all = 0;
  for (let turn = 0; turn < from.length; turn++) {
    const now = units[from[turn] as number] as number;
    // An hour with more in some month has no less in any.
    const more = Math.max(0, (units[to[turn] as number] as number) - now);
    all += (count[turn] as number) * (now + lag * more);
  }
  return all / (growth.length * entries);
}

const unitsIn = (sum: number, factor: number, sizing: Sizing): number =>
  withSpareOf(Math.max(sizing.min, Math.ceil(sum * factor * (1 - slack))), sizing);

/** USD a month that tasks count on models and APIs besides bill and people: see `AdjustedPrices`. */
export type Terms = {
  /** By task and item of the catalog: what its quality counts; infinite: it may not serve. */
  items: readonly Float64Array[];
  /** By task and API: the same with the wait for the first token. */
  apis: readonly Float64Array[];
  /** By task: what a first token (p95, ms) counts; null: nobody waits for it. */
  waits: readonly (((firstTokenMs: number) => number) | null)[];
  /** Whether machines may be so busy that their first token is unknown, which then counts nothing. */
  mayBeUnknown: boolean;
  /** First tokens (p95, ms) on machines under load at this volume, by `fitKey`, where known. */
  firstTokens: Map<number, number>;
  /** By set: what any model counts at the least, and what counts off machines that are owned. */
  least: Float64Array;
  notOwned: Float64Array;
  /** For a deployment, and for a dollar that is paid for machines before they work. */
  placeUsd: number;
  perUpfront: number;
};

/** Penalty for a model that is not sure enough, so that the fewest requests go to one; never shown. */
const unsureUsd = 1e7;

/**
 * @param baseUsd C0 of all tasks
 * @param failedUsd USD a month if all answers of a task failed, if not `failedUsdAt`
 */
export function termsOf(
  { list, bundles, sets, supply }: Tasks,
  workload: Workload,
  baseUsd: number,
  prices: AdjustedPrices,
  failedUsd: (task: string) => number | undefined = () => undefined,
): Terms {
  const { months, existing, taskParts } = workload;
  const requestsOf = (takes: (task: string) => boolean): number =>
    taskParts.reduce((sum, { task, requestsPerDay }) => sum + (takes(task) ? requestsPerDay : 0), 0);
  const all = requestsOf(() => true);
  const tasks = new Set(taskParts.map(({ task }) => task)).size;
  const [items, apis]: [Float64Array[], Float64Array[]] = [[], []];
  const waits: Terms['waits'][number][] = [];
  const [least, notOwned] = [new Float64Array(sets), new Float64Array(sets)];
  const [lowestOf, elsewhereOf]: [number[], number[]] = [[], []];
  for (const [t, { taskPart, shape }] of list.entries()) {
    const { requestsPerDay } = taskParts[t] as Task['taskPart'];
    const ofTask = requestsOf((task) => task === taskPart.task);
    /** Share of its task, and C0 of that task. */
    const share = ofTask === 0 ? 0 : requestsPerDay / ofTask;
    const base = all === 0 ? 0 : (baseUsd * ofTask) / all;
    const redoUsd = redoUsdOf(workload, base, prices);
    const allFailedUsd = failedUsd(taskPart.task) ?? failedUsdAt(workload, shape, ofTask, base);
    const steepUsd = taskPart.needs.capability.assumed && all > 0 ? (unsureUsd * requestsPerDay) / all : 0;
    const countsOf = ({ good, fails, index }: QualityColumns, at: number): number =>
      share *
        (redoUsd * (1 - (good[at] as number)) +
          prices.upkeepUsdPerPoint * upkeepPoints(index[at] as number, taskPart) +
          allFailedUsd * (fails[at] as number)) +
      (isAtLeast(good[at] as number, prices.confidence) ? 0 : steepUsd);
    const isAwaited = taskPart.waits === null && taskPart.needs.ttftP95Ms !== null;
    const wait = waitUsdOf(taskPart, base, prices);
    const waitUsd = isAwaited ? (firstTokenMs: number): number => share * wait(firstTokenMs) : null;
    waits.push(waitUsd);
    const ofItems = new Float64Array(supply.catalog.items.count).fill(Number.POSITIVE_INFINITY);
    const ofApis = new Float64Array(supply.apis.count).fill(Number.POSITIVE_INFINITY);
    let lowest = Number.POSITIVE_INFINITY;
    for (const item of shape.requests.items) {
      ofItems[item] = countsOf(shape.quality.items, item);
      lowest = Math.min(lowest, ofItems[item] as number);
    }
    const { api, firstTokenMs } = shape.bills;
    for (let at = 0; at < api.length; at++) {
      const one = api[at] as number;
      ofApis[one] = countsOf(shape.quality.apis, one) + (waitUsd?.(firstTokenMs[at] as number) ?? 0);
      lowest = Math.min(lowest, ofApis[one] as number);
    }
    items.push(ofItems);
    apis.push(ofApis);
    const elsewhere = existing.length === 0 ? 0 : share * (prices.ownedShare * base + prices.ownedUsd / tasks);
    lowestOf.push(lowest);
    elsewhereOf.push(elsewhere);
  }
  for (let set = 1; set < sets; set++) {
    const last = lastIn(set);
    const before = set ^ (1 << last);
    const sumOf = (of: readonly number[]): number =>
      (bundles[last] as readonly number[]).reduce((sum, t) => sum + (of[t] as number), 0);
    least[set] = (least[before] as number) + sumOf(lowestOf);
    notOwned[set] = (notOwned[before] as number) + sumOf(elsewhereOf);
  }
  return {
    mayBeUnknown: workload.assume('highestLoad') >= 1,
    firstTokens: new Map(),
    items,
    apis,
    waits,
    least,
    notOwned,
    placeUsd: prices.placeUsd,
    perUpfront: prices.atRisk / months,
  };
}
