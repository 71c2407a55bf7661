import { holds } from './claims.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';
import { untunedTurn } from './turns.js';

const need = 'serves a model tuned for the purpose';

/** A tuned model is a set of weights of one's own: machines of any kind load them, an API only if its provider offers to. */
export const fineTuning: Gate = {
  id: 'fine-tuning',
  level: 'provider',
  asks: ({ needs }) => needs.fineTuning,
  check(option, taskPart, context) {
    if (!taskPart.needs.fineTuning || option.license !== 'hosted') return passed;
    const { state, todos } = holds('option:tuned-models', option, taskPart.needs, context);
    const { provider } = option;
    const turnsAt = () => untunedTurn(taskPart);
    switch (state) {
      case 'passed':
        return passed;
      case 'condition':
        return condition(() => ({ need, have: 'by arrangement', todos }));
      case 'failed':
        return failed(() => ({
          need,
          have: 'serves models as released',
          reason: `${provider} serves no models tuned by its customers`,
          turnsAt: turnsAt(),
        }));
      case 'unknown':
        return unknown(() => ({
          need,
          reason: `ask ${provider} whether it serves models tuned by its customers, and at what price`,
          turnsAt: turnsAt(),
        }));
    }
  },
};
