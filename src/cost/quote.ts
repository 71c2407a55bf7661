import type { ApiRow, DateText } from '../tables/columns.js';
import { apiRowsNamed, findApiRow } from '../tables/query.js';
import { regionsWithin } from '../tables/rules.js';
import { inTier } from '../tables/service-tiers.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { nearest } from '../units/problem.js';
import {
  type Call,
  type CallTier,
  type CallTokens,
  type CountingConvention,
  callProblems,
  callTokens,
  quoteError,
  quoteWarning,
  tierOfCall,
} from './call.js';
import { feeAt, toolCalled, usdAt } from './extras.js';
import { introductionEnded, offPeakShareOfWeek, priceRatioAt, pricesOn, promptTier } from './token-prices.js';
import { listedUplift } from './token-trace.js';
import { type BilledPart, billedParts, type SideShares, tokenBill } from './tokens.js';

/** A price per 1e6 tokens, and a warning where the tables do not state it. */
type QuoteRate = { usdPerMTok: number; warning: Problem | null };
type QuoteRates = Record<BilledPart, QuoteRate>;

const nothing = { source: '', date: '', note: '' };
const known = (usdPerMTok: number): QuoteRate => ({ usdPerMTok, warning: null });

/**
 * The prices of a call at the tier of its prompt; null for a batch without a known price.
 *
 * An unknown price of cached or written tokens is that of other input. Within a batch none is published; the discount
 * is taken to hold for the whole bill: some providers say so, others discount no cached tokens.
 */
function quoteRates(row: ApiRow, promptTokens: number, batch: boolean): QuoteRates | null {
  const tier = promptTier(row, promptTokens);
  const name = `${row.provider}/${row.modelId}`;
  const { batchInputUsdPerMTok, batchOutputUsdPerMTok } = row;
  if (batch && (batchInputUsdPerMTok === null || batchOutputUsdPerMTok === null)) return null;
  const input = batch ? (batchInputUsdPerMTok ?? Number.NaN) * tier.inputRatio : tier.input;
  const output = batch ? (batchOutputUsdPerMTok ?? Number.NaN) * tier.outputRatio : tier.output;

  const ofCache = (usdPerMTok: number | null, kind: string, tokens: string): QuoteRate => {
    if (usdPerMTok === null) {
      const message = `the tables know no ${kind} price of ${name}: ${tokens} are billed as other input`;
      return { usdPerMTok: input, warning: quoteWarning(`no-${kind}-price`, message) };
    }
    const online = usdPerMTok * tier.inputRatio;
    if (!batch || tier.input === 0) return known(online);
    const message =
      `the tables know no ${kind} price of ${name} within a batch: ${tokens} are taken to have the same discount as ` +
      'other input, which some providers give and others do not';
    return {
      usdPerMTok: (online * input) / tier.input,
      warning: quoteWarning(`no-batch-${kind}-price`, message),
    };
  };
  return {
    input: known(input),
    cached: ofCache(row.cachedInputUsdPerMTok, 'cached', 'cached tokens'),
    cacheWrite: ofCache(row.cacheWriteUsdPerMTok, 'cache-write', 'tokens written to the cache'),
    cacheWrite1h: ofCache(row.cacheWrite1hUsdPerMTok, 'cache-write-1h', 'tokens written to the cache for an hour'),
    output: known(output),
  };
}

/** The same of calls sent at a tier on a day; null: no price of it is known. */
export function ratesAt(row: ApiRow, tier: CallTier, at: DateText, promptTokens: number): QuoteRates | null {
  const billed = tier === 'flex' || tier === 'priority' ? inTier(row, tier) : row;
  return billed && quoteRates(pricesOn(billed, at.slice(0, isoDayLength)), promptTokens, tier === 'batch');
}

const earlier = '--pricing names an earlier snapshot';

/** Warnings on a call's day; `asked` null: none given, and the snapshot's day holds. */
export function dayWarnings(row: ApiRow, snapshot: DateText, at: DateText | null): Problem[] {
  const asked = at === null ? null : at.slice(0, isoDayLength);
  const day = asked ?? snapshot;
  const warnings: Problem[] = [];
  const { provider, modelId, effectiveFrom, until, retires } = row;
  if (asked !== null && effectiveFrom !== null && asked.slice(0, effectiveFrom.length) < effectiveFrom)
    warnings.push(
      quoteWarning('not-yet-in-force', `this price holds from ${effectiveFrom}, not yet on ${asked}`, earlier),
    );
  else if (asked !== null && asked < snapshot)
    warnings.push(
      quoteWarning('earlier-than-prices', `these are prices of ${snapshot}: on ${asked} others may have held`, earlier),
    );
  if (until !== null && !introductionEnded(row, day)) {
    const next =
      row.nextInputUsdPerMTok === null
        ? 'nobody has published what follows'
        : `then ${row.nextEstimated ? 'by estimate, as nobody has published it, ' : ''}${row.nextInputUsdPerMTok} in and ${row.nextOutputUsdPerMTok} out per 1e6 tokens`;
    const hint = '--at names the day of the calls';
    warnings.push(quoteWarning('introductory-price', `an introductory price until ${until}, ${next}`, hint));
  } else if (until !== null) warnings.push(quoteWarning('forecast-price', forecastText(row, snapshot)));
  if (retires !== null && day.slice(0, retires.length) >= retires)
    warnings.push(quoteWarning('retired', `${provider}/${modelId} is off sale from ${retires}`));
  return warnings;
}

const isoDayLength = 'YYYY-MM-DD'.length;

/** What is known of an introductory price that has ended since the tables were made. */
export function forecastText(row: ApiRow, snapshot: DateText): string {
  const was = `${row.inputUsdPerMTok} in and ${row.outputUsdPerMTok} out`;
  const ended = `the introductory price of ${was} ended on ${row.until}; what it costs now was not published by ${snapshot}, so`;
  if (row.nextInputUsdPerMTok === null) return `${ended} the old one is taken: check it`;
  return row.nextEstimated
    ? `${ended} an estimate is taken, the list price before it of ${row.nextInputUsdPerMTok} in and ${row.nextOutputUsdPerMTok} out per 1e6 tokens: check it`
    : `a forecast: ${row.nextInputUsdPerMTok} in and ${row.nextOutputUsdPerMTok} out after ${row.until} was announced by ${snapshot} and has not been checked since; before it was ${was}`;
}

/** The prices that it names, USD per 1e6 tokens. */
export const forecastFigures = (row: ApiRow): Record<string, number> => ({
  inputUsdPerMTok: row.inputUsdPerMTok,
  outputUsdPerMTok: row.outputUsdPerMTok,
  ...(row.nextInputUsdPerMTok !== null && { nextInputUsdPerMTok: row.nextInputUsdPerMTok }),
  ...(row.nextOutputUsdPerMTok !== null && { nextOutputUsdPerMTok: row.nextOutputUsdPerMTok }),
});

/** A call the model cannot take as it is. */
export function sizeWarnings({ contextWindow, maxOutput, ...row }: ApiRow, { prompt, output }: CallTokens): Problem[] {
  const name = `${row.provider}/${row.modelId}`;
  const warnings: Problem[] = [];
  if (contextWindow !== null && prompt > contextWindow)
    warnings.push(
      quoteWarning('beyond-context', `a prompt of ${prompt} tokens is more than ${name} takes: ${contextWindow}`),
    );
  if (maxOutput !== null && output > maxOutput)
    warnings.push(
      quoteWarning('beyond-max-output', `${output} output tokens are more than ${name} writes at once: ${maxOutput}`),
    );
  return warnings;
}

/** Charges and allowances that depend on more than one call, left out of its bill. */
export function leftOutWarnings(row: ApiRow, isBound: boolean, hasHour: boolean): Problem[] {
  const { regionalUpliftPct, regionalUplifts, freeTokensPerMonth, offPeakRatio } = row;
  const warnings: Problem[] = [];
  const most = Math.max(regionalUpliftPct ?? 0, ...regionalUplifts.map(({ input, output }) => Math.max(input, output)));
  if (!isBound && most > 0)
    warnings.push(
      quoteWarning(
        'regional-uplift',
        `an endpoint bound to a region costs ${most} % more`,
        '--residency names the region',
      ),
    );
  if (!hasHour && offPeakRatio !== null) {
    const even = 1 - offPeakShareOfWeek(row) * (1 - offPeakRatio);
    warnings.push(
      quoteWarning(
        'peak-price',
        `the price of peak hours; at other hours it is ${offPeakRatio} times that, and an even load pays ${even.toFixed(3)} of it`,
        '--at 2026-11-20T12:00Z names the hour',
      ),
    );
  }
  if (freeTokensPerMonth !== null && freeTokensPerMonth > 0)
    warnings.push(
      quoteWarning('free-tokens', `the first ${freeTokensPerMonth} tokens of a month are free; they are not taken off`),
    );
  return warnings;
}

const mostListed = 12;

/**
 * The row that bills a call, under any of the model's names at the provider; else what is wrong, with suggestions. A
 * similar name gets a warning.
 */
function quotedRow(
  tables: Tables,
  provider: string,
  model: string,
): { row: ApiRow; warnings: Problem[] } | { row: null; problem: Problem } {
  const row = findApiRow(tables, provider, model);
  const named = apiRowsNamed(tables, provider, model);
  if (row === null) return { row, problem: noRow(tables, provider, model) };
  const sure = named.some(({ bond }) => bond !== 'release' && bond !== 'family');
  return {
    row,
    warnings: sure ? [] : [quoteWarning('other-name', `"${model}" is billed as ${provider}/${row.modelId}`)],
  };
}

function noRow(tables: Tables, provider: string, model: string): Problem {
  const date = tables.snapshot.date;
  const ids = tables.api.filter((row) => row.provider === provider).map(({ modelId }) => modelId);
  if (ids.length === 0) {
    const providers = [...new Set(tables.api.map((row) => row.provider))].sort();
    const message = `nobody called "${provider}" sells tokens in the tables of ${date}`;
    return quoteError('unknown-provider', 'provider', message, meant(provider, providers, 'providers'));
  }
  const several = apiRowsNamed(tables, provider, model).map(({ row }) => row.modelId);
  if (several.length > 0) {
    const message = `"${model}" may be one of several models at ${provider} that cost differently`;
    return quoteError('ambiguous-model', 'model', message, `write one of ${several.join(', ')}`);
  }
  const elsewhere = [...new Set(tables.api.map((row) => row.provider))].filter(
    (other) => other !== provider && findApiRow(tables, other, model) !== null,
  );
  return quoteError(
    'unknown-model',
    'model',
    `${provider} sells no model "${model}" in the tables of ${date}`,
    nearest(model, ids) === null && elsewhere.length > 0
      ? `sold by ${elsewhere.sort().join(', ')}`
      : meant(model, ids, 'models'),
  );
}

function meant(word: string, names: readonly string[], noun: string): string {
  const near = nearest(word, names);
  if (near !== null) return `did you mean \`${near}\`?`;
  const listed = names.slice(0, mostListed).join(', ');
  return `${noun}: ${listed}${names.length > mostListed ? `, and ${names.length - mostListed} more` : ''}`;
}

/** Version of the document a quote is. */
const schemaVersion = '1.1.0';
const significantDigits = 12;

export type QuotePart = {
  /** `tokens.input`, `tokens.cached`, `tokens.cacheWrite`, `tokens.output`, `tools.web-search`. */
  part: string;
  /** Tokens of all the calls together. */
  quantity: number;
  /** The unit of `rate`. */
  unit: 'USD per 1e6 tokens' | 'USD per call' | 'USD per prompt';
  rate: number;
  /** USD: quantity x rate, of tokens / 1e6. */
  amount: number;
  /** The row the rate comes from, and where that row is from. */
  source: string;
};

/** A bill and its parts, in USD with 12 significant digits. */
export type Quote = {
  schemaVersion: string;
  total: number;
  currency: 'USD';
  parts: QuotePart[];
  provider: string;
  /** The model's id in the tables. */
  model: string;
  /** Date of the prices. */
  snapshot: DateText;
  /** The day, or the day and hour, the calls are billed on. */
  at: DateText;
  /** Regions one of which processes the calls; empty: wherever the provider likes. */
  residency: readonly string[];
  batch: boolean;
  /** The service tier the calls are sent at, or `batch`. */
  tier: CallTier;
  convention: CountingConvention;
  requests: number;
  /** What the tables remark on the row: where its sources differ, when it retires. */
  note: string | null;
  warnings: { code: string; message: string }[];
};

/**
 * The cost of a call by the provider's price list:
 *
 * (input x p_in + cached x p_cached + written x p_write + output x p_out) / 1e6 x calls
 *
 * at the prices of the day, the step of the whole prompt, and the service tier or batch tariff if requested; input is
 * neither read from the cache nor written to it. An unknown batch or tier price is an error. `problems` holds the
 * warnings too. Never throws.
 *
 * @param prose where rows come from; without it a part names its row alone
 * @example quote(tables, { provider, model, inputTokens: 500, outputTokens: 500 }).quote?.total // 0.045 at 30 and 60
 */
export function quote(tables: Tables, call: Call, prose?: Prose): { quote: Quote | null; problems: Problem[] } {
  const { row, ...looked } = quotedRow(tables, call.provider, call.model);
  const errors = [...('problem' in looked ? [looked.problem] : []), ...callProblems(call)];
  if (row === null || 'problem' in looked || errors.length > 0) return { quote: null, problems: errors };

  const { requests = 1 } = call;
  const tier = tierOfCall(call);
  const at = call.at ?? tables.snapshot.date;
  const tokens = callTokens(call);
  const listed = ratesAt(row, tier, at, tokens.prompt);
  if (listed === null) return { quote: null, problems: [noTierPrice(tables, row, tier)] };
  const { residency = [] } = call;
  const uplift = residency.length === 0 ? null : listedUplift(row, regionsWithin(residency, tables));
  const hasHour = at.length > isoDayLength;
  const rates = adjusted(listed, uplift ?? { input: 0, output: 0 }, hasHour ? priceRatioAt(row, at) : 1);

  const { source: listedBy, date: listedOn, note } = prose?.({ table: 'api', row: row.row }) ?? nothing;
  const tierRow = tier === 'flex' || tier === 'priority' ? row.tierRows?.[tier] : undefined;
  const own = tierRow === undefined ? null : (prose?.({ table: 'serviceTiers', row: tierRow }) ?? nothing);
  const [source, date] = own === null ? [listedBy, listedOn] : [own.source, own.date];
  const origin = `${tierRow === undefined ? `api row ${row.row + 1}` : `service-tiers row ${tierRow + 1}`}${source && `: ${source}`}${date && ` (${date})`}`;
  const billed = tokenBill(tokens, (part) => rates[part].usdPerMTok, requests).map((line) => ({
    ...line,
    ...rates[line.part],
  }));
  const called = toolParts(tables, row, call.tools ?? {}, requests, prose);
  const unknownFees = called.flatMap((one) => ('problem' in one ? [one.problem] : []));
  if (unknownFees.length > 0) return { quote: null, problems: unknownFees };
  const tools = called.flatMap((one) => ('problem' in one ? [] : [one]));
  const problems = [
    ...looked.warnings,
    ...billed.flatMap(({ warning }) => warning ?? []),
    ...dayWarnings(row, tables.snapshot.date, call.at ?? null),
    ...sizeWarnings(row, tokens),
    ...leftOutWarnings(row, residency.length > 0, hasHour),
  ];
  return {
    quote: {
      schemaVersion,
      total: rounded([...billed, ...tools].reduce((sum, { usd }) => sum + usd, 0)),
      currency: 'USD',
      parts: [
        ...billed.map(({ part, quantity, usdPerMTok, usd }) => ({
          part: `tokens.${part}`,
          quantity,
          unit: 'USD per 1e6 tokens' as const,
          rate: rounded(usdPerMTok),
          amount: rounded(usd),
          source: origin,
        })),
        ...tools.map(({ usd, ...part }) => ({ ...part, amount: rounded(usd) })),
      ],
      provider: row.provider,
      model: row.modelId,
      snapshot: tables.snapshot.date,
      at,
      residency,
      batch: tier === 'batch',
      tier,
      convention: call.convention ?? 'inclusive',
      requests,
      note: note === '' ? null : note,
      warnings: problems.map(({ code, message }) => ({ code, message })),
    },
    problems,
  };
}

type ToolPart = Omit<QuotePart, 'amount'> & { usd: number };

/** Calls of tools at the provider's fees; an error for one without a published fee. */
function toolParts(
  tables: Tables,
  { provider, family }: ApiRow,
  tools: Readonly<Record<string, number>>,
  requests: number,
  prose?: Prose,
): (ToolPart | { problem: Problem })[] {
  return Object.entries(tools).map(([tool, calls]) => {
    const row = feeAt(toolCalled(tool, tables), { provider, family }, tables);
    if (row === null) {
      const known = [...new Set(tables.fees.map((one) => `${one.tool} of ${one.provider}`))].join(', ');
      const message = `the tables of ${tables.snapshot.date} know no fee of ${provider} for calls of ${tool} by ${family}`;
      return { problem: quoteError('no-tool-fee', 'tools', message, `known: ${known}`) };
    }
    const usd = usdAt(row, calls) * requests;
    const isPerPrompt = row.unit === '1000 prompts';
    const { source, date } = prose?.({ table: 'fees', row: row.row }) ?? { source: '', date: '' };
    return {
      part: `tools.${row.tool}`,
      quantity: (isPerPrompt ? Math.min(1, calls) : calls) * requests,
      unit: isPerPrompt ? 'USD per prompt' : 'USD per call',
      rate: rounded(usdAt(row, 1)),
      source: `fees row ${row.row + 1}${source && `: ${source}`}${date && ` (${date})`}`,
      usd,
    };
  });
}

/** Rates with a region's surcharge, at an hour at which they are `ratio` times as high. */
const adjusted = (rates: QuoteRates, uplift: SideShares, ratio: number): QuoteRates =>
  Object.fromEntries(
    billedParts.map((part) => {
      const factor = (1 + (part === 'output' ? uplift.output : uplift.input)) * ratio;
      return [part, { ...rates[part], usdPerMTok: rates[part].usdPerMTok * factor }];
    }),
  ) as QuoteRates;

/** A double holds 15 digits of a decimal, a product a few less: 12 are exact. */
const rounded = (value: number): number => Number(value.toPrecision(significantDigits));

function noTierPrice(tables: Tables, { provider, modelId, family }: ApiRow, tier: CallTier): Problem {
  const has = (row: ApiRow) => ratesAt(row, tier, tables.snapshot.date, 0) !== null;
  const others = tables.api
    .filter((row) => row.family === family && has(row))
    .map((row) => `${row.provider}/${row.modelId}`);
  const without = tier === 'batch' ? 'bill it without batch' : 'bill it without --tier';
  return quoteError(
    `no-${tier}-price`,
    tier === 'batch' ? 'batch' : 'tier',
    `the tables of ${tables.snapshot.date} know no ${tier} price of ${provider}/${modelId}, and the full price is not one`,
    others.length === 0 ? without : `known for ${others.join(', ')}`,
  );
}
