import {
  date,
  many,
  maybe,
  mayLack,
  need,
  number,
  oneOf,
  priceSteps,
  regionalUplifts,
  table,
  text,
  weekHours,
  whole,
  yesNo,
} from './column.js';

const usd = number(0, 1e6);
const some = whole(1);

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
    inputUsdPerMTok: need('input_usd_per_mtok', usd),
    outputUsdPerMTok: need('output_usd_per_mtok', usd),
    cachedInputUsdPerMTok: maybe('cached_input_usd_per_mtok', usd),
    cacheWriteUsdPerMTok: maybe('cache_write_usd_per_mtok', usd),
    /** A write that is kept for an hour; the usual one is kept for minutes. */
    cacheWrite1hUsdPerMTok: mayLack(maybe('cache_write_1h_usd_per_mtok', usd)),
    batchInputUsdPerMTok: maybe('batch_input_usd_per_mtok', usd),
    batchOutputUsdPerMTok: maybe('batch_output_usd_per_mtok', usd),
    /** Requests that may be answered late or refused, and requests that go before others. */
    flexInputUsdPerMTok: mayLack(maybe('flex_input_usd_per_mtok', usd)),
    flexCachedUsdPerMTok: mayLack(maybe('flex_cached_input_usd_per_mtok', usd)),
    flexOutputUsdPerMTok: mayLack(maybe('flex_output_usd_per_mtok', usd)),
    priorityInputUsdPerMTok: mayLack(maybe('priority_input_usd_per_mtok', usd)),
    priorityCachedUsdPerMTok: mayLack(maybe('priority_cached_input_usd_per_mtok', usd)),
    priorityOutputUsdPerMTok: mayLack(maybe('priority_output_usd_per_mtok', usd)),
    /** Input that is audio. */
    audioInputUsdPerMTok: mayLack(maybe('audio_input_usd_per_mtok', usd)),
    tierAboveInputTokens: maybe('tier_above_input_tokens', some),
    tierInputUsdPerMTok: maybe('tier_input_usd_per_mtok', usd),
    tierOutputUsdPerMTok: maybe('tier_output_usd_per_mtok', usd),
    /** Steps above the first one, by size of the prompt. */
    furtherTiers: mayLack({ header: 'further_tiers', read: priceSteps, ifEmpty: [] }),
    contextWindow: maybe('context_window', some),
    maxOutput: maybe('max_output', some),
    effectiveFrom: maybe('effective_from', date),
    retires: maybe('retires', date),
    /** Last day of an introductory price; without next prices nothing is known of what follows. */
    until: maybe('until', date),
    nextInputUsdPerMTok: maybe('next_input_usd_per_mtok', usd),
    nextOutputUsdPerMTok: maybe('next_output_usd_per_mtok', usd),
    /** Nobody has published what follows: the next prices are the list prices before the introduction. */
    nextEstimated: mayLack({ header: 'next_estimated', read: yesNo, ifEmpty: false }),
    /** What an endpoint bound to a region costs more than the listed one, in percent. */
    regionalUpliftPct: mayLack(maybe('regional_uplift_pct', number(0, 1000))),
    /** The same by region, where it differs or is stated for some regions only. */
    regionalUplifts: mayLack({ header: 'regional_uplifts', read: regionalUplifts, ifEmpty: [] }),
    /** Hours of the week, UTC, in which the row's prices hold; at other hours they are `offPeakRatio` times as high. Empty: always. */
    peakHours: mayLack({ header: 'peak_hours', read: weekHours, ifEmpty: [] }),
    offPeakRatio: mayLack(maybe('off_peak_ratio', number(0, 1))),
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
    onDemandUsdPerHour: maybe('on_demand_usd_per_hour', usd),
    spotUsdPerHour: maybe('spot_usd_per_hour', usd),
    reserved1yUsdPerHour: maybe('reserved_1y_usd_per_hour', usd),
    reserved3yUsdPerHour: maybe('reserved_3y_usd_per_hour', usd),
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
    usdPerUnit: maybe('usd_per_unit', usd),
    minUnits: maybe('min_units', some),
    minCommitHours: maybe('min_commit_hours', number(0)),
    scaleToZero: maybe('scale_to_zero', yesNo),
    coldStartLowS: maybe('cold_start_s_low', number(0)),
    coldStartHighS: maybe('cold_start_s_high', number(0)),
    billingGranularityS: maybe('billing_granularity_s', number(0)),
  },
});

export const snapshotSchemas = { api, rental, hosting };
