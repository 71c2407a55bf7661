import { type Boundary, boundaries, type Slice } from '../workload/demand.js';
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
  asks: (slice) => asksForContract(slice) && isPersonal(slice),
  check(option, slice, of) {
    const { needs } = slice;
    if (!asksForContract(slice) || !isPersonal(slice) || isNarrower(option.reach)) return passed;
    const found = holds('agreement:dpa', option, needs, of);
    return byTruth(found, {
      need: 'a contract for personal data',
      can: 'a contract on offer',
      turnsAt: () => claimsTurn(slice, found.grants) ?? boundaryTurn(slice, 'anywhere'),
    });
  },
};

const isPersonal = ({ needs: { sensitivity, regimes } }: Slice): boolean =>
  sensitivity === 'pii' || (sensitivity === 'regulated' && regimes.length === 0);

const isNarrower = (reach: Boundary): boolean => boundaries.indexOf(reach) < boundaries.indexOf('under-contract');
