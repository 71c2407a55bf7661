import { latencyGate } from './latency-target.js';

/** The answer is written fast enough. */
export const speed = latencyGate({
  id: 'speed',
  figure: 'tokensPerSecond',
  what: 'speed',
  unit: 'tokens/s',
  key: 'tokensPerSecond',
  atMost: false,
});
