import {
  kvBytesPerSequence,
  maxSequences,
  neededBytes,
  usableBytes,
  weightBytes,
} from '../../../src/capacity/memory.js';
import type { Formula } from '../formula.js';
import type { Inputs } from '../inputs.js';
import type { Quantity, Unit } from '../unit.js';

/** Elements of one token's keys and values in plain attention: 2 x layers x KV heads x head size (all heads: MHA; one: MQA). */
const kvElements = (layers: number, kvHeads: number, headDim: number): number => 2 * layers * kvHeads * headDim;

/** Elements of one token's latent in multi-head latent attention: layers x (rank + rotary part), one for keys and values. */
const latentElements = (layers: number, kvLoraRank: number, ropeHeadDim: number): number =>
  layers * (kvLoraRank + ropeHeadDim);

const gb = 1e9;
const weightNames =
  'parameters_billion parameters bits bits_per_parameter bytes_per_parameter weights_gb weights_bytes';
const cacheNames =
  'layers kv_heads heads head_dim hidden_size attention bytes_per_element bits_per_element kv_bytes_per_token ' +
  'window_layers window_tokens state_elements kv_lora_rank qk_rope_head_dim tokens batch sequences';
const cardNames = 'gpu_memory_gb chip_memory_gb gpu_memory_gib usable_fraction gpus chips';

const hasWeights = (inputs: Inputs): boolean => weightNames.split(' ').some((name) => inputs.has(name));

/** Billions of parameters. */
export const parametersB = (inputs: Inputs): number =>
  inputs.has('parameters') ? inputs.number('parameters') / 1e9 : inputs.number('parameters_billion');

export function weightsOf(inputs: Inputs): number {
  if (inputs.has('weights_bytes', 'weights_gb'))
    return inputs.has('weights_bytes') ? inputs.number('weights_bytes') : inputs.number('weights_gb') * gb;
  const bits = inputs.has('bytes_per_parameter')
    ? inputs.number('bytes_per_parameter') * 8
    : inputs.number('bits', 'bits_per_parameter', 'bytes_per_parameter');
  return weightBytes({ paramsTotalB: parametersB(inputs) }, bits);
}

/** Bytes of a card, decimal or binary as its name says. */
const hasCard = (inputs: Inputs): boolean => inputs.has('gpu_memory_gb', 'chip_memory_gb', 'gpu_memory_gib');
function cardBytes(inputs: Inputs): number {
  const fraction = inputs.or(1, 'usable_fraction');
  const gib = inputs.has('gpu_memory_gib')
    ? inputs.number('gpu_memory_gib')
    : (inputs.number('gpu_memory_gb', 'chip_memory_gb') * gb) / 2 ** 30;
  return usableBytes({ memoryGib: gib, usableMemoryFraction: fraction }, 1, reserve(inputs));
}

/** A case states its activations; the engine computes them. Both are taken off a card before anything else. */
const reserve = (inputs: Inputs) => ({
  runtimeGbPerGpu: inputs.or(0, 'activation_gb_per_gpu') + inputs.or(0, 'runtime_gb_per_gpu'),
});

/** Bytes as such, as cards that hold them, or as a share of one. */
function onCards(bytes: number, inputs: Inputs, unit: Unit): Quantity {
  if (unit.kind === 'count') return { value: bytes / cardBytes(inputs), kind: 'count' };
  const cards = inputs.or(1, 'gpus', 'chips');
  if (unit.kind === 'share') return { value: bytes / cards / cardBytes(inputs), kind: 'share' };
  const isRest = hasCard(inputs) && /\b(left|free|remaining|headroom)\b/.test(unit.text.toLowerCase());
  return { value: isRest ? cards * cardBytes(inputs) - bytes : bytes, kind: 'bytes' };
}

/** Elements per token of layers that look at everything. */
function elementsPerToken(inputs: Inputs, layers: number): number {
  if (inputs.has('kv_lora_rank'))
    return latentElements(layers, inputs.number('kv_lora_rank'), inputs.or(0, 'qk_rope_head_dim'));
  const attention = inputs.word('attention');
  if (attention !== null && !['mha', 'gqa', 'mqa'].includes(attention))
    inputs.problem(`\`attention\` is "${attention}": write mha, gqa or mqa; of mla give \`kv_lora_rank\``);
  const own = attention === 'mqa' ? 1 : null;
  if (!inputs.has('hidden_size')) {
    const heads = own ?? (inputs.has('kv_heads') ? inputs.number('kv_heads') : inputs.number('heads', 'kv_heads'));
    return kvElements(layers, heads, inputs.number('head_dim'));
  }
  const hidden = inputs.number('hidden_size');
  // All heads together are as wide as the model.
  if (attention === 'mha' || (own === null && !inputs.has('kv_heads'))) {
    if (attention === 'gqa') inputs.number('kv_heads');
    return kvElements(layers, 1, hidden);
  }
  return kvElements(layers, own ?? inputs.number('kv_heads'), inputs.or(hidden / inputs.or(1, 'heads'), 'head_dim'));
}

/** Bytes of one sequence's cache. */
function cacheBytes(inputs: Inputs, tokens: number): number {
  if (inputs.has('kv_bytes_per_token')) return inputs.number('kv_bytes_per_token') * tokens;
  const bits = inputs.has('bits_per_element')
    ? inputs.number('bits_per_element')
    : 8 * inputs.number('bytes_per_element');
  const windowed = inputs.or(0, 'window_layers');
  return (
    kvBytesPerSequence(
      {
        kvElemsPerTokenFull: elementsPerToken(inputs, inputs.number('layers')),
        kvElemsPerTokenWindowed: windowed > 0 ? elementsPerToken(inputs, windowed) : 0,
        stateElemsPerSeq: inputs.or(0, 'state_elements'),
        slidingWindowTokens: windowed > 0 ? inputs.number('window_tokens') : null,
      },
      tokens,
      bits,
    ) ?? Number.NaN
  );
}

function cacheOf(inputs: Inputs, unit: Unit): Quantity {
  if (unit.tokens !== null) {
    const tokens = inputs.or(1, 'tokens');
    return { value: cacheBytes(inputs, tokens) / tokens, kind: 'bytes', token: true };
  }
  const sequences = inputs.or(1, 'batch', 'sequences');
  return onCards(sequences * cacheBytes(inputs, inputs.or(1, 'tokens')), inputs, unit);
}

const otherNames = 'activation_gb runtime_gb other_gb';
const otherBytes = (inputs: Inputs): number =>
  gb * (inputs.or(0, 'activation_gb') + inputs.or(0, 'runtime_gb') + inputs.or(0, 'other_gb'));

const cache = (title: string): Formula => ({ title, takes: `${cacheNames} ${cardNames}`, of: cacheOf });

export const memoryFormulas: Record<string, Formula> = {
  M1: {
    title: 'weights: parameters x bits / 8',
    takes: `${weightNames} overhead_factor ${cardNames}`,
    of: (inputs, unit) => onCards(weightsOf(inputs) * inputs.or(1, 'overhead_factor'), inputs, unit),
  },
  M2: cache('cache of keys and values'),
  M3: cache('cache of multi-head latent attention'),
  M4: cache('cache of mixed layers'),
  M5: {
    title: 'memory: weights + sequences x cache',
    takes: `${weightNames} ${cacheNames} kv_bytes_total overhead_factor ${otherNames} ${cardNames}`,
    of: (inputs, unit) => {
      const sequences = inputs.or(1, 'batch', 'sequences');
      const whole = inputs.has('kv_bytes_total');
      const perSequence = whole ? inputs.number('kv_bytes_total') : cacheBytes(inputs, inputs.or(1, 'tokens'));
      const need = neededBytes(weightsOf(inputs), whole ? 1 : sequences, perSequence, otherBytes(inputs));
      return onCards(need * inputs.or(1, 'overhead_factor'), inputs, unit);
    },
  },
  M6: {
    title: 'sequences that fit beside the weights',
    takes: `${weightNames} ${cacheNames} ${cardNames} activation_gb_per_gpu runtime_gb_per_gpu paged_overhead copies`,
    of: (inputs) => ({
      value: maxSequences(
        inputs.or(1, 'gpus', 'chips') * cardBytes(inputs),
        hasWeights(inputs) ? weightsOf(inputs) : 0,
        cacheBytes(inputs, inputs.number('tokens')),
        inputs.or(1, 'paged_overhead'),
        inputs.or(1, 'copies'),
      ),
      kind: 'count',
    }),
  },
};
