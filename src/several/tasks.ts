import type { RequestColumns } from '../capacity/request-rate.js';
import { bitOf, liveOffers } from '../core/admitted.js';
import { mostDominators } from '../core/items.js';
import { anyStandsFor, requestsOn, type StandsFor } from '../core/order.js';
import { type Shape, standsForIn } from '../core/shape.js';
import type { Supply } from '../core/supply.js';
import { type Waking, wakingOf } from '../core/workers.js';
import type { Context } from '../places/placement.js';
import { availability } from '../rules/service.js';
import { numbers, placesUpTo } from '../units/columns.js';
import { madeOnce } from '../units/memo.js';
import type { Hours } from '../workload/load.js';
import { valleysOf } from '../workload/scheduling.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { bundlesOf, type MachineGroup, type Replicas, replicasOf } from './replicas.js';

/** One task on everything: what its requests take, whoever shares it, whatever the volume. */
export type Task = {
  taskPart: TaskPart;
  shape: Shape;
  /** Hours as they come, and as work that may wait fills what the other tasks leave free. */
  hours: Hours;
  times: Hours;
  /** Hours of workers in many bands. */
  wakingFine: () => Waking;
};

/** A model on machines: the set of tasks that it serves, and seconds that one card takes for a request of each. */
export type Quick = { serves: number; seconds: Float64Array };

/** Several tasks, in sets of them: for any volume, prices and people. */
export type Tasks = {
  context: Context;
  supply: Supply;
  list: readonly Task[];
  /** Tasks that are placed together: one bit each in a set of tasks. */
  bundles: readonly (readonly number[])[];
  sets: number;
  /** Tasks of every set. */
  tasksIn: readonly (readonly number[])[];
  /** By set, 1 where all its tasks come at the same hours. */
  alike: Uint8Array;
  turns: Turns;
  /**
   * Items that may be the best for some set: the first `fastest` where speed alone counts; up to `better` slower ones
   * with better answers; then those that count only where a target on latency excludes all others.
   */
  pool: Int32Array;
  fastest: number;
  better: number;
  /** By task, whether one item is as good as another. */
  standsFor: readonly StandsFor[];
  /** By place in the pool, the tasks that it serves. */
  serves: Int32Array;
  groups: readonly MachineGroup[];
  /** By unit, its group; and a number shared by units that differ only in copies of the machine. */
  groupOf: Int32Array;
  typeOf: Int32Array;
  /** By task, its replicas on every group. */
  replicas: readonly Replicas[];
  /** What `quickestIn` found so far. */
  quickest: Map<number, readonly Quick[]>;
  /** Offers that no other of their unit undercuts, and the tasks that each may serve: alone, and with a fallback. */
  live: Int32Array;
  firstLive: Int32Array;
  liveAlone: Int32Array;
  liveServes: Int32Array;
  /** Units with such offers: machines of a fleet, and serverless workers. */
  fleetUnits: Int32Array;
  serverlessUnits: Int32Array;
};

/**
 * Hours whose volumes differ from all before them, for every course of hours of tasks (`courseOf` by task); and by two
 * of these hours how often the second follows the first among `all`.
 */
export type Turns = {
  courses: readonly Float64Array[];
  courseOf: Int32Array;
  from: Int32Array;
  to: Int32Array;
  count: Float64Array;
  all: number;
};

function turnsOf(list: readonly Task[]): Turns {
  const all = list.reduce((most, { hours }) => Math.max(most, hours.length), 0);
  const courses = [...new Set(list.map(({ hours }) => hours))];
  const known = new Map<string, number>();
  const hour: number[] = [];
  const placeOf = Int32Array.from({ length: all }, (_, at) => {
    const key = courses.map((hours) => hours[at]).join();
    const place = known.get(key) ?? hour.push(at) - 1;
    known.set(key, place);
    return place;
  });
  const counts = new Map<number, number>();
  for (let at = 0; at < all; at++) {
    const turn = (placeOf[at] as number) * hour.length + (placeOf[(at + 1) % all] as number);
    counts.set(turn, (counts.get(turn) ?? 0) + 1);
  }
  const turns = [...counts.keys()];
  return {
    courses: courses.map((hours) => Float64Array.from(hour, (at) => hours[at] ?? 0)),
    courseOf: Int32Array.from(list, ({ hours }) => courses.indexOf(hours)),
    from: Int32Array.from(turns, (turn) => Math.floor(turn / hour.length)),
    to: Int32Array.from(turns, (turn) => turn % hour.length),
    count: Float64Array.from(counts.values()),
    all,
  };
}

/** More bands give the time of workers up more precisely. */
const fineBands = 96;

/** The scenario with one of its tasks alone. */
export const aloneIn = ({ tables, workload }: Context, taskPart: TaskPart): Context => ({
  tables,
  workload: { ...workload, taskParts: [taskPart], requestsPerDay: taskPart.requestsPerDay },
});

/** A task of a scenario, with all that may serve it alone. */
export const taskOf = ({ workload }: Context, taskPart: TaskPart, shape: Shape): Task => ({
  taskPart,
  shape,
  hours: taskPart.hours,
  times: valleysOf(workload.taskParts)?.get(taskPart.hours) ?? taskPart.hours,
  wakingFine: madeOnce(() => wakingOf(taskPart, workload, fineBands)),
});

/** How many tasks are placed one by one; of more, those together that the same places serve. */
export type Apart = { wanted: number; limit: number };

/** Tasks that are placed together or apart. */
export function joined(supply: Supply, context: Context, list: readonly Task[], apart: Apart): Tasks {
  const bundles = bundlesIn(list, apart);
  const sets = 2 ** bundles.length;
  const tasksIn = Array.from({ length: sets }, (_, set) =>
    bundles.flatMap((own, b) => (((set >> b) & 1) === 1 ? own : [])),
  );
  const standsFor = list.map(({ shape }) => standsForIn(shape.quality, 'better'));
  const { pool, fastest, better } = poolOf(supply, list, standsFor);
  const { groups, groupOf, typeOf } = groupsOf(supply);
  const requests = list.map(({ shape: { admitted, context: alone } }) =>
    requestsOn({ ...admitted, items: itemsIn(pool, admitted.items) }, alone, 'held'),
  );
  const replicas = list.map(({ shape }, t) => replicasOf(shape, requests[t] as RequestColumns, pool, groups.length));
  return {
    context,
    supply,
    list,
    bundles,
    sets,
    tasksIn,
    turns: turnsOf(list),
    alike: Uint8Array.from(tasksIn, (own) => (own.every((t) => hoursOf(list, t) === hoursOf(list, own[0])) ? 1 : 0)),
    pool,
    fastest,
    better,
    standsFor,
    serves: pool.map((_, j) => bitsWhere(bundles, (t) => (replicas[t] as Replicas).placeOf[j] !== -1)),
    groups,
    groupOf,
    typeOf,
    replicas,
    quickest: new Map(),
    ...offersFor(supply, list, bundles),
  };
}

/** Bundles of which something holds for all tasks, as a set. */
export function bitsWhere(bundles: readonly (readonly number[])[], holds: (t: number) => boolean): number {
  let bits = 0;
  for (let b = 0; b < bundles.length; b++) {
    let isWhole = true;
    for (const t of bundles[b] as readonly number[]) if (!holds(t)) isWhole = false;
    if (isWhole) bits |= 1 << b;
  }
  return bits;
}

/** The highest bundle of a set: the set is that and a smaller one. */
export const lastIn = (set: number): number => 31 - Math.clz32(set);

function bundlesIn(list: readonly Task[], apart: Apart): readonly (readonly number[])[] {
  if (list.length <= apart.wanted) return list.map((_, t) => [t]);
  // Tasks with the same ratio of output to input have equal prices.
  const written = ({ taskPart: { tokens } }: Task): number => tokens.output / (tokens.input + tokens.output);
  const sorted = [...list.keys()].sort((a, b) => written(list[a] as Task) - written(list[b] as Task));
  const places = (of: (task: Task) => Iterable<number>): boolean[][] => {
    const served = new Map<number, boolean[]>();
    for (const [t, task] of list.entries())
      for (const place of of(task)) {
        const by = served.get(place) ?? list.map(() => false);
        by[t] = true;
        served.set(place, by);
      }
    return [...served.values()];
  };
  return bundlesOf(
    list.map((_, t) => sorted.indexOf(t)),
    apart,
    [...places(({ shape }) => shape.bills.api), ...places(({ shape }) => shape.requests.items)],
  );
}

const hoursOf = (list: readonly Task[], t: number | undefined): Hours | undefined => list[t as number]?.hours;

function itemsIn(pool: Int32Array, items: Int32Array): Int32Array {
  const inPool = new Set(pool);
  return items.filter((item) => inPool.has(item));
}

function groupsOf({ catalog, offers: { units, diskPerHourGb } }: Supply): Pick<Tasks, 'groups' | 'groupOf' | 'typeOf'> {
  const groups: MachineGroup[] = [];
  const groupOf = new Int32Array(units.count);
  const typeOf = new Int32Array(units.count);
  const known = new Map<number, number>();
  const types = new Map<string, number>();
  for (let unit = 0; unit < units.count; unit++) {
    const [accelerator, engine, gpus] = [units.accelerator[unit], units.engine[unit], units.gpus[unit]] as number[] as [
      number,
      number,
      number,
    ];
    const key = accelerator * catalog.engines.length + engine;
    const g = known.get(key) ?? groups.push({ accelerator, engine, mostGpus: 1, units: [] }) - 1;
    known.set(key, g);
    const group = groups[g] as MachineGroup;
    group.units.push(unit);
    group.mostGpus = Math.max(group.mostGpus, gpus);
    groupOf[unit] = g;
    const isDiskPaid = (diskPerHourGb[units.firstOffer[unit] as number] as number) > 0;
    const type = [g, gpus, units.personal[unit], units.sleeps[unit], isDiskPaid].join();
    typeOf[unit] = types.get(type) ?? types.size;
    types.set(type, typeOf[unit] as number);
  }
  return { groups, groupOf, typeOf };
}

/** See `Tasks.pool`. */
function poolOf(
  { catalog }: Supply,
  list: readonly Task[],
  standsFor: readonly StandsFor[],
): Pick<Tasks, 'pool' | 'fastest' | 'better'> {
  const { items, dominators } = catalog;
  const placesOf = list.map(({ shape: { requests } }) => {
    const places = new Int32Array(items.count).fill(-1);
    for (let at = 0; at < requests.items.length; at++) places[requests.items[at] as number] = at;
    return places;
  });
  const isTimed = list.some(({ shape }) => shape.timed);
  const isAlike: StandsFor =
    list[0]?.shape.context.workload.capacityError === undefined
      ? anyStandsFor
      : (one, other) => items.model[one] === items.model[other];
  const [found, better, others]: [number[], number[], number[]] = [[], [], []];
  for (let item = 0; item < items.count; item++) {
    const serving = placesOf.flatMap((places, t) => (places[item] === -1 ? [] : [t]));
    if (serving.length === 0) continue;
    let [isFastest, isBetter] = [true, true];
    for (let k = item * mostDominators; isBetter && k < (item + 1) * mostDominators; k++) {
      const one = dominators[k] as number;
      if (one === -1) break;
      if (!isAlike(one, item) || !serving.every((t) => writesAlike(t, one, item))) continue;
      isFastest = false;
      isBetter = !serving.every((t) => (standsFor[t] as StandsFor)(one, item));
    }
    if (isFastest) found.push(item);
    else if (isBetter) better.push(item);
    else if (isTimed) others.push(item);
  }
  const work = (item: number): number =>
    (items.prefillParams[item] as number) + (items.decodeParams[item] as number) + (items.weightBytes[item] as number);
  const inOrder = (all: number[]): number[] => all.sort((a, b) => work(a) - work(b) || a - b);
  return {
    pool: Int32Array.from([...inOrder(found), ...inOrder(better), ...inOrder(others)]),
    fastest: found.length,
    better: found.length + better.length,
  };

  function writesAlike(t: number, one: number, item: number): boolean {
    const places = placesOf[t] as Int32Array;
    const { freshTokens, outputTokens } = (list[t] as Task).shape.requests;
    const [at, other] = [places[item] as number, places[one] as number];
    return other !== -1 && freshTokens[other] === freshTokens[at] && outputTokens[other] === outputTokens[at];
  }
}

function offersFor(
  { offers, among }: Supply,
  list: readonly Task[],
  bundles: readonly (readonly number[])[],
): Pick<Tasks, 'live' | 'firstLive' | 'liveAlone' | 'liveServes' | 'fleetUnits' | 'serverlessUnits'> {
  const all = 2 ** bundles.length - 1;
  const failing = (but: number): Int32Array =>
    numbers(offers.places.length, (place) => {
      const passes = (t: number): boolean => {
        const { admitted } = (list[t] as Task).shape;
        return ((admitted.verdicts.places[place] as number) & ~(admitted.availability === null ? 0 : but)) === 0;
      };
      return all & ~bitsWhere(bundles, passes);
    });
  const [alone, paired] = [failing(0), failing(bitOf(availability.id))];
  // What a place fails alone, and what with a second one.
  const bits = alone.map((set, place) => set | ((paired[place] as number) << bundles.length));
  const found = liveOffers(
    offers,
    bits,
    (failed, offer) => failed >> bundles.length === all || among?.offers[offer] === 0,
  );
  const servesBy = (failed: Int32Array): Int32Array =>
    found.live.map((offer) => all & ~(failed[offers.place[offer] as number] as number));
  const { units } = offers;
  const withOffers = placesUpTo(units.count).filter((unit) => found.firstLive[unit] !== found.firstLive[unit + 1]);
  return {
    ...found,
    liveAlone: servesBy(alone),
    liveServes: servesBy(paired),
    fleetUnits: withOffers.filter((unit) => units.sleeps[unit] === 0),
    serverlessUnits: withOffers.filter((unit) => units.sleeps[unit] === 1),
  };
}

/** The volumes of a workload of the same tasks. */
export const volumesOf = ({ taskParts }: Workload): Float64Array =>
  Float64Array.from(taskParts, ({ requestsPerDay }) => requestsPerDay);
