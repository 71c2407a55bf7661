import { promptToHold } from '../cost/prompt.js';
import { foundTokens } from '../cost/task-trace.js';
import { capabilityOf, nameOf, type Option, proseNames } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { reasoningTokens } from '../places/service-trace.js';
import { countWords, fixedWords, isAtLeast, wordsBeside } from '../units/numeric.js';
import { probabilityAtLeast } from '../units/statistics.js';
import { isNamed } from '../workload/source.js';
import { type CapabilityNeed, longestPrompt, type TaskPart, type Workload } from '../workload/workload.js';
import {
  condition,
  failed,
  type Gate,
  indexTurn,
  inputTurn,
  mayRun,
  needTurn,
  outputTurn,
  passed,
  passedWith,
  unknown,
} from './rule.js';

/** The best that a factor reaches; the worst is 0. */
export const fullScore = 100;

/** Probability that the option has what the task needs, from both bands. */
export function capabilityScore(
  option: Parameters<typeof capabilityOf>[0] & Pick<Option, 'family' | 'lossAt50'>,
  { needs }: Pick<TaskPart, 'needs'>,
): number | null {
  const index = capabilityOf(option);
  if (index === null) return null;
  const { need, low, high, named } = needs.capability;
  // Whatever its index may be, a model is as good as itself.
  if (named !== undefined && named.family === option.family && named.mode === option.mode && option.lossAt50 === 0)
    return fullScore;
  return (
    fullScore *
    probabilityAtLeast({ middle: index.have, low: index.low, high: index.high }, { middle: need, low, high })
  );
}

/** The model is capable enough in its mode, and may think if it does. */
export const capability: Gate = {
  id: 'capability',
  level: 'model',
  check(option, taskPart, context) {
    const { needs, task } = taskPart;
    const model = () => proseNames(option, context.tables).model;
    if (option.mode === 'thinking' && !needs.thinkingAllowed) {
      return failed(() => {
        // Allowed to think, it may still not be capable enough.
        const allowed = capability.check(
          option,
          { ...taskPart, needs: { ...needs, thinkingAllowed: true } },
          context,
          null,
        );
        const isEnough = mayRun(allowed);
        const { reason, figures } = allowed.why();
        return {
          need: 'answers without thinking',
          have: 'thinks first',
          reason: `${model()} thinks first, which ${task} does not allow${isEnough ? '' : `; ${reason}`}`,
          turnsAt: isEnough ? { path: `tasks.${task}.thinking`, value: 'allowed' } : null,
          ...(!isEnough && { figures }),
        };
      });
    }
    const { need, text } = needs.capability;
    const index = capabilityOf(option);
    if (index === null)
      return unknown(() => ({
        need: `capability ${text}`,
        reason: `no index is known for ${model()}: test it on your own samples`,
      }));
    const { have, gateAt, low, high } = index;
    if (setsTheBar(option, needs, context)) return passed;
    const followed = isAtLeast(gateAt, need) ? null : barTakenOver(option, needs, context);
    if (followed !== null)
      return condition(() => ({
        need: `capability ${text}`,
        have: pointWords(have),
        todos: [
          `test ${model()} on your own samples of ${task}: no public score of it was found, and it is taken to be as good as ${nameOf('model', followed, context.tables)}, which it follows`,
        ],
        figures: { have, need },
      }));
    if (!isAtLeast(gateAt, need)) {
      return failed(() => {
        const [judged, wanted] = wordsBeside(need, gateAt, pointWords);
        const scored = gateAt === have ? judged : `${pointWords(have)} and is judged by its low end, ${judged}`;
        return {
          need: `capability ${text}`,
          have: judged,
          reason: `${model()} scores ${scored}, ${task} needs ${wanted}`,
          turnsAt: indexTurn(taskPart, gateAt),
          figures: { have: gateAt, need, ...(gateAt !== have && { scores: have }) },
        };
      });
    }
    if (need <= low || need >= high) return passed;
    return condition(() => ({
      need: `capability ${text}`,
      have: gateAt.toFixed(1),
      todos: [
        `test ${model()} on your own samples of ${task}: ${gateAt.toFixed(1)} against ${need.toFixed(1)} is a close call`,
      ],
      figures: { have: gateAt, need },
    }));
  },
};

/** Whether it is the model named as the bar, in the same mode and no smaller form. */
const setsTheBar = (option: Option, { capability: { named } }: TaskPart['needs'], context: Context): boolean =>
  named !== undefined && option.family === named.family && isInItsForm(option, named, context);

/** The model named as the bar, if this one's index was taken over from it, in that mode and form; null: not so. */
function barTakenOver(option: Option, { capability: { named } }: TaskPart['needs'], context: Context): string | null {
  if (named === undefined || option.capability?.method !== `predecessor:${named.family}`) return null;
  return isInItsForm(option, named, context) ? named.family : null;
}

function isInItsForm(
  { mode, quantization, lossAt50 }: Option,
  named: NonNullable<CapabilityNeed['named']>,
  { workload, tables }: Context,
): boolean {
  if (mode !== named.mode) return false;
  const least = workload.assume('namedModelBits');
  return (
    lossAt50 === 0 ||
    tables.quantization.every(({ scheme, bitsPerWeight }) => scheme !== quantization || (bitsPerWeight ?? 0) >= least)
  );
}

const pointWords = fixedWords(1);

/**
 * Prompt and answer, reasoning included, fit the model's context and its longest answer: the mean prompt, or the
 * longest given by the user; otherwise less than usual room gives a warning. Where the tables have no limit on an
 * answer, one that every model writes passes, and a longer one with a warning.
 */
export const context: Gate = {
  id: 'context',
  level: 'model',
  check(option, taskPart, { workload, tables }) {
    const written = taskPart.tokens.output + reasoningTokens(option, taskPart, workload);
    const { tokens } = taskPart;
    const need = promptToHold(option.family, taskPart, { workload, tables }) + written;
    const { contextTokens, maxOutputTokens, provider, model } = option;
    if (contextTokens === null)
      return unknown(() => ({
        need: `${Math.ceil(need)} tokens of context`,
        reason: `ask how long a prompt ${model} takes`,
      }));
    const longest = maxOutputTokens ?? Number.POSITIVE_INFINITY;
    const tooLong = (who: string): string => `${who} writes at most ${longest} tokens`;
    if (contextTokens < need) {
      return failed(() => ({
        need: `${Math.ceil(need)} tokens of context`,
        have: `${contextTokens} tokens`,
        reason: `${model} holds ${contextTokens} tokens${longest < written ? `; ${tooLong('it')}` : ''}`,
        figures: { have: contextTokens, need: Math.ceil(need), ...(longest < written && { writes: longest }) },
        turnsAt:
          longest < written
            ? null
            : inputTurn(taskPart, Math.floor(contextTokens - (need - longestPrompt(tokens)) - foundTokens(workload))),
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
    const usual = taskPart.needs.contextTokens;
    if (tokens.most === null && contextTokens < usual)
      return passedWith(() => ({
        need: `${Math.ceil(usual)} tokens of context`,
        warning: {
          code: 'context-tight',
          message: `${model} holds ${countWords(contextTokens)} tokens, where prompts longer than the mean of ${countWords(Math.ceil(tokens.input))} usually take up to ${countWords(Math.ceil(usual))} for ${taskPart.task}: say the longest one under tokens.maxInput`,
          figures: { have: contextTokens, mean: Math.ceil(tokens.input), usual: Math.ceil(usual) },
        },
      }));
    return passed;
  },
};

const licenseNeed = 'a license for commercial use';

/** Own weights may be used for the purpose; the license of an API is its provider's. */
export const license: Gate = {
  id: 'license',
  level: 'model',
  check(option) {
    const { license, model } = option;
    switch (license) {
      case 'yes':
      case 'hosted':
        return passed;
      case 'no':
        return failed(() => ({
          need: licenseNeed,
          have: 'non-commercial license',
          reason: `the license of ${model} forbids commercial use`,
        }));
      case 'unknown':
        return unknown(() => ({ need: licenseNeed, reason: `ask the maker of ${model} about its license` }));
      case 'conditional':
        return condition(() => ({ need: licenseNeed, have: 'license with conditions', todos: [conditionsOf(option)] }));
    }
  },
};

/** Requirements of the license, by the tables. */
function conditionsOf({ model, fleet, onDevices }: Option): string {
  const row = (fleet?.weights ?? onDevices)?.model ?? null;
  const name = row?.license ?? null;
  const license = name === null ? `the license of ${model}` : `the ${name} license of ${model}`;
  const terms = row?.licenseTerms ?? null;
  return terms === null ? `check the conditions of ${license}` : `check ${license}: ${terms}`;
}

/**
 * The model takes what the task sends. The tables do not rate reading of images: a model weak with text counts as weak
 * there, unless it is named.
 */
export const modality: Gate = {
  id: 'modality',
  level: 'model',
  check(option, taskPart, context) {
    const { modalities, model } = option;
    const { needs } = taskPart;
    const missing = needs.modalities.filter((one) => !modalities.includes(one));
    if (missing.length === 0) {
      const have = needs.modalities.includes('image') ? (capabilityOf(option)?.gateAt ?? null) : null;
      if (have === null || setsTheBar(option, needs, context)) return passed;
      const floor = context.workload.assume('visionTextFloor');
      if (isAtLeast(have, floor)) return passed;
      return failed(() => {
        const [judged, wanted] = wordsBeside(floor, have, pointWords);
        return {
          need: `reads images: at least ${wanted} on the text index, as none for images is known`,
          have: judged,
          reason: `${model} takes images, but scores ${judged} with text; below ${wanted} a model is assumed to read images badly`,
          figures: { have, need: floor },
          turnsAt: { path: 'assumptions.visionTextFloor', value: have },
        };
      });
    }
    return failed(() => ({
      need: `takes ${needs.modalities.join(' and ')}`,
      have: modalities.join(' and '),
      reason: `${model} takes no ${missing.join(', ')}`,
      turnsAt: missing.join() === 'image' ? needTurn(taskPart, 'vision') : null,
    }));
  },
};

/**
 * A model made for one purpose serves that alone, as its index is for nothing else; for any purpose if named or in use.
 */
export const madeFor: Gate = {
  id: 'made-for',
  level: 'model',
  check(option, { task, needs }, { workload: { rules, today } }) {
    const { capability, family, model } = option;
    const purpose = capability?.madeFor ?? null;
    if (purpose === null || purpose === needs.madeFor || needs.capability.named?.family === family) return passed;
    if (rules.onlyModels.some((name) => isNamed(name, option))) return passed;
    if (today !== null && [family, model].some((name) => name !== null && `${today.option}/`.includes(`/${name}/`)))
      return passed;
    return failed(() => ({
      need: `a model for ${task}`,
      have: `made for ${purpose}`,
      reason: `${model} is made for ${purpose}, and its index tells little of ${task}`,
    }));
  },
};

const toolsNeed = 'calls tools';

/** The model calls tools, if the task has it do so. */
export const tools: Gate = {
  id: 'tools',
  level: 'model',
  asks: ({ needs }) => needs.tools,
  check({ capability, model }, taskPart) {
    if (!taskPart.needs.tools) return passed;
    const turnsAt = () => needTurn(taskPart, 'tools');
    switch (capability?.toolUse ?? 'unknown') {
      case 'yes':
        return passed;
      case 'no':
        return failed(() => ({
          need: toolsNeed,
          have: 'no tools',
          reason: `${model} calls no tools`,
          turnsAt: turnsAt(),
        }));
      case 'unknown':
        return unknown(() => ({
          need: toolsNeed,
          reason: `nobody says whether ${model} calls tools: test it on your own`,
          turnsAt: turnsAt(),
        }));
    }
  },
};

/**
 * Share of answers that fail, by the capability index of a model (NaN: unknown, all of them): `failureAtNeed` at the
 * need, half of it every `halvingPoints` above that; at most 1. For ordering, not a forecast: both are estimates from
 * item curves of public benchmarks.
 */
export function failedShareOf(
  { needs }: Pick<TaskPart, 'needs'>,
  { assume }: Pick<Workload, 'assume'>,
): (index: number) => number {
  const [atNeed, halving] = [assume('failureAtNeed'), assume('halvingPoints')];
  const { need } = needs.capability;
  return (index) => (Number.isNaN(index) ? 1 : Math.min(1, atNeed * 2 ** ((need - index) / halving)));
}

/** The same of an option. */
export const failedShare = (
  option: Option,
  taskPart: Pick<TaskPart, 'needs'>,
  workload: Pick<Workload, 'assume'>,
): number => failedShareOf(taskPart, workload)(capabilityOf(option)?.have ?? Number.NaN);
