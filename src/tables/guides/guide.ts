import type { Kind } from '../rows.js';
import type { Expression } from './expression.js';

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
