import { schemeSupport } from '../capacity/scheme.js';
import { mayWait } from '../cost/serverless.js';
import { bestSplit } from '../places/fleet-option.js';
import { bestSeen, servedOn, withinTargets } from '../places/fleet-service.js';
import { requestShapeOf as tokensOn } from '../places/machine-table.js';
import type { Option, UnitType } from '../places/option.js';
import type { TaskService } from '../places/placement.js';
import { withColdStarts } from '../places/serverless-gpu.js';
import { placesUpTo } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import { turnBetween } from '../units/numeric.js';
import { onlyPart, type TaskPart, type Workload } from '../workload/workload.js';
import { isTimed, lateBits } from './admitted.js';
import { kindCount, numberOf } from './apis.js';
import { ownModelAt } from './catalog.js';
import { longestAloneS, queuesOn, type ShortestUp } from './fits.js';
import { type Answer, firstLooked, mixed, termsAt, unitsBelow, type VolumeTerms } from './floors.js';
import { type Queue, queueKey } from './order.js';
import { type Factors, isOverLimits, leastWorkerUsd, type Priced, price, startsLateAt, tooLate } from './price.js';
import { optionAt, type Rows, rowsOf } from './rows.js';
import { changedShape, type Keep, refitted, type Shape, standsForIn } from './shape.js';

/**
 * Seconds of a request alone with which workers start in time, of units that start too late and cost less than the
 * answer: slower models stay up longer. Null: none.
 *
 * @param answer rows that are the answer without them
 * @param before seconds required of units so far, rising
 */
function stayingLonger(priced: Priced, answer: Int32Array, before: ShortestUp): ShortestUp | null {
  const { rows, shape, usd, state } = priced;
  if (!shape.waitLimited) return null;
  const late = placesUpTo(rows.count).filter((row) => row >= rows.apis && state[row] === tooLate);
  if (late.length === 0) return null;
  const serverless = numberOf('serverless-gpu');
  const best = answer.find((row) => row >= 0 && rows.kind[row] === serverless);
  const belowUsd = best === undefined ? Number.POSITIVE_INFINITY : (usd[best] as number);
  const idleS = shape.context.workload.assume('keepWarmIdleDefault');
  const unitOf = (row: number): number => shape.fits.unit[rows.fit[row] as number] as number;
  const cheaper = late.filter((row) => leastWorkerUsd(priced, row) < belowUsd);
  const longest = longestAloneS(shape, new Set(cheaper.map(unitOf)));
  const found = new Map<number, number>();
  for (const row of cheaper) {
    const unit = unitOf(row);
    const aloneS = (rows.upS[row] as number) - idleS;
    const mostS = Math.ceil(longest.get(unit) ?? 0);
    const isLate = startsLateAt(priced, row);
    const isLateFor = (seconds: number): boolean => isLate({ upS: seconds + idleS, coldS: rows.coldS[row] as number });
    if (aloneS < (before.get(unit)?.at(-1) ?? 0) || mostS <= aloneS || isLateFor(mostS)) continue;
    const { last } = turnBetween(Math.floor(aloneS), mostS, (seconds) => !isLateFor(seconds));
    // Lighter models start sooner: the one that needs the least decides.
    found.set(unit, Math.min(found.get(unit) ?? Number.POSITIVE_INFINITY, Math.max(last, aloneS + shortest)));
  }
  if (found.size === 0) return null;
  return new Map([
    ...before,
    ...[...found].map(([unit, s]): [number, number[]] => [unit, [...(before.get(unit) ?? []), s]]),
  ]);
}

/** Seconds that the next model takes longer at least. */
const shortest = 1e-9;

/** A task on all that may serve it, for any volume, prices and people. */
export type Prepared = { readonly shape: Shape; readonly rows: Rows };

export function prepared(shape: Shape): Prepared {
  const rows = madeOnce(() => rowsOf(shape));
  return {
    shape,
    get rows() {
      return rows();
    },
  };
}

/** Asks something of prices; rows of the answer are exact, below 0: none. */
export type Question = (priced: Priced) => Answer<Int32Array>;

/** A place for the task, and a second one for the same requests. */
export type PlaceOptions = { option: Option; second: { role: 'overflow' | 'failover'; option: Option } | null };

/** Whether rules on whole plans allow places; null: not checked. */
export type Limits = ((places: PlaceOptions, workload: Workload) => boolean) | null;

export type Decided = Answer<Int32Array> & {
  /** What was prepared, with the queues worked out: for the next volume. */
  prepared: Prepared;
};

type Asking = {
  factors?: Factors;
  limits?: Limits;
  /** Machines below so many USD a month are looked at whatever the answer. */
  alsoBelowUsd?: number;
  terms?: VolumeTerms;
  /** Prices of what was prepared, where limits turned none down; null: unknown. */
  known?: Priced | null;
};

/**
 * Prices rows and answers a question until the answer is final: its queues are known, it starts in time, and rules on
 * whole plans allow it.
 */
export function decided(before: Prepared, workload: Workload, question: Question, asking: Asking = {}): Decided {
  const { factors = {}, limits = null, alsoBelowUsd = 0, known = null } = asking;
  const { terms = termsAt(before.shape, workload, factors) } = asking;
  const { people, floors } = terms;
  let now = before;
  let isBegun = false;
  let shortest: ShortestUp = new Map();
  /** Queues computed at once for a unit that keeps failing. */
  const depth = new Map<number, number>();
  for (;;) {
    const isKnown = known?.rows === now.rows && known.workload === workload;
    const start = isKnown ? (known as Priced) : price(now.rows, now.shape, workload, factors, people);
    const { priced, found } = allowed(start, question, limits);
    if (!isBegun) {
      isBegun = true;
      // Where an API costs less than any machine may, none is looked at.
      if (found.some((row) => row < 0)) now = withModelsOf(before, firstLooked(before.shape, floors));
      if (now !== before) continue;
    }
    const cheaper = unitsBelow(now.shape, floors, limitsOf(priced, found, alsoBelowUsd));
    if (cheaper.size > 0) {
      now = withModelsOf(now, cheaper);
      continue;
    }
    const open = found.filter((row) => isOpen(now, row));
    const longer = stayingLonger(priced, found, shortest);
    if (open.length === 0 && longer === null)
      return { priced, found, prepared: shortest.size === 0 ? now : withAsked(before, now.shape) };
    if (longer !== null) {
      shortest = longer;
      now = prepared(refitted(now.shape, new Set(longer.keys()), { shortest }));
    }
    if (open.length > 0) now = prepared(withQueues(now.shape, answersOf(now.shape, priced, open, depth)));
  }
}

/** What was prepared with the models of further units. */
export function withModelsOf(before: Prepared, units: ReadonlySet<number>): Prepared {
  const { looked } = before.shape;
  const further = new Set([...units].filter((unit) => looked[unit] === 0));
  return further.size === 0 ? before : prepared(refitted(before.shape, further, {}));
}

/**
 * USD a month from which machines of a deployment type do not matter: the cost of its answer, or of the answer of all
 * where that is one row or has fallbacks of another type.
 */
function limitsOf({ usd, rows }: Priced, found: Int32Array, alsoBelowUsd: number): Float64Array {
  const usdAt = (row: number | undefined): number =>
    row === undefined || row < 0 ? Number.POSITIVE_INFINITY : (usd[row] as number);
  const isByType = found.length > 1;
  const isAnyAsked = isByType ? rows.paired < rows.count : found.length > 0;
  const ofAll = isAnyAsked ? usdAt(found[isByType ? mixed : 0]) : 0;
  return Float64Array.from({ length: kindCount }, (_, kind) =>
    Math.max(isByType ? usdAt(found[kind]) : 0, ofAll, alsoBelowUsd),
  );
}

/** Whether targets on latency are still unchecked for a row. */
export function isOpen({ shape, rows }: Prepared, row: number): boolean {
  const fit = row < 0 ? -1 : (rows.fit[row] as number);
  if (!shape.timed || fit < 0) return false;
  const { fits, admitted, queues } = shape;
  return !queues.has(queueKey(admitted, fits.unit[fit] as number, fits.item[fit] as number));
}

/** The options of a row, as reports know them. */
export function placesOf(priced: Priced, row: number): PlaceOptions {
  const second = priced.second[row] as number;
  return {
    option: optionAt(priced, row),
    second: second === -1 ? null : { role: 'failover', option: optionAt(priced, second) },
  };
}

/** Asks a question until rules on whole plans let all its answers through. */
export function allowed(start: Priced, question: Question, limits: Limits): Answer<Int32Array> {
  let priced = start;
  const known = new Set<number>();
  let isSwept = false;
  for (;;) {
    const answer = question(priced);
    if (limits === null) return answer;
    priced = answer.priced;
    let isChanged = false;
    for (const row of answer.found) {
      if (row < 0 || known.has(row)) continue;
      known.add(row);
      const isOver = isOverLimits(priced, row);
      if (!isOver && limits(placesOf(priced, row), priced.workload)) continue;
      priced.usd[row] = Number.POSITIVE_INFINITY;
      isChanged = true;
      // If one row is over a limit, many are: all are checked in one pass.
      if (isOver && !isSwept) turnDownOver(priced);
      isSwept ||= isOver;
    }
    if (!isChanged) return answer;
  }
}

/** Turns down all rows over a limit on people or money, in place. */
function turnDownOver(priced: Priced): void {
  const { usd, rows } = priced;
  for (let row = rows.apis; row < usd.length; row++)
    if (usd[row] !== Number.POSITIVE_INFINITY && isOverLimits(priced, row)) usd[row] = Number.POSITIVE_INFINITY;
}

/** The earlier preparation with queues and first tokens found since. */
export function withAsked(before: Prepared, { queues, firstTokens }: Shape): Prepared {
  const { shape } = before;
  const further = [...queues].filter(([key]) => !shape.queues.has(key));
  const all = { firstTokens: new Map([...shape.firstTokens, ...firstTokens]) };
  if (further.length > 0) return prepared(changedShape(withQueues(shape, further), all));
  const isKnown = all.firstTokens.size === shape.firstTokens.size;
  return isKnown ? before : { shape: changedShape(shape, all), rows: before.rows };
}

type Answers = readonly (readonly [number, Queue])[];

/** The shape with further queues: their machines are looked at again. */
function withQueues(shape: Shape, further: Answers, keep: Keep = shape.keep): Shape {
  const { catalog, offers } = shape.admitted;
  const machines = new Set(further.map(([key]) => Math.floor(key / catalog.items.count)));
  const units = new Set<number>();
  for (let unit = 0; unit < offers.units.count; unit++)
    if (shape.looked[unit] === 1 && machines.has(offers.units.machine[unit] as number)) units.add(unit);
  return refitted(shape, units, { queues: new Map([...shape.queues, ...further]), keep });
}

/** The shape with the queues of some models on units. */
export function withQueuesOf(
  shape: Shape,
  models: readonly { unit: number; item: number }[],
  keep: Keep = shape.keep,
): Shape {
  const asked = new Map<number, Queue>();
  for (const { unit, item } of models) {
    const key = queueKey(shape.admitted, unit, item);
    if (!shape.queues.has(key) && !asked.has(key)) asked.set(key, queueOf(shape, unit, item));
  }
  return asked.size === 0 ? shape : withQueues(shape, [...asked], keep);
}

/** Queues of some rows, and of the next fastest models where they fail. */
function answersOf(shape: Shape, { rows }: Priced, open: Int32Array, depth: Map<number, number>): Answers {
  const found = new Map<number, Queue>();
  for (const fit of new Set(open.map((row) => rows.fit[row] as number))) {
    const unit = shape.fits.unit[fit] as number;
    const most = depth.get(unit) ?? 1;
    depth.set(unit, 2 * most);
    // Machines of equal capacity are computed once.
    const queues = found.size === 0 ? shape.queues : new Map([...shape.queues, ...found]);
    for (const [key, queue] of askedOn(changedShape(shape, { queues }), unit, shape.fits.item[fit] as number, most))
      found.set(key, queue);
  }
  return [...found];
}

/** Asks models of a unit until targets leave something of one, at most so many. */
export function askedUnit(shape: Shape, unit: number, first: number, most: number): Shape {
  return withQueues(shape, [...askedOn(shape, unit, first, most)]);
}

function askedOn(shape: Shape, unit: number, first: number, most: number): Map<number, Queue> {
  const { admitted, context, requests, order, queues } = shape;
  const standsFor = standsForIn(shape.quality, shape.keep);
  const of = { admitted, context, requests, order, queues, standsFor, keepsCuts: false };
  return queuesOn(of, unit, first, most, (on, item) => queueOf(shape, on, item));
}

/** A worker that nobody waits for. */
const alwaysUp = { upS: Number.MAX_VALUE, coldS: 0 };

/** What targets on latency leave of a model on a unit. */
function queueOf({ admitted, context }: Shape, unit: number, item: number): Queue {
  const { catalog, offers } = admitted;
  const { units } = offers;
  const taskPart = onlyPart(context.workload);
  const { accelerator, gpus } = units.type[unit] as UnitType;
  const model = ownModelAt(catalog, item);
  const { option, weights } = model;
  const shape = tokensOn(option, taskPart, context);
  const engine = offers.engines[units.engine[unit] as number] as (typeof offers.engines)[number];
  const admitsService = (one: Option, part: TaskPart, service: () => TaskService): boolean =>
    lateBits(one, part, context, service()) === 0;
  if (units.sleeps[unit] === 1) {
    const wayMs = mayWait(taskPart) ? 0 : context.workload.assume('serverlessPlatformMs');
    const served = servedOn({ weights, accelerator, gpusPerReplica: gpus }, shape, taskPart, engine, context);
    // A target missed at best is always missed; waits for a start come with the price.
    const misses = served === null || !admitsService(option, taskPart, () => bestSeen(served));
    const warm = misses ? null : withinTargets(served, 1, true, wayMs);
    const isInTime =
      warm !== null &&
      admitsService(option, taskPart, () => withColdStarts(warm, alwaysUp, taskPart, context.workload));
    return { perSecond: isInTime ? (warm.unitRequestsPerS ?? 0) : 0, cards: gpus, ...(isInTime && { warm }) };
  }
  const copies = units.copies[unit] as number;
  const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, context.tables.architectures);
  const placed = { serves: [true], shapes: [shape], support, engine, copies, ...model };
  const fitted = bestSplit(placed, { accelerator, gpus, offers: [] }, context, { admitsService, timed: isTimed });
  return { perSecond: fitted?.unitRequestsPerS[0] ?? 0, cards: fitted?.gpusPerReplica ?? 0 };
}
