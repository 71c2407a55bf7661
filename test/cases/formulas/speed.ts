import { usdPerMillion } from '../../../src/cost/rented.js';
import type { Formula } from '../formula.js';
import type { Inputs } from '../inputs.js';
import {
  bandwidthUtilization,
  criticalBatch,
  type DecodeStep,
  decodeBytesPerS,
  decodeStepBoundS,
  flopsUtilization,
  prefillBoundS,
  type RooflineCards,
  tokensPerS,
} from '../textbook/roofline.js';
import type { Quantity, Unit } from '../unit.js';
import { parametersB, weightsOf } from './memory.js';

const gb = 1e9;
const tera = 1e12;
const cardNames =
  'chips gpus flops_per_chip flops hbm_bytes_per_s_per_chip hbm_bytes_per_s bandwidth_gb_s peak_bandwidth_tb_s mfu mbu ' +
  'tensor_parallel_efficiency';

/** Peak bytes a second of a card. */
export const bandwidth = (inputs: Inputs): number => {
  if (inputs.has('peak_bandwidth_tb_s')) return inputs.number('peak_bandwidth_tb_s') * tera;
  if (inputs.has('bandwidth_gb_s')) return inputs.number('bandwidth_gb_s') * gb;
  return inputs.number('hbm_bytes_per_s_per_chip', 'hbm_bytes_per_s');
};
const hasBandwidth = (inputs: Inputs): boolean =>
  inputs.has('peak_bandwidth_tb_s', 'bandwidth_gb_s', 'hbm_bytes_per_s_per_chip', 'hbm_bytes_per_s');
const hasFlops = (inputs: Inputs): boolean => inputs.has('flops_per_chip', 'flops');

/** A rate that is not given does not bind. */
const cardsOf = (inputs: Inputs, needs: 'compute' | 'reading'): RooflineCards => ({
  cards: inputs.or(1, 'chips', 'gpus'),
  flopsPerS:
    needs === 'compute' || hasFlops(inputs) ? inputs.number('flops_per_chip', 'flops') : Number.POSITIVE_INFINITY,
  bytesPerS: needs === 'reading' || hasBandwidth(inputs) ? bandwidth(inputs) : Number.POSITIVE_INFINITY,
  computeShare: inputs.or(1, 'mfu'),
  bandwidthShare: inputs.or(1, 'mbu'),
  splitShare: inputs.or(1, 'tensor_parallel_efficiency'),
});

export const byteNames = 'weights_bytes weights_gb weights_parameters bytes_per_parameter';

/** Bytes of the weights; parameters alone are of one byte each. */
export function stepWeights(inputs: Inputs): number {
  if (!inputs.has('weights_parameters') || inputs.has('weights_bytes', 'weights_gb')) return weightsOf(inputs);
  return inputs.number('weights_parameters') * inputs.or(1, 'bytes_per_parameter');
}

const parameterNames = 'active_parameters parameters parameters_billion';
const countOf = (inputs: Inputs): number =>
  inputs.has('active_parameters') ? inputs.number('active_parameters') : parametersB(inputs) * gb;
const hasCount = (inputs: Inputs): boolean => parameterNames.split(' ').some((name) => inputs.has(name));

function prefillOf(inputs: Inputs, unit: Unit): Quantity {
  const tokens = inputs.number('tokens', 'input_tokens');
  const seconds = prefillBoundS(
    {
      activeParameters:
        inputs.has('active_parameters') || !hasCount(inputs) ? inputs.number('active_parameters') : countOf(inputs),
      freshTokens: tokens * (1 - inputs.or(0, 'hit_share')),
      weightBytes: inputs.has('weights_bytes', 'weights_gb', 'weights_parameters') ? stepWeights(inputs) : 0,
    },
    cardsOf(inputs, 'compute'),
  );
  if (unit.kind === 'tokens') return { value: tokensPerS(tokens, seconds), kind: 'tokens', period: 'second' };
  if (unit.tokens !== null) return { value: seconds / tokens, kind: 'seconds', token: true };
  return { value: seconds, kind: 'seconds' };
}

function stepOf(inputs: Inputs): { seconds: number; step: DecodeStep; cards: number } {
  const weightBytes = stepWeights(inputs);
  const batch = inputs.or(1, 'batch');
  const cards = cardsOf(inputs, 'reading');
  // Without a count of their own the parameters are those of the weights, of one byte each unless told.
  const counted = inputs.has('weights_parameters')
    ? inputs.number('weights_parameters')
    : weightBytes / inputs.or(1, 'bytes_per_parameter');
  const step: DecodeStep = {
    weightBytes,
    cacheBytes: cacheOf(inputs, batch),
    activeParameters: hasCount(inputs) ? countOf(inputs) : counted,
    batch,
    fixedS: inputs.or(0, 'fixed_ms') / 1000,
  };
  return { seconds: decodeStepBoundS(step, cards), step, cards: cards.cards };
}

function cacheOf(inputs: Inputs, batch: number): number {
  if (inputs.has('kv_bytes_total')) return inputs.number('kv_bytes_total');
  if (!inputs.has('kv_bytes_per_token')) return 0;
  return inputs.number('kv_bytes_per_token') * inputs.number('context', 'tokens') * batch;
}

function decodeOf(inputs: Inputs, unit: Unit): Quantity {
  const { seconds, step, cards } = stepOf(inputs);
  // Each sequence of the batch gets one token a step.
  if (unit.kind === 'seconds' && unit.tokens !== null) return { value: seconds, kind: 'seconds', token: true };
  if (unit.kind === 'tokens') {
    const rate = tokensPerS(unit.request ? 1 : step.batch, seconds);
    return { value: unit.card ? rate / cards : rate, kind: 'tokens', period: 'second' };
  }
  return { value: seconds, kind: 'seconds' };
}

function throughputOf(inputs: Inputs, unit: Unit): Quantity {
  const measured = inputs.has('tokens_per_second');
  const step = inputs.has('step_ms') ? inputs.number('step_ms') / 1000 : null;
  const peak = measured
    ? inputs.number('tokens_per_second')
    : tokensPerS(inputs.number('batch', 'tokens_per_second'), step ?? inputs.number('step_seconds', 'step_ms'));
  const rate = peak * inputs.or(1, 'utilization');
  const cards = inputs.or(1, 'gpus', 'chips');
  if (unit.kind !== 'usd') return { value: unit.card ? rate / cards : rate, kind: 'tokens', period: 'second' };
  const usdPerHour = inputs.number('usd_per_gpu_hour', 'usd_per_hour') * (inputs.has('usd_per_hour') ? 1 : cards);
  if (unit.period !== null) return { value: usdPerHour, kind: 'usd', period: 'hour' };
  // USD alone are those of 1M tokens, as such prices go.
  const usd = usdPerMillion(usdPerHour, rate);
  return unit.tokens === null ? { value: usd, kind: 'usd' } : { value: usd / 1e6, kind: 'usd', token: true };
}

function utilizationOf(inputs: Inputs, unit: Unit): Quantity {
  if (inputs.has('tokens_per_second') && hasFlops(inputs)) {
    const flops = cardsOf(inputs, 'compute');
    return {
      value: flopsUtilization(countOf(inputs), inputs.number('tokens_per_second'), flops.flopsPerS * flops.cards),
      kind: 'share',
    };
  }
  const bytes = stepWeights(inputs) + inputs.or(0, 'kv_gb') * gb + inputs.or(0, 'kv_bytes_total');
  const tpotS = inputs.has('tpot_seconds') ? inputs.number('tpot_seconds') : inputs.number('tpot_ms') / 1000;
  if (unit.kind === 'bytes') return { value: decodeBytesPerS(bytes, tpotS), kind: 'bytes', period: 'second' };
  return {
    value: bandwidthUtilization(bytes, tpotS, bandwidth(inputs) * inputs.or(1, 'chips', 'gpus')),
    kind: 'share',
  };
}

export const speedFormulas: Record<string, Formula> = {
  R1: {
    title: 'prefill: 2 x active parameters x tokens / (cards x FLOP/s x MFU)',
    takes: `tokens input_tokens hit_share ${parameterNames} ${byteNames} ${cardNames}`,
    of: prefillOf,
  },
  R2: {
    title: 'decode step: the larger of reading and computing, plus the cache',
    takes: `${byteNames} bits bits_per_parameter ${parameterNames} kv_bytes_total kv_bytes_per_token context tokens batch fixed_ms ${cardNames}`,
    of: decodeOf,
  },
  R3: {
    title: 'throughput: batch / step; USD/h / tokens an hour',
    takes: 'batch step_seconds step_ms tokens_per_second utilization usd_per_gpu_hour usd_per_hour gpus chips',
    of: throughputOf,
  },
  R4: {
    title: 'critical batch: FLOP/s x bytes per weight / (2 x bytes/s)',
    takes: `bytes_per_parameter bits_per_parameter ${cardNames}`,
    of: (inputs) => ({
      value: criticalBatch(
        inputs.number('flops', 'flops_per_chip'),
        bandwidth(inputs),
        inputs.has('bits_per_parameter')
          ? inputs.number('bits_per_parameter') / 8
          : inputs.number('bytes_per_parameter'),
      ),
      kind: 'count',
    }),
  },
  R5: {
    title: 'utilization: bytes per token / TPOT / bandwidth, or 2 x parameters x tokens/s / FLOP/s',
    takes: `${byteNames} bits kv_gb kv_bytes_total tpot_ms tpot_seconds tokens_per_second ${parameterNames} ${cardNames}`,
    of: utilizationOf,
  },
};
