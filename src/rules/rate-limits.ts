import { countWords } from '../units/format.js';
import { passed, passedWith } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/**
 * A provider takes the requests of the busiest minute. The tables know no limits: what is usual passes, and more passes
 * with a warning that says what to ask.
 */
export const rateLimits: PlanGate = {
  id: 'rate-limits',
  check({ requestsPerMinute }, { assume }) {
    const usual = assume('apiRequestsPerMinuteUnasked');
    const over = [...requestsPerMinute].filter(([, most]) => most > usual);
    if (over.length === 0) return passed;
    return passedWith(() => ({
      need: `${over.map(([provider, most]) => `${provider} takes ${countWords(most)} requests a minute`).join(', ')}`,
      warning: {
        code: 'rate-limit-unknown',
        message: `${over
          .map(
            ([provider, most]) => `ask ${provider} whether it takes ${countWords(most)} requests in the busiest minute`,
          )
          .join(', ')}: the tables know no rate limits`,
        figures: Object.fromEntries(over),
      },
    }));
  },
};
