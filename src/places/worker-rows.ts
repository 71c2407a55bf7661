import type { Engine } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { windowsOf } from '../cost/batching.js';
import { egress } from '../cost/extras.js';
import { machineUsd, type Staff } from '../cost/people.js';
import { leastWorkerS, type Sleeper, spellsOf } from '../cost/serverless.js';
import {
  meanWorkers,
  ratesByWeights,
  ratesOf,
  type ServerlessWork,
  serverlessCosts,
  sleeperOf,
  type WorkerRates,
  workersUsd,
  workersUsdAtLeast,
} from '../cost/serverless-costs.js';
import type { Kind } from '../tables/rows.js';
import { secondsPerHour } from '../units/clock.js';
import { certainlyAbove, certainlyBelow, filled } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import type { Candidate } from './candidate.js';
import { countOptions, grouped } from './fleet-count.js';
import { diskGbOf, optionOf, placeOption } from './fleet-option.js';
import { placeKey } from './fleet-rows.js';
import type { Offer, UnitType } from './fleet-units.js';
import { admittedItems, admittedModels, type ReplicaRates } from './items.js';
import { bytesPerCard } from './machine-table.js';
import { shapeOf } from './own-weights.js';
import type { Context, Filter, TaskService } from './placement.js';
import { type Row, RowFront, type RowGroup } from './row.js';
import { type Drafted, rowOf, serverlessUnits, withColdStarts, workerOn, workerSeconds } from './serverless-service.js';
import { bitsOf, type TaskColumns } from './task-columns.js';

/** What all workers of a case have in common. */
type Workers = {
  kind: Kind;
  staff: Staff;
  /** USD a month of people, by the mean number of workers. */
  peopleUsd(workers: number): number;
  engine: Engine;
  context: Context;
  filter: Filter;
  columns: TaskColumns;
  timed: readonly boolean[];
  /** Those with a rule about the first token, which a start may break. */
  waitedFor: readonly boolean[];
  /** Worker-seconds of a month at one request a second of saturation. */
  busyS: Float64Array;
  /** Worker-seconds of a month that any task is billed for at the least. */
  leastUpS: number;
  /** Worker-seconds of a month that every task is billed for at the least, with starts of so many seconds. */
  upS(coldS: number): Float64Array;
  /** Whether a task waits too long for a start, whatever the worker does then. */
  startsLate(task: number, sleeper: Sleeper): boolean;
};

/** A worker that is up answers at once. */
const atOnce: TaskService = {
  ttftP95Ms: 0,
  tokensPerSecond: Number.POSITIVE_INFINITY,
  totalP95Ms: 0,
  unitRequestsPerS: null,
  limitedBy: null,
};

/** Doublings of a second that workers are told apart by in how long they stay up: from shortest to longest, and how finely. */
const [shortestUp, longestUp, finestUp] = [-10, 30, 1 / 64];

/** Bisects for how many seconds a worker has to stay up: `late` does not suffice, `early` does, and they are close to each other. */
function between(suffices: (upS: number) => boolean): { late: number; early: number } {
  let [low, high] = [shortestUp, longestUp];
  if (suffices(2 ** low)) return { late: 0, early: 2 ** low };
  if (!suffices(2 ** high)) return { late: 2 ** high, early: Number.POSITIVE_INFINITY };
  while (high - low > finestUp) {
    const middle = (low + high) / 2;
    if (suffices(2 ** middle)) high = middle;
    else low = middle;
  }
  return { late: 2 ** low, early: 2 ** high };
}

/** Lengths of a start that are told apart, for each doubling. */
const lengthsPerDoubling = 4;

/** Rows of serverless workers, provider by provider. */
export function workerGroups(
  kind: Kind,
  staff: Staff,
  engine: Engine,
  context: Context,
  filter: Filter,
  columns: TaskColumns,
): RowGroup[] {
  const { workload } = context;
  const { taskParts, growth, hoursPerMonth } = workload;
  const sleep = { idleS: workload.assume('keepWarmIdleDefault'), billedShare: workload.assume('coldStartBilledShare') };
  const least = taskParts.map((taskPart) => {
    const windows = windowsOf(taskPart);
    const spells = spellsOf(windows?.means ?? taskPart.hours, growth);
    return leastWorkerS(sleep, windows?.seconds ?? null, spells, taskPart.requestsPerDay, hoursPerMonth);
  });
  // Where a start is billed whole, a shorter one costs no more: few lengths stand for all.
  const inSteps = sleep.billedShare >= 1;
  const upByStart = new Map<number, Float64Array>();
  const keeps = (task: number, sleeper: Sleeper): boolean => {
    const taskPart = taskParts[task] as TaskPart;
    const { table } = admittedModels(context, filter);
    const [any] = table.items;
    if (any === undefined) return false;
    return filter.admitsService(any.option, taskPart, () => withColdStarts(atOnce, sleeper, taskPart, workload));
  };
  const upKnown = taskParts.map(() => new Map<number, { late: number; early: number }>());
  /** Seconds up with which a start of a length is too late, and with which it is not. */
  const upNeeded = (task: number, step: number): { late: number; early: number } => {
    const coldS = 2 ** (step / lengthsPerDoubling);
    const needed = upKnown[task]?.get(step) ?? between((upS) => keeps(task, { upS, coldS }));
    upKnown[task]?.set(step, needed);
    return needed;
  };
  const workers: Workers = {
    kind,
    staff,
    peopleUsd: machineUsd(staff, workload),
    engine,
    context,
    filter,
    columns,
    timed: taskParts.map((taskPart) => filter.timed(taskPart)),
    waitedFor: taskParts.map((taskPart) => filter.timed(taskPart) || filter.latestTtftMs(taskPart) !== null),
    busyS: filled(
      taskParts.length,
      (s) => workerSeconds(taskParts[s] as TaskPart, 1, workload) * (columns.requestsPerMonth[s] as number),
    ),
    leastUpS: Math.min(...least.map((leastS) => leastS(null))),
    upS(coldS) {
      const step = inSteps && coldS > 0 ? Math.floor(Math.log2(coldS) * lengthsPerDoubling) : null;
      const key = step ?? (inSteps ? Number.NEGATIVE_INFINITY : coldS);
      let known = upByStart.get(key);
      if (known === undefined) {
        const length = step === null ? coldS : 2 ** (step / lengthsPerDoubling);
        known = filled(taskParts.length, (s) => (least[s] as (coldS: number) => number)(length));
        upByStart.set(key, known);
      }
      return known;
    },
    startsLate(task, sleeper) {
      const step = Math.floor(Math.log2(sleeper.coldS) * lengthsPerDoubling);
      if (!Number.isFinite(step)) return !keeps(task, sleeper);
      // Who stays up as long and starts no faster waits no less.
      if (sleeper.upS <= upNeeded(task, step).late) return true;
      if (sleeper.upS >= upNeeded(task, step + 1).early) return false;
      return !keeps(task, sleeper);
    },
  };
  const gates = new Map<string, { serves: number; gate: string | null }>();
  const byProvider = new Map<string, WorkerOffer[]>();
  for (const unit of serverlessUnits(context))
    for (const offer of unit.offers) {
      const key = placeKey(offer);
      let terms = gates.get(key);
      if (terms === undefined) {
        const { serves, gate } = filter.admit(placeOption(kind, offer, false), 'provider');
        terms = { serves: columns.bundles.whole(serves), gate };
        gates.set(key, terms);
      }
      if (terms.gate !== null) continue;
      const known = byProvider.get(offer.provider) ?? [];
      byProvider.set(offer.provider, known);
      known.push(new WorkerOffer(unit, offer, terms.serves, workers));
    }
  return [...byProvider.values()].map(
    (offers) =>
      new WorkerGroup(
        offers.sort((a, b) => a.floorUsd - b.floorUsd),
        workers,
      ),
  );
}

/** Counts serverless options by the rule that turns them down. */
export function countWorkers(kind: Kind, engine: Engine, context: Context, filter: Filter): void {
  filter.shared(`${kind} count`, () => {
    const { table, gates, memory, runs: runsBy } = admittedModels(context, filter);
    const models = table.items.map(({ scheme }, item) => ({ scheme, gate: gates[item] ?? null }));
    const known = new Map<string, string | null>();
    const machines = serverlessUnits(context).map(({ accelerator, gpus, offers }) => {
      const places = new Map<string | null, number>();
      for (const offer of offers) {
        const key = placeKey(offer);
        if (!known.has(key)) known.set(key, filter.admit(placeOption(kind, offer, false), 'provider').gate);
        const gate = known.get(key) ?? null;
        places.set(gate, (places.get(gate) ?? 0) + 1);
      }
      const runsOn = runsBy(accelerator, engine);
      const runs = (scheme: number): boolean => table.batched[scheme] === 1 && runsOn(scheme);
      return { gpus, cardBytes: bytesPerCard(accelerator, engine), runs, places };
    });
    countOptions(grouped(models), memory(engine).inGroup, machines, filter);
  });
}

/** A kind of worker as it is sold, with what is known of models on it. */
class WorkerOffer {
  readonly serves: number;
  /** USD a month that any model costs on it at the least. */
  readonly floorUsd: number;
  readonly #rows: (WorkerRow | undefined)[] = [];
  #cards: ReplicaRates | null = null;
  #rates: {
    of: (weightsGb: number) => WorkerRates;
    coldS: number;
    coldSPerGb: number;
    storageUsdPerGb: number;
    trafficUsd: Float64Array;
  } | null = null;

  constructor(
    readonly unit: UnitType,
    readonly offer: Offer,
    readonly placeServes: number,
    readonly workers: Workers,
  ) {
    this.serves = placeServes & admittedItems(workers.context, workers.filter, workers.columns).served;
    this.floorUsd = (offer.usdPerHour / secondsPerHour) * workers.leastUpS * certainlyBelow;
  }

  /** What a worker serves of every item and task. */
  get cards(): ReplicaRates {
    const { workers, unit } = this;
    this.#cards ??= admittedItems(workers.context, workers.filter, workers.columns).usefulOnCards(
      unit.accelerator,
      unit.gpus,
      workers.engine,
    );
    return this.#cards;
  }

  /** Models that may serve some task for less than so many USD a month: their rows, the last model first. */
  rows(belowUsd: number): WorkerRow[] {
    if (this.floorUsd >= belowUsd) return [];
    const { workers, unit } = this;
    const admitted = admittedItems(workers.context, workers.filter, workers.columns);
    const { places, others: beaten, standIn } = admitted.useful(workers.engine);
    const cheap = this.#cheap(places, belowUsd);
    // No cheaper than the one that stands for it can be, yet a little cheaper than that may be.
    const isCheap = new Uint8Array(admitted.items.length);
    for (const { i } of cheap) isCheap[i] = 1;
    const others = beaten.filter((i) => isCheap[standIn[i] as number] === 1);
    if (others.length > 0) admitted.rate(others, unit.accelerator, unit.gpus, workers.engine);
    return this.#rowsOf([...cheap, ...this.#cheap(others, belowUsd)].sort((a, b) => b.i - a.i));
  }

  /** Rows of models of which each serves what others do not serve as fast. */
  usefulRows(): WorkerRow[] {
    const { workers } = this;
    const { useful } = admittedItems(workers.context, workers.filter, workers.columns);
    return this.#rowsOf(this.#cheap(useful(workers.engine).places, Number.POSITIVE_INFINITY));
  }

  #rowsOf(items: readonly { i: number; serves: number }[]): WorkerRow[] {
    return items.flatMap(({ i, serves }) => {
      const row = this.#rows[i] ?? new WorkerRow(this, i, serves);
      this.#rows[i] = row;
      return row.serves === 0 ? [] : row;
    });
  }

  /** Of some models those that may serve a task for less, each with what it serves. */
  #cheap(places: Int32Array, belowUsd: number): { i: number; serves: number }[] {
    const { workers } = this;
    const { table, items, serves } = admittedItems(workers.context, workers.filter, workers.columns);
    const usd = new Float64Array(workers.columns.count);
    const { storageUsdPerGb } = this.rates();
    const cheap: { i: number; serves: number }[] = [];
    for (const i of places) {
      const item = items[i] as number;
      if (table.batched[table.scheme[item] as number] === 0) continue;
      const served = this.least(i, (serves[i] as number) & this.serves, usd);
      if (served === 0) continue;
      let least = Number.POSITIVE_INFINITY;
      for (const one of usd) if (one < least) least = one;
      if ((least + storageUsdPerGb * (table.diskGb[item] as number)) * certainlyBelow < belowUsd)
        cheap.push({ i, serves: served });
    }
    return cheap;
  }

  /** Writes USD a month of every task at the least, without its weights; what a model serves of a set of tasks. */
  least(i: number, may: number, into: Float64Array): number {
    const { workers, offer } = this;
    const { perSecond } = this.cards;
    const { items, table } = admittedModels(workers.context, workers.filter);
    const { coldS, coldSPerGb, trafficUsd } = this.rates();
    const upS = workers.upS(coldS + (table.diskGb[items[i] as number] as number) * coldSPerGb);
    const usdPerS = offer.usdPerHour / secondsPerHour;
    const { count, bundles } = workers.columns;
    let served = may;
    for (let s = 0; s < count; s++) {
      const bundle = bundles.of[s] as number;
      const rate = ((may >> bundle) & 1) === 0 ? 0 : (perSecond[i * count + s] as number);
      if (rate === 0) {
        served &= ~(1 << bundle);
        into[s] = Number.POSITIVE_INFINITY;
        continue;
      }
      const seconds = Math.max((workers.busyS[s] as number) / rate, upS[s] as number);
      into[s] = usdPerS * seconds + (trafficUsd[s] as number);
    }
    return served;
  }

  rates() {
    if (this.#rates === null) {
      const { unit, offer, workers } = this;
      const { workload, tables } = workers.context;
      const row = rowOf(offer, workers.context);
      const costsWith = (weightsGb: number) => serverlessCosts({ row, gpus: unit.gpus, weightsGb }, workload, tables);
      const [none, one] = [costsWith(0), costsWith(1)];
      this.#rates = {
        of: ratesByWeights(ratesOf(none), ratesOf(one)),
        coldS: none.coldS.value,
        coldSPerGb: one.coldS.value - none.coldS.value,
        storageUsdPerGb: one.storage.value,
        trafficUsd: filled(workload.taskParts.length, (s) => {
          const perRequest = egress(offer.provider, workload.taskParts[s] as TaskPart, workload, tables).amount.value;
          return perRequest * (workers.columns.requestsPerMonth[s] as number);
        }),
      };
    }
    return this.#rates;
  }
}

/**
 * Workers of a provider. Every task has workers of its own, so that a row costs the sum of its tasks: one that costs more for each of
 * them than another one is in no plan.
 */
class WorkerGroup implements RowGroup {
  readonly kind: Kind;
  readonly staffs: readonly Staff[];
  readonly places: readonly string[];
  readonly serves: number;
  readonly fewestUnits = 0;
  readonly floorUsd: number;
  readonly floorBelowApiUsd = Number.POSITIVE_INFINITY;
  #belowUsd = 0;
  readonly #rows: WorkerRow[] = [];
  readonly #seen = new Set<WorkerRow>();
  /** Rows whose targets on latency were asked since rows were asked for. */
  #asked: WorkerRow[] = [];
  readonly #front = new RowFront(() => '');

  constructor(
    readonly offers: readonly WorkerOffer[],
    readonly workers: Workers,
  ) {
    this.kind = workers.kind;
    this.places = [workers.kind];
    this.staffs = [workers.staff];
    this.serves = offers.reduce((all, { serves }) => all | serves, 0);
    this.floorUsd = Math.min(...offers.map(({ floorUsd }) => floorUsd));
  }

  rows(belowUsd: number): readonly WorkerRow[] {
    if (belowUsd > this.#belowUsd) {
      // Whoever asks again for dearer ones is shown all.
      const most = this.#belowUsd === 0 ? belowUsd : Number.POSITIVE_INFINITY;
      this.#belowUsd = most;
      if (this.workers.columns.count === 1) this.#takeOneByOne(most);
      else this.#takeAll(this.everyRow(most));
    }
    const behind = this.#asked.length === 0 ? [] : this.#front.release(this.#asked);
    this.#asked = [];
    for (const row of inOrder(behind as WorkerRow[])) if (this.#front.has(row, this)) this.#rows.push(row);
    return this.#rows.filter((row) => row.serves !== 0 && this.#front.has(row, this));
  }

  /** One task: what one offer costs bounds what is looked at of the next. */
  #takeOneByOne(belowUsd: number): void {
    let most = belowUsd;
    for (const offer of this.offers) {
      if (offer.floorUsd >= most) break;
      this.#takeAll(offer.rows(most).filter((row) => row.isInTime()));
      for (const row of this.#rows)
        if (row.isExact && row.serves !== 0) most = Math.min(most, row.leastInAll() * certainlyAbove);
    }
  }

  #takeAll(rows: readonly WorkerRow[]): void {
    for (const row of inOrder(rows.filter((one) => !this.#seen.has(one)))) {
      this.#seen.add(row);
      if (this.#front.has(row, this)) this.#rows.push(row);
    }
  }

  served(): number {
    let served = 0;
    for (const offer of this.offers) {
      if ((offer.serves & ~served) !== 0)
        for (const row of offer.usefulRows()) if (row.isInTime()) served |= row.serves;
      if (served === this.serves) break;
    }
    return served;
  }

  everyRow(belowUsd: number): WorkerRow[] {
    return this.offers.flatMap((offer) => offer.rows(belowUsd)).filter((row) => row.isInTime());
  }

  confirm(row: Row): WorkerRow | null {
    const one = row as WorkerRow;
    one.confirm();
    this.#asked.push(one);
    return one.serves === 0 ? null : one;
  }
}

/** What serves more tasks, and what serves them for less, first: it may undercut others. */
const inOrder = (rows: readonly WorkerRow[]): WorkerRow[] =>
  rows
    .map((row) => ({ row, tasks: row.tasks.length, usd: row.leastInAll() }))
    .sort((a, b) => b.tasks - a.tasks || a.usd - b.usd)
    .map(({ row }) => row);

class WorkerRow implements Row {
  readonly kind: Kind;
  readonly places: string;
  isExact: boolean;
  /** USD a month of each task at the least, without its weights; infinite where it is not served. */
  readonly #usd: Float64Array;
  readonly #fixedUsd: number;
  #closeness: 'far' | 'close' | 'priced' = 'far';
  #isTimely: boolean | null = null;
  /** USD a month of each task, once it was asked what its targets on latency leave. */
  #exact: Float64Array | null = null;
  #candidate: Candidate | null = null;

  constructor(
    readonly group: WorkerOffer,
    readonly item: number,
    public serves: number,
  ) {
    const { kind, timed, columns } = group.workers;
    this.kind = kind;
    this.places = kind;
    this.isExact = !this.tasks.some((s) => timed[s]);
    this.#usd = new Float64Array(columns.count);
    group.least(item, serves, this.#usd);
    this.#fixedUsd = group.rates().storageUsdPerGb * diskGbOf(this.#model.weights);
  }

  get model() {
    return this.#model.option;
  }

  get #model() {
    const { context, filter } = this.group.workers;
    const { table, items } = admittedModels(context, filter);
    return table.items[items[this.item] as number] as (typeof table.items)[number];
  }

  /** What a task asks of a worker at saturation. */
  #work(s: number): ServerlessWork {
    const { workers, cards } = this.group;
    const { aloneS, perSecond } = cards;
    const { context } = workers;
    const taskPart = context.workload.taskParts[s] as TaskPart;
    const at = this.item * context.workload.taskParts.length + s;
    return {
      taskPart,
      aloneS: aloneS[at] as number,
      workerSPerRequest: workerSeconds(taskPart, perSecond[at] as number, context.workload),
    };
  }

  /** Leaves out tasks that wait too long for a start; whether any are left. */
  isInTime(): boolean {
    if (this.#isTimely === null) {
      const { workers } = this.group;
      const { timed, waitedFor, columns } = workers;
      const { aloneS } = this.group.cards;
      const { idleS, coldS } = this.#rates();
      for (const s of this.tasks) {
        const upS = (aloneS[this.item * columns.count + s] as number) + idleS;
        if (waitedFor[s] && workers.startsLate(s, { upS, coldS })) this.#leaveOut(s);
      }
      this.isExact = !this.tasks.some((s) => timed[s]);
    }
    this.#isTimely = true;
    return this.serves !== 0;
  }

  /** Tasks that it serves. */
  get tasks(): readonly number[] {
    return this.group.workers.columns.tasksIn(this.serves);
  }

  /** What goes with a task that it does not serve, is left out too. */
  #leaveOut(s: number): void {
    this.serves &= ~(1 << (this.group.workers.columns.bundles.of[s] as number));
  }

  #rates(): WorkerRates {
    return this.group.rates().of(diskGbOf(this.#model.weights));
  }

  /** USD a month for all that it serves, at the least. */
  leastInAll(): number {
    return this.tasks.reduce((sum, s) => sum + (this.#usd[s] as number), this.#fixedUsd);
  }

  undercuts(row: Row): boolean {
    const other = row as WorkerRow;
    if ((other.serves & ~this.serves) !== 0 || this.#fixedUsd > other.#fixedUsd) return false;
    let isLess = this.serves !== other.serves || this.#fixedUsd < other.#fixedUsd;
    const { peopleUsd } = this.group.workers;
    const [priceUsd, theirPriceUsd] = [this.#workerUsd, other.#workerUsd];
    for (const s of other.tasks) {
      const [own, theirs] = [this.#usd[s] as number, other.#usd[s] as number];
      if (own > theirs) return false;
      // More workers ask for more people: for several tasks together for no more than for each.
      const more = this.#computeUsd(s) / priceUsd - other.#computeUsd(s) / theirPriceUsd;
      if (more > 0 && own + peopleUsd(more) > theirs) return false;
      isLess ||= own < theirs * certainlyBelow;
    }
    return isLess;
  }

  /** USD a month of one worker that always runs. */
  get #workerUsd(): number {
    return this.group.offer.usdPerHour * this.#workload.hoursPerMonth;
  }

  /** What the workers of a task cost, as far as that is known. */
  #computeUsd(s: number): number {
    return (this.#usd[s] as number) - (this.group.rates().trafficUsd[s] as number);
  }

  /** Mean number of workers that a task takes, as far as what it costs is known. */
  #workers(s: number): number {
    return this.#computeUsd(s) / this.#workerUsd;
  }

  get #workload() {
    return this.group.workers.context.workload;
  }

  readonly isOwned = false;

  get staff(): Staff {
    return this.group.workers.staff;
  }

  /** From what rates are at the least to bands of rates, and from these to what it costs, as far as targets were asked. */
  lookCloser(): boolean {
    if (this.#closeness === 'priced') return false;
    const { workers } = this.group;
    const { trafficUsd } = this.group.rates();
    const rates = this.#rates();
    const bands = this.#closeness === 'far';
    for (const s of this.tasks)
      this.#usd[s] = bands
        ? workersUsdAtLeast(rates, this.#work(s), workers.context.workload) + (trafficUsd[s] as number)
        : (this.candidate().linear[s] as number);
    this.#closeness = bands ? 'close' : 'priced';
    return true;
  }

  least(into: Float64Array): void {
    into.fill(Number.POSITIVE_INFINITY);
    into[0] = this.#fixedUsd;
    const { tasks } = this.group.workers.columns.bundles;
    const running = new Float64Array(into.length);
    for (const b of bitsOf(this.serves)) {
      let [usd, workers] = [0, 0];
      for (const s of tasks[b] as readonly number[]) {
        usd += (this.#usd[s] as number) * certainlyBelow;
        workers += this.#workers(s) * certainlyBelow;
      }
      for (let set = 0; set < 1 << b; set++) {
        into[set | (1 << b)] = (into[set] as number) + usd;
        running[set | (1 << b)] = (running[set] as number) + workers;
      }
    }
    into[0] = Number.POSITIVE_INFINITY;
    const { peopleUsd } = this.group.workers;
    for (let set = 1; set < into.length; set++) into[set] = (into[set] as number) + peopleUsd(running[set] as number);
  }

  get order(): number {
    return -this.item;
  }

  readonly billedShare = 1;
  readonly upfrontUsd = 0;

  base(): null {
    return null;
  }

  confirm(): void {
    if (this.isExact) return;
    const { group } = this;
    const { workers, unit } = group;
    const { context, filter, engine, timed } = workers;
    const { workload, tables } = context;
    const model = this.#model;
    const rates = group.rates().of(diskGbOf(model.weights));
    const support = schemeSupport(model.weights.scheme.runsOn, unit.accelerator.architecture, tables.architectures);
    const may = new Set(this.tasks);
    const usd = filled(workload.taskParts.length, (s) => {
      if (!may.has(s)) return Number.NaN;
      const taskPart = workload.taskParts[s] as TaskPart;
      const traffic = group.rates().trafficUsd[s] as number;
      if (!timed[s]) return workersUsd(rates, this.#work(s), workload) + traffic;
      const shape = shapeOf(model.option, taskPart, context);
      const drafted = workerOn(
        model.weights,
        unit.accelerator,
        unit.gpus,
        support,
        shape,
        taskPart,
        true,
        engine,
        context,
      ) as Drafted;
      const admits = (warm: TaskService, work: ServerlessWork): boolean =>
        filter.admitsService(model.option, taskPart, () =>
          withColdStarts(warm, sleeperOf(rates, work), taskPart, workload),
        );
      if (!admits(drafted.best(), drafted.least)) return Number.NaN;
      const { warm, work } = drafted.worker();
      return admits(warm, work) ? workersUsd(rates, work, workload) + traffic : Number.NaN;
    });
    for (const s of this.tasks) if (Number.isNaN(usd[s] as number)) this.#leaveOut(s);
    this.#exact = usd;
    this.#candidate = null;
    this.isExact = true;
    this.#closeness = 'close';
    this.lookCloser();
  }

  candidate(): Candidate {
    this.#candidate ??= this.#made();
    return this.#candidate;
  }

  #made(): Candidate {
    const { group } = this;
    const { workers, unit, offer } = group;
    const { workload } = workers.context;
    const model = this.#model;
    const gb = diskGbOf(model.weights);
    const { of: ratesWith, storageUsdPerGb, trafficUsd } = group.rates();
    const rates = ratesWith(gb);
    const may = new Set(this.tasks);
    const linear = filled(workload.taskParts.length, (s) =>
      !may.has(s)
        ? Number.NaN
        : (this.#exact?.[s] ?? workersUsd(rates, this.#work(s), workload) + (trafficUsd[s] as number)),
    );
    return {
      kind: workers.kind,
      provider: offer.provider,
      staff: workers.staff,
      model: model.option.model,
      owns: null,
      linear,
      workers: linear.map((usd, s) => meanWorkers(usd - (trafficUsd[s] as number), rates, workload)),
      fleet: null,
      fixed: storageUsdPerGb * gb,
      option: () => optionOf(workers.kind, model, unit, offer, unit.gpus, 1),
    };
  }
}
