import { failed, type Gate, passed } from './gate.js';
import { needTurn } from './turns.js';

/** The model takes what the task sends. */
export const modality: Gate = {
  id: 'modality',
  level: 'model',
  check({ modalities, model }, taskPart) {
    const { needs } = taskPart;
    const missing = needs.modalities.filter((one) => !modalities.includes(one));
    if (missing.length === 0) return passed;
    return failed(() => ({
      need: `takes ${needs.modalities.join(' and ')}`,
      have: modalities.join(' and '),
      reason: `${model} takes no ${missing.join(', ')}`,
      turnsAt: missing.join() === 'image' ? needTurn(taskPart, 'vision') : null,
    }));
  },
};
