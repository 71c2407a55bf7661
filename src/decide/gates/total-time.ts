import { latencyGate } from './latency-target.js';

/** The whole answer is there in time. */
export const totalTime = latencyGate({
  id: 'total-time',
  of: ({ totalP95Ms }) => totalP95Ms,
  seen: ({ totalP95Ms }) => totalP95Ms,
  what: 'whole answer (p95)',
  unit: 'ms',
  key: 'totalP95',
  atMost: true,
});
