import { condition, type Gate, passed } from './gate.js';

/** Machines that may be taken back suit work that waits; where somebody waits for the answer, it has to be prepared for. */
export const interruption: Gate = {
  id: 'interruption',
  level: 'provider',
  check({ purchase, provider }, { batchable }) {
    if (purchase !== 'spot' || batchable) return passed;
    return condition(() => ({
      need: 'machines that stay',
      have: 'machines that may be taken back',
      todos: [`keep on-demand machines of ${provider} ready: spot machines are taken back at short notice`],
    }));
  },
};
