import {
  camelCase,
  date,
  list,
  many,
  maybe,
  mayLack,
  nameOrNone,
  need,
  number,
  numberOrName,
  oneOf,
  setting,
  table,
  text,
  token,
  week,
  whole,
  yesNo,
} from './column.js';
import { condition } from './condition.js';
import { kinds } from './kinds.js';

const share = number(0, 1);
const points = number(0, 100);
const amount = number(0);
const positive = number(Number.MIN_VALUE);
const count = whole(0);
const some = whole(1);
const tier = oneOf(1, 2, 3, 4);
const kind = oneOf(...kinds);
const purpose = oneOf('code');

const models = table({
  file: 'models.csv',
  key: ['family'],
  kept: [
    'kv_lora_rank',
    'qk_rope_head_dim',
    'full_attention_layers',
    'sliding_window_layers',
    'params_computed_b',
    'params_diff_pct',
    'params_check',
  ],
  dated: ['released'],
  columns: {
    family: need('family', text),
    vendor: need('vendor', text),
    released: need('released', date),
    license: maybe('license', text),
    commercialUse: maybe('commercial_use', oneOf('yes', 'conditional', 'no')),
    /** What conditional use depends on, as a clause; null: not in the tables. */
    licenseTerms: maybe('license_terms', text),
    paramsTotalB: need('params_total_b', positive),
    paramsActiveB: need('params_active_b', positive),
    /** Parts no text token passes: vision towers, extra prediction layers. */
    paramsOtherB: maybe('params_other_b', amount),
    layers: maybe('layers', some),
    hiddenSize: maybe('hidden_size', some),
    attentionHeads: maybe('attention_heads', some),
    kvHeads: maybe('kv_heads', some),
    headDim: maybe('head_dim', some),
    attentionType: maybe('attention_type', oneOf('mha', 'gqa', 'mla', 'hybrid')),
    slidingWindowTokens: maybe('sliding_window_tokens', some),
    intermediateSize: maybe('intermediate_size', some),
    expertsTotal: maybe('experts_total', some),
    expertsActive: maybe('experts_active', some),
    sharedExperts: maybe('shared_experts', count),
    moeIntermediateSize: maybe('moe_intermediate_size', some),
    denseLayers: maybe('dense_layers', count),
    vocabSize: maybe('vocab_size', some),
    maxContext: maybe('max_context', some),
    nativeDtype: maybe('native_dtype', text),
    modalities: need('modalities', list(text)),
    /** KV elements per token that grow with context, that stop at the window, and per sequence; times bytes. */
    kvElemsPerTokenFull: maybe('kv_elems_per_token_full', count),
    kvElemsPerTokenWindowed: maybe('kv_elems_per_token_windowed', count),
    stateElemsPerSeq: maybe('state_elems_per_seq', count),
  },
});

const accelerators = table({
  file: 'accelerators.csv',
  key: ['accelerator'],
  kept: ['compute_capability', 'fits_server'],
  dated: ['price_as_of', 'released'],
  columns: {
    accelerator: need('accelerator', text),
    vendor: need('vendor', text),
    kind: need('kind', oneOf('datacenter', 'workstation', 'consumer', 'soc', 'phone', 'cpu')),
    architecture: need('architecture', text),
    /** Machines whose kernels are alike: one calibrated deviation for each. */
    servingClass: need('serving_class', text),
    memoryGib: need('memory_gib', positive),
    bandwidthGBs: need('bandwidth_gb_s', positive),
    fp16Tflops: need('fp16_tflops', positive),
    fp8Tflops: maybe('fp8_tflops', positive),
    int8Tops: maybe('int8_tops', positive),
    fp4Tflops: maybe('fp4_tflops', positive),
    interconnect: need('interconnect', oneOf('pcie', 'nvlink', 'xgmi', 'none')),
    interconnectGBs: need('interconnect_gb_s', amount),
    tdpW: maybe('tdp_w', positive),
    idleW: maybe('idle_w', amount),
    listPriceUsd: maybe('list_price_usd', positive),
    listPriceLowUsd: maybe('list_price_low_usd', positive),
    listPriceHighUsd: maybe('list_price_high_usd', positive),
    priceAsOf: maybe('price_as_of', date),
    /** What it is bought as: a card, a board of eight, a rack; `none`: clouds alone have it. Null: not known. */
    soldAs: mayLack(maybe('sold_as', oneOf('card', 'hgx8', 'rack', 'system', 'laptop', 'soc', 'phone', 'none'))),
    /** When it went off sale, as far as is known or believed. */
    endOfSale: mayLack(maybe('end_of_sale', date)),
    /** Whether its generation computes in bf16, which most models are released in. */
    bf16: mayLack(maybe('bf16', yesNo)),
    released: need('released', date),
    usableMemoryFraction: need('usable_memory_fraction', share),
  },
});

const capability = table({
  file: 'capability.csv',
  key: ['family'],
  kept: ['benchmarks_used'],
  dated: ['released'],
  columns: {
    family: need('family', text),
    openWeights: need('open_weights', yesNo),
    index: need('index', points),
    indexLow: need('index_low', points),
    indexHigh: need('index_high', points),
    tier: need('tier', tier),
    released: maybe('released', date),
    contextTokens: maybe('context_tokens', some),
    modalities: need('modalities', list(text)),
    toolUse: need('tool_use', oneOf('yes', 'no', 'unknown')),
    /** The mode `index` and its band belong to: the better one. */
    mode: need('mode', oneOf('standard', 'thinking')),
    indexStandard: maybe('index_standard', points),
    indexThinking: maybe('index_thinking', points),
    reasoningTokenShare: maybe('reasoning_token_share', share),
    useLow: need('use_low', yesNo),
    /** The one purpose that its maker made it for; null: none in particular. */
    madeFor: mayLack(maybe('made_for', purpose)),
    /** How the index came about: `fit`, `proxy:model`, `predecessor:model`, `stated` …; null: not said. */
    method: mayLack(maybe('method', text)),
  },
});

const quantization = table({
  file: 'quantization.csv',
  key: ['scheme', 'aboveB'],
  kept: ['benchmark_retained_pct_likely', 'needs_hardware', 'throughput_note'],
  dated: [],
  columns: {
    scheme: need('scheme', text),
    appliesTo: need('applies_to', oneOf('weights', 'kv-cache')),
    /** Parameters (1e9) of the models the row is for: above `aboveB`, up to `upToB` (null: no limit). */
    aboveB: need('above_b', amount),
    upToB: maybe('up_to_b', positive),
    bitsPerWeight: maybe('bits_per_weight', number(1, 64)),
    kvBits: need('kv_bits', number(1, 64)),
    lossLow: need('loss_low', points),
    lossLikely: need('loss_likely', points),
    lossHigh: need('loss_high', points),
    /** Where it runs: architectures, `+` = and newer of that maker, `=weight-only`, `=slow`. */
    runsOn: need('runs_on', text),
    batchedServing: need('batched_serving', yesNo),
    /** Number format the matrix units compute in on native hardware. */
    compute: maybe('compute', oneOf('fp16', 'fp8', 'int8', 'fp4')),
    /** Only for models released in this format. */
    onlyNativeDtype: maybe('only_native_dtype', text),
  },
});

const providers = table({
  file: 'providers.csv',
  key: ['provider'],
  kept: ['trust_page'],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    kinds: need('kinds', list(kind)),
    operatorCountry: need('operator_country', text),
    regions: many('regions', token),
    certs: many('certs', token),
    agreements: many('agreements', token),
    options: many('options', token),
    /** What its bills have beside what the tables have prices of; null: nothing is known of it. */
    billedApart: mayLack(maybe('billed_apart', text)),
    asOf: need('as_of', date),
  },
});

const services = table({
  file: 'services.csv',
  key: ['provider'],
  kept: ['offers_baa', 'zero_data_retention', 'trains_on_data'],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    /** Where its usual endpoint may process, in wide words; `global`: anywhere. */
    regions: many('regions', token),
    /** Models released before cost nothing more where an endpoint is bound to a region; null: any may. */
    regionalUpliftFrom: maybe('regional_uplift_from', date),
    slaUptimePct: maybe('sla_uptime_pct', number(0, 100)),
    retentionDays: maybe('retention_days', amount),
    ttftP50LowMs: maybe('ttft_p50_low_ms', positive),
    ttftP50HighMs: maybe('ttft_p50_high_ms', positive),
    tokensPerSecondLow: maybe('tokens_per_second_low', positive),
    tokensPerSecondHigh: maybe('tokens_per_second_high', positive),
    asOf: need('as_of', date),
  },
});

/**
 * A named number may be given as another one (`=fteOnCall` under `likely`): then its own ends stay empty. What is a choice
 * rather than an estimate says `no` under `drawn`, what no figure takes `no` under `used`.
 */
export type ParameterTable = 'owning' | 'latency' | 'assumptions';

function parameters(name: ParameterTable, kept: string[]) {
  return table({
    file: `${name}.csv`,
    key: ['name'],
    kept,
    dated: [],
    constant: { table: name },
    columns: {
      name: need('name', camelCase),
      low: { header: 'low', read: number(), ifEmpty: Number.NaN },
      likely: need('likely', numberOrName),
      high: { header: 'high', read: number(), ifEmpty: Number.NaN },
      unit: need('unit', text),
      drawn: mayLack({ header: 'drawn', read: yesNo, ifEmpty: true }),
      used: mayLack({ header: 'used', read: yesNo, ifEmpty: true }),
      as: { header: 'likely', read: nameOrNone, ifEmpty: null },
    },
  });
}

const owning = parameters('owning', ['applies_to']);
const latency = parameters('latency', []);
const assumptions = parameters('assumptions', []);

const tasks = table({
  file: 'tasks.csv',
  key: ['task'],
  kept: [],
  dated: [],
  columns: {
    task: need('task', text),
    minIndexLow: need('min_index_low', points),
    minIndexLikely: need('min_index_likely', points),
    minIndexHigh: need('min_index_high', points),
    inputTokens: need('input_tokens', count),
    outputTokens: need('output_tokens', count),
    cacheablePrefixShare: need('cacheable_prefix_share', share),
    /** What of that prefix is of the request's session alone. */
    sessionPrefixShare: mayLack({ header: 'session_prefix_share', read: share, ifEmpty: 0 }),
    ttftMs: need('ttft_ms', positive),
    batchable: need('batchable', yesNo),
    needsTools: need('needs_tools', yesNo),
    needsVision: need('needs_vision', yesNo),
    minContextTokens: need('min_context_tokens', count),
    thinkingAcceptable: need('thinking_acceptable', yesNo),
    /** Models made for this alone serve it too; null: only those made for nothing in particular. */
    madeFor: mayLack(maybe('made_for', purpose)),
    /** Classification, extraction and the like: what small models do well. */
    simple: { header: 'simple', read: yesNo, ifEmpty: false, mayLack: true },
  },
});

const regimes = table({
  file: 'regimes.csv',
  key: ['regime', 'requirement'],
  kept: [],
  dated: [],
  columns: {
    regime: need('regime', text),
    /** Other names of the same law. */
    aliases: mayLack(many('aliases', text)),
    dataKind: need('data_kind', text),
    requirement: need('requirement', text),
    effect: need('effect', oneOf('gate', 'condition', 'checklist')),
    allowedPlacements: need('allowed_placements', list(kind)),
    /** Boolean expression over tokens, `&` before `|`, brackets; empty: none. */
    condition: { header: 'condition', read: text, ifEmpty: '' },
  },
});

const regions = table({
  file: 'regions.csv',
  key: ['region'],
  kept: [],
  dated: [],
  columns: { region: need('region', text), tokens: many('tokens', token) },
});

const processing = table({
  file: 'processing.csv',
  key: ['provider', 'token'],
  kept: [],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    /** A region, as in providers.csv; `*`: any. */
    token: need('token', text),
    /** Models that it processes there, and models that it sells there and processes elsewhere; a name that ends in `*`: all that begin so. */
    inside: many('inside', text),
    outside: many('outside', text),
    asOf: need('as_of', date),
  },
});

/** Service tiers that have prices of their own beside the standard one. */
export const pricedTiers = ['flex', 'priority'] as const;
export type PricedTier = (typeof pricedTiers)[number];
/** All of them, as a request names one. */
export const serviceTiers = ['standard', ...pricedTiers] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** Sizes of an image whose tokens the tables know, width x height in pixels. */
export const imageSizes = ['512x512', '1024x1024', '1700x2200', '3024x4032'] as const;

const imageTokens = table({
  file: 'image-tokens.csv',
  key: ['family'],
  kept: [
    'method',
    'base_tokens',
    'unit_px',
    'tokens_per_unit',
    'max_units',
    'multiplier',
    'resize_rule',
    'detail_setting',
  ],
  dated: ['as_of'],
  columns: {
    family: need('family', text),
    /** Tokens that a model bills for an image of a size, at its usual setting. */
    '512x512': need('tokens_512x512', count),
    '1024x1024': need('tokens_1024x1024', count),
    '1700x2200': need('tokens_1700x2200', count),
    '3024x4032': need('tokens_3024x4032', count),
    /** Of an open model's encoder: patch size in pixels, patches a side of a token, pixels at most, parameters (1e9). */
    patchPx: maybe('vit_patch_px', some),
    merge: maybe('merge', some),
    maxPixels: maybe('max_pixels', some),
    encoderParamsB: maybe('encoder_params_b', amount),
    asOf: need('as_of', date),
  },
});

/** What a model counts for a second of audio, and what such a token costs beside one of text. */
const audioTokens = table({
  file: 'audio-tokens.csv',
  key: ['family'],
  kept: [],
  dated: ['as_of'],
  columns: {
    family: need('family', text),
    perSecond: need('tokens_per_second', positive),
    /** Prices of input that were published together; a price list that has one of audio itself comes first. */
    audioUsdPerMTok: maybe('audio_usd_per_mtok', amount),
    textUsdPerMTok: maybe('text_usd_per_mtok', positive),
    asOf: need('as_of', date),
  },
});

/** What a provider asks for tuning a model of its list, and for serving it. */
const tuning = table({
  file: 'tuning.csv',
  key: ['provider', 'model', 'methods', 'servingMode', 'trainingUnit'],
  kept: ['storage_usd_per_month', 'minimum_usd'],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    /** Families, or open models by size (`up to 16B`, `17B-69B`, `above 300B`); `*`: any other that the provider has. */
    model: need('model', text),
    methods: many('methods', text),
    /** `closing`: for those who have it already; `deprecated`: the provider means to end it. */
    offered: need('offered', oneOf('yes', 'no', 'closing', 'deprecated')),
    ends: maybe('ends', date),
    trainingUnit: maybe('training_unit', oneOf('usd_per_mtok', 'usd_per_hour', 'usd_per_gpu_hour')),
    trainingUsdLow: maybe('training_usd_low', amount),
    trainingUsdHigh: maybe('training_usd_high', amount),
    /**
     * How the tuned model is billed: like its base, at prices of its own, as an adapter on a shared one, by the hour and the
     * token, or as a machine by the hour.
     */
    servingMode: maybe(
      'serving_mode',
      oneOf('same_price_as_base', 'uplift', 'serverless_lora', 'hourly_plus_tokens', 'dedicated_hourly'),
    ),
    servingInputUsdPerMTok: maybe('serving_input_usd_per_mtok', amount),
    servingCachedUsdPerMTok: maybe('serving_cached_usd_per_mtok', amount),
    servingOutputUsdPerMTok: maybe('serving_output_usd_per_mtok', amount),
    servingHourlyUsdLow: maybe('serving_hourly_usd_low', amount),
    servingHourlyUsdHigh: maybe('serving_hourly_usd_high', amount),
    dataInRegion: maybe('data_in_region', oneOf('yes', 'no', 'conditional', 'us_only', 'unknown')),
    asOf: need('as_of', date),
  },
});

/** How long a service that has scaled to zero takes until it is ready, as measured or claimed. */
const coldStarts = table({
  file: 'cold-starts.csv',
  key: ['id'],
  kept: ['what', 'mean_or_single'],
  dated: ['as_of'],
  columns: {
    id: need('id', text),
    /** `*`: any. */
    provider: need('provider', text),
    modelSizeB: maybe('model_size_b', positive),
    accelerator: maybe('accelerator', text),
    p50: maybe('p50', amount),
    p95: maybe('p95', amount),
    unit: need('unit', oneOf('s', 'gb/s')),
    asOf: need('as_of', date),
  },
});

/** Tokens a minute that a unit of provisioned throughput serves of a model, and the smallest purchase of them. */
const provisionedThroughput = table({
  file: 'provisioned-throughput.csv',
  key: ['provider', 'modelId'],
  kept: [],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    modelId: need('model_id', text),
    unit: need('unit', text),
    /** Smallest purchase and step of deployments that are not bound to one region, and of those that are. */
    minUnitsGlobal: need('min_units_global', some),
    stepGlobal: need('step_global', some),
    minUnitsRegional: need('min_units_regional', some),
    stepRegional: need('step_regional', some),
    tokensPerMinute: need('input_tokens_per_minute_per_unit', positive),
    /** How many tokens of input one counts as: of output, and of input that is found in the cache. */
    outputWeight: need('output_weight', amount),
    cachedWeight: need('cached_weight', share),
    /** Prompts of more tokens count by weights of their own; null: all count alike. */
    longAboveTokens: maybe('long_above_tokens', some),
    longInputWeight: maybe('long_input_weight', amount),
    longOutputWeight: maybe('long_output_weight', amount),
    /** Longer prompts are not served; null: as by tokens. */
    maxPromptTokens: maybe('max_prompt_tokens', some),
    released: need('as_of', date),
  },
});

/** How such units are bought. */
const provisionedOffers = table({
  file: 'provisioned-offers.csv',
  key: ['provider', 'product'],
  kept: [],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    unit: need('unit', text),
    product: need('product', text),
    scope: need('scope', oneOf('global', 'data-zone', 'regional')),
    /** Of a data zone: regions that it may be bound to. */
    regions: many('regions', token),
    /** Hours of the commitment; 0: none. */
    termHours: need('term_hours', amount),
    /** Null: the price of the product in hosting.csv; where that has none either, it is to be asked. */
    usdPerUnitHour: maybe('usd_per_unit_hour', amount),
    released: need('as_of', date),
  },
});

/** Prices of service tiers, for snapshots whose price list has no columns of them. */
const tierPrices = table({
  file: 'service-tiers.csv',
  key: ['provider', 'modelId', 'tier'],
  kept: [],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    modelId: need('model_id', text),
    tier: need('tier', oneOf(...pricedTiers)),
    input: need('input_usd_per_mtok', amount),
    cached: maybe('cached_input_usd_per_mtok', amount),
    output: need('output_usd_per_mtok', amount),
    released: need('as_of', date),
  },
});

/** What providers charge beside tokens: for calls of a tool. */
const fees = table({
  file: 'fees.csv',
  key: ['provider', 'fee'],
  kept: [],
  dated: ['as_of'],
  columns: {
    provider: need('provider', text),
    /** As scenarios call it; `fee`: as the provider does. */
    tool: need('tool', token),
    fee: need('fee', token),
    /** How the names of the families begin that it is asked for; null: all. */
    familyPrefix: maybe('family_prefix', text),
    /** For prompts: once for a request, however often it calls the tool. */
    unit: need('unit', oneOf('1000 calls', '1000 queries', '1000 prompts')),
    usd: need('usd', amount),
    asOf: need('as_of', date),
  },
});

const profiles = table({
  file: 'profiles.csv',
  key: ['profile'],
  kept: ['basis', 'method', 'timezone_and_start', 'peak_to_mean', 'share_above_mean'],
  dated: [],
  columns: { profile: need('profile', text), multipliers: need('multipliers', week) },
});

const architectures = table({
  file: 'architectures.csv',
  key: ['architecture'],
  kept: [],
  dated: [],
  columns: {
    architecture: need('architecture', text),
    line: need('line', text),
    generation: need('generation', some),
  },
});

const impliedTokens = table({
  file: 'implied-tokens.csv',
  key: ['token'],
  kept: [],
  dated: [],
  columns: { token: need('token', token), impliedBy: need('implied_by', list(token)) },
});

const names = table({
  file: 'names.csv',
  key: ['what', 'id'],
  kept: [],
  dated: [],
  columns: {
    what: need('what', oneOf('model', 'provider', 'accelerator')),
    id: need('id', text),
    name: need('name', text),
  },
});

const claims = table({
  file: 'claims.csv',
  key: ['token'],
  kept: [],
  dated: [],
  columns: { token: need('token', token), name: need('name', text), todo: maybe('todo', text) },
});

const tiers = table({
  file: 'tiers.csv',
  key: ['tier'],
  kept: [],
  dated: [],
  columns: {
    tier: need('tier', tier),
    name: need('name', text),
    fromIndex: need('from_index', points),
    example: mayLack(maybe('example', text)),
    known: mayLack(maybe('known', text)),
  },
});

const guides = table({
  file: 'guides.csv',
  key: ['guide', 'rule'],
  kept: [],
  dated: [],
  columns: {
    guide: need('guide', text),
    rule: need('rule', text),
    /** `only` these places; points `for` them; the first `answer` that holds, or that is a `hybrid`. */
    effect: need('effect', oneOf('only', 'for', 'answer', 'hybrid')),
    /** Holds where all of these do; empty: always. */
    when: many('when', condition),
    /** Deployment types; `voted`: those with most points; other words are counted under their name. */
    places: many('places', text),
    points: { header: 'points', read: amount, ifEmpty: 1 },
    says: { header: 'says', read: text, ifEmpty: '' },
  },
});

const levers = table({
  file: 'levers.csv',
  key: ['lever'],
  kept: [],
  dated: [],
  columns: {
    lever: need('lever', text),
    label: need('label', text),
    /** Presets it suits; empty: any. */
    tasks: many('tasks', text),
    /** Of which tasks: conditions, all of which must hold. */
    when: many('when', condition),
    /** What is set of each such task, and what takes the lever away where the scenario has it. */
    set: many('set', setting),
    without: many('without', setting),
    /** The fact that it costs itself, USD a month; null: nothing. */
    extra: maybe('extra', camelCase),
    /** Why it cannot be pulled, where it is of no task. */
    reason: need('reason', text),
    /** Assumptions it is worked out with. */
    parameters: many('parameters', camelCase),
    caveat: need('caveat', text),
  },
});

const engines = table({
  file: 'engines.csv',
  key: ['engine'],
  kept: ['caveat'],
  dated: [],
  columns: {
    engine: need('engine', text),
    /** Engines that share calibrated deviations. */
    group: need('group', text),
    /** Sequences of one batch, tokens of one iteration, at most. */
    maxSequences: need('max_sequences', some),
    chunkTokens: need('chunk_tokens', some),
    /** Share of a card's memory the engine takes; null: what is usable on the card. */
    memoryFraction: maybe('memory_fraction', share),
    /** Whether 8-bit weights bring an 8-bit cache. */
    cacheFollowsWeights: need('cache_follows_weights', yesNo),
    /** What more cards do for one stream: share every layer, or take layers in turn. */
    multiCard: need('multi_card', oneOf('tensor', 'layers')),
    /** Whether it multiplies in the format of the weights, or narrow whatever they are: 8 bits, or 16 without wide sums. */
    kernels: need('kernels', oneOf('native', 'narrow')),
    /** Whether its published rate of a single stream is of decode alone or of the whole request. */
    streamRate: need('stream_rate', oneOf('decode', 'whole')),
    /** A port younger than its hardware is slower than any physics says, by an unknown factor. */
    mature: need('mature', yesNo),
    /** Meant where none is said, on servers or on machines of one person; one engine of each. */
    usual: maybe('usual', oneOf('server', 'personal')),
  },
});

const playbook = table({
  file: 'playbook.csv',
  key: ['id'],
  kept: [],
  dated: [],
  columns: {
    id: need('id', text),
    /** Applies where all of these hold; empty: always. */
    when: many('when', condition),
    /** A fact or parameter with the weeks it takes; null: none. */
    takes: maybe('takes', camelCase),
    /** What to do, with facts and parameters in braces. */
    text: need('text', text),
  },
});

const efficiency = table({
  file: 'efficiency.csv',
  key: ['factor', 'engineGroup', 'servingClass', 'link'],
  kept: ['unit'],
  dated: [],
  columns: {
    factor: need('factor', text),
    engineGroup: maybe('engine_group', text),
    servingClass: maybe('serving_class', text),
    link: maybe('link', text),
    /** Where the fit starts from and is drawn to, and how far (standard deviation of the logarithm). */
    prior: need('prior', positive),
    priorSdLog: need('prior_sd_log', positive),
    value: need('value', positive),
    /** 80 % interval of the fit. */
    low: need('low', positive),
    high: need('high', positive),
  },
});

const bands = table({
  file: 'bands.csv',
  key: ['metric', 'doubt'],
  kept: ['samples'],
  dated: [],
  columns: {
    metric: maybe('metric', text),
    doubt: maybe('doubt', text),
    low: maybe('low', positive),
    high: maybe('high', positive),
    widening: maybe('widening', positive),
  },
});

const residuals = table({
  file: 'residuals.csv',
  key: ['modelFamily', 'accelerator', 'engineGroup', 'publisher', 'batch'],
  kept: ['rows'],
  dated: ['released'],
  columns: {
    modelFamily: need('model_family', text),
    accelerator: need('accelerator', text),
    engineGroup: maybe('engine_group', text),
    servingClass: need('serving_class', text),
    publisher: need('publisher', text),
    /** Requests in flight. */
    batch: need('batch', positive),
    /** Logarithm of the measured time of decode over the predicted one. */
    logError: need('log_error', number(-9, 9)),
    released: need('released', date),
  },
});

const checkpoints = table({
  file: 'checkpoints.csv',
  key: ['family', 'scheme'],
  kept: [],
  dated: ['as_of'],
  columns: {
    family: need('family', text),
    /** A scheme of quantization.csv, or `gguf` for a repository of them all; null: the weights as they were released. */
    scheme: maybe('scheme', text),
    huggingfaceId: need('huggingface_id', text),
    asOf: need('as_of', date),
  },
});

const deployNames = table({
  file: 'deploy-names.csv',
  key: ['tool', 'kind', 'name'],
  kept: [],
  dated: ['as_of'],
  columns: {
    tool: need('tool', text),
    /** Of the tool, where a name holds for it alone. */
    version: maybe('version', text),
    kind: need('kind', text),
    /** As in our tables. */
    name: need('name', text),
    theirs: need('theirs', text),
    asOf: need('as_of', date),
  },
});

export const catalogSchemas = {
  models,
  accelerators,
  capability,
  quantization,
  providers,
  services,
  owning,
  latency,
  assumptions,
  tasks,
  regimes,
  regions,
  processing,
  imageTokens,
  audioTokens,
  tuning,
  coldStarts,
  provisionedThroughput,
  provisionedOffers,
  serviceTiers: tierPrices,
  fees,
  profiles,
  architectures,
  impliedTokens,
  claims,
  names,
  tiers,
  guides,
  levers,
  engines,
  playbook,
  checkpoints,
  deployNames,
  efficiency,
  bands,
  residuals,
};
