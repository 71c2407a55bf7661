import { failed, type Gate, passed, unknown } from './gate.js';
import { needTurn } from './turns.js';

const need = 'calls tools';

/** The model calls tools, if the task has it do so. */
export const tools: Gate = {
  id: 'tools',
  level: 'model',
  asks: ({ needs }) => needs.tools,
  check({ capability, model }, taskPart) {
    if (!taskPart.needs.tools) return passed;
    const turnsAt = () => needTurn(taskPart, 'tools');
    switch (capability?.toolUse ?? 'unknown') {
      case 'yes':
        return passed;
      case 'no':
        return failed(() => ({ need, have: 'no tools', reason: `${model} calls no tools`, turnsAt: turnsAt() }));
      case 'unknown':
        return unknown(() => ({
          need,
          reason: `nobody says whether ${model} calls tools: test it on your own`,
          turnsAt: turnsAt(),
        }));
    }
  },
};
