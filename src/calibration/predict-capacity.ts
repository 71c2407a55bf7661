import { type BandFactors, bandOf } from '../capacity/bands.js';
import { type Doubt, doubtsWith } from '../capacity/doubts.js';
import { efficiencyOf } from '../capacity/efficiency.js';
import { type Fleet, fleetFor, type Load, type SizingRule, unmetBecause } from '../capacity/fleet-size.js';
import { bytesAt } from '../capacity/memory.js';
import { demandOf } from '../capacity/queue/demand.js';
import { largestRate, ratesHeld } from '../capacity/queue/rates.js';
import { saturation } from '../capacity/queue/saturation.js';
import type { Server, Traffic } from '../capacity/queue/server.js';
import type { Target } from '../capacity/queue/targets.js';
import { type CapacityAssumptions, predictRun, type Run, setUp } from '../capacity/run.js';
import type { BandRow, EfficiencyRow } from '../tables/rows.js';
import { settingOf } from './calibrate.js';
import type { OwnCalibration } from './own-calibration.js';

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

export type CapacityAnswer = {
  memory: {
    usableBytes: number;
    weightBytes: number;
    /** Of one sequence at the mean context, and of one at its longest. */
    sequenceBytes: number;
    longestSequenceBytes: number;
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
  /** What these measurements make of the rate at saturation: over the one predicted without them; null: there are none. */
  ofPredicted: number | null;
};

const curveLength = 8;

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
  const uncorrected = own && setUp(asked, e, known.assumed);
  const alone = predictRun({ ...run, arrivals: { is: 'closed', clients: 1 } }, e, known.assumed);
  if (machine === null || alone === null) return null;
  const { tokens, engine } = run;
  const prompt = tokens.fresh + tokens.before;
  const inFlight = prompt + tokens.output / 2;
  const sequenceBytes = bytesAt(machine.sequence, inFlight);
  const longest = bytesAt(machine.sequence, contextTokens ?? prompt + tokens.output);
  const { lanes, staged } = run.layout;
  // A sequence is on one lane, but for lanes that are stages: they hold a part of it each.
  const apart = staged ? 1 : lanes;
  const room = (bytes: number) => apart * Math.max(0, Math.floor(machine.cacheBytes / apart / bytes));
  const memory = {
    usableBytes: machine.usableBytes,
    weightBytes: machine.weightBytes,
    sequenceBytes,
    longestSequenceBytes: longest,
    sequences: room(sequenceBytes),
    longestSequences: room(longest),
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
    // Where one token is written on average, or none, none follows the first: a target on those that do asks nothing.
    output: { mean: tokens.output, sigma: tokens.output > 1 ? spread.output : 0, max: null },
    hitTokens: tokens.before,
  };
  const saturated = (one: Server) => saturation(one, demandOf(one, traffic));
  const limit = saturated(server);
  const most = busy * limit.ratePerS;
  const unmeasured = uncorrected && saturated({ ...server, times: uncorrected.times });
  const fits = memory.longestSequences >= 1 && most > 0;
  const outputs = (rate: number) => rate * tokens.output;
  const capped = rule.highestLoad * most;
  // The engine's fixed time before the first token is not in the queue.
  const inQueue = targets.map((target) =>
    target.of === 'tpot' ? target : { ...target, limitS: target.limitS - machine.firstTokenS },
  );
  const free = targets.length === 0;
  const within = free || !fits ? null : largestRate(server, traffic, inQueue, busy, 'least-loaded');
  const held = fits ? Math.min(capped, within ?? capped) : 0;
  const rates = within === null ? null : ratesHeld(server, traffic, inQueue, curveLength * busy);
  const curve = Array.from({ length: curveLength + 1 }, (_, c) =>
    rates === null ? c * held : Math.min(rates[c * busy] as number, c * capped),
  );
  const replica = { server, traffic, lanes: busy, fixedS: machine.firstTokenS, ratePerS: most };
  const sizing = { replica, targets, rule };
  const fleet = load === null || !fits ? null : fleetFor(load, sizing);
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
    bands: { throughput: band('system'), single: band('single'), tpot: band('tpot'), ttft: band('ttft') },
    doubts,
    own,
    ofPredicted: unmeasured === null || !(unmeasured.ratePerS > 0) ? null : limit.ratePerS / unmeasured.ratePerS,
  };
}
