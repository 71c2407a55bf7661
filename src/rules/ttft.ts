import { latencyGate } from './latency-target.js';

/** The first token comes in time. */
export const ttft = latencyGate({
  id: 'ttft',
  figure: 'ttftP95Ms',
  what: 'first token (p95)',
  unit: 'ms',
  key: 'ttftP95',
  atMost: true,
});
