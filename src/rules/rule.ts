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
type Level = 'provider' | 'model' | 'option';

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

/** What YAML reads as the text itself, without quotes. */
const plainText = /^[A-Za-z][\w.+/@-]*(:[\w.+/@-]+)?$/;

/** A list as `--set` takes it. */
export const listText = (items: Iterable<string>): string =>
  `[${[...items].map((item) => (plainText.test(item) ? item : JSON.stringify(item))).join(', ')}]`;

/** The path of a `data` field for a task: its own if set there. */
const dataPath = ({ task, needs }: TaskPart, field: string): string =>
  needs.written.data.has(field) ? `tasks.${task}.data.${field}` : `data.${field}`;

/** An availability that is promised or observed. */
export const availabilityTurn = ({ task, needs }: TaskPart, share: number): Turn => ({
  path: needs.written.availability ? `tasks.${task}.availability` : 'needs.availability',
  value: share,
});

/** A smaller required index. */
export const indexTurn = ({ task, needs }: TaskPart, index: number): Turn => {
  const path = `tasks.${task}.capability`;
  // Only one form of a capability may be written.
  return needs.written.capability === null || needs.written.capability === 'minIndex'
    ? { path: `${path}.minIndex`, value: index }
    : { path, value: `{minIndex: ${Math.floor(index * stepsPerPoint) / stepsPerPoint}}` };
};

/** Precision of a value to write: it may require a little less, never more. */
const stepsPerPoint = 100;

/** A need removed; null where the preset sets it. */
export function needTurn({ task, needs }: TaskPart, need: string): Turn | null {
  const { written } = needs;
  if (!written.needs.includes(need) || written.presetNeeds.includes(need)) return null;
  return { path: `tasks.${task}.needs`, value: listText(written.needs.filter((one) => one !== need)) };
}

/** A shorter prompt; null where none is short enough or holds its prefix, or earlier turns make it long. */
export function inputTurn({ task, tokens, needs: { written } }: TaskPart, most: number): Turn | null {
  if (most < Math.max(1, written.prefixTokens ?? 0) || tokens.longestInput !== tokens.input) return null;
  return { path: `tasks.${task}.tokens.${(tokens.most ?? 0) > tokens.input ? 'maxInput' : 'input'}`, value: most };
}

/** A shorter answer. */
export const outputTurn = ({ task }: TaskPart, most: number): Turn | null =>
  most < 1 ? null : { path: `tasks.${task}.tokens.output`, value: most };

/** A tuned model removed; null where both the task and the scenario require it. */
export function untunedTurn(taskPart: TaskPart): Turn | null {
  if (!taskPart.needs.written.fineTuningForAll) return needTurn(taskPart, 'fine-tuning');
  return taskPart.needs.written.needs.includes('fine-tuning') ? null : { path: 'needs.fineTuning', value: 'false' };
}

/** Agreements to sign or things to do, as tokens of a claim: in one field only. */
export function claimsTurn(taskPart: TaskPart, tokens: readonly string[] | null): Turn | null {
  if (tokens === null || tokens.length === 0) return null;
  const names = (subject: string) =>
    tokens.filter((token) => token.startsWith(`${subject}:`)).map((token) => token.slice(subject.length + 1));
  const { agreements, declared } = taskPart.needs;
  const [sign, declare] = [names('agreement'), names('org')];
  if (sign.length === tokens.length) {
    const signed = listText(agreements?.signed ?? []);
    const canSign = listText(new Set([...(agreements?.canSign ?? []), ...sign]));
    return { path: dataPath(taskPart, 'agreements'), value: `{signed: ${signed}, canSign: ${canSign}}` };
  }
  if (declare.length === tokens.length)
    return { path: dataPath(taskPart, 'declared'), value: listText(new Set([...declared, ...declare])) };
  return null;
}
