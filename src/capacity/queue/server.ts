import type { SequenceBytes } from '../memory.js';
import type { StepTimes } from '../step-times.js';
import type { Lengths } from './lengths.js';

/** One replica as its queue sees it. */
export type Server = {
  times: StepTimes;
  /** Most tokens in one iteration, decoded and prompt together. */
  chunkTokens: number;
  /** Most sequences in flight. */
  maxSequences: number;
  /** Room for what sequences keep of their tokens, bytes, infinity where it does not bind; and what each takes of it. */
  cacheBytes: number;
  sequence: SequenceBytes;
};

/** What requests look like: whole prompts and answers, and the prompt tokens a prefix cache spares the prefill of. */
export type Traffic = {
  input: Lengths;
  output: Lengths;
  /** Tokens at the start of each prompt found in a prefix cache: no prefill, but they are part of the context. */
  hitTokens: number;
};

/** `least-loaded`: a request goes to the replica with the fewest requests on it. */
export type Routing = 'random' | 'least-loaded';
