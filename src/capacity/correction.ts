import type { StepTimes } from './step-times.js';

/** Factors on the times of one model on one kind of machine, from measurements of one's own; 1: as predicted. */
export type Correction = { decode: number; prefill: number; firstToken: number };

export const uncorrected: Correction = { decode: 1, prefill: 1, firstToken: 1 };

/** The times, corrected: everything a decode iteration costs, and what prompts add. */
export function corrected(times: StepTimes, correction: Correction): StepTimes {
  const { decode, prefill } = correction;
  if (decode === 1 && prefill === 1) return times;
  return {
    fixedS: times.fixedS * decode,
    sequenceS: times.sequenceS * decode,
    weightsS: (tokens) => times.weightsS(tokens) * decode,
    decodeS: times.decodeS * decode,
    prefillS: times.prefillS * prefill,
    linkS: times.linkS * decode,
    attentionS: (tokens) => times.attentionS(tokens) * prefill,
    cacheS: (contextTokens) => times.cacheS(contextTokens) * decode,
    ...(times.whole && { whole: corrected(times.whole, correction) }),
  };
}
