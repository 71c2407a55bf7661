import { toolsUsd } from '../cost/extras.js';
import { audioAsText, imageTokens, mediaTokens, promptToHold, sessionHits } from '../cost/prompt.js';
import { offPeakSaving } from '../cost/token-prices.js';
import { cacheable } from '../cost/tokens.js';
import type { Context } from '../places/placement.js';
import { reasoningTokens } from '../places/service-trace.js';
import { context as contextRule } from '../rules/model.js';
import { speed, totalTime, ttft } from '../rules/service.js';
import type { ApiRow } from '../tables/columns.js';
import { type ColumnsOf, columns } from '../units/columns.js';
import { msPerSecond } from '../units/month.js';
import { isAtLeast, isAtMost } from '../units/numeric.js';
import { type TurnsAlike, turnsAlike } from '../workload/conversation.js';
import { latestTtftMs, mayBatch, mustSee, onlyPart } from '../workload/workload.js';
import { type Admitted, bitOf } from './admitted.js';
import type { Apis } from './apis.js';
import * as prices from './apis.js';

/** By API: bits of rules on context and latency, and the first token (p95, ms; NaN: unknown). */
export type ApiService = { bits: Int32Array; firstTokenMs: Float64Array };

/** Latency of every API and the rules on it, as in `places/token-api.ts`. */
export function apiService(apis: Apis, context: Context): ApiService {
  const { workload, tables } = context;
  const taskPart = onlyPart(workload);
  const { tokens, needs } = taskPart;
  const ratio = workload.assume('apiTtftP95OverP50');
  const perPromptMs = (workload.assume('apiTtftExtraPer1kPromptTokens') / 1000) * msPerSecond;
  const band = tables.parameterOf.get('apiTtftP95OverP50');
  const must = mustSee(needs, 'ttftP95Ms');
  const isUsers = must !== null && must === needs.ttftP95Ms?.value && band !== undefined;
  const mostMs = mustSee(needs, 'totalP95Ms');
  const leastPerSecond = mustSee(needs, 'tokensPerSecond');
  const latest = latestTtftMs(taskPart, workload);
  const tooLong = bitOf(contextRule.id);
  const late = bitOf(ttft.id);
  const slow = bitOf(speed.id);
  const long = bitOf(totalTime.id);
  const found = { bits: new Int32Array(apis.count), firstTokenMs: new Float64Array(apis.count) };
  for (let api = 0; api < apis.count; api++) {
    const option = apis.option[api] as (typeof apis.option)[number];
    const thought = reasoningTokens(option, taskPart, workload);
    const written = tokens.output + thought;
    const media = mediaTokens(option.family, taskPart, context);
    const perSecond = apis.perSecond[api] as number;
    const restMs = (tokens.input + media) * perPromptMs + (thought === 0 ? 0 : (thought / perSecond) * msPerSecond);
    const first = (apis.firstTokenMs[api] as number) * ratio + restMs;
    found.firstTokenMs[api] = first;
    let bits = 0;
    if (
      !((apis.contextTokens[api] as number) >= promptToHold(option.family, taskPart, context) + written) ||
      written > (apis.maxOutput[api] as number)
    )
      bits |= tooLong;
    if (latest !== null && first > latest && !isAtMost(first, latest)) bits |= late;
    else if (must !== null && !isAtMost(first, must)) {
      // A target of the user within what an estimate may be is to be measured.
      const low = (apis.firstTokenMs[api] as number) * (band?.low ?? ratio) + restMs;
      if (!isUsers || !isAtMost(low, must)) bits |= late;
    }
    if (leastPerSecond !== null && !isAtLeast(perSecond, leastPerSecond)) bits |= slow;
    if (mostMs !== null && !isAtMost(first + (tokens.output / perSecond) * msPerSecond, mostMs)) bits |= long;
    found.bits[api] = bits;
  }
  return found;
}

const billColumns = {
  /** USD of a request that uses no cache, and of one that misses. */
  plain: 'f',
  looking: 'f',
  /** USD that is added where it finds what all share: below 0. */
  found: 'f',
  /** Share of requests with a hit from which looking pays; infinite: never. */
  pays: 'f',
  /** How long the cache keeps it: place in `lives`. */
  life: 'b',
  /** USD of a request for its calls of tools. */
  tools: 'f',
  /** USD a month at any volume. */
  fixed: 'f',
  /** First token (p95, ms) as the provider's band and the prompt have it; NaN: unknown. */
  firstTokenMs: 'f',
} as const;

/** Bills of APIs for the tokens of a request: index = place in `api`. */
export type ApiBills = ColumnsOf<typeof billColumns> & {
  api: Int32Array;
  /** `plain`, `looking` and `found` of every month; null: the same in all. */
  months: readonly (Float64Array | null)[];
};

export const lives = ['promptCacheLifeS', 'promptCacheLongLifeS'] as const;

/** Turns with equal prices: their share, and the prompt by what may be cached. */
type Stretch = { share: number; input: number; shared: number; history: number; goesOn: boolean };

/** Which prices a task pays at an API. */
type Tariff = {
  /** Tokens of images and audio beyond the input, those that are billed for them, and tokens written. */
  images: number;
  billed: number;
  written: number;
  /** Whether a cache is used, its life, and how many turns find their session; NaN: none. */
  mayCache: boolean;
  life: number;
  sessionFound: number;
  /** By stretch, whether requests that look for nothing go by the batch tariff. */
  atBatch: readonly boolean[];
  /** On all of it: retries, and hours in which it is cheaper. */
  factor: number;
  upInput: number;
  upOutput: number;
};

/** USD of a request by what it finds: see `billColumns`. */
type RequestUsd = [plain: number, looking: number, found: number];

/** The bills of some APIs, whose first tokens are known. */
export function apiBills(admitted: Admitted, api: Int32Array, firstTokenMs: Float64Array, context: Context): ApiBills {
  const { apis, apiPrices: listed } = admitted;
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const { tokens } = taskPart;
  const { perToken } = listed;
  const [least, isSession] = [workload.assume('promptCacheMinTokens'), tokens.history > 0];
  const retries = 1 + workload.assume('retryRate');
  const sessionFound = lives.map((life) => (isSession ? sessionHits(taskPart, life, workload) : 0));
  const stepFor = (one: number, promptTokens: number): number => prices.stepOf(listed, one, promptTokens);
  const alike = new Map<string, Stretch[]>();
  const bills = { api, months: [] as (Float64Array | null)[], ...columns(billColumns, api.length) };
  bills.pays.fill(Number.POSITIVE_INFINITY);
  bills.firstTokenMs.set(firstTokenMs);
  for (let at = 0; at < api.length; at++) {
    const one = api[at] as number;
    bills.fixed[at] = listed.fixed[one] as number;
    const row = listed.row[one] as ApiRow;
    bills.tools[at] = toolsUsd(taskPart, row, context);
    const option = apis.option[one] as (typeof apis.option)[number];
    const images = mediaTokens(row.family, taskPart, context);
    const billed = imageTokens(row.family, taskPart, context) + audioAsText(row, taskPart, context);
    const written = tokens.output + reasoningTokens(option, taskPart, workload);
    const stretches = stretchesOf(one, images);
    const { tariff, sessionUsd } = tariffOf(one, row, stretches, images, billed, written);
    const monthly = stretches.some(({ input }) => listed.months[stepFor(one, input + images)] !== null);
    const [plain, looking, found] = requestUsd(stretches, one, tariff, null);
    bills.plain[at] = plain;
    bills.looking[at] = looking;
    bills.found[at] = found;
    bills.life[at] = tariff.life;
    bills.pays[at] = payingShare(stretches, one, tariff, sessionUsd);
    bills.months.push(
      monthly
        ? Float64Array.from(
            Array.from({ length: workload.growth.length }, (_, month) =>
              requestUsd(stretches, one, tariff, month),
            ).flat(),
          )
        : null,
    );
  }
  return bills;

  /** Turns with equal prices of a row, by its price steps. */
  function stretchesOf(one: number, images: number): Stretch[] {
    const steps = listed.stepAbove.subarray(listed.firstStep[one], listed.firstStep[one + 1]);
    const key = tokens.turns === 1 ? '' : `${steps.join()} ${images}`;
    let found = alike.get(key);
    if (found === undefined) {
      const sortOf = (prompt: Pick<TurnsAlike, 'input' | 'shared' | 'history'>): number => {
        const { shared, history, goesOn } = cacheable(prompt, isSession, least);
        const step = stepFor(one, prompt.input + images) - (listed.firstStep[one] as number);
        return 3 * step + (shared + history > 0 ? 2 : Number(goesOn));
      };
      found = turnsAlike(tokens, sortOf).map((turns) => ({
        share: turns.share,
        ...cacheable(turns, isSession, least),
      }));
      alike.set(key, found);
    }
    return found;
  }

  /** The cheapest use of cache and batch tariff over all turns: as `cost/tokens.ts`. */
  function tariffOf(
    one: number,
    row: ApiRow,
    stretches: readonly Stretch[],
    images: number,
    billed: number,
    written: number,
  ): { tariff: Tariff; sessionUsd: number } {
    let [mayCache, sellsBoth, hasHistory] = [true, true, false];
    for (const { input, history } of stretches) {
      const p = stepFor(one, input + images) * prices.width;
      if (!((perToken[p + prices.cachedAt] as number) <= (perToken[p + prices.inputAt] as number))) mayCache = false;
      if (Number.isNaN(perToken[p + prices.writeAt]) || Number.isNaN(perToken[p + prices.write1hAt])) sellsBoth = false;
      if (history > 0) hasHistory = true;
    }
    let [life, found, sessionUsd] = [0, Number.NaN, 0];
    if (mayCache && hasHistory)
      for (let way = 0; way < (sellsBoth ? lives.length : 1); way++) {
        const hits = sessionFound[way] as number;
        let usd = 0;
        for (const { share, input, shared, history, goesOn } of stretches) {
          const p = stepFor(one, input + images) * prices.width;
          const plain = perToken[p + prices.inputAt] as number;
          const miss = missUsd(p, way, 1, 1);
          usd += share * history * (hits * (perToken[p + prices.cachedAt] as number) + (1 - hits) * miss - plain);
          if (goesOn) usd += share * (input - shared - history) * (miss - plain);
        }
        if (usd < sessionUsd) [life, found, sessionUsd] = [way, hits, usd];
      }
    const atBatch = stretches.map(({ input }) => {
      if (!mayBatch(taskPart)) return false;
      const p = stepFor(one, input + images) * prices.width;
      const batch =
        (input + billed) * (perToken[p + prices.batchInputAt] as number) +
        written * (perToken[p + prices.batchOutputAt] as number);
      return (
        batch <=
        (input + billed) * (perToken[p + prices.inputAt] as number) +
          written * (perToken[p + prices.outputAt] as number)
      );
    });
    const saving = row.offPeakRatio === null ? 0 : offPeakSaving(row, taskPart, workload);
    return {
      sessionUsd,
      tariff: {
        images,
        billed,
        written,
        mayCache,
        life,
        sessionFound: found,
        atBatch,
        factor: (1 - saving) * retries,
        upInput: 1 + (listed.upliftInput[one] as number),
        upOutput: 1 + (listed.upliftOutput[one] as number),
      },
    };
  }

  /** Whether requests of a stretch have anything to find in a cache. */
  function looks({ shared, history, goesOn }: Stretch, { mayCache, sessionFound: found }: Tariff): boolean {
    return mayCache && (shared > 0 || (!Number.isNaN(found) && (history > 0 || goesOn)));
  }

  /** Price of a token written to the cache: that of input where writes have none. */
  function missUsd(p: number, life: number, writeFactor: number, inputFactor: number): number {
    const write = perToken[p + (life === 0 ? prices.writeAt : prices.write1hAt)] as number;
    return Number.isNaN(write) ? (perToken[p + prices.inputAt] as number) * inputFactor : write * writeFactor;
  }

  /** @param month prices of a month; null: their means over the horizon */
  function requestUsd(stretches: readonly Stretch[], one: number, tariff: Tariff, month: number | null): RequestUsd {
    const { images, billed, written, life, sessionFound: keeps, factor, upInput, upOutput } = tariff;
    let [plainUsd, lookingUsd, foundUsd] = [0, 0, 0];
    for (let s = 0; s < stretches.length; s++) {
      const stretch = stretches[s] as Stretch;
      const { share, input, shared, history, goesOn } = stretch;
      const step = stepFor(one, input + images);
      const factors = month === null ? null : (listed.months[step] ?? null);
      const months = factors === null ? 0 : factors.length / prices.width;
      const times = (name: number): number =>
        factors === null ? 1 : (factors[name * months + (month ?? 0)] as number);
      const p = step * prices.width;
      const usd = (name: number): number => (perToken[p + name] as number) * times(name);
      const read = input + billed;
      const isBatch = tariff.atBatch[s] === true;
      const other =
        read * usd(isBatch ? prices.batchInputAt : prices.inputAt) * upInput +
        written * usd(isBatch ? prices.batchOutputAt : prices.outputAt) * upOutput;
      plainUsd += share * other;
      if (!looks(stretch, tariff)) {
        lookingUsd += share * other;
        continue;
      }
      const cached = usd(prices.cachedAt);
      const miss = missUsd(p, life, times(life === 0 ? prices.writeAt : prices.write1hAt), times(prices.inputAt));
      const past = Number.isNaN(keeps) ? 0 : history;
      const fresh = input - shared - past;
      const readUsd =
        fresh * (!Number.isNaN(keeps) && goesOn ? miss : usd(prices.inputAt)) +
        shared * miss +
        (past === 0 ? 0 : past * (keeps * cached + (1 - keeps) * miss)) +
        billed * usd(prices.inputAt);
      lookingUsd += share * (readUsd * upInput + written * usd(prices.outputAt) * upOutput);
      foundUsd += share * shared * (cached - miss) * upInput;
    }
    return [plainUsd * factor, lookingUsd * factor, foundUsd * factor];
  }

  /** See `pays`. */
  function payingShare(stretches: readonly Stretch[], one: number, tariff: Tariff, sessionUsd: number): number {
    let [gain, dearer, isLooked] = [0, 0, false];
    const { images, billed, written, life, atBatch } = tariff;
    for (let s = 0; s < stretches.length; s++) {
      const stretch = stretches[s] as Stretch;
      if (!looks(stretch, tariff)) continue;
      isLooked = true;
      const { share, input, shared } = stretch;
      const p = stepFor(one, input + images) * prices.width;
      const inputUsd = perToken[p + prices.inputAt] as number;
      const miss = missUsd(p, life, 1, 1);
      const read = input + billed;
      const saved =
        atBatch[s] === true
          ? read * (inputUsd - (perToken[p + prices.batchInputAt] as number)) +
            written * ((perToken[p + prices.outputAt] as number) - (perToken[p + prices.batchOutputAt] as number))
          : 0;
      gain += share * shared * (miss - (perToken[p + prices.cachedAt] as number));
      dearer += share * (shared * (miss - inputUsd) + saved);
    }
    if (!isLooked) return Number.POSITIVE_INFINITY;
    const more = dearer + sessionUsd;
    const pays = gain > 0 ? Math.max(0, more / gain) : more - gain <= 0 ? 0 : Number.POSITIVE_INFINITY;
    const given = tokens.cacheHitRate;
    if (given === null ? pays >= 1 : given < pays) return Number.POSITIVE_INFINITY;
    return pays <= (given ?? 0) ? 0 : pays;
  }
}
