import type { Kind } from '../tables/rows.js';
import type { GivenValue } from '../workload/given.js';
import type { Boundary } from '../workload/workload.js';
import type { Assumed } from './assumed.js';
import type { BasisRow } from './basis.js';
import type { BreakEven, LadderRow } from './break-even-rows.js';
import type { ChecklistItem, PlaybookStep } from './playbook-step.js';
import type { MonthRow } from './timeline.js';

/**
 * The decision: plain JSON, and the whole explanation. Formats only print it. Every key is always there; `null` means
 * not applicable or not known. USD numbers are rounded to 12 significant digits. The published contract is
 * `schema/result.json`.
 */
export type Decision = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: {
    name: string;
    file: string;
    sha256: string;
    horizonMonths: number;
    /** What the user wrote, `--set` included. */
    given: GivenValue[];
    /** What the user left out; shares of the cost not with `--point`. */
    assumed: Assumed[];
  };
  tables: {
    snapshot: string;
    asOf: string;
    ageDays: number;
    sha256: string;
    priceBook: string | null;
  };
  considered: {
    total: number;
    feasible: number;
    /** Options by the first gate (in registry order) that turns them down for the largest task. */
    rejectedBy: Record<string, number>;
    /** Proven distance of the plan from the optimum as a fraction; 0 when the search was complete. */
    gap: number;
  };
  recommendation: Recommendation;
  scorecard: ScorecardRow[];
  /** Plans of which none is worse than another in cost, capability, latency and people at once; cheapest first. */
  pareto: ParetoRow[];
  /** Kinds of place side by side; empty with `point`. */
  criteria: CriteriaRow[];
  /** Figures of the tables that the bills of the plan and of the best of each kind are made of; empty with `point`. */
  basis: BasisRow[];
  /** What was asked for by id, in that order. */
  asked: AskedRow[];
  options: OptionReport[];
  breakEven: BreakEven[];
  /** Among the plans of this decision; `breakeven` looks for more. */
  ladder: LadderRow[];
  /** Volumes at which the ladder does not tell which of those plans is the cheapest: they take turns. */
  ladderAlternates: { from: number; to: number }[];
  /** What published rules of thumb say; empty with `point`. */
  guides: GuideReport[];
  /** Steps from today to the plan, by their days. */
  playbook: PlaybookStep[];
  /** What has to be seen to: the plan's conditions, reminders of the rules, security of what is self-hosted. */
  checklist: ChecklistItem[];
  timeline: MonthRow[];
  /** Inputs by how far each alone moves the cost of the recommendation; empty with `point`. */
  tornado: TornadoRow[];
  /** How sure the advice is; null with `point` and where nothing fits. */
  uncertainty: Uncertainty | null;
  /** In the order in which levers are applied; all API levers together come last. Empty unless asked for. */
  levers: LeverReport[];
  nearestMisses: NearestMiss[];
  warnings: Required<Warning>[];
};

/** One input at its 10th and 90th percentile, all others at their likely values; USD a month of the recommended plan. */
export type TornadoRow = {
  parameter: string;
  unit: string;
  origin: 'user' | 'tables';
  low: number;
  likely: number;
  high: number;
  /** Null where the plan cannot run there. */
  costAtLow: number | null;
  costAtHigh: number | null;
  swing: number | null;
  /** Another kind of place is best at one of the two. */
  flips: boolean;
  becomes: string | null;
  /** USD a month that knowing it exactly is worth before choosing a plan. */
  worth: number;
};

/** A plan over the draws. Fractions of draws; USD a month. */
export type PlanOdds = {
  plan: string;
  label: string;
  kinds: Kind[];
  monthlyCost: number;
  monthlyCostRange: { p5: number; p50: number; p95: number } | null;
  /** It would be advised among these plans. */
  probabilityBest: number;
  /** A plan of the same kinds of place for every task would. */
  probabilityKindsBest: number;
  /** No other of them costs less. */
  probabilityCheapest: number;
  /** Null without a budget, and where it is best in no draw. */
  probabilityOverBudget: number | null;
  /** Some task's model is less capable than needed; null where an index is not known. */
  probabilityBelowFloor: number | null;
  /** A rule turns it down, or it cannot run. */
  probabilityRuledOut: number;
  /** Mean cost above the cheapest of each draw. */
  regret: number | null;
};

/** A rule that a plan keeps in one part of an input's range and breaks in the other. */
export type StraddleRow = {
  plan: string;
  parameter: string;
  unit: string;
  low: number;
  high: number;
  /** From here on towards one end it is the other way round than at the likely value. */
  turnsAt: number;
  side: 'below' | 'above';
  gate: string;
  task: string | null;
  reason: string;
  /** It stands beyond, and breaks the rule at the likely value. */
  stands: boolean;
  /** Share of the draws beyond. */
  probability: number;
};

export type Measure = { parameter: string; worth: number; swing: number | null; text: string };

export type Uncertainty = {
  draws: number;
  seed: number;
  /** Uncertain inputs, and how many of them are ranges of the user's own. */
  inputs: number;
  ranges: number;
  /** Draws decided as a whole to meet plans, and further ones to check the plans met. */
  pilots: number;
  checked: number;
  /** Share of the checked draws in which a whole decision advises other kinds of place than the plans met. */
  disagreement: number;
  plans: PlanOdds[];
  /** The plan of least regret, where it is another than the recommended one. */
  leastRegret: { plan: string; label: string; regret: number | null } | null;
  straddles: StraddleRow[];
  /** What is most worth measuring. */
  measure: Measure[];
};

/** A published framework's opinion of the scenario: it never influences the decision. */
export type GuideReport = {
  id: string;
  /** Kinds in their usual order, those of all branches of a hybrid; empty where it leaves the answer open. */
  verdict: Kind[];
  shape: 'hybrid' | null;
  /** Every recommended kind is among the verdict. */
  agrees: boolean;
  /** The guide's own count or score. */
  points: number;
  /** Factors that argue for other places. */
  unmet: string[];
  /** Inputs that the scenario does not tell. */
  unknown: string[];
  because: string;
};

/** Numbers that a text names, by name. */
export type Figures = Record<string, number>;

/** In a decision `figures` is always there. */
export type Warning = { code: string; message: string; figures?: Figures };

export type CostPart = { part: string; label: string; monthly: number; upfront: number };
export type ExplainedCostPart = CostPart & { formula: string; sources: string[] };

export type Factor = 'volume' | 'sensitivity' | 'capability' | 'team' | 'latency';
/** 0-100, null where not applicable. `total` is the weighted mean. */
export type Scores = Record<Factor | 'total', number | null>;

/** USD; null without a bill of today. */
export type Payback = {
  /** First month at whose end the plan has cost no more than today's way; null: not within the horizon. */
  breakEvenMonth: number | null;
  /** What it saves over the horizon in today's money, at the cost of capital. */
  netPresentValue: number | null;
  /** Due when the horizon ends: commitments that outlast it. */
  exitCost: number;
  /** What hardware of one's own then fetches. */
  resaleValue: number;
  /** Over the horizon: in the mean monthly cost, but no payment, so the timeline is without it. */
  capitalCost: number;
};

export type Assignment = {
  task: string;
  part: string;
  share: number;
  option: string;
  /** Capability index that the task needs, and that of the option; null: not known. */
  capabilityNeed: number;
  capability: number | null;
};

export type Recommendation = {
  status: 'recommended' | 'infeasible';
  plan: string | null;
  shape: string | null;
  kinds: Kind[];
  label: string | null;
  monthlyCost: number | null;
  monthlyCostRange: { p5: number; p50: number; p95: number } | null;
  firstMonthCost: number | null;
  peakMonthCost: number | null;
  upfrontCost: number | null;
  costPerRequest: number | null;
  costPerMillionTokens: number | null;
  fteNeeded: number | null;
  cashExtra: number | null;
  savingsOverToday: number | null;
  /** How the plan pays off against today's bill, and what leaving it costs. */
  payback: Payback | null;
  /** Of the plan itself, which the scorecard only shows when it is of one kind. */
  scores: Scores | null;
  assignments: Assignment[];
  costParts: CostPart[];
  routes: { when: string; to: string }[];
  cheapest: { plan: string; monthlyCost: number } | null;
  premium: number | null;
  margin: { runnerUp: string; percent: number } | null;
  probabilityBest: number | null;
  probabilityOverBudget: number | null;
  regret: number | null;
  reasons: string[];
  /** The same reasons with the figures that each is made of. */
  why: { code: string; text: string; figures: Figures }[];
  conditions: string[];
  /** Values at which some task would be advised another kind of place, the nearest first. */
  flips: Flip[];
  /** Inputs of which no such value was found. */
  noFlips: NoFlip[];
};

/** `--set "<parameter>=<to> <unit>"` gives the plan `becomes`; one step before `to` it is not. */
export type Flip = {
  parameter: string;
  /** `none`: the scenario has no such rule. */
  from: number | string;
  to: number | string;
  unit: string;
  /** Which way a number goes; null for a word. */
  direction: 'up' | 'down' | null;
  becomes: string;
  becomesLabel: string;
  becomesKinds: Kind[];
  /** USD a month there, and how much more that is than the recommended plan costs now. */
  monthlyCost: number;
  extraCost: number;
  /** Month in which growth brings the volume there; null: never, or another input. */
  month: number | null;
  /** What the flips are sorted by: how far a number goes, or what a word costs, as a logarithm. */
  distance: number;
  /** Decided there and one step before. */
  verified: boolean;
};

/** Where an input was looked at in vain: from `low` to `high`, or at `words`. */
export type NoFlip = {
  parameter: string;
  from: number | string;
  low: number | null;
  high: number | null;
  unit: string;
  words: string[] | null;
  /** Whether decisions were made at the ends; else only plans met were compared. */
  decided: boolean;
};

/** A kind of place by its best plan, and by what the tables say of the kind; null: no plan, or not known. */
export type CriteriaRow = {
  kind: Kind;
  feasible: boolean;
  plan: string | null;
  startWeeks: { low: number; likely: number; high: number } | null;
  /** USD a month at `criteriaSmallVolume` and `criteriaLargeVolume` times the volume. */
  costSmall: number | null;
  costLarge: number | null;
  /** Capability index, the lowest of the plan's options. */
  quality: number | null;
  /** How far data travel on it. */
  boundary: Boundary | null;
  ttftP95Ms: number | null;
  customization: string | null;
  burden: string | null;
  lockIn: string | null;
  scaling: string | null;
  dependency: string | null;
  /** Of what the tables say. */
  sources: string[];
};

/** An option or plan asked for by id. */
export type AskedRow = {
  id: string;
  /** Null: not on sale. */
  label: string | null;
  kinds: Kind[];
  feasible: boolean;
  monthlyCost: number | null;
  verdict: string;
  figures: Figures;
  failedGates: FailedGate[];
};

export type ParetoRow = {
  plan: string;
  label: string;
  kinds: Kind[];
  monthlyCost: number;
  /** The capability score: probability in percent of sufficing for every task. */
  capability: number | null;
  /** Largest p95 time to the first token, ms, of the tasks that somebody waits for. */
  latency: number | null;
  fte: number;
};

export type ScorecardRow = {
  kind: Kind;
  feasible: boolean;
  monthlyCost: number | null;
  scores: Scores;
  /** Option or plan id: the best of this kind, feasible or not; null where nothing of this kind can run the tasks. */
  option: string | null;
  /** The rule that turns it down, or what it costs beside the plan advised. */
  verdict: string;
  figures: Figures;
};

export type FailedGate = { gate: string; task: string; need: string; have: string; reason: string; figures: Figures };

export type OptionReport = {
  id: string;
  kind: Kind;
  provider: string;
  model: string;
  mode: 'standard' | 'thinking';
  quantization: string | null;
  hardware: string | null;
  instance: string | null;
  region: string | null;
  purchase: string | null;
  feasible: boolean;
  /** The rule that turns it down, or what everything on it costs beside the plan advised. */
  verdict: string;
  figures: Figures;
  failedGates: FailedGate[];
  conditions: string[];
  /** Why there is no price, where there is none. */
  unpriced: string | null;
  /** The whole scenario on this option alone. */
  monthlyCost: number | null;
  upfrontCost: number | null;
  costParts: ExplainedCostPart[];
  capability: number | null;
  /** Index that rules judge it by: the low end of its band where the tables say so. */
  judgedCapability: number | null;
  /** What the tables note of its index. */
  capabilityNote: string | null;
  ttftP95Ms: number | null;
  tokensPerSecond: number | null;
  /** Machines as sold at the busiest hour, spares included, each with so many copies of the model; how busy they are. */
  replicas: number | null;
  copiesPerReplica: number | null;
  utilization: number | null;
  /** Devices it runs on, and the share of them that serves every task within its targets; null where it runs elsewhere. */
  devices: { count: number; shareAble: number } | null;
  fte: number | null;
  lockIn: string | null;
  burden: string | null;
};

/** One input that a lever changes; `path` is a path of the scenario where it has one. */
export type LeverChange = { path: string; from: number | string; to: number | string; unit: string };

/** A wait that a lever shortens, where it is no money that it saves. */
export type LeverLatency = { task: string; what: string; fromMs: number; toMs: number };

/** Running it ourselves against the bill of an API with every lever pulled; USD a month, null where there is none. */
export type LeverComparison = {
  /** The cheapest plan on APIs alone, as things are and with the levers. */
  apiPlan: string;
  apiCost: number;
  optimizedApiPlan: string;
  optimizedApiLabel: string;
  optimizedApiCost: number;
  /** Levers pulled, in this order, and those left out as they would not lower the bill any more. */
  pulled: string[];
  leftOut: string[];
  selfHostedPlan: string | null;
  selfHostedCost: number | null;
  /** The same plan's kind with the levers that ask less of any place. */
  optimizedSelfHostedCost: number | null;
  todayOption: string | null;
  todayCost: number | null;
};

/** What one lever would save: changed inputs, and what the engine then decides. */
export type LeverReport = {
  id: string;
  label: string;
  /** Whether it can be pulled; `reason`: why not. */
  applies: boolean;
  reason: string | null;
  /** The plan has it already, and what it saves there; null: not known, or the plan could not stand without it. */
  alreadyIn: boolean;
  savesNow: number | null;
  /** In words, and one by one. */
  change: string | null;
  changes: LeverChange[];
  /** Tasks. */
  appliesTo: string[];
  /** With the lever, what the lever itself costs included, and less than the recommended plan by; may be negative. */
  monthlyCost: number | null;
  saves: number | null;
  percent: number | null;
  /** What the lever itself costs a month in that. */
  extraCost: number;
  /** The plan that wins with the lever; null: the recommended one stays. */
  plan: string | null;
  planLabel: string | null;
  latency: LeverLatency | null;
  comparison: LeverComparison | null;
  caveat: string;
  sources: string[];
};

export type NearestMiss = {
  option: string;
  task: string;
  gate: string;
  need: string;
  have: string;
  reason: string;
  figures: Figures;
  monthlyCost: number | null;
  /** A field of the scenario and a value at which this rule would let it through; null where no one field does. */
  turnsAt: { path: string; value: number | string } | null;
  /** Rules that turn it down at that value all the same, some of them perhaps only there; without one, the others there are now. */
  stillFails: { gate: string; task: string }[];
};
