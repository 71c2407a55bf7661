import { lognormalFrom, type ThreePointEstimate, triangularQuantile } from '../../../src/units/statistics.js';
import type { Formula } from '../formula.js';
import type { Inputs } from '../inputs.js';

/** Mean of a PERT distribution, Beta(1 + 4(m - a)/(b - a), 1 + 4(b - m)/(b - a)) on [a, b]: (a + 4m + b)/6. */
const pertMean = ({ low, likely, high }: ThreePointEstimate): number => (low + 4 * likely + high) / 6;

const band = (inputs: Inputs) => ({
  low: inputs.number('low'),
  likely: inputs.number('likely'),
  high: inputs.number('high'),
});

export const chanceFormulas: Record<string, Formula> = {
  U1: {
    title: 'triangular distribution',
    takes: 'low likely high share',
    of: (inputs) => ({ value: triangularQuantile(band(inputs), inputs.number('share')), kind: 'count' }),
  },
  U2: {
    title: 'mean of a PERT distribution',
    takes: 'low likely high',
    of: (inputs) => ({ value: pertMean(band(inputs)), kind: 'count' }),
  },
  U3: {
    title: 'lognormal distribution from two percentiles: sigma',
    takes: 'p10 p90',
    of: (inputs, unit) => {
      const { mu, sigma } = lognormalFrom(inputs.number('p10'), inputs.number('p90'));
      return { value: /^mu\b/.test(unit.text.toLowerCase()) ? mu : sigma, kind: 'count' };
    },
  },
};
