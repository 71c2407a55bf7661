import type { StepTimes } from './step-times.js';

/** A draft of `tokens`, each accepted with a probability; drafting one takes a share of an iteration. */
export type Speculation = { tokens: number; acceptance: number; draftCost: number };

/** Tokens of one verifying iteration: (1 - a^(g + 1)) / (1 - a), Leviathan et al. (arXiv 2211.17192). */
export const tokensPerVerification = ({ tokens, acceptance }: Speculation): number => {
  let sum = 0;
  for (let token = tokens, power = 1; token >= 0; token--, power *= acceptance) sum += power;
  return sum;
};

/**
 * Times per written token under speculative decoding: an iteration reads and computes g + 1 tokens of each sequence,
 * takes 1 + g x draft cost as long for its fixed part, and yields several tokens. Where reading rules it is faster by
 * yield / (1 + g x cost); where computing does, slower. A prompt is no faster: it waits for whole iterations, and needs
 * no draft itself.
 */
export function speculating(times: StepTimes, speculation: Speculation): StepTimes {
  const { tokens, draftCost } = speculation;
  const yielded = tokensPerVerification(speculation);
  const once = (1 + tokens * draftCost) / yielded;
  const each = (tokens + 1) / yielded;
  return {
    ...times,
    fixedS: times.fixedS * once,
    weightsS: (decoding, prompt) => times.weightsS(decoding * (tokens + 1), prompt) * once,
    decodeS: times.decodeS * each,
    sequenceS: times.sequenceS / yielded,
    cacheS: (contextTokens) => times.cacheS(contextTokens) / yielded,
    whole: { ...times, decodeS: times.decodeS * (tokens + 1) },
  };
}
