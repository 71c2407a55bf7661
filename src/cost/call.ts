import type { DateText } from '../tables/rows.js';
import type { Problem } from '../units/problem.js';
import { quoteError } from './quote-problem.js';

/** How a usage record counts its input: cached and written tokens within it, or beside it. */
export type CountingConvention = 'inclusive' | 'exclusive';

/** One call to be billed, in tokens. `cachedTokens` were read from the prompt cache, `cacheWriteTokens` written to it. */
export type Call = {
  provider: string;
  /** Its id in the tables, or another name of the provider for it. */
  model: string;
  /** With `convention` inclusive (the default) all of the prompt; exclusive: the part neither read nor written. */
  inputTokens: number;
  cachedTokens?: number;
  cacheWriteTokens?: number;
  /** Reasoning included: it is billed as output. */
  outputTokens: number;
  convention?: CountingConvention;
  /** At the tariff for work that may wait. */
  batch?: boolean;
  /** The day of the call, `YYYY-MM-DD`: introductory prices end. Default: the day of the snapshot. */
  at?: DateText;
  /** How many such calls; default 1. */
  requests?: number;
};

/** The tokens of a call by what they cost; `prompt` is all of its input, whichever way it was counted. */
export type CallTokens = { input: number; cached: number; cacheWrite: number; output: number; prompt: number };

/** Splits a call's input into what is read from the cache, written to it, and neither. */
export function callTokens(call: Call): CallTokens {
  const { inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, convention } = call;
  const others = cachedTokens + cacheWriteTokens;
  const prompt = convention === 'exclusive' ? inputTokens + others : inputTokens;
  return { input: prompt - others, cached: cachedTokens, cacheWrite: cacheWriteTokens, output: outputTokens, prompt };
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;

/** All that is wrong with a call, whatever it costs. */
export function callProblems(call: Call): Problem[] {
  const { inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, requests = 1, at, convention } = call;
  const counts = Object.entries({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens, requests });
  const bad = counts.filter(([, value]) => !Number.isFinite(value) || value < 0);
  const problems = bad.map(([path, value]) =>
    quoteError('bad-number', path, `${path} is ${value}; expected a number from 0`),
  );
  if (bad.length === 0 && convention !== 'exclusive' && cachedTokens + cacheWriteTokens > inputTokens) {
    const parts = [
      ...(cachedTokens > 0 ? [`${cachedTokens} cached`] : []),
      ...(cacheWriteTokens > 0 ? [`${cacheWriteTokens} written`] : []),
    ];
    problems.push(
      quoteError(
        'cached-exceeds-input',
        'cachedTokens',
        `${parts.join(' and ')} of ${inputTokens} input tokens: the part is larger than the whole`,
        'give the whole prompt as input, or the convention exclusive if cached tokens are counted beside it',
      ),
    );
  }
  if (at !== undefined && !isoDate.test(at))
    problems.push(quoteError('bad-date', 'at', `"${at}" is not a date as YYYY-MM-DD`));
  return problems;
}
