import type { LeverChange, LeverLatency } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import type { Case } from '../../places/placement.js';
import type { TaskRow } from '../../tables/rows.js';
import type { History } from '../../workload/conversation.js';
import type { Demand, Slice } from '../../workload/demand.js';

/** Whether a lever is of use for a task, by the preset of the task and by what the table says of the lever. */
export type Suits = (slice: Slice) => boolean;

/** What levers work on: the demand as the levers before left it. */
export type Working = {
  demand: Demand;
  /** Turns of a conversation, and how much of it is sent again. */
  history: History;
};

/** What is known of a scenario beyond its demand. */
export type Setting = {
  of: Case;
  plan: Plan;
  /** Whether no plan costs less; else it is as good as equal and simpler. */
  cheapest: boolean;
  presetOf(slice: Slice): TaskRow | undefined;
};

/** A lever that cannot be pulled, and why; `savesNowUsd`: it is in the plan already, and what it saves there. */
export type Refused = { not: string; savesNowUsd?: number | null };

/** A demand with a lever pulled. */
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
  /** The demand without what of it is there already; null: nothing is. */
  without?(working: Working, setting: Setting): Demand | null;
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

/** The same demand with other slices; what was remembered of the old ones under its assumptions is left behind. */
export function withSlices(demand: Demand, slices: Slice[]): Demand {
  const scaling = sum(slices.filter(({ scales }) => scales));
  const total = sum(slices);
  return {
    ...demand,
    requestsPerDay: scaling === 0 ? demand.requestsPerDay : scaling,
    slices: slices.map((slice) => ({ ...slice, share: total === 0 ? 0 : slice.requestsPerDay / total })),
    assume: (name) => demand.assume(name),
  };
}

const sum = (slices: readonly Slice[]): number => slices.reduce((total, slice) => total + slice.requestsPerDay, 0);

/** Changes the slices that `change` takes (null: it leaves one alone), and says what changed in which tasks. */
export function changeSlices(
  working: Working,
  change: (slice: Slice) => { slices: Slice[]; changes: LeverChange[] } | null,
): Changed | null {
  const changes: LeverChange[] = [];
  const tasks: string[] = [];
  const slices = working.demand.slices.flatMap((slice) => {
    const changed = change(slice);
    if (changed === null) return [slice];
    changes.push(...changed.changes);
    if (!tasks.includes(slice.task)) tasks.push(slice.task);
    return changed.slices;
  });
  if (tasks.length === 0) return null;
  return { working: { ...working, demand: withSlices(working.demand, slices) }, changes, tasks };
}
