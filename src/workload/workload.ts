import type { imageSizes, ServiceTier } from '../tables/catalog-columns.js';
import type { RegimeRow } from '../tables/columns.js';
import { msPerSecond } from '../units/month.js';
import type { Uncertain } from '../units/uncertain.js';
import type { Hours, Waiting } from './load.js';

/** Usual context of a preset, with room for its longer requests, and its mean prompt. */
type PresetContext = { tokens: number; input: number };

/**
 * Usual context for a mean prompt of `input` tokens: that of the preset, scaled down for shorter prompts, so that a
 * longer prompt never needs less.
 */
export const contextFor = (preset: PresetContext, input: number): number =>
  input >= preset.input ? preset.tokens : (preset.tokens * input) / preset.input;

/** A measurement of a model on a card: its rate over the predicted. */
export type Measured = { model: string; accelerator: string; ofPredicted: number };

/** Measured over predicted rates, by model and card; null: not measured. */
export const measuredOf = (measured: readonly Measured[], family: string, card: string): number | null =>
  measured.find(({ model, accelerator }) => model === family && accelerator === card)?.ofPredicted ?? null;

/** Where the scenario says it. */
export const measuredPath = (index: number): string => `measured.${index}.ofPredicted`;

/** What a plan may be called by what its places are there for. */
export const shapes = [
  'single',
  'tiered-routing',
  'cascade',
  'overflow',
  'sensitivity-split',
  'edge-fallback',
  'failover',
  'rag-fine-tuned',
  'dev-prod-split',
  'mixed',
] as const;

export type Shape = (typeof shapes)[number];

/** How far data may travel, strictest first. */
export const boundaries = ['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'] as const;
export type Boundary = (typeof boundaries)[number];

export type Sensitivity = 'public' | 'internal' | 'pii' | 'regulated' | 'device-only';

/** A latency target: a rule from the user, only scored from a preset. */
export type Target = { value: number; by: 'user' | 'preset' };

/** What is seen of latency: times at most, tokens per second at least. */
export type LatencyFigure = 'ttftP95Ms' | 'totalP95Ms' | 'tokensPerSecond';

/** Required capability, on the index's scale, with its band (equal ends if fixed by the user). */
export type CapabilityNeed = {
  need: number;
  low: number;
  high: number;
  text: string;
  /** Whether it is that of a preset or a tier, and not what the user wrote. */
  assumed: boolean;
  /** The model that sets the bar, in its mode: it passes by definition. */
  named?: { family: string; mode: 'standard' | 'thinking' };
};

/** What the task sets itself, where it may differ from the scenario or preset: where to change it. */
export type Written = {
  /** Fields of its own `data`. */
  data: ReadonlySet<string>;
  /** A boundary that holds for it, its own or the scenario's. */
  boundary: Boundary | null;
  /** Whether a sensitivity is given, its own or the scenario's. */
  sensitivity: boolean;
  needs: readonly string[];
  /** Needs that its preset brings. */
  presetNeeds: readonly string[];
  /** The form of its capability; null: the preset's. */
  capability: string | null;
  availability: boolean;
  /** The scenario requires a tuned model for all tasks. */
  fineTuningForAll: boolean;
  /** Tokens of its cacheable prefix, if given in tokens, which its prompt must hold. */
  prefixTokens: number | null;
};

export type Needs = {
  written: Written;
  sensitivity: Sensitivity;
  boundary: Boundary;
  boundaryGiven: boolean;
  dataKinds: string[];
  regimes: string[];
  /** Those of them that the user wrote. */
  ownRegimes: RegimeRow[];
  residency: string[];
  /** Null: no `agreements` given, so whatever a provider offers can be signed. */
  agreements: { signed: ReadonlySet<string>; canSign: ReadonlySet<string> } | null;
  /** What the organization has done, as tokens of the compliance table. */
  declared: ReadonlySet<string>;
  capability: CapabilityNeed;
  /** Context with room for prompts longer than the mean: see `contextFor`. Less gives a warning. */
  contextTokens: number;
  presetContext: PresetContext;
  modalities: string[];
  tools: boolean;
  /** The one purpose a model may be made for, by the preset; left out or null: none. */
  madeFor?: string | null;
  /** The model must be one that was tuned for the purpose: weights of one's own. */
  fineTuning: boolean;
  thinkingAllowed: boolean;
  offline: boolean;
  /** Required share of time in service, of the task or the whole service; null: none. */
  availability: number | null;
  ttftP95Ms: Target | null;
  /** The preset's first token (p95), without a target or waiver of the user's; null: none. */
  presetTtftP95Ms: number | null;
  tokensPerSecond: Target | null;
  totalP95Ms: Target | null;
};

/** The user's target on a latency; null: none. */
export function mustSee(needs: Needs, figure: LatencyFigure): number | null {
  const target = needs[figure];
  return target?.by === 'user' ? target.value : null;
}

/** Latest first token (p95, ms) that somebody waits for without a target: a multiple of the preset's; null: any. */
export function latestTtftMs({ needs: { presetTtftP95Ms }, waits }: TaskPart, { assume }: Workload): number | null {
  if (presetTtftP95Ms === null || waits !== null) return null;
  return Math.max(presetTtftP95Ms * assume('hardLatencyTimes'), assume('hardLatencyFloor') * msPerSecond);
}

/** Images of a request: number, size, and tokens of each already in the input. */
export type Images = { count: number; size: (typeof imageSizes)[number]; counted: number };

/** Tokens of one request. `prefix` (part of `input`) can be cached; `output` is visible. */
export type RequestTokens = {
  input: number;
  /** The longest mean prompt: that of a conversation's last turn. */
  longestInput: number;
  /** Requests of the conversation that it is the mean of; 1: it is the only one. */
  turns: number;
  /** The longest prompt that the user says there is; null: none is said. */
  most: number | null;
  prefix: number;
  /** Those of the prefix from its own session; requests share the others. */
  history: number;
  /** Those of the history that the next turn sends again of an answer. */
  answer: number;
  output: number;
  /** Null: none. */
  images: Images | null;
  /** Seconds of audio on top of the input; absent: none. */
  audioSeconds?: number;
  /** Given by the user; null: derived from the model's habit. */
  reasoning: number | null;
  /** Given by the user; null: derived from the hourly rate. */
  cacheHitRate: number | null;
};

/** The longest prompt that has to be held. */
export const longestPrompt = ({ longestInput, most }: Pick<RequestTokens, 'longestInput' | 'most'>): number =>
  Math.max(longestInput, most ?? 0);

/** Parts of a task that the user can separate, for the splits. */
export type Divisible = {
  /** Share that a lesser model answers well enough, and whether that is known beforehand. */
  easy?: { share: number; capability: CapabilityNeed; told: 'before' | 'after' };
  /** Share under the task's data rules, the needs of the rest, and what redaction needs and leaves. */
  sensitive?: {
    share: number;
    rest: Needs;
    redaction?: { needs: Needs; leaves: Needs };
  };
  /** Needs of a model that is then tuned to the task, and USD for tuning it. */
  tuned?: { needs: Needs; usd: number };
};

/** The split that made a task part, its requests, and what it takes to do so. */
export type CutFrom = {
  /** Id of the task part that was split: a task or its developers' requests. */
  whole: string;
  shape: Shape;
  /** For a part of a part: the second split; its shape is that of the first. */
  again?: Shape;
  key: string;
  when: string;
  /** Its requests as a multiple of those of what was cut. */
  times: number;
  todo?: string;
};

/** How many bursts a day, and the seconds in which the requests of one come. */
export type Bursts = { perDay: number; withinS: number };

/** Calls of a tool per request, and the user's price of one where no provider has one (USD); null: none. */
export type ToolCalls = { tool: string; calls: number; ownUsd: number | null };

/** The unit of assignment: a task or a part of one. */
export type TaskPart = {
  id: string;
  task: string;
  part: string;
  /** Its requests take two places in turn, so neither is a user's whole wait. */
  inTurn?: true;
  /** It writes again what it reads, however long answers of the task are. */
  rewrites?: true;
  /** Share of all requests at the base volume. */
  share: number;
  /** Mean requests a day of month 1. */
  requestsPerDay: number;
  /** Follows the volume axis; false for a task with a volume of its own. */
  scales: boolean;
  tokens: RequestTokens;
  /** When the work is done, as multiples of the task part's own volume. */
  hours: Hours;
  /** When it arrives and how long it may wait, if it may: `hours` then keep that deadline. */
  waits: Waiting | null;
  /** Its requests come together a few times a day, and none between. */
  bursts?: Bursts;
  /** A deadline long enough for the batch tariff. */
  batchable: boolean;
  /** The scenario's tier at closed APIs; absent: none. */
  serviceTier?: ServiceTier;
  needs: Needs;
  /** How the task may be split; absent: not at all. */
  divisible?: Divisible;
  /** Of a part of a task. */
  cut?: CutFrom;
  /** Name of its device group, for a part on some devices only. */
  deviceGroup?: string;
  /** USD paid once to have a model tuned to it. */
  tuningUsd?: number;
  /** Tools that its requests call. */
  tools?: readonly ToolCalls[];
  /** USD that the user pays for each request, wherever it is answered. */
  requestFeeUsd?: number;
};

/** Whether requests are of developers and tests, all of them or a part. */
export const isDevelopment = ({ part }: Pick<TaskPart, 'part'>): boolean => part === 'dev' || part.startsWith('dev.');

export type Team = {
  given: boolean;
  freeFte: number;
  mayHire: boolean;
  yearlyCostUsd: number;
  /** Whether somebody is on call around the clock, whatever the required availability. */
  onCall: boolean;
  /** Whether the team is given and has nobody for machine-learning infrastructure. */
  isLearning: boolean;
  /** Weeks until it must run; null: no date given. */
  launchWithinWeeks: number | null;
};

export type Rules = {
  budgetMonthlyUsd: number | null;
  budgetUpfrontUsd: number | null;
  includeMarketplace: boolean;
  /** Spot machines must be named. */
  includeSpot: boolean;
  /** `advice`: the cheapest by all rules of choice; `cost`: the cheapest within the hard rules. */
  objective: 'advice' | 'cost';
  /** USD that an answer costs which is not good enough; null: not given. */
  failedAnswerUsd: number | null;
  weights: Record<'volume' | 'sensitivity' | 'capability' | 'team' | 'latency', number>;
  only: string[];
  /** Those of them that name models. */
  onlyModels: string[];
  exclude: string[];
  maxDeployments: number;
};

/** Devices in the field; shares below 1 leave devices of no known class. */
export type Devices = {
  count: number;
  classes: { accelerator: string; share: number }[];
  /** Whose they are: users maintain theirs, and get the model as software. */
  owner: 'users' | 'company';
};

/** One uncertain or assumed number of the scenario. */
export type Input = { path: string; value: Uncertain; text: string; origin: 'user' | 'assumed' };

/** All of a workload that follows from its assumptions alone. */
export type Assumed = Pick<Workload, 'assume' | 'assumptions' | 'hoursPerMonth'>;

/** All of a workload that decides what a machine costs, whatever runs on it. */
export type CostTerms = Assumed & Pick<Workload, 'months' | 'once'>;

/** A cache key for assumptions: the scenario's text of them, over the rows of some tables. Without these unique. */
export type Assumptions = { written?: string; over?: object };

/** Whether two cases assume the same. */
export const assumeSame = (one: Workload, other: Workload): boolean =>
  one.assumptions === other.assumptions ||
  (one.assumptions.written !== undefined &&
    one.assumptions.written === other.assumptions.written &&
    one.assumptions.over === other.assumptions.over);

export type Workload = {
  name: string;
  /** The volume axis: mean requests a day of month 1 of all task parts that scale. */
  requestsPerDay: number;
  months: number;
  /** A one-off job: all its volume in one month, whose costs are the job's. */
  once: boolean;
  /** Volume of every distinct month over that of month 1; see `growthOf`. */
  growth: Float64Array;
  /**
   * Volume of the busiest month of the whole horizon over that of month 1, for purchases. For a job, whose load is one
   * hour of whole machine-hours, the share of its work that each hour until the deadline has to do.
   */
  peakGrowth: number;
  hoursPerMonth: number;
  taskParts: TaskPart[];
  team: Team;
  rules: Rules;
  today: { option: string; billUsdPerMonth: number | null } | null;
  /** Hardware already owned; accelerators by their names in the tables. */
  existing: readonly { accelerator: string; count: number }[];
  devices: Devices | null;
  /** Tokens of the documents for retrieval; null: none, or unknown. */
  documentTokens: number | null;
  /** Region of own machines; null: the first that data must stay in. */
  ownRoom: string | null;
  /** Places that must each work on their own: own hardware is at each of them. */
  sites: number;
  /** Required availability of the service as a whole; null: none. */
  availability: number | null;
  /** A numeric assumption: the user's value, else the table's likely one. */
  assume: (name: string) => number;
  /** Names of the parameters behind some of these values, which count as used. */
  resolvedWith: readonly string[];
  /** One object for equal assumptions under the same tables, of the last ones read: a cache key. */
  assumptions: Assumptions;
  inputs: Input[];
  /** What the user measured of models on kinds of card. */
  measured: readonly Measured[];
  /** Rates over the predicted, by model and card, measured or drawn. */
  capacityError?: (family: string, accelerator: string) => number;
  /** In a simulation: the workload at likely values, whose slow loads within targets hold for all. */
  near?: Workload;
  /** Calendar month of month 1, `YYYY-MM`. */
  firstMonth: string;
  /** Months of the horizon before `firstMonth`; 0 unless a single later month. */
  monthsBefore: number;
  asOf: string;
  /** The first day after the horizon from `asOf`: what retires before it retires within it. */
  endDay: string;
};

/** Whether a task part may use batch prices: it may wait, and has no tier. */
export const mayBatch = ({ batchable, serviceTier }: TaskPart): boolean => batchable && serviceTier === undefined;

/** The tier of a task part at closed APIs: flex where batch is allowed and no latency target is written. */
export const tierFor = (taskPart: TaskPart): ServiceTier =>
  taskPart.serviceTier ?? (mayBatch(taskPart) && !hasTarget(taskPart) ? 'flex' : 'standard');

/** Whether the user wrote by when an answer must begin or be there. */
export const hasTarget = ({ needs }: TaskPart): boolean =>
  [needs.ttftP95Ms, needs.totalP95Ms].some((target) => target?.by === 'user');

/** The part of a scenario of one unsplit task. */
export const onlyPart = ({ taskParts }: Pick<Workload, 'taskParts'>): TaskPart => taskParts[0] as TaskPart;

/**
 * The same workload at another volume (mean requests a day of month 1, above 0): task parts on the volume axis follow
 * it, tasks with their own volume stay. As resolving the scenario there, but with the inputs as written.
 */
export function workloadAt(workload: Workload, requestsPerDay: number): Workload {
  const factor = requestsPerDay / workload.requestsPerDay;
  const daily = workload.taskParts.map((taskPart) =>
    taskPart.scales ? taskPart.requestsPerDay * factor : taskPart.requestsPerDay,
  );
  const total = daily.reduce((sum, x) => sum + x, 0);
  const taskParts = workload.taskParts.map((taskPart, s) => ({
    ...taskPart,
    share: total === 0 ? 0 : (daily[s] as number) / total,
    requestsPerDay: daily[s] as number,
  }));
  return { ...workload, requestsPerDay, taskParts };
}
