import type { imageSizes, ServiceTier } from '../tables/catalog-columns.js';
import type { RegimeRow } from '../tables/rows.js';
import { msPerSecond } from '../units/clock.js';
import type { Uncertain } from '../units/uncertain.js';
import type { Waiting } from './deferral.js';
import type { Hours } from './load.js';

/** Context that is usual for a preset, and its mean prompt: there is room in it for the longer ones of its requests. */
export type PresetContext = { tokens: number; input: number };

/**
 * Usual context where the mean prompt has `input` tokens: that of the preset, and of shorter prompts as much
 * less as they are shorter. So a value does not depend on who wrote it, and a longer prompt never asks for less.
 */
export const contextFor = (preset: PresetContext, input: number): number =>
  input >= preset.input ? preset.tokens : (preset.tokens * input) / preset.input;

/** What somebody measured of a model on a kind of card: what it serves over what is predicted. */
export type Measured = { model: string; accelerator: string; ofPredicted: number };

/** Rates over those predicted, by names of model and card; null: nobody measured them. */
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

/** A latency target: a gate when the user wrote it, only scored when it comes from a preset. */
export type Target = { value: number; by: 'user' | 'preset' };

/** What is seen of latency: times at most, tokens per second at least. */
export type LatencyFigure = 'ttftP95Ms' | 'totalP95Ms' | 'tokensPerSecond';

/** Capability asked for, on the index's scale, with the band it is known to (equal ends when the user fixed it). */
export type CapabilityNeed = {
  need: number;
  low: number;
  high: number;
  text: string;
  /** Whether it is that of a preset or a tier, and not what the user wrote. */
  assumed: boolean;
  /** Probability in percent of being capable enough that is asked for on top; left out or null: none. */
  scoreAtLeast?: number | null;
  /** Index that a model must be above on top; left out: any. */
  indexAbove?: number;
  /** The model that sets the bar, in the mode that it was read from: it passes by definition. */
  named?: { family: string; mode: 'standard' | 'thinking' };
};

/** What the task says itself, where it may differ from the whole scenario or from its preset: where to change it. */
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
  /** The way its capability is given; null: the preset's. */
  capability: string | null;
  availability: boolean;
  /** The scenario asks for a tuned model for all tasks. */
  fineTuningForAll: boolean;
  /** Tokens of its cacheable prefix, where they are given as such: its prompt has to hold them. */
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
  /** Context that leaves room for prompts longer than the mean: see `contextFor`. What holds less is warned of. */
  contextTokens: number;
  presetContext: PresetContext;
  modalities: string[];
  tools: boolean;
  /** What a model may be made for alone, by the preset; left out or null: one made for anything alone does not do. */
  madeFor?: string | null;
  /** The model must be one that was tuned for the purpose: weights of one's own. */
  fineTuning: boolean;
  thinkingAllowed: boolean;
  offline: boolean;
  /** Share of time in service, of the task or else of the whole service; null: not asked for. */
  availability: number | null;
  ttftP95Ms: Target | null;
  /** What its preset asks of the first token (p95), where the user wrote neither a target nor that any will do; null: nothing. */
  presetTtftP95Ms: number | null;
  tokensPerSecond: Target | null;
  totalP95Ms: Target | null;
  /** What must be seen as well, by plans of other merits than being cheap: unlike for a user's target, nothing is sized for it. */
  latencyLimits?: Record<LatencyFigure, number | null>;
};

/** What must be seen of a latency: the stricter of the user's target and of a limit; null: nothing. */
export function mustSee(needs: Needs, figure: LatencyFigure): number | null {
  const target = needs[figure];
  const asked = target?.by === 'user' ? target.value : null;
  const limit = needs.latencyLimits?.[figure] ?? null;
  if (asked === null || limit === null) return asked ?? limit;
  return figure === 'tokensPerSecond' ? Math.max(asked, limit) : Math.min(asked, limit);
}

/** Latest first token (p95, ms) that somebody still waits for where the user wrote none: so many times the preset's; null: any. */
export function latestTtftMs({ needs: { presetTtftP95Ms }, waits }: TaskPart, { assume }: Workload): number | null {
  if (presetTtftP95Ms === null || waits !== null) return null;
  return Math.max(presetTtftP95Ms * assume('hardLatencyTimes'), assume('hardLatencyFloor') * msPerSecond);
}

/** Images of a request: how many, of which size, and what tokens each of them counts for in the input already. */
export type Images = { count: number; size: (typeof imageSizes)[number]; counted: number };

/** Tokens of one request. `prefix` (part of `input`) can be cached; `output` is what the reader sees. */
export type RequestTokens = {
  input: number;
  /** The longest mean prompt: that of a conversation's last turn. */
  longestInput: number;
  /** Requests of the conversation that it is the mean of; 1: it is the only one. */
  turns: number;
  /** The longest prompt that the user says there is; null: none is said. */
  most: number | null;
  prefix: number;
  /** Those of the prefix that are of its session alone: what was sent or answered in it before. Requests share the others. */
  history: number;
  /** Those of the history that the next turn sends again of an answer. */
  answer: number;
  output: number;
  /** Null: none. */
  images: Images | null;
  /** Seconds of audio beside the input; absent: none. */
  audioSeconds?: number;
  /** Given by the user; null: derived from the model's habit. */
  reasoning: number | null;
  /** Given by the user; null: derived from the hourly rate. */
  cacheHitRate: number | null;
};

/** The longest prompt that has to be held. */
export const longestPrompt = ({ longestInput, most }: Pick<RequestTokens, 'longestInput' | 'most'>): number =>
  Math.max(longestInput, most ?? 0);

/** Parts of a task that the user can tell apart; the slicings make task parts of them. */
export type Divisible = {
  /** Share that a lesser model answers well enough, and whether that is known before it has tried. */
  easy?: { share: number; capability: CapabilityNeed; told: 'before' | 'after' };
  /** Share to which the task's data rules apply, the needs of the others, and what redaction asks for and leaves. */
  sensitive?: {
    share: number;
    rest: Needs;
    redaction?: { needs: Needs; leaves: Needs };
  };
  /** Needs of a model that is then tuned to the task, and USD for tuning it. */
  tuned?: { needs: Needs; usd: number };
};

/** What cut a task part out of its task, which of the task's requests are in it, and what somebody must do to have it so. */
export type CutFrom = {
  /** Id of the task part that was cut, a task or what its developers send, however often. */
  whole: string;
  shape: Shape;
  /** Of a part of a part: what cut it again; its shape is still that of the first cut. */
  again?: Shape;
  key: string;
  when: string;
  /** Its requests as a multiple of those of what was cut. */
  times: number;
  todo?: string;
};

/** How many bursts a day, and the seconds in which the requests of one come. */
export type Bursts = { perDay: number; withinS: number };

/** Calls of a tool that a request makes, and what the user pays for one where no provider says (USD); null: not told. */
export type ToolCalls = { tool: string; calls: number; ownUsd: number | null };

/** The unit of assignment: a task or a part of one. */
export type TaskPart = {
  id: string;
  task: string;
  part: string;
  /** Its requests take two places, one after the other: neither alone is what a user waits for. */
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
  /** When it arrives and how long it may wait, where it may: `hours` then keep that deadline. */
  waits: Waiting | null;
  /** Its requests come together a few times a day, and none between. */
  bursts?: Bursts;
  /** A deadline long enough for the batch tariff. */
  batchable: boolean;
  /** The tier at which the scenario has it sent to closed APIs; absent: none is written. */
  serviceTier?: ServiceTier;
  needs: Needs;
  /** How the task may be cut up; absent: only as a whole. */
  divisible?: Divisible;
  /** Of a part of a task. */
  cut?: CutFrom;
  /** Name of the group of devices that it runs on, of a part that is for some devices only. */
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
  /** Whether somebody is on call around the clock for what the team runs, whatever availability is asked for. */
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
  /** What may be taken back is asked for by name. */
  includeSpot: boolean;
  /** `advice`: the cheapest by all rules of choice; `cost`: the cheapest that the hard rules leave. */
  objective: 'advice' | 'cost';
  /** USD that an answer costs which is not good enough; null: not told. */
  failedAnswerUsd: number | null;
  weights: Record<'volume' | 'sensitivity' | 'capability' | 'team' | 'latency', number>;
  only: string[];
  /** Those of them that name models. */
  onlyModels: string[];
  exclude: string[];
  maxDeployments: number;
  /** People that a plan may take at most, whoever is free; left out or null: any. */
  maxFte?: number | null;
  /** Only what needs nothing signed or declared for its data. */
  unconditional?: boolean;
};

/** Devices in the field that could run a model; what the shares leave open is of no known class. */
export type Devices = {
  count: number;
  classes: { accelerator: string; share: number }[];
  /** Whose they are: users look after theirs, and what runs there is software shipped to them. */
  owner: 'users' | 'company';
};

/** One uncertain or assumed number of the scenario. */
export type Input = { path: string; value: Uncertain; text: string; origin: 'user' | 'assumed' };

/** All of a workload that follows from its assumptions alone. */
export type Assumed = Pick<Workload, 'assume' | 'assumptions' | 'hoursPerMonth'>;

/** All of a workload that decides what a machine costs, whatever runs on it. */
export type CostTerms = Assumed & Pick<Workload, 'months' | 'once'>;

/** Stands for what is assumed: what the scenario has written of it, over the rows of some tables. Without these it is like no other. */
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
  /** A job that ends: its volume is all there is, done in one month, and costs of that month are those of the whole job. */
  once: boolean;
  /** Volume of every distinct month over that of month 1; see `growthOf`. */
  growth: Float64Array;
  /**
   * Volume of the busiest month of the whole horizon over that of month 1: what is bought once is sized for it. Of a job, whose load
   * is one hour of whole machine-hours, the share of that hour's work that each hour until its deadline has to do.
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
  /** Tokens of the documents that answers draw on; null: none, or their size is not known. */
  documentTokens: number | null;
  /** Region in which machines of one's own would stand; null: in the first that data must stay in. */
  ownRoom: string | null;
  /** Places that must each be able to work on their own: hardware of one's own stands at each of them. */
  sites: number;
  /** Share of time in service asked of the service as a whole; null: not asked for. */
  availability: number | null;
  /** A numeric assumption: the user's value, else the table's likely one. */
  assume: (name: string) => number;
  /** Names of the parameters that some of these values are: whoever asks for the value does not ask for them. */
  resolvedWith: readonly string[];
  /** The same object for the same assumptions under the same tables, of those read last: what depends on these alone is remembered by it. */
  assumptions: Assumptions;
  inputs: Input[];
  /** What the user measured of models on kinds of card. */
  measured: readonly Measured[];
  /** Rates of a model on a kind of card over those predicted, by names of both, where they are measured or drawn. */
  capacityError?: (family: string, accelerator: string) => number;
  /** In a draw: the workload at likely values, whose loads within targets hold for all draws; they take long to tell. */
  near?: Workload;
  /** Calendar month of month 1, `YYYY-MM`. */
  firstMonth: string;
  /** Months of the horizon before `firstMonth`; 0 unless a single later month is looked at. */
  monthsBefore: number;
  asOf: string;
  /** The first day after the horizon, counted from `asOf`: what retires before it, retires within the horizon. */
  endDay: string;
};

/** Whether answers of a task part may come by the batch tariff: they may wait, and no tier is written. */
export const mayBatch = ({ batchable, serviceTier }: TaskPart): boolean => batchable && serviceTier === undefined;

/** The tier at which a task part is sent to closed APIs: where it may go by batch and no latency target is written, flex. */
export const tierFor = (taskPart: TaskPart): ServiceTier =>
  taskPart.serviceTier ?? (mayBatch(taskPart) && !hasTarget(taskPart) ? 'flex' : 'standard');

/** Whether the user wrote by when an answer must begin or be there. */
export const hasTarget = ({ needs }: TaskPart): boolean =>
  [needs.ttftP95Ms, needs.totalP95Ms].some((target) => target?.by === 'user');

/** The part of a scenario of one task that is not cut up. */
export const onlyPart = ({ taskParts }: Pick<Workload, 'taskParts'>): TaskPart => taskParts[0] as TaskPart;

/**
 * The same workload at another volume (mean requests a day of month 1, above 0): task parts that follow the volume axis grow
 * with it, tasks with a volume of their own stay. What resolving the scenario at that volume gives, its list of inputs
 * apart, which still tells what was written.
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
