import type { Case } from '../../placements/placement.js';
import { availabilityOf, percentWords } from '../availability.js';
import { failed, type Gate, passed, unknown } from './gate.js';
import { availabilityTurn } from './turns.js';

/** Answers as much of the time as a task asks for. A second provider is another plan: see the failover of a plan. */
export const availability: Gate = {
  id: 'availability',
  level: 'provider',
  asks: ({ needs }) => needs.availability !== null,
  check(option, slice, of) {
    const wanted = slice.needs.availability;
    if (wanted === null) return passed;
    const asked = `${percentWords(wanted)} of the time`;
    const found = availabilityOf(option, of);
    if (found === null)
      return unknown(() => ({ need: asked, reason: `ask ${option.provider} what share of time it promises` }));
    if (found.share >= wanted) return passed;
    return failed(() => ({
      need: asked,
      have: percentWords(found.share),
      reason: `${option.provider} answers ${percentWords(found.share)} of the time (${found.from}): ${remedy(wanted, of)}`,
      turnsAt: availabilityTurn(slice, found.share),
      figures: {
        havePercent: found.share * 100,
        needPercent: wanted * 100,
        reachablePercent: of.demand.assume('availabilityApiTwoVendorFailover') * 100,
      },
    }));
  },
};

/** Whether a second provider could help at all. */
function remedy(asked: number, { demand }: Case): string {
  const most = demand.assume('availabilityApiTwoVendorFailover');
  return asked > most
    ? `with a second one beside it no more than ${percentWords(most)} is reached`
    : 'a second one beside it could fill in';
}
