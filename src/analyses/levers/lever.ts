import { isUnpriced } from '../../cost/curve.js';
import { advisedPlan } from '../../decide/advice.js';
import type { LeverChange, LeverLatency } from '../../decide/decision.js';
import { planVerdicts } from '../../decide/option-report.js';
import type { PlanPart } from '../../decide/plan.js';
import { type Plan, planOf } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import { findTaskPartIn, waysToCut } from '../../decide/splits/cuts.js';
import type { Context } from '../../places/placement.js';
import { mayRun } from '../../rules/rule.js';
import type { TaskRow } from '../../tables/rows.js';
import { countWords } from '../../units/format.js';
import type { History } from '../../workload/conversation.js';
import { isDevelopment, type TaskPart, type Workload } from '../../workload/workload.js';

/** Whether a lever is of use for a task, by the preset of the task and by what the table says of the lever. */
export type Suits = (taskPart: TaskPart) => boolean;

/** What levers work on: the workload as the levers before left it. */
export type Working = {
  workload: Workload;
  /** Turns of a conversation, and how much of it is sent again. */
  history: History;
};

/** What is known of a scenario beyond its workload. */
export type Setting = {
  context: Context;
  plan: Plan;
  presetOf(taskPart: TaskPart): TaskRow | undefined;
};

/** A lever that cannot be pulled, and why; `savesNowUsd`: it is in the plan already, and what it saves there. */
export type Refused = { not: string; savesNowUsd?: number | null };

/** A workload with a lever pulled. */
export type Changed = {
  working: Working;
  changes: LeverChange[];
  /** Names of the tasks. */
  tasks: string[];
  /** What the lever itself costs, USD a month. */
  extraUsd?: number;
};

/** A lever that changes what is asked for: it works wherever that is served. */
export type InputLever = {
  id: string;
  change(working: Working, suits: Suits, setting: Setting): Changed | Refused;
  /** The workload without what of it is there already; null: nothing is. */
  without?(working: Working, setting: Setting): Workload | null;
};

/** A plan with a lever pulled: `plan` null says that the plan stays and only a latency moves. */
export type Pulled = {
  plan: Plan | null;
  changes: LeverChange[];
  tasks: string[];
  extraUsd?: number;
  latency?: LeverLatency | null;
  savesNowUsd?: number | null;
};

/** A lever that changes the plan, or only how long it takes. */
export type PlanLever = { id: string; pull(suits: Suits, setting: Setting): Pulled | Refused };

export const isRefused = (result: object): result is Refused => 'not' in result;

/** The same workload with other task parts; what was remembered of the old ones under its assumptions is left behind. */
export function withTaskParts(workload: Workload, taskParts: TaskPart[]): Workload {
  const scaling = sum(taskParts.filter(({ scales }) => scales));
  const total = sum(taskParts);
  return {
    ...workload,
    requestsPerDay: scaling === 0 ? workload.requestsPerDay : scaling,
    taskParts: taskParts.map((taskPart) => ({ ...taskPart, share: total === 0 ? 0 : taskPart.requestsPerDay / total })),
    assume: (name) => workload.assume(name),
  };
}

const sum = (taskParts: readonly TaskPart[]): number =>
  taskParts.reduce((total, taskPart) => total + taskPart.requestsPerDay, 0);

/** Changes the task parts that `change` takes (null: it leaves one alone), and says what changed in which tasks. */
export function changeTaskParts(
  working: Working,
  change: (taskPart: TaskPart) => { taskParts: TaskPart[]; changes: LeverChange[] } | null,
): Changed | null {
  const changes: LeverChange[] = [];
  const tasks: string[] = [];
  const taskParts = working.workload.taskParts.flatMap((taskPart) => {
    const changed = change(taskPart);
    if (changed === null) return [taskPart];
    changes.push(...changed.changes);
    if (!tasks.includes(taskPart.task)) tasks.push(taskPart.task);
    return changed.taskParts;
  });
  if (tasks.length === 0) return null;
  return { working: { ...working, workload: withTaskParts(working.workload, taskParts) }, changes, tasks };
}

const mostTold = 3;
const hundred = 100;

const figure = (value: number | string): string => {
  if (typeof value === 'string') return value;
  return value < hundred ? String(Number(value.toPrecision(3))) : countWords(value);
};

/** Changed and held inputs in words: `tasks.faq.tokens.input 1,500 -> 1,200 tokens`; the first few of many. */
export function changeWords(changes: readonly LeverChange[]): string {
  const told = changes.slice(0, mostTold).map(({ path, from, to, unit }) => {
    const change = from === to ? `stays ${figure(to)}` : `${figure(from)} -> ${figure(to)}`;
    return `${path} ${change}${unit === '' ? '' : ` ${unit}`}`;
  });
  const left = changes.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}

/** Whether a plan breaks no rule, of its parts or as a whole. */
export const mayStand = (plan: Plan, context: Context): boolean =>
  [...review(plan, context).verdicts, ...planVerdicts(plan, context)].every(({ verdict }) => mayRun(verdict));

/** The same options for the same tasks under another workload; null where that leaves a task unserved or has no price then. */
export function samePlan({ deployments }: Plan, context: Context): Plan | null {
  const parts = movedTo(deployments, context);
  if (!servesAll(parts, context)) return null;
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? null : plan;
}

/** Who serves what of another workload; what that does not have any more is left out. */
export function movedTo(deployments: readonly PlanPart[], context: Context): PlanPart[] {
  const find = findTaskPartIn(context);
  return deployments.map(({ option, taskParts, second }) => ({
    option,
    ...(second && { second }),
    taskParts: taskParts.flatMap((served) =>
      served.cut === undefined
        ? context.workload.taskParts.filter(
            (taskPart) =>
              taskPart.task === served.task &&
              (taskPart.part === served.part || (served.part === 'all' && !isDevelopment(taskPart))),
          )
        : (find(served) ?? []),
    ),
  }));
}

/** Whether every task is served once: as a whole, or in all parts of one way to cut it up. */
export function servesAll(parts: readonly Pick<PlanPart, 'taskParts'>[], context: Context): boolean {
  const served = parts.flatMap(({ taskParts }) => taskParts);
  const key = ({ id, cut }: TaskPart) => `${id} ${cut?.key ?? ''}`;
  const listed = (taskParts: readonly TaskPart[]) => taskParts.map(key).sort().join('\n');
  return context.workload.taskParts.every((taskPart) => {
    const here = listed(served.filter(({ id, cut }) => id === taskPart.id || cut?.whole === taskPart.id));
    return waysToCut(taskPart, context).some((way) => listed(way) === here);
  });
}

/** The plan to run under a changed workload: the same one unless another is advised then that costs less. */
export function decideAgain(
  { plan, context: { tables } }: Pick<Setting, 'plan' | 'context'>,
  workload: Workload,
): { plan: Plan; switched: boolean } | null {
  const context = { workload, tables };
  const same = samePlan(plan, context);
  const stands = same !== null && mayStand(same, context);
  const advised = advisedPlan(context);
  if (stands && (advised === null || same.monthlyUsd <= advised.monthlyUsd)) return { plan: same, switched: false };
  return advised === null ? null : { plan: advised, switched: true };
}
