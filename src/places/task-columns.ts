import { mayWait } from '../cost/batching.js';
import { meanMultipleOf, requestsPerMonthPerDaily } from '../cost/curve.js';
import { asksForSpare } from '../cost/deadline-sizing.js';
import { unitsNeeded } from '../cost/fleet.js';
import { certainlyBelow, filled } from '../units/float.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/**
 * Tasks that a plan places together. Plans are looked for among sets of bundles, of which there are two to the number of bundles: where
 * there are more tasks than that allows, tasks that the same places may serve make a bundle.
 */
export type Bundles = {
  /** Tasks of each bundle. */
  tasks: readonly (readonly number[])[];
  /** The bundle of each task. */
  of: Int32Array;
  /** Tells bundles of one scenario apart. */
  key: string;
  /** Bundles of which all tasks are among some: one bit for each. */
  whole(tasks: readonly boolean[]): number;
  /** Bundles of which any task is. */
  some(tasks: readonly boolean[]): number;
};

/** Every task for itself. */
export const eachAlone = (count: number): Bundles => bundlesFrom(Array.from({ length: count }, (_, task) => [task]));

function bundlesFrom(tasks: readonly (readonly number[])[]): Bundles {
  const of = new Int32Array(tasks.reduce((count, one) => count + one.length, 0));
  for (const [bundle, own] of tasks.entries()) for (const task of own) of[task] = bundle;
  return {
    tasks,
    of,
    key: tasks.every(({ length }) => length === 1) ? '' : of.join(),
    whole: (may) => tasks.reduce((set, own, b) => (own.every((task) => may[task]) ? set | (1 << b) : set), 0),
    some: (may) => tasks.reduce((set, own, b) => (own.some((task) => may[task]) ? set | (1 << b) : set), 0),
  };
}

/** Tasks, and which places serve all of them: 1 or 0 for each pattern of places. */
type Joined = { tasks: number[]; served: Uint8Array };

/**
 * Bundles of tasks, `wanted` where that is possible and never more than `limit`. Tasks that exactly the same places serve are joined first,
 * then those that lose the fewest places by it. Bundles that no place serves together are joined only to keep the limit: nothing then
 * serves them. Where that makes fewer bundles than wanted, the largest are halved in the order given.
 *
 * @param order place of each task in an order in which neighbors are alike
 * @param places for each place, which tasks it serves
 */
export function bundlesOf(
  order: readonly number[],
  { wanted, limit }: { wanted: number; limit: number },
  places: readonly (readonly boolean[])[],
): Bundles {
  const count = order.length;
  if (count <= wanted) return eachAlone(count);
  const patterns = new Map<string, { serves: readonly boolean[]; places: number }>();
  for (const serves of places) {
    const key = serves.map(Number).join('');
    const known = patterns.get(key);
    if (known === undefined) patterns.set(key, { serves, places: 1 });
    else known.places++;
  }
  const columns = [...patterns.values()];
  const bySignature = new Map<string, Joined>();
  for (let task = 0; task < count; task++) {
    const served = Uint8Array.from(columns, ({ serves }) => (serves[task] ? 1 : 0));
    const key = served.join('');
    const known = bySignature.get(key);
    if (known === undefined) bySignature.set(key, { tasks: [task], served });
    else known.tasks.push(task);
  }
  const groups = [...bySignature.values()];
  const both = (a: Joined, b: Joined): Uint8Array => a.served.map((one, i) => one & (b.served[i] as number));
  const size = (served: Uint8Array): number =>
    served.reduce((sum, one, i) => sum + one * (columns[i] as (typeof columns)[number]).places, 0);
  while (groups.length > wanted) {
    let best: { a: number; b: number; lost: number } | null = null;
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const [x, y] = [groups[a] as Joined, groups[b] as Joined];
        const shared = size(both(x, y));
        if (shared === 0 && groups.length <= limit) continue;
        const lost =
          shared === 0
            ? Number.MAX_VALUE
            : x.tasks.length * (size(x.served) - shared) + y.tasks.length * (size(y.served) - shared);
        if (best === null || lost < best.lost) best = { a, b, lost };
      }
    if (best === null) break;
    const [x, y] = [groups[best.a] as Joined, groups[best.b] as Joined];
    groups.splice(best.b, 1);
    groups[best.a] = { tasks: [...x.tasks, ...y.tasks], served: both(x, y) };
  }
  const bundles = groups.map(({ tasks }) => tasks.toSorted((a, b) => (order[a] as number) - (order[b] as number)));
  while (bundles.length < wanted) {
    const largest = bundles.reduce((at, { length }, i) => (length > (bundles[at] as number[]).length ? i : at), 0);
    const tasks = bundles[largest] as number[];
    const half = Math.ceil(tasks.length / 2);
    bundles.splice(largest, 1, tasks.slice(0, half), tasks.slice(half));
  }
  return bundlesFrom(bundles);
}

/** What the tasks of a workload ask of places, as numbers; index = task. A set of tasks is a number with one bit for each bundle. */
export type TaskColumns = {
  workload: Workload;
  /** Tasks. */
  count: number;
  bundles: Bundles;
  /** All tasks. */
  all: number;
  tasksIn(set: number): readonly number[];
  /** Units at multiple 1 of a machine that serves one request a second. */
  unitsPerRate: Float64Array;
  /** Requests of a mean month. */
  requestsPerMonth: Float64Array;
  /** Mean load over that of month 1. */
  meanMultiple: Float64Array;
  /** Load in the hours in which some task that cannot wait is busiest, in the busiest month: hour by hour, the tasks one by one. */
  peakMultiples: Float64Array;
  peakHours: number;
  /** Bundles of which some task asks for spare machines, and those of which all do. */
  spared: { some: number; all: number };
};

export function workloadColumns(workload: Workload, bundles = eachAlone(workload.taskParts.length)): TaskColumns {
  const { taskParts } = workload;
  const count = taskParts.length;
  const sets: (readonly number[])[] = [];
  // Work that may wait has no hour of its own.
  const waits = taskParts.map(mayWait);
  const alike = taskParts.every(({ hours }) => hours.length === taskParts[0]?.hours.length);
  const busiest = new Set(
    alike ? taskParts.flatMap(({ hours }, s) => (waits[s] ? [] : [hours.indexOf(Math.max(...hours))])) : [],
  );
  const peakMultiples = [...busiest].flatMap((hour) =>
    taskParts.map(({ hours }, s) => (waits[s] ? 0 : (hours[hour] as number) * workload.peakGrowth * certainlyBelow)),
  );
  const spared = taskParts.map((taskPart) => asksForSpare(taskPart, workload));
  return {
    workload,
    count,
    bundles,
    all: 2 ** bundles.tasks.length - 1,
    tasksIn(set) {
      sets[set] ??= bitsOf(set).flatMap((bundle) => bundles.tasks[bundle] as readonly number[]);
      return sets[set];
    },
    unitsPerRate: filled(count, (s) => unitsNeeded(taskParts[s] as TaskPart, 1, workload)),
    requestsPerMonth: filled(count, (s) => {
      const taskPart = taskParts[s] as TaskPart;
      return requestsPerMonthPerDaily(taskPart, workload) * taskPart.requestsPerDay;
    }),
    meanMultiple: filled(count, (s) => meanMultipleOf(taskParts[s] as TaskPart, workload)),
    peakMultiples: Float64Array.from(peakMultiples),
    peakHours: busiest.size,
    spared: { some: bundles.some(spared), all: bundles.whole(spared) },
  };
}

/** Bundles of a set. */
export const bitsOf = (set: number): number[] => {
  const bundles: number[] = [];
  for (let left = set; left > 0; left &= left - 1) bundles.push(31 - Math.clz32(left & -left));
  return bundles;
};
