import { asksForContract } from './boundary.js';
import { holds } from './claims.js';
import { byTruth, type Gate, passed } from './gate.js';
import { boundaryTurn } from './turns.js';

/** What a provider sees under contract is not kept to train models on. How long it is kept is for the regimes to say. */
export const retention: Gate = {
  id: 'retention',
  level: 'provider',
  asks: asksForContract,
  check(option, taskPart, context) {
    if (!asksForContract(taskPart) || option.reach !== 'anywhere') return passed;
    return byTruth(holds('option:no-training', option, taskPart.needs, context), {
      need: 'no training on the data',
      can: 'on request',
      turnsAt: () => boundaryTurn(taskPart, 'anywhere'),
    });
  },
};
