import { serviceTiers } from '../tables/catalog-columns.js';
import type { DateText } from '../tables/columns.js';
import type { Problem } from '../units/problem.js';

/** Whether the input of a usage record includes cached and written tokens. */
export type CountingConvention = 'inclusive' | 'exclusive';

/** What a call can be billed by. */
export const callTiers = [...serviceTiers, 'batch'] as const;
export type CallTier = (typeof callTiers)[number];

export const tierOfCall = ({ tier, batch }: Pick<Call, 'tier' | 'batch'>): CallTier =>
  tier ?? (batch ? 'batch' : 'standard');

/** Whether a call says that it is sent as a batch and at a tier. */
export const isSentTwice = ({ tier, batch = false }: Pick<Call, 'tier' | 'batch'>): boolean =>
  batch && tier !== undefined && tier !== 'batch';

/**
 * One call to be billed, in tokens. `cacheWriteTokens` were written for the usual minutes, `cacheWrite1hTokens` for an
 * hour.
 */
export type Call = {
  provider: string;
  /** Its id in the tables, or another name of the provider for it. */
  model: string;
  /** `convention` inclusive (the default): all of the prompt; exclusive: the part neither read nor written. */
  inputTokens: number;
  cachedTokens?: number;
  cacheWriteTokens?: number;
  cacheWrite1hTokens?: number;
  /** Reasoning included: it is billed as output. */
  outputTokens: number;
  convention?: CountingConvention;
  /** At the tariff for work that may wait: the same as `tier: 'batch'`. */
  batch?: boolean;
  /** The service tier it is sent at, or `batch`; default: standard. */
  tier?: CallTier;
  /**
   * The day, `YYYY-MM-DD`, or the hour, `YYYY-MM-DDTHH:MMZ`, of the call. A day has the prices of its peak. Default:
   * the day of the snapshot.
   */
  at?: DateText;
  /** Regions of which one must process the call, such as `['eea']`; may cost more. Default: any. */
  residency?: readonly string[];
  /** Calls of tools that it makes, by the tool: `{'web-search': 2}`. */
  tools?: Readonly<Record<string, number>>;
  /** How many such calls; default 1. */
  requests?: number;
};

/** The tokens of a call by price; `prompt` is all of its input. */
export type CallTokens = {
  input: number;
  cached: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
  prompt: number;
};

/** Splits a call's input into cache reads, cache writes and the rest. */
export function callTokens(call: Call): CallTokens {
  const { inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, convention } = call;
  const { cacheWrite1hTokens = 0 } = call;
  const others = cachedTokens + cacheWriteTokens + cacheWrite1hTokens;
  const prompt = convention === 'exclusive' ? inputTokens + others : inputTokens;
  return {
    input: prompt - others,
    cached: cachedTokens,
    cacheWrite: cacheWriteTokens,
    cacheWrite1h: cacheWrite1hTokens,
    output: outputTokens,
    prompt,
  };
}

const isoDate = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\dZ)?$/;

/** All that is wrong with a call, whatever it costs. */
export function callProblems(call: Call): Problem[] {
  const { inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, requests = 1, at, convention } = call;
  const { cacheWrite1hTokens = 0 } = call;
  const written = cacheWriteTokens + cacheWrite1hTokens;
  const counts = Object.entries({
    inputTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens,
    requests,
    ...call.tools,
  });
  const bad = counts.filter(([, value]) => !Number.isFinite(value) || value < 0);
  const problems = bad.map(([path, value]) =>
    quoteError('bad-number', path, `${path} is ${value}; expected a number from 0`),
  );
  if (bad.length === 0 && convention !== 'exclusive' && cachedTokens + written > inputTokens) {
    const parts = [
      ...(cachedTokens > 0 ? [`${cachedTokens} cached`] : []),
      ...(written > 0 ? [`${written} written`] : []),
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
  const { tier } = call;
  if (tier !== undefined && !callTiers.includes(tier))
    problems.push(quoteError('unknown-tier', 'tier', `no tier is called "${tier}"`, `tiers: ${callTiers.join(', ')}`));
  else if (isSentTwice(call))
    problems.push(
      quoteError('contradiction', 'batch', `a call is sent as a batch or at the ${tier} tier: leave one out`),
    );
  if (at !== undefined && !isoDate.test(at))
    problems.push(quoteError('bad-date', 'at', `"${at}" is not a date as YYYY-MM-DD, or YYYY-MM-DDTHH:MMZ`));
  return problems;
}

const problem = (severity: Problem['severity'], code: string, path: string, message: string, hint: string | null) => ({
  severity,
  code,
  file: '',
  line: null,
  column: null,
  path,
  message,
  suggestion: hint,
  excerpt: null,
});

/** What keeps a call from being billed; `path` is the field of the call it is about. */
export const quoteError = (code: string, path: string, message: string, hint: string | null = null): Problem =>
  problem('error', code, path, message, hint);

/** What to know about a bill. */
export const quoteWarning = (code: string, message: string, hint: string | null = null): Problem =>
  problem('warning', code, '', message, hint);
