import type { RequestColumns } from '../capacity/request-rate.js';
import { toolsUsd } from '../cost/tools.js';
import type { Context } from '../places/placement.js';
import { context as contextRule } from '../rules/model.js';
import { taken } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import { onlyPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import { type ApiBills, apiBills } from './api-bills.js';
import { type ApiService, apiService } from './api-latency.js';
import { type DeviceFit, deviceFits } from './devices.js';
import { type Fits, noFits, refit, type ShortestUp } from './fits.js';
import { isTimed, isWaitLimited } from './latency.js';
import { type TaskLoad, taskLoad } from './load.js';
import { anyStandsFor, inOrderOfWork, type Order, type StandsFor } from './order.js';
import { type Quality, qualityOf } from './quality.js';
import type { FirstTokenKey, QueueTable } from './queues.js';
import { type Length, requestsOn } from './requests.js';
import { bitOf } from './verdicts.js';
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
