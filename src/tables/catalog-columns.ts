import {
  camelCase,
  condition,
  date,
  inFiles,
  kinds,
  list,
  many,
  maybe,
  mayLack,
  nameOrNone,
  need,
  number,
  numberOrName,
  oneOf,
  orElse,
  setting,
  table,
  text,
  token,
  week,
  whole,
  yesNo,
} from './column.js';

const share = number(0, 1);
const points = number(0, 100);
const amount = number(0);
const positive = number(Number.MIN_VALUE);
const count = whole(0);
const some = whole(1);
const tier = oneOf(1, 2, 3, 4);
const kind = oneOf(...kinds);
const purpose = oneOf('code');

/** Service tiers with prices of their own, without the standard one. */
export const pricedTiers = ['flex', 'priority'] as const;
export type PricedTier = (typeof pricedTiers)[number];
/** All of them, as a request names one. */
export const serviceTiers = ['standard', ...pricedTiers] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** Sizes of an image whose tokens the tables know, width x height in pixels. */
export const imageSizes = ['512x512', '1024x1024', '1700x2200', '3024x4032'] as const;

/**
 * A named number may refer to another one (`=fteOnCall` under `likely`), without ends of its own. `drawn` is `no` for a
 * choice rather than an estimate, `used` is `no` if no figure takes it.
 */
export type ParameterTable = 'owning' | 'latency' | 'assumptions';

const parameters = (name: ParameterTable, kept: string[] = []) => ({
  ...table([], kept, {
    name: need(camelCase),
    low: orElse(Number.NaN, number()),
    likely: need(numberOrName),
    high: orElse(Number.NaN, number()),
    unit: need(text),
    drawn: mayLack(orElse(true, yesNo)),
    used: mayLack(orElse(true, yesNo)),
    as: maybe('likely', nameOrNone),
  }),
  constant: { table: name },
});

export const catalogSchemas = inFiles({
  models: table(
    [],
    [
      'kv_lora_rank',
      'qk_rope_head_dim',
      'full_attention_layers',
      'sliding_window_layers',
      'params_computed_b',
      'params_diff_pct',
      'params_check',
    ],
    {
      family: need(text),
      vendor: need(text),
      released: need(date),
      license: maybe(text),
      commercialUse: maybe(oneOf('yes', 'conditional', 'no')),
      /** What conditional use depends on, as a clause; null: not in the tables. */
      licenseTerms: maybe(text),
      paramsTotalB: need(positive),
      paramsActiveB: need(positive),
      /** Parts no text token passes: vision towers, extra prediction layers. */
      paramsOtherB: maybe(amount),
      layers: maybe(some),
      hiddenSize: maybe(some),
      attentionHeads: maybe(some),
      kvHeads: maybe(some),
      headDim: maybe(some),
      attentionType: maybe(oneOf('mha', 'gqa', 'mla', 'hybrid')),
      slidingWindowTokens: maybe(some),
      intermediateSize: maybe(some),
      expertsTotal: maybe(some),
      expertsActive: maybe(some),
      sharedExperts: maybe(count),
      moeIntermediateSize: maybe(some),
      denseLayers: maybe(count),
      vocabSize: maybe(some),
      maxContext: maybe(some),
      nativeDtype: maybe(text),
      modalities: need(list(text)),
      /** KV elements per token that grow with context, up to the window, and per sequence; times bytes. */
      kvElemsPerTokenFull: maybe(count),
      kvElemsPerTokenWindowed: maybe(count),
      stateElemsPerSeq: maybe(count),
    },
  ),
  accelerators: table([], ['compute_capability', 'fits_server'], {
    accelerator: need(text),
    vendor: need(text),
    kind: need(oneOf('datacenter', 'workstation', 'consumer', 'soc', 'phone', 'cpu')),
    architecture: need(text),
    /** Machines with similar kernels: one calibrated deviation for each. */
    servingClass: need(text),
    memoryGib: need(positive),
    bandwidthGBs: need(positive),
    fp16Tflops: need(positive),
    fp8Tflops: maybe(positive),
    int8Tops: maybe(positive),
    fp4Tflops: maybe(positive),
    interconnect: need(oneOf('pcie', 'nvlink', 'xgmi', 'none')),
    interconnectGBs: need(amount),
    tdpW: maybe(positive),
    idleW: maybe(amount),
    listPriceUsd: maybe(positive),
    listPriceLowUsd: maybe(positive),
    listPriceHighUsd: maybe(positive),
    priceAsOf: maybe(date),
    /** Sold as a card, a board of eight, a rack; `none`: only in clouds. Null: not known. */
    soldAs: mayLack(maybe(oneOf('card', 'hgx8', 'rack', 'system', 'laptop', 'soc', 'phone', 'none'))),
    /** When it went off sale, as far as is known or believed. */
    endOfSale: mayLack(maybe(date)),
    /** Whether its generation computes in bf16, which most models are released in. */
    bf16: mayLack(maybe(yesNo)),
    released: need(date),
    usableMemoryFraction: need(share),
  }),
  capability: table([], ['benchmarks_used'], {
    family: need(text),
    openWeights: need(yesNo),
    index: need(points),
    indexLow: need(points),
    indexHigh: need(points),
    tier: need(tier),
    released: maybe(date),
    contextTokens: maybe(some),
    modalities: need(list(text)),
    toolUse: need(oneOf('yes', 'no', 'unknown')),
    /** The mode `index` and its band belong to: the better one. */
    mode: need(oneOf('standard', 'thinking')),
    indexStandard: maybe(points),
    indexThinking: maybe(points),
    reasoningTokenShare: maybe(share),
    useLow: need(yesNo),
    /** The one purpose that its maker made it for; null: none in particular. */
    madeFor: mayLack(maybe(purpose)),
    /** Origin of the index: `fit`, `proxy:model`, `predecessor:model`, `stated` …; null: not given. */
    method: mayLack(maybe(text)),
  }),
  /** A scheme's real bits per weight and its loss, by size band of the model. */
  quantization: table(['scheme', 'aboveB'], ['benchmark_retained_pct_likely', 'needs_hardware', 'throughput_note'], {
    scheme: need(text),
    appliesTo: need(oneOf('weights', 'kv-cache')),
    /** Parameters (1e9) of the row's models: above `aboveB`, up to `upToB` (null: no limit). */
    aboveB: need(amount),
    upToB: maybe(positive),
    bitsPerWeight: maybe(number(1, 64)),
    kvBits: need(number(1, 64)),
    lossLow: need(points),
    lossLikely: need(points),
    lossHigh: need(points),
    /** Architectures it runs on, `+` = and newer of that maker, `=weight-only`, `=slow`. */
    runsOn: need(text),
    batchedServing: need(yesNo),
    /** Number format the matrix units compute in on native hardware. */
    compute: maybe(oneOf('fp16', 'fp8', 'int8', 'fp4')),
    /** Only for models released in this format. */
    onlyNativeDtype: maybe(text),
  }),
  /** Tokens: `x` has, `x?` conditional, `no:x` known not to; absent: unknown. */
  providers: table([], ['trust_page'], {
    provider: need(text),
    kinds: need(list(kind)),
    operatorCountry: need(text),
    regions: many(token),
    certs: many(token),
    agreements: many(token),
    options: many(token),
    /** Items on its bills without prices in the tables; null: none known. */
    billedApart: mayLack(maybe(text)),
    asOf: need(date),
  }),
  services: table([], ['offers_baa', 'zero_data_retention', 'trains_on_data'], {
    provider: need(text),
    /** Where its usual endpoint may process, in wide words; `global`: anywhere. */
    regions: many(token),
    /** Models released earlier have no regional surcharge; null: any may. */
    regionalUpliftFrom: maybe(date),
    slaUptimePct: maybe(number(0, 100)),
    retentionDays: maybe(amount),
    ttftP50LowMs: maybe(positive),
    ttftP50HighMs: maybe(positive),
    tokensPerSecondLow: maybe(positive),
    tokensPerSecondHigh: maybe(positive),
    asOf: need(date),
  }),
  owning: parameters('owning', ['applies_to']),
  latency: parameters('latency'),
  assumptions: parameters('assumptions'),
  tasks: table({
    task: need(text),
    minIndexLow: need(points),
    minIndexLikely: need(points),
    minIndexHigh: need(points),
    inputTokens: need(count),
    outputTokens: need(count),
    cacheablePrefixShare: need(share),
    /** What of that prefix is of the request's session alone. */
    sessionPrefixShare: mayLack(orElse(0, share)),
    ttftMs: need(positive),
    batchable: need(yesNo),
    needsTools: need(yesNo),
    needsVision: need(yesNo),
    minContextTokens: need(count),
    thinkingAcceptable: need(yesNo),
    /** The only purpose whose models serve it too; null: general models only. */
    madeFor: mayLack(maybe(purpose)),
    /** Classification, extraction and the like: what small models do well. */
    simple: mayLack(orElse(false, yesNo)),
  }),
  /** Requirements of a regime (docs/model.md, compliance). */
  regimes: table(['regime', 'requirement'], {
    regime: need(text),
    /** Other names of the same law. */
    aliases: mayLack(many(text)),
    dataKind: need(text),
    requirement: need(text),
    effect: need(oneOf('gate', 'condition', 'checklist')),
    allowedPlacements: need(list(kind)),
    /** Boolean expression over tokens, `&` before `|`, brackets; empty: none. */
    condition: orElse('', text),
  }),
  /** The residency tokens of a rental region; none: the provider's regions apply. */
  regions: table({ region: need(text), tokens: many(token) }),
  /** Models that a provider processes in a region, where not all. */
  processing: table(['provider', 'token'], {
    provider: need(text),
    /** A region, as in providers.csv; `*`: any. */
    token: need(text),
    /** Models processed there, and models sold there but processed elsewhere; a final `*` matches any ending. */
    inside: many(text),
    outside: many(text),
    asOf: need(date),
  }),
  imageTokens: table(
    [],
    ['method', 'base_tokens', 'unit_px', 'tokens_per_unit', 'max_units', 'multiplier', 'resize_rule', 'detail_setting'],
    {
      family: need(text),
      /** Tokens that a model bills for an image of a size, at its usual setting. */
      '512x512': need('tokens_512x512', count),
      '1024x1024': need('tokens_1024x1024', count),
      '1700x2200': need('tokens_1700x2200', count),
      '3024x4032': need('tokens_3024x4032', count),
      /** An open model's encoder: patch size in pixels, patches a side of a token, most pixels, parameters (1e9). */
      patchPx: maybe('vit_patch_px', some),
      merge: maybe(some),
      maxPixels: maybe(some),
      encoderParamsB: maybe(amount),
      asOf: need(date),
    },
  ),
  /** A model's tokens for a second of audio, and their price over text. */
  audioTokens: table({
    family: need(text),
    perSecond: need('tokens_per_second', positive),
    /** Prices of input published together; first those of a price list with audio. */
    audioUsdPerMTok: maybe(amount),
    textUsdPerMTok: maybe(positive),
    asOf: need(date),
  }),
  /** A provider's prices for tuning a model of its list, and for serving it. */
  tuning: table(
    ['provider', 'model', 'methods', 'servingMode', 'trainingUnit'],
    ['storage_usd_per_month', 'minimum_usd'],
    {
      provider: need(text),
      /** Families, or open models by size (`up to 16B`, `17B-69B`, `above 300B`); `*`: any other of the provider. */
      model: need(text),
      methods: many(text),
      /** `closing`: for existing users; `deprecated`: to be ended. */
      offered: need(oneOf('yes', 'no', 'closing', 'deprecated')),
      ends: maybe(date),
      trainingUnit: maybe(oneOf('usd_per_mtok', 'usd_per_hour', 'usd_per_gpu_hour')),
      trainingUsdLow: maybe(amount),
      trainingUsdHigh: maybe(amount),
      /**
       * How a tuned model is billed: as its base, at own prices, as an adapter on a shared one, by the hour and the
       * token, or as a machine by the hour.
       */
      servingMode: maybe(
        oneOf('same_price_as_base', 'uplift', 'serverless_lora', 'hourly_plus_tokens', 'dedicated_hourly'),
      ),
      servingInputUsdPerMTok: maybe(amount),
      servingCachedUsdPerMTok: maybe(amount),
      servingOutputUsdPerMTok: maybe(amount),
      servingHourlyUsdLow: maybe(amount),
      servingHourlyUsdHigh: maybe(amount),
      dataInRegion: maybe(oneOf('yes', 'no', 'conditional', 'us_only', 'unknown')),
      asOf: need(date),
    },
  ),
  /** Cold start of a service scaled to zero, measured or claimed. */
  coldStarts: table([], ['what', 'mean_or_single'], {
    id: need(text),
    /** `*`: any. */
    provider: need(text),
    modelSizeB: maybe(positive),
    accelerator: maybe(text),
    p50: maybe(amount),
    p95: maybe(amount),
    unit: need(oneOf('s', 'gb/s')),
    asOf: need(date),
  }),
  /** Tokens a minute of a model on a provisioned unit, and its smallest purchase. */
  provisionedThroughput: table(['provider', 'modelId'], {
    provider: need(text),
    modelId: need(text),
    unit: need(text),
    /** Smallest purchase and step of deployments without and with a region. */
    minUnitsGlobal: need(some),
    stepGlobal: need(some),
    minUnitsRegional: need(some),
    stepRegional: need(some),
    tokensPerMinute: need('input_tokens_per_minute_per_unit', positive),
    /** Tokens of input that one counts as: of output, and of cached input. */
    outputWeight: need(amount),
    cachedWeight: need(share),
    /** Prompts of more tokens have weights of their own; null: equal for all. */
    longAboveTokens: maybe(some),
    longInputWeight: maybe(amount),
    longOutputWeight: maybe(amount),
    /** Longer prompts are not served; null: as by tokens. */
    maxPromptTokens: maybe(some),
    released: need('as_of', date),
  }),
  /** How such units are bought. */
  provisionedOffers: table(['provider', 'product'], {
    provider: need(text),
    unit: need(text),
    product: need(text),
    scope: need(oneOf('global', 'data-zone', 'regional')),
    /** Of a data zone: regions that it may be bound to. */
    regions: many(token),
    /** Hours of the commitment; 0: none. */
    termHours: need(amount),
    /** Null: the product's price in hosting.csv; if that has none, on request. */
    usdPerUnitHour: maybe(amount),
    released: need('as_of', date),
  }),
  /** Prices of service tiers, for snapshots whose price list has no columns of them. */
  serviceTiers: table(['provider', 'modelId', 'tier'], {
    provider: need(text),
    modelId: need(text),
    tier: need(oneOf(...pricedTiers)),
    input: need('input_usd_per_mtok', amount),
    cached: maybe('cached_input_usd_per_mtok', amount),
    output: need('output_usd_per_mtok', amount),
    released: need('as_of', date),
  }),
  /** A provider's fees besides tokens, for calls of a tool. */
  fees: table(['provider', 'fee'], {
    provider: need(text),
    /** As scenarios call it; `fee`: as the provider does. */
    tool: need(token),
    fee: need(token),
    /** Prefix of the families it applies to; null: all. */
    familyPrefix: maybe(text),
    /** For prompts: once for a request, however often it calls the tool. */
    unit: need(oneOf('1000 calls', '1000 queries', '1000 prompts')),
    usd: need(amount),
    asOf: need(date),
  }),
  /** 168 hourly multipliers with mean 1, hour 0 = Monday 00:00. */
  profiles: table([], ['basis', 'method', 'timezone_and_start', 'peak_to_mean', 'share_above_mean'], {
    profile: need(text),
    multipliers: need(week),
  }),
  /** Order of a maker's architectures, for `+` in `runsOn`. */
  architectures: table({
    architecture: need(text),
    line: need(text),
    generation: need(some),
  }),
  /** Holding `token` follows from holding any of `impliedBy`. */
  impliedTokens: table({ token: need(token), impliedBy: need(list(token)) }),
  /** The name of a token, and a to-do where it depends on a plan or contract (`{provider}`; null: by its kind). */
  claims: table({ token: need(token), name: need(text), todo: maybe(text) }),
  /** What a model, a provider or an accelerator is called in prose. */
  names: table(['what', 'id'], {
    what: need(oneOf('model', 'provider', 'accelerator')),
    id: need(text),
    name: need(text),
  }),
  /** Capability tier by index, `fromIndex` inclusive. */
  tiers: table({
    tier: need(tier),
    name: need(text),
    fromIndex: need(points),
    example: mayLack(maybe(text)),
    known: mayLack(maybe(text)),
  }),
  guides: table(['guide', 'rule'], {
    guide: need(text),
    rule: need(text),
    /** `only` these places; points `for` them; the first `answer` that holds, or is a `hybrid`. */
    effect: need(oneOf('only', 'for', 'answer', 'hybrid')),
    /** Holds where all of these do; empty: always. */
    when: many(condition),
    /** Deployment types; `voted`: those with most points; other words count under their name. */
    places: many(text),
    points: orElse(1, amount),
    says: orElse('', text),
  }),
  levers: table({
    lever: need(text),
    label: need(text),
    /** Presets it suits; empty: any. */
    tasks: many(text),
    /** Of which tasks: conditions, all of which must hold. */
    when: many(condition),
    /** Settings for each such task, and what removes the lever. */
    set: many(setting),
    without: many(setting),
    /** The fact that it costs itself, USD a month; null: nothing. */
    extra: maybe(camelCase),
    /** Why it cannot be pulled, where it is of no task. */
    reason: need(text),
    /** Assumptions it is worked out with. */
    parameters: many(camelCase),
    caveat: need(text),
  }),
  engines: table([], ['caveat'], {
    engine: need(text),
    /** Engines that share calibrated deviations. */
    group: need(text),
    /** Sequences of one batch, tokens of one iteration, at most. */
    maxSequences: need(some),
    chunkTokens: need(some),
    /** Share of a card's memory the engine takes; null: what is usable on the card. */
    memoryFraction: maybe(share),
    /** Whether 8-bit weights bring an 8-bit cache. */
    cacheFollowsWeights: need(yesNo),
    /** What more cards do for one stream: share every layer, or take layers in turn. */
    multiCard: need(oneOf('tensor', 'layers')),
    /** Whether it multiplies in the format of the weights, or always narrow: 8 bits, or 16 without wide sums. */
    kernels: need(oneOf('native', 'narrow')),
    /** Whether its published single-stream rate is of decode or the whole request. */
    streamRate: need(oneOf('decode', 'whole')),
    /** `no`: a port younger than its hardware, slower than predicted by an unknown factor. */
    mature: need(yesNo),
    /** The default engine for servers or personal machines; one of each. */
    usual: maybe(oneOf('server', 'personal')),
  }),
  playbook: table({
    id: need(text),
    /** Applies where all of these hold; empty: always. */
    when: many(condition),
    /** A fact or parameter with the weeks it takes; null: none. */
    takes: maybe(camelCase),
    /** What to do, with facts and parameters in braces. */
    text: need(text),
  }),
  checkpoints: table(['family', 'scheme'], {
    family: need(text),
    /** A scheme of quantization.csv, or `gguf` for a repository of all of them; null: weights as released. */
    scheme: maybe(text),
    huggingfaceId: need(text),
    asOf: need(date),
  }),
  /** Names of our tables in deployment and routing tools: providers, cards, flags, images. */
  deployNames: table(['tool', 'kind', 'name'], {
    tool: need(text),
    /** Of the tool, where a name holds for it alone. */
    version: maybe(text),
    kind: need(text),
    /** As in our tables. */
    name: need(text),
    theirs: need(text),
    asOf: need(date),
  }),
  /** A calibrated factor, or its deviation (null: any); all matching rows multiply. Written by the calibration. */
  efficiency: table(['factor', 'engineGroup', 'servingClass', 'link'], ['unit'], {
    factor: need(text),
    engineGroup: maybe(text),
    servingClass: maybe(text),
    link: maybe(text),
    /** The prior of the fit, and its standard deviation (of the logarithm). */
    prior: need(positive),
    priorSdLog: need(positive),
    value: need(positive),
    /** 80 % interval of the fit. */
    low: need(positive),
    high: need(positive),
  }),
  /** Cross-validated 80 % band of measured over predicted, or a doubt's factor on it. Written by the calibration. */
  bands: table(['metric', 'doubt'], ['samples'], {
    metric: maybe(text),
    doubt: maybe(text),
    low: maybe(positive),
    high: maybe(positive),
    widening: maybe(positive),
  }),
  /** Difference of a publisher's decode measurements from the prediction. Written by the calibration. */
  residuals: table(['modelFamily', 'accelerator', 'engineGroup', 'publisher', 'batch'], ['rows'], {
    modelFamily: need(text),
    accelerator: need(text),
    engineGroup: maybe(text),
    servingClass: need(text),
    publisher: need(text),
    /** Requests in flight. */
    batch: need(positive),
    /** Logarithm of the measured time of decode over the predicted one. */
    logError: need(number(-9, 9)),
    released: need(date),
  }),
});
