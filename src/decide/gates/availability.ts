import { availabilityOf } from '../availability.js';
import { failed, type Gate, passed, unknown } from './gate.js';

/** Answers as much of the time as a task asks for. A second provider is another plan: see the failover of a plan. */
export const availability: Gate = {
  id: 'availability',
  level: 'provider',
  check(option, { needs }, of) {
    if (needs.availability === null) return passed;
    const asked = `${percent(needs.availability)} of the time`;
    const found = availabilityOf(option, of);
    if (found === null)
      return unknown(() => ({ need: asked, reason: `ask ${option.provider} what share of time it promises` }));
    if (found.share >= needs.availability) return passed;
    return failed(() => ({
      need: asked,
      have: percent(found.share),
      reason: `${option.provider} answers ${percent(found.share)} of the time (${found.from}): a second one beside it could fill in`,
      turnsAt: { path: 'needs.availability', value: found.share },
    }));
  },
};

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
