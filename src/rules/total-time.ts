import { latencyGate } from './latency-target.js';

/** The whole answer is there in time. */
export const totalTime = latencyGate({
  id: 'total-time',
  figure: 'totalP95Ms',
  what: 'whole answer (p95)',
  unit: 'ms',
  key: 'totalP95',
  atMost: true,
});
