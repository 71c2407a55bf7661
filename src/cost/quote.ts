import { nearest, suggestion } from '../scenario/suggest.js';
import type { ApiRow, DateText } from '../tables/rows.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { introductionEnded, pricesOn } from './prices-on.js';
import { type PromptTier, promptTier } from './prompt-tier.js';

/** Version of the document a quote is. */
const schemaVersion = '1.0.0';
const tokensPerPrice = 1e6;
const significantDigits = 12;

/** How a usage record counts its input: cached and written tokens within it, or beside it. */
export type CountingConvention = 'inclusive' | 'exclusive';
export const countingConventions = ['inclusive', 'exclusive'] as const satisfies readonly CountingConvention[];

/** One call to be billed, in tokens. `cachedTokens` were read from the prompt cache, `cacheWriteTokens` written to it. */
export type Call = {
  provider: string;
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

export type QuotePart = {
  /** As in an assessment: `tokens.input`, `tokens.cached`, `tokens.cacheWrite`, `tokens.output`. */
  part: string;
  /** Tokens of all the calls. */
  quantity: number;
  /** Unit of `rate`. */
  unit: 'USD per 1e6 tokens';
  rate: number;
  /** USD: quantity x rate / 1e6. */
  amount: number;
  /** The row the rate comes from, and that row's source. */
  source: string;
};

/** A bill and its parts, in USD with 12 significant digits. */
export type Quote = {
  schemaVersion: string;
  total: number;
  currency: 'USD';
  parts: QuotePart[];
  provider: string;
  model: string;
  /** Date of the prices. */
  snapshot: DateText;
  /** The day the calls are billed on. */
  at: DateText;
  batch: boolean;
  convention: CountingConvention;
  requests: number;
  /** What the tables remark about the row: where sources differ, when it was last seen. */
  note: string | null;
  warnings: { code: string; message: string }[];
};

/** A price per 1e6 tokens, and what to tell about it where the tables do not state it. */
type Rate = { usdPerMTok: number; warning: Problem | null };
type Tokens = { fresh: number; cached: number; write: number; output: number; prompt: number };

/**
 * What a call costs, exactly as the provider's price list has it:
 *
 *     (fresh x p_in + cached x p_cached + written x p_write + output x p_out) / 1e6, times the number of calls
 *
 * at the prices of the day, of the tier of the whole prompt, and of the batch tariff if asked for. A cached or write
 * price that is not known is the input price, with a warning; a batch price that is not known is an error, since no
 * price we could take instead is one. Warnings are among the problems too. Never throws.
 *
 * @example
 * quote(tables, { provider: 'openai', model: 'gpt-4', inputTokens: 500, outputTokens: 500 }).quote?.total // 0.045
 */
export function quote(tables: Tables, call: Call, prose?: Prose): { quote: Quote | null; problems: Problem[] } {
  const row = findRow(tables, call.provider, call.model);
  const problems = [...('problem' in row ? [row.problem] : []), ...mistakes(call)];
  if ('problem' in row || problems.length > 0) return { quote: null, problems };

  const at = call.at ?? tables.snapshot.date;
  const onDay = pricesOn(row, at);
  const batch = call.batch ?? false;
  if (batch && (onDay.batchInputUsdPerMTok === null || onDay.batchOutputUsdPerMTok === null))
    return { quote: null, problems: [noBatchPrice(tables, row)] };

  const tokens = tokensOf(call);
  const rates = ratesOf(onDay, promptTier(onDay, tokens.prompt), batch);
  const requests = call.requests ?? 1;
  const { source, date, note } = prose?.({ table: 'api', row: row.row }) ?? { source: '', date: '', note: '' };
  const origin = [`api row ${row.row + 1}`, source + (date === '' ? '' : ` (${date})`)].filter((part) => part !== '');
  const lines = (['input', 'cached', 'cacheWrite', 'output'] as const).flatMap((name) => {
    const count = { input: tokens.fresh, cached: tokens.cached, cacheWrite: tokens.write, output: tokens.output }[name];
    if (count === 0) return [];
    const { usdPerMTok, warning } = rates[name];
    const usd = (count * requests * usdPerMTok) / tokensPerPrice;
    const part: QuotePart = {
      part: `tokens.${name}`,
      quantity: rounded(count * requests),
      unit: 'USD per 1e6 tokens',
      rate: rounded(usdPerMTok),
      amount: rounded(usd),
      source: origin.join(': '),
    };
    return [{ part, usd, warning }];
  });
  const warnings = [
    ...lines.flatMap(({ warning }) => (warning === null ? [] : [warning])),
    ...aboutTheDay(row, tables.snapshot.date, call.at ?? null),
    ...aboutTheSize(row, tokens),
  ];
  return {
    quote: {
      schemaVersion,
      total: rounded(lines.reduce((sum, { usd }) => sum + usd, 0)),
      currency: 'USD',
      parts: lines.map(({ part }) => part),
      provider: row.provider,
      model: row.modelId,
      snapshot: tables.snapshot.date,
      at,
      batch,
      convention: call.convention ?? 'inclusive',
      requests,
      note: note === '' ? null : note,
      warnings: warnings.map(({ code, message }) => ({ code, message })),
    },
    problems: warnings,
  };
}

/** Doubles carry 15 digits; 12 of them make 0.1 + 0.2 what a person would write. */
const rounded = (value: number): number => Number(value.toPrecision(significantDigits));

function tokensOf({ inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, convention }: Call): Tokens {
  const beside = cachedTokens + cacheWriteTokens;
  const prompt = convention === 'exclusive' ? inputTokens + beside : inputTokens;
  return { fresh: prompt - beside, cached: cachedTokens, write: cacheWriteTokens, output: outputTokens, prompt };
}

function ratesOf(
  row: ApiRow,
  tier: PromptTier,
  batch: boolean,
): Record<'input' | 'cached' | 'cacheWrite' | 'output', Rate> {
  const known = (usdPerMTok: number): Rate => ({ usdPerMTok, warning: null });
  const batchInput = (row.batchInputUsdPerMTok ?? row.inputUsdPerMTok) * tier.inputRatio;
  const batchOutput = (row.batchOutputUsdPerMTok ?? row.outputUsdPerMTok) * tier.outputRatio;
  const input = batch ? batchInput : tier.input;
  const name = `${row.provider}/${row.modelId}`;

  const ofCache = (usdPerMTok: number | null, kind: 'cached' | 'cache-write'): Rate => {
    const tokens = kind === 'cached' ? 'cached tokens' : 'tokens written to the cache';
    if (usdPerMTok === null) {
      const message = `the tables know no ${kind} price of ${name}: ${tokens} are billed as other input`;
      return { usdPerMTok: input, warning: warning(`no-${kind}-price`, message) };
    }
    const tiered = usdPerMTok * tier.inputRatio;
    if (!batch) return known(tiered);
    if (tier.input === 0) return known(tiered);
    const message =
      `the tables know no ${kind} price of ${name} within a batch: ${tokens} are billed at the ${kind} price times ` +
      `batch price / input price (${decimal(batchInput)} / ${decimal(tier.input)}); some providers give no discount on them`;
    return {
      usdPerMTok: (tiered * batchInput) / tier.input,
      warning: warning(`no-batch-${kind}-price`, message),
    };
  };
  return {
    input: known(input),
    cached: ofCache(row.cachedInputUsdPerMTok, 'cached'),
    cacheWrite: ofCache(row.cacheWriteUsdPerMTok, 'cache-write'),
    output: known(batch ? batchOutput : tier.output),
  };
}

const decimal = (value: number): string => String(rounded(value));

function aboutTheDay(row: ApiRow, snapshot: DateText, asked: DateText | null): Problem[] {
  const at = asked ?? snapshot;
  const found: Problem[] = [];
  if (asked !== null && asked < (row.effectiveFrom ?? ''))
    found.push(
      warning(
        'price-not-yet-in-force',
        `this price holds from ${row.effectiveFrom}, not on ${asked}`,
        '--pricing names an earlier snapshot',
      ),
    );
  else if (asked !== null && asked < snapshot)
    found.push(
      warning(
        'earlier-than-prices',
        `these are prices of ${snapshot}; on ${asked} they may have been others`,
        '--pricing names an earlier snapshot',
      ),
    );
  if (row.until !== null && !introductionEnded(row, at)) {
    const next = `${row.nextInputUsdPerMTok} in and ${row.nextOutputUsdPerMTok} out per 1e6 tokens`;
    found.push(
      warning('introductory-price', `the price is an introductory one until ${row.until}, then ${next}`, '--at <date>'),
    );
  }
  if (row.retires !== null && at.slice(0, row.retires.length) >= row.retires)
    found.push(warning('retired', `${row.provider}/${row.modelId} is not on sale from ${row.retires}`));
  return found;
}

function aboutTheSize({ contextWindow, maxOutput, ...row }: ApiRow, { prompt, output }: Tokens): Problem[] {
  const name = `${row.provider}/${row.modelId}`;
  const found: Problem[] = [];
  if (contextWindow !== null && prompt > contextWindow)
    found.push(warning('beyond-context', `${prompt} tokens are more than ${name} takes (${contextWindow})`));
  if (maxOutput !== null && output > maxOutput)
    found.push(warning('beyond-max-output', `${output} tokens are more than ${name} writes at once (${maxOutput})`));
  return found;
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;

function mistakes(call: Call): Problem[] {
  const { inputTokens, cachedTokens = 0, cacheWriteTokens = 0, outputTokens, requests = 1, at, convention } = call;
  const counts = Object.entries({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens, requests });
  const bad = counts.filter(([, value]) => !Number.isFinite(value) || value < 0);
  const found = bad.map(([path, value]) => error('bad-number', path, `${path} is ${value}; expected a number from 0`));
  if (bad.length === 0 && convention !== 'exclusive' && cachedTokens + cacheWriteTokens > inputTokens) {
    const parts = [
      ...(cachedTokens > 0 ? [`${cachedTokens} cached`] : []),
      ...(cacheWriteTokens > 0 ? [`${cacheWriteTokens} written`] : []),
    ];
    found.push(
      error(
        'cached-exceeds-input',
        'cachedTokens',
        `${parts.join(' and ')} of ${inputTokens} input tokens: the part is larger than the whole`,
        'give the whole prompt as input, or say --convention exclusive if cached tokens are counted beside it',
      ),
    );
  }
  if (at !== undefined && !isoDate.test(at)) found.push(error('bad-date', 'at', `"${at}" is not a date as YYYY-MM-DD`));
  return found;
}

/** The row of a model at a provider, by their exact names; else what is wrong, and what was probably meant. */
function findRow(tables: Tables, provider: string, model: string): ApiRow | { problem: Problem } {
  const ofProvider = tables.api.filter((row) => row.provider === provider);
  const row = ofProvider.find(({ modelId }) => modelId === model);
  if (row) return row;
  const date = tables.snapshot.date;
  if (ofProvider.length === 0) {
    const providers = [...new Set(tables.api.map((each) => each.provider))].sort();
    const near = nearest(provider, providers);
    const message = `no prices per token of a provider "${provider}" on ${date}`;
    const hint = near === null ? `providers: ${providers.join(', ')}` : `did you mean \`${near}\`?`;
    return { problem: error('unknown-provider', 'provider', message, hint) };
  }
  const elsewhere = [...new Set(tables.api.filter(({ modelId }) => modelId === model).map((each) => each.provider))];
  const message = `no price of a model "${model}" at ${provider} on ${date}`;
  const hint =
    elsewhere.length > 0
      ? `sold under that name by ${elsewhere.join(', ')}`
      : suggestion(
          model,
          ofProvider.map(({ modelId }) => modelId),
          'models',
        );
  return { problem: error('unknown-model', 'model', message, hint) };
}

function noBatchPrice(tables: Tables, row: ApiRow): Problem {
  const others = tables.api.filter(
    (other) =>
      other.family === row.family && other.batchInputUsdPerMTok !== null && other.batchOutputUsdPerMTok !== null,
  );
  return error(
    'no-batch-price',
    'batch',
    `the tables of ${tables.snapshot.date} know no batch price of ${row.provider}/${row.modelId}; that is not the same as none or the full price`,
    others.length === 0
      ? 'quote it without batch'
      : `quote it without batch, or at ${others.map((other) => `${other.provider}/${other.modelId}`).join(', ')}`,
  );
}

const found = (severity: Problem['severity'], code: string, path: string, message: string, hint: string | null) => ({
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
const error = (code: string, path: string, message: string, hint: string | null = null): Problem =>
  found('error', code, path, message, hint);
const warning = (code: string, message: string, hint: string | null = null): Problem =>
  found('warning', code, '', message, hint);
