import type { Caching } from './cache-hits.js';
import { at, type CostCurve } from './curve.js';
import type { Formula } from './line.js';
import { type Rising, times } from './rising.js';

const tokensPerPrice = 1e6;

/** Which price of a row is paid; `batch` ones are those of the batch tariff. */
export type PriceName = 'input' | 'output' | 'cached' | 'write' | 'batchInput' | 'batchOutput';

/** Tokens of all requests, or of those that find their prefix, miss it, or do not look for it, and what is paid for them. */
export type Charged = {
  requests: 'all' | 'hits' | 'misses' | 'without caching';
  tokens: number;
  kind: TokenKind;
  price: PriceName;
};
export type TokenKind = 'input' | 'fresh' | 'prefix' | 'output' | 'reasoning';

/** One charge of an API bill, as a curve over the requests a day of one slice, and the tokens it is for. */
export type TokenCharge = {
  part: string;
  curve: CostCurve;
  working: Formula;
  charged: readonly Charged[];
  /** For what it is a share of all charges before it. */
  share: 'region' | 'retries' | null;
};

export type ChargedTokens = { input: number; prefix: number; output: number; reasoning: number };

/** USD per 1e6 tokens; see `tokenPrices`. */
type Prices = {
  input: number;
  output: number;
  cached: number | null;
  write: number | null;
  batch: { input: number; output: number } | null;
  weights: readonly number[] | null;
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
  region: formula(
    'tokens.region',
    'Endpoint bound to a region',
    'what such an endpoint costs above the list x all token charges',
  ),
  retries: formula(
    'tokens.retries',
    'Retried calls',
    'retry rate x all token charges: a retried call is billed in full',
  ),
} satisfies Record<string, Formula>;

/** Charges in the order of a bill. */
export const chargeOrder: readonly string[] = Object.values(formulas).map(({ id }) => id);

const line = (perUnit: number): CostCurve => ({ fixed: 0, perUnit, terms: [] });
const never = () => 0;
const less = (perUnit: number, down: Rising): CostCurve => ({
  ...line(perUnit),
  terms: [{ is: 'smooth', up: never, down }],
});

/**
 * The bill of one slice at a provider that charges per token, part by part (docs/model.md, API bill):
 *
 *     fresh input x p_in + hits x prefix x p_cached + misses x prefix x (p_write or p_in) + (output + reasoning) x p_out
 *
 * Caching is used where a cached price is known, the prefix is long enough, and in the months and at the volumes where it
 * does not cost more. Work with a deadline may take the batch tariff where one is known, and does unless a prompt read from
 * the cache costs less at once; an unknown batch price means no batch.
 *
 * @param requestsPerDay the volume at which the tariff is chosen
 * @param monthlyPerDaily requests of an average month per request a day
 * @param caching who finds the prefix, by the least share of hits at which that pays; see `cacheHits`
 */
export function tokenCharges(tokens: ChargedTokens, prices: Prices, use: Use): TokenCharge[] {
  const [batch, atOnce] = [use.batch ? prices.batch : null, () => chargesOf(tokens, prices, use, null)];
  if (batch === null) return atOnce();
  const batched = chargesOf(tokens, prices, use, batch);
  const cached = atOnce();
  const usd = (charges: readonly TokenCharge[]) =>
    charges.reduce((sum, { curve }) => sum + at(curve, use.requestsPerDay), 0);
  return usd(batched) <= usd(cached) ? batched : cached;
}

type Use = {
  batch: boolean;
  requestsPerDay: number;
  cacheMinTokens: number;
  /** What an endpoint bound to a region costs above the list, as a share. */
  regionalUplift: number;
  retryRate: number;
  monthlyPerDaily: number;
  caching(payingShare: number, weights: readonly number[] | null): Caching | null;
};

function chargesOf(tokens: ChargedTokens, prices: Prices, use: Use, batch: Prices['batch']): TokenCharge[] {
  const { monthlyPerDaily } = use;
  const input = batch?.input ?? prices.input;
  const output = batch?.output ?? prices.output;
  const usd = (count: number, price: number) => (count * price) / tokensPerPrice;
  const perMonth = (count: number, price: number) => line(monthlyPerDaily * usd(count, price));

  const mayCache = batch === null && tokens.prefix > 0 && tokens.prefix >= use.cacheMinTokens;
  const caching = mayCache ? use.caching(payingShare(prices), prices.weights) : null;
  const [inputPrice, outputPrice] =
    batch === null ? (['input', 'output'] as const) : (['batchInput', 'batchOutput'] as const);
  const of = (requests: Charged['requests'], count: number, kind: TokenKind, price: PriceName): Charged => ({
    requests,
    tokens: count,
    kind,
    price,
  });
  const charges: TokenCharge[] = [];
  const put = (working: Formula, curve: CostCurve, charged: readonly Charged[]) =>
    charges.push({ part: working.id, curve, working, charged, share: null });
  const putShare = (share: 'region' | 'retries', of: number) => {
    const working = formulas[share];
    if (of > 0) charges.push({ part: working.id, curve: shareOf(charges, of), working, charged: [], share });
  };
  if (caching === null || prices.cached === null)
    put(formulas.input, perMonth(tokens.input, input), [of('all', tokens.input, 'input', inputPrice)]);
  else {
    const { hits, looking } = caching;
    const { cached, write } = prices;
    const prefix = (price: number) => usd(tokens.prefix, price);
    /** Those that look for the prefix and do not find it. */
    const misses = (price: number): CostCurve =>
      looking === null
        ? less(monthlyPerDaily * prefix(price), times(hits, prefix(price)))
        : {
            fixed: 0,
            perUnit: 0,
            terms: [{ is: 'smooth', up: times(looking, prefix(price)), down: times(hits, prefix(price)) }],
          };
    const fresh = perMonth(tokens.input - tokens.prefix, input);
    const all = perMonth(tokens.input, input);
    const unread = of('all', tokens.input - tokens.prefix, 'fresh', 'input');
    if (write === null)
      put(formulas.input, less(all.perUnit, times(hits, prefix(input))), [
        unread,
        of('misses', tokens.prefix, 'prefix', 'input'),
      ]);
    else if (looking === null) put(formulas.input, fresh, [unread]);
    else
      put(formulas.input, less(all.perUnit, times(looking, prefix(input))), [
        unread,
        of('without caching', tokens.prefix, 'prefix', 'input'),
      ]);
    put(
      formulas.cached,
      { fixed: 0, perUnit: 0, terms: [{ is: 'smooth', up: times(hits, prefix(cached)), down: never }] },
      [of('hits', tokens.prefix, 'prefix', 'cached')],
    );
    if (write !== null) put(formulas.write, misses(write), [of('misses', tokens.prefix, 'prefix', 'write')]);
  }
  put(formulas.output, perMonth(tokens.output, output), [of('all', tokens.output, 'output', outputPrice)]);
  if (tokens.reasoning > 0)
    put(formulas.reasoning, perMonth(tokens.reasoning, output), [
      of('all', tokens.reasoning, 'reasoning', outputPrice),
    ]);
  putShare('region', use.regionalUplift);
  putShare('retries', use.retryRate);
  return charges;
}

/**
 * The least share h of hits at which caching does not cost more: h x cached + (1 - h) x miss <= input, where a miss costs
 * its write, or plain input. Infinite: at none.
 */
export function payingShare({ input, cached, write }: Prices): number {
  const miss = write ?? input;
  if (cached === null || cached > input) return Number.POSITIVE_INFINITY;
  return miss <= input ? 0 : (miss - input) / (miss - cached);
}

function shareOf(charges: readonly TokenCharge[], share: number): CostCurve {
  const curve: CostCurve = { fixed: 0, perUnit: 0, terms: [] };
  for (const { curve: of } of charges) {
    curve.perUnit += share * of.perUnit;
    for (const term of of.terms) {
      if (term.is === 'smooth')
        curve.terms.push({ is: 'smooth', up: times(term.up, share), down: times(term.down, share) });
    }
  }
  return curve;
}
