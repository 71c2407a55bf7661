import type { CostCurve } from './curve.js';
import type { Formula } from './line.js';
import { times } from './rising.js';

const tokensPerPrice = 1e6;

/** One charge of an API bill, as a curve over the requests a day of one slice. */
export type TokenCharge = { part: string; curve: CostCurve; working: Formula };

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
  const charges: TokenCharge[] = [];
  if (!caches) charges.push({ part: 'tokens.input', curve: perMonth(tokens.input, input), working: formulas.input });
  else {
    const saved = (price: number): CostCurve => ({
      fixed: 0,
      perUnit: monthlyPerDaily * usd(tokens.prefix, price),
      terms: [{ is: 'smooth', up: never, down: times(hits, usd(tokens.prefix, price)) }],
    });
    const fresh = perMonth(tokens.input - tokens.prefix, input);
    const missed = saved(miss);
    charges.push({
      part: 'tokens.input',
      curve: prices.write === null ? { fixed: 0, perUnit: fresh.perUnit + missed.perUnit, terms: missed.terms } : fresh,
      working: formulas.input,
    });
    charges.push({
      part: 'tokens.cached',
      curve: {
        fixed: 0,
        perUnit: 0,
        terms: [{ is: 'smooth', up: times(hits, usd(tokens.prefix, cached)), down: never }],
      },
      working: formulas.cached,
    });
    if (prices.write !== null) charges.push({ part: 'tokens.cacheWrite', curve: missed, working: formulas.write });
  }
  charges.push({ part: 'tokens.output', curve: perMonth(tokens.output, output), working: formulas.output });
  if (tokens.reasoning > 0)
    charges.push({ part: 'tokens.reasoning', curve: perMonth(tokens.reasoning, output), working: formulas.reasoning });
  if (use.retryRate > 0)
    charges.push({ part: 'tokens.retries', curve: retries(charges, use.retryRate), working: formulas.retries });
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
