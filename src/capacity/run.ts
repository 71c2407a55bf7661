import type { AcceleratorRow, EngineRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { suggestion } from '../units/problem.js';
import {
  type Efficiency,
  type Format,
  type Layout,
  layoutOf,
  type NeighborSettings,
  type Neighbors,
  neighborsOf,
  type Residual,
  stepTimes,
} from './machine.js';
import type { Measurement } from './measurement.js';
import {
  activationsOf,
  bytesAt,
  type MemoryReserve,
  type SequenceBytes,
  sequenceBytes,
  usableBytes,
  weightBytes,
} from './memory.js';
import type { Doubt } from './model-work.js';
import { modelWork, type Speculation, speculating } from './model-work.js';
import { schemeNamed, schemeSupport } from './scheme.js';
import {
  attentionOf,
  type Correction,
  corrected,
  prefillS,
  type RequestTokens,
  type StepTimes,
  staticTpotS,
  steadyRate,
  steadyTpotS,
  uncorrected,
} from './step-times.js';

/** How requests arrive. */
type Arrivals =
  /** So many are always in flight. */
  | { is: 'closed'; clients: number }
  /** So many start and end together. */
  | { is: 'static'; batch: number }
  /** At a rate; `prompts`: the run ends after so many. */
  | { is: 'open'; ratePerS: number; prompts: number | null }
  /** More than the engine takes at any time; `waiting`: so many in all. */
  | { is: 'backlog'; waiting: number | null };

/** Constants of memory and of models, from the assumptions. */
export type CapacityAssumptions = MemoryReserve &
  NeighborSettings & { pagedKvOverhead: number; tiedUpToB: number; slowScheme: number };

/** One run of one model on one machine: all that a prediction depends on. */
export type Run = {
  model: ModelRow;
  accelerator: AcceleratorRow;
  engine: EngineRow;
  count: number;
  layout: Layout;
  bits: number;
  embeddingBits: number;
  cacheBits: number;
  format: Format;
  tokens: RequestTokens;
  arrivals: Arrivals;
  maxSequences: number;
  /** Bytes the engine was allowed for the cache; null: what is left. */
  cacheBytes: number | null;
  /** Whether all requests have one length, so that a closed loop stays in step. */
  sameLengths: boolean;
  correction: Correction;
  /** Speculative decoding; null: none. */
  speculation: Speculation | null;
};

type LimitedBy = 'clients' | 'rate' | 'memory' | 'engine' | 'batch';

/** What is predicted of a run. Seconds and rates of the whole system. */
export type Prediction = {
  /** Requests in flight. */
  batch: number;
  requestsPerS: number;
  outputTokensPerS: number;
  /** Of one stream while it decodes. */
  decodeTokensPerS: number;
  prefillTokensPerS: number;
  /** Null where it is time in a queue that says nothing of the machine. */
  ttftS: number | null;
  tpotS: number;
  limitedBy: LimitedBy;
  /** Share of the memory that the weights take; above 1 they do not fit. */
  memoryShare: number;
};

/** Little's law is repeated until the batch moves by less than this share. */
const settled = 1e-3;
const mostRounds = 60;

/** A model set up on its cards: times of a lane, and memory of all of it. */
export type SetUp = {
  times: StepTimes;
  /** Fixed time before the first token: network stack, tokenizer, scheduler. */
  firstTokenS: number;
  /** Bytes for weights and cache, of the weights, and left for the cache. */
  usableBytes: number;
  weightBytes: number;
  cacheBytes: number;
  /** Bytes of cache that one sequence takes of that. */
  sequence: SequenceBytes;
};

/** Sets a run up; null where the layers are not known of the model. */
export function setUp(run: Run, e: Efficiency, assumed: CapacityAssumptions): SetUp | null {
  const { model, accelerator, layout, speculation } = run;
  const { tensor, lanes, staged, cacheSplit } = layout;
  const work = modelWork(model, run.bits, run.embeddingBits, assumed.tiedUpToB);
  const sequence = sequenceBytes(model, run.cacheBits, assumed.pagedKvOverhead * (tensor / cacheSplit));
  if (work === null || sequence === null) return null;
  const times = stepTimes(model, work, { accelerator, tensor, cacheSplit }, run.format, run.cacheBits, e);
  const { chunkTokens, memoryFraction } = run.engine;
  const { maxSequences, count } = run;
  const activations = activationsOf(model, tensor, { ...assumed, chunkTokens, maxSequences });
  const usable = usableBytes(accelerator, count, assumed, memoryFraction) - count * activations;
  const weights = weightBytes(model, run.bits) * (staged ? 1 : lanes);
  return {
    times: corrected(speculation === null ? times : speculating(times, speculation), run.correction),
    firstTokenS: e.firstTokenS * run.correction.firstToken,
    usableBytes: usable,
    weightBytes: weights,
    cacheBytes: run.cacheBytes ?? usable - weights,
    sequence,
  };
}

/** With fewer in flight at random times, a request mostly waits for no iteration. */
const severalInFlight = 1.5;

/**
 * Mean number in flight at an arrival rate, by Little's law, iterated. A run of N prompts takes N / rate and the last
 * answer longer, so it sees rate x T x N / (N + rate x T) of them.
 */
function inFlight(ratePerS: number, secondsAt: (n: number) => number, limit: number, prompts: number): number {
  let n = 1;
  for (let round = 0; round < mostRounds; round++) {
    const steady = ratePerS * secondsAt(n);
    const next = Math.min(limit, Math.max(1, steady / (1 + steady / prompts)));
    if (Math.abs(next - n) < settled * n) break;
    n = next;
  }
  return n;
}

/** Predicts a run; null: unknown layers. Weights that do not fit show in `memoryShare`. */
export function predictRun(run: Run, e: Efficiency, assumed: CapacityAssumptions): Prediction | null {
  const { engine, tokens, arrivals } = run;
  const { lanes, staged } = run.layout;
  const machine = setUp(run, e, assumed);
  if (machine === null) return null;
  const { times, firstTokenS } = machine;
  const held = machine.cacheBytes / bytesAt(machine.sequence, tokens.context + tokens.output / 2);
  const fits = Math.max(1, Math.floor(held));
  const limit = Math.min(run.maxSequences * lanes, fits);
  const limiting = fits < run.maxSequences * lanes ? 'memory' : 'engine';

  // A prompt in chunks passes the stages like an assembly line.
  const chunks = Math.max(1, Math.ceil(tokens.fresh / engine.chunkTokens));
  const stages = staged ? lanes : 1;
  const alone =
    (prefillS(times, tokens.fresh, tokens.before, engine.chunkTokens) * (chunks + stages - 1)) / (chunks * stages);
  const perLane = (n: number) => Math.max(1, n / lanes);
  const tpotAt = (n: number) => steadyTpotS(times, tokens, perLane(n), engine.chunkTokens);
  // Prompts of several requests fill the stages together, each with its part of the line.
  const ofPrompt = (n: number) => Math.max(alone, (alone * chunks * Math.min(n, stages)) / (chunks + stages - 1));
  const rateAt = (n: number, tpotS: number) => steadyRate(n, ofPrompt(n), tokens.output, tpotS);
  const firstS = firstTokenS + alone;
  const promptS = tokens.fresh * (times.prefillS + times.linkS) + attentionOf(times, tokens.fresh, tokens.before);
  const answer = (
    batch: number,
    requestsPerS: number,
    tpotS: number,
    ttftS: number | null,
    limitedBy: LimitedBy,
    prefillTokensPerS = tokens.fresh / alone,
  ): Prediction => ({
    batch,
    requestsPerS,
    outputTokensPerS: requestsPerS * tokens.output,
    decodeTokensPerS: batch / tpotS,
    prefillTokensPerS,
    ttftS,
    tpotS,
    limitedBy,
    memoryShare: machine.weightBytes / Math.max(1, machine.usableBytes),
  });

  switch (arrivals.is) {
    case 'static': {
      const n = perLane(arrivals.batch);
      const tpotS = staticTpotS(times, tokens, n);
      const all = { ...times, attentionS: (t: number) => times.attentionS(t / n) * n };
      const prompts = prefillS(all, tokens.fresh * n, tokens.before * n, engine.chunkTokens);
      const rate = arrivals.batch / (prompts + tokens.output * tpotS);
      return answer(arrivals.batch, rate, tpotS, firstTokenS + prompts, 'batch', (tokens.fresh * n) / prompts);
    }
    case 'closed': {
      const n = Math.min(arrivals.clients, limit);
      const tpotS = tpotAt(n);
      const rate = rateAt(n, tpotS);
      const queueS = (arrivals.clients - n) / rate;
      // Clients with equal answers stay in step: prompts come together for one iteration.
      const together = run.sameLengths ? Math.min(perLane(n), 1 + engine.chunkTokens / tokens.fresh) : 1;
      const besideS = e.promptsInStep * (together - 1) * promptS;
      const ttftS = firstS + (n > 1 ? tpotS / 2 : 0) + besideS + queueS;
      return answer(n, rate, tpotS, ttftS, n < arrivals.clients ? limiting : 'clients');
    }
    case 'backlog': {
      const n = Math.min(arrivals.waiting ?? Number.POSITIVE_INFINITY, limit);
      const tpotS = tpotAt(n);
      return answer(n, rateAt(n, tpotS), tpotS, null, n < limit ? 'clients' : limiting);
    }
    case 'open': {
      const { ratePerS, prompts } = arrivals;
      const secondsAt = (n: number) => alone + tokens.output * tpotAt(n);
      const steady = inFlight(ratePerS, secondsAt, limit, Number.POSITIVE_INFINITY);
      const served = steady >= limit ? Math.min(ratePerS, rateAt(steady, tpotAt(steady))) : ratePerS;
      const seen = prompts === null ? served : prompts / (prompts / served + secondsAt(steady));
      const n = prompts === null ? steady : inFlight(ratePerS, secondsAt, limit, prompts);
      const tpotS = tpotAt(n);
      const full = n >= limit;
      const halfS = n > severalInFlight ? tpotS / 2 : 0;
      return answer(n, seen, tpotS, full ? null : firstS + halfS, full ? limiting : 'rate');
    }
  }
}

/** Published decode correction of a run from similar runs, at so many in flight. */
export const neighborsIn = (
  residuals: readonly Residual[],
  { model, accelerator, engine }: Run,
  batch: number,
  assumed: CapacityAssumptions,
): Neighbors =>
  neighborsOf(
    residuals,
    {
      family: model.family,
      accelerator: accelerator.accelerator,
      servingClass: accelerator.servingClass,
      engineGroup: engine.group,
      batch,
    },
    assumed,
  );

/** Doubts about a run, with that of an unmeasured engine and card; for an unknown engine of the card alone. */
export function doubtsOn(
  doubts: readonly Doubt[],
  residuals: readonly Residual[],
  { accelerator, engine }: Pick<Run, 'accelerator' | 'engine'>,
): Doubt[] {
  const ofCard = residuals.filter((row) => row.accelerator === accelerator.accelerator);
  const isMeasured = doubts.includes('engine')
    ? ofCard.length > 0
    : ofCard.some(({ engineGroup }) => engineGroup === engine.group);
  return isMeasured ? [...doubts] : [...doubts, 'unmeasured'];
}

/** A run whose decode they correct. */
export const withNeighbors = (run: Run, { decode }: Neighbors): Run => ({
  ...run,
  correction: { ...run.correction, decode: run.correction.decode * decode },
});

/** A run whose decode they correct at the batch that is predicted without them. */
export function correctedRun(
  run: Run,
  e: Efficiency,
  assumed: CapacityAssumptions,
  residuals: readonly Residual[],
): { run: Run; neighbors: Neighbors | null } {
  const prediction = residuals.length === 0 ? null : predictRun(run, e, assumed);
  if (prediction === null) return { run, neighbors: null };
  const neighbors = neighborsIn(residuals, run, prediction.batch, assumed);
  return { run: withNeighbors(run, neighbors), neighbors };
}

const bytesPerGib = 2 ** 30;
const fullCacheBits = 16;

export type RunOf = { run: Run; doubts: Doubt[]; rateCovers: 'decode' | 'whole' };

/** Tables a run is looked up in: those of a snapshot, or the whole catalog. */
export type Catalog = Pick<Tables, 'models' | 'accelerators' | 'engines' | 'quantization' | 'architectures'>;

/** Resolves what was run; an unknown model or accelerator is an error. */
export function runOf(measured: Measurement, catalog: Catalog, slowScheme: number): RunOf | string {
  const model = catalog.models.find(({ family }) => family === measured.modelFamily);
  if (model === undefined)
    return unknown(
      'model',
      measured.modelFamily,
      catalog.models.map(({ family }) => family),
    );
  const accelerator = catalog.accelerators.find((row) => row.accelerator === measured.accelerator);
  if (accelerator === undefined)
    return unknown(
      'accelerator',
      measured.accelerator,
      catalog.accelerators.map((row) => row.accelerator),
    );
  if (model.layers === null) return `the layers are not known of the model "${model.family}"`;
  const scheme = schemeNamed(measured.quantization, model, catalog.quantization);
  const doubts: Doubt[] = scheme.known ? [] : ['scheme'];
  const { engine: usual, known } = engineNamed(measured.engine, catalog.engines);
  const { chunkTokens } = measured.run;
  const engine = chunkTokens === null ? usual : { ...usual, chunkTokens };
  if (!known) doubts.push('engine');
  if (!engine.mature) doubts.push('port');
  if (measured.run.prefixCaching === true && measured.prefixHitRate === null) doubts.push('prefixes');

  const layout = layoutOf(measured.acceleratorCount, measured.parallel, engine, model);
  const support = schemeSupport(scheme.runsOn, accelerator.architecture, catalog.architectures);
  const arrivals = arrivalsOf(measured);
  if (measured.maxNumSeqs === null && arrivals.is === 'backlog') doubts.push('limit');
  const run: Run = {
    model,
    accelerator,
    engine,
    count: measured.acceleratorCount,
    layout,
    bits: scheme.bits,
    embeddingBits: scheme.embeddingBits,
    cacheBits: cacheBitsOf(measured, scheme.compute, engine, catalog),
    // A scheme that was run does run: if not in the table, with narrow weights alone.
    format: {
      compute: scheme.compute,
      support: support === 'none' ? 'weight-only' : support,
      kernels: engine.kernels,
      bits: scheme.bits,
      slow: slowScheme,
    },
    tokens: tokensOf(measured),
    arrivals,
    sameLengths: measured.run.sameLengths,
    maxSequences: measured.maxNumSeqs ?? engine.maxSequences,
    cacheBytes: measured.run.kvMemoryGib === null ? null : measured.run.kvMemoryGib * bytesPerGib,
    correction: uncorrected,
    speculation: null,
  };
  return { run, doubts, rateCovers: measured.run.rateCovers ?? streamRate(measured, engine) };
}

/** A single stream's rate is as its engine publishes it; a system's is of whole requests. */
const streamRate = ({ concurrency }: Measurement, { streamRate }: EngineRow): 'decode' | 'whole' =>
  concurrency === 1 ? streamRate : 'whole';

function unknown(what: string, name: string, known: readonly string[]): string {
  const longer = known.filter((each) => each.startsWith(`${name}-`));
  const near = longer.length > 0 ? `did you mean ${longer.join(', ')}?` : suggestion(name, known, 'known');
  return `no ${what} "${name}" in the tables${near === null ? '' : `; ${near}`}`;
}

/** The engine of a name; if unknown, usual settings and the mean of all engines. */
function engineNamed(name: string | null, engines: readonly EngineRow[]): { engine: EngineRow; known: boolean } {
  const found = engines.find(({ engine }) => engine === name);
  if (found !== undefined) return { engine: found, known: true };
  const usual = usualEngine(engines);
  return { engine: { ...usual, engine: name ?? '', group: '' }, known: false };
}

/** Personal machines, for which schemes without batching are no drawback. */
export const personal: ReadonlySet<AcceleratorRow['kind']> = new Set(['soc', 'phone', 'cpu']);

/** The engine that is meant where none is said, on a kind of machine. */
export function usualEngine(engines: readonly EngineRow[], kind: AcceleratorRow['kind'] = 'datacenter'): EngineRow {
  const wanted = personal.has(kind) ? 'personal' : 'server';
  const found = engines.find(({ usual }) => usual === wanted);
  if (found === undefined) throw new Error(`engines.csv marks no usual ${wanted} engine`);
  return found;
}

function tokensOf({ promptTokens, outputTokens, prefixHitRate, run }: Measurement): Run['tokens'] {
  const ratio = run.lengthRatio === null ? 1 : (run.lengthRatio.low + run.lengthRatio.high) / 2;
  const prompt = promptTokens * ratio;
  const output = outputTokens * ratio;
  if (run.phases !== null) {
    const { decodeDepth, prefillDepth, prefillTokens } = run.phases;
    return { fresh: prefillTokens, before: prefillDepth, context: decodeDepth, output };
  }
  const hit = prompt * (prefixHitRate ?? 0);
  const fresh = Math.max(1, prompt - hit);
  return { fresh, before: Math.max(0, prompt - fresh), context: prompt, output };
}

function arrivalsOf({ run, concurrency, requestRateRps, saturated }: Measurement): Arrivals {
  if (run.arrival === 'static-batch') return { is: 'static', batch: concurrency ?? 1 };
  if (requestRateRps !== null) return { is: 'open', ratePerS: requestRateRps, prompts: run.prompts };
  if (saturated === 'yes' || run.arrival === 'burst' || run.arrival === 'offline')
    return { is: 'backlog', waiting: concurrency };
  return concurrency === null && saturated === 'unknown'
    ? { is: 'closed', clients: 1 }
    : { is: 'closed', clients: concurrency ?? 1 };
}

const [fewestBits, mostBits] = [2, 32];

/** Bits of a cache in a named format; null: not in the name. */
export function cacheBitsNamed(name: string, quantization: readonly QuantizationRow[]): number | null {
  const said = name.split('/')[0] as string;
  const row = quantization.find(({ appliesTo, scheme }) => appliesTo === 'kv-cache' && scheme === `kv-${said}`);
  if (row !== undefined) return row.kvBits;
  const digits = Number(/\d{1,2}/.exec(said)?.[0]);
  return digits >= fewestBits && digits <= mostBits ? digits : null;
}

const eightBits = 8;

/** Bits of the cache: as said, or 8 where the engine narrows it with the weights. */
function cacheBitsOf(
  { kvCacheDtype }: Measurement,
  compute: string | null,
  engine: EngineRow,
  { quantization }: Catalog,
): number {
  const said = kvCacheDtype === null ? null : cacheBitsNamed(kvCacheDtype, quantization);
  if (said !== null) return said;
  const narrow = compute === 'fp8' || compute === 'fp4';
  return engine.cacheFollowsWeights && narrow ? eightBits : fullCacheBits;
}
