import type { Kind } from '../rows.js';
import type { Expression, NameKind, Scope } from './expression.js';

/** Where a value comes from in a scenario: a fact, a condition on facts, or the first case that holds. */
export type Feed =
  | { is: 'fact'; name: string }
  | { is: 'condition'; when: Expression }
  | { is: 'cases'; of: { value: string; when: Expression | null }[] };

export type GuideInput = {
  name: string;
  is: 'number' | 'flag' | 'word';
  /** Of a word. */
  values: string[];
  unit: string | null;
  default: number | boolean | string | null;
  from: Feed | null;
};

/** Places of a verdict: kinds, and `voted` (most points among what gates leave) or `candidates` (all that they leave). */
export type PlaceList = (Kind | 'voted' | 'candidates')[];

export type GuideRule = {
  id: string;
  when: Expression;
  /** What the rule is about: the computed figure of that theme settles a disagreement. */
  about: Theme;
  /** Name under which it is listed when it is not met. */
  factor: string;
  /** Where true: nothing but these places. */
  gate: Kind[] | null;
  /** Where true: a point for each of these. */
  vote: Kind[] | null;
  /** The score it is an item of. */
  adds: string | null;
  /** The rule in words. */
  says: string;
};

export const themes = ['volume', 'latency', 'data', 'capability', 'team', 'time', 'load'] as const;
export type Theme = (typeof themes)[number];

/** Items that hold: counted, or as a share of all items; 0 where `zeroWhen` holds. */
export type GuideScore = { name: string; as: 'count' | 'share'; zeroWhen: Expression | null };

export type GuideVerdict = {
  name: string;
  when: Expression | null;
  /** What goes where; one branch without words is the whole workload. */
  branches: { what: string | null; places: PlaceList }[];
  hybrid: boolean;
  /** The score that is its points; null: the votes for its places. */
  points: string | null;
  /** Why, where the rules do not say it, and what that is about. */
  says: string | null;
  about: Theme | null;
};

/** A figure at which a guide turns, to be held against those of other guides. */
export type GuideBorder = { topic: string; input: string; from: number; to: number };
/** What a guide says of a topic: its verdict on these inputs alone. */
export type GuideStance = { topic: string; given: Record<string, number | boolean | string>; says: string | null };

export type GuideStage = { fromMonth: number; toMonth: number | null; when: Expression | null; says: string };
export type GuideNote = { id: string; when: Expression | null; says: string };
export type GuideRating = { kind: Kind; burden: string; lockIn: string | null };
/** A figure of the article, worked out by one of the formulas of `npm run cases`. */
export type GuideCheck = {
  says: string;
  formula: string;
  inputs: Record<string, number>;
  unit: string;
  value: number;
  tolerancePct: number;
};

/** A published rule-of-thumb framework as data. */
export type Guide = {
  id: string;
  file: string;
  sourceFile: string;
  title: string;
  /** Whether it is also asked about every task alone, the one with the most points being its pilot. */
  perTask: boolean;
  inputs: GuideInput[];
  scores: GuideScore[];
  rules: GuideRule[];
  /** The first that holds; where none does, the places with most points, else the default. */
  verdicts: GuideVerdict[];
  default: Kind[];
  notes: GuideNote[];
  stages: GuideStage[];
  ratings: GuideRating[];
  borders: GuideBorder[];
  stances: GuideStance[];
  checks: GuideCheck[];
};

export type GuideTopic = { id: string; title: string; unit: string | null };

/** All guides, and what they share: how facts of a scenario are read, and what they may differ about. */
export type GuideBook = {
  daysPerMonth: number;
  /** The class of a task: the first that holds for its own facts. */
  taskClasses: { value: string; when: Expression | null }[];
  /** Conditions with a name, in order. */
  derived: { name: string; when: Expression }[];
  topics: GuideTopic[];
  guides: Guide[];
};

export const noGuides: GuideBook = { daysPerMonth: 0, taskClasses: [], derived: [], topics: [], guides: [] };

/** Whether an input may have this value. */
export const isValueOf = ({ is, values }: GuideInput, value: unknown): boolean =>
  is === 'word'
    ? values.includes(value as string)
    : is === 'flag'
      ? typeof value === 'boolean'
      : typeof value === 'number';

const number: NameKind = { is: 'number' };
const flag: NameKind = { is: 'flag' };
const word = (...values: string[]): NameKind => ({ is: 'word', values: values.length > 0 ? values : null });

/** What guides may ask about one task. */
export const taskFacts = {
  /** Preset of the task. */
  type: word(),
  /** Name of the capability tier that its need lies in. */
  tier: word(),
  fine_tuning: flag,
} as const satisfies Record<string, NameKind>;

/** What guides may ask about a scenario, or about some of its tasks. */
export const scenarioFacts = {
  tokens_day: number,
  requests_day: number,
  requests_month: number,
  /** Requests a month of tasks of the class `basic`. */
  basic_requests_month: number,
  /** Smallest target that the user wrote for the time to the first token, milliseconds. */
  ttft_p95_ms: number,
  peak_to_mean: number,
  /** Where written. */
  horizon_months: number,
  launch_weeks: number,
  /** Full-time equivalents: devops and ML infrastructure together, and the latter alone. */
  people: number,
  ml_people: number,
  /** Different tiers among the tasks. */
  tiers: number,
  /** Of the most sensitive task. */
  sensitivity: word('public', 'internal', 'pii', 'regulated', 'device-only'),
  /** Share of requests whose data are regulated or stay on the device. */
  sensitive_share: number,
  /** How far the data of the narrowest task may go. */
  boundary: word('device', 'own-premises', 'own-account', 'under-contract', 'anywhere'),
  baa: flag,
  frontier: flag,
  fine_tuning: flag,
  offline: flag,
  all_basic: flag,
  objective: word('advice', 'cost'),
  /** Of the task with most requests. */
  largest_class: word(),
  largest_type: word(),
} as const satisfies Record<string, NameKind>;

export type ScenarioFact = keyof typeof scenarioFacts;
export type TaskFact = keyof typeof taskFacts;

export const scopeOf = (names: Readonly<Record<string, NameKind>>): Scope => new Map(Object.entries(names));
