import type { TurnsAlike } from '../scenario/conversation.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { ApiRow } from '../tables/rows.js';
import type { Caching } from './cache-hits.js';
import { promptTier } from './prompt-tier.js';
import { requestsPerMonthOf, requestsThatHit, requestsThatLook, tokensOf } from './slice-trace.js';
import type { Charged, PriceName, TokenCharge, TokenKind } from './token-charge.js';
import { pricedMonth } from './token-prices.js';
import {
  difference,
  given,
  parameter,
  predicted,
  product,
  quotient,
  type Source,
  sum,
  sumOf,
  type Traced,
} from './traced.js';

const usdPerMTok = 'USD/1M tokens';
const tokensPerPrice = 1e6;
const monthsPerYear = 12;

/** Where the prices of a row come from: words, the price as listed, and by which of the first prices the tier moves it. */
type Listed = { words: string; of: (row: ApiRow) => number | null; side: 'input' | 'output' };
const listed: Readonly<Record<PriceName, Listed>> = {
  input: { words: 'price of input', of: (row) => row.inputUsdPerMTok, side: 'input' },
  output: { words: 'price of output', of: (row) => row.outputUsdPerMTok, side: 'output' },
  cached: { words: 'price of cached input', of: (row) => row.cachedInputUsdPerMTok, side: 'input' },
  write: { words: 'price of a cache write', of: (row) => row.cacheWriteUsdPerMTok, side: 'input' },
  batchInput: { words: 'batch price of input', of: (row) => row.batchInputUsdPerMTok, side: 'input' },
  batchOutput: { words: 'batch price of output', of: (row) => row.batchOutputUsdPerMTok, side: 'output' },
};

/** A price of a row over the horizon, as `tokenPrices` makes it: the tier of the prompt, then month by month. */
export function priceOf(row: ApiRow, name: PriceName, promptTokens: number, of: Source): Traced {
  const { words, of: from, side } = listed[name];
  const origin = { table: 'api' as const, row: row.row };
  const leaf = (label: string, usd: number | null) => given(label, usd ?? 0, usdPerMTok, origin);
  const [first, next] =
    side === 'input'
      ? [row.inputUsdPerMTok, row.nextInputUsdPerMTok]
      : [row.outputUsdPerMTok, row.nextOutputUsdPerMTok];
  const tier = promptTier(row, promptTokens);
  const inTier = tier[side];
  const base =
    inTier === first
      ? leaf(words, from(row))
      : name === side
        ? leaf(`${words} of long prompts`, inTier)
        : product(
            words,
            usdPerMTok,
            leaf(words, from(row)),
            quotient(
              'long prompts over others',
              'ratio',
              leaf(`${side} of long prompts`, inTier),
              leaf(`${side} of others`, first),
            ),
          );
  const after =
    next === null
      ? base
      : base.value === first
        ? leaf(`${words} after the introduction`, next)
        : product(
            `${words} after the introduction`,
            usdPerMTok,
            base,
            quotient('next price over first', 'ratio', leaf(`next ${side}`, next), leaf(`first ${side}`, first)),
          );
  return overMonths(words, base, after, row, of);
}

/** The mean price over the months, each weighed by its requests; the price itself where it never changes. */
function overMonths(words: string, base: Traced, after: Traced, row: ApiRow, of: Source): Traced {
  const runs: { months: number; requests: number; price: Traced }[] = [];
  for (let month = 0; month < of.demand.months; month++) {
    const { requests, decline, ended } = pricedMonth(row, month, of.demand);
    const price = ended ? after : base;
    const last = runs.at(-1);
    if (last?.price === price && last.requests === requests && decline === 1) last.months++;
    else runs.push({ months: 1, requests, price: decline === 1 ? price : declined(price, decline, of) });
  }
  const [only] = runs;
  if (only !== undefined && runs.every(({ price }) => price === only.price)) return only.price;
  const weight = ({ months, requests }: { months: number; requests: number }) => [
    given('months', months, 'months'),
    ...(requests === 1 ? [] : [given('requests over those of month 1', requests, 'ratio')]),
  ];
  return quotient(
    `mean ${words} over the horizon`,
    usdPerMTok,
    sum(
      'prices of the months',
      usdPerMTok,
      ...runs.map((run) => product('price of months alike', usdPerMTok, run.price, ...weight(run))),
    ),
    sum('months', 'months', ...runs.map((run) => product('months alike', 'months', ...weight(run)))),
  );
}

const declined = (price: Traced, decline: number, of: Source): Traced =>
  product(
    `${price.label}, fallen`,
    usdPerMTok,
    price,
    predicted(
      'what is left of it',
      decline,
      'ratio',
      `(1 - decline per year) ^ (months since the start / ${monthsPerYear})`,
      [parameter('decline per year', 'priceDeclinePerYear', of)],
    ),
  );

/** What the trace of one slice's bill needs: who is asked, and what the slice brings. */
export type TokenBill = {
  slice: Slice;
  /** The turns of a conversation that it is for. */
  turns: TurnsAlike;
  row: ApiRow;
  /** Every charge of the slice; one that is a share of others comes after them. */
  charges: readonly TokenCharge[];
  /** Reasoning tokens of a request. */
  reasoning(): Traced;
  /** What an endpoint bound to a region costs above the list. */
  uplift(): Traced;
  /** Who finds the prefix at the prices of these turns, of all requests of the slice; null where nobody looks for it. */
  caching(): Caching | null;
};

/** What a charge is made of at a volume of the axis. */
export function traceCharge(charge: TokenCharge, bill: TokenBill, volume: number, of: Source): Traced {
  const { slice, charges } = bill;
  const unit = charge.working.unit;
  const label = `${charge.working.label} of ${slice.task}${which(bill.turns)}`;
  if (charge.share === null) {
    return sumOf(
      label,
      unit,
      charge.charged.map((charged) => traceCharged(charged, label, bill, volume, of)),
    );
  }
  const before = charges.slice(0, charges.indexOf(charge));
  return product(
    label,
    unit,
    charge.share === 'region' ? bill.uplift() : parameter('calls made twice', 'retryRate', of),
    sum('all token charges', unit, ...before.map((other) => traceCharge(other, bill, volume, of))),
  );
}

function traceCharged({ requests, kind, price }: Charged, label: string, bill: TokenBill, volume: number, of: Source) {
  const { slice, turns, row } = bill;
  const { demand } = of;
  const all = ofTurns(turns, requestsPerMonthOf(slice, volume, demand));
  const daily = dailyAt(slice, volume, demand);
  const caching = requests === 'all' ? null : bill.caching();
  const hits = () => requestsThatHit(slice, (caching?.hits(daily) ?? 0) * turns.share, all, of);
  const looking = () => (caching?.looking ? requestsThatLook(caching.looking(daily) * turns.share, all) : all);
  const counted = {
    all: () => all,
    hits,
    misses: () => difference('requests that miss the prefix', 'requests/month', looking(), hits()),
    'without caching': () => difference('requests that do not look for it', 'requests/month', all, looking()),
  };
  return product(
    label,
    'USD/month',
    counted[requests](),
    tokensOfKind[kind](bill, demand),
    priceOf(row, price, turns.input, of),
    given('prices are per 1M tokens', 1 / tokensPerPrice, '1M/token'),
  );
}

/** In words: nothing where they are all there are. */
const which = ({ first, last, share }: TurnsAlike): string => {
  if (share === 1) return '';
  return first === last ? `, turn ${first}` : `, turns ${first} to ${last}`;
};

const ofTurns = (turns: TurnsAlike, all: Traced): Traced =>
  turns.share === 1
    ? all
    : product(
        `${all.label}${which(turns)}`,
        'requests/month',
        all,
        given('their share of all turns', turns.share, 'fraction'),
      );

const dailyAt = (slice: Slice, volume: number, demand: Demand): number =>
  slice.scales ? (volume * slice.requestsPerDay) / demand.requestsPerDay : slice.requestsPerDay;

const tokensOfKind: Readonly<Record<TokenKind, (bill: TokenBill, demand: Demand) => Traced>> = {
  input: ({ slice, turns }, demand) => tokensOf(slice, demand, turns).input,
  prefix: ({ slice, turns }, demand) => tokensOf(slice, demand, turns).prefix,
  output: ({ slice }, demand) => tokensOf(slice, demand).output,
  reasoning: ({ reasoning }) => reasoning(),
  fresh: ({ slice, turns }, demand) => {
    const { input, prefix } = tokensOf(slice, demand, turns);
    return difference('input without the prefix', 'tokens/request', input, prefix);
  },
};
