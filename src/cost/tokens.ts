import type { Formula } from '../formula/formula.js';
import type { Caching } from './cache-hits.js';
import type { CallTokens } from './call.js';
import type { CostCurve } from './curve.js';
import { type Rising, times } from './rising.js';
import type { MonthWeights, PriceName } from './token-prices.js';

const tokensPerPrice = 1e6;
export const billedParts = ['input', 'cached', 'cacheWrite', 'cacheWrite1h', 'output'] as const;
export type BilledPart = (typeof billedParts)[number];

/** USD of each part of some like calls: tokens x calls x USD per 1e6 tokens / 1e6; parts without tokens are left out. */
export const tokenBill = (
  tokens: CallTokens,
  usdPerMTok: (part: BilledPart) => number,
  requests: number,
): { part: BilledPart; quantity: number; usd: number }[] =>
  billedParts
    .filter((part) => tokens[part] > 0)
    .map((part) => {
      const quantity = tokens[part] * requests;
      return { part, quantity, usd: (quantity * usdPerMTok(part)) / tokensPerPrice };
    });

/** Mean price of input and output tokens together, USD per 1e6 tokens; the amounts may be shares. */
export const blendedPrice = (
  input: { tokens: number; usdPerMTok: number },
  output: { tokens: number; usdPerMTok: number },
): number => (input.tokens * input.usdPerMTok + output.tokens * output.usdPerMTok) / (input.tokens + output.tokens);

/**
 * Factor of retries on a bill: 1 - f^(r+1) successes at full price and a billed share of every failed attempt, where an
 * attempt fails with probability f and is made again at most r times.
 */
export function retryFactor(failureRate: number, mostRetries: number, billedShare: number): number {
  const succeeded = 1 - failureRate ** (mostRetries + 1);
  const attempts = failureRate === 1 ? mostRetries + 1 : succeeded / (1 - failureRate);
  return succeeded + billedShare * (attempts - succeeded);
}

/**
 * Uses of a prefix from which caching it is cheaper than sending it each time: w + (n - 1) r < n, the write and read
 * multipliers of the input price; Infinity where reading saves nothing.
 */
export const cachePaysFromUses = (writeMultiplier: number, readMultiplier: number): number =>
  readMultiplier < 1
    ? Math.max(1, Math.floor((writeMultiplier - readMultiplier) / (1 - readMultiplier)) + 1)
    : Number.POSITIVE_INFINITY;

/** Factor of a batch tariff that a share of the work takes. */
export const batchFactor = (eligibleShare: number, tariff: number): number =>
  1 - eligibleShare + eligibleShare * tariff;

/** Provisioned throughput: units for a peak of tokens per minute, whole, in the vendor's steps. */
export const provisionedUnits = (peakTokensPerMinute: number, tokensPerMinutePerUnit: number, step: number): number =>
  Math.ceil(peakTokensPerMinute / tokensPerMinutePerUnit / step - 1e-9) * step;

/** Tokens of all requests or of some, and what is paid for them. */
export type Charged = {
  /** All, or those that look for their prefix in the cache, do not, find it, or look and miss it. */
  requests: 'all' | 'with caching' | 'without caching' | 'hits' | 'misses';
  /** Who looks and who finds; null where nobody looks. */
  by: Caching | null;
  tokens: number;
  kind: TokenKind;
  price: PriceName;
};
export type TokenKind = 'input' | 'images' | 'fresh' | 'prefix' | 'output' | 'reasoning';

/** One charge of an API bill, as a curve over the requests a day of one task part, and the tokens it is for. */
export type TokenCharge = {
  part: string;
  curve: CostCurve;
  working: Formula;
  charged: readonly Charged[];
  /** For what it is a share of all charges before it. */
  share: 'offPeak' | 'region' | 'retries' | null;
};

/** How a bill calls the tariff for work that may wait. */
export const batchPrice = 'batch price';

/** Whether a charge is paid by that tariff: all of it, some or none. */
export function batchShare({ charged }: Pick<TokenCharge, 'charged'>): 'all' | 'some' | 'none' {
  const atBatch = charged.filter(({ price }) => price === 'batchInput' || price === 'batchOutput').length;
  return atBatch === 0 ? 'none' : atBatch === charged.length ? 'all' : 'some';
}

/** `images`: input tokens of images beyond those in `input`, which may be below 0. */
export type ChargedTokens = { input: number; images: number; prefix: number; output: number; reasoning: number };

/** USD per 1e6 tokens; see `tokenPrices`. */
type Prices = {
  input: number;
  output: number;
  cached: number | null;
  write: number | null;
  batch: { input: number; output: number } | null;
  weights: MonthWeights | null;
};

const formula = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
const formulas = {
  input: formula(
    'tokens.input',
    'Input tokens',
    'requests/month x input tokens not read from the cache x USD per 1e6 tokens / 1e6',
  ),
  images: formula(
    'tokens.images',
    'Image tokens',
    'requests/month x tokens of images beyond those in the input x USD per 1e6 tokens / 1e6',
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
  offPeak: formula(
    'tokens.offPeak',
    'Off-peak hours',
    '(off-peak price over peak price - 1) x share of requests at off-peak hours x all token charges',
  ),
  retries: formula(
    'tokens.retries',
    'Retried calls',
    'retry rate x all token charges: a retried call is billed in full',
  ),
} satisfies Record<string, Formula>;

/** Charges in the order of a bill. */
export const chargeOrder: readonly string[] = Object.values(formulas).map(({ id }) => id);

const line = (perUnit: number, terms: CostCurve['terms'] = []): CostCurve => ({ fixed: 0, perUnit, terms });
const never = () => 0;
/** What some of the requests cost, which may be less than nothing. */
const smooth = (some: Rising, usd: number): CostCurve['terms'] => {
  if (usd === 0) return [];
  return [
    usd > 0
      ? { is: 'smooth', up: times(some, usd), down: never }
      : { is: 'smooth', up: never, down: times(some, -usd) },
  ];
};

/** A share of what input costs, and one of what output costs. */
export type SideShares = { input: number; output: number };

type Use = {
  batch: boolean;
  cacheMinTokens: number;
  /** What requests at off-peak hours cost less, as a share of the bill at peak prices. */
  offPeakSaving: number;
  /** What an endpoint bound to a region costs above the list, as shares of what is read and of what is written. */
  regionalUplift: SideShares;
  retryRate: number;
  monthlyPerDaily: number;
  caching(payingShare: number, weights: readonly number[] | null): Caching | null;
};

/** A price of input and one of output, USD per 1e6 tokens, and what they are called. */
type Tariff = { input: number; output: number; named: readonly [PriceName, PriceName] };

/**
 * The bill of one task part at a provider that charges per token, part by part (docs/model.md, API bill):
 *
 *     fresh input x p_in + hits x prefix x p_cached + misses x prefix x (p_write or p_in) + (output + reasoning) x p_out
 *
 * Caching is used where a cached price is known, the prefix is long enough, and in the months and at the volumes where it
 * does not cost more than what else there is: the same prompts read each time or, where the work may wait and a batch price
 * is known, the batch tariff, which knows no cache. An unknown batch price means no batch.
 *
 * @param use.monthlyPerDaily requests of an average month per request a day
 * @param use.caching who finds the prefix, by the least share of hits at which that pays; see `cacheHits`
 */
export function tokenCharges(tokens: ChargedTokens, prices: Prices, use: Use): TokenCharge[] {
  const { monthlyPerDaily } = use;
  const usd = (count: number, price: number) => (count * price) / tokensPerPrice;
  const { cached, write } = prices;
  const written = tokens.output + tokens.reasoning;
  const usdOf = ({ input, output }: Pick<Tariff, 'input' | 'output'>) =>
    usd(tokens.input + tokens.images, input) + usd(written, output);

  const atOnce: Tariff = { input: prices.input, output: prices.output, named: ['input', 'output'] };
  const batch: Tariff | null =
    use.batch && prices.batch !== null ? { ...prices.batch, named: ['batchInput', 'batchOutput'] } : null;
  /** What requests pay that do not look for their prefix. */
  const other = batch !== null && usdOf(batch) <= usdOf(atOnce) ? batch : atOnce;
  const mayCache = tokens.prefix > 0 && tokens.prefix >= use.cacheMinTokens;
  const pays = mayCache ? payingShare(tokens.prefix, prices, usdOf(atOnce) - usdOf(other)) : Number.POSITIVE_INFINITY;
  /** As what is paid for them moves from month to month. */
  const cachingBy = (price: PriceName) => use.caching(pays, prices.weights?.[price] ?? null);
  const caching = cachingBy('input');
  const looking = caching?.looking ?? null;
  /** Requests that look for their prefix leave one price for another. */
  const changed = (from: PriceName, fromUsd: number, to: PriceName, toUsd: number): CostCurve['terms'] => {
    const [less, more] = [cachingBy(from)?.looking ?? null, cachingBy(to)?.looking ?? null];
    if (less === null || more === null) return [];
    return less === more ? smooth(more, toUsd - fromUsd) : [...smooth(more, toUsd), ...smooth(less, -fromUsd)];
  };

  const charges: TokenCharge[] = [];
  const put = (working: Formula, curve: CostCurve, charged: readonly Charged[]) =>
    charges.push({ part: working.id, curve, working, charged, share: null });
  const of = (requests: Charged['requests'], count: number, kind: TokenKind, price: PriceName): Charged => ({
    requests,
    by: caching && cachingBy(price),
    tokens: count,
    kind,
    price,
  });

  const prefix = (price: number) => usd(tokens.prefix, price);
  const fresh = tokens.input - tokens.prefix;
  if (caching === null || cached === null) {
    const curve = line(monthlyPerDaily * usd(tokens.input, other.input));
    put(formulas.input, curve, [of('all', tokens.input, 'input', other.named[0])]);
  } else {
    const hitsAt = (price: PriceName) => (cachingBy(price) as Caching).hits;
    // Without a price of its own a prefix that is not found is read like all else.
    const read = write === null ? tokens.input : fresh;
    const unfound = write === null ? smooth(hitsAt('input'), -prefix(prices.input)) : [];
    const missed = write === null ? [of('misses', tokens.prefix, 'prefix', 'input')] : [];
    if (looking === null) {
      const curve = line(monthlyPerDaily * usd(read, prices.input), unfound);
      put(formulas.input, curve, [of('all', fresh, 'fresh', 'input'), ...missed]);
    } else {
      const curve = line(monthlyPerDaily * usd(tokens.input, other.input), [
        ...changed(other.named[0], usd(tokens.input, other.input), 'input', usd(read, prices.input)),
        ...unfound,
      ]);
      put(
        formulas.input,
        curve,
        other === atOnce
          ? [of('all', fresh, 'fresh', 'input'), of('without caching', tokens.prefix, 'prefix', 'input'), ...missed]
          : [
              of('with caching', fresh, 'fresh', 'input'),
              of('without caching', tokens.input, 'input', other.named[0]),
              ...missed,
            ],
      );
    }
    put(formulas.cached, line(0, smooth(hitsAt('cached'), prefix(cached))), [
      of('hits', tokens.prefix, 'prefix', 'cached'),
    ]);
    if (write !== null) {
      const [hits, some] = [hitsAt('write'), cachingBy('write')?.looking ?? null];
      const misses: CostCurve =
        some === null
          ? line(monthlyPerDaily * prefix(write), smooth(hits, -prefix(write)))
          : line(0, [{ is: 'smooth', up: times(some, prefix(write)), down: times(hits, prefix(write)) }]);
      put(formulas.write, misses, [of('misses', tokens.prefix, 'prefix', 'write')]);
    }
  }
  if (tokens.images !== 0) {
    const paid = caching === null ? other : atOnce;
    put(formulas.images, line(monthlyPerDaily * usd(tokens.images, paid.input)), [
      of('all', tokens.images, 'images', paid.named[0]),
    ]);
  }
  const putWritten = (working: Formula, count: number, kind: 'output' | 'reasoning') => {
    const paid = caching === null ? other : atOnce;
    if (looking === null || other === atOnce)
      put(working, line(monthlyPerDaily * usd(count, paid.output)), [of('all', count, kind, paid.named[1])]);
    else
      put(
        working,
        line(
          monthlyPerDaily * usd(count, other.output),
          changed(other.named[1], usd(count, other.output), 'output', usd(count, prices.output)),
        ),
        [of('with caching', count, kind, 'output'), of('without caching', count, kind, other.named[1])],
      );
  };
  putWritten(formulas.output, tokens.output, 'output');
  if (tokens.reasoning > 0) putWritten(formulas.reasoning, tokens.reasoning, 'reasoning');
  const putShare = (share: 'offPeak' | 'region' | 'retries', of: SideShares) => {
    const working = formulas[share];
    if (of.input !== 0 || of.output !== 0)
      charges.push({ part: working.id, curve: shareOf(charges, of), working, charged: [], share });
  };
  const alike = (share: number): SideShares => ({ input: share, output: share });
  // Regions come first: every other share is the same of both sides, so that their order says nothing of the sum.
  putShare('region', use.regionalUplift);
  putShare('offPeak', alike(-use.offPeakSaving));
  putShare('retries', alike(use.retryRate));
  return charges;
}

/**
 * The least share h of hits at which caching does not cost more: h x cached + (1 - h) x miss + saved <= input, where a miss
 * costs its write, or plain input, and `saved` is what another tariff takes off, spread over the prefix. Infinite: at none.
 *
 * @param savedUsd what a request costs less at the tariff that knows no cache
 */
function payingShare(prefix: number, { input, cached, write }: Prices, savedUsd: number): number {
  const miss = write ?? input;
  if (cached === null || cached > input) return Number.POSITIVE_INFINITY;
  const dearer = miss - input + (savedUsd / prefix) * tokensPerPrice;
  // Where what is found costs more than what is not, more hits never make up for anything.
  if (miss <= cached) return cached - input + (savedUsd / prefix) * tokensPerPrice <= 0 ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(0, dearer / (miss - cached));
}

/** Whether a charge is for tokens that the model writes. */
export const isWritten = ({ part }: Pick<TokenCharge, 'part'>): boolean =>
  part === formulas.output.id || part === formulas.reasoning.id;

function shareOf(charges: readonly TokenCharge[], shares: SideShares): CostCurve {
  const curve: CostCurve = { fixed: 0, perUnit: 0, terms: [] };
  for (const charge of charges) {
    const share = isWritten(charge) ? shares.output : shares.input;
    curve.perUnit += share * charge.curve.perUnit;
    for (const term of charge.curve.terms) {
      if (term.is !== 'smooth') continue;
      const [up, down] = share < 0 ? [term.down, term.up] : [term.up, term.down];
      curve.terms.push({ is: 'smooth', up: times(up, Math.abs(share)), down: times(down, Math.abs(share)) });
    }
  }
  return curve;
}
