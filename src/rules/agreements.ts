import { type Boundary, boundaries, type TaskPart } from '../workload/workload.js';
import { asksForContract } from './boundary.js';
import { holds } from './claims.js';
import { byTruth, type Gate, passed } from './gate.js';
import { boundaryTurn, claimsTurn } from './turns.js';

/**
 * Whoever holds personal data for somebody needs a processor's contract, signed or at least signable: a provider of
 * answers, of endpoints or of workers. A regime brings its own; without one, regulated data are treated as personal.
 */
export const agreements: Gate = {
  id: 'agreements',
  level: 'provider',
  asks: (taskPart) => asksForContract(taskPart) && isPersonal(taskPart),
  check(option, taskPart, context) {
    const { needs } = taskPart;
    if (!asksForContract(taskPart) || !isPersonal(taskPart) || isNarrower(option.reach)) return passed;
    const found = holds('agreement:dpa', option, needs, context);
    return byTruth(found, {
      need: 'a contract for personal data',
      can: 'a contract on offer',
      turnsAt: () => claimsTurn(taskPart, found.grants) ?? boundaryTurn(taskPart, 'anywhere'),
    });
  },
};

const isPersonal = ({ needs: { sensitivity, regimes } }: TaskPart): boolean =>
  sensitivity === 'pii' || (sensitivity === 'regulated' && regimes.length === 0);

const isNarrower = (reach: Boundary): boolean => boundaries.indexOf(reach) < boundaries.indexOf('under-contract');
