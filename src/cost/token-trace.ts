import {
  difference,
  given,
  parameter,
  predicted,
  product,
  productOf,
  quotient,
  type Source,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { ApiRow } from '../tables/columns.js';
import { pricesAfter, scaledPrices } from '../tables/service-tiers.js';
import { monthsPerYear } from '../units/month.js';
import type { TurnsAlike } from '../workload/conversation.js';
import { mayBatch, type TaskPart, type Workload } from '../workload/workload.js';
import {
  minus,
  prefixOf,
  requestsPerMonthOf,
  requestsThatHit,
  requestsThatLook,
  tokensOf,
  turnsThat,
} from './task-trace.js';
import { type PriceName, pricedMonth, promptTier, tierOf, unpublishedPriority } from './token-prices.js';
import {
  type Cacheable,
  type Charged,
  isWritten,
  type SideShares,
  type TokenCharge,
  type TokenKind,
} from './tokens.js';

/** Surcharges of the cheapest endpoint in one of the regions, as shares of the prices; null: none listed. */
export function listedUplift(
  { regionalUplifts, regionalUpliftPct }: Pick<ApiRow, 'regionalUplifts' | 'regionalUpliftPct'>,
  regions: ReadonlySet<string>,
): SideShares | null {
  const [cheapest] = regionalUplifts
    .filter(({ region }) => regions.has(region))
    .sort((a, b) => a.input + a.output - b.input - b.output);
  if (cheapest !== undefined) return { input: cheapest.input / 100, output: cheapest.output / 100 };
  return regionalUpliftPct === null ? null : { input: regionalUpliftPct / 100, output: regionalUpliftPct / 100 };
}

const usdPerMTok = 'USD/1M tokens';
const tokensPerPrice = 1e6;

type PerMTok = Extract<keyof ApiRow, `${string}UsdPerMTok`>;

/** The field of a price in a row, the first price whose tiers it follows, and the field of its successor. */
type Listed = { words: string; field: PerMTok; side: 'input' | 'output'; next: PerMTok | null };
const priced = (words: string, field: PerMTok, side: Listed['side'], next: PerMTok | null): Listed => ({
  words,
  field,
  side,
  next,
});
const listed: Readonly<Record<PriceName, Listed>> = {
  input: priced('price of input', 'inputUsdPerMTok', 'input', 'nextInputUsdPerMTok'),
  output: priced('price of output', 'outputUsdPerMTok', 'output', 'nextOutputUsdPerMTok'),
  cached: priced('price of cached input', 'cachedInputUsdPerMTok', 'input', 'nextCachedInputUsdPerMTok'),
  write: priced('price of a cache write', 'cacheWriteUsdPerMTok', 'input', 'nextCacheWriteUsdPerMTok'),
  write1h: priced('price of a cache write for an hour', 'cacheWrite1hUsdPerMTok', 'input', null),
  batchInput: priced('batch price of input', 'batchInputUsdPerMTok', 'input', 'nextBatchInputUsdPerMTok'),
  batchOutput: priced('batch price of output', 'batchOutputUsdPerMTok', 'output', 'nextBatchOutputUsdPerMTok'),
};
/** The first prices, and those of long prompts, by their side. */
const sides = {
  input: { first: 'inputUsdPerMTok', next: 'nextInputUsdPerMTok', tierNext: 'nextTierInputUsdPerMTok' },
  output: { first: 'outputUsdPerMTok', next: 'nextOutputUsdPerMTok', tierNext: 'nextTierOutputUsdPerMTok' },
} as const;

/** A price of a row over the horizon, as `tokenPrices`: by tier of the prompt, then by month. */
export function priceOf(row: ApiRow, name: PriceName, promptTokens: number, context: Source): Traced {
  const { billedAs, ...standard } = row;
  // Work that may wait is billed at no tier.
  if (billedAs !== undefined && name.startsWith('batch')) return priceOf(standard, name, promptTokens, context);
  if (billedAs?.over !== undefined && billedAs.over !== 1) {
    const over = parameter(
      `${billedAs.tier} over standard prices, which nobody published`,
      unpublishedPriority,
      context,
    );
    const listPrice = priceOf(scaledPrices(standard, 1 / over.value, 1 / over.value), name, promptTokens, context);
    return product(`${billedAs.tier} ${listed[name].words}`, usdPerMTok, listPrice, over);
  }
  const { words, side, next } = listed[name];
  const base = inTier(row, name, promptTokens, words);
  if (row.until === null) return overMonths(words, base, base, row, context);
  const later = `${words} after the introduction`;
  const first = sides[side];
  const isTier = name === side && tierOf(row, promptTokens) === 1;
  const isStated = isTier
    ? row[first.tierNext] !== undefined
    : name === side || (next !== null && row[next] !== undefined);
  const after = isStated
    ? inTier(pricesAfter(row), name, promptTokens, later)
    : product(
        later,
        usdPerMTok,
        base,
        quotient(
          'next price over first',
          'ratio',
          leafOf(row, `next ${side}`, row[first.next] ?? row[first.first]),
          leafOf(row, `first ${side}`, row[first.first]),
        ),
      );
  return overMonths(words, base, after, row, context);
}

const leafOf = (row: ApiRow, label: string, usd: number | null | undefined): Traced => {
  const { tunedRow, tierRows, billedAs } = row;
  const tierRow = billedAs === undefined ? undefined : tierRows?.[billedAs.tier];
  return given(
    `${label}${billedAs?.over === undefined && billedAs ? `, ${billedAs.tier}` : ''}${tunedRow === undefined ? '' : ', tuned'}`,
    usd ?? 0,
    usdPerMTok,
    { table: 'api', row: row.row },
    ...(tierRow === undefined ? [] : [{ table: 'serviceTiers' as const, row: tierRow }]),
    ...(tunedRow === undefined ? [] : [{ table: 'tuning' as const, row: tunedRow }]),
  );
};

/** A price of a row for prompts of a size. */
function inTier(row: ApiRow, name: PriceName, promptTokens: number, words: string): Traced {
  const { field, side } = listed[name];
  const first = row[sides[side].first];
  const tier = promptTier(row, promptTokens);
  const price = tier[side];
  if (name === side) return leafOf(row, price === first ? words : `${words} of long prompts`, price);
  const listPrice = leafOf(row, words, row[field]);
  if (tier[`${side}Ratio`] === 1) return listPrice;
  return product(
    words,
    usdPerMTok,
    listPrice,
    row.tierRatios === undefined
      ? quotient(
          'long prompts over others',
          'ratio',
          leafOf(row, `${side} of long prompts`, price),
          leafOf(row, `${side} of others`, first),
        )
      : given('long prompts over others, as listed', row.tierRatios[side], 'ratio', { table: 'api', row: row.row }),
  );
}

/** The mean price over the months, weighted by requests; the price itself where constant. */
function overMonths(words: string, base: Traced, after: Traced, row: ApiRow, context: Source): Traced {
  const runs: { months: number; requests: number; price: Traced }[] = [];
  for (let month = 0; month < context.workload.months; month++) {
    const { requests, decline, ended } = pricedMonth(row, month, context.workload);
    const price = ended ? after : base;
    const last = runs.at(-1);
    if (last?.price === price && last.requests === requests && decline === 1) last.months++;
    else runs.push({ months: 1, requests, price: decline === 1 ? price : declined(price, decline, context) });
  }
  const [only] = runs;
  if (only !== undefined && runs.every(({ price }) => price === only.price)) return only.price;
  const weight = ({ months, requests }: { months: number; requests: number }) => [
    given('months', months, 'months'),
    requests === 1 ? null : given('requests over those of month 1', requests, 'ratio'),
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

const declined = (price: Traced, decline: number, context: Source): Traced =>
  product(
    `${price.label}, fallen`,
    usdPerMTok,
    price,
    predicted(
      'what is left of it',
      decline,
      'ratio',
      `(1 - decline per year) ^ (months since the start / ${monthsPerYear})`,
      [parameter('decline per year', 'priceDeclinePerYear', context)],
    ),
  );

/** What the trace of a task part's bill needs: the provider and the requests. */
export type TokenBill = {
  taskPart: TaskPart;
  /** The turns of a conversation that it is for. */
  turns: TurnsAlike;
  /** What of their prompt is cached, and whether that includes the session's. */
  prompt: Cacheable;
  keepsSession: boolean;
  row: ApiRow;
  /** Every charge of the task part; one that is a share of others comes after them. */
  charges: readonly TokenCharge[];
  /** Reasoning tokens of a request. */
  reasoning(): Traced;
  /** Tokens of images and audio of a request beyond those in its input. */
  mediaTokens: number;
  images(): Traced;
  audio(): Traced;
  /** The regional surcharge on input or output. */
  uplift(side: 'input' | 'output'): Traced;
  /** What requests at off-peak hours cost less, as a share. */
  offPeak(): Traced;
};

/** What a charge is made of at a volume of the axis. */
export function traceCharge(charge: TokenCharge, bill: TokenBill, volume: number, context: Source): Traced {
  const { taskPart, charges } = bill;
  const unit = charge.working.unit;
  const label = `${charge.working.label} of ${taskPart.task}${which(bill.turns)}`;
  if (charge.share === null) {
    return sumOf(
      label,
      unit,
      charge.charged.map((charged) => traceCharged(charged, label, bill, volume, context)),
    );
  }
  const before = charges.slice(0, charges.indexOf(charge));
  const all = (words: string, some: readonly TokenCharge[]) =>
    sum(words, unit, ...some.map((other) => traceCharge(other, bill, volume, context)));
  if (charge.share === 'region') {
    const [read, written] = [bill.uplift('input'), bill.uplift('output')];
    if (read.value === written.value) return product(label, unit, read, all('all token charges', before));
    return sum(
      label,
      unit,
      product(
        label,
        unit,
        read,
        all(
          'charges for input',
          before.filter((other) => !isWritten(other)),
        ),
      ),
      product(label, unit, written, all('charges for output', before.filter(isWritten))),
    );
  }
  const share = charge.share === 'offPeak' ? bill.offPeak() : parameter('calls made twice', 'retryRate', context);
  return product(label, unit, share, all('all token charges', before));
}

function traceCharged(
  { requests, by, turns: some, kind, price }: Charged,
  label: string,
  bill: TokenBill,
  volume: number,
  context: Source,
) {
  const { taskPart, turns, row } = bill;
  const { workload } = context;
  const all = ofTurns(turns, requestsPerMonthOf(taskPart, volume, workload));
  const daily = dailyAt(taskPart, volume, workload);
  const inBatch = price === 'batchInput' || price === 'batchOutput';
  const hits = () => requestsThatHit(taskPart, by?.hits(daily) ?? 0, all, by?.life ?? 'promptCacheLifeS', context);
  const looking = () => (by?.looking ? requestsThatLook(by.looking(daily), all, mayBatch(taskPart)) : all);
  const counted = {
    all: () => all,
    'with caching': looking,
    hits,
    misses: () => difference('requests that miss what all share', 'requests/month', looking(), hits()),
    'without caching': () =>
      difference(
        inBatch ? 'requests at the batch tariff' : 'requests that do not look for it',
        'requests/month',
        all,
        looking(),
      ),
  };
  return product(
    label,
    'USD/month',
    counted[requests](),
    some && by && turnsThat(some === 'that find', taskPart, by.life, context),
    tokensOfKind[kind](bill, workload),
    priceOf(row, price, turns.input + bill.mediaTokens, context),
    given('prices are per 1M tokens', 1 / tokensPerPrice, '1M/token'),
  );
}

/** In words: nothing where they are all there are. */
const which = ({ first, last, share }: TurnsAlike): string => {
  if (share === 1) return '';
  return first === last ? `, turn ${first}` : `, turns ${first} to ${last}`;
};

const ofTurns = (turns: TurnsAlike, all: Traced): Traced =>
  productOf(`${all.label}${which(turns)}`, 'requests/month', [
    all,
    turns.share === 1 ? null : given('their share of all turns', turns.share, 'fraction'),
  ]);

const dailyAt = (taskPart: TaskPart, volume: number, workload: Workload): number =>
  taskPart.scales ? (volume * taskPart.requestsPerDay) / workload.requestsPerDay : taskPart.requestsPerDay;

const tokensOfKind: Readonly<Record<TokenKind, (bill: TokenBill, workload: Workload) => Traced>> = {
  input: ({ taskPart, turns }, workload) => tokensOf(taskPart, workload, turns).input,
  shared: ({ taskPart, turns, prompt }, workload) => prefixOf(taskPart, workload, turns, prompt).shared,
  history: ({ taskPart, turns, prompt }, workload) => prefixOf(taskPart, workload, turns, prompt).history,
  output: ({ taskPart }, workload) => tokensOf(taskPart, workload).output,
  reasoning: ({ reasoning }) => reasoning(),
  images: ({ images }) => images(),
  audio: ({ audio }) => audio(),
  fresh: ({ taskPart, turns, prompt, keepsSession }, workload) => {
    const { shared, history } = prefixOf(taskPart, workload, turns, prompt);
    const { input } = tokensOf(taskPart, workload, turns);
    return minus('input that is new', input, shared, keepsSession ? history : null);
  },
};
