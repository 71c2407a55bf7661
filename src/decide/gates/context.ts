import { reasoningTokens } from '../../placements/tokens-written.js';
import { failed, type Gate, passed, unknown } from './gate.js';

/** Prompt and answer, reasoning included, fit the model's context and its longest answer. */
export const context: Gate = {
  id: 'context',
  level: 'model',
  check(option, slice, { demand }) {
    const written = slice.tokens.output + reasoningTokens(option, slice, demand);
    const need = Math.max(slice.needs.contextTokens, slice.tokens.input + written);
    const { contextTokens, maxOutputTokens, model } = option;
    if (contextTokens === null) return unknown(`${Math.ceil(need)} tokens of context`, `ask how long a prompt ${model} takes`);
    if (contextTokens < need) return failed(`${Math.ceil(need)} tokens of context`, `${contextTokens} tokens`, `${model} holds ${contextTokens} tokens`);
    if (maxOutputTokens !== null && maxOutputTokens < written) {
      return failed(`${Math.ceil(written)} tokens of answer`, `${maxOutputTokens} tokens`, `${model} writes at most ${maxOutputTokens} tokens`);
    }
    return passed;
  },
};
