import { bytesAt } from '../memory.js';
import { type StepTimes, wholeOf } from '../step-times.js';
import {
  type CacheUse,
  type Demand,
  demandOf,
  type Lengths,
  lengthsAt,
  longestIn,
  type Prompt,
  promptOf,
  type Server,
  type Traffic,
  within,
} from './model.js';
import { lattice, points } from './percentiles.js';

/** Seconds to read weights and compute, for `decodes` sequences and `prompt` prompt tokens. */
export function workS(times: StepTimes, decodes: number, prompt: number): number {
  return times.weightsS(Math.max(decodes, 1 - prompt), prompt) + decodes * times.decodeS + prompt * times.prefillS;
}

/** An iteration that only decodes, `decodes` sequences of the mean context. */
export function stepS(server: Server, { cacheS }: Demand, decodes: number): number {
  const { fixedS, sequenceS, linkS } = server.times;
  return fixedS + decodes * (sequenceS + linkS + cacheS) + workS(server.times, decodes, 0);
}

/**
 * Seconds a prompt adds to its iterations: compute, experts read for it alone, attention and traffic.
 *
 * @param iterations iterations with prefill per prompt; below 1 where prompts share one
 */
function extraS(server: Server, decodes: number, { tokens, attentionS }: Prompt, iterations: number): number {
  const whole = wholeOf(server.times);
  const added = workS(whole, decodes, tokens / iterations) - workS(whole, decodes, 0);
  return iterations * added + tokens * server.times.linkS + attentionS;
}

/** Prompt tokens that fit into an iteration with `decodes` sequences. */
export const freeTokens = ({ chunkTokens }: Server, decodes: number): number => Math.max(1, chunkTokens - decodes);

/** An iteration whose chunk is full: decode, and prompt tokens for all the rest. */
export function fullStepS(server: Server, demand: Demand, decodes: number): number {
  const free = freeTokens(server, decodes);
  const whole = wholeOf(server.times);
  const added = workS(whole, decodes, free) - workS(whole, decodes, 0);
  return stepS(server, demand, decodes) + added + free * (server.times.linkS + demand.attentionPerTokenS);
}

/** Mean and mean square over prompts of what they add. */
type Extra = { mean: number; square: number };

/**
 * @param share iterations with prefill per prompt where prompts are smaller than a chunk
 * @param most iterations there are per prompt
 */
export function meanExtra(
  server: Server,
  { prompts }: Demand,
  decodes: number,
  share: number,
  most: number = Number.POSITIVE_INFINITY,
): Extra {
  const free = freeTokens(server, decodes);
  let needed = 0;
  for (const { tokens } of prompts) needed += Math.max(tokens / free, share) / prompts.length;
  const fewer = Math.min(1, most / needed);
  let mean = 0;
  let square = 0;
  for (const prompt of prompts) {
    const extra = extraS(server, decodes, prompt, fewer * Math.max(prompt.tokens / free, share));
    mean += extra;
    square += extra * extra;
  }
  return { mean: mean / prompts.length, square: square / prompts.length };
}

/** Iterations with prefill per prompt for `arrivals` prompts per iteration: (1 - e^-m) / m. */
export const sharedIterations = (arrivals: number): number => (arrivals < 1e-6 ? 1 : -Math.expm1(-arrivals) / arrivals);

/** Limits of a server: requests a second with an endless backlog, and sequences in flight. */
export type Saturation = { ratePerS: number; sequences: number; lostPlaces: number };

/** Share of the cache that engines keep free for sequences that grow. */
export const cacheInUse = 0.99;

/**
 * Sequences in flight within the limit and the cache; 0: none. The prompt at the head of the queue keeps half of its
 * (size-weighted) bytes free on average.
 */
function sequencesHeld({ maxSequences, cacheBytes, sequence, chunkTokens }: Server, demand: Demand): number {
  const room = cacheInUse * cacheBytes;
  if (room < bytesAt(sequence, demand.meanInput + demand.meanOutput) || maxSequences < 1) return 0;
  const prompt = promptBytes(demand);
  const held = (room - prompt.square / prompt.mean / 2) / demand.cache.inFlight;
  return Math.max(1, Math.min(maxSequences, chunkTokens, held));
}

/** Bytes of prompts: mean and mean square. */
const promptBytes = ({ meanInput, inputSquare, cache: { own, perToken } }: Demand) => ({
  mean: own + perToken * meanInput,
  square: own ** 2 + 2 * own * perToken * meanInput + perToken ** 2 * inputSquare,
});

/** Iterations of a request: of its prompt, the last with the first token, and one per further token. */
type Visits = { prefill: number; decode: number };
export const visits = (server: Server, demand: Demand, decodes: number): Visits => ({
  prefill: Math.max(1, demand.meanFresh / freeTokens(server, decodes)),
  decode: demand.meanOutput - 1,
});

/**
 * Seconds of a server to complete as many requests as it has in service, `inFlight`, so inFlight / busyS a second: each
 * sees its iterations, and the prompts of all.
 */
export function busyS(server: Server, demand: Demand, inFlight: number, share: number): number {
  const { prefill, decode } = visits(server, demand, inFlight);
  const decodes = (inFlight * decode) / (decode + prefill);
  const extra = meanExtra(server, demand, decodes, share, (decode + prefill) / inFlight).mean;
  return (decode + prefill) * stepS(server, demand, decodes) + inFlight * extra;
}

/** Mean times a request loses its place in a full cache, and tokens recomputed then. */
type LostPlaces = { times: number; tokens: number };

/**
 * Between two completions answers grow by a mean answer in all (memoryless). A prompt enters once it fits without the
 * part kept free, so the spare room is that part and a share of a prompt; growth beyond it evicts the youngest
 * sequence, again for each length of one. The more often, the older those are.
 */
function lostPlaces({ cacheBytes }: Server, { meanInput, meanOutput, cache }: Demand): LostPlaces {
  const answer = cache.perToken * meanOutput;
  const ratio = bytesOf(cache, meanInput) / answer;
  const beyond = Math.exp((-(1 - cacheInUse) * cacheBytes) / answer) * (-Math.expm1(-ratio) / ratio);
  let times = 0;
  let tokens = meanInput;
  for (let round = 0; round < 3; round++) {
    times = beyond / -Math.expm1(-bytesOf(cache, tokens) / answer);
    tokens = meanInput + (meanOutput / 2) * (times / (1 + times));
  }
  return { times, tokens };
}

const bytesOf = ({ own, perToken }: CacheUse, tokens: number): number => own + perToken * tokens;

export function saturation(server: Server, demand: Demand): Saturation {
  const sequences = sequencesHeld(server, demand);
  if (sequences === 0) return { ratePerS: 0, sequences, lostPlaces: 0 };
  const { prefill, decode } = visits(server, demand, sequences);
  const roomBinds = sequences < server.maxSequences && sequences < server.chunkTokens;
  // Others wait behind a long prompt without room: prompts then come in groups.
  const group = roomBinds ? demand.inputSquare / demand.meanInput ** 2 : 1;
  const share = sharedIterations(sequences / (decode + prefill) / group) / group;
  let busy = busyS(server, demand, sequences, share);
  const lost = roomBinds ? lostPlaces(server, demand) : { times: 0, tokens: 0 };
  if (lost.times > 0) {
    const prompt = promptOf(server.times, lost.tokens, demand.hitTokens);
    const iterations = Math.max(share, prompt.tokens / server.chunkTokens);
    busy += sequences * lost.times * extraS(server, sequences, prompt, iterations);
  }
  const rate = sequences / busy;
  // With chunks always full, decode takes its share of the tokens.
  const perChunk = server.chunkTokens / (demand.meanFresh + decode);
  const full = perChunk / fullStepS(server, demand, perChunk * decode);
  return { ratePerS: Math.min(rate, full), sequences, lostPlaces: lost.times };
}

/** Requests a second of one server with an endless backlog; 0: not one request fits. */
export const saturationRate = (server: Server, traffic: Traffic): number =>
  saturation(server, demandOf(server, traffic)).ratePerS;

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
