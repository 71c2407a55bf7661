import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import type { LatencyFigure, TaskPart, Workload } from '../workload/workload.js';
import type { Truth } from './claims.js';

/** A field and a value that change a verdict: `--set "<path>=<value>"`. */
export type Turn = { path: string; value: number | string };

/** Why a rule is not simply passed. */
export type Why = {
  need: string;
  have: string;
  reason: string;
  /** What somebody must do, for a condition: one entry per thing to do. */
  todos: readonly string[];
  /** What is said of a pass that rests on something nobody knows. */
  warning: { code: string; message: string; figures?: Record<string, number> } | null;
  /** Where the verdict of a failed rule would change, if known. */
  turnsAt: Turn | null;
  /** Every number that the reason or the to-dos name. */
  figures: Record<string, number>;
};

/**
 * A rule's verdict on an option for a task part. `unknown` never passes silently. Words are made on demand, as the
 * search reads only the state, hundreds of thousands of times.
 */
export type Verdict = { state: 'passed' | 'failed' | 'condition' | 'unknown'; why(): Why };

/** The known part of an option: rules of a level read no more. */
export type Level = 'provider' | 'model' | 'option';

/** A hard rule about one task part on one option. */
export type Gate = {
  id: string;
  /** What a rule needs: the place, the model, the whole option, or its service for the task part. */
  level: Level | 'service';
  /** For a rule on whole options: its verdict on a place that is no device holds for all models there. */
  ofMachines?: true;
  /** What is seen of latency that it looks at. */
  figure?: LatencyFigure;
  /** Whether the rule applies to a task part; else every option passes. Absent: always. */
  asks?(taskPart: TaskPart, context: Context): boolean;
  check(option: Option, taskPart: TaskPart, context: Context, service: TaskService | null): Verdict;
};

/** What is had, where the tables do not say. */
export const unsaid = 'unknown';

const nothing: Why = { need: '', have: '', reason: '', todos: [], warning: null, turnsAt: null, figures: {} };

export const passed: Verdict = { state: 'passed', why: () => nothing };

/** A pass that must not be silent: what the rule looks at is not known. */
export const passedWith = (why: () => Pick<Why, 'need' | 'warning'>): Verdict => ({
  state: 'passed',
  why: () => ({ ...nothing, have: unsaid, ...why() }),
});

export const failed = (
  why: () => Pick<Why, 'need' | 'have' | 'reason'> & Partial<Pick<Why, 'turnsAt' | 'figures'>>,
): Verdict => ({
  state: 'failed',
  why: () => ({ ...nothing, ...why() }),
});

/** Unknown; `reason` says whom to ask what. */
export const unknown = (why: () => Pick<Why, 'need' | 'reason'> & Partial<Pick<Why, 'turnsAt'>>): Verdict => ({
  state: 'unknown',
  why: () => ({ ...nothing, have: unsaid, ...why() }),
});

export const condition = (
  why: () => Pick<Why, 'need' | 'have' | 'todos'> & Partial<Pick<Why, 'figures' | 'warning'>>,
): Verdict => ({
  state: 'condition',
  why: () => {
    const given = why();
    return { ...nothing, ...given, reason: given.todos.join('; ') };
  },
});

/** The verdict from how well a claim holds; `by`: whose rule, if to be named. */
export function byTruth(
  { state, missing, todos }: Truth,
  { need, can, by = '', turnsAt }: { need: string; can: string; by?: string; turnsAt?: () => Turn | null },
): Verdict {
  switch (state) {
    case 'passed':
      return passed;
    case 'condition':
      return condition(() => ({ need, have: can, todos: todos() }));
    case 'unknown':
      return unknown(() => ({ need, reason: missing(), turnsAt: turnsAt?.() ?? null }));
    case 'failed':
      return failed(() => ({ need, have: missing(), reason: by + missing(), turnsAt: turnsAt?.() ?? null }));
  }
}

/** Whether nothing has to be said. */
export const isPlain = (verdict: Verdict): boolean => verdict === passed;

export const mayRun = ({ state }: Verdict): boolean => state === 'passed' || state === 'condition';

/** Totals of a whole plan: money, people, places and machines. */
export type PlanTotals = {
  fteNeeded: number;
  /** Slow to compute, so only used with a budget. */
  readonly peakMonthCashUsd: number;
  upfrontUsd: number;
  /** Requests of the busiest minute by provider, on others' machines. */
  requestsPerMinute: ReadonlyMap<string, number>;
  /** Places to run, second ones among them. */
  places: number;
  /** Accelerators of fleets on owned hardware, one entry a fleet. */
  owned: readonly string[];
};

/** A hard rule about a whole plan. */
export type PlanGate = { id: string; check(totals: PlanTotals, workload: Workload): Verdict };
