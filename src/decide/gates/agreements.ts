import { asksForContract } from './boundary.js';
import { holds } from './claims.js';
import { byTruth, type Gate, passed } from './gate.js';
import { boundaryTurn, claimsTurn } from './turns.js';

/** Personal data need a processor's contract, signed or at least signable; a regime brings its own. */
export const agreements: Gate = {
  id: 'agreements',
  level: 'provider',
  asks: (slice) => asksForContract(slice) && slice.needs.sensitivity === 'pii',
  check(option, slice, of) {
    const { needs } = slice;
    if (!asksForContract(slice) || needs.sensitivity !== 'pii' || option.reach !== 'anywhere') return passed;
    const found = holds('agreement:dpa', option, needs, of);
    return byTruth(found, {
      need: 'a contract for personal data',
      can: 'a contract on offer',
      turnsAt: () => claimsTurn(slice, found.grants) ?? boundaryTurn(slice, 'anywhere'),
    });
  },
};
