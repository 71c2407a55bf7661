import { lateBits } from '../core/admitted.js';
import type { Family } from '../core/items.js';
import { leastWorkers, meanWorkers, type Worker } from '../core/workers.js';
import { splitsOf } from '../places/option.js';
import type { TaskService } from '../places/placement.js';
import { withColdStarts } from '../places/serverless-gpu.js';
import { memoized } from '../units/memo.js';
import { secondsPerDay } from '../units/month.js';
import { certainlyBelow } from '../units/numeric.js';
import type { SecondChoice } from './apis.js';
import { isNoDearer, type Part, partOf, withSecond } from './apis.js';
import { askedOf, type Board, secondsOf } from './board.js';
import { fitKey, groupOn, leastWork } from './fits.js';
import type { Most } from './parts.js';
import { firstTokenOn } from './parts.js';
import { machineFte } from './people.js';
import { aloneSecondsOf, type OnGroup, type Replicas, replicaAt, replicaRate } from './replicas.js';
import { lastIn, type Task, type Tasks } from './tasks.js';

/** Steps of the length of a start, per doubling; and of its billed share. */
const steps = 4;
const shares = 16;
/** A start that takes no time. */
const noStart = -64;

/** A worker that is up answers at once. */
const atOnce: TaskService = {
  ttftP95Ms: 0,
  tokensPerSecond: Number.POSITIVE_INFINITY,
  totalP95Ms: 0,
  unitRequestsPerS: null,
  limitedBy: null,
};

/** The key of a task's workers of an item under an offer. */
export const workersAt = ({ list, supply }: Tasks, offer: number, item: number, t: number): number =>
  (offer * supply.catalog.items.count + item) * list.length + t;

/** How precisely workers are known: bounds of work or time up; few bands of hours; many bands; all hours. */
const bounded = 0;
const roughly = 1;
const exactly = 3;
/** With what counts of the first token of a request that finds workers asleep. */
const withFirstToken = 4;

/** Any part of a set; its cheapest; also those with fewer people or a lower bill, where rules may need them. */
type Wanted = 'any' | 'cheapest' | 'within limits';

/**
 * The best workers with scale to zero for every set: each task has its own, weights are stored once. Computed in four
 * steps, each a lower bound of the next.
 *
 * @param most from which on a part does not matter
 * @param least lower bound of cost over models, see `leastOfWorkers`
 * @param wanted which parts of a set
 * @param cashUsd what a set may be billed; null: anything
 */
export function workerParts(
  board: Board,
  most: Most,
  least: LeastOfWorkers,
  wanted: Wanted,
  cashUsd: Float64Array | null = null,
): readonly Part[] {
  const { tasks, workload, asked, people, volumes, perMonth, known } = board;
  const { terms } = known;
  const { supply, list, sets, pool, serves, live, liveAlone, liveServes, groupOf } = tasks;
  const { catalog, offers } = supply;
  const { units } = offers;
  const { items, batched } = catalog;
  const { hoursPerMonth } = workload;
  const idleS = workload.assume('keepWarmIdleDefault');
  const count = list.length;
  const ups = new Map<number, number>();
  const best: Part[][] = Array.from({ length: sets }, () => []);
  const [usd, machinesOf, step] = [new Float64Array(count), new Float64Array(count), new Uint8Array(count)];
  /** Least cost of a model on the offer for every set, without its fixed costs. */
  const boundUsd = new Float64Array(sets);
  /** Sets of which some model on the offer may be best. */
  const mattering = new Int32Array(sets);
  let mayWin = 0;
  const limitsOf = limitsByStaff(board, most);
  /** What a part under the offer may cost. */
  let limits = most.alone;
  /** What is evaluated: a unit with its group, cut and replicas; an offer; an item by its place in the pool. */
  let [unit, cut, offer, j, item, coldS, billedS, unitUsd] = [0, 0, 0, 0, 0, 0, 0, 0];
  let on: OnGroup[] = [];
  const worker: Worker = { upS: 0, coldS: 0, billedS: 0, workS: 0 };
  for (const { at, unit: under } of cheapestFirst(board, least)) {
    unit = under;
    const g = groupOf[unit] as number;
    const gpus = units.gpus[unit] as number;
    cut = splitsOf(gpus).length - 1;
    const isOpened = asked.opened.has(tasks.typeOf[unit] as number);
    const among = isOpened ? pool.length : terms === null ? tasks.fastest : tasks.better;
    offer = live[at] as number;
    limits = limitsOf(offers.staff[offer] as number);
    mayWin = 0;
    for (let set = 1; set < sets; set++) {
      const usd = least.on(unit, at, set, mostOf(set));
      if (usd < mostOf(set) && mayBeBilled(usd, set)) mattering[mayWin++] = set;
    }
    if (mayWin === 0) continue;
    on = list.map((_, t) => groupOn(tasks, t, g));
    unitUsd = (offers.perHour[offer] as number) * hoursPerMonth;
    for (j = 0; j < among; j++) {
      const may = (serves[j] as number) & (liveServes[at] as number);
      item = pool[j] as number;
      if (may === 0 || batched[items.scheme[item] as number] === 0) continue;
      const gb = items.diskGb[item] as number;
      coldS = (offers.coldS[offer] as number) + gb * (offers.coldSPerGb[offer] as number);
      billedS = (offers.billedS[offer] as number) + gb * (offers.billedSPerGb[offer] as number);
      step.fill(bounded);
      usd.fill(Number.POSITIVE_INFINITY);
      for (const t of tasks.tasksIn[may] as readonly number[]) {
        const { load } = (list[t] as Task).shape;
        const floorS = ((on[t] as (typeof on)[number]).floorS[j] as number) / gpus;
        const needed = load.unitsPerRate * load.meanMultiple * (volumes[t] as number) * floorS;
        machinesOf[t] = Math.max(needed, upOf(t));
        usd[t] = unitUsd * (machinesOf[t] as number) + besideUsd(t);
      }
      compare(may, gb * (offers.keptPerGb[offer] as number) + (terms?.placeUsd ?? 0), gpus, liveAlone[at] as number);
    }
  }
  return best.flat();

  function mayBeBilled(usd: number, set: number): boolean {
    return cashUsd === null || usd * certainlyBelow <= (cashUsd[set] as number);
  }

  /** Whether more than the cheapest is needed: rules may exclude it, or a question its second place. */
  function keepsMore(set: number): boolean {
    return wanted === 'within limits' || (set & board.apis.asking) !== 0;
  }

  function mostOf(set: number): number {
    const one = best[set]?.[0];
    if (wanted === 'any' && one !== undefined) return 0;
    const known = keepsMore(set) ? undefined : one;
    return Math.min(limits[set] as number, known?.usd ?? Number.POSITIVE_INFINITY);
  }

  /** Compares the model on the offer with the best of every set of the tasks that it may serve. */
  function compare(may: number, fixedUsd: number, gpus: number, alone: number): void {
    const provider = offers.provider[offer] as number;
    for (let set = may & -may; set !== 0; set = (set - may) & may) {
      const last = lastIn(set);
      let sum = boundUsd[set ^ (1 << last)] as number;
      for (const t of tasks.bundles[last] as readonly number[]) sum += usd[t] as number;
      boundUsd[set] = sum;
    }
    for (let one = 0; one < mayWin; one++) {
      const set = mattering[one] as number;
      if ((set & ~may) !== 0) continue;
      if ((set & ~alone) === 0) {
        if ((boundUsd[set] as number) + fixedUsd < mostOf(set)) compareWith(set, fixedUsd, gpus, null);
      } else for (const choice of secondsOf(board, { set, offer, provider })) compareWith(set, fixedUsd, gpus, choice);
    }
  }

  /** The same of a set, with or without a fallback. */
  function compareWith(set: number, fixedUsd: number, gpus: number, choice: SecondChoice | null): void {
    const staff = offers.staff[offer] as number;
    const elsewhereUsd = terms === null ? 0 : (terms.notOwned[set] as number);
    const besideUsd = fixedUsd + elsewhereUsd + (choice?.usd ?? 0);
    const limit = mostOf(set);
    /** Whether it matters, if its tasks and all others cost so much. */
    const mayBeCheapestAt = (usd: number): boolean =>
      usd - awayUsd(set, choice) < limit && !isDominated(set, staff, usd, choice);
    let sum = besideUsd;
    for (const t of tasks.tasksIn[set] as readonly number[]) sum += usd[t] as number;
    const last = terms === null ? exactly : withFirstToken;
    for (let next = roughly; next <= last && mayBeCheapestAt(sum); next++) sum = closer(set, next, besideUsd);
    if (!mayBeCheapestAt(sum)) return;
    const machines = machinesIn(set);
    const fte = machineFte(people, staff, machines);
    const whole = sum + fte * people.usdPerFte;
    if (!(whole - awayUsd(set, choice) < limit)) return;
    const modelsUsd = modelsUsdOf(set);
    const termsUsd = (terms?.placeUsd ?? 0) + elsewhereUsd + modelsUsd;
    const part = partOf({
      set,
      usd: whole - (choice?.usd ?? 0),
      termsUsd,
      modelsUsd,
      cashUsd: sum - termsUsd - (choice?.usd ?? 0),
      kind: units.kind[unit] as number,
      unit,
      offer,
      at: item,
      cards: gpus,
      fte,
      staff,
      machines,
      provider: offers.provider[offer] as number,
      model: items.model[item] as number,
      ...askedOf(board, staff, set),
    });
    keep(choice === null ? part : withSecond(part, choice));
  }

  function modelsUsdOf(set: number): number {
    let modelsUsd = 0;
    for (const t of tasks.tasksIn[set] as readonly number[]) modelsUsd += termsUsdOf(t);
    return modelsUsd;
  }

  /** Terms of the models for the share of requests at the second place. */
  function awayUsd(set: number, choice: SecondChoice | null): number {
    return choice === null || terms === null ? 0 : choice.second.share * modelsUsdOf(set);
  }

  /** Keeps a part that is no dearer in all that may be limited. */
  function keep(part: Part): void {
    const known = best[part.set] as Part[];
    if (!keepsMore(part.set)) known[0] = part;
    else if (!known.some((one) => isNoDearer(one, part)))
      best[part.set] = [...known.filter((one) => !isNoDearer(part, one)), part];
  }

  /** Mean workers of a set, at the current precision. */
  function machinesIn(set: number): number {
    let machines = 0;
    for (const t of tasks.tasksIn[set] as readonly number[]) machines += machinesOf[t] as number;
    return machines;
  }

  /** Where the cheapest may be excluded: whether a kept part is no dearer, whatever the bounds turn out to be. */
  function isDominated(set: number, staff: number, sum: number, choice: SecondChoice | null): boolean {
    const known = best[set] as Part[];
    if (!keepsMore(set) || known.length === 0) return false;
    const machines = machinesIn(set);
    const whole = sum + machineFte(people, staff, machines) * people.usdPerFte - awayUsd(set, choice);
    const asideUsd = (terms?.placeUsd ?? 0) + (terms?.notOwned[set] ?? 0) + (choice?.termsUsd ?? 0);
    const cashUsd = sum - modelsUsdOf(set) - asideUsd;
    return known.some(
      (one) =>
        (one.second === null || one.second.provider === choice?.second.provider) &&
        one.usd <= whole &&
        one.machines <= machines &&
        one.cashUsd <= cashUsd,
    );
  }

  /** Makes the tasks of a set as close as a step has it; their sum. */
  function closer(set: number, next: number, fixedUsd: number): number {
    let sum = fixedUsd;
    for (const t of tasks.tasksIn[set] as readonly number[]) {
      if ((step[t] as number) < next) {
        step[t] = next;
        machinesOf[t] = workersFor(t, next);
        usd[t] = unitUsd * (machinesOf[t] as number) + besideUsd(t);
      }
      sum += usd[t] as number;
    }
    return sum;
  }

  function workersKey(t: number): number {
    return workersAt(tasks, offer, item, t);
  }

  function workersFor(t: number, next: number): number {
    const before = board.workers.get(workersKey(t));
    if (before !== undefined) return before;
    const key = fitKey(tasks.typeOf[unit] as number, item, t, cut);
    const replicas = tasks.replicas[t] as Replicas;
    const group = on[t] as (typeof on)[number];
    const rate = asked.rates.get(key) ?? replicaRate(replicas, group, cut, j);
    if (rate === 0) return Number.POSITIVE_INFINITY;
    const { shape, wakingFine } = list[t] as Task;
    worker.upS = aloneSecondsOf(replicas, group, cut, j) + idleS;
    worker.coldS = coldS;
    worker.billedS = billedS;
    worker.workS = (shape.load.unitsPerRate * secondsPerDay) / rate;
    if (next < exactly)
      return leastWorkers(worker, volumes[t] as number, next === roughly ? shape.waking() : wakingFine());
    const mean = startsLate(t, worker.upS)
      ? Number.POSITIVE_INFINITY
      : meanWorkers(worker, volumes[t] as number, shape.waking());
    board.workers.set(workersKey(t), mean);
    return mean;
  }

  function startsLate(t: number, upS: number): boolean {
    const { shape, taskPart } = list[t] as Task;
    if (!shape.waitLimited) return false;
    const warm = asked.warm.get(fitKey(tasks.typeOf[unit] as number, item, t, cut)) ?? atOnce;
    const here = { ...taskPart, requestsPerDay: volumes[t] as number };
    const { option } = catalog.families[items.family[item] as number] as Family;
    const context = { ...shape.context, workload: { ...shape.context.workload, requestsPerDay: here.requestsPerDay } };
    return lateBits(option, here, context, withColdStarts(warm, { upS, coldS }, here, workload)) !== 0;
  }

  function termsUsdOf(t: number): number {
    if (terms === null) return 0;
    const wait = terms.waits[t] ?? null;
    const qualityUsd = (terms.items[t] as Float64Array)[item] as number;
    if (wait === null || step[t] === bounded) return qualityUsd;
    return qualityUsd + wait(board.workerFirstTokens.get(workersKey(t)) ?? firstTokenMs(t));
  }

  /** The first token of a task on a worker that is up, and once it counts, also with cold starts. */
  function firstTokenMs(t: number): number {
    if (step[t] !== withFirstToken)
      return replicaAt(tasks.replicas[t] as Replicas, on[t] as (typeof on)[number], cut, j).firstTokenMs;
    const where = {
      kind: units.kind[unit] as number,
      unit,
      offer,
      at: item,
      cards: units.gpus[unit] as number,
      option: null,
    };
    const ms = firstTokenOn(board, where, t);
    board.workerFirstTokens.set(workersKey(t), ms);
    return ms;
  }

  /** Cost of a task besides the time of its workers. */
  function besideUsd(t: number): number {
    const { taskPart, shape } = list[t] as Task;
    const perRequest = (offers.perToken[offer] as number) * taskPart.tokens.output + shape.toolsUsd;
    return termsUsdOf(t) + (perMonth[t] as number) * perRequest;
  }

  /** Workers that are up at the least with a start of about this length, whatever they serve. */
  function upOf(t: number): number {
    const length = coldS <= 0 ? noStart : Math.floor(Math.log2(coldS) * steps);
    const share = coldS <= 0 ? 0 : Math.floor(Math.min(4, billedS / coldS) * shares);
    const key = ((t * 256 + length + 128) << 8) + share;
    let up = ups.get(key);
    if (up === undefined) {
      up = Number.POSITIVE_INFINITY;
      for (const end of [length, length + 1]) {
        const cold = length === noStart ? 0 : 2 ** (end / steps);
        const worker = { upS: idleS, coldS: cold, billedS: (cold * share) / shares, workS: 0 };
        up = Math.min(up, leastWorkers(worker, volumes[t] as number, (list[t] as Task).shape.waking()));
      }
      ups.set(key, up);
    }
    return up;
  }
}

/** Live offers of workers with their units, by least cost, so that dear ones are soon out of reach. */
function cheapestFirst({ tasks }: Board, { idleUsd }: LeastOfWorkers): { at: number; unit: number }[] {
  const { serverlessUnits, firstLive, sets } = tasks;
  const found: { at: number; unit: number; usd: number }[] = [];
  for (const unit of serverlessUnits)
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      let usd = Number.POSITIVE_INFINITY;
      for (let set = 1; set < sets; set++) usd = Math.min(usd, idleUsd[at * sets + set] as number);
      found.push({ at, unit, usd });
    }
  return found.sort((one, other) => one.usd - other.usd);
}

/** Most USD a month of a part by set, for each kind of staff. */
function limitsByStaff(board: Board, { alone, withPeople }: Most): (staff: number) => Float64Array {
  const { leastPeople: peopleUsd } = board;
  return memoized((staff: number) =>
    alone.map((usd, set) => Math.min(usd, (withPeople[set] as number) - peopleUsd(staff, 0, set))),
  );
}

/** Lower bound of USD a month of workers of every live offer for every set with any model. */
export type LeastOfWorkers = {
  /** The bound without any work, by place of the offer, then set. */
  idleUsd: Float64Array;
  /** The bound of a set on an offer of a unit; the work of the quickest model is included only if needed to reach a limit. */
  on(unit: number, at: number, set: number, belowUsd: number): number;
};

export function leastOfWorkers(board: Board): LeastOfWorkers {
  const { tasks, workload, known, volumes } = board;
  const { supply, sets, list, bundles, firstLive, live, liveServes } = tasks;
  const { offers, catalog } = supply;
  const idleS = workload.assume('keepWarmIdleDefault');
  const mostGb = tasks.pool.reduce((most, item) => Math.max(most, catalog.items.diskGb[item] as number), 0);
  const upOf = memoized((coldS: number) => {
    const worker = { upS: idleS, coldS, billedS: 0, workS: 0 };
    return Float64Array.from(list, ({ shape }, t) => leastWorkers(worker, volumes[t] as number, shape.waking()));
  });
  const idleUsd = new Float64Array(live.length * sets).fill(Number.POSITIVE_INFINITY);
  const leastUsd = idleUsd.slice();
  const includesWork = new Uint8Array(offers.units.count);
  const noWork = new Float64Array(sets);
  for (const unit of tasks.serverlessUnits) boundUnit(idleUsd, unit, noWork);
  return {
    idleUsd,
    on(unit, at, set, belowUsd) {
      const usd = idleUsd[at * sets + set] as number;
      if (usd >= belowUsd) return usd;
      if (includesWork[unit] === 0) {
        includesWork[unit] = 1;
        boundUnit(leastUsd, unit, leastWork(tasks, known, unit));
      }
      return leastUsd[at * sets + set] as number;
    },
  };

  function boundUnit(into: Float64Array, unit: number, work: Float64Array): void {
    const each = board.weightedUnits / (offers.units.gpus[unit] as number);
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      const offer = live[at] as number;
      const up = upOf((offers.coldS[offer] as number) + mostGb * (offers.coldSPerGb[offer] as number));
      const unitUsd = (offers.perHour[offer] as number) * workload.hoursPerMonth;
      for (let set = 1; set < sets; set++) {
        const last = lastIn(set);
        const before = set ^ (1 << last);
        const alone = into[at * sets + (1 << last)] as number;
        if (before !== 0) into[at * sets + set] = (into[at * sets + before] as number) + alone;
        else if (((liveServes[at] as number) & set) !== 0) {
          const upAll = (bundles[last] as readonly number[]).reduce((sum, t) => sum + (up[t] as number), 0);
          into[at * sets + set] = unitUsd * Math.max(each * (work[set] as number), upAll);
        }
      }
    }
  }
}
