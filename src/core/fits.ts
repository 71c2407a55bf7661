import { lengthQuantile } from '../capacity/queue/model.js';
import type { AloneSeconds, MachineColumns, RequestColumns, SpeedLimit } from '../capacity/request-rate.js';
import { mostCards, requestsPerSecond } from '../capacity/request-rate.js';
import { mayWait } from '../cost/serverless.js';
import { slowestFor, ttftP95AloneMs } from '../places/fleet-service.js';
import { splitsOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { type ColumnsOf, columns, placesUpTo, takenInto } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import { msPerSecond } from '../units/month.js';
import { certainlyAbove, certainlyBelow } from '../units/numeric.js';
import { latestTtftMs, mustSee, onlyPart, type TaskPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import { anyStandsFor, type Order, orderOf, type Queue, type QueueTable, queueKey, type StandsFor } from './order.js';

/** Models on machines that may be the best there: index = fit, by unit and item. */
const fitColumns = {
  unit: 'i',
  item: 'i',
  /** Cards of a replica. */
  cards: 'i',
  /** Requests a second of a unit at saturation. */
  perSecond: 'f',
  diskGb: 'f',
  /** Least first token (p95, ms), on an idle machine; seconds of a request there. */
  firstTokenMs: 'f',
  aloneS: 'f',
} as const;
export type Fits = ColumnsOf<typeof fitColumns> & { count: number };
const names = Object.keys(fitColumns) as (keyof typeof fitColumns)[];
export const noFits: Fits = { count: 0, ...columns(fitColumns, 0) };

export const cuts = [1, 2, 4, 8, 16, 32, 64].filter((cards) => cards <= mostCards);
/** One in twenty answers is longer; tokens of it that come first, or are rounded off. */
const longShare = 0.94;
const tokensOff = 1.5;

/** Requests of a task on items. */
type RatesOf = { admitted: Admitted; context: Context; requests: RequestColumns; order: Order };

/** The same, and the queues known so far. */
type FitsOf = RatesOf & {
  queues: QueueTable;
  standsFor: StandsFor;
  /** Whether models are kept in every cut of a machine, not in their fastest alone. */
  keepsCuts: boolean;
};

/** How fast replicas are, with scratch columns (index = place in `requests`). */
export type RateWork = RatesOf & {
  taskPart: TaskPart;
  limit: SpeedLimit;
  /** Seconds that a target allows, and the length of a long answer over the mean. */
  mostS: number;
  longTimes: number;
  /** Ms of the first token (p95) that a target allows. */
  mostFirstMs: number;
  /** The same that anybody waits for. */
  latestMs: number;
  /** Ms of the network, and the first token alone as a line in the seconds of the prompt. */
  wayMs: number;
  promptMs: number;
  /** Ms of the way to workers beyond that. */
  workerMs: number;
  seconds: AloneSeconds;
  /** By cut: requests a second of a replica (below 0: not computed), its first token and seconds alone. */
  rates: Float64Array[];
  firsts: Float64Array[];
  alones: Float64Array[];
  /** By place in the order, on one card: most requests a second, least seconds of one. */
  mostPerS: Float64Array;
  floorAloneS: Float64Array;
  floorPromptS: Float64Array;
  /** By model, on the accelerator: see `errorOn`; NaN: not computed. */
  errors: Float64Array;
  /** Places in the order that run on the accelerator. */
  running: Int32Array;
  runningCount: number;
};

type Work = RateWork &
  FitsOf & {
    /** By item, its place in `requests`. */
    placeOf: () => Int32Array;
    shortest: ShortestUp;
    /** Fits of one unit, as they are found. */
    kept: Fits;
  };

/**
 * Seconds of a request alone, by unit of workers, below which they stop so soon that too many requests wait for a
 * start: a faster model does not stand for a slower one.
 */
export type ShortestUp = ReadonlyMap<number, readonly number[]>;

/** Units of one accelerator under one engine share the rates of replicas. */
export type Group = {
  units: number[];
  accelerator: number;
  machines: MachineColumns;
  measured: Float64Array;
};

/**
 * The fits, with those of `units` made anew, by unit and item. A unit keeps the models that no other beats: as fast,
 * with no more disk, and fit to stand for them.
 *
 * @param shortest seconds of a request alone that units of workers need
 */
export function refit(task: FitsOf, fits: Fits, units: ReadonlySet<number>, shortest: ShortestUp = new Map()): Fits {
  const work = { shortest, ...workOf(task) };
  let all = followedBy({ count: 0, ...columns(fitColumns, fits.count + 4 * units.size) }, fits);
  for (const group of groupsOf(task.admitted, units)) {
    startOn(work, group);
    for (const unit of group.units) {
      const best = bestOn(work, unit, group);
      all = followedBy(all, best);
      if (task.keepsCuts) all = followedBy(all, otherCuts(work, best, unit, group));
    }
  }
  const { unit, item } = all;
  const places = placesUpTo(all.count)
    .filter((fit) => fit >= fits.count || !units.has(unit[fit] as number))
    .sort((a, b) => (unit[a] as number) - (unit[b] as number) || (item[a] as number) - (item[b] as number));
  return fitsAt(all, places);
}

function fitsAt(fits: Fits, places: Int32Array): Fits {
  const found = { count: places.length, ...columns(fitColumns, places.length) };
  for (const name of names) takenInto(found[name], fits[name], places);
  return found;
}

/** Fits with others behind them, in the same columns if these have room. */
function followedBy(fits: Fits, others: Fits): Fits {
  const count = fits.count + others.count;
  const isRoomy = count <= fits.unit.length;
  const all = isRoomy ? { ...fits, count } : { count, ...columns(fitColumns, 2 * count) };
  for (const name of names) {
    const [from, into] = [others[name], all[name]];
    if (!isRoomy) into.set(fits[name].subarray(0, fits.count));
    for (let at = 0; at < others.count; at++) into[fits.count + at] = from[at] as number;
  }
  return all;
}

/** Models of a unit in other cuts: under load a first token may come sooner. */
function otherCuts(work: Work, best: Fits, unit: number, group: Group): Fits {
  const { placeOf, admitted, firsts } = work;
  const { units } = admitted.offers;
  const splits = splitsOf(units.gpus[unit] as number);
  const others = { count: 0, ...columns(fitColumns, best.count * splits.length) };
  if (units.sleeps[unit] === 1 || splits.length === 1) return others;
  for (let fit = 0; fit < best.count; fit++) {
    const at = placeOf()[best.item[fit] as number] as number;
    for (const [cut, cards] of splits.entries()) {
      const perSecond = cards === best.cards[fit] ? 0 : unitRate(work, at, cut, unit, group);
      if (perSecond === 0) continue;
      const to = others.count++;
      for (const name of names) others[name][to] = best[name][fit] as number;
      others.cards[to] = cards;
      others.perSecond[to] = perSecond;
      others.firstTokenMs[to] = (firsts[cut] as Float64Array)[at] as number;
    }
  }
  return others;
}

/** Requests a second of a unit in a cut. */
function unitRate(work: Work, at: number, cut: number, unit: number, group: Group): number {
  const { gpus, copies } = work.admitted.offers.units;
  return rateOf(work, at, cut, group) * (copies[unit] as number) * ((gpus[unit] as number) / (cuts[cut] as number));
}

/**
 * Queues of models on a unit: of the first, then of the fastest others, until one keeps the targets.
 *
 * @param most how many at the most
 */
export function queuesOn(
  of: FitsOf,
  unit: number,
  first: number,
  most: number,
  ask: (unit: number, item: number) => Queue,
): Map<number, Queue> {
  const found = new Map<number, Queue>();
  const known = new Map(of.queues);
  const next = madeOnce(() => nextOn({ ...of, queues: known }, unit));
  for (let item = first; item !== -1; item = next()()) {
    const key = queueKey(of.admitted, unit, item);
    const queue = known.get(key) ?? ask(unit, item);
    known.set(key, queue);
    found.set(key, queue);
    if (queue.perSecond > 0 || found.size === most) break;
  }
  return found;
}

/** The fastest model of a unit whose queue is not known; -1: none. */
function nextOn(of: FitsOf, unit: number): () => number {
  const work = { shortest: new Map(), ...workOf(of) };
  const [group] = groupsOf(of.admitted, new Set([unit])) as [Group];
  startOn(work, group);
  return () => {
    const { count, item, perSecond } = bestOn(work, unit, group);
    let next = -1;
    for (let fit = 0; fit < count; fit++)
      if (
        !of.queues.has(queueKey(of.admitted, unit, item[fit] as number)) &&
        (next === -1 || (perSecond[fit] as number) > (perSecond[next] as number))
      )
        next = fit;
    return next === -1 ? -1 : (item[next] as number);
  };
}

/** Opens the columns for the units of a group. */
function startOn(work: Work, group: Group): void {
  const gpus = group.units.map((unit) => work.admitted.offers.units.gpus[unit] as number);
  const mostGpus = Math.max(...gpus);
  openCuts(work, mostGpus);
  floorSeconds(work, group, mostGpus);
}

/** Longest seconds of a request alone on units of workers: on one card, of models that all cards hold. */
export function longestAloneS(
  from: Pick<FitsOf, 'admitted' | 'context' | 'requests' | 'queues'>,
  units: ReadonlySet<number>,
): Map<number, number> {
  const { admitted, context, requests, queues } = from;
  const { items } = admitted.catalog;
  const order = orderOf(placesUpTo(requests.items.length), admitted.catalog, requests);
  const of = { admitted, context, requests, order, queues, standsFor: anyStandsFor, keepsCuts: false };
  const work = { shortest: new Map(), ...workOf(of) };
  const longest = new Map<number, number>();
  for (const group of groupsOf(admitted, units)) {
    floorSeconds(work, group, 1);
    const cardBytes = group.machines.cardBytes[group.accelerator] as number;
    for (const unit of group.units) {
      const bytes = cardBytes * (admitted.offers.units.gpus[unit] as number);
      let most = 0;
      for (let place = 0; place < work.runningCount; place++) {
        const at = work.running[place] as number;
        if ((items.weightBytes[order.item[at] as number] as number) <= bytes)
          most = Math.max(most, (work.floorAloneS[at] as number) * certainlyAbove);
      }
      longest.set(unit, most);
    }
  }
  return longest;
}

/** Columns for cuts of so many cards. */
export function openCuts({ rates, firsts, alones, requests }: RateWork, mostGpus: number): void {
  for (let cut = 0; cut < cuts.length && (cuts[cut] as number) <= mostGpus; cut++) {
    rates[cut] = (rates[cut] ?? new Float64Array(requests.items.length)).fill(-1);
    firsts[cut] ??= new Float64Array(requests.items.length);
    alones[cut] ??= new Float64Array(requests.items.length);
  }
}

function workOf(of: FitsOf): Omit<Work, 'shortest'> {
  const { items } = of.requests;
  return {
    placeOf: madeOnce(() => {
      const places = new Int32Array(of.admitted.catalog.items.count);
      for (let at = 0; at < items.length; at++) places[items[at] as number] = at;
      return places;
    }),
    kept: { count: 0, ...columns(fitColumns, items.length) },
    ...rateWork(of),
    ...of,
  };
}

export function rateWork(of: RatesOf): RateWork {
  const { context, requests, order } = of;
  const count = requests.items.length;
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const wayMs = ttftP95AloneMs(0, 0, 1, taskPart, workload);
  return {
    taskPart,
    limit: slowestFor(taskPart, context),
    mostS: ((mustSee(taskPart.needs, 'totalP95Ms') ?? Number.POSITIVE_INFINITY) / msPerSecond) * certainlyAbove,
    longTimes: lengthQuantile({ mean: 1, sigma: workload.assume('outputLengthSpread'), max: null }, longShare),
    mostFirstMs: (mustSee(taskPart.needs, 'ttftP95Ms') ?? Number.POSITIVE_INFINITY) * certainlyAbove ** 2,
    latestMs: latestTtftMs(taskPart, workload) ?? Number.POSITIVE_INFINITY,
    wayMs,
    promptMs: ttftP95AloneMs(1, 1, 1, taskPart, workload) - wayMs,
    workerMs: mayWait(taskPart) ? 0 : workload.assume('serverlessPlatformMs'),
    seconds: columns({ alone: 'f', prompt: 'f', long: 'f', token: 'f', room: 'f' }, count),
    rates: [],
    firsts: [],
    alones: [],
    runningCount: 0,
    errors: new Float64Array(of.admitted.catalog.models.length),
    ...columns({ mostPerS: 'f', floorAloneS: 'f', floorPromptS: 'f', running: 'i' }, order.at.length),
    ...of,
  };
}

function groupsOf({ catalog, offers: { units }, firstLive }: Admitted, only: ReadonlySet<number>): Group[] {
  const groups = new Map<number, Group>();
  for (const unit of only) {
    if (firstLive[unit] === firstLive[unit + 1]) continue;
    const [accelerator, engine] = [units.accelerator[unit] as number, units.engine[unit] as number];
    const key = accelerator * catalog.engines.length + engine;
    const known = groups.get(key);
    if (known !== undefined) known.units.push(unit);
    else
      groups.set(key, {
        units: [unit],
        accelerator,
        machines: catalog.machines[engine] as MachineColumns,
        measured: catalog.measured[engine] as Float64Array,
      });
  }
  return [...groups.values()];
}

/**
 * Rate of an item over what is predicted, as measured or drawn; 1: as predicted.
 *
 * @param accelerator of the current group: `floorSeconds` clears values of the one before
 */
function errorOn({ admitted: { catalog }, context, errors }: RateWork, item: number, accelerator: number): number {
  const { capacityError } = context.workload;
  if (capacityError === undefined) return 1;
  const model = catalog.items.model[item] as number;
  if (Number.isNaN(errors[model])) {
    const { family } = catalog.models[model] as { family: string };
    errors[model] = capacityError(family, catalog.accelerators[accelerator]?.accelerator ?? '');
  }
  return errors[model] as number;
}

/** Bounds for every item on one card: no replica is faster. */
export function floorSeconds(work: RateWork, group: Group, gpus: number): void {
  work.errors.fill(Number.NaN);
  const { order, mostPerS, floorAloneS, floorPromptS, running, admitted, context } = work;
  const { accelerator, machines: m, measured } = group;
  const card = (m.cardBytes[accelerator] as number) * gpus;
  const activationS = m.activationS[accelerator] as number;
  const sequenceS = m.sequenceS[accelerator] as number;
  const iterationS = m.iterationS[accelerator] as number;
  const layerS = m.layerS[accelerator] as number;
  const firstPair = accelerator * m.schemes;
  const firstModel = accelerator * admitted.catalog.models.length;
  const isCorrected = context.workload.capacityError !== undefined;
  let count = 0;
  for (let place = 0; place < order.at.length; place++) {
    const pair = firstPair + (order.scheme[place] as number);
    if (m.runs[pair] === 0) continue;
    running[count++] = place;
    const compute = order.isMixture[place] === 1 ? (m.expertCompute[pair] as number) : 1;
    const decode = measured[firstModel + (order.model[place] as number)] as number;
    const batch = Math.min(m.maxSequences, card / (order.inFlightBytes[place] as number));
    const fixed =
      iterationS +
      (order.layers[place] as number) * layerS +
      (order.denseBytes[place] as number) / (m.weightBytesPerS[pair] as number);
    const promptS =
      (order.promptFlop[place] as number) / ((m.prefillFlops[pair] as number) * compute) +
      (order.passes[place] as number) * activationS +
      (order.attentionFlop[place] as number) / (m.attentionFlops[pair] as number);
    const eachS =
      sequenceS +
      (order.tokenFlop[place] as number) / ((m.decodeFlops[pair] as number) * compute) +
      (order.cacheBytes[place] as number) / (m.cacheBytesPerS[pair] as number);
    const decodeS = (order.output[place] as number) * decode;
    const error = isCorrected ? errorOn(work, order.item[place] as number, accelerator) : 1;
    mostPerS[place] = (error / (promptS + decodeS * (eachS + fixed / batch))) * certainlyAbove;
    floorPromptS[place] = (promptS / error) * certainlyBelow;
    floorAloneS[place] = ((promptS + decodeS * (eachS + fixed)) / error) * certainlyBelow;
  }
  work.runningCount = count;
}

/** Requests a second of a replica; 0: it does not fit, or is always too slow. */
export function rateOf(work: RateWork, at: number, cut: number, group: Group): number {
  const known = work.rates[cut] as Float64Array;
  if ((known[at] as number) < 0) known[at] = rateAnew(work, at, cut, group);
  return known[at] as number;
}

/** The same, computed anew; `seconds` are then of this replica. */
export function rateAnew(work: RateWork, at: number, cut: number, group: Group): number {
  const { requests, seconds, admitted, taskPart, limit } = work;
  const { accelerator, machines, measured } = group;
  const item = requests.items[at] as number;
  const slowdown = 1 / errorOn(work, item, accelerator);
  const { items, models } = admitted.catalog;
  const decode = measured[accelerator * models.length + (items.model[item] as number)] as number;
  const cards = cuts[cut] as number;
  const written = requests.outputTokens[at] as number;
  const rate = requestsPerSecond(items, machines, requests, at, accelerator, cards, limit, slowdown, decode, seconds);
  if (rate === 0) return 0;
  const [prompt, alone] = [seconds.prompt[at] as number, seconds.alone[at] as number];
  const unseen = Math.max(0, written - taskPart.tokens.output);
  const leastS = (seconds.long[at] as number) + unseen * (seconds.token[at] as number);
  const first = work.wayMs + leastS * msPerSecond;
  (work.firsts[cut] as Float64Array)[at] = first;
  (work.alones[cut] as Float64Array)[at] = alone;
  const aloneMs = prompt * work.promptMs + (alone - prompt) * (unseen / written) * msPerSecond;
  const isLate = work.wayMs + aloneMs > work.latestMs;
  // An answer ends where the cache is full.
  const held = (seconds.room[at] as number) * (taskPart.tokens.input + written / 2);
  const longest = Math.min(written * work.longTimes, Math.max(written, held));
  const decodeS = (longest - tokensOff) * (seconds.token[at] as number);
  return isLate || Math.max(prompt, decodeS) > work.mostS || first > work.mostFirstMs ? 0 : rate;
}

/** The best models of a unit, in columns that the next unit writes over. */
function bestOn(work: Work, unit: number, group: Group): Fits {
  const { order, queues, firsts, alones, mostPerS, floorAloneS, running, runningCount } = work;
  const { catalog, offers, live, firstLive } = work.admitted;
  const { items, batched } = catalog;
  const { units } = offers;
  const gpus = units.gpus[unit] as number;
  const copies = units.copies[unit] as number;
  const splits = splitsOf(gpus);
  // A worker holds one replica; how long a request has it to itself, it stays up.
  const sleeps = units.sleeps[unit] === 1;
  const firstCut = sleeps ? splits.length - 1 : 0;
  const isPersonal = units.personal[unit] === 1;
  const isDiskPaid = sleeps || (offers.diskPerHourGb[live[firstLive[unit] as number] as number] as number) > 0;
  const { kept } = work;
  kept.count = 0;
  const leastAloneS = work.shortest.get(unit) ?? [];
  // Only speed counts: one model is kept.
  const isRace = work.standsFor === anyStandsFor && !isDiskPaid;
  let fastest = 0;
  const wayMs = sleeps ? work.workerMs : 0;
  const firstOn = (cut: number, at: number): number => ((firsts[cut] as Float64Array)[at] as number) + wayMs;
  for (let place = 0; place < runningCount; place++) {
    const run = running[place] as number;
    const most = gpus * copies * (mostPerS[run] as number);
    if (isRace && most <= fastest) continue;
    if (!isPersonal && batched[order.scheme[run] as number] === 0) continue;
    const at = order.at[run] as number;
    const item = order.item[run] as number;
    const diskGb = isDiskPaid ? (items.diskGb[item] as number) : 0;
    const floor = sleeps ? (floorAloneS[run] as number) / gpus : 0;
    if (isBeaten(work, kept, leastAloneS, item, most, diskGb, floor, Number.POSITIVE_INFINITY)) continue;
    let best = 0;
    let cut = firstCut;
    const known = queues.size === 0 ? undefined : queues.get(queueKey(work.admitted, unit, item));
    if (known === undefined)
      for (let one = firstCut; one < splits.length; one++) {
        const rate = unitRate(work, at, one, unit, group);
        if (rate <= best || (sleeps && firstOn(one, at) > work.mostFirstMs)) continue;
        best = rate;
        cut = one;
      }
    else if (known.perSecond > 0) {
      best = known.perSecond;
      cut = splits.indexOf(known.cards);
      rateOf(work, at, cut, group);
    }
    const aloneS = sleeps && best > 0 ? ((alones[cut] as Float64Array)[at] as number) : 0;
    if (best === 0 || isBeaten(work, kept, leastAloneS, item, best, diskGb, aloneS, aloneS)) continue;
    keepOne(work, kept, leastAloneS, { item, perSecond: best, diskGb, aloneS });
    fastest = Math.max(fastest, best);
    const last = kept.count - 1;
    kept.unit[last] = unit;
    kept.cards[last] = splits[cut] as number;
    kept.firstTokenMs[last] = firstOn(cut, at);
  }
  return kept;
}

/**
 * Whether a kept model is as fast as this one can be, and may stand for it.
 *
 * @param aloneS its seconds alone at the least; `mostAloneS` at the most
 */
function isBeaten(
  { standsFor }: Work,
  kept: Fits,
  leastAloneS: readonly number[],
  item: number,
  perSecond: number,
  diskGb: number,
  aloneS: number,
  mostAloneS: number,
): boolean {
  for (let k = 0; k < kept.count; k++)
    if (
      (kept.perSecond[k] as number) >= perSecond &&
      (kept.diskGb[k] as number) <= diskGb &&
      (kept.aloneS[k] as number) <= aloneS &&
      staysAsLong(leastAloneS, kept.aloneS[k] as number, mostAloneS) &&
      standsFor(kept.item[k] as number, item)
    )
      return true;
  return false;
}

/** Whether workers of a model stay up as long as another's have to. */
function staysAsLong(leastAloneS: readonly number[], aloneS: number, otherS: number): boolean {
  for (let at = 0; at < leastAloneS.length; at++) {
    const least = leastAloneS[at] as number;
    if (aloneS < least && otherS >= least) return false;
  }
  return true;
}

/** A model on a unit, with its rate and its seconds alone. */
type Candidate = { item: number; perSecond: number; diskGb: number; aloneS: number };

/** Keeps a model, and of the others those that it does not beat. */
function keepOne(
  { standsFor }: Work,
  kept: Fits,
  leastAloneS: readonly number[],
  { item, perSecond, diskGb, aloneS }: Candidate,
): void {
  let to = 0;
  for (let k = 0; k < kept.count; k++) {
    const isOver =
      perSecond >= (kept.perSecond[k] as number) &&
      diskGb <= (kept.diskGb[k] as number) &&
      aloneS <= (kept.aloneS[k] as number) &&
      staysAsLong(leastAloneS, aloneS, kept.aloneS[k] as number) &&
      standsFor(item, kept.item[k] as number);
    if (isOver) continue;
    if (to < k) for (const name of names) kept[name][to] = kept[name][k] as number;
    to++;
  }
  kept.item[to] = item;
  kept.perSecond[to] = perSecond;
  kept.diskGb[to] = diskGb;
  kept.aloneS[to] = aloneS;
  kept.count = to + 1;
}
