import type { Formula } from '../formula/formula.js';
import type { PricedTier } from '../tables/catalog-columns.js';
import type { ApiRow } from '../tables/rows.js';
import type { Prompt } from '../workload/conversation.js';
import type { CacheLife, Caching, Requests } from './cache-hits.js';
import type { CallTokens } from './call.js';
import type { CostCurve, Term } from './curve.js';
import type { PriceName, TokenPrices } from './token-prices.js';

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

/** Tokens of all requests or of some, and what is paid for them. */
export type Charged = {
  /** All, or those that look for a prefix in the cache, do not, find what they share, or look for that and miss it. */
  requests: 'all' | 'with caching' | 'without caching' | 'hits' | 'misses';
  /** Who looks and who finds; null where nobody looks. */
  by: Caching | null;
  /** Of these the turns that find what their session sent before, or miss it; null: all of them. */
  turns: 'that find' | 'that miss' | null;
  tokens: number;
  kind: TokenKind;
  price: PriceName;
};
export type TokenKind = 'input' | 'images' | 'audio' | 'fresh' | 'shared' | 'history' | 'output' | 'reasoning';

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

/** How a bill calls the prices by which tokens of a charge are paid, for each of them; empty: the standard ones. */
export function tariffsOf({ charged }: Pick<TokenCharge, 'charged'>, { billedAs }: Pick<ApiRow, 'billedAs'>): string[] {
  const atOnce = billedAs === undefined ? '' : tierWords(billedAs);
  return charged.map(({ price }) => (price === 'batchInput' || price === 'batchOutput' ? batchPrice : atOnce));
}

function tierWords({ tier, over }: NonNullable<ApiRow['billedAs']>): string {
  if (over === undefined) return tierPrice(tier);
  return tier === 'flex' ? 'standard price as no flex is published' : `${tierPrice(tier)} that nobody published`;
}
export const tierPrice = (tier: PricedTier): string => `${tier} price`;

/** The same of several charges in one text: what holds for all of them, or for a part. */
export function tariffText(tariffs: readonly string[]): string {
  const words = [...new Set(tariffs)].sort((a, b) => Number(a === batchPrice) - Number(b === batchPrice));
  const partly = words.length === 1 ? '' : 'partly ';
  return words.flatMap((word) => (word === '' ? [] : [`, ${partly}${word}`])).join('');
}

/** `images`: input tokens of images beyond those in `input`, which may be below 0; `audio`: tokens of text that cost as much. */
export type ChargedTokens = Cacheable & { images: number; audio?: number; output: number; reasoning: number };

/** A prompt by what a cache may know of it: what all requests share, and what an earlier request of its session sent. */
export type Cacheable = Prompt & {
  /** Whether the next turn may find all of it. */
  goesOn: boolean;
};

/**
 * What of a prompt a cache keeps, which takes none below a size. A shared part that is too short alone is known together with the
 * history, to its own session.
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

const usdFor = (tokens: number, usdPerMTok: number): number => (tokens * usdPerMTok) / tokensPerPrice;
const usdOf = (
  { input, images, audio = 0, output, reasoning }: ChargedTokens,
  at: Pick<Tariff, 'input' | 'output'>,
): number => usdFor(input + images + audio, at.input) + usdFor(output + reasoning, at.output);

/** What requests pay that look for nothing in a cache: the batch tariff, which knows none, where they may and that costs less. */
function withoutCache(tokens: ChargedTokens, prices: TokenPrices, mayWait: boolean): Tariff {
  const atOnce: Tariff = { input: prices.input, output: prices.output, named: ['input', 'output'] };
  const batch: Tariff | null =
    mayWait && prices.batch !== null ? { ...prices.batch, named: ['batchInput', 'batchOutput'] } : null;
  return batch !== null && usdOf(tokens, batch) <= usdOf(tokens, atOnce) ? batch : atOnce;
}

/** How requests of a task part use a provider's cache: all of its turns alike, as no client knows which is the last. */
export type CacheUse = {
  life: CacheLife;
  /** Price of a write that is kept as long. */
  write: 'write' | 'write1h';
  /** Share of the turns that find what the one before sent; null: nothing of a session is kept, as that does not pay. */
  found: number | null;
  /** The least share of requests that find what all share from which it does not cost more to look. */
  pays: number;
};

const lives = [
  { life: 'promptCacheLifeS', write: 'write' },
  { life: 'promptCacheLongLifeS', write: 'write1h' },
] as const;

/**
 * The use of the cache that costs least, over all turns of a task part; null where there is no price for it. A session is kept where that costs
 * less than to read its turns each time, for the life at which its writes and misses cost least; as what comes before in a
 * prompt is kept as long, what all requests share follows it.
 *
 * Looking for it pays from the share h of hits on at which h x cached + (1 - h) x miss, what the session adds to it and what
 * another tariff takes off together are not above plain input; a miss costs its write, or plain input.
 *
 * @param hits share of turns that find what the one before sent, by the life of the cache
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
  // Where what is found costs more than what is not, more hits never make up for anything.
  const more = dearer + sessionUsd;
  const pays = gain > 0 ? Math.max(0, more / gain) : more - gain <= 0 ? 0 : Number.POSITIVE_INFINITY;
  return { pays, ...best };
}

/** Whether a prompt has anything that may be there, or is to be. */
const looksIn = ({ found }: Pick<CacheUse, 'found'>, { shared, history, goesOn }: Cacheable): boolean =>
  shared > 0 || (found !== null && (history > 0 || goesOn));

/**
 * The bill of one task part at a provider that charges per token, part by part (docs/model.md, API bill): a prompt is what all
 * requests share, what its session sent before, and what is new. What is found costs the cached price; what is not, and what is
 * new where the session is kept, the price of a write, or of input where writes have none; all else that of input.
 *
 * Caching is used where a cached price is known, the prefix is long enough, and in the months and at the volumes where it
 * does not cost more than what else there is: the same prompts read each time or, where the work may wait and a batch price
 * is known, the batch tariff, which knows no cache. An unknown batch price means no batch.
 *
 * @param use.monthlyPerDaily requests of an average month per request a day
 * @param use.caching who finds what all requests share, by the least share of hits at which that pays; see `cacheHits`
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
  /** What requests that look for a prefix pay at once, and all others at their tariff. */
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
  // Regions come first: every other share is the same of both sides, so that their order says nothing of the sum.
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
