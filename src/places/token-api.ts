import { add, type CostLine, onVolumeAxis, requestsPerMonthPerDaily, type Unpriced } from '../cost/curve.js';
import { nobody } from '../cost/people.js';
import {
  audioAsText,
  type CacheLife,
  type Caching,
  cacheHits,
  imageTokens,
  mediaTokens,
  type Requests,
  sessionHits,
  tracedAudio,
  tracedImages,
} from '../cost/prompt.js';
import {
  offPeakSaving,
  tierOf,
  tierPrices,
  tokenPrices,
  tracedOffPeak,
  tunedLines,
  tunedPrices,
} from '../cost/token-prices.js';
import { listedUplift, type TokenBill, traceCharge } from '../cost/token-trace.js';
import {
  type Cacheable,
  type CacheUse,
  cacheable,
  cacheUse,
  chargeOrder,
  type SideShares,
  type TokenCharge,
  tariffsOf,
  tariffText,
  tokenCharges,
} from '../cost/tokens.js';
import { given, parameter, sumOf, type Traced } from '../formula/traced.js';
import type { ApiRow, Kind } from '../tables/columns.js';
import { apiKindOf } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { memoized } from '../units/memo.js';
import { msPerSecond } from '../units/month.js';
import { type Prompt, type TurnsAlike, turnsAlike } from '../workload/conversation.js';
import { mayBatch, type TaskPart, type Workload } from '../workload/workload.js';
import { emptyOption, modesOf, type Option, withMode } from './option.js';
import type { Context, Placement, TaskService } from './placement.js';
import { boundTo } from './placement.js';
import { apiService, reasoningTokens, tracedReasoning } from './service-trace.js';

/** Whether the provider began to charge for it after the model was released. */
function spared({ provider, family }: ApiRow, tables: Tables): boolean {
  const from = tables.serviceOf.get(provider)?.regionalUpliftFrom ?? null;
  const released = tables.capabilityOf.get(family)?.released ?? null;
  return from !== null && released !== null && released < from;
}

/** The assumed surcharge where a row has none; null: none for such a provider. */
const assumedUplift = (row: ApiRow): string | null =>
  apiKindOf(row) === 'cloud-api' ? 'residencyUpliftFraction' : null;

/**
 * Surcharge of an endpoint bound to regions, as shares of the listed price: the row's, else the assumption of the kind
 * of place, if any, for models that the provider charges it for. 0: none, or no region is required.
 *
 * @param isByTokens provisioned throughput pays no more than the row says
 */
export function upliftOf(
  row: ApiRow,
  regions: ReadonlySet<string> | null,
  { workload, tables }: Pick<Context, 'workload' | 'tables'>,
  isByTokens = true,
): SideShares {
  const nothing = { input: 0, output: 0 };
  if (regions === null) return nothing;
  const listed = listedUplift(row, regions);
  const assumption = assumedUplift(row);
  if (listed !== null) return listed;
  if (assumption === null || !isByTokens || spared(row, tables)) return nothing;
  return { input: workload.assume(assumption), output: workload.assume(assumption) };
}

function tracedUplift(row: ApiRow, side: 'input' | 'output', regions: ReadonlySet<string>, context: Context): Traced {
  const label = 'an endpoint bound to a region above the list';
  const listed = listedUplift(row, regions);
  const assumption = assumedUplift(row);
  return listed === null && assumption !== null
    ? parameter(label, assumption, context)
    : given(label, listed?.[side] ?? 0, 'fraction of price', { table: 'api', row: row.row });
}

/** What is sold with a price row, by the modes of its model. */
export function apiOptions(kind: Kind, row: ApiRow, { tables }: Pick<Context, 'tables'>): Option[] {
  const capability = tables.capabilityOf.get(row.family) ?? null;
  const contextTokens = row.contextWindow ?? capability?.contextTokens ?? null;
  const modalities = capability?.modalities ?? ['text'];
  return modesOf(capability).map((mode) => ({
    ...emptyOption(kind),
    id: `${kind}/${row.provider}/${withMode(row.modelId, mode)}`,
    provider: row.provider,
    model: row.modelId,
    family: row.family,
    region: row.region,
    mode,
    capability,
    contextTokens,
    maxOutputTokens: row.maxOutput,
    modalities,
    retires: row.retires,
    license: 'hosted',
    api: row,
  }));
}

/** A closed model, at its maker or at a cloud that resells it. */
export const cloudApi = tokenApi('cloud-api', 'Closed API, billed per token');
/** Open weights served by somebody else, billed per token. */
export const openModelApi = tokenApi('open-model-api', 'Hosted open model, billed per token');

/** A placement whose provider charges per token. */
function tokenApi(kind: ReturnType<typeof apiKindOf> & Kind, title: string): Placement {
  const staff = { ...nobody, api: true };
  return {
    kind,
    title,
    perToken: true,
    lookUp,
    service,
    traceService: apiService,
    price,
    staff: () => staff,
  };

  function lookUp(id: string, context: Context): Option | null {
    const sold = context.tables.api.filter(
      (row) => apiKindOf(row) === kind && id.startsWith(`${kind}/${row.provider}/${row.modelId}`),
    );
    return sold.flatMap((row) => apiOptions(kind, row, context)).find((option) => option.id === id) ?? null;
  }

  /** Band of the provider: geometric mean of median and usual tail, a term for the prompt, reasoning first. */
  function service(option: Option, taskPart: TaskPart, { workload, tables }: Context): TaskService {
    const band = tables.serviceOf.get(option.provider);
    const middle = (low: number | null | undefined, high: number | null | undefined) =>
      low === null || low === undefined || high === null || high === undefined ? null : Math.sqrt(low * high);
    const ttftP50Ms = middle(band?.ttftP50LowMs, band?.ttftP50HighMs);
    const tokensPerSecond = middle(band?.tokensPerSecondLow, band?.tokensPerSecondHigh);
    const prompt = taskPart.tokens.input + mediaTokens(option.family ?? '', taskPart, { tables, workload });
    const promptMs = (prompt / 1000) * workload.assume('apiTtftExtraPer1kPromptTokens') * msPerSecond;
    const reasoning = reasoningTokens(option, taskPart, workload);
    const thinkingMs =
      reasoning === 0 ? 0 : tokensPerSecond === null ? null : (reasoning / tokensPerSecond) * msPerSecond;
    const ttftP95Ms =
      ttftP50Ms === null || thinkingMs === null
        ? null
        : ttftP50Ms * workload.assume('apiTtftP95OverP50') + promptMs + thinkingMs;
    const totalP95Ms =
      ttftP95Ms === null || tokensPerSecond === null
        ? null
        : ttftP95Ms + (taskPart.tokens.output / tokensPerSecond) * msPerSecond;
    const seen = { ttftP95Ms, tokensPerSecond, totalP95Ms, unitRequestsPerS: null, limitedBy: null };
    const ratio = tables.parameterOf.get('apiTtftP95OverP50');
    if (ttftP50Ms === null || thinkingMs === null || ratio === undefined) return seen;
    const atRatio = (times: number): number => ttftP50Ms * times + promptMs + thinkingMs;
    return { ttftP95Band: { low: atRatio(ratio.low), high: atRatio(ratio.high) }, ...seen };
  }

  function price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced {
    const row = option.api;
    if (row === null) return { unpriced: 'not an API price' };
    const charged = taskParts.flatMap((taskPart) => chargedFor(row, option, taskPart, context));
    // Not every task, and not every turn, has all charges.
    const lines = chargeOrder.flatMap((part): CostLine[] => {
      const own = charged.filter(({ charge }) => charge.part === part);
      const [first] = own;
      if (first === undefined) return [];
      const { working } = first.charge;
      const tariffs = own.flatMap((one) => one.tariffs);
      return [
        {
          ...{ part, label: `${working.label}${tariffText(tariffs)}`, upfront: 0, working },
          curve: add(own.map(({ curve }) => curve)),
          sources: () => [{ table: 'api', row: row.row }],
          tariffs: [...new Set(tariffs)].filter((tariff) => tariff !== ''),
          trace: (volume) =>
            sumOf(
              working.label,
              working.unit,
              own.map(({ trace }) => trace(volume)),
            ),
        },
      ];
    });
    return [...lines, ...tunedLines(row, taskParts, context)];
  }

  /** Every charge of a task part on the volume axis, with its tariffs and derivation. */
  function chargedFor(row: ApiRow, option: Option, taskPart: TaskPart, context: Context) {
    const priced = pricesFor(row, taskPart, context);
    return chargesOf(row, option, taskPart, context).flatMap(({ turns, tokens, cache, charges }) => {
      const bill = (): TokenBill => ({
        taskPart,
        turns,
        prompt: tokens,
        keepsSession: (cache?.found ?? null) !== null,
        row: priced,
        charges,
        reasoning: () => tracedReasoning(option, taskPart, context),
        mediaTokens: mediaTokens(row.family, taskPart, context),
        images: () => tracedImages(row.family, taskPart, context),
        audio: () => tracedAudio(row, taskPart, context),
        uplift: (side) => tracedUplift(row, side, boundTo(option, taskPart.needs, context) ?? new Set(), context),
        offPeak: () => tracedOffPeak(row, taskPart, context),
      });
      return charges.map((charge) => ({
        charge,
        curve: onVolumeAxis(charge.curve, taskPart, context.workload),
        tariffs: tariffsOf(charge, priced),
        trace: (volume: number) => traceCharge(charge, bill(), volume, context),
      }));
    });
  }

  /** The bill of a task part by groups of turns with equal prices: the size of a prompt may change them. */
  function chargesOf(listed: ApiRow, option: Option, taskPart: TaskPart, context: Context): Charges[] {
    const { workload } = context;
    const row = pricesFor(listed, taskPart, context);
    const { monthlyPerDaily, caching } = commonOf(taskPart, workload);
    const [least, isSession] = [workload.assume('promptCacheMinTokens'), taskPart.tokens.history > 0];
    const images = imageTokens(row.family, taskPart, context);
    const audio = audioAsText(row, taskPart, context);
    const media = mediaTokens(row.family, taskPart, context);
    const kindOf = (prompt: Prompt) => {
      const { shared, history, goesOn } = cacheable(prompt, isSession, least);
      return 3 * tierOf(row, prompt.input + media) + (shared + history > 0 ? 2 : Number(goesOn));
    };
    const written = { output: taskPart.tokens.output, reasoning: reasoningTokens(option, taskPart, workload) };
    const billed = turnsAlike(taskPart.tokens, kindOf).map((turns) => ({
      turns,
      share: turns.share,
      tokens: { images, audio, ...written, ...cacheable(turns, isSession, least) },
      prices: tokenPrices(row, turns.input + media, workload),
    }));
    const cache = cacheUse(billed, mayBatch(taskPart), (life) => sessionHits(taskPart, life, workload));
    const hits = caching(cache?.life ?? 'promptCacheLifeS');
    return billed.map(({ turns, share, tokens, prices }) => {
      const charges = tokenCharges(tokens, prices, {
        batch: mayBatch(taskPart),
        cache,
        offPeakSaving: offPeakSaving(row, taskPart, workload),
        regionalUplift: upliftOf(row, boundTo(option, taskPart.needs, context), context),
        retryRate: workload.assume('retryRate'),
        monthlyPerDaily: monthlyPerDaily * share,
        caching: share === 1 ? hits : (...prices) => ofShare(hits(...prices), share),
      });
      return { turns, tokens, cache, charges };
    });
  }
}

/** What turns of a conversation are charged. */
type Charges = { turns: TurnsAlike; tokens: Cacheable; cache: CacheUse | null; charges: TokenCharge[] };

function ofShare(caching: Caching | null, share: number): Caching | null {
  const some =
    (requests: Requests): Requests =>
    (perDay) =>
      share * requests(perDay);
  return caching && { ...caching, hits: some(caching.hits), looking: caching.looking && some(caching.looking) };
}

/** A price row with the prices that the requests of a task part pay. */
const pricesFor = (row: ApiRow, taskPart: TaskPart, { workload, tables }: Context): ApiRow =>
  tierPrices(tunedPrices(row, taskPart, tables), taskPart, workload);

type Common = { monthlyPerDaily: number; caching: (life: CacheLife) => ReturnType<typeof cacheHits> };
const perTaskPart = new WeakMap<TaskPart, Common>();

/** What does not depend on the option, once per task part. */
function commonOf(taskPart: TaskPart, workload: Workload): Common {
  let common = perTaskPart.get(taskPart);
  if (common === undefined) {
    common = {
      monthlyPerDaily: requestsPerMonthPerDaily(taskPart, workload),
      caching: memoized((life) => cacheHits(taskPart, workload, life)),
    };
    perTaskPart.set(taskPart, common);
  }
  return common;
}
