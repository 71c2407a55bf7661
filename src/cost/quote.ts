import type { ApiRow, DateText } from '../tables/rows.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { type Call, type CountingConvention, callProblems, callTokens } from './call.js';
import { pricesOn } from './prices-on.js';
import { quoteError } from './quote-problem.js';
import { quoteRates } from './quote-rates.js';
import { dayWarnings, leftOutWarnings, sizeWarnings } from './quote-warnings.js';
import { quotedRow } from './quoted-row.js';
import { tokenBill } from './token-bill.js';

/** Version of the document a quote is. */
const schemaVersion = '1.0.0';
const significantDigits = 12;

export type QuotePart = {
  /** As in an assessment: `tokens.input`, `tokens.cached`, `tokens.cacheWrite`, `tokens.output`. */
  part: string;
  /** Tokens of all the calls together. */
  quantity: number;
  /** The unit of `rate`. */
  unit: 'USD per 1e6 tokens';
  rate: number;
  /** USD: quantity x rate / 1e6. */
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
  /** The day the calls are billed on. */
  at: DateText;
  batch: boolean;
  convention: CountingConvention;
  requests: number;
  /** What the tables remark on the row: where its sources differ, when it retires. */
  note: string | null;
  warnings: { code: string; message: string }[];
};

/**
 * What a call costs by the provider's price list:
 *
 *     (input x p_in + cached x p_cached + written x p_write + output x p_out) / 1e6 x calls
 *
 * at the prices of the day, the tier of the whole prompt, and the batch tariff if asked for; input is what is neither
 * read from the cache nor written to it. Tariffs that the tables do not know are told, never guessed in silence: a batch
 * price that is not known is an error. `problems` holds the warnings too. Never throws.
 *
 * @param prose where rows come from; without it a part names its row alone
 * @example
 * quote(tables, { provider, model, inputTokens: 500, outputTokens: 500 }).quote?.total // 0.045 at 30 and 60
 */
export function quote(tables: Tables, call: Call, prose?: Prose): { quote: Quote | null; problems: Problem[] } {
  const { row, ...looked } = quotedRow(tables, call.provider, call.model);
  const errors = [...('problem' in looked ? [looked.problem] : []), ...callProblems(call)];
  if (row === null || 'problem' in looked || errors.length > 0) return { quote: null, problems: errors };

  const { requests = 1, batch = false } = call;
  const at = call.at ?? tables.snapshot.date;
  const tokens = callTokens(call);
  const rates = quoteRates(pricesOn(row, at), tokens.prompt, batch);
  if (rates === null) return { quote: null, problems: [noBatchPrice(tables, row)] };

  const { source, date, note } = prose?.({ table: 'api', row: row.row }) ?? { source: '', date: '', note: '' };
  const origin = `api row ${row.row + 1}${source && `: ${source}`}${date && ` (${date})`}`;
  const billed = tokenBill(tokens, (part) => rates[part].usdPerMTok, requests).map((line) => ({
    ...line,
    ...rates[line.part],
  }));
  const problems = [
    ...looked.warnings,
    ...billed.flatMap(({ warning }) => warning ?? []),
    ...dayWarnings(row, tables.snapshot.date, call.at ?? null),
    ...sizeWarnings(row, tokens),
    ...leftOutWarnings(row),
  ];
  return {
    quote: {
      schemaVersion,
      total: rounded(billed.reduce((sum, { usd }) => sum + usd, 0)),
      currency: 'USD',
      parts: billed.map(({ part, quantity, usdPerMTok, usd }) => ({
        part: `tokens.${part}`,
        quantity,
        unit: 'USD per 1e6 tokens',
        rate: rounded(usdPerMTok),
        amount: rounded(usd),
        source: origin,
      })),
      provider: row.provider,
      model: row.modelId,
      snapshot: tables.snapshot.date,
      at,
      batch,
      convention: call.convention ?? 'inclusive',
      requests,
      note: note === '' ? null : note,
      warnings: problems.map(({ code, message }) => ({ code, message })),
    },
    problems,
  };
}

/** A double holds 15 digits of a decimal and its product a few units less: 12 of them are the decimal result. */
const rounded = (value: number): number => Number(value.toPrecision(significantDigits));

function noBatchPrice(tables: Tables, { provider, modelId, family }: ApiRow): Problem {
  const others = tables.api
    .filter((row) => row.family === family && row.batchInputUsdPerMTok !== null && row.batchOutputUsdPerMTok !== null)
    .map((row) => `${row.provider}/${row.modelId}`);
  return quoteError(
    'no-batch-price',
    'batch',
    `the tables of ${tables.snapshot.date} know no batch price of ${provider}/${modelId}, and the full price is not one`,
    others.length === 0 ? 'bill it without batch' : `known for ${others.join(', ')}`,
  );
}
