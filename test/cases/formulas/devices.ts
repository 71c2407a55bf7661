import { speculating, tokensPerVerification } from '../../../src/capacity/model-work.js';
import type { StepTimes } from '../../../src/capacity/step-times.js';
import type { Formula } from '../formula.js';
import { deviceServedShare, deviceTokensPerS, fitsDevice } from '../textbook/energy.js';
import { bandwidth, byteNames, stepWeights } from './speed.js';

const gb = 1e9;

/** An engine that does nothing but read the weights: it shows a lever's effect on what is done once an iteration. */
const readingOnly: StepTimes = {
  fixedS: 0,
  sequenceS: 0,
  weightsS: () => 1,
  decodeS: 0,
  prefillS: 0,
  linkS: 0,
  attentionS: () => 0,
  cacheS: () => 0,
};

export const deviceFormulas: Record<string, Formula> = {
  E2: {
    title: 'speed of a device: bandwidth x efficiency / (weights + cache)',
    takes: `bandwidth_gb_s ${byteNames} parameters_billion parameters bits bits_per_parameter kv_gb efficiency memory_gb usable_share`,
    of: (inputs, unit) => {
      const bytes = stepWeights(inputs) + inputs.or(0, 'kv_gb') * gb;
      if (unit.kind === 'share' || unit.kind === 'count')
        return {
          value: Number(fitsDevice(bytes, inputs.number('memory_gb') * gb, inputs.or(1, 'usable_share'))),
          kind: unit.kind,
        };
      return {
        value: deviceTokensPerS(bandwidth(inputs), inputs.or(1, 'efficiency'), bytes),
        kind: 'tokens',
        period: 'second',
      };
    },
  },
  E3: {
    title: 'share that devices serve: eligible x opted in x capable x up to date',
    takes: 'eligible opted_in capable up_to_date',
    of: (inputs) => ({
      value: deviceServedShare(
        inputs.number('eligible'),
        inputs.or(1, 'opted_in'),
        inputs.or(1, 'capable'),
        inputs.or(1, 'up_to_date'),
      ),
      kind: 'share',
    }),
  },
  S1: {
    title: 'speculative decoding: tokens per verification, and the speed-up',
    takes: 'alpha gamma draft_cost',
    of: (inputs, unit) => {
      const speculation = {
        acceptance: inputs.number('alpha'),
        tokens: inputs.number('gamma'),
        draftCost: inputs.or(0, 'draft_cost'),
      };
      if (unit.kind === 'tokens') return { value: tokensPerVerification(speculation), kind: 'tokens' };
      return { value: 1 / speculating(readingOnly, speculation).weightsS(1), kind: 'share' };
    },
  },
};
