import type { CostCurve } from './curve.js';
import type { Formula } from './line.js';
import { times } from './rising.js';

const tokensPerPrice = 1e6;

/** Which price of a row is paid; `batch` ones are those of the batch tariff. */
export type PriceName = 'input' | 'output' | 'cached' | 'write' | 'batchInput' | 'batchOutput';

/** Tokens that all requests bring, or only those that find their prefix, or miss it, and what is paid for them. */
export type Charged = { requests: 'all' | 'hits' | 'misses'; tokens: number; kind: TokenKind; price: PriceName };
export type TokenKind = 'input' | 'fresh' | 'prefix' | 'output' | 'reasoning';

/** One charge of an API bill, as a curve over the requests a day of one slice, and the tokens it is for. */
export type TokenCharge = {
  part: string;
  curve: CostCurve;
  working: Formula;
  /** Of retries: none, as they are a share of all other charges. */
  charged: readonly Charged[];
};

export type ChargedTokens = { input: number; prefix: number; output: number; reasoning: number };

/** USD per 1e6 tokens; see `tokenPrices`. */
type Prices = {
  input: number;
  output: number;
  cached: number | null;
  write: number | null;
  batch: { input: number; output: number } | null;
};

const formula = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
const formulas = {
  input: formula(
    'tokens.input',
    'Input tokens',
    'requests/month x input tokens not read from the cache x USD per 1e6 tokens / 1e6',
  ),
  cached: formula(
    'tokens.cached',
    'Cached input tokens',
    'requests/month that find the prefix x prefix tokens x cached price per 1e6 / 1e6',
  ),
  write: formula(
    'tokens.cacheWrite',
    'Cache writes',
    'requests/month that miss the prefix x prefix tokens x write price per 1e6 / 1e6',
  ),
  output: formula(
    'tokens.output',
    'Output tokens',
    'requests/month x visible output tokens x USD per 1e6 tokens / 1e6',
  ),
  reasoning: formula(
    'tokens.reasoning',
    'Reasoning tokens',
    'requests/month x reasoning tokens x output price per 1e6 / 1e6',
  ),
  retries: formula(
    'tokens.retries',
    'Retried calls',
    'retry rate x all token charges: a retried call is billed in full',
  ),
} satisfies Record<string, Formula>;

const line = (perUnit: number): CostCurve => ({ fixed: 0, perUnit, terms: [] });
const never = () => 0;

/**
 * The bill of one slice at a provider that charges per token, part by part (docs/model.md, API bill):
 *
 *     fresh input x p_in + hits x prefix x p_cached + misses x prefix x (p_write or p_in) + (output + reasoning) x p_out
 *
 * Caching is used where a cached price is known, the prefix is long enough, and it does not cost more at this volume.
 * Work with a deadline takes the batch tariff where one is known; an unknown batch price means no batch.
 *
 * @param monthlyPerDaily requests of an average month per request a day
 * @param hits requests of a month that find their prefix, by requests a day; never falls
 * @param volume requests a day at which it is decided whether caching pays
 */
export function tokenCharges(
  tokens: ChargedTokens,
  prices: Prices,
  use: {
    batch: boolean;
    cacheMinTokens: number;
    retryRate: number;
    monthlyPerDaily: number;
    hits(requestsPerDay: number): number;
    volume: number;
  },
): TokenCharge[] {
  const { monthlyPerDaily, hits, volume } = use;
  const batch = use.batch ? prices.batch : null;
  const input = batch?.input ?? prices.input;
  const output = batch?.output ?? prices.output;
  const usd = (count: number, price: number) => (count * price) / tokensPerPrice;
  const perMonth = (count: number, price: number) => line(monthlyPerDaily * usd(count, price));

  const { cached } = prices;
  const miss = prices.write ?? input;
  const hitShare = hits(volume) / Math.max(Number.MIN_VALUE, monthlyPerDaily * volume);
  const caches =
    batch === null &&
    cached !== null &&
    tokens.prefix > 0 &&
    tokens.prefix >= use.cacheMinTokens &&
    hitShare * cached + (1 - hitShare) * miss <= input;
  const [inputPrice, outputPrice] =
    batch === null ? (['input', 'output'] as const) : (['batchInput', 'batchOutput'] as const);
  const every = (kind: TokenKind, count: number, price: PriceName): Charged[] => [
    { requests: 'all', tokens: count, kind, price },
  ];
  const charges: TokenCharge[] = [];
  const put = (working: Formula, curve: CostCurve, charged: readonly Charged[]) =>
    charges.push({ part: working.id, curve, working, charged });
  if (!caches) put(formulas.input, perMonth(tokens.input, input), every('input', tokens.input, inputPrice));
  else {
    const saved = (price: number): CostCurve => ({
      fixed: 0,
      perUnit: monthlyPerDaily * usd(tokens.prefix, price),
      terms: [{ is: 'smooth', up: never, down: times(hits, usd(tokens.prefix, price)) }],
    });
    const fresh = perMonth(tokens.input - tokens.prefix, input);
    const missed = saved(miss);
    const again: Charged = {
      requests: 'misses',
      tokens: tokens.prefix,
      kind: 'prefix',
      price: prices.write === null ? 'input' : 'write',
    };
    const unread = every('fresh', tokens.input - tokens.prefix, 'input');
    if (prices.write !== null) put(formulas.input, fresh, unread);
    else {
      const both = { fixed: 0, perUnit: fresh.perUnit + missed.perUnit, terms: missed.terms };
      put(formulas.input, both, [...unread, again]);
    }
    put(
      formulas.cached,
      {
        fixed: 0,
        perUnit: 0,
        terms: [{ is: 'smooth', up: times(hits, usd(tokens.prefix, cached)), down: never }],
      },
      [{ requests: 'hits', tokens: tokens.prefix, kind: 'prefix', price: 'cached' }],
    );
    if (prices.write !== null) put(formulas.write, missed, [again]);
  }
  put(formulas.output, perMonth(tokens.output, output), every('output', tokens.output, outputPrice));
  if (tokens.reasoning > 0)
    put(formulas.reasoning, perMonth(tokens.reasoning, output), every('reasoning', tokens.reasoning, outputPrice));
  if (use.retryRate > 0) put(formulas.retries, retries(charges, use.retryRate), []);
  return charges;
}

/** A share of the calls is made twice. */
function retries(charges: readonly TokenCharge[], rate: number): CostCurve {
  const curve: CostCurve = { fixed: 0, perUnit: 0, terms: [] };
  for (const { curve: of } of charges) {
    curve.perUnit += rate * of.perUnit;
    for (const term of of.terms) {
      if (term.is === 'smooth')
        curve.terms.push({ is: 'smooth', up: times(term.up, rate), down: times(term.down, rate) });
    }
  }
  return curve;
}
