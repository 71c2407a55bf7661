import { capabilityOf } from '../../placements/option.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';
import { indexTurn } from './turns.js';

/** The model is capable enough in the mode it would run in, and may think if it does. */
export const capability: Gate = {
  id: 'capability',
  level: 'model',
  check(option, slice) {
    const { needs, task } = slice;
    const { model } = option;
    if (option.mode === 'thinking' && !needs.thinkingAllowed) {
      return failed(() => ({
        need: 'answers without thinking',
        have: 'thinks first',
        reason: `${model} thinks first, which ${task} does not allow`,
        turnsAt: { path: `tasks.${task}.thinking`, value: 'allowed' },
      }));
    }
    const { need, text } = needs.capability;
    const index = capabilityOf(option);
    if (index === null)
      return unknown(() => ({
        need: `capability ${text}`,
        reason: `no index is known for ${model}: test it on your own samples`,
      }));
    const { gateAt, low, high } = index;
    if (gateAt < need) {
      return failed(() => ({
        need: `capability ${text}`,
        have: gateAt.toFixed(1),
        reason: `${model} scores ${gateAt.toFixed(1)}, ${task} needs ${need.toFixed(1)}`,
        turnsAt: indexTurn(slice, gateAt),
      }));
    }
    if (need <= low || need >= high) return passed;
    return condition(() => ({
      need: `capability ${text}`,
      have: gateAt.toFixed(1),
      todos: [
        `test ${model} on your own samples of ${task}: ${gateAt.toFixed(1)} against ${need.toFixed(1)} is a close call`,
      ],
    }));
  },
};
