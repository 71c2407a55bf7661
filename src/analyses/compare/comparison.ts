import type { Kind } from '../../tables/rows.js';
import type { FigureChange } from './row-changes.js';

/** One of the decisions that are compared. */
export type Side = {
  /** What tells it from the others: the date of its prices, or its file. */
  name: string;
  file: string;
  scenario: string;
  snapshot: string;
  asOf: string;
  /** `unread`: the scenario cannot be read with these tables. */
  status: 'recommended' | 'infeasible' | 'unread';
  /** Why it cannot be read. */
  unread: string[];
  plan: string | null;
  label: string | null;
  kinds: Kind[];
  /** USD a month of the advised plan, and how far that moved from the side before, in percent. */
  monthlyCost: number | null;
  costChange: number | null;
  /** The cheapest plan: often the one advised. */
  cheapest: { plan: string; monthlyCost: number } | null;
  /** How far the cost of the cheapest plan moved from the side before, in percent. */
  cheapestChange: number | null;
};

/** An input that one side says, or takes, and the other does not say alike. */
export type MovedInput = {
  path: string;
  before: string | null;
  after: string | null;
  /** Whether the user wrote it, or it was assumed; null where that side has none. */
  originBefore: 'user' | 'assumed' | null;
  originAfter: 'user' | 'assumed' | null;
};

/** A figure of the tables that moved, of a row that the bills of either side are made of. */
export type MovedPrice = {
  table: string;
  row: string;
  /** The row that the same plan is billed by before, where that is another one; `before` is of that one. */
  formerRow: string | null;
  /** Header of the column; where only results are compared, what the figure is called there. */
  figure: string;
  /** What became of the row; null where only results are compared, and one of them has no bill that it is in. */
  change: 'added' | 'removed' | 'changed' | null;
  /** Null: not on sale, or not known; where only results are compared: no bill of that side is made of it. */
  before: string | number | null;
  after: string | number | null;
  percent: number | null;
  source: string;
  date: string;
  /** Whether the plan advised before, or after, is billed by the row. */
  billedBefore: boolean;
  billedAfter: boolean;
};

/** What a plan costs on both sides, USD a month; null: not on sale, or it cannot run there. */
export type PlanCost = {
  plan: string;
  label: string;
  /** `advised`, or the kind whose best it is, on each side. */
  before: { monthlyCost: number | null; feasible: boolean; as: string | null };
  after: { monthlyCost: number | null; feasible: boolean; as: string | null };
  change: number | null;
  percent: number | null;
};

/** What the advice changes with: an input, a row of a price list or of the catalog, or the day both are judged on. */
export type Cause = {
  what: 'input' | 'price' | 'catalog' | 'day';
  table: string | null;
  /** Path of the input, or what tells the row from others. */
  name: string;
  change: 'added' | 'removed' | 'changed';
  figures: FigureChange[];
  source: string | null;
  date: string | null;
};

/** Kinds of place of one task on both sides. */
export type TaskMove = { task: string; before: Kind[]; after: Kind[] };

export type AdviceChange = {
  /** `flip`: some task's kind of place changed. `switch`: another plan on the same kinds. */
  change: 'same' | 'switch' | 'flip';
  tasks: TaskMove[];
  planBefore: string | null;
  planAfter: string | null;
  /** What explains a flip. */
  explainedBy: Cause[];
  /**
   * `decided`: the earlier side with these changes alone, on the catalog and the day of the later one, gives the later advice.
   * `listed`: they moved, and the plans are made of them; it was not decided again. Null: nothing to explain, or nothing was found.
   */
  proof: 'decided' | 'listed' | null;
};

/** From one side to the next. */
export type Step = {
  from: string;
  to: string;
  inputs: MovedInput[];
  /** False: a side is a result kept without what was given, so that only inputs that both sides name are compared. */
  inputsKnown: boolean;
  prices: MovedPrice[];
  /** False: a side is a result kept without what its bills are made of (`basis`), so that prices cannot be compared. */
  pricesKnown: boolean;
  plans: PlanCost[];
  advice: AdviceChange;
};

export type Comparison = {
  schemaVersion: string;
  tool: { name: string; version: string };
  /** In the order asked for, or by the dates of their prices. */
  sides: Side[];
  /** One between every two sides next to each other that can be read. */
  steps: Step[];
  flips: number;
};
