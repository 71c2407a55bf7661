import { foundTokens } from '../cost/slice-trace.js';
import { reasoningTokens } from '../places/tokens-written.js';
import { countWords } from '../units/format.js';
import { promptWithin } from '../workload/context-need.js';
import { failed, type Gate, passed, passedWith, unknown } from './gate.js';
import { inputTurn, outputTurn } from './turns.js';

/**
 * Prompt and answer, reasoning included, fit the model's context and its longest answer. Where the tables do not say how
 * long an answer a provider lets a model write, one that every model writes passes, and a longer one with a warning.
 */
export const context: Gate = {
  id: 'context',
  level: 'model',
  check(option, taskPart, { workload, tables }) {
    const written = taskPart.tokens.output + reasoningTokens(option, taskPart, workload);
    const { contextTokens: usual, presetContext } = taskPart.needs;
    const taken = taskPart.tokens.longestInput + written;
    const need = Math.max(usual, taken);
    const { contextTokens, maxOutputTokens, provider, model } = option;
    if (contextTokens === null)
      return unknown(() => ({
        need: `${Math.ceil(need)} tokens of context`,
        reason: `ask how long a prompt ${model} takes`,
      }));
    const longest = maxOutputTokens ?? Number.POSITIVE_INFINITY;
    const tooLong = (who: string): string => `${who} writes at most ${longest} tokens`;
    if (contextTokens < need) {
      const room = () => (usual > taken ? `, ${Math.ceil(usual)} leave room for prompts longer than the mean` : '');
      return failed(() => ({
        need: `${Math.ceil(need)} tokens of context`,
        have: `${contextTokens} tokens`,
        reason: `${model} holds ${contextTokens} tokens${room()}${longest < written ? `; ${tooLong('it')}` : ''}`,
        figures: { have: contextTokens, need: Math.ceil(need), ...(longest < written && { writes: longest }) },
        turnsAt:
          longest < written
            ? null
            : inputTurn(
                taskPart,
                Math.min(
                  Math.floor(contextTokens - written - foundTokens(workload)),
                  promptWithin(presetContext, contextTokens),
                ),
              ),
      }));
    }
    if (longest < written) {
      return failed(() => ({
        need: `${Math.ceil(written)} tokens of answer`,
        have: `${longest} tokens`,
        reason: tooLong(model),
        figures: { have: longest, need: Math.ceil(written) },
        turnsAt: written === taskPart.tokens.output ? outputTurn(taskPart, longest) : null,
      }));
    }
    if (option.api !== null && maxOutputTokens === null && written > tables.surelyWritten) {
      const tokens = Math.ceil(written);
      return passedWith(() => ({
        need: `${tokens} tokens of answer`,
        warning: {
          code: 'answer-limit-unknown',
          message: `ask ${provider} whether ${model} writes ${countWords(tokens)} tokens at once, reasoning included: the tables do not know its longest answer`,
          figures: { tokens },
        },
      }));
    }
    return passed;
  },
};
