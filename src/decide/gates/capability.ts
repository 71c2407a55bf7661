import { capabilityOf } from '../../placements/option.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** The model is capable enough in the mode it would run in, and may think if it does. */
export const capability: Gate = {
  id: 'capability',
  level: 'model',
  check(option, { needs, task }) {
    if (option.mode === 'thinking' && !needs.thinkingAllowed) {
      return failed('answers without thinking', 'always thinks, as far as known', `${option.model} thinks first, which ${task} does not allow`, {
        path: `tasks.${task}.thinking`,
        value: 'allowed',
      });
    }
    const { need, text } = needs.capability;
    const index = capabilityOf(option);
    if (index === null) return unknown(`capability ${text}`, `no index is known for ${option.model}: test it on your own samples`);
    const { gateAt } = index;
    const have = gateAt.toFixed(1);
    if (gateAt < need) return failed(`capability ${text}`, have, `${option.model} scores ${have}, ${task} needs ${need.toFixed(1)}`, { path: `tasks.${task}.capability.minIndex`, value: gateAt });
    const close = index.low < need && need < index.high;
    return close ? condition(`capability ${text}`, have, `test ${option.model} on your own samples of ${task}: ${have} against ${need.toFixed(1)} is a close call`) : passed;
  },
};
