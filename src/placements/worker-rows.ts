import type { Engine } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { egress } from '../cost/egress.js';
import { windowsOf } from '../cost/gathered.js';
import type { Staff } from '../cost/people.js';
import { leastWorkerS, type Sleeper, spellsOf } from '../cost/serverless.js';
import {
  ratesByWeights,
  ratesOf,
  type ServerlessWork,
  serverlessCosts,
  sleeperOf,
  type WorkerRates,
  workersUsd,
  workersUsdAtLeast,
} from '../cost/serverless-costs.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { filled } from '../units/filled.js';
import { certainlyBelow } from '../units/last-digits.js';
import { admittedItems, maskOf, type ReplicaRates } from './admitted-items.js';
import type { Candidate } from './candidate.js';
import { bytesPerCard } from './fits.js';
import { countOptions } from './fleet-count.js';
import { diskGbOf, optionOf, placeOption } from './fleet-option.js';
import { placeKey } from './fleet-rows.js';
import type { Offer, UnitType } from './fleet-units.js';
import { shapeOf } from './own-weights.js';
import type { Case, Filter, SliceService } from './placement.js';
import type { Row, RowGroup } from './row.js';
import { type Drafted, withColdStarts, workerOn, workerSeconds } from './serverless-service.js';
import { rowOf, serverlessUnits } from './serverless-units.js';
import type { WorkloadColumns } from './workload-columns.js';

const secondsPerHour = 3600;

/** What all workers of a case have in common. */
type Workers = {
  kind: Kind;
  staff: Staff;
  engine: Engine;
  of: Case;
  filter: Filter;
  workload: WorkloadColumns;
  timed: readonly boolean[];
  /** Worker-seconds of a month at one request a second of saturation. */
  busyS: Float64Array;
  /** Worker-seconds of a month that a start of so many seconds (null: any) is billed for at the least. */
  leastUpS: readonly ((coldS: number | null) => number)[];
  /** The same of every item and task (item x tasks + task), for starts of an offer: seconds without weights, and for a GB of them. */
  upSOf(coldS: number, coldSPerGb: number): Float64Array;
  /** Whether a task waits too long for a start, whatever the worker does then. */
  startsLate(task: number, sleeper: Sleeper): boolean;
};

/** A worker that is up answers at once. */
const atOnce: SliceService = {
  ttftP95Ms: 0,
  tokensPerSecond: Number.POSITIVE_INFINITY,
  totalP95Ms: 0,
  unitRequestsPerS: null,
  limitedBy: null,
};

/** Times as long that a worker is asked to stay up, so that what is told of it holds of others that stay up a little longer. */
const slightlyLonger = 1.01;

/** Lengths of a start that are told apart, for each doubling. */
const lengthsPerDoubling = 4;

/** Rows of serverless workers, offer by offer. */
export function workerGroups(
  kind: Kind,
  staff: Staff,
  engine: Engine,
  of: Case,
  filter: Filter,
  workload: WorkloadColumns,
): RowGroup[] {
  const { demand } = of;
  const { slices, growth, hoursPerMonth } = demand;
  const sleep = { idleS: demand.assume('keepWarmIdleDefault'), billedShare: demand.assume('coldStartBilledShare') };
  // Where a start is billed whole, a shorter one costs no more: few lengths stand for all.
  const inSteps = sleep.billedShare >= 1;
  const shorter = (coldS: number): number =>
    !inSteps || coldS <= 0 ? coldS : 2 ** (Math.floor(Math.log2(coldS) * lengthsPerDoubling) / lengthsPerDoubling);
  const late = slices.map((): Sleeper => ({ upS: 0, coldS: Number.POSITIVE_INFINITY }));
  const early = slices.map((): Sleeper => ({ upS: Number.POSITIVE_INFINITY, coldS: 0 }));
  const keeps = (task: number, sleeper: Sleeper): boolean => {
    const slice = slices[task] as Slice;
    const { table } = admittedItems(of, filter);
    const [any] = table.items;
    if (any === undefined) return false;
    return filter.admitsService(any.option, slice, () => withColdStarts(atOnce, sleeper, slice, demand));
  };
  /** Starts of few lengths stand for all offers. */
  const upS = new Map<string, Float64Array>();
  const workers: Workers = {
    kind,
    staff,
    engine,
    of,
    filter,
    workload,
    timed: slices.map((slice) => filter.timed(slice)),
    busyS: filled(
      slices.length,
      (s) => workerSeconds(slices[s] as Slice, 1, demand) * (workload.requestsPerMonth[s] as number),
    ),
    leastUpS: slices.map((slice) => {
      const windows = windowsOf(slice);
      const spells = spellsOf(windows?.means ?? slice.hours, growth);
      const least = leastWorkerS(sleep, windows?.seconds ?? null, spells, slice.requestsPerDay, hoursPerMonth);
      return (coldS) => least(coldS === null ? null : shorter(coldS));
    }),
    upSOf(coldS, coldSPerGb) {
      const key = `${coldS} ${coldSPerGb}`;
      let known = upS.get(key);
      if (known === undefined) {
        const { table } = admittedItems(of, filter);
        const made = new Float64Array(table.items.length * slices.length);
        for (let item = 0; item < table.items.length; item++)
          for (let s = 0; s < slices.length; s++)
            made[item * slices.length + s] = (workers.leastUpS[s] as (coldS: number) => number)(
              coldS + (table.diskGb[item] as number) * coldSPerGb,
            );
        known = made;
        upS.set(key, known);
      }
      return known;
    },
    startsLate(task, sleeper) {
      const known = late[task] as Sleeper;
      if (sleeper.upS <= known.upS && sleeper.coldS >= known.coldS) return true;
      const kept = early[task] as Sleeper;
      if (sleeper.upS >= kept.upS && sleeper.coldS <= kept.coldS) return false;
      const better = {
        upS: slightlyLonger * Math.max(sleeper.upS, known.upS),
        coldS: Math.min(sleeper.coldS, known.coldS),
      };
      if (keeps(task, better)) {
        if (!keeps(task, sleeper)) return true;
        early[task] = sleeper;
        return false;
      }
      late[task] = better;
      return true;
    },
  };
  const gates = new Map<string, { serves: number; gate: string | null }>();
  return serverlessUnits(of).flatMap((unit) =>
    unit.offers.flatMap((offer): WorkerGroup[] => {
      const key = placeKey(offer);
      let terms = gates.get(key);
      if (terms === undefined) {
        const { serves, gate } = filter.admit(placeOption(kind, offer, false), 'provider');
        terms = { serves: maskOf(serves), gate };
        gates.set(key, terms);
      }
      return terms.gate === null ? [new WorkerGroup(unit, offer, terms.serves, workers)] : [];
    }),
  );
}

/** Counts serverless options by the rule that turns them down. */
export function countWorkers(kind: Kind, engine: Engine, of: Case, filter: Filter): void {
  filter.shared(`${kind} count`, () => {
    const { table, gates, memory, runs: runsBy } = admittedItems(of, filter);
    const models = table.items.map(({ scheme }, item) => ({ scheme, gate: gates[item] ?? null }));
    const known = new Map<string, string | null>();
    const machines = serverlessUnits(of).map(({ accelerator, gpus, offers }) => {
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
    countOptions(models, memory().inGroup, machines, filter);
  });
}

class WorkerGroup implements RowGroup {
  readonly kind: Kind;
  readonly staff: Staff;
  readonly places: readonly string[];
  readonly serves: number;
  readonly fewestUnits = 0;
  readonly floorUsd: number;
  readonly floorBelowApiUsd = Number.POSITIVE_INFINITY;
  readonly #rows: (WorkerRow | undefined)[] = [];
  #cards: ReplicaRates | null = null;
  #rates: { of: (weightsGb: number) => WorkerRates; storageUsdPerGb: number; trafficUsd: Float64Array } | null = null;

  constructor(
    readonly unit: UnitType,
    readonly offer: Offer,
    readonly placeServes: number,
    readonly workers: Workers,
  ) {
    this.kind = workers.kind;
    this.places = [workers.kind];
    this.staff = workers.staff;
    this.serves = placeServes & admittedItems(workers.of, workers.filter).served;
    const leastUpS = Math.min(...workers.leastUpS.map((least) => least(null)));
    this.floorUsd = (offer.usdPerHour / secondsPerHour) * leastUpS * certainlyBelow;
  }

  /** What a worker serves of every item and task. */
  get cards(): ReplicaRates {
    const { workers, unit } = this;
    this.#cards ??= admittedItems(workers.of, workers.filter).usefulOnCards(
      unit.accelerator,
      unit.gpus,
      workers.engine,
    );
    return this.#cards;
  }

  /** Of what costs the same the last model is taken. */
  rows(belowUsd: number): readonly WorkerRow[] {
    const { workers, serves, offer, unit } = this;
    const { perSecond } = this.cards;
    const admitted = admittedItems(workers.of, workers.filter);
    const { table, items } = admitted;
    const { count } = workers.workload;
    const { of: ratesWith, storageUsdPerGb, trafficUsd } = this.rates();
    const usdPerS = offer.usdPerHour / secondsPerHour;
    const coldS = ratesWith(0).coldS;
    const upS = workers.upSOf(coldS, ratesWith(1).coldS - coldS);
    /** Tasks that an item serves for less, as a set. */
    const cheap = new Int32Array(items.length);
    const look = (i: number): void => {
      const item = items[i] as number;
      if (table.batched[table.scheme[item] as number] === 0) return;
      let served = (admitted.serves[i] as number) & serves;
      let least = Number.POSITIVE_INFINITY;
      for (let s = 0; s < count; s++) {
        if (((served >> s) & 1) === 0) continue;
        const rate = perSecond[i * count + s] as number;
        if (rate === 0) served &= ~(1 << s);
        else {
          const seconds = Math.max((workers.busyS[s] as number) / rate, upS[item * count + s] as number);
          least = Math.min(least, usdPerS * seconds + (trafficUsd[s] as number));
        }
      }
      const usd = (least + storageUsdPerGb * (table.diskGb[item] as number)) * certainlyBelow;
      if (usd < belowUsd) cheap[i] = served;
    };
    const { places, others: beaten, standIn } = admitted.useful(workers.engine);
    for (const i of places) look(i);
    // No cheaper than the one that stands for it can be, yet a little cheaper than that may be.
    const others = beaten.filter((i) => cheap[standIn[i] as number] !== 0);
    admitted.rate(others, unit.accelerator, unit.gpus, workers.engine);
    for (const i of others) look(i);
    const rows: WorkerRow[] = [];
    for (let i = items.length - 1; i >= 0; i--) {
      if (cheap[i] === 0) continue;
      const row = this.#rows[i] ?? new WorkerRow(this, i, cheap[i] as number);
      this.#rows[i] = row;
      if (row.serves !== 0) rows.push(row);
    }
    return rows;
  }

  everyRow(belowUsd: number): readonly WorkerRow[] {
    return this.rows(belowUsd);
  }

  confirm(row: Row): WorkerRow | null {
    (row as WorkerRow).confirm();
    return row.serves === 0 ? null : (row as WorkerRow);
  }

  rates() {
    if (this.#rates === null) {
      const { unit, offer, workers } = this;
      const { demand, tables } = workers.of;
      const row = rowOf(offer, workers.of);
      const costsWith = (weightsGb: number) => serverlessCosts({ row, gpus: unit.gpus, weightsGb }, demand, tables);
      const [none, one] = [costsWith(0), costsWith(1)];
      this.#rates = {
        of: ratesByWeights(ratesOf(none), ratesOf(one)),
        storageUsdPerGb: one.storage.value,
        trafficUsd: filled(demand.slices.length, (s) => {
          const perRequest = egress(offer.provider, demand.slices[s] as Slice, demand, tables).amount.value;
          return perRequest * (workers.workload.requestsPerMonth[s] as number);
        }),
      };
    }
    return this.#rates;
  }
}

class WorkerRow implements Row {
  readonly kind: Kind;
  readonly places: string;
  isExact: boolean;
  /** USD a month of each task, once it was asked what its targets on latency leave. */
  #exact: Float64Array | null = null;
  #candidate: Candidate | null = null;
  #asked = 0;
  #closer: Float64Array | null = null;

  constructor(
    readonly group: WorkerGroup,
    readonly item: number,
    public serves: number,
  ) {
    this.kind = group.kind;
    this.places = group.kind;
    const { timed } = group.workers;
    this.isExact = !timed.some((is, s) => is && ((serves >> s) & 1) === 1);
  }

  get model() {
    return this.#model.option;
  }

  get #model() {
    const { of, filter } = this.group.workers;
    const { table, items } = admittedItems(of, filter);
    return table.items[items[this.item] as number] as (typeof table.items)[number];
  }

  /** What a task asks of a worker at saturation. */
  #work(s: number): ServerlessWork {
    const { workers, cards } = this.group;
    const { aloneS, perSecond } = cards;
    const { of } = workers;
    const slice = of.demand.slices[s] as Slice;
    const at = this.item * of.demand.slices.length + s;
    return {
      slice,
      aloneS: aloneS[at] as number,
      workerSPerRequest: workerSeconds(slice, perSecond[at] as number, of.demand),
    };
  }

  least(into: Float64Array): void {
    const { group, item } = this;
    const { workers, offer } = group;
    const { perSecond, aloneS } = group.cards;
    const { workload, busyS, leastUpS, timed } = workers;
    const { count } = workload;
    const { of: ratesWith, storageUsdPerGb, trafficUsd } = group.rates();
    const gb = diskGbOf(this.#model.weights);
    const rates = ratesWith(gb);
    const usdPerS = offer.usdPerHour / secondsPerHour;
    into.fill(Number.POSITIVE_INFINITY);
    // What is asked of a row again may be worth a closer look.
    const closer = this.#asked > 0 && count > 1 ? this.#atLeast(rates) : null;
    into[0] = storageUsdPerGb * gb;
    for (let s = 0; s < count; s++) {
      if (((this.serves >> s) & 1) === 0) continue;
      const at = item * count + s;
      if (!this.isExact && timed[s] && this.#asked === 0) {
        if (workers.startsLate(s, { upS: (aloneS[at] as number) + rates.idleS, coldS: rates.coldS })) {
          this.serves &= ~(1 << s);
          continue;
        }
      }
      const known = this.#exact?.[s];
      const least = leastUpS[s] as (coldS: number) => number;
      const usd =
        known ??
        closer?.[s] ??
        (usdPerS * Math.max((busyS[s] as number) / (perSecond[at] as number), least(rates.coldS)) +
          (trafficUsd[s] as number)) *
          certainlyBelow;
      for (let set = 0; set < 1 << s; set++) into[set | (1 << s)] = (into[set] as number) + usd;
    }
    into[0] = Number.POSITIVE_INFINITY;
    this.#asked++;
  }

  /** USD a month of every task, from bands of rates. */
  #atLeast(rates: WorkerRates): Float64Array {
    const { workers } = this.group;
    const { demand } = workers.of;
    const { trafficUsd } = this.group.rates();
    this.#closer ??= filled(demand.slices.length, (s) =>
      ((this.serves >> s) & 1) === 0
        ? Number.POSITIVE_INFINITY
        : (workersUsdAtLeast(rates, this.#work(s), demand) + (trafficUsd[s] as number)) * certainlyBelow,
    );
    return this.#closer;
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
    const { group } = this;
    const { workers, unit } = group;
    const { of, filter, engine, timed } = workers;
    const { demand, tables } = of;
    const model = this.#model;
    const rates = group.rates().of(diskGbOf(model.weights));
    const support = schemeSupport(model.weights.scheme.runsOn, unit.accelerator.architecture, tables.architectures);
    const usd = filled(demand.slices.length, (s) => {
      if (((this.serves >> s) & 1) === 0) return Number.NaN;
      const slice = demand.slices[s] as Slice;
      const traffic = group.rates().trafficUsd[s] as number;
      if (!timed[s]) return workersUsd(rates, this.#work(s), demand) + traffic;
      const shape = shapeOf(model.option, slice, of);
      const drafted = workerOn(
        model.weights,
        unit.accelerator,
        unit.gpus,
        support,
        shape,
        slice,
        true,
        engine,
        of,
      ) as Drafted;
      const admits = (warm: SliceService, work: ServerlessWork): boolean =>
        filter.admitsService(model.option, slice, () => withColdStarts(warm, sleeperOf(rates, work), slice, demand));
      if (!admits(drafted.best(), drafted.least)) return Number.NaN;
      const { warm, work } = drafted.worker();
      return admits(warm, work) ? workersUsd(rates, work, demand) + traffic : Number.NaN;
    });
    for (let s = 0; s < usd.length; s++) if (Number.isNaN(usd[s] as number)) this.serves &= ~(1 << s);
    this.#exact = usd;
    this.#candidate = null;
    this.isExact = true;
  }

  candidate(): Candidate {
    this.#candidate ??= this.#made();
    return this.#candidate;
  }

  #made(): Candidate {
    const { group } = this;
    const { workers, unit, offer } = group;
    const { demand } = workers.of;
    const model = this.#model;
    const gb = diskGbOf(model.weights);
    const { of: ratesWith, storageUsdPerGb, trafficUsd } = group.rates();
    const rates = ratesWith(gb);
    return {
      kind: group.kind,
      provider: offer.provider,
      staff: group.staff,
      owns: null,
      linear: filled(demand.slices.length, (s) =>
        ((this.serves >> s) & 1) === 0
          ? Number.NaN
          : (this.#exact?.[s] ?? workersUsd(rates, this.#work(s), demand) + (trafficUsd[s] as number)),
      ),
      fleet: null,
      fixed: storageUsdPerGb * gb,
      option: () => optionOf(group.kind, model, unit, offer, unit.gpus, 1),
    };
  }
}
