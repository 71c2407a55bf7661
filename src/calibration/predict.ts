import { type Fleet, fleetFor, type Load, type SizingRule, unmetBecause } from '../capacity/fleet-size.js';
import { agree, efficiencyOf, type Neighbors, type Residual } from '../capacity/machine.js';
import {
  type MeasuredFigures,
  type MeasuredPoint,
  type Measurement,
  type MeasurementRow,
  pointsOf,
} from '../capacity/measurement.js';
import { bytesAt, heldBytes, type MemoryReserve, type Reserves } from '../capacity/memory.js';
import {
  type BandFactors,
  bandOf,
  type Doubt,
  doubtsWith,
  type LongPrompts,
  lengthWidening,
  type Metric,
  widened,
} from '../capacity/model-work.js';
import { largestRate, ratesHeld, type Target } from '../capacity/queue/latency.js';
import { demandOf, type Server, type Traffic } from '../capacity/queue/model.js';
import { saturation } from '../capacity/queue/saturation.js';
import { capacityAssumptions } from '../capacity/replica.js';
import {
  type CapacityAssumptions,
  type Catalog,
  correctedRun,
  doubtsOn,
  neighborsIn,
  predictRun,
  type Run,
  runOf,
  type SetUp,
  setUp,
  withNeighbors,
} from '../capacity/run.js';
import type { BandRow, EfficiencyRow } from '../tables/columns.js';
import { fixedWords, wordsBeside } from '../units/numeric.js';
import { predictedOf, settingOf } from './calibrate.js';
import { wrongNumber } from './measurements/csv.js';
import type { OwnCalibration } from './own-calibration.js';

export type CapacityQuery = {
  /** The model on the cards of one replica; its arrivals are not looked at. */
  run: Run;
  /** Longest tokens of one request; null: its prompt and answer. */
  contextTokens: number | null;
  /** Standard deviations of the logarithms of prompt and answer lengths. */
  spread: { input: number; output: number };
  load: Load | null;
  /** Promises to users, network not included. */
  targets: readonly Target[];
};

export type CapacityAnswer = {
  memory: {
    usableBytes: number;
    weightBytes: number;
    /** Of one sequence at the mean context, and of one at its longest. */
    sequenceBytes: number;
    longestSequenceBytes: number;
    /** Sequences that fit at the mean context in flight, and at the longest; below 1: none. */
    sequences: number;
    longestSequences: number;
    /** Tokens of cache at the longest context, by the range of memory reserves. */
    cacheTokens: { low: number; likely: number; high: number };
    /** Requests at their longest, likewise. */
    longest: { low: number; high: number };
  };
  fits: boolean;
  /** One request alone: seconds and tokens a second. */
  alone: { ttftS: number; tpotS: number; tokensPerS: number; prefillTokensPerS: number };
  /** With an endless backlog; of one replica. */
  saturation: {
    requestsPerS: number;
    outputTokensPerS: number;
    totalTokensPerS: number;
    batch: number;
    limitedBy: string;
  };
  /** Largest rate of one replica within the highest load and every target. */
  held: { requestsPerS: number; outputTokensPerS: number; limitedBy: string };
  /** The largest rate by number of replicas, from 0. */
  heldBy: number[];
  fleet: Fleet | null;
  /** Why there is no fleet. */
  unmet: string | null;
  /** 80 % bands: factors on throughput, time per token and time to first token. */
  bands: {
    throughput: BandFactors | null;
    single: BandFactors | null;
    tpot: BandFactors | null;
    ttft: BandFactors | null;
  };
  doubts: Doubt[];
  own: OwnCalibration | null;
  /** Factor on decode time by others' measurements, alone and when full; null: none, or replaced by own ones. */
  published: { alone: Neighbors; full: Neighbors; computed: { tokensPerS: number; outputTokensPerS: number } } | null;
  /** Saturation rate with these measurements over that without; null: none. */
  ofPredicted: number | null;
};

const curveLength = 8;

/** The band of a prediction, narrower where published measurements near it agree. */
function publishedBand(
  metric: Metric,
  doubts: readonly Doubt[],
  neighbors: Neighbors | null,
  bands: readonly BandRow[],
): BandFactors | null {
  const band = bandOf(metric, doubts, bands);
  if (band === null || neighbors === null || !agree(neighbors, band)) return band;
  return bandOf(metric, [...doubts, 'agreed'], bands);
}

/** Everything `capacity` prints of a model on a machine; null: unknown layers. */
export function predictCapacity(
  { run: asked, contextTokens, spread, load, targets }: CapacityQuery,
  known: {
    efficiency: readonly EfficiencyRow[];
    residuals: readonly Residual[];
    bands: readonly BandRow[];
    assumed: CapacityAssumptions;
    reserves: Reserves;
    own: readonly OwnCalibration[];
    doubts: readonly Doubt[];
    longPrompts?: LongPrompts;
  },
  rule: SizingRule,
): CapacityAnswer | null {
  const own =
    known.own.find(
      ({ model, accelerator }) => model === asked.model.family && accelerator === asked.accelerator.accelerator,
    ) ?? null;
  const e = efficiencyOf(known.efficiency, settingOf(asked));
  const oneClient = { is: 'closed', clients: 1 } as const;
  const near = (batch: number) => neighborsIn(known.residuals, asked, batch, known.assumed);
  const [aloneNear, fullNear] = [near(1), near(asked.maxSequences)];
  const published = withNeighbors(asked, fullNear);
  const run = own === null ? published : { ...asked, correction: own.correction };
  const machine = setUp(run, e, known.assumed);
  const unmeasuredSetUp = setUp(own === null ? asked : published, e, known.assumed);
  const aloneRun = own === null ? withNeighbors(asked, aloneNear) : run;
  const alone = predictRun({ ...aloneRun, arrivals: oneClient }, e, known.assumed);
  const computedAlone = predictRun({ ...asked, arrivals: oneClient }, e, known.assumed);
  if (machine === null || unmeasuredSetUp === null || alone === null || computedAlone === null) return null;
  const { tokens, engine } = run;
  const prompt = tokens.fresh + tokens.before;
  const inFlight = prompt + tokens.output / 2;
  const sequenceBytes = bytesAt(machine.sequence, inFlight);
  const longest = bytesAt(machine.sequence, contextTokens ?? prompt + tokens.output);
  const { lanes, staged } = run.layout;
  // A sequence is on one lane, or in parts on all if lanes are stages.
  const apart = staged ? 1 : lanes;
  const room = (bytes: number) => apart * Math.max(0, Math.floor(machine.cacheBytes / apart / bytes));
  const longestTokens = contextTokens ?? prompt + tokens.output;
  const cacheWith = (reserve: MemoryReserve) =>
    setUp(run, e, { ...known.assumed, ...reserve })?.cacheBytes ?? machine.cacheBytes;
  const { least, most: mostReserved, errorShare = 0 } = known.reserves;
  // Room that the user gives for the cache is certain.
  const errorBytes = run.cacheBytes === null ? errorShare * machine.usableBytes : 0;
  const [leastBytes, mostBytes] = [cacheWith(mostReserved) - errorBytes, cacheWith(least) + errorBytes];
  const tokensIn = (bytes: number) => Math.max(0, (bytes / longest) * longestTokens);
  const longestIn = (bytes: number) => apart * Math.max(0, Math.floor(bytes / apart / longest));
  const memory = {
    usableBytes: machine.usableBytes,
    weightBytes: machine.weightBytes,
    sequenceBytes,
    longestSequenceBytes: longest,
    sequences: room(sequenceBytes),
    longestSequences: room(longest),
    cacheTokens: { low: tokensIn(leastBytes), likely: tokensIn(machine.cacheBytes), high: tokensIn(mostBytes) },
    longest: { low: longestIn(leastBytes), high: longestIn(mostBytes) },
  };
  const busy = staged ? Math.max(1, Math.min(lanes, memory.longestSequences)) : lanes;
  const server: Server = {
    times: machine.times,
    chunkTokens: engine.chunkTokens,
    maxSequences: run.maxSequences,
    cacheBytes: machine.cacheBytes / busy,
    sequence: machine.sequence,
  };
  const traffic: Traffic = {
    input: { mean: prompt, sigma: spread.input, max: null },
    // With one token or none on average, no token follows the first: a target on those has no effect.
    output: { mean: tokens.output, sigma: tokens.output > 1 ? spread.output : 0, max: null },
    hitTokens: tokens.before,
  };
  const saturated = (one: Server) => saturation(one, demandOf(one, traffic));
  const limit = saturated(server);
  const most = busy * limit.ratePerS;
  const unmeasured = saturated({ ...server, times: unmeasuredSetUp.times });
  const fits = memory.longestSequences >= 1 && most > 0;
  const outputs = (rate: number) => rate * tokens.output;
  const capped = rule.highestLoad * most;
  // The engine's fixed time before the first token is not in the queue.
  const inQueue = targets.map((target) =>
    target.of === 'tpot' ? target : { ...target, limitS: target.limitS - machine.firstTokenS },
  );
  const free = targets.length === 0;
  const within = free || !fits ? null : largestRate(server, traffic, inQueue, busy);
  const held = fits ? Math.min(capped, within ?? capped) : 0;
  const rates = within === null ? null : ratesHeld(server, traffic, inQueue, curveLength * busy);
  const curve = Array.from({ length: curveLength + 1 }, (_, c) =>
    rates === null ? c * held : Math.min(rates[c * busy] as number, c * capped),
  );
  const replica = { server, traffic, lanes: busy, fixedS: machine.firstTokenS, ratePerS: most };
  const sizing = { replica, targets, rule };
  const fleet = load === null || !fits ? null : fleetFor(load, sizing);
  const doubts = doubtsWith(doubtsOn(known.doubts, known.residuals, run), machine.weightBytes / machine.usableBytes);
  const band = (metric: Metric, neighbors: Neighbors | null = null) =>
    own?.band ?? publishedBand(metric, doubts, neighbors, known.bands);
  const { longPrompts } = known;
  const ttft = band('ttft');
  return {
    memory,
    fits,
    alone: {
      ttftS: alone.ttftS ?? 0,
      tpotS: alone.tpotS,
      tokensPerS: 1 / alone.tpotS,
      prefillTokensPerS: alone.prefillTokensPerS,
    },
    saturation: {
      requestsPerS: most,
      outputTokensPerS: outputs(most),
      totalTokensPerS: most * (prompt + tokens.output),
      batch: busy * limit.sequences,
      limitedBy: limit.sequences < Math.min(run.maxSequences, engine.chunkTokens) ? 'memory' : 'engine',
    },
    held: {
      requestsPerS: held,
      outputTokensPerS: outputs(held),
      limitedBy: within !== null && within < capped ? 'targets' : 'highest load',
    },
    heldBy: curve,
    fleet,
    unmet: !fits ? 'the model does not fit' : load !== null && fleet === null ? unmetBecause(sizing) : null,
    bands: {
      throughput: band('system', fullNear),
      single: band('single', aloneNear),
      tpot: band('tpot', fullNear),
      ttft: ttft && longPrompts && own === null ? widened(ttft, lengthWidening(prompt, longPrompts)) : ttft,
    },
    doubts,
    own,
    published:
      own !== null || fullNear.weight === 0
        ? null
        : {
            alone: aloneNear,
            full: fullNear,
            computed: { tokensPerS: 1 / computedAlone.tpotS, outputTokensPerS: outputs(busy * unmeasured.ratePerS) },
          },
    ofPredicted: own === null || !(unmeasured.ratePerS > 0) ? null : limit.ratePerS / unmeasured.ratePerS,
  };
}

/** The prediction of one row. Tokens a second of the system (of the stream for one stream), milliseconds. */
export type RowPrediction = {
  outputTokensPerS: number | null;
  totalTokensPerS: number | null;
  prefillTokensPerS: number | null;
  ttftMsP50: number | null;
  tpotMsP50: number | null;
  /** 80 % band of `outputTokensPerS`. */
  low: number | null;
  high: number | null;
  limitedBy: string;
  doubts: Doubt[];
};

/** Inputs of predictions: catalog, fitted factors and bands, assumptions, and own measurements. */
export type Predictor = {
  catalog: Catalog;
  efficiency: readonly EfficiencyRow[];
  residuals: readonly Residual[];
  bands: readonly BandRow[];
  assumed: CapacityAssumptions;
  own: readonly OwnCalibration[];
  /** See `Reserves`. */
  memoryError?: number;
  longPrompts?: LongPrompts;
};

const msPerS = 1000;
const bytesPerGb = 1e9;

/**
 * Why weights larger than the memory of all cards cannot be predicted: the rest would be in a computer's own memory.
 * Smaller ones are predicted, as published runs have had a little more room.
 */
function tooLarge({ weightBytes }: SetUp, { accelerator, count }: Run): string | null {
  const held = heldBytes(accelerator, count);
  if (weightBytes <= held) return null;
  const [weights, cards] = wordsBeside(held / bytesPerGb, weightBytes / bytesPerGb, fixedWords(1));
  return `does not fit: the weights take ${weights} GB, the cards have ${cards} GB`;
}

/** Predicts a row from its inputs; a text says why not: unknown to the tables, does not fit, wrong numbers. */
export function predictRow(
  row: Measurement,
  { catalog, efficiency, residuals, bands, assumed, own }: Predictor,
): RowPrediction | string {
  const wrong = wrongNumber(row);
  if (wrong !== null) return wrong;
  const of = runOf(row, catalog, assumed.slowScheme);
  if (typeof of === 'string') return of;
  const mine = own.find(({ model, accelerator }) => model === row.modelFamily && accelerator === row.accelerator);
  const factors = efficiencyOf(efficiency, settingOf(of.run));
  const { run, neighbors } =
    mine === undefined
      ? correctedRun(of.run, factors, assumed, residuals)
      : { run: { ...of.run, correction: mine.correction }, neighbors: null };
  const [machine, prediction] = [setUp(run, factors, assumed), predictRun(run, factors, assumed)];
  if (machine === null || prediction === null) return `the layers are not known of the model "${row.modelFamily}"`;
  const larger = tooLarge(machine, run);
  if (larger !== null) return larger;
  const writes = row.outputTokens > 0;
  const reads = row.promptTokens > 0;
  const metric = row.concurrency === 1 && row.requestRateRps === null ? 'single' : 'system';
  const ofSystem = writes ? predictedOf(metric, prediction, of) : null;
  const perUser = row.metricScope === 'per-user' && prediction.batch > 1;
  const output = ofSystem === null ? null : perUser ? ofSystem / prediction.batch : ofSystem;
  const doubts = doubtsWith(doubtsOn(of.doubts, residuals, run), prediction.memoryShare);
  const band = mine?.band ?? publishedBand(metric, doubts, neighbors, bands);
  const { ttftS, tpotS, requestsPerS, prefillTokensPerS, limitedBy } = prediction;
  return {
    outputTokensPerS: output,
    totalTokensPerS: writes && reads ? requestsPerS * (run.tokens.fresh + run.tokens.before + run.tokens.output) : null,
    prefillTokensPerS: reads ? prefillTokensPerS : null,
    ttftMsP50: ttftS === null || !reads ? null : ttftS * msPerS,
    tpotMsP50: writes ? tpotS * msPerS : null,
    low: output === null || band === null ? null : output * band.low,
    high: output === null || band === null ? null : output * band.high,
    limitedBy,
    doubts,
  };
}

/** Published measurements, each with what the formulas alone predict of it. */
export function predictedPoints(
  header: readonly string[],
  rows: readonly MeasurementRow[],
  catalog: Catalog & { efficiency: readonly EfficiencyRow[] },
  assume: (name: string) => number,
): MeasuredPoint[] {
  const { efficiency } = catalog;
  const predictor = { catalog, efficiency, residuals: [], bands: [], own: [], assumed: capacityAssumptions(assume) };
  return pointsOf(header, rows, (measurement): MeasuredFigures | null => {
    const found = predictRow(measurement, predictor);
    if (typeof found === 'string') return null;
    const { outputTokensPerS, ttftMsP50, tpotMsP50 } = found;
    return { outputTokensPerS, ttftMsP50, tpotMsP50 };
  });
}
