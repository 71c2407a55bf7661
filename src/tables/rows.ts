import type { ListName, Phase } from './playbook-words.js';

/**
 * The rows of the tables, as the program sees them. One type per file under `pricing/`; `null` always means unknown.
 * `row` is the position in its file (0 = first data row), the key to its source, date and note in `Prose`.
 */
export type Confidence = 'high' | 'medium' | 'low';
export type Kind =
  | 'cloud-api'
  | 'open-model-api'
  | 'managed-hosting'
  | 'serverless-gpu'
  | 'self-hosted-cloud'
  | 'on-prem'
  | 'edge';

/** A date as `YYYY-MM-DD`, or a month as `YYYY-MM`. Plain text compares in order. */
export type DateText = string;

type Row = { row: number; confidence: Confidence };

/** pricing/<snapshot>/api.csv: what a model costs at a provider. USD per 1e6 tokens. */
export type ApiRow = Row & {
  provider: string;
  endpointKind: 'first-party' | 'cloud-marketplace' | 'open-model-host';
  modelId: string;
  family: string;
  openWeights: boolean;
  inputUsdPerMTok: number;
  outputUsdPerMTok: number;
  cachedInputUsdPerMTok: number | null;
  cacheWriteUsdPerMTok: number | null;
  batchInputUsdPerMTok: number | null;
  batchOutputUsdPerMTok: number | null;
  tierAboveInputTokens: number | null;
  tierInputUsdPerMTok: number | null;
  tierOutputUsdPerMTok: number | null;
  /** How prices that are stated once rise in the tier, where a rate of the user's own took the place of the first ones. */
  tierRatios?: { input: number; output: number };
  contextWindow: number | null;
  maxOutput: number | null;
  effectiveFrom: DateText | null;
  retires: DateText | null;
  until: DateText | null;
  nextInputUsdPerMTok: number | null;
  nextOutputUsdPerMTok: number | null;
  /** What follows the other prices, where that is known: after a rate of the user's own; absent: they move as these two do. */
  nextCachedInputUsdPerMTok?: number | null;
  nextCacheWriteUsdPerMTok?: number | null;
  nextBatchInputUsdPerMTok?: number | null;
  nextBatchOutputUsdPerMTok?: number | null;
  nextTierInputUsdPerMTok?: number | null;
  nextTierOutputUsdPerMTok?: number | null;
  /** What an endpoint bound to a region costs more than the listed one, in percent. */
  regionalUpliftPct: number | null;
  /** Tokens a month that are not billed. */
  freeTokensPerMonth: number | null;
  /** Other names of the provider for the same model, beside those that follow from how names are written. */
  aliases: string[];
};

/** pricing/<snapshot>/rental.csv: a rentable instance, USD per instance-hour. */
export type RentalRow = Row & {
  asOf: DateText;
  provider: string;
  instanceType: string;
  accelerator: string;
  gpuCount: number;
  region: string;
  onDemandUsdPerHour: number | null;
  spotUsdPerHour: number | null;
  reserved1yUsdPerHour: number | null;
  reserved3yUsdPerHour: number | null;
  /** The price on demand that stands in for spot where it is another row's, and that row; absent: its own. */
  standInUsdPerHour?: number | null;
  standInRow?: number;
  tenancy: 'cloud' | 'marketplace';
  /** Group sizes a per-GPU row is sold in; empty: the instance as it is. */
  soldIn: number[];
};

/** pricing/<snapshot>/hosting.csv: a dedicated endpoint, a provisioned unit or a serverless GPU. */
export type HostingRow = Row & {
  asOf: DateText;
  provider: string;
  product: string;
  kind: string;
  unit: string;
  accelerator: string | null;
  gpuCount: number | null;
  usdPerUnit: number | null;
  minUnits: number | null;
  minCommitHours: number | null;
  scaleToZero: boolean | null;
  coldStartLowS: number | null;
  coldStartHighS: number | null;
  billingGranularityS: number | null;
};

/** pricing/catalog/models.csv: an open-weights model's architecture and license. */
export type ModelRow = Row & {
  family: string;
  vendor: string;
  released: DateText;
  license: string | null;
  commercialUse: 'yes' | 'conditional' | 'no' | null;
  /** What conditional use depends on, as a clause; null: not in the tables. */
  licenseTerms: string | null;
  paramsTotalB: number;
  paramsActiveB: number;
  /** Parts no text token passes: vision towers, extra prediction layers. */
  paramsOtherB: number | null;
  layers: number | null;
  hiddenSize: number | null;
  attentionHeads: number | null;
  kvHeads: number | null;
  headDim: number | null;
  attentionType: 'mha' | 'gqa' | 'mla' | 'hybrid' | null;
  slidingWindowTokens: number | null;
  intermediateSize: number | null;
  expertsTotal: number | null;
  expertsActive: number | null;
  sharedExperts: number | null;
  moeIntermediateSize: number | null;
  denseLayers: number | null;
  vocabSize: number | null;
  maxContext: number | null;
  nativeDtype: string | null;
  modalities: string[];
  /** KV elements per token that grow with context, that stop at the window, and per sequence; times bytes. */
  kvElemsPerTokenFull: number | null;
  kvElemsPerTokenWindowed: number | null;
  stateElemsPerSeq: number | null;
};

/** pricing/catalog/accelerators.csv: a GPU, SoC, phone class or CPU server. Dense peak rates. */
export type AcceleratorRow = Row & {
  accelerator: string;
  vendor: string;
  kind: 'datacenter' | 'workstation' | 'consumer' | 'soc' | 'phone' | 'cpu';
  architecture: string;
  /** Machines whose kernels are alike: one calibrated deviation for each. */
  servingClass: string;
  memoryGib: number;
  bandwidthGBs: number;
  fp16Tflops: number;
  fp8Tflops: number | null;
  int8Tops: number | null;
  fp4Tflops: number | null;
  interconnect: string;
  interconnectGBs: number;
  tdpW: number | null;
  idleW: number | null;
  listPriceUsd: number | null;
  listPriceLowUsd: number | null;
  listPriceHighUsd: number | null;
  priceAsOf: DateText | null;
  released: DateText;
  usableMemoryFraction: number;
};

/** pricing/catalog/capability.csv: one model's capability on a 0-100 scale, by mode, with an 80 % band. */
export type CapabilityRow = Row & {
  family: string;
  openWeights: boolean;
  index: number;
  indexLow: number;
  indexHigh: number;
  tier: 1 | 2 | 3 | 4;
  released: DateText | null;
  contextTokens: number | null;
  modalities: string[];
  toolUse: 'yes' | 'no' | 'unknown';
  /** The mode `index` and its band belong to: the better one. */
  mode: 'standard' | 'thinking';
  indexStandard: number | null;
  indexThinking: number | null;
  reasoningTokenShare: number | null;
  useLow: boolean;
};

/** pricing/catalog/quantization.csv: a scheme's real bits per weight and its loss, by size band of the model. */
export type QuantizationRow = Row & {
  scheme: string;
  appliesTo: 'weights' | 'kv-cache';
  /** Parameters (1e9) of the models the row is for: above `aboveB`, up to `upToB` (null: no limit). */
  aboveB: number;
  upToB: number | null;
  bitsPerWeight: number | null;
  kvBits: number;
  lossLow: number;
  lossLikely: number;
  lossHigh: number;
  /** Where it runs: architectures, `+` = and newer of that maker, `=weight-only`, `=slow`. */
  runsOn: string;
  batchedServing: boolean;
  /** Number format the matrix units compute in on native hardware. */
  compute: 'fp16' | 'fp8' | 'int8' | 'fp4' | null;
  /** Only for models released in this format. */
  onlyNativeDtype: string | null;
};

/** pricing/catalog/providers.csv. Tokens: `x` has, `x?` conditional, `no:x` known not to; absent = unknown. */
export type ProviderRow = Row & {
  provider: string;
  kinds: Kind[];
  operatorCountry: string;
  regions: string[];
  certs: string[];
  agreements: string[];
  options: string[];
  /** What its bills have beside what the tables have prices of; null: nothing is known of it. */
  billedApart: string | null;
  asOf: DateText;
};

/** pricing/catalog/services.csv: speed, availability and retention of a provider's API. */
export type ServiceRow = Row & {
  provider: string;
  /** Where its usual endpoint may process, in wide words; `global`: anywhere. */
  regions: string[];
  /** Models released before cost nothing more where an endpoint is bound to a region; null: any may. */
  regionalUpliftFrom: DateText | null;
  slaUptimePct: number | null;
  retentionDays: number | null;
  ttftP50LowMs: number | null;
  ttftP50HighMs: number | null;
  tokensPerSecondLow: number | null;
  tokensPerSecondHigh: number | null;
  asOf: DateText;
};

/** pricing/catalog/{owning,latency,assumptions}.csv: one named number with its range. Users change it under `assumptions:`. */
export type ParameterRow = Row & {
  /** camelCase, unique over the three files. */
  name: string;
  low: number;
  likely: number;
  high: number;
  unit: string;
  /** An estimate, of which draws take other values; a choice is what it is. */
  drawn: boolean;
  /** Not one that is kept as a fact, which no figure takes. */
  used: boolean;
  /** The parameter whose values it takes; null: it has its own. */
  as: string | null;
  table: 'owning' | 'latency' | 'assumptions';
};

/** pricing/catalog/tasks.csv: a task preset. */
export type TaskRow = Row & {
  task: string;
  minIndexLow: number;
  minIndexLikely: number;
  minIndexHigh: number;
  inputTokens: number;
  outputTokens: number;
  cacheablePrefixShare: number;
  ttftMs: number;
  batchable: boolean;
  needsTools: boolean;
  needsVision: boolean;
  minContextTokens: number;
  thinkingAcceptable: boolean;
};

/** pricing/catalog/regimes.csv: what a regime asks (MODEL: docs/model.md, compliance). */
export type RegimeRow = Row & {
  regime: string;
  dataKind: string;
  requirement: string;
  effect: 'gate' | 'condition' | 'checklist';
  allowedPlacements: Kind[];
  /** Boolean expression over tokens, `&` before `|`, brackets; empty: none. */
  condition: string;
};

/** pricing/catalog/regions.csv: the residency tokens of a rental region; none: the provider's regions apply. */
export type RegionRow = Row & { region: string; tokens: string[] };

/** pricing/catalog/profiles.csv: 168 hourly multipliers with mean 1, hour 0 = Monday 00:00. */
export type ProfileRow = Row & { profile: string; multipliers: Float64Array };

/** pricing/catalog/architectures.csv: order of a maker's architectures, for `+` in `runsOn`. */
export type ArchitectureRow = Row & { architecture: string; line: string; generation: number };

/** pricing/catalog/implied-tokens.csv: holding `token` follows from holding any of `impliedBy`. */
export type ImpliedTokenRow = Row & { token: string; impliedBy: string[] };

/**
 * pricing/catalog/claims.csv: what a token of the compliance tables is called, and what to do where it depends on a plan or
 * a contract (`{provider}` is filled in; null: as its kind has it).
 */
export type ClaimRow = Row & { token: string; name: string; todo: string | null };

/** pricing/catalog/tiers.csv: capability tier by index, `fromIndex` inclusive. */
export type TierRow = Row & { tier: 1 | 2 | 3 | 4; name: string; fromIndex: number };

/** pricing/catalog/levers.csv: a way to lower a bill or a wait, and what it costs elsewhere. */
export type LeverRow = Row & {
  lever: string;
  label: string;
  /** Presets it suits; empty: any. */
  tasks: string[];
  /** Assumptions it is worked out with. */
  parameters: string[];
  caveat: string;
};

/** pricing/catalog/playbook.csv: a step on the way to a plan. What its texts may speak of: `playbook-words.ts`. */
export type PlaybookRow = Row & {
  id: string;
  phase: Phase;
  /** One step for each of these; null: one step. */
  each: ListName | null;
  /** When it applies: facts joined by `&` and `|`, `!` before one that must not hold; empty: always. */
  applies: string;
  /** When it begins; see `startForm`. */
  starts: string;
  /** A fact or parameter with the weeks it takes; null: none. */
  takes: string | null;
  /** What to do, and what it waits for beside the day, with facts in braces. */
  text: string;
  trigger: string | null;
  /** Keys of the step and the fact that each holds, `cost=planCost`. */
  figures: string[];
  /** Share of the requests that are moved when it is done. */
  toShare: number | null;
};

/** pricing/catalog/engines.csv: how a serving engine is set up unless told otherwise. */
export type EngineRow = Row & {
  engine: string;
  /** Engines that share calibrated deviations. */
  group: string;
  /** Sequences of one batch, tokens of one iteration, at most. */
  maxSequences: number;
  chunkTokens: number;
  /** Share of a card's memory the engine takes; null: what is usable on the card. */
  memoryFraction: number | null;
  /** Whether 8-bit weights bring an 8-bit cache. */
  cacheFollowsWeights: boolean;
  /** What more cards do for one stream: share every layer, or take layers in turn. */
  multiCard: 'tensor' | 'layers';
  /** Whether it multiplies in the format of the weights, or narrow whatever they are: 8 bits, or 16 without wide sums. */
  kernels: 'native' | 'narrow';
  /** Whether its published rate of a single stream is of decode alone or of the whole request. */
  streamRate: 'decode' | 'whole';
  /** A port younger than its hardware is slower than any physics says, by an unknown factor. */
  mature: boolean;
  /** Meant where none is said, on servers or on machines of one person; one engine of each. */
  usual: 'server' | 'personal' | null;
  /** What to mind who runs it; null: nothing is known. */
  caveat: string | null;
};

/**
 * pricing/catalog/efficiency.csv: a calibrated factor, or its deviation for an engine group, a serving class or a kind of
 * link (null: any). A factor is the product of all rows that match. Written by the calibration.
 */
export type EfficiencyRow = Row & {
  factor: string;
  engineGroup: string | null;
  servingClass: string | null;
  link: string | null;
  /** Where the fit starts from and is drawn to, and how far (standard deviation of the logarithm). */
  prior: number;
  priorSdLog: number;
  value: number;
  /** 80 % interval of the fit. */
  low: number;
  high: number;
};

/**
 * pricing/catalog/bands.csv: how far predictions are off. A metric's 80 % band of measured over predicted on what the fit
 * had not seen, or (`doubt`) the factor by which a doubt widens the logarithm of any band. Written by the calibration.
 */
export type BandRow = Row & {
  metric: string | null;
  doubt: string | null;
  low: number | null;
  high: number | null;
  widening: number | null;
};
