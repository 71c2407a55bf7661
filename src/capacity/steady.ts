import { type StepTimes, wholeOf } from './step-times.js';

/** Tokens of one request as the machine sees them. */
export type RequestTokens = {
  /** Prompt tokens that must be computed (not found in a prefix cache). */
  fresh: number;
  /** Tokens in context before those, and when decode starts. */
  before: number;
  context: number;
  /** All tokens written, reasoning included. */
  output: number;
};

/** Seconds of one iteration that decodes for `batch` sequences at a context. */
export const iterationS = (times: StepTimes, batch: number, contextTokens: number): number =>
  times.fixedS +
  times.weightsS(batch) +
  batch * (times.sequenceS + times.decodeS + times.linkS + times.cacheS(contextTokens));

/** Seconds of attention of `tokens` prompt tokens on top of those `before`. */
export const attentionOf = (times: StepTimes, tokens: number, before: number): number =>
  times.attentionS(before + tokens) - times.attentionS(before);

/** Seconds to prefill `tokens` prompt tokens alone, in iterations of at most `chunk` tokens. */
export function prefillS(times: StepTimes, tokens: number, before: number, chunk: number): number {
  const iterations = Math.max(1, Math.ceil(tokens / chunk));
  const { fixedS, weightsS } = wholeOf(times);
  return (
    iterations * (fixedS + weightsS(0, Math.min(tokens, chunk))) +
    tokens * (times.prefillS + times.linkS) +
    attentionOf(times, tokens, before)
  );
}

/** Mean context of a sequence while it decodes. */
const meanContext = ({ context, output }: RequestTokens): number => context + output / 2;

/**
 * Seconds that one prompt adds to iterations with `batch` sequences in decode: compute, traffic, attention, and in each
 * chunk the experts read for it alone.
 */
export function promptExtraS(times: StepTimes, { fresh, before }: RequestTokens, batch: number, chunk: number): number {
  const chunks = Math.max(1, Math.ceil(fresh / chunk));
  const { weightsS } = wholeOf(times);
  const experts = weightsS(batch, fresh / chunks) - weightsS(batch);
  return fresh * (times.prefillS + times.linkS) + attentionOf(times, fresh, before) + chunks * experts;
}

/**
 * Time per output token with `batch` requests always in flight: over one answer a sequence sees its own iterations and
 * the prompts of the others,
 *
 * TPOT = iteration(batch) + (batch - 1) / output x extra of a prompt
 */
export function steadyTpotS(times: StepTimes, tokens: RequestTokens, batch: number, chunk: number): number {
  const output = Math.max(1, tokens.output);
  const prompts = Math.max(0, batch - 1) / output;
  const own = iterationS(times, batch, meanContext({ ...tokens, output }));
  return own + prompts * promptExtraS(times, tokens, batch, chunk);
}

/** Requests a second with `batch` in flight: batch / (prefill + output x TPOT). */
export const steadyRate = (batch: number, prefill: number, output: number, tpotS: number): number =>
  batch / (prefill + Math.max(1, output) * tpotS);

/** Time per output token of `batch` equal requests that start and end together. */
export const staticTpotS = (times: StepTimes, tokens: RequestTokens, batch: number): number =>
  iterationS(times, batch, meanContext(tokens));
