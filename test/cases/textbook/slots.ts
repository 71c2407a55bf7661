import { turnBetween } from '../../../src/units/numeric.js';

/**
 * Queues of servers that do one request at a time (an edge box, a few slots of llama.cpp, image or embedding jobs), with
 * Poisson arrivals; Erlang's formulas, and Allen-Cunneen for other distributions. Continuous batching is another queue:
 * see `latency.ts`.
 */
export type SlotQueue = {
  arrivalsPerS: number;
  /** Requests a second that one slot completes. */
  servicePerS: number;
  slots: number;
  /** Squared coefficients of variation of the times between arrivals and of service; 1: exponential. */
  arrivalVariation: number;
  serviceVariation: number;
};

/** Share of the time a slot works; 1 and more: the queue grows without end. */
export const slotLoad = ({ arrivalsPerS, servicePerS, slots }: SlotQueue): number => arrivalsPerS / servicePerS / slots;

/**
 * Probability that a request waits (Erlang C), from Erlang B by its recursion B_k = a B_(k-1) / (k + a B_(k-1)):
 * B_c / (1 - rho (1 - B_c)). 1 where the load is 1 or more.
 */
export function erlangC(offeredLoad: number, slots: number): number {
  const load = offeredLoad / slots;
  if (load >= 1) return 1;
  let blocked = 1;
  for (let slot = 1; slot <= slots; slot++) blocked = (offeredLoad * blocked) / (slot + offeredLoad * blocked);
  return blocked / (1 - load * (1 - blocked));
}

/** Factor on waits for other than exponential times (Allen and Cunneen): mean of the two squared variations. */
const variation = ({ arrivalVariation, serviceVariation }: SlotQueue): number =>
  (arrivalVariation + serviceVariation) / 2;

export const waitProbability = ({ arrivalsPerS, servicePerS, slots }: SlotQueue): number =>
  erlangC(arrivalsPerS / servicePerS, slots);

/** Mean wait in seconds: C / (c mu - lambda) x variation; infinity where the slots cannot keep up. */
export function meanWaitS(queue: SlotQueue): number {
  if (slotLoad(queue) >= 1) return Number.POSITIVE_INFINITY;
  const spareRate = queue.slots * queue.servicePerS - queue.arrivalsPerS;
  return (waitProbability(queue) / spareRate) * variation(queue);
}

/** Mean time from arrival to completion. */
export const meanTimeS = (queue: SlotQueue): number => meanWaitS(queue) + 1 / queue.servicePerS;

/** Requests that wait, and requests present, in the mean (Little's law). */
export const meanWaiting = (queue: SlotQueue): number => queue.arrivalsPerS * meanWaitS(queue);
export const meanPresent = (queue: SlotQueue): number => queue.arrivalsPerS * meanTimeS(queue);

/** Rate at which long waits get rarer, 1/s. */
const tailRate = (queue: SlotQueue): number =>
  (queue.slots * queue.servicePerS - queue.arrivalsPerS) / variation(queue);

/** Share of requests that wait longer than `seconds`: C e^(-(c mu - lambda) t). */
export const waitsLongerThan = (queue: SlotQueue, seconds: number): number =>
  slotLoad(queue) >= 1 ? 1 : waitProbability(queue) * Math.exp(-tailRate(queue) * seconds);

/** The wait that a share of requests does not exceed: ln(C / (1 - share)) / (c mu - lambda), at least 0. */
export const waitQuantileS = (queue: SlotQueue, share: number): number =>
  slotLoad(queue) >= 1
    ? Number.POSITIVE_INFINITY
    : Math.max(0, Math.log(waitProbability(queue) / (1 - share)) / tailRate(queue));

/** More slots than this, in all and for each that arrivals keep busy, are not looked at. */
const mostSlots = 2 ** 20;
const mostPerBusy = 1000;

/** Fewest slots, all fed by one queue, for which a condition holds that more slots never break; null: none. */
export function fewestSlots(queue: Omit<SlotQueue, 'slots'>, enough: (queue: SlotQueue) => boolean): number | null {
  const busy = queue.arrivalsPerS / queue.servicePerS;
  const most = Math.min(mostSlots, Math.ceil(mostPerBusy * (busy + 1)));
  const holds = (slots: number): boolean => slots > busy && enough({ ...queue, slots });
  let [few, many] = [Math.floor(busy), Math.floor(busy) + 1];
  while (!holds(many)) {
    if (many >= most) return null;
    [few, many] = [many, Math.min(most, 2 * many)];
  }
  return turnBetween(few, many, holds).first;
}

/** Units to keep beside `needed`: one up to ten, then a tenth. */
export const spareUnits = (needed: number): number => (needed <= 10 ? 1 : Math.ceil(0.1 * needed - 1e-9));

/** Units so that those left after the loss of one of `zones` still suffice. */
export const unitsOverZones = (needed: number, zones: number): number =>
  Math.ceil((needed * zones) / (zones - 1) - 1e-9);

/** Probability that at least `needed` of `installed` units work, each with probability `unitAvailability`. */
export function fleetAvailability(needed: number, installed: number, unitAvailability: number): number {
  let sum = 0;
  for (let working = needed; working <= installed; working++) {
    let ways = 1;
    for (let each = 1; each <= installed - working; each++) ways *= (working + each) / each;
    sum += ways * unitAvailability ** working * (1 - unitAvailability) ** (installed - working);
  }
  return sum;
}
