import type { RequestColumns } from '../capacity/request-rate.js';
import { isUnpriced, meanMultipleOf, requestsPerMonthPerDaily } from '../cost/curve.js';
import { deviceCosts } from '../cost/device-costs.js';
import { toolsUsd } from '../cost/extras.js';
import {
  asksForSpare,
  highestLoadOf,
  inHourFactorOf,
  type Spares,
  slack,
  unitHoursOf,
  withSpareOf,
} from '../cost/fleet.js';
import { sumUsd } from '../cost/fleet-bill.js';
import { classFits, deviceGroups, edge, optionOnDevices, rateOf, runs } from '../places/device.js';
import { requestShapeOf } from '../places/machine-table.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { capabilityScore, context as contextRule, failedShareOf, fullScore } from '../rules/model.js';
import { devices as deviceRule } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import { columns, taken } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import { minutesPerHour, secondsPerDay } from '../units/month.js';
import { probabilityAtLeast } from '../units/statistics.js';
import { durationCurve, highestOf, type Load, overMonths } from '../workload/load.js';
import { onlyPart, type TaskPart, type Workload, workloadAt } from '../workload/workload.js';
import { type Admitted, bitOf, isTimed, isWaitLimited, lateBits } from './admitted.js';
import { type ApiBills, type ApiService, apiBills, apiService } from './api-bills.js';
import { ownModelAt } from './catalog.js';
import { type Fits, noFits, refit, type ShortestUp } from './fits.js';
import {
  anyStandsFor,
  type FirstTokenKey,
  holdsContext,
  inOrderOfWork,
  type Length,
  type Order,
  type QueueTable,
  requestsOn,
  type StandsFor,
  writtenBy,
} from './order.js';
import { type Waking, wakingOf } from './workers.js';

/** Which models of a machine are kept: the fastest, or the fastest of every quality. */
export type Keep = 'fastest' | 'better';

/** A task's requests on everything that may serve it, at any volume, for given tokens, hours, latency and needs. */
export type Shape = {
  admitted: Admitted;
  context: Context;
  keep: Keep;
  quality: Quality;
  load: TaskLoad;
  waking: () => Waking;
  requests: RequestColumns;
  /** Items that may be the fastest somewhere. */
  order: Order;
  /** By unit, 1 where its models were looked at; others cost more than the answer. */
  looked: Uint8Array;
  fits: Fits;
  bills: ApiBills;
  /** What the task sees of all APIs. */
  service: ApiService;
  devices: readonly DeviceFit[];
  /** USD of a request for its calls of tools, on machines and devices. */
  toolsUsd: number;
  /** Whether targets on latency apply to machines; whether a wait for a start may be too long. */
  timed: boolean;
  waitLimited: boolean;
  queues: QueueTable;
  /** First tokens (p95, ms) of machines under load, as far as computed. */
  firstTokens: ReadonlyMap<FirstTokenKey, number>;
};

/**
 * @param context with the tokens, hours and latency of the task, under the needs of `admitted`
 * @param length whether to keep what holds prompt and answer, or what alone does not
 */
export function shapeOf(admitted: Admitted, context: Context, length: Length = 'held'): Shape {
  const taskPart = onlyPart(context.workload);
  const quality = qualityOf(admitted, context);
  const requests = requestsOn(admitted, context, length);
  const load = taskLoad(taskPart, context.workload);
  const standsFor = standsForIn(quality, 'fastest');
  // Devices are few: better models on them are there for all questions.
  const standsForDevices = standsForIn(quality, 'better');
  const queues: QueueTable = new Map();
  const timed = isTimed(taskPart);
  const waitLimited = isWaitLimited(taskPart, context);
  const order = usefulOrder(admitted, requests, standsFor, timed, context);
  const looked = new Uint8Array(admitted.offers.units.count);
  const service = apiService(admitted.apis, context);
  const wanted = length === 'held' ? 0 : bitOf(contextRule.id);
  const api = admitted.api.filter((one) => service.bits[one] === wanted);
  const shape: Shape = {
    waking: madeOnce(() => wakingOf(taskPart, context.workload)),
    service,
    fits: noFits,
    bills: apiBills(admitted, api, taken(service.firstTokenMs, api), context),
    devices: deviceFits(admitted, load, (one, other) => !standsForDevices(other, one), context),
    toolsUsd: toolsUsd(taskPart, null, context),
    waitLimited,
    firstTokens: new Map(),
    admitted,
    context,
    keep: 'fastest',
    quality,
    load,
    requests,
    order,
    looked,
    timed,
    queues,
  };
  return changedShape(shape, {});
}

/** The shape with the fits of some units made anew: further queues, more models, or workers up longer. */
export function refitted(
  shape: Shape,
  units: ReadonlySet<number>,
  asked: { queues?: QueueTable; keep?: Keep; shortest?: ShortestUp },
): Shape {
  const { queues = shape.queues, keep = shape.keep, shortest } = asked;
  const { admitted, requests, quality, timed, context, fits } = shape;
  const standsFor = standsForIn(quality, keep);
  // With targets all items are evaluated in any case.
  const isSame = timed || (keep === shape.keep && shortest === undefined);
  const order = isSame
    ? shape.order
    : usefulOrder(admitted, requests, standsFor, timed || shortest !== undefined, context);
  const looked = shape.looked.slice();
  for (const unit of units) looked[unit] = 1;
  // With targets a queue decides the cut.
  const keepsCuts = keep === 'better' && !timed;
  const of = { admitted, context, requests, order, queues, standsFor, keepsCuts };
  const kept = shortest === undefined ? { keep, order } : {};
  return changedShape(shape, { ...kept, queues, looked, fits: refit(of, fits, units, shortest) });
}

/** A shape with some fields changed, of one hidden class. */
export function changedShape(shape: Shape, asked: Partial<Shape>): Shape {
  const { admitted, context, keep, quality, load, waking, requests, order, ...rest } = { ...shape, ...asked };
  return { admitted, context, keep, quality, load, waking, requests, order, ...rest };
}

/** Dominators hold where speed alone decides (not `isAsked`); with measured or drawn errors, among forms of a model. */
function usefulOrder(
  { catalog }: Admitted,
  requests: RequestColumns,
  standsFor: StandsFor,
  isAsked: boolean,
  { workload }: Context,
): Order {
  const { model } = catalog.items;
  const isAlike: StandsFor =
    workload.capacityError === undefined
      ? standsFor
      : (one, other) => model[one] === model[other] && standsFor(one, other);
  return inOrderOfWork(catalog, requests, isAsked ? null : isAlike);
}

export function standsForIn({ items: { good, fails, index } }: Quality, keep: Keep): StandsFor {
  if (keep === 'fastest') return anyStandsFor;
  return (one, other) =>
    (good[one] as number) >= (good[other] as number) &&
    (fails[one] as number) <= (fails[other] as number) &&
    (index[one] as number) >= (index[other] as number);
}

/** Probability of being good enough, failed share, capability index (NaN: unknown). */
const qualityColumns = { good: 'f', fails: 'f', index: 'f' } as const;
export type QualityColumns = ReturnType<typeof columns<typeof qualityColumns>>;
/** Index = item, and API. */
export type Quality = { items: QualityColumns; apis: QualityColumns };

function qualityOf({ catalog, apis, items: chosen, api }: Admitted, { workload }: Context): Quality {
  const { items, families } = catalog;
  const taskPart = onlyPart(workload);
  const { need, low, high, named } = taskPart.needs.capability;
  const ofItems = columns(qualityColumns, items.count);
  const ofApis = columns(qualityColumns, apis.count);
  const failed = failedShareOf(taskPart, workload);
  for (const item of chosen) {
    const index = items.index[item] as number;
    const { option } = families[items.family[item] as number] as { option: Option };
    const isNamed = named?.family === option.family && named.mode === option.mode && items.lossless[item] === 1;
    ofItems.index[item] = index;
    ofItems.fails[item] = failed(index);
    ofItems.good[item] = isNamed
      ? 1
      : probabilityAtLeast(
          { middle: index, low: items.indexLow[item] as number, high: items.indexHigh[item] as number },
          { middle: need, low, high },
        );
  }
  for (const one of api) {
    const option = apis.option[one] as Option;
    const index = capabilityOf(option)?.have ?? Number.NaN;
    ofApis.index[one] = index;
    ofApis.fails[one] = failed(index);
    ofApis.good[one] = (capabilityScore(option, taskPart) ?? 0) / fullScore;
  }
  return { items: ofItems, apis: ofApis };
}

/** A model on devices: USD a month, for no more requests than they do in a day. */
type DeviceFit = { item: number; usd: number; mostPerDay: number; firstTokenMs: number; option: Option };

/** So small a part of the volume that no device is too busy. */
const next = 1e-9;

/** Models on devices that serve more or are better than every lighter one. */
function deviceFits(
  admitted: Admitted,
  load: TaskLoad,
  isBetter: (one: number, other: number) => boolean,
  context: Context,
): DeviceFit[] {
  const { catalog, offers, verdicts } = admitted;
  const { items, schemes } = catalog;
  const { workload, tables } = context;
  const taskPart = onlyPart(workload);
  const group = deviceGroups(workload, tables).find(({ name }) => name === taskPart.deviceGroup) ?? null;
  const devices = group ?? workload.devices;
  // The rule on devices is checked for every model below.
  const turnedDownBy = (verdicts.places[offers.devicePlace] as number) & (group === null ? ~0 : ~bitOf(deviceRule.id));
  if (devices === null || turnedDownBy !== 0) return [];
  const classes = devices.classes.flatMap(({ accelerator, share }) => {
    const row = tables.acceleratorOf.get(accelerator);
    return row === undefined ? [] : [{ row, share }];
  });
  const idle = { ...context, workload: workloadAt(workload, workload.requestsPerDay * next) };
  const quiet = onlyPart(idle.workload);
  const holds = holdsContext(catalog, writtenBy(catalog, taskPart, context), taskPart, context);
  const found: DeviceFit[] = [];
  const lightest = Array.from(admitted.items)
    .filter((item) => schemes[items.scheme[item] as number]?.batchedServing === false)
    .sort((a, b) => (items.weightBytes[a] as number) - (items.weightBytes[b] as number) || a - b);
  for (const item of lightest) {
    if (holds[items.family[item] as number] === 0) continue;
    const model = ownModelAt(catalog, item);
    const option = optionOnDevices(model, group);
    if (admitted.ignore !== deviceRule.id && !mayRun(deviceRule.check(option, quiet, idle, null))) continue;
    const fits = classFits(option, quiet, idle).filter(runs);
    const shape = requestShapeOf(option, taskPart, context);
    const slowest = fits.reduce(
      (least, { seen }) => (seen === null ? least : Math.min(least, rateOf(seen, shape))),
      Number.POSITIVE_INFINITY,
    );
    const mostPerDay =
      (devices.count * slowest) / (load.unitsPerRate * highestOf(taskPart.hours) * workload.peakGrowth);
    if (found.some((one) => one.mostPerDay >= mostPerDay && !isBetter(item, one.item))) continue;
    const seen = edge.service(option, quiet, idle) as TaskService;
    if (lateBits(option, quiet, idle, seen) !== 0) continue;
    const costs = deviceCosts({ ...devices, classes }, items.diskGb[item] as number, workload, tables);
    if (isUnpriced(costs)) continue;
    found.push({ item, usd: sumUsd(costs), mostPerDay, firstTokenMs: seen.ttftP95Ms ?? Number.NaN, option });
  }
  return found;
}

/** When requests come, as fleets are sized by it, whatever their number. */
type TaskLoad = {
  /** The hours of all months, highest first, those before a higher hour held for it. */
  hours: Load;
  /** Highest hour of the busiest month. */
  peak: number;
  /** Highest hour of the week. */
  highest: number;
  hoursPerMonth: number;
  meanMultiple: number;
  requestsPerMonth: number;
  /** Units at multiple 1, for a request a day, of a machine that serves one a second. */
  unitsPerRate: number;
  /** Units on top of the load, as a share of those at multiple 1: machines of a job that start. */
  plus: number;
  spares: boolean;
};

function taskLoad(taskPart: TaskPart, workload: Workload): TaskLoad {
  const { hoursPerMonth, growth, peakGrowth, once } = workload;
  const lag = Math.min(1, workload.assume('scalingLagMinutes') / minutesPerHour);
  const week = durationCurve(taskPart.hours, hoursPerMonth, once ? 0 : lag);
  return {
    hours: overMonths(week, growth),
    peak: peakGrowth * (week.multiple[0] ?? 0),
    highest: highestOf(taskPart.hours),
    hoursPerMonth,
    meanMultiple: meanMultipleOf(taskPart, workload),
    requestsPerMonth: requestsPerMonthPerDaily(taskPart, workload),
    unitsPerRate: inHourFactorOf(taskPart, workload) / (secondsPerDay * highestLoadOf(taskPart, workload)),
    plus: once ? lag / hoursPerMonth : 0,
    spares: asksForSpare(taskPart, workload),
  };
}

export { unitHoursOf as unitHours };

/** Unit-hours of a mean month at the least, spares included, without a look at the hours. */
export const leastUnitHours = (
  { hoursPerMonth, meanMultiple }: TaskLoad,
  need: number,
  min: number,
  rule: Spares,
): number => {
  const mean = need * meanMultiple;
  return (
    hoursPerMonth * Math.max(withSpareOf(min, rule), mean * (1 + rule.spareShare), mean + rule.spare) * (1 - slack)
  );
};

/** Units of what is sized once, spares included. */
export const unitsAtPeak = (load: TaskLoad, need: number, min: number, rule: Spares): number =>
  withSpareOf(Math.max(min, Math.ceil(need * load.peak * (1 - slack))), rule);
