import type { BandRow, EfficiencyRow } from '../tables/rows.js';
import { type BandFactors, bandOf } from './bands.js';
import { settingOf } from './calibration/calibrate.js';
import { type Doubt, doubtsWith } from './doubts.js';
import { efficiencyOf } from './efficiency.js';
import type { OwnCalibration } from './own-calibration.js';
import { demandOf } from './queue/demand.js';
import { type Latency, latencyAt } from './queue/latency.js';
import { largestRate, ratesHeld } from './queue/rates.js';
import { saturation } from './queue/saturation.js';
import type { Server, Traffic } from './queue/server.js';
import { keeps, type Target } from './queue/targets.js';
import { type CapacityAssumptions, predictRun, type Run, setUp } from './run.js';

/** What a fleet is asked to carry. */
export type Load = { is: 'rate'; ratePerS: number } | { is: 'users'; users: number };

/** How a fleet is sized, from the assumptions. */
export type SizingRule = { highestLoad: number; spare: number; spareShare: number };

export type CapacityQuery = {
  /** The model on the cards of one replica; its arrivals are not looked at. */
  run: Run;
  /** Tokens that one request holds at its longest; null: those of its prompt and answer. */
  contextTokens: number | null;
  /** Standard deviations of the logarithms of prompt and answer lengths. */
  spread: { input: number; output: number };
  load: Load | null;
  /** Promises to users, network not included. */
  targets: readonly Target[];
};

/** How many replicas, and what users see. */
export type Fleet = { serving: number; installed: number; ratePerS: number; latency: Latency; utilization: number };

export type CapacityAnswer = {
  memory: {
    usableBytes: number;
    weightBytes: number;
    /** Of one sequence at the mean context. */
    sequenceBytes: number;
    /** Sequences that fit at the mean context of those in flight, and at the longest; below 1 it does not fit. */
    sequences: number;
    longestSequences: number;
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
  /** Largest rate of one replica: within the highest load, and while every target is kept. */
  held: { requestsPerS: number; outputTokensPerS: number; limitedBy: string };
  /** The largest rate by number of replicas, from 0. */
  heldBy: number[];
  fleet: Fleet | null;
  /** Why there is no fleet. */
  unmet: string | null;
  /** 80 % bands: factors on throughput, and on time per token and time to first token. */
  bands: {
    throughput: BandFactors | null;
    single: BandFactors | null;
    tpot: BandFactors | null;
    ttft: BandFactors | null;
  };
  doubts: Doubt[];
  own: OwnCalibration | null;
};

const curveLength = 8;
const mostReplicas = 100_000;

/** Everything `capacity` says of one model on one kind of machine; null where the tables have no layers for the model. */
export function predictCapacity(
  { run: asked, contextTokens, spread, load, targets }: CapacityQuery,
  known: {
    efficiency: readonly EfficiencyRow[];
    bands: readonly BandRow[];
    assumed: CapacityAssumptions;
    own: readonly OwnCalibration[];
    doubts: readonly Doubt[];
  },
  rule: SizingRule,
): CapacityAnswer | null {
  const own =
    known.own.find(
      ({ model, accelerator }) => model === asked.model.family && accelerator === asked.accelerator.accelerator,
    ) ?? null;
  const run = own === null ? asked : { ...asked, correction: own.correction };
  const e = efficiencyOf(known.efficiency, settingOf(run));
  const machine = setUp(run, e, known.assumed);
  const alone = predictRun({ ...run, arrivals: { is: 'closed', clients: 1 } }, e, known.assumed);
  if (machine === null || alone === null) return null;
  const { tokens, engine } = run;
  const prompt = tokens.fresh + tokens.before;
  const inFlight = prompt + tokens.output / 2;
  const sequenceBytes = machine.sequenceBytes(inFlight);
  const longest = machine.sequenceBytes(contextTokens ?? prompt + tokens.output);
  const memory = {
    usableBytes: machine.usableBytes,
    weightBytes: machine.weightBytes,
    sequenceBytes,
    sequences: Math.max(0, Math.floor(machine.cacheBytes / sequenceBytes)),
    longestSequences: Math.max(0, Math.floor(machine.cacheBytes / longest)),
  };
  const server: Server = {
    times: machine.times,
    chunkTokens: engine.chunkTokens,
    maxSequences: run.maxSequences,
    cacheTokens: (machine.cacheBytes / sequenceBytes) * inFlight,
  };
  const traffic: Traffic = {
    input: { mean: prompt, sigma: spread.input, max: null },
    output: { mean: tokens.output, sigma: spread.output, max: null },
    hitTokens: tokens.before,
  };
  const limit = saturation(server, demandOf(server, traffic));
  const fits = memory.longestSequences >= 1 && limit.ratePerS > 0;
  const outputs = (rate: number) => rate * tokens.output;
  const capped = rule.highestLoad * limit.ratePerS;
  // The engine's fixed time before the first token is not in the queue.
  const inQueue = targets.map((target) =>
    target.of === 'tpot' ? target : { ...target, limitS: target.limitS - machine.firstTokenS },
  );
  const within = fits ? largestRate(server, traffic, inQueue, 1, 'least-loaded') : 0;
  const kept = targets.length === 0 ? limit.ratePerS : within;
  const held = Math.min(capped, kept);
  const curve =
    targets.length === 0 || !fits
      ? Array.from({ length: curveLength + 1 }, (_, c) => c * held)
      : [...ratesHeld(server, traffic, inQueue, curveLength)].map((rate, c) => Math.min(rate, c * capped));
  const sizing = { server, traffic, inQueue, limit: limit.ratePerS, rule };
  const sized =
    load === null || !fits ? null : load.is === 'rate' ? forRate(load.ratePerS, sizing) : forUsers(load.users, sizing);
  const fleet = sized === null ? null : { ...sized, latency: withFixed(sized.latency, machine.firstTokenS) };
  const doubts = doubtsWith(known.doubts, machine.weightBytes / machine.usableBytes);
  const band = (metric: Parameters<typeof bandOf>[0]) => own?.band ?? bandOf(metric, doubts, known.bands);
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
      requestsPerS: limit.ratePerS,
      outputTokensPerS: outputs(limit.ratePerS),
      totalTokensPerS: limit.ratePerS * (prompt + tokens.output),
      batch: limit.sequences,
      limitedBy: limit.sequences < run.maxSequences ? 'memory' : 'engine',
    },
    held: {
      requestsPerS: held,
      outputTokensPerS: outputs(held),
      limitedBy: kept < capped ? 'targets' : 'highest load',
    },
    heldBy: curve,
    fleet,
    unmet: !fits ? 'the model does not fit' : load !== null && fleet === null ? unmetBecause(sizing) : null,
    bands: { throughput: band('system'), single: band('single'), tpot: band('tpot'), ttft: band('ttft') },
    doubts,
    own,
  };
}

type Sizing = { server: Server; traffic: Traffic; inQueue: readonly Target[]; limit: number; rule: SizingRule };

const unmetBecause = ({ server, traffic, inQueue }: Sizing): string => {
  const idle = latencyAt(server, traffic, 0, 1, 'least-loaded');
  return keeps(idle, inQueue) ? 'no number of replicas is enough' : 'even an idle replica misses a target';
};

/** Fewest replicas for which a condition holds, that holds for all larger numbers too; null beyond what is looked at. */
function fewest(enough: (replicas: number) => boolean): number | null {
  let high = 1;
  while (!enough(high)) {
    high *= 2;
    if (high > mostReplicas) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const installedFor = (serving: number, { spare, spareShare }: SizingRule): number =>
  serving + Math.max(spare, Math.ceil(spareShare * serving - 1e-9));

/** Fewest replicas that carry a rate within the highest load and every target, routed to the least loaded. */
function forRate(ratePerS: number, { server, traffic, inQueue, limit, rule }: Sizing): Fleet | null {
  const at = (replicas: number) => latencyAt(server, traffic, ratePerS, replicas, 'least-loaded');
  const serving = fewest((replicas) => ratePerS <= replicas * rule.highestLoad * limit && keeps(at(replicas), inQueue));
  const latency = serving === null ? null : at(serving);
  if (serving === null || latency === null) return null;
  const utilization = ratePerS / (serving * limit);
  return { serving, installed: installedFor(serving, rule), ratePerS, latency, utilization };
}

/** Users who each have one request under way at any time: the rate is theirs over the time a request takes (Little). */
function forUsers(users: number, sizing: Sizing): Fleet | null {
  const { server, traffic, limit } = sizing;
  const rateOn = (replicas: number): number => {
    let [low, high] = [0, replicas * limit];
    for (let round = 0; round < 40; round++) {
      const rate = (low + high) / 2;
      const latency = latencyAt(server, traffic, rate, replicas, 'least-loaded');
      if (latency !== null && rate * latency.requestS.mean < users) low = rate;
      else high = rate;
    }
    return low;
  };
  const serving = fewest((replicas) => {
    const rate = rateOn(replicas);
    if (rate > replicas * sizing.rule.highestLoad * limit) return false;
    return keeps(latencyAt(server, traffic, rate, replicas, 'least-loaded'), sizing.inQueue);
  });
  if (serving === null) return null;
  const ratePerS = rateOn(serving);
  const latency = latencyAt(server, traffic, ratePerS, serving, 'least-loaded');
  if (latency === null) return null;
  return {
    serving,
    installed: installedFor(serving, sizing.rule),
    ratePerS,
    latency,
    utilization: ratePerS / (serving * limit),
  };
}

/** The engine's fixed time comes before every first token, and so before every whole answer. */
function withFixed(latency: Latency, fixedS: number): Latency {
  const later = ({ mean, p50, p95, p99 }: Latency['ttftS']) => ({
    mean: mean + fixedS,
    p50: p50 + fixedS,
    p95: p95 + fixedS,
    p99: p99 + fixedS,
  });
  return { ...latency, ttftS: later(latency.ttftS), requestS: later(latency.requestS) };
}
