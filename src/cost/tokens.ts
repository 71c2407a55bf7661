import type { Formula } from '../formula/traced.js';
import type { PricedTier } from '../tables/catalog-columns.js';
import type { ApiRow } from '../tables/columns.js';
import type { Prompt } from '../workload/conversation.js';
import type { CallTokens } from './call.js';
import type { CostCurve, Term } from './curve.js';
import type { CacheLife, Caching, Requests } from './prompt.js';
import type { PriceName, TokenPrices } from './token-prices.js';

const tokensPerPrice = 1e6;
export const billedParts = ['input', 'cached', 'cacheWrite', 'cacheWrite1h', 'output'] as const;
export type BilledPart = (typeof billedParts)[number];

/** USD of each part of equal calls: tokens x calls x USD per 1e6 tokens / 1e6; without parts of 0 tokens. */
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

/** Tokens of all requests or of some, and what is paid for them. */
export type Charged = {
  /** All, those that look for a prefix in the cache or do not, or that hit or miss what all share. */
  requests: 'all' | 'with caching' | 'without caching' | 'hits' | 'misses';
  /** Who looks and who finds; null where nobody looks. */
  by: Caching | null;
  /** Of these the turns that hit or miss their session's prefix; null: all. */
  turns: 'that find' | 'that miss' | null;
  tokens: number;
  kind: TokenKind;
  price: PriceName;
};
export type TokenKind = 'input' | 'images' | 'audio' | 'fresh' | 'shared' | 'history' | 'output' | 'reasoning';

/** One charge of an API bill, over a task part's requests a day, and its tokens. */
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

/** Names of the tariffs that apply to a charge; empty: standard prices. */
export function tariffsOf({ charged }: Pick<TokenCharge, 'charged'>, { billedAs }: Pick<ApiRow, 'billedAs'>): string[] {
  const atOnce = billedAs === undefined ? '' : tierWords(billedAs);
  return charged.map(({ price }) => (price === 'batchInput' || price === 'batchOutput' ? batchPrice : atOnce));
}

function tierWords({ tier, over }: NonNullable<ApiRow['billedAs']>): string {
  if (over === undefined) return tierPrice(tier);
  return tier === 'flex' ? 'standard price as no flex is published' : `${tierPrice(tier)} that nobody published`;
}
export const tierPrice = (tier: PricedTier): string => `${tier} price`;

/** The tariffs of several charges in one text. */
export function tariffText(tariffs: readonly string[]): string {
  const words = [...new Set(tariffs)].sort((a, b) => Number(a === batchPrice) - Number(b === batchPrice));
  const partly = words.length === 1 ? '' : 'partly ';
  return words.flatMap((word) => (word === '' ? [] : [`, ${partly}${word}`])).join('');
}

/** `images`: input tokens of images beyond `input`, may be below 0; `audio`: tokens of text of the same cost. */
type ChargedTokens = Cacheable & { images: number; audio?: number; output: number; reasoning: number };

/** A prompt by what may be cached: shared by all requests, and sent before in its session. */
export type Cacheable = Prompt & {
  /** Whether the next turn may find all of it. */
  goesOn: boolean;
};

/**
 * The cached part of a prompt, above the provider's least size. A shared part that is too short alone is cached with
 * the history, for its own session.
 */
export function cacheable({ input, shared, history }: Prompt, isSession: boolean, leastTokens: number): Cacheable {
  const alone = shared >= leastTokens;
  const together = history > 0 && shared + history >= leastTokens;
  return {
    input,
    shared: alone ? shared : 0,
    history: together ? history + (alone ? 0 : shared) : 0,
    goesOn: isSession && input >= leastTokens,
  };
}

const formula = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
const writtenTokens =
  '(requests/month that miss either prefix x its tokens + requests/month of sessions x tokens that the next turn sends again)';
const formulas = {
  input: formula(
    'tokens.input',
    'Input tokens',
    'requests/month x input tokens neither read from a cache nor written to one at a price x USD per 1e6 tokens / 1e6',
  ),
  images: formula(
    'tokens.images',
    'Image tokens',
    'requests/month x tokens of images beyond those in the input x USD per 1e6 tokens / 1e6',
  ),
  audio: formula(
    'tokens.audio',
    'Audio tokens',
    'requests/month x tokens of audio x its price over that of text x USD per 1e6 tokens of text / 1e6',
  ),
  cached: formula(
    'tokens.cached',
    'Cached input tokens',
    '(requests/month that find what all share x its tokens + requests/month that find what their session sent x its tokens) x cached price per 1e6 / 1e6',
  ),
  write: formula('tokens.cacheWrite', 'Cache writes', `${writtenTokens} x write price per 1e6 / 1e6`),
  write1h: formula(
    'tokens.cacheWrite1h',
    'Cache writes for an hour',
    `${writtenTokens} x price of a write for an hour per 1e6 / 1e6`,
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

/** A share of what input costs, and one of what output costs. */
export type SideShares = { input: number; output: number };

type Use = {
  batch: boolean;
  /** How the cache is used; null: not at all. See `cacheUse`. */
  cache: CacheUse | null;
  /** Savings at off-peak hours, as a share of the bill at peak prices. */
  offPeakSaving: number;
  /** Surcharge of an endpoint bound to a region, as shares of input and output prices. */
  regionalUplift: SideShares;
  retryRate: number;
  monthlyPerDaily: number;
  caching(payingShare: number, weights: readonly number[] | null): Caching | null;
};

/** A price of input and one of output, USD per 1e6 tokens, and what they are called. */
type Tariff = { input: number; output: number; named: readonly [PriceName, PriceName] };

const usdFor = (tokens: number, usdPerMTok: number): number => (tokens * usdPerMTok) / tokensPerPrice;
const usdOf = (
  { input, images, audio = 0, output, reasoning }: ChargedTokens,
  at: Pick<Tariff, 'input' | 'output'>,
): number => usdFor(input + images + audio, at.input) + usdFor(output + reasoning, at.output);

/** The tariff of requests without caching: batch, where allowed and cheaper. */
function withoutCache(tokens: ChargedTokens, prices: TokenPrices, mayWait: boolean): Tariff {
  const atOnce: Tariff = { input: prices.input, output: prices.output, named: ['input', 'output'] };
  const batch: Tariff | null =
    mayWait && prices.batch !== null ? { ...prices.batch, named: ['batchInput', 'batchOutput'] } : null;
  return batch !== null && usdOf(tokens, batch) <= usdOf(tokens, atOnce) ? batch : atOnce;
}

/** How a task part uses a provider's cache, the same for all turns: no client knows which is the last. */
export type CacheUse = {
  life: CacheLife;
  /** Price of a write that is kept as long. */
  write: 'write' | 'write1h';
  /** Share of turns that hit the turn before; null: sessions are not cached, as that does not pay. */
  found: number | null;
  /** Least share of hits at which looking for the shared prefix does not cost more. */
  pays: number;
};

const lives = [
  { life: 'promptCacheLifeS', write: 'write' },
  { life: 'promptCacheLongLifeS', write: 'write1h' },
] as const;

/**
 * The cheapest use of the cache over all turns of a task part; null without a price. A session is cached where that
 * costs less than to read its turns each time, for the life with the lowest cost of writes and misses, which then also
 * holds for what all requests share.
 *
 * Looking for it pays from the share h of hits at which h x cached + (1 - h) x miss, plus the session's cost and the
 * savings of another tariff, is at most plain input; a miss costs its write, or plain input.
 *
 * @param hits share of turns that hit the turn before, by the life of the cache
 */
export function cacheUse(
  turns: readonly { share: number; tokens: ChargedTokens; prices: TokenPrices }[],
  mayWait: boolean,
  hits: (life: CacheLife) => number,
): CacheUse | null {
  if (turns.some(({ prices: { cached, input } }) => cached === null || cached > input)) return null;
  const sum = (
    write: CacheUse['write'],
    of: (tokens: ChargedTokens, cached: number, miss: number, prices: TokenPrices) => number,
  ): number => {
    let usd = 0;
    for (const { share, tokens, prices } of turns)
      usd += share * of(tokens, prices.cached ?? 0, prices[write] ?? prices.input, prices);
    return usd;
  };
  let best: Omit<CacheUse, 'pays'> = { found: null, ...lives[0] };
  let sessionUsd = 0;
  if (turns.some(({ tokens }) => tokens.history > 0)) {
    const sellsBoth = turns.every(({ prices }) => prices.write !== null && prices.write1h !== null);
    for (const way of sellsBoth ? lives : lives.slice(0, 1)) {
      const found = hits(way.life);
      const usd = sum(way.write, ({ input, shared, history, goesOn }, cached, miss, prices) => {
        const again = usdFor(history, found * cached + (1 - found) * miss - prices.input);
        return again + (goesOn ? usdFor(input - shared - history, miss - prices.input) : 0);
      });
      if (usd < sessionUsd) [best, sessionUsd] = [{ ...way, found }, usd];
    }
  }
  const gain = sum(best.write, ({ shared }, cached, miss) => usdFor(shared, miss - cached));
  const dearer = sum(best.write, (tokens, _, miss, prices) => {
    const saved = usdOf(tokens, prices) - usdOf(tokens, withoutCache(tokens, prices, mayWait));
    return usdFor(tokens.shared, miss - prices.input) + (looksIn(best, tokens) ? saved : 0);
  });
  // Where a hit costs more than a miss, more hits do not help.
  const more = dearer + sessionUsd;
  const pays = gain > 0 ? Math.max(0, more / gain) : more - gain <= 0 ? 0 : Number.POSITIVE_INFINITY;
  return { pays, ...best };
}

/** Whether a prompt has anything that may be there, or is to be. */
const looksIn = ({ found }: Pick<CacheUse, 'found'>, { shared, history, goesOn }: Cacheable): boolean =>
  shared > 0 || (found !== null && (history > 0 || goesOn));

/**
 * The bill of a task part at a provider that charges per token (docs/model.md, API bill): a prompt is what all requests
 * share, what its session sent before, and what is new. Hits cost the cached price; misses, and new tokens of a cached
 * session, the price of a write, or of input where writes have none; all else that of input.
 *
 * Caching is used where a cached price is known, the prefix is long enough, and in months and at volumes where it costs
 * no more than the same prompts read each time or, for deferrable work, than a known batch price, which excludes the
 * cache.
 *
 * @param use.monthlyPerDaily requests of an average month per request a day
 * @param use.caching hits of the shared prefix, by the least share of hits at which that pays; see `cacheHits`
 */
export function tokenCharges(tokens: ChargedTokens, prices: TokenPrices, use: Use): TokenCharge[] {
  const { monthlyPerDaily } = use;
  const cache = use.cache !== null && looksIn(use.cache, tokens) ? use.cache : null;
  const found = cache?.found ?? null;
  const other = withoutCache(tokens, prices, use.batch);
  const known = new Map<readonly number[] | null, Caching | null>();
  /** As what is paid for them moves from month to month. */
  const cachingBy = (price: PriceName): Caching | null => {
    const weights = prices.weights?.[price] ?? null;
    if (cache !== null && !known.has(weights)) known.set(weights, use.caching(cache.pays, weights));
    return known.get(weights) ?? null;
  };
  const caching = cachingBy('input');
  const of = (
    requests: Charged['requests'],
    count: number,
    kind: TokenKind,
    price: PriceName,
    turns: Charged['turns'] = null,
  ): Charged => ({ requests, by: cachingBy(price), turns, tokens: count, kind, price });

  const usdPerMTok = (price: PriceName): number =>
    (price === 'batchInput' ? prices.batch?.input : price === 'batchOutput' ? prices.batch?.output : prices[price]) ??
    0;
  const curveOf = (charged: readonly Charged[]): CostCurve => {
    let perUnit = 0;
    const ofSome = new Map<Requests, number>();
    for (const { requests, by, turns, tokens, price } of charged) {
      const share = turns === null ? 1 : turns === 'that find' ? (found ?? 0) : 1 - (found ?? 0);
      const usd = share * usdFor(tokens, usdPerMTok(price));
      const add = (some: Requests | null, sign: number) => {
        if (some === null) perUnit += sign * monthlyPerDaily * usd;
        else ofSome.set(some, (ofSome.get(some) ?? 0) + sign * usd);
      };
      if (requests === 'all' || requests === 'without caching') add(null, 1);
      else if (requests !== 'hits') add(by?.looking ?? null, 1);
      if (requests === 'without caching') add(by?.looking ?? null, -1);
      else if ((requests === 'hits' || requests === 'misses') && by !== null)
        add(by.hits, requests === 'hits' ? 1 : -1);
    }
    const terms = [...ofSome]
      .filter(([, usd]) => usd !== 0)
      .map(([some, usd]): Term => ({ is: 'smooth', usdAt: (volume) => usd * some(volume) }));
    return { fixed: 0, perUnit, terms };
  };

  const charges: TokenCharge[] = [];
  const put = (working: Formula, charged: readonly Charged[]) => {
    const some = charged.filter(({ tokens }) => tokens !== 0);
    if (some.length > 0) charges.push({ part: working.id, curve: curveOf(some), working, charged: some, share: null });
  };
  /** Charges of requests that look for a prefix, and of all others at their tariff. */
  const putBoth = (working: Formula, count: number, kind: TokenKind, side: 0 | 1) => {
    const price = side === 0 ? 'input' : 'output';
    if (caching === null) put(working, [of('all', count, kind, other.named[side])]);
    else if (caching.looking === null || other.named[side] === price) put(working, [of('all', count, kind, price)]);
    else put(working, [of('with caching', count, kind, price), of('without caching', count, kind, other.named[side])]);
  };

  if (caching === null || cache === null) putBoth(formulas.input, tokens.input, 'input', 0);
  else {
    const looking = caching.looking === null ? 'all' : 'with caching';
    const miss = prices[cache.write] === null ? 'input' : cache.write;
    const history = found === null ? 0 : tokens.history;
    const fresh = tokens.input - tokens.shared - history;
    const charged = [
      of(looking, fresh, 'fresh', found !== null && tokens.goesOn ? miss : 'input'),
      ...(looking === 'all' ? [] : [of('without caching', tokens.input, 'input', other.named[0])]),
      of('hits', tokens.shared, 'shared', 'cached'),
      of('misses', tokens.shared, 'shared', miss),
      of(looking, history, 'history', 'cached', 'that find'),
      of(looking, history, 'history', miss, 'that miss'),
    ];
    const isPaid = (...names: PriceName[]) => charged.filter(({ price }) => names.includes(price));
    put(formulas.input, isPaid('input', 'batchInput'));
    put(formulas.cached, isPaid('cached'));
    put(formulas.write, isPaid('write'));
    put(formulas.write1h, isPaid('write1h'));
  }
  putBoth(formulas.images, tokens.images, 'images', 0);
  putBoth(formulas.audio, tokens.audio ?? 0, 'audio', 0);
  putBoth(formulas.output, tokens.output, 'output', 1);
  putBoth(formulas.reasoning, tokens.reasoning, 'reasoning', 1);
  const putShare = (share: 'offPeak' | 'region' | 'retries', of: SideShares) => {
    const working = formulas[share];
    if (of.input !== 0 || of.output !== 0)
      charges.push({ part: working.id, curve: shareOf(charges, of), working, charged: [], share });
  };
  const alike = (share: number): SideShares => ({ input: share, output: share });
  // Regions first: all other shares are equal on both sides, so their order does not matter.
  putShare('region', use.regionalUplift);
  putShare('offPeak', alike(-use.offPeakSaving));
  putShare('retries', alike(use.retryRate));
  return charges;
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
      if (term.is === 'smooth') curve.terms.push({ is: 'smooth', usdAt: (volume) => share * term.usdAt(volume) });
    }
  }
  return curve;
}
