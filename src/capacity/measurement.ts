import type { Problem } from '../units/problem.js';

/**
 * The division of one system's cards. `tensor × pipeline × data` is the number of cards, except for a layer split,
 * which is over all of them.
 */
export type Parallel = {
  /** Cards that share every matrix of a layer. */
  tensor: number;
  /** Stages of layers that work on different batches at once. */
  pipeline: number;
  /** Groups that serve requests of their own. */
  data: number;
  /** Cards over which a mixture's experts are spread; 1: divided as other weights. */
  expert: number;
  /** Cards hold different layers and take turns: more do not speed up one stream. */
  layerSplit: boolean;
  /** Each card runs attention for its own requests, so that a group does not divide KV. */
  dataAttention: boolean;
};

export const oneCard: Parallel = {
  tensor: 1,
  pipeline: 1,
  data: 1,
  expert: 1,
  layerSplit: false,
  dataAttention: false,
};

/** Layers spread over all cards. */
export const layersSpread: Parallel = { ...oneCard, layerSplit: true };

/** Parts of a division as written, `tp8`, `pp=4`, `dep-2`; only `tp` sets the tensor degree. */
const parts: Readonly<Record<string, (degree: number) => Partial<Parallel>>> = {
  tp: (tensor) => ({ tensor }),
  pp: (pipeline) => ({ pipeline }),
  dp: (data) => ({ data }),
  ep: (expert) => ({ expert }),
  tep: (degree) => ({ tensor: degree, expert: degree }),
  dep: (degree) => ({ data: degree, expert: degree, dataAttention: true }),
};
const part = /^(tp|pp|dp|ep|tep|dep)[=-]?(\d{1,5})/i;
const separator = /^[\s+×x*,/_-]+/i;

type ParallelRead = { parallel: Parallel | null; faults: string[] };

/**
 * A division after `par=` or in its own column: `layer-split`, `row-split`, `pp8`, `dep4`, `tp4pp2`, `tp=4+dp=2`.
 * Remaining cards are tensor-parallel.
 *
 * @param count cards of the system
 */
export function readParallel(written: string, count: number): ParallelRead {
  const text = written.trim().toLowerCase();
  if (/^layer[- ]?split$/.test(text)) return { parallel: layersSpread, faults: [] };
  if (/^(row|tensor)[- ]?split$/.test(text)) return { parallel: { ...oneCard, tensor: count }, faults: [] };
  const degrees = degreesIn(text);
  if (degrees === null)
    return {
      parallel: null,
      faults: [`"${written}" is not a division of cards such as tp8, pp2, tp4pp2 or layer-split`],
    };
  return completed(degrees, count, written);
}

function degreesIn(text: string): Partial<Parallel> | null {
  let found: Partial<Parallel> = {};
  let rest = text;
  while (rest !== '') {
    const [all = '', name = '', digits = ''] = part.exec(rest) ?? [];
    const degree = Number(digits);
    const read = parts[name];
    if (read === undefined || degree < 1) return null;
    found = { ...found, ...read(degree) };
    rest = rest.slice(all.length).replace(separator, '');
  }
  return text === '' ? null : found;
}

/** Fills in the tensor degree, and says where the cards do not come out even. */
function completed(degrees: Partial<Parallel>, count: number, written: string): ParallelRead {
  const { pipeline = 1, data = 1 } = degrees;
  const tensor = degrees.tensor ?? (count % (pipeline * data) === 0 ? count / (pipeline * data) : 1);
  const cards = tensor * pipeline * data;
  // Attention by data inside a tensor group, `tp8dp8`, uses the same cards twice.
  const within = degrees.tensor === data && degrees.tensor === count;
  const parallel = { ...oneCard, ...degrees, tensor, ...(within && data > 1 ? { data: 1, dataAttention: true } : {}) };
  const faults = cards === count || within ? [] : [`"${written}" is for ${cards} accelerators, not for ${count}`];
  return { parallel, faults };
}

const stated = /(?:^|[\s;,(])par(?:allel(?:ism)?)?\s*[=:]\s*([^\s;)]+)/i;
const experts = /(?:^|[\s;,(])ep\s*=\s*(\d{1,5})(?![\d.])/i;
const attention = /\b(?:dp|data[- ]parallel) attention\b/i;
const rows = /\brow[- ]split\b/i;
const layers = /\blayer[- ]split\b/i;

/** The division in a note, or null: `par=pp8`, `ep=4`, `dp attention`, `row-split of that time`. */
export function parallelInNote(note: string, count: number): ParallelRead {
  const word = stated.exec(note)?.[1] ?? rows.exec(note)?.[0] ?? layers.exec(note)?.[0];
  const said = word === undefined ? { parallel: null, faults: [] } : readParallel(word, count);
  const expert = Number(experts.exec(note)?.[1] ?? 1);
  const dataAttention = attention.test(note);
  if (expert <= 1 && !dataAttention) return said;
  const base = said.parallel ?? { ...oneCard, tensor: count };
  return {
    parallel: {
      ...base,
      expert: Math.max(expert, base.expert),
      dataAttention: dataAttention || base.dataAttention,
    },
    faults: said.faults,
  };
}

/**
 * One serving measurement, or the inputs to predict one. Null: not given. Times in milliseconds, rates per second,
 * `p50` and `p95` over the requests of the run.
 */
export type Measurement = Inputs & Results;

/** What was run: all that a prediction may depend on. */
export type Inputs = {
  id: string | null;
  source: string | null;
  engine: string | null;
  engineVersion: string | null;
  modelFamily: string;
  /** Weights' scheme; empty: the model's native one. */
  quantization: string;
  accelerator: string;
  acceleratorCount: number;
  /** Mean tokens of a request; 0 output tokens: prefill alone, 0 prompt tokens: decode alone. */
  promptTokens: number;
  outputTokens: number;
  /** Requests the client keeps in flight, or sends at once. */
  concurrency: number | null;
  requestRateRps: number | null;
  /** `system` or `per-user`: whose rate the rates are. */
  metricScope: string | null;
  /** Whether the engine's own limit, not the client, set the batch. */
  saturated: 'yes' | 'no' | 'unknown';
  confidence: string | null;
  note: string | null;
  /** The engine's own limit of sequences in a batch. */
  maxNumSeqs: number | null;
  /** Share of prompt tokens found in a prefix cache, 0 to 1. */
  prefixHitRate: number | null;
  kvCacheDtype: string | null;
  /** How the cards are divided; null: not said, so as the engine does it. */
  parallel: Parallel | null;
  run: Run;
};

/** What was measured. */
export type Results = {
  outputTokensPerS: number | null;
  totalTokensPerS: number | null;
  prefillTokensPerS: number | null;
  ttftMsP50: number | null;
  ttftMsP95: number | null;
  tpotMsP50: number | null;
  tpotMsP95: number | null;
  e2eMsP50: number | null;
};

/**
 * How requests arrive: a fixed number in flight; at random; all at once, each client then idle; one batch of equal
 * requests that starts and ends together; or as many as the engine takes.
 */
export type Arrival = 'closed-loop' | 'open-loop' | 'burst' | 'static-batch' | 'offline';

/** Circumstances of a run that change what it yields. Null: not said. */
export type Run = {
  arrival: Arrival | null;
  /** Requests of the whole run. */
  prompts: number | null;
  /** Whether all requests are as long as each other. */
  sameLengths: boolean;
  /** Real lengths as multiples of the given ones, even between the two. */
  lengthRatio: { low: number; high: number } | null;
  /** Whether the output rate is over the time of decode or of whole requests. */
  rateCovers: 'decode' | 'whole' | null;
  /** Set where prefill and decode were measured apart, each on a context of its own. */
  phases: Phases | null;
  /** Most tokens of one iteration, where it is not the engine's usual. */
  chunkTokens: number | null;
  /** Memory the engine was allowed for KV, GiB over all cards. */
  kvMemoryGib: number | null;
  speculative: boolean | null;
  prefixCaching: boolean | null;
};

/** Tokens in the context before decode and before prefill, and the tokens of that prefill. */
type Phases = { decodeDepth: number; prefillDepth: number; prefillTokens: number };

/** A run of which nothing is said. */
export const plainRun: Run = {
  arrival: null,
  prompts: null,
  sameLengths: true,
  lengthRatio: null,
  rateCovers: null,
  phases: null,
  chunkTokens: null,
  kvMemoryGib: null,
  speculative: null,
  prefixCaching: null,
};

type Needed = 'modelFamily' | 'accelerator' | 'promptTokens' | 'outputTokens';

/** A measurement of which only some is known. */
export function measurementOf(known: Pick<Measurement, Needed> & Partial<Measurement>): Measurement {
  return {
    id: null,
    source: null,
    engine: null,
    engineVersion: null,
    quantization: '',
    acceleratorCount: 1,
    concurrency: null,
    requestRateRps: null,
    metricScope: null,
    saturated: 'unknown',
    confidence: null,
    note: null,
    maxNumSeqs: null,
    prefixHitRate: null,
    kvCacheDtype: null,
    parallel: null,
    run: plainRun,
    outputTokensPerS: null,
    totalTokensPerS: null,
    prefillTokensPerS: null,
    ttftMsP50: null,
    ttftMsP95: null,
    tpotMsP50: null,
    tpotMsP95: null,
    e2eMsP50: null,
    ...known,
  };
}

/** One row of a table of measurements. */
export type MeasurementRow = {
  /** As in the file and in its order, columns that are not read included. */
  cells: string[];
  line: number;
  /** Null: the row has an error. */
  measurement: Measurement | null;
  problems: Problem[];
};

/** Output tokens a second of all requests together, and medians. */
export type MeasuredFigures = { outputTokensPerS: number | null; ttftMsP50: number | null; tpotMsP50: number | null };

/** A published measurement of speed, of a model on a machine. */
export type MeasuredPoint = {
  family: string;
  accelerator: string;
  engine: string;
  quantization: string;
  acceleratorCount: number;
  promptTokens: number;
  outputTokens: number;
  /** Requests in flight. */
  concurrency: number | null;
  /** Of all requests together. */
  outputTokensPerS: number | null;
  ttftMsP50: number | null;
  tpotMsP50: number | null;
  /** The same as the formulas predict them; null: not predicted. */
  predicted: MeasuredFigures | null;
  source: string;
  date: string;
};

/** Who published it, without where and what exactly. */
export const publisherOf = ({ source }: Pick<MeasuredPoint, 'source'>): string =>
  (source.split(/[;@(]/)[0] ?? '').trim();

/** Measurements up to the snapshot's month, on hardware that existed then; in table order. */
export const measuredBy = (
  measurements: readonly MeasuredPoint[],
  snapshot: string,
  exists: (measurement: MeasuredPoint) => boolean,
): MeasuredPoint[] => measurements.filter((each) => each.date.slice(0, 7) <= snapshot.slice(0, 7) && exists(each));

/** Published measurements with a speed, in file order. */
export function pointsOf(
  header: readonly string[],
  rows: readonly MeasurementRow[],
  predict: (measurement: Measurement) => MeasuredFigures | null = () => null,
): MeasuredPoint[] {
  const dateAt = header.indexOf('source_date');
  return rows.flatMap(({ cells, measurement }) => {
    if (measurement === null) return [];
    const { outputTokensPerS, ttftMsP50, tpotMsP50 } = measurement;
    if (outputTokensPerS === null && ttftMsP50 === null && tpotMsP50 === null) return [];
    return {
      family: measurement.modelFamily,
      accelerator: measurement.accelerator,
      engine: measurement.engine ?? '',
      quantization: measurement.quantization,
      acceleratorCount: measurement.acceleratorCount,
      promptTokens: measurement.promptTokens,
      outputTokens: measurement.outputTokens,
      concurrency: measurement.concurrency,
      outputTokensPerS,
      ttftMsP50,
      tpotMsP50,
      predicted: predict(measurement),
      source: measurement.source ?? '',
      date: cells[dateAt] ?? '',
    };
  });
}
