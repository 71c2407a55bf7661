import {
  date,
  many,
  maybe,
  mayLack,
  need,
  number,
  oneOf,
  type PriceFacts,
  price,
  priceSteps,
  regionalUplifts,
  table,
  text,
  together,
  weekHours,
  whole,
  yesNo,
} from './column.js';

const usd = number(0, 1e6);
const some = whole(1);

/** A price of 1e6 tokens: of every offer, of most, of few, and above a size of the prompt. */
const token = { price: 'token' } as const;
const first = { ...token, usual: true } as const;
const usual = <const More extends Omit<PriceFacts, 'price'>>(name: string, more: More) =>
  price(maybe(`${name}_usd_per_mtok`, usd), { ...first, ...more });
const special = <const More extends Omit<PriceFacts, 'price'>>(name: string, more: More) =>
  price(mayLack(maybe(`${name}_usd_per_mtok`, usd)), { ...token, ...more });
const long = 'the prices above a prompt size';
const step = { ...token, together: long } as const;
const batch = { together: 'the batch prices' } as const;
const flex = { together: 'the flex prices' } as const;
const priority = { together: 'the priority prices' } as const;
const peak = 'the hours of the peak and the price at others';

/** A price by the hour of an instance. */
const perHour = <const More extends { word: string; settable: string; purchase: string; months: number }>(
  header: string,
  more: More,
) => price(maybe(header, usd), { price: 'hour', usual: true, ...more });

const api = table({
  file: 'api.csv',
  key: ['provider', 'modelId'],
  kept: [],
  dated: ['last_seen'],
  columns: {
    provider: need('provider', text),
    endpointKind: need('endpoint_kind', oneOf('first-party', 'cloud-marketplace', 'open-model-host')),
    modelId: need('model_id', text),
    family: need('family', text),
    openWeights: need('open_weights', yesNo),
    /** Where the endpoint processes, if the row is one of several of a model and its price is that of the place; `global`: anywhere. */
    region: mayLack(maybe('region', text)),
    inputUsdPerMTok: price(need('input_usd_per_mtok', usd), {
      ...first,
      word: 'input',
      settable: 'input',
      side: 'input',
    }),
    outputUsdPerMTok: price(need('output_usd_per_mtok', usd), {
      ...first,
      word: 'output',
      settable: 'output',
      side: 'output',
    }),
    cachedInputUsdPerMTok: usual('cached_input', { word: 'cached input', settable: 'cached', side: 'input' }),
    cacheWriteUsdPerMTok: usual('cache_write', { word: 'cache write', settable: 'cacheWrite', side: 'input' }),
    /** A write that is kept for an hour; the usual one is kept for minutes. */
    cacheWrite1hUsdPerMTok: special('cache_write_1h', { word: 'cache write for an hour', side: 'input' }),
    batchInputUsdPerMTok: usual('batch_input', {
      word: 'batch input',
      settable: 'batchInput',
      side: 'input',
      ...batch,
    }),
    batchOutputUsdPerMTok: usual('batch_output', {
      word: 'batch output',
      settable: 'batchOutput',
      side: 'output',
      ...batch,
    }),
    /** Requests that may be answered late or refused, and requests that go before others. */
    flexInputUsdPerMTok: special('flex_input', { word: 'flex input', settable: 'flexInput', ...flex }),
    flexCachedUsdPerMTok: special('flex_cached_input', { word: 'flex cached input', settable: 'flexCached' }),
    flexOutputUsdPerMTok: special('flex_output', { word: 'flex output', settable: 'flexOutput', ...flex }),
    priorityInputUsdPerMTok: special('priority_input', {
      word: 'priority input',
      settable: 'priorityInput',
      ...priority,
    }),
    priorityCachedUsdPerMTok: special('priority_cached_input', {
      word: 'priority cached input',
      settable: 'priorityCached',
    }),
    priorityOutputUsdPerMTok: special('priority_output', {
      word: 'priority output',
      settable: 'priorityOutput',
      ...priority,
    }),
    /** Input that is audio. */
    audioInputUsdPerMTok: special('audio_input', { word: 'audio input', settable: 'audioInput' }),
    tierAboveInputTokens: together(long, maybe('tier_above_input_tokens', some)),
    tierInputUsdPerMTok: price(maybe('tier_input_usd_per_mtok', usd), {
      ...step,
      word: 'long input',
      settable: 'tierInput',
      side: 'input',
    }),
    tierOutputUsdPerMTok: price(maybe('tier_output_usd_per_mtok', usd), {
      ...step,
      word: 'long output',
      settable: 'tierOutput',
      side: 'output',
    }),
    /** Steps above the first one, by size of the prompt. */
    furtherTiers: mayLack({ header: 'further_tiers', read: priceSteps, ifEmpty: [] }),
    contextWindow: maybe('context_window', some),
    maxOutput: maybe('max_output', some),
    effectiveFrom: maybe('effective_from', date),
    retires: maybe('retires', date),
    /** Last day of an introductory price; without next prices nothing is known of what follows. */
    until: maybe('until', date),
    nextInputUsdPerMTok: together('the next prices', maybe('next_input_usd_per_mtok', usd)),
    nextOutputUsdPerMTok: together('the next prices', maybe('next_output_usd_per_mtok', usd)),
    /** Nobody has published what follows: the next prices are the list prices before the introduction. */
    nextEstimated: mayLack({ header: 'next_estimated', read: yesNo, ifEmpty: false }),
    /** What an endpoint bound to a region costs more than the listed one, in percent. */
    regionalUpliftPct: mayLack(maybe('regional_uplift_pct', number(0, 1000))),
    /** The same by region, where it differs or is stated for some regions only. */
    regionalUplifts: mayLack({ header: 'regional_uplifts', read: regionalUplifts, ifEmpty: [] }),
    /** Hours of the week, UTC, in which the row's prices hold; at other hours they are `offPeakRatio` times as high. Empty: always. */
    peakHours: together(peak, mayLack({ header: 'peak_hours', read: weekHours, ifEmpty: [] })),
    offPeakRatio: together(peak, mayLack(maybe('off_peak_ratio', number(0, 1)))),
    /** Tokens a month that are not billed. */
    freeTokensPerMonth: mayLack(maybe('free_tokens_per_month', whole(0))),
    /** A class of service beside the standard one: `spot` requests give way to others. Null: the standard one. */
    speed: mayLack(maybe('speed', oneOf('fast', 'spot'))),
    /** A price for those alone whose prompts may be used to train models. */
    dataUsed: mayLack({ header: 'data_used', read: yesNo, ifEmpty: false }),
    /** Other names of the provider for the same model, beside those that follow from how names are written. */
    aliases: mayLack(many('aliases', text)),
    /** The day on which the price was last seen; null: that of the snapshot. */
    lastSeen: mayLack(maybe('last_seen', date)),
  },
});

const rental = table({
  file: 'rental.csv',
  key: ['provider', 'instanceType', 'accelerator', 'region'],
  kept: ['vcpus', 'memory_gib'],
  dated: ['as_of'],
  columns: {
    asOf: need('as_of', date),
    provider: need('provider', text),
    instanceType: need('instance_type', text),
    accelerator: need('accelerator', text),
    gpuCount: need('gpu_count', some),
    region: need('region', text),
    onDemandUsdPerHour: perHour('on_demand_usd_per_hour', {
      word: 'on demand',
      settable: 'onDemand',
      purchase: 'on-demand',
      months: 0,
    }),
    spotUsdPerHour: perHour('spot_usd_per_hour', { word: 'spot', settable: 'spot', purchase: 'spot', months: 0 }),
    reserved1yUsdPerHour: perHour('reserved_1y_usd_per_hour', {
      word: 'reserved 1 year',
      settable: 'reserved1y',
      purchase: 'reserved-1y',
      months: 12,
    }),
    reserved3yUsdPerHour: perHour('reserved_3y_usd_per_hour', {
      word: 'reserved 3 years',
      settable: 'reserved3y',
      purchase: 'reserved-3y',
      months: 36,
    }),
    tenancy: need('tenancy', oneOf('cloud', 'marketplace')),
    /** Group sizes a per-GPU row is sold in; empty: the instance as it is. */
    soldIn: many('sold_in', some),
  },
});

const hosting = table({
  file: 'hosting.csv',
  key: ['provider', 'product'],
  kept: [],
  dated: ['as_of'],
  columns: {
    asOf: need('as_of', date),
    provider: need('provider', text),
    product: need('product', text),
    kind: need('kind', oneOf('provisioned-throughput', 'dedicated-endpoint', 'serverless-gpu')),
    unit: need('unit', oneOf('gpu-hour', 'gpu-second', 'model-unit-hour', 'ptu-hour')),
    accelerator: maybe('accelerator', text),
    gpuCount: maybe('gpu_count', some),
    usdPerUnit: price(maybe('usd_per_unit', usd), { price: 'unit', word: 'price', usual: true }),
    minUnits: maybe('min_units', some),
    minCommitHours: maybe('min_commit_hours', number(0)),
    scaleToZero: maybe('scale_to_zero', yesNo),
    coldStartLowS: maybe('cold_start_s_low', number(0)),
    coldStartHighS: maybe('cold_start_s_high', number(0)),
    billingGranularityS: maybe('billing_granularity_s', number(0)),
  },
});

export const snapshotSchemas = { api, rental, hosting };
