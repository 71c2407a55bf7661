import type { LeverChange, LeverLatency } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { TaskRow } from '../../tables/rows.js';
import type { History } from '../../workload/conversation.js';
import type { TaskPart, Workload } from '../../workload/workload.js';

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
  /** Whether no plan costs less; else it is as good as equal and simpler. */
  cheapest: boolean;
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
