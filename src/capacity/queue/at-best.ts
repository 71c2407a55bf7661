import { wholeOf } from '../step-times.js';
import { workS } from './iteration.js';
import { type Lengths, lengthsAt, longestIn, promptOf, type Server, type Traffic, within } from './model.js';
import { lattice, points } from './percentiles.js';

/** What nobody sees less of, at any load and on any number of replicas, seconds. */
export type AtBest = {
  /** 95th percentile of the time to first token. */
  firstTokenP95S: number;
  /** Mean time per further token. */
  tpotS: number;
};

const share = 0.95;
let longZ: number | null = null;

/** 95th percentile of prompt tokens, by the points of the lattice. */
export const longPromptTokens = (input: Lengths): number =>
  lengthsAt(input, Float64Array.of(longPromptZ()))[0] as number;

/** The same in deviates. */
function longPromptZ(): number {
  longZ ??= Float64Array.from(lattice().arrivals.flatMap(({ promptZ }) => [...promptZ])).sort()[
    Math.floor(share * points - 1 / 2)
  ] as number;
  return longZ;
}

/**
 * Latencies of an idle replica, without a queue and a thousand times as fast: a target missed here is missed at every
 * load. A prompt's chunks run alone; further tokens come from a batch of one without the cost of its context.
 */
export function atBest(server: Server, traffic: Traffic): AtBest {
  const { times, chunkTokens } = server;
  const length = longPromptTokens(within(traffic.input, longestIn(server)));
  const { tokens, attentionS } = promptOf(times, length, traffic.hitTokens);
  const before = Math.max(1, Math.ceil(tokens / chunkTokens)) - 1;
  const { fixedS, sequenceS, linkS } = times;
  const whole = wholeOf(times);
  return {
    firstTokenP95S:
      before * (whole.fixedS + workS(whole, 0, chunkTokens)) +
      whole.fixedS +
      workS(whole, 0, tokens - before * chunkTokens) +
      tokens * linkS +
      attentionS,
    tpotS: fixedS + sequenceS + linkS + workS(times, 1, 0),
  };
}
