import { feedForwardWidth, sequenceBytes } from '../capacity/memory.js';
import { modelWork } from '../capacity/model-work.js';
import { type Engine, engineOf, errorOn, measuredDecode } from '../capacity/replica.js';
import {
  type MachineColumns,
  type ModelColumns,
  type RequestColumns,
  requestColumns,
  requestsPerSecond,
  type SpeedLimit,
} from '../capacity/request-rate.js';
import { imageTokens } from '../cost/images.js';
import type { AcceleratorRow, QuantizationRow } from '../tables/rows.js';
import { msPerSecond } from '../units/clock.js';
import { filled } from '../units/float.js';
import { madeOnce, memoized } from '../units/memo.js';
import { longestPrompt, mustSee, type TaskPart, type Workload } from '../workload/workload.js';
import { diskGbOf } from './fleet-option.js';
import { networkMs, slowestFor, ttftP95AloneMs } from './fleet-service.js';
import { type Memory, machineTable, memoryOf } from './machine-table.js';
import { type OwnModel, ownModels } from './own-weights.js';
import type { Context, Filter } from './placement.js';
import type { Bundles, TaskColumns } from './task-columns.js';
import { reasoningTokens } from './tokens-written.js';

/** Every open model in every mode and scheme, column by column. */
export type ItemTable = ModelColumns & {
  items: readonly OwnModel[];
  schemes: readonly QuantizationRow[];
  /** By scheme: 1 where it serves many users at once. */
  batched: Uint8Array;
  /** GB on disk. */
  diskGb: Float64Array;
};

/** Made of the tables, and of what assumptions say of caches and embeddings. */
export function itemTable(context: Pick<Context, 'tables'>, engine: Engine): ItemTable {
  const { families, schemes } = ownModels(context);
  const items = families.flatMap((family) => family.schemes);
  const column = (): Float64Array => new Float64Array(items.length);
  const table: ItemTable = {
    items,
    schemes,
    batched: Uint8Array.from(schemes, ({ batchedServing }) => (batchedServing ? 1 : 0)),
    scheme: Uint8Array.from(items, ({ scheme }) => scheme),
    weightBytes: column().fill(Number.POSITIVE_INFINITY),
    feedForward: Float64Array.from(items, ({ weights }) => feedForwardWidth(weights.model)),
    vocabulary: Float64Array.from(items, ({ weights }) => weights.model.vocabSize ?? 0),
    diskGb: Float64Array.from(items, ({ weights }) => diskGbOf(weights)),
    heads: Int32Array.from(items, ({ weights }) => weights.model.attentionHeads ?? 0),
    kvHeads: Int32Array.from(items, ({ weights }) => weights.model.kvHeads ?? 1),
    latent: Uint8Array.from(items, ({ weights }) => (weights.model.attentionType === 'mla' ? 1 : 0)),
    sequenceBytes: column(),
    tokenBytes: column(),
    windowTokenBytes: column(),
    windowTokens: column(),
    denseBytes: column(),
    expertBytes: column(),
    logUntouched: column(),
    decodeParams: column(),
    prefillParams: column(),
    layers: column(),
    hiddenSize: column(),
    fullAttention: column(),
    windowAttention: column(),
    attentionWindow: column(),
  };
  for (const [item, { weights }] of items.entries()) {
    const { model, bits, bytes } = weights;
    const cache = sequenceBytes(model, engine.kvCacheBits);
    const work = modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
    // Without layers in the tables it fits nowhere.
    if (cache === null || work === null) continue;
    table.weightBytes[item] = bytes;
    table.sequenceBytes[item] = cache.own;
    table.tokenBytes[item] = cache.perToken;
    table.windowTokenBytes[item] = cache.perWindowToken;
    table.windowTokens[item] = cache.windowTokens;
    table.denseBytes[item] = work.denseBytes;
    table.expertBytes[item] = work.expertBytes;
    table.logUntouched[item] = work.logUntouched;
    table.decodeParams[item] = work.decodeParams;
    table.prefillParams[item] = work.prefillParams;
    table.layers[item] = work.layers;
    table.hiddenSize[item] = work.hiddenSize;
    table.fullAttention[item] = work.fullAttention;
    table.windowAttention[item] = work.windowAttention;
    table.attentionWindow[item] = work.windowTokens;
  }
  return table;
}

/** Places of useful items and of the others; and of each of these one that stands for it (-1: it is useful itself). */
export type UsefulItems = { places: Int32Array; others: Int32Array; standIn: Int32Array };

/** Cards of a replica that models are cut into. */
const cuts = [1, 2, 4, 8, 16];

/**
 * Of every item those that may stand for it, the lightest first: they ask no more of a machine in any term of their rate that no task
 * has a part in.
 */
type StandIns = (item: number) => Int32Array;

/** @param measured what published measurements make of decode, by item and accelerator */
function standInsOf(table: ItemTable, machines: MachineColumns, measured: MeasuredFactors): StandIns {
  const { scheme, batched, expertBytes, logUntouched, weightBytes } = table;
  const isNoSlower = schemesNoSlower(machines);
  const columns = [
    table.decodeParams,
    table.prefillParams,
    table.denseBytes,
    expertBytes,
    table.layers,
    table.hiddenSize,
    table.feedForward,
    table.vocabulary,
  ];
  const byWeight = Int32Array.from(table.items.keys()).sort(
    (a, b) => (weightBytes[a] as number) - (weightBytes[b] as number) || a - b,
  );
  const place = new Int32Array(byWeight.length);
  for (const [at, item] of byWeight.entries()) place[item] = at;
  return memoized((j: number) => byWeight.subarray(0, place[j]).filter((i) => standsFor(i, j)));

  function standsFor(i: number, j: number): boolean {
    for (const column of columns) if ((column[i] as number) > (column[j] as number)) return false;
    const [its, other] = [scheme[i] as number, scheme[j] as number];
    if (isNoSlower[its * machines.schemes + other] === 0 || batched[its] !== batched[other]) return false;
    if ((expertBytes[i] as number) > 0 && logUntouched[i] !== logUntouched[j]) return false;
    return noSlowerMeasured(measured[i] ?? null, measured[j] ?? null);
  }
}

/**
 * Of some items (as places in `items`) those that no other one is at least as fast as on every machine, with no more disk: nothing else
 * can be the cheapest model of a machine. An item stands for another one if it serves all tasks that the other serves, and asks no more
 * of a machine in any term of its rate for the same tokens.
 *
 * @param serves tasks of every item, as a set
 */
export function usefulItems(
  table: ItemTable,
  items: Int32Array,
  serves: Int32Array,
  requests: readonly RequestColumns[],
  bundles: Bundles,
  standIns: StandIns,
): UsefulItems {
  const allowed = Int32Array.from(items, (item) => cutsOf(table.heads[item] as number));
  const order = Int32Array.from(items.keys()).sort(
    (a, b) => weightOf(table, items, a) - weightOf(table, items, b) || a - b,
  );
  /** Places of the items that are kept, by item. */
  const kept = new Int32Array(table.items.length).fill(-1);
  const standIn = new Int32Array(items.length).fill(-1);
  for (const other of order) {
    const item = items[other] as number;
    const one = standIns(item).find((first) => kept[first] !== -1 && standsFor(kept[first] as number, other));
    if (one === undefined) kept[item] = other;
    else standIn[other] = kept[one] as number;
  }
  const all = Int32Array.from(items.keys());
  return {
    places: all.filter((place) => standIn[place] === -1),
    others: all.filter((place) => standIn[place] !== -1),
    standIn,
  };

  function standsFor(one: number, other: number): boolean {
    const [i, j] = [items[one] as number, items[other] as number];
    if (((serves[other] as number) & ~(serves[one] as number)) !== 0) return false;
    const shared = allowed[other] as number;
    if ((shared & ~(allowed[one] as number)) !== 0) return false;
    for (const [task, columns] of requests.entries()) {
      if ((((serves[other] as number) >> (bundles.of[task] as number)) & 1) === 0) continue;
      // More tokens are more work, and yet more time between prompts: only the same number compares.
      if (columns.outputTokens[one] !== columns.outputTokens[other]) return false;
      if (columns.freshTokens[one] !== columns.freshTokens[other]) return false;
      if ((columns.attentionFlop[one] as number) > (columns.attentionFlop[other] as number)) return false;
      for (const [cut, cards] of cuts.entries()) {
        if (((shared >> cut) & 1) === 0) continue;
        const copies = copiesOn(table, i, cards) / copiesOn(table, j, cards);
        if (
          (columns.longestBytes[one] as number) * copies > (columns.longestBytes[other] as number) ||
          (columns.inFlightBytes[one] as number) * copies > (columns.inFlightBytes[other] as number) ||
          (columns.decodingBytes[one] as number) * splitOn(table, j, cards) >
            (columns.decodingBytes[other] as number) * splitOn(table, i, cards)
        )
          return false;
      }
    }
    return true;
  }
}

/** By item: factors on the time of decode by accelerator; null: nothing was measured of its model with the engine. */
export type MeasuredFactors = readonly (Float64Array | null)[];

function noSlowerMeasured(one: Float64Array | null, other: Float64Array | null): boolean {
  if (one === other) return true;
  const count = (one ?? (other as Float64Array)).length;
  for (let at = 0; at < count; at++) if ((one?.[at] ?? 1) > (other?.[at] ?? 1)) return false;
  return true;
}

const weightOf = (table: ItemTable, items: Int32Array, place: number): number =>
  table.weightBytes[items[place] as number] as number;

/** Numbers of cards that divide the heads of a model, one bit for each. */
const cutsOf = (heads: number): number =>
  cuts.reduce((bits, cards, bit) => (cards === 1 || (heads > 0 && heads % cards === 0) ? bits | (1 << bit) : bits), 0);

/** How often a sequence's cache stands on so many cards, and into how many parts it is cut. */
const copiesOn = (table: ItemTable, item: number, cards: number): number =>
  table.latent[item] === 1 ? cards : Math.max(1, cards / (table.kvHeads[item] as number));
const splitOn = (table: ItemTable, item: number, cards: number): number =>
  table.latent[item] === 1 ? 1 : Math.max(1, Math.min(cards, table.kvHeads[item] as number));

/** By two schemes: 1 where the first runs no slower than the second wherever that runs. */
function schemesNoSlower(machines: MachineColumns): Uint8Array {
  const { schemes, runs, prefillFlops, decodeFlops, attentionFlops, weightBytesPerS, cacheBytesPerS, expertCompute } =
    machines;
  const noSlower = new Uint8Array(schemes * schemes);
  const columns = [prefillFlops, decodeFlops, attentionFlops, weightBytesPerS, cacheBytesPerS, expertCompute];
  for (let one = 0; one < schemes; one++) {
    for (let other = 0; other < schemes; other++) {
      let holds = 1;
      for (let at = 0; at < runs.length && holds === 1; at += schemes) {
        if (runs[at + other] === 0) continue;
        if (
          runs[at + one] === 0 ||
          columns.some((rates) => (rates[at + one] as number) < (rates[at + other] as number))
        )
          holds = 0;
      }
      noSlower[one * schemes + other] = holds;
    }
  }
  return noSlower;
}

/** Open models that rules let serve some task: nothing of it depends on the volume. */
export type AdmittedModels = {
  table: ItemTable;
  /** Items by their place in the table, and the tasks that each may serve. */
  items: Int32Array;
  tasks: readonly (readonly boolean[])[];
  /** The rule that turns an item of the table down for all tasks; null: none. */
  gates: readonly (string | null)[];
  memory(engine: Engine): Memory;
  /** Whether a scheme (by its place) runs on an accelerator. */
  runs(accelerator: AcceleratorRow, engine: Engine): (scheme: number) => boolean;
};

/** How fast groups of cards serve them. */
export type AdmittedItems = AdmittedModels & {
  /** Sets of tasks that items may serve. */
  serves: Int32Array;
  /** Tasks that some item may serve. */
  served: number;
  /** By task. */
  requests: readonly RequestColumns[];
  /**
   * Requests a second at saturation of one replica on so many cards: item x tasks + task; 0: it does not serve it. Seconds of a
   * request that is alone there, and of its prompt, likewise.
   */
  onCards(accelerator: AcceleratorRow, cards: number, engine: Engine): ReplicaRates;
  /**
   * Places of the items that alone can be the fastest of a machine, and the rates of these alone; those of others are added by
   * `rate`.
   */
  useful(engine: Engine): UsefulItems;
  rate(places: Int32Array, accelerator: AcceleratorRow, cards: number, engine: Engine): void;
  usefulOnCards(accelerator: AcceleratorRow, cards: number, engine: Engine): ReplicaRates;
};

export type ReplicaRates = { perSecond: Float64Array; aloneS: Float64Array; promptS: Float64Array };

/** The columns of tables under the assumptions of a case. */
const tableOf = (context: Context): ItemTable => {
  const { tables, workload } = context;
  const engine = engineOf(workload, tables);
  const { kvCacheBits, embeddingBits, tiedUpToB } = engine;
  const { models, quantization, capability, columnCache } = tables;
  return columnCache.of(['items', models, quantization, capability, kvCacheBits, embeddingBits, tiedUpToB], () =>
    itemTable(context, engine),
  );
};

const measuredOf = ({ tables }: Context, { items }: ItemTable, engine: Engine): MeasuredFactors => {
  const { columnCache, acceleratorOf, residuals } = tables;
  const { publishedBatchSpread, publishedFormulaWeight, publishedLargestError, row } = engine;
  const settings = [publishedBatchSpread, publishedFormulaWeight, publishedLargestError, row, engine.maxSequences];
  return columnCache.of(['measured', acceleratorOf, residuals, items, ...settings], () => {
    const families = new Map<string, Float64Array | null>();
    return items.map(({ weights: { model } }) =>
      once(families, model.family, () => {
        const factors = Float64Array.from(acceleratorOf.values(), (card) => measuredDecode(engine, model, card));
        return factors.some((factor) => factor !== 1) ? factors : null;
      }),
    );
  });
};

const machinesOf = ({ tables }: Context, { schemes }: ItemTable, engine: Engine): MachineColumns => {
  const { columnCache, architectures, acceleratorOf } = tables;
  const { capacityError: _, ...settings } = engine;
  return columnCache.of(['machines', acceleratorOf, architectures, schemes, ...Object.values(settings)], () =>
    machineTable(tables, schemes, engine),
  );
};

const standInsFor = (context: Context, table: ItemTable, engine: Engine): StandIns => {
  const machines = machinesOf(context, table, engine);
  const measured = measuredOf(context, table, engine);
  return context.tables.columnCache.of(['stand-ins', table, machines, measured], () =>
    standInsOf(table, machines, measured),
  );
};

export const admittedModels = (context: Context, filter: Filter): AdmittedModels =>
  filter.shared('own models', () => madeModels(context, filter));

export const admittedItems = (context: Context, filter: Filter, { bundles }: TaskColumns): AdmittedItems =>
  filter.shared(`own models by ${bundles.key}`, () => madeItems(context, filter, bundles));

function madeModels(context: Context, filter: Filter): AdmittedModels {
  const { workload, tables } = context;
  const { taskParts } = workload;
  const table = tableOf(context);
  const gates: (string | null)[] = [];
  const items: number[] = [];
  const tasks: (readonly boolean[])[] = [];
  for (const family of ownModels(context).families) {
    // A scheme can only cost capability: who is turned down as released, is turned down in every scheme.
    const released = filter.admit(family.option, 'model');
    for (const { option } of family.schemes) {
      const { serves, gate } = released.gate === null ? filter.admit(option, 'model') : released;
      if (gate === null) {
        items.push(gates.length);
        tasks.push(serves);
      }
      gates.push(gate);
    }
  }
  const rowOf = new Map([...tables.acceleratorOf.keys()].map((name, at) => [name, at]));
  const memories = new Map<string, Memory>();
  const longest = madeOnce(() =>
    filled(table.items.length, (item) => {
      let least = Number.POSITIVE_INFINITY;
      for (const taskPart of taskParts)
        least = Math.min(least, longestPrompt(taskPart.tokens) + writtenBy(table, item, taskPart, workload));
      return least;
    }),
  );
  return {
    table,
    items: Int32Array.from(items),
    tasks,
    gates,
    memory: (engine) => once(memories, engine.row.engine, () => memoryOf(table, longest(), engine)),
    runs(accelerator, engine) {
      const { runs } = machinesOf(context, table, engine);
      const first = (rowOf.get(accelerator.accelerator) as number) * table.schemes.length;
      return (scheme) => runs[first + scheme] === 1;
    },
  };
}

/** Tokens that a model writes for a request. */
const writtenBy = (table: ItemTable, item: number, taskPart: TaskPart, workload: Workload): number =>
  taskPart.tokens.output +
  reasoningTokens((table.items[item] as ItemTable['items'][number]).option, taskPart, workload);

function madeItems(context: Context, filter: Filter, bundles: Bundles): AdmittedItems {
  const { workload, tables } = context;
  const { taskParts } = workload;
  const models = admittedModels(context, filter);
  const { table, items: chosen } = models;
  const serves = Int32Array.from(models.tasks, (tasks) => bundles.whole(tasks));
  const hitRate = (taskPart: (typeof taskParts)[number]) =>
    taskPart.tokens.cacheHitRate ?? workload.assume('ownPrefixCacheHit');
  const requests = taskParts.map((taskPart) =>
    requestColumns(
      table,
      chosen,
      {
        inputTokens: taskPart.tokens.input,
        cachedTokens: taskPart.tokens.prefix * hitRate(taskPart),
        longestInputTokens: longestPrompt(taskPart.tokens),
        longInputTokens: (mean) => mean,
        ...(taskPart.tokens.images !== null && {
          imageTokens: (item) => imageTokens((table.items[item] as OwnModel).weights.model.family, taskPart, tables),
        }),
        writtenTokens: (item) => writtenBy(table, item, taskPart, workload),
      },
      workload.assume('pagedKvOverhead'),
    ),
  );
  const column = (): Float64Array => new Float64Array(chosen.length);
  const seconds = { alone: column(), prompt: column(), long: column(), token: column(), room: column() };
  const limits: SpeedLimit[] = taskParts.map((taskPart) => slowestFor(taskPart, context));
  const known = new Map<string, ReplicaRates>();
  const usefulKnown = new Map<string, ReplicaRates>();
  /** Items beside the useful ones whose rates are known. */
  const rated = new Map<string, Uint8Array>();
  const all = Int32Array.from(chosen.keys());
  const usefulBy = new Map<string, UsefulItems>();
  const useful = (engine: Engine): UsefulItems =>
    // Errors of predictions may turn what is faster.
    engine.capacityError !== undefined
      ? { places: all, others: new Int32Array(0), standIn: new Int32Array(all.length).fill(-1) }
      : once(usefulBy, engine.row.engine, () =>
          usefulItems(table, chosen, serves, requests, bundles, standInsFor(context, table, engine)),
        );
  const rowOf = new Map([...tables.acceleratorOf.keys()].map((name, at) => [name, at]));
  return {
    ...models,
    serves,
    served: serves.reduce((all, mask) => all | mask, 0),
    requests,
    onCards: (accelerator, cards, engine) =>
      once(known, keyOf(accelerator, cards, engine), () => ratesOn(all, accelerator, cards, engine)),
    useful,
    rate(places, accelerator, cards, engine) {
      const key = keyOf(accelerator, cards, engine);
      const rates = usefulKnown.get(key);
      if (known.has(key) || rates === undefined) return;
      const done = once(rated, key, () => new Uint8Array(chosen.length));
      const open = places.filter((place) => done[place] === 0);
      for (const place of open) done[place] = 1;
      if (open.length > 0) ratesOn(open, accelerator, cards, engine, rates);
    },
    usefulOnCards: (accelerator, cards, engine) =>
      // What is known of all items is known of these.
      known.get(keyOf(accelerator, cards, engine)) ??
      once(usefulKnown, keyOf(accelerator, cards, engine), () =>
        ratesOn(useful(engine).places, accelerator, cards, engine),
      ),
  };

  /** Seconds that the prompt of a task may take, where rules ask for a latency. */
  function longestPromptS(taskPart: TaskPart): number {
    const limits = (['ttftP95Ms', 'totalP95Ms'] as const).flatMap((figure) => {
      const most = filter.timed(taskPart, figure) ? mustSee(taskPart.needs, figure) : null;
      return most === null ? [] : [(most - networkMs(workload.assume)) / msPerSecond];
    });
    return Math.min(...limits, Number.POSITIVE_INFINITY);
  }

  function noRates(): ReplicaRates {
    const column = (): Float64Array => new Float64Array(chosen.length * taskParts.length);
    return { perSecond: column(), aloneS: column(), promptS: column() };
  }

  function ratesOn(
    places: Int32Array,
    accelerator: AcceleratorRow,
    cards: number,
    engine: Engine,
    into = noRates(),
  ): ReplicaRates {
    const machines = machinesOf(context, table, engine);
    const measured = measuredOf(context, table, engine);
    const at = rowOf.get(accelerator.accelerator) as number;
    const count = taskParts.length;
    const { perSecond, aloneS, promptS } = into;
    for (let s = 0; s < count; s++) {
      const taskPart = taskParts[s] as TaskPart;
      const mostPromptS = longestPromptS(taskPart);
      const latestMs = filter.latestTtftMs(taskPart);
      const written = (requests[s] as RequestColumns).outputTokens;
      const isLate = (i: number): boolean =>
        latestMs !== null &&
        ttftP95AloneMs(
          seconds.prompt[i] as number,
          seconds.alone[i] as number,
          written[i] as number,
          taskPart,
          workload,
        ) > latestMs;
      for (const i of places) {
        if ((((serves[i] as number) >> (bundles.of[s] as number)) & 1) === 0) continue;
        const { weights } = table.items[chosen[i] as number] as ItemTable['items'][number];
        const slowdown = engine.capacityError === undefined ? 1 : 1 / errorOn(engine, weights.model, accelerator);
        const rate = requestsPerSecond(
          table,
          machines,
          requests[s] as RequestColumns,
          i,
          at,
          cards,
          limits[s] as SpeedLimit,
          slowdown,
          measured[chosen[i] as number]?.[at] ?? 1,
          seconds,
        );
        // Who waits for a prompt alone longer than for the first token at the most, is served too late at any load.
        if (rate === 0 || (seconds.prompt[i] as number) > mostPromptS || isLate(i)) continue;
        perSecond[i * count + s] = rate;
        aloneS[i * count + s] = seconds.alone[i] as number;
        promptS[i * count + s] = seconds.prompt[i] as number;
      }
    }
    return into;
  }
}

const keyOf = (accelerator: AcceleratorRow, cards: number, engine: Engine): string =>
  `${engine.row.engine} ${accelerator.accelerator} ${cards}`;

/** What a map has for a key, made where it has nothing. */
function once<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
