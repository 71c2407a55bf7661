import { type StepTimes, wholeOf } from '../step-times.js';
import type { Demand, Prompt, Server } from './model.js';

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
export function extraS(server: Server, decodes: number, { tokens, attentionS }: Prompt, iterations: number): number {
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
export type Extra = { mean: number; square: number };

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
