import { cuts } from '../core/fits.js';
import type { Keep } from '../core/shape.js';
import { ttftP95AloneMs as firstTokenAloneMs } from '../places/fleet-service.js';
import { splitsOf } from '../places/option.js';
import type { TaskService } from '../places/placement.js';
import { latestBeside, mayShare, type Sharer } from '../places/service-trace.js';
import { isSame } from '../units/memo.js';
import { type OnGroup, onGroup, type Replicas, replicaAt, replicaRate } from './replicas.js';
import { bitsWhere, lastIn, type Quick, type Task, type Tasks } from './tasks.js';
import type { Terms } from './terms.js';

/**
 * A model on a type of unit in one cut: seconds that one copy of the machine takes for a request of each task
 * (infinite: it may not), of its prompt on a replica, and ms of the first token alone (p95).
 */
export type Fit = {
  /** Place in the pool. */
  place: number;
  item: number;
  cut: number;
  /** Bundles of tasks that it serves, as a set. */
  serves: number;
  diskGb: number;
  seconds: Float64Array;
  promptS: Float64Array;
  firstTokenMs: Float64Array;
};

/**
 * Weights of tasks on a machine: in the mean hour, and in hours in which some task is busiest. A row has a weight for
 * each task; `units` makes units of the first row.
 */
export type Weights = { rows: readonly Float64Array[]; units: number };

/** What stays the same as long as tasks weigh the same: fits and least work by type of unit. */
export type FitsCache = {
  rows: readonly Float64Array[];
  /** By type of unit and set. */
  working: Record<Keep, Map<number, readonly Working[]>>;
  /** By group of machines and the cards of its largest replica, then row of weights and set. */
  least: Map<number, Float64Array>;
  terms: Terms | null;
  /** How many of the types in `LatencyCache.changed` it knows of. */
  seen: number;
};

/** Known latencies by `fitKey`, of all types of units, for any volume. */
export type LatencyCache = {
  /** Requests a second that targets leave on a replica; 0: nothing. */
  rates: Map<number, number>;
  /** Service on running workers, where there are targets. */
  warm: Map<number, TaskService>;
  /** Types of units on which items of every speed count, as targets leave nothing of the fastest. */
  opened: Set<number>;
  /** Types of units, added each time targets are computed for them: other searches drop what they made before. */
  changed: number[];
  /** By type of unit, what `fitsOn` found. */
  fits: Record<Keep, (readonly Fit[] | undefined)[]>;
};

export const emptyLatencyCache = (): LatencyCache => ({
  rates: new Map(),
  warm: new Map(),
  opened: new Set(),
  changed: [],
  fits: { fastest: [], better: [] },
});

/** The key of a task on an item in a cut, on a type of unit. */
export const fitKey = (type: number, item: number, t: number, cut: number): number =>
  ((type * 65_536 + item) * 256 + t) * 8 + cut;

/** Hours considered besides the mean one. */
const mostHours = 3;

export function weightsOf({ list }: Tasks, volumes: Float64Array, peakGrowth: number): Weights {
  const units = list.map(({ shape: { load } }, t) => load.unitsPerRate * (volumes[t] as number));
  const mean = Float64Array.from(list, ({ shape: { load } }, t) => (units[t] as number) * load.meanMultiple);
  const total = mean.reduce((sum, one) => sum + one, 0);
  const rows = [mean];
  const [first] = list as readonly [Task];
  const waits = ({ taskPart }: Task): boolean => taskPart.waits !== null;
  if (list.some(({ hours }) => hours !== first.hours)) {
    const busiest = new Set(list.flatMap((task) => (waits(task) ? [] : [task.hours.indexOf(Math.max(...task.hours))])));
    for (const hour of [...busiest].slice(0, mostHours))
      rows.push(
        Float64Array.from(list, (task, t) =>
          waits(task) ? 0 : (units[t] as number) * (task.hours[hour] ?? 0) * peakGrowth,
        ),
      );
  } else if (!waits(first))
    // Equal but for a factor: one row decides the best, the second bounds the peak.
    rows.push(Float64Array.from(units, (one) => one * first.shape.load.peak));
  return { rows: rows.map((row) => row.map((one) => one / total)), units: total };
}

/** Fits that were known, as far as tasks weigh the same. */
export function fitsCacheFor(known: FitsCache | null, { rows }: Weights, { changed }: LatencyCache): FitsCache {
  const isAlike =
    known !== null && known.rows.length === rows.length && rows.every((row, k) => isNear(row, known.rows[k]));
  return isAlike
    ? (known as FitsCache)
    : {
        rows,
        working: { fastest: new Map(), better: new Map() },
        least: new Map(),
        terms: null,
        seen: changed.length,
      };
}

/** Weights that differ by so little are the same. */
const sameWeight = 1e-9;
const isNear = (row: Float64Array, other: Float64Array | undefined): boolean =>
  isSame(row, other) || row.every((one, t) => Math.abs(one - (other?.[t] ?? Number.NaN)) <= sameWeight);

/** Least weighted work of a request of a set on one card of a unit, by row of weights, then set. */
export const leastWork = (tasks: Tasks, known: FitsCache, unit: number): Float64Array =>
  leastWorkIn(
    tasks,
    known,
    tasks.groupOf[unit] as number,
    splitsOf(tasks.supply.offers.units.gpus[unit] as number).length - 1,
  );

/** The same of a group of machines with replicas of up to so many cards. */
function leastWorkIn(tasks: Tasks, known: FitsCache, g: number, cut: number): Float64Array {
  const key = g * cuts.length + cut;
  const found = known.least.get(key);
  if (found !== undefined) return found;
  const { sets, bundles } = tasks;
  const { rows } = known;
  const least = new Float64Array(sets * rows.length).fill(Number.POSITIVE_INFINITY);
  known.least.set(key, least);
  const sums = new Float64Array(sets);
  for (const { serves, seconds } of quickestIn(tasks, g, cut))
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] as Float64Array;
      const from = k * sets;
      for (let set = serves & -serves; set !== 0; set = (set - serves) & serves) {
        const last = lastIn(set);
        let sum = sums[set ^ (1 << last)] as number;
        for (const t of bundles[last] as readonly number[]) sum += (row[t] as number) * (seconds[t] as number);
        sums[set] = sum;
        if (sum < (least[from + set] as number)) least[from + set] = sum;
      }
    }
  return least;
}

/** Models in replicas of at most so many cards of a group that no other beats on all tasks, whatever the targets. */
function quickestIn(tasks: Tasks, g: number, cut: number): readonly Quick[] {
  const { bundles, list, serves, fastest, replicas, tasksIn, quickest } = tasks;
  const key = g * cuts.length + cut;
  const found = quickest.get(key);
  if (found !== undefined) return found;
  let kept: Quick[] = cut === 0 ? [] : [...quickestIn(tasks, g, cut - 1)];
  const on = list.map((_, t) => groupOn(tasks, t, g));
  const cards = cuts[cut] as number;
  const seconds = new Float64Array(list.length);
  const isAsFast = (one: Quick, other: Quick): boolean =>
    (other.serves & ~one.serves) === 0 &&
    isNoMoreIn(tasksIn[other.serves] as readonly number[], one.seconds, other.seconds);
  const isBeaten = (quick: Quick): boolean => quick.serves === 0 || kept.some((one) => isAsFast(one, quick));
  for (let j = 0; j < fastest; j++) {
    const may = serves[j] as number;
    for (const t of tasksIn[may] as readonly number[]) seconds[t] = (on[t] as OnGroup).floorS[j] as number;
    if (isBeaten({ serves: may, seconds })) continue;
    for (const t of tasksIn[may] as readonly number[])
      seconds[t] = cards / replicaRate(replicas[t] as Replicas, on[t] as OnGroup, cut, j);
    const own = may & bitsWhere(bundles, (t) => seconds[t] !== Number.POSITIVE_INFINITY);
    if (isBeaten({ serves: own, seconds })) continue;
    const quick: Quick = { serves: own, seconds };
    kept = [...kept.filter((one) => !isAsFast(quick, one)), { serves: own, seconds: seconds.slice() }];
  }
  quickest.set(key, kept);
  return kept;
}

/** The replicas of a task on a group of machines. */
export const groupOn = ({ replicas, groups }: Tasks, t: number, g: number): OnGroup =>
  onGroup(replicas[t] as Replicas, g, groups[g] as Tasks['groups'][number]);

/**
 * Models in cuts on a type of unit of which no other serves all tasks as fast, with prompts as short and no more disk
 * (and, of `better`, as well).
 */
export function fitsOn(tasks: Tasks, asked: LatencyCache, unit: number, keep: Keep): readonly Fit[] {
  const type = tasks.typeOf[unit] as number;
  const found = asked.fits[keep][type];
  if (found !== undefined) return found;
  const { supply, list, bundles, tasksIn, pool, serves, fastest, better, standsFor } = tasks;
  const { items, batched } = supply.catalog;
  const { units, diskPerHourGb } = supply.offers;
  const g = tasks.groupOf[unit] as number;
  const on = list.map((_, t) => groupOn(tasks, t, g));
  const gpus = units.gpus[unit] as number;
  const splits = splitsOf(gpus).length;
  const isPersonal = units.personal[unit] === 1;
  const isDiskPaid = (diskPerHourGb[units.firstOffer[unit] as number] as number) > 0;
  const count = asked.opened.has(type) ? pool.length : keep === 'fastest' ? fastest : better;
  const kept: Fit[] = [];
  const seconds = new Float64Array(list.length);
  const promptS = new Float64Array(list.length);
  const firstTokenMs = new Float64Array(list.length);
  for (let j = 0; j < count; j++) {
    const item = pool[j] as number;
    if (!isPersonal && batched[items.scheme[item] as number] === 0) continue;
    const diskGb = isDiskPaid ? (items.diskGb[item] as number) : 0;
    for (let t = 0; t < on.length; t++) {
      const { floorS, floorPromptS } = on[t] as OnGroup;
      seconds[t] = (floorS[j] as number) / gpus;
      promptS[t] = floorPromptS[j] as number;
    }
    const may = (serves[j] as number) & bitsWhere(bundles, (t) => seconds[t] !== Number.POSITIVE_INFINITY);
    if (may === 0 || isDominated(may, item, diskGb)) continue;
    // A worker holds one replica.
    for (let cut = units.sleeps[unit] === 1 ? splits - 1 : 0; cut < splits; cut++) {
      const replicas = gpus / (cuts[cut] as number);
      seconds.fill(Number.POSITIVE_INFINITY);
      firstTokenMs.fill(Number.NaN);
      for (const t of tasksIn[may] as readonly number[]) {
        const known = asked.rates.get(fitKey(type, item, t, cut));
        const rate = known ?? replicaRate(tasks.replicas[t] as Replicas, on[t] as OnGroup, cut, j);
        if (rate === 0) continue;
        seconds[t] = 1 / (rate * replicas);
        const told = replicaAt(tasks.replicas[t] as Replicas, on[t] as OnGroup, cut, j);
        promptS[t] = told.promptS;
        firstTokenMs[t] = told.firstTokenMs;
      }
      const served = bitsWhere(bundles, (t) => seconds[t] !== Number.POSITIVE_INFINITY);
      if (served === 0 || isDominated(served, item, diskGb)) continue;
      for (let k = kept.length - 1; k >= 0; k--) {
        const one = kept[k] as Fit;
        if (
          diskGb <= one.diskGb &&
          (one.serves & ~served) === 0 &&
          isNoMoreIn(tasksIn[one.serves] as readonly number[], seconds, one.seconds) &&
          isNoMoreIn(tasksIn[one.serves] as readonly number[], promptS, one.promptS) &&
          standsForIn(one.serves, item, one.item)
        )
          kept.splice(k, 1);
      }
      kept.push({
        ...{ place: j, item, cut, serves: served, diskGb },
        ...{ seconds: seconds.slice(), promptS: promptS.slice(), firstTokenMs: firstTokenMs.slice() },
      });
    }
  }
  asked.fits[keep][type] = kept;
  return kept;

  function isDominated(mask: number, item: number, diskGb: number): boolean {
    const own = tasksIn[mask] as readonly number[];
    for (const one of kept)
      if (
        one.diskGb <= diskGb &&
        (mask & ~one.serves) === 0 &&
        isNoMoreIn(own, one.seconds, seconds) &&
        isNoMoreIn(own, one.promptS, promptS) &&
        standsForIn(mask, one.item, item)
      )
        return true;
    return false;
  }

  function standsForIn(mask: number, one: number, other: number): boolean {
    if (keep === 'fastest') return true;
    for (const t of tasksIn[mask] as readonly number[])
      if (!(standsFor[t] as (typeof standsFor)[number])(one, other)) return false;
    return true;
  }
}

function isNoMoreIn(own: readonly number[], one: Float64Array, other: Float64Array): boolean {
  for (const t of own) if ((one[t] as number) > (other[t] as number)) return false;
  return true;
}

/** A model on a type of unit with its work for the requests of a set, by row of weights. */
type Working = { fit: Fit; work: Float64Array };

/**
 * Models on a type of unit on which a set of tasks may share machines, without those that another beats: no more work
 * in any hour that counts, no more disk and, of `better`, prompts as short and answers as good.
 */
function workingFor(
  tasks: Tasks,
  asked: LatencyCache,
  known: FitsCache,
  unit: number,
  set: number,
  keep: Keep,
): readonly Working[] {
  const key = (tasks.typeOf[unit] as number) * tasks.sets + set;
  const found = known.working[keep].get(key);
  if (found !== undefined) return found;
  const { standsFor } = tasks;
  const { rows } = known;
  const own = tasks.tasksIn[set] as readonly number[];
  const kept: Working[] = [];
  const work = new Float64Array(rows.length);
  const stands = (one: Fit, other: Fit): boolean => {
    if (one.diskGb > other.diskGb) return false;
    if (keep === 'fastest') return true;
    if (!isNoMoreIn(own, one.promptS, other.promptS)) return false;
    for (const t of own) if (!(standsFor[t] as (typeof standsFor)[number])(one.item, other.item)) return false;
    return true;
  };
  for (const fit of fitsOn(tasks, asked, unit, keep)) {
    if ((set & ~fit.serves) !== 0) continue;
    const { seconds } = fit;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] as Float64Array;
      let sum = 0;
      for (const t of own) sum += (row[t] as number) * (seconds[t] as number);
      work[k] = sum;
    }
    if (kept.some((one) => isNoMore(one.work, work) && stands(one.fit, fit))) continue;
    if (own.length > 1 && !isShared(tasks, rows[0] as Float64Array, own, unit, fit)) continue;
    for (let k = kept.length - 1; k >= 0; k--) {
      const one = kept[k] as Working;
      if (isNoMore(work, one.work) && stands(fit, one.fit)) kept.splice(k, 1);
    }
    kept.push({ fit, work: work.slice() });
  }
  known.working[keep].set(key, kept);
  return kept;
}

/** Models that may be best for a set on a type of unit: none has less work in every hour, less disk and terms. */
export function fitsFor(
  tasks: Tasks,
  asked: LatencyCache,
  known: FitsCache,
  unit: number,
  set: number,
): readonly Fit[] {
  const { terms } = known;
  const working = workingFor(tasks, asked, known, unit, set, terms === null ? 'fastest' : 'better');
  if (terms === null) return working.map(({ fit }) => fit);
  const kept: (Working & { usd: number })[] = [];
  for (const { fit, work } of working) {
    const usd = fitTermsUsd(tasks, terms, unit, set, fit);
    if (usd === Number.POSITIVE_INFINITY) continue;
    const { diskGb } = fit;
    if (kept.some((one) => one.fit.diskGb <= diskGb && one.usd <= usd && isNoMore(one.work, work))) continue;
    for (let k = kept.length - 1; k >= 0; k--) {
      const one = kept[k] as (typeof kept)[number];
      if (diskGb <= one.fit.diskGb && usd <= one.usd && isNoMore(work, one.work)) kept.splice(k, 1);
    }
    kept.push({ fit, work, usd });
  }
  return kept.map(({ fit }) => fit);
}

/** Terms of a model on a type of unit for a set besides its cost, USD a month. */
export function fitTermsUsd(
  { tasksIn, typeOf }: Tasks,
  { items, waits, firstTokens, mayBeUnknown }: Terms,
  unit: number,
  set: number,
  { item, cut, firstTokenMs }: Fit,
): number {
  let usd = 0;
  for (const t of tasksIn[set] as readonly number[]) {
    usd += (items[t] as Float64Array)[item] as number;
    const wait = waits[t];
    if (!wait) continue;
    const alone = mayBeUnknown ? Number.NaN : (firstTokenMs[t] as number);
    usd += wait(firstTokens.get(fitKey(typeOf[unit] as number, item, t, cut)) ?? alone);
  }
  return usd;
}

function isNoMore(one: Float64Array, other: Float64Array): boolean {
  for (let k = 0; k < one.length; k++) if ((one[k] as number) > (other[k] as number)) return false;
  return true;
}

/**
 * Whether prompts of the tasks leave the others their first tokens.
 *
 * @param weights work of every task in the mean hour
 */
function isShared(
  tasks: Tasks,
  weights: Float64Array,
  own: readonly number[],
  unit: number,
  { cut, place, seconds }: Fit,
): boolean {
  // Of the assumptions that the rates are made of.
  const { workload } = (tasks.list[0] as Task).shape.context;
  if (own.every((t) => latestBeside((tasks.list[t] as Task).taskPart, workload) === null)) return true;
  const g = tasks.groupOf[unit] as number;
  const sharers: Sharer[] = [];
  let all = 0;
  for (const t of own) {
    const { taskPart, shape } = tasks.list[t] as Task;
    const replicas = tasks.replicas[t] as Replicas;
    const on = groupOn(tasks, t, g);
    const { rate, promptS, aloneS } = replicaAt(replicas, on, cut, place);
    const workShare = ((weights[t] as number) / shape.load.meanMultiple) * (seconds[t] as number);
    all += workShare;
    const written = replicas.requests.outputTokens[replicas.placeOf[place] as number] as number;
    const ttftP95AloneMs = firstTokenAloneMs(promptS, aloneS, written, taskPart, workload);
    sharers.push({ taskPart, requestsPerS: rate, workShare, promptS, ttftP95AloneMs });
  }
  for (const one of sharers) one.workShare /= all;
  return mayShare(sharers, workload);
}

/** Drops fits and parts of a type of unit whose targets have been computed. */
export function forget({ sets }: Tasks, { fits, changed }: LatencyCache, known: FitsCache, type: number): void {
  fits.fastest[type] = undefined;
  fits.better[type] = undefined;
  changed.push(type);
  forgetWorking(sets, known, type);
  known.seen = changed.length;
}

/** Drops the models for every set on types of units with new targets from other searches. */
export function forgetOutdated({ sets }: Tasks, { changed }: LatencyCache, known: FitsCache): void {
  for (const type of changed.slice(known.seen)) forgetWorking(sets, known, type);
  known.seen = changed.length;
}

function forgetWorking(sets: number, { working }: FitsCache, type: number): void {
  for (let set = 1; set < sets; set++) {
    working.fastest.delete(type * sets + set);
    working.better.delete(type * sets + set);
  }
}
