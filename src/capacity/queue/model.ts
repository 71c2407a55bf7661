import { bytesAt, type SequenceBytes, tokensWithin } from '../memory.js';
import type { StepTimes } from '../step-times.js';
import { normalBelow, normalQuantile } from './percentiles.js';

/**
 * Lengths in tokens, lognormal, capped at `max` (null: no cap). `mean`: before the cap; `sigma`: standard deviation of
 * the logarithm.
 */
export type Lengths = { mean: number; sigma: number; max: number | null };

const logMedian = ({ mean, sigma }: Lengths): number => Math.log(mean) - sigma ** 2 / 2;

/**
 * E[min(X, limit)^power]: exp(k mu + k^2 sigma^2 / 2) x Phi((ln limit - mu) / sigma - k sigma) for what lies below the
 * limit, limit^k for the rest (moments of the lognormal, limited).
 */
export function limitedMoment(of: Lengths, power: number, limit: number = Number.POSITIVE_INFINITY): number {
  const { mean, sigma, max } = of;
  const cut = max === null ? limit : Math.min(max, limit);
  if (cut <= 0 || mean <= 0) return 0;
  if (sigma === 0) return Math.min(mean, cut) ** power;
  const mu = logMedian(of);
  const whole = Math.exp(power * mu + (power * sigma) ** 2 / 2);
  if (cut === Number.POSITIVE_INFINITY) return whole;
  const z = (Math.log(cut) - mu) / sigma;
  const below = normalBelow(z - power * sigma);
  return (below === 0 ? 0 : whole * below) + cut ** power * normalBelow(-z);
}

/** Lengths at `deviates` standard deviations (of the logarithm) from the median, capped. */
export function lengthsAt(of: Lengths, deviates: Float64Array): Float64Array {
  const mu = logMedian(of);
  const most = of.max ?? Number.POSITIVE_INFINITY;
  const lengths = new Float64Array(deviates.length);
  for (let each = 0; each < lengths.length; each++) {
    lengths[each] = Math.min(most, Math.exp(mu + of.sigma * (deviates[each] as number)));
  }
  return lengths;
}

/** The length that a share of all requests does not exceed. */
export const lengthQuantile = (of: Lengths, share: number): number =>
  lengthsAt(of, Float64Array.of(normalQuantile(share)))[0] as number;

/** One replica as its queue sees it. */
export type Server = {
  times: StepTimes;
  /** Most tokens in one iteration, decoded and prompt together. */
  chunkTokens: number;
  /** Most sequences in flight. */
  maxSequences: number;
  /** Bytes of room for sequences, infinity where not a limit; and the use of each. */
  cacheBytes: number;
  sequence: SequenceBytes;
};

/** Requests: whole prompts and answers, and prompt tokens found in a prefix cache. */
export type Traffic = {
  input: Lengths;
  output: Lengths;
  /** Tokens at the start of each prompt found in a prefix cache: no prefill, but part of the context. */
  hitTokens: number;
};

/** A prompt of a class: tokens to prefill, and seconds of attention over the context. */
export type Prompt = { tokens: number; attentionS: number };

/** A traffic's demand on one server: moments after caps, and mean prompts by size. */
export type Demand = {
  input: Lengths;
  output: Lengths;
  hitTokens: number;
  meanInput: number;
  inputSquare: number;
  /** Prompt tokens to prefill, mean. */
  meanFresh: number;
  freshSquare: number;
  meanOutput: number;
  /** Means of the second, third and fourth power of the output length. */
  outputSquare: number;
  outputCube: number;
  outputFourth: number;
  /** Mean context of a request in flight: the prompt and the answer so far, weighted by time. */
  contextTokens: number;
  /** Reading the cache of one sequence in flight, mean. */
  cacheS: number;
  cache: CacheUse;
  /** Prompts in classes of equal probability, each by its mean. */
  prompts: readonly Prompt[];
  /** Attention per token to prefill, mean. */
  attentionPerTokenS: number;
};

/**
 * Cache bytes of sequences. In flight a mean over contexts, as windows fill and state is constant; its variation is
 * from the line through a mean prompt and a mean whole request.
 */
export type CacheUse = { inFlight: number; own: number; perToken: number };

const classes = 8;
const edges = Array.from({ length: classes - 1 }, (_, each) => normalQuantile((each + 1) / classes));
/** Mean ages of answers in flight: quarters of an exponential with mean 1. */
const ages = [0.137, 0.4776, 0.9849, 2.4005];

/** No request can be longer than the room there is. */
export const within = (of: Lengths, room: number): Lengths => ({
  mean: Math.max(1, of.mean),
  sigma: of.sigma,
  max: Math.max(1, Math.min(of.max ?? Number.POSITIVE_INFINITY, room)),
});

/** Tokens of the longest sequence that the cache has room for. */
export const longestIn = ({ cacheBytes, sequence }: Server): number =>
  cacheBytes === Number.POSITIVE_INFINITY ? cacheBytes : tokensWithin(sequence, cacheBytes);

export function demandOf(server: Server, traffic: Traffic): Demand {
  const { times } = server;
  const longest = longestIn(server);
  const input = within(traffic.input, longest);
  const output = within(traffic.output, longest);
  const meanInput = limitedMoment(input, 1);
  const meanOutput = Math.max(1, limitedMoment(output, 1));
  const outputSquare = limitedMoment(output, 2);
  const age = outputSquare / meanOutput / 2;
  const { hitTokens } = traffic;
  const means = classMeans(input, meanInput);
  const ofHits = limitedMoment(input, 1, hitTokens);
  const inputSquare = limitedMoment(input, 2);
  const meanFresh = Math.max(1, meanInput - ofHits);
  const freshSquare = inputSquare - limitedMoment(input, 2, hitTokens) - 2 * hitTokens * (meanInput - ofHits);
  const prompts = means.map((tokens) => promptOf(times, tokens, hitTokens));
  return {
    input,
    output,
    hitTokens,
    meanInput,
    inputSquare,
    meanFresh,
    freshSquare: Math.max(meanFresh ** 2, freshSquare),
    meanOutput,
    outputSquare,
    outputCube: limitedMoment(output, 3),
    outputFourth: limitedMoment(output, 4),
    contextTokens: meanInput + age,
    cacheS: meanCacheS(times, means, age),
    cache: cacheUse(server, means, output, meanInput, meanOutput, meanInput + age),
    prompts,
    attentionPerTokenS: prompts.reduce((sum, prompt) => sum + prompt.attentionS, 0) / (classes * meanFresh),
  };
}

/** A prompt of `tokens`, the first `hitTokens` cached; at least its last token is computed. */
export function promptOf(times: StepTimes, tokens: number, hitTokens: number): Prompt {
  const cached = Math.max(0, Math.min(hitTokens, tokens - 1));
  const before = cached === 0 ? 0 : times.attentionS(cached);
  return { tokens: Math.max(1, tokens - cached), attentionS: times.attentionS(tokens) - before };
}

/** Means of equally likely classes, by partial expectations of the lognormal; the last within the cap. */
function classMeans(of: Lengths, mean: number): number[] {
  const cut = of.max ?? Number.POSITIVE_INFINITY;
  const means: number[] = [];
  let below = 0;
  let left = classes * mean;
  for (const edge of edges) {
    const next = normalBelow(edge - of.sigma);
    const value = Math.min(cut, classes * of.mean * (next - below));
    means.push(value);
    left -= value;
    below = next;
  }
  const last = means[means.length - 1] ?? mean;
  means.push(Math.min(cut, Math.max(last, left)));
  return means;
}

/** Mean of cacheS over contexts in flight: prompt classes with answers of four ages. */
function meanCacheS(times: StepTimes, means: readonly number[], age: number): number {
  let sum = 0;
  for (const tokens of means) for (const share of ages) sum += times.cacheS(tokens + share * age);
  return sum / (means.length * ages.length);
}

function cacheUse(
  { sequence }: Server,
  prompts: readonly number[],
  output: Lengths,
  meanInput: number,
  meanOutput: number,
  contextTokens: number,
): CacheUse {
  const { perWindowToken, windowTokens } = sequence;
  let inWindow = 0;
  if (perWindowToken > 0) {
    for (const prompt of prompts) {
      const left = windowTokens - prompt;
      inWindow += left > 0 ? prompt + soFar(output, meanOutput, left) : windowTokens;
    }
  }
  const prompt = bytesAt(sequence, meanInput);
  const perToken = (bytesAt(sequence, meanInput + meanOutput) - prompt) / meanOutput;
  return {
    inFlight: sequence.own + sequence.perToken * contextTokens + (perWindowToken * inWindow) / prompts.length,
    own: Math.max(0, prompt - perToken * meanInput),
    perToken,
  };
}

/** Mean output so far of answers in flight, capped at m: m - (m E[min(O, m)] - E[min(O, m)^2] / 2) / E[O]. */
const soFar = (output: Lengths, meanOutput: number, most: number): number =>
  most - (most * limitedMoment(output, 1, most) - limitedMoment(output, 2, most) / 2) / meanOutput;

/**
 * A delay at a rank: 0 with probability `none`, else lognormal, with the mean and variance of the whole: the sum of a
 * random number of parts.
 *
 * @param z normal deviate of the rank
 */
export function partlyZero(rank: number, z: number, none: number, mean: number, variance: number): number {
  if (rank <= none || mean <= 0) return 0;
  const some = 1 - none;
  const conditional = mean / some;
  const logVariance = Math.max(0, Math.log((some * (variance + mean * mean)) / (mean * mean)));
  const deviate = none < 1e-6 ? z : normalQuantile((rank - none) / some);
  return conditional * Math.exp(Math.sqrt(logVariance) * deviate - logVariance / 2);
}
