import { slack } from '../cost/fleet.js';
import { fteUsdPerMonth, turnsDown } from '../cost/people.js';
import type { TaskService } from '../places/placement.js';
import { withColdStarts } from '../places/serverless-gpu.js';
import { type ColumnsOf, columns, type Mask } from '../units/columns.js';
import { secondsPerDay } from '../units/month.js';
import { onlyPart, type Workload } from '../workload/workload.js';
import { lateBits } from './admitted.js';
import type { Family } from './items.js';
import { apiStaff } from './offers.js';
import { queueKey } from './order.js';
import { billApis, fteOf, type PeopleCurves, peopleCurves, peopleUsd } from './people.js';
import type { Rows } from './rows.js';
import type { Shape } from './shape.js';
import { leastUnitHours, unitHours, unitsAtPeak } from './shape.js';
import { type Availability, isEnough } from './supply.js';
import { leastWorkers, meanWorkers, type Worker } from './workers.js';

/** What draws and what-ifs do to rows: factors, 1 where left out. */
export type Factors = {
  /** On prices, by provider of the offers. */
  price?: Float64Array;
  /** On rates, by accelerator. */
  rate?: Float64Array;
};

/** How far a price is known: a bound below, exact, or infinite as a worker starts too late. */
export const bound = 0;
export const exact = 1;
export const tooLate = 2;

const pricedColumns = {
  usd: 'f',
  state: 'b',
  /** Mean machines at a site; of a bound at the least. */
  machines: 'f',
  /** Row of the API that stands in while the first place is down, and what it adds; -1: none. */
  second: 'i',
  secondUsd: 'f',
} as const;

/** USD a month of every row at a volume, people included. */
export type Priced = {
  rows: Rows;
  shape: Shape;
  workload: Workload;
  requestsPerDay: number;
  factors: Factors;
  /** What people cost. */
  people: PeopleCurves;
} & ColumnsOf<typeof pricedColumns>;

/**
 * Bounds below for what follows the hours and for workers; the rest exact.
 *
 * @param takes units that are priced, 1; the others cost infinitely much; null: all are
 */
export function price(
  rows: Rows,
  shape: Shape,
  workload: Workload,
  factors: Factors = {},
  people: PeopleCurves = peopleOf(shape, workload),
  takes: Mask | null = null,
): Priced {
  const { load, bills, fits } = shape;
  const { requestsPerDay } = workload;
  const taskPart = onlyPart(workload);
  const found = columns(pricedColumns, rows.count);
  const { usd } = found;
  found.state.fill(exact);
  found.second.fill(-1);
  const priced: Priced = { rows, shape, workload, requestsPerDay, factors, people, ...found };
  usd.set(billApis(bills, taskPart, requestsPerDay, workload));
  const apiUsd = peopleUsd(people, apiStaff, 0);
  const perMonth = load.requestsPerMonth * requestsPerDay;
  const priceHeld = (row: number): void => {
    const units = unitsAtPeak(load, needOf(priced, row), rows.min[row] as number, ruleOf(rows, row));
    usd[row] = fleetUsd(priced, row, units, perMonth);
    priced.machines[row] = units;
  };
  for (let row = 0; row < rows.apis; row++)
    if (rows.perSecond[row] === 0) usd[row] = (usd[row] as number) * priceFactor(priced, row) + apiUsd;
    else priceHeld(row);
  for (let row = rows.apis; row < rows.paired; row++) {
    const fit = rows.fit[row] as number;
    if (takes !== null && fit !== -1 && takes[fits.unit[fit] as number] === 0) usd[row] = Number.POSITIVE_INFINITY;
    else if (rows.perSecond[row] === 0) {
      const isTooMuch = requestsPerDay > (rows.mostPerDay[row] as number);
      usd[row] = isTooMuch
        ? Number.POSITIVE_INFINITY
        : (rows.fixed[row] as number) +
          perMonth * (rows.perRequest[row] as number) +
          peopleUsd(people, rows.staff[row] as number, 0);
    } else if (rows.upS[row] !== 0) {
      priced.state[row] = bound;
      const units = leastWorkers(workerOf(priced, row), requestsPerDay, shape.waking());
      usd[row] = fleetUsd(priced, row, units, perMonth);
      priced.machines[row] = units;
    } else if (rows.follows[row] === 1) {
      priced.state[row] = bound;
      const hours = leastUnitHours(load, needOf(priced, row), rows.min[row] as number, ruleOf(rows, row));
      usd[row] = fleetUsd(priced, row, hours / load.hoursPerMonth, perMonth) * (1 - slack);
      priced.machines[row] = hours / load.hoursPerMonth;
    } else priceHeld(row);
  }
  if (rows.paired < rows.count) pairUp(priced);
  for (let row = 0; row < rows.paired; row++) if (rows.alone[row] === 0) usd[row] = Number.POSITIVE_INFINITY;
  return priced;
}

/** What people cost at a volume. */
export function peopleOf({ admitted: { offers, live } }: Shape, workload: Workload): PeopleCurves {
  const isAsked = new Uint8Array(offers.staffs.length);
  isAsked[apiStaff] = isAsked[offers.deviceStaff] = 1;
  for (const offer of live) isAsked[offers.staff[offer] as number] = 1;
  return peopleCurves(offers.staffs, isAsked, onlyPart(workload), workload);
}

/** Adds to rows with a fallback the API that costs least while the first place is down. */
function pairUp(priced: Priced): void {
  const { rows, shape, usd, state, machines, second, secondUsd, people, workload } = priced;
  const { admitted, bills } = shape;
  const { fixed } = bills;
  const availability = admitted.availability as Availability;
  const apiPeopleUsd = peopleUsd(people, apiStaff, 0);
  const known = new Map<string, { api: number; usd: number }>();
  for (let row = rows.paired; row < rows.count; row++) {
    const first = rows.first[row] as number;
    const kind = rows.secondKind[row] as number;
    const share = rows.available[row] as number;
    const provider = rows.provider[row] as number;
    const key = `${kind} ${provider} ${share}`;
    const best = known.get(key) ?? bestSecond(provider, kind, share);
    known.set(key, best);
    second[row] = best.api;
    secondUsd[row] = best.usd + fteUsdPerMonth(secondFte(priced, row), workload);
    usd[row] = (usd[first] as number) + (secondUsd[row] as number);
    state[row] = state[first] as number;
    machines[row] = machines[first] as number;
  }

  function bestSecond(provider: number, kind: number, share: number): { api: number; usd: number } {
    let best = { api: -1, usd: Number.POSITIVE_INFINITY };
    for (let api = 0; api < rows.apis; api++) {
      if (rows.kind[api] !== kind || rows.provider[api] === provider) continue;
      if (!isEnough(availability, share, rows.available[api] as number)) continue;
      const once = fixed[api] as number;
      const all = (1 - share) * ((usd[api] as number) - apiPeopleUsd - once) + once;
      if (all < best.usd) best = { api, usd: all };
    }
    return best;
  }
}

/** FTE for the second provider of a row with a fallback. */
function secondFte({ rows, shape, workload }: Priced, row: number): number {
  const hasTwoApis = row >= rows.paired && (rows.first[row] as number) < rows.apis;
  return hasTwoApis && shape.admitted.offers.staffs[apiStaff]?.api ? workload.assume('fteApi') : 0;
}

/** The same prices in arrays of their own, to make some exact. */
export function copied({ rows, shape, workload, requestsPerDay, factors, people, ...prices }: Priced): Priced {
  const [usd, state, machines] = [prices.usd.slice(), prices.state.slice(), prices.machines.slice()];
  const { second, secondUsd } = prices;
  const found = { usd, state, machines, second, secondUsd };
  // In the order of `price`, so that both are of one hidden class.
  return { rows, shape, workload, requestsPerDay, factors, people, ...found };
}

/** The same prices for a shape that knows more first tokens; of one hidden class with `copied`. */
export const withShape = (
  { rows, workload, requestsPerDay, factors, people, usd, state, machines, second, secondUsd }: Priced,
  shape: Shape,
): Priced => ({ rows, shape, workload, requestsPerDay, factors, people, usd, state, machines, second, secondUsd });

/** Makes the price of a row exact, in the arrays that are passed. */
export function settle(priced: Priced, row: number): void {
  if (priced.state[row] !== bound) return;
  const { rows, shape, requestsPerDay } = priced;
  const { load } = shape;
  // A row with a fallback costs as its first place, and the addition.
  const first = rows.first[row] as number;
  const isWorker = rows.upS[row] !== 0;
  if (isWorker && shape.waitLimited && startsLateAt(priced, first)(workerOf(priced, first))) {
    priced.state[row] = tooLate;
    priced.usd[row] = Number.POSITIVE_INFINITY;
    return;
  }
  const units = isWorker
    ? meanWorkers(workerOf(priced, first), requestsPerDay, shape.waking())
    : unitHours(load.hours, needOf(priced, first), rows.min[first] as number, ruleOf(rows, first)) / load.hoursPerMonth;
  const perMonth = load.requestsPerMonth * requestsPerDay;
  priced.usd[row] = fleetUsd(priced, first, units, perMonth) + (priced.secondUsd[row] as number);
  priced.machines[row] = units;
  priced.state[row] = exact;
}

/** Units at multiple 1. */
export function needOf(priced: Priced, row: number): number {
  const { load } = priced.shape;
  return (load.unitsPerRate * priced.requestsPerDay) / rateOf(priced, row) + load.plus;
}

/**
 * Whether a row is surely over a limit on people or money: its price is exact or a lower bound, and some month costs at
 * least the mean.
 */
export function isOverLimits(priced: Priced, row: number): boolean {
  const { rows, workload, shape, people } = priced;
  const machines = priced.machines[row] as number;
  const staff = rows.staff[row] as number;
  const onceUsd = machines * (rows.oncePerHour[row] as number) * shape.load.hoursPerMonth;
  const isOwned = (rows.owned[row] as number) > 0;
  const further = secondFte(priced, row);
  const staffUsd = peopleUsd(people, staff, machines) + fteUsdPerMonth(further, workload);
  const billUsd = isOwned ? 0 : (priced.usd[row] as number) - staffUsd - onceUsd;
  const upfrontUsd = isOwned ? 0 : machines * (rows.upfront[row] as number);
  return turnsDown({ fte: fteOf(people, staff, machines) + further }, billUsd, workload, upfrontUsd);
}

/** USD a month of so many mean units, with their people. */
function fleetUsd(priced: Priced, row: number, units: number, perMonth: number): number {
  const { rows, shape, factors, people } = priced;
  const rate = factors.rate?.[rows.accelerator[row] as number] ?? 1;
  const owned = rows.owned[row] as number;
  const roomPerHour = rows.roomPerHour[row] as number;
  const hourly =
    units * (rows.perHour[row] as number) +
    (owned > 0 ? Math.max(0, units - owned) * (rows.beyondPerHour[row] as number) : 0) +
    (roomPerHour === 0 ? 0 : Math.max(0, units - (rows.roomFrom[row] as number)) * roomPerHour);
  const bill =
    hourly * shape.load.hoursPerMonth +
    (rows.fixed[row] as number) +
    perMonth * ((rows.perRequest[row] as number) + (rows.perWork[row] as number) / rate);
  return bill * priceFactor(priced, row) + peopleUsd(people, rows.staff[row] as number, units);
}

const priceFactor = ({ factors, rows }: Priced, row: number): number =>
  factors.price?.[rows.provider[row] as number] ?? 1;

const rateOf = ({ factors, rows }: Priced, row: number): number =>
  (rows.perSecond[row] as number) * (factors.rate?.[rows.accelerator[row] as number] ?? 1);

const ruleOf = (rows: Rows, row: number) => ({
  spare: rows.spare[row] as number,
  spareShare: rows.spareShare[row] as number,
});

/** The worker of a row, at the load that it is sized for. */
function workerOf(priced: Priced, row: number): Worker {
  const { rows, shape } = priced;
  return {
    upS: rows.upS[row] as number,
    coldS: rows.coldS[row] as number,
    billedS: rows.billedS[row] as number,
    workS: (shape.load.unitsPerRate * secondsPerDay) / rateOf(priced, row),
  };
}

/** A worker that is up answers at once. */
const atOnce: TaskService = {
  ttftP95Ms: 0,
  tokensPerSecond: Number.POSITIVE_INFINITY,
  totalP95Ms: 0,
  unitRequestsPerS: null,
  limitedBy: null,
};

/** USD a month of a worker at the least, its price exact or not. */
export const leastWorkerUsd = (priced: Priced, row: number): number =>
  workerUsdAtLeast(priced, row, workerOf(priced, row));

/** Lower bound for any worker that is no faster, whatever its idle and start times, USD a month. */
export const busyWorkerUsd = (priced: Priced, row: number): number =>
  workerUsdAtLeast(priced, row, { ...workerOf(priced, row), upS: 0, coldS: 0, billedS: 0 });

const workerUsdAtLeast = (priced: Priced, row: number, worker: Worker): number =>
  fleetUsd(
    priced,
    row,
    leastWorkers(worker, priced.requestsPerDay, priced.shape.waking()),
    priced.shape.load.requestsPerMonth * priced.requestsPerDay,
  );

/**
 * Whether a task waits too long where its worker starts, by the seconds that the worker stays up for a request alone
 * and takes to start.
 */
export function startsLateAt(
  { rows, shape, workload, requestsPerDay }: Priced,
  row: number,
): (sleeper: { upS: number; coldS: number }) => boolean {
  const { admitted, fits, queues } = shape;
  const { catalog } = admitted;
  const fit = rows.fit[row] as number;
  const item = fits.item[fit] as number;
  const warm = queues.get(queueKey(admitted, fits.unit[fit] as number, item))?.warm ?? atOnce;
  const taskPart = { ...onlyPart(workload), requestsPerDay };
  const { option } = catalog.families[catalog.items.family[item] as number] as Family;
  const context = { ...shape.context, workload };
  return (sleeper) => lateBits(option, taskPart, context, withColdStarts(warm, sleeper, taskPart, workload)) !== 0;
}
