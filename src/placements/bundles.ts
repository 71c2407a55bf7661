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

/** Tasks that the same places serve, and these places: one number for each of them, how many are alike. */
type Alike = { tasks: number[]; served: Uint8Array };

/**
 * At most so many bundles of tasks. Tasks that the same places serve come first; of what is left those are joined that lose fewest
 * places by it, as long as one is left that serves all of a bundle. Where fewer kinds of task than bundles are asked, the largest
 * bundles are halved in the order given.
 *
 * @param order place of each task in an order in which neighbors are alike
 * @param places of each place the tasks that it serves
 */
export function bundlesOf(order: readonly number[], most: number, places: readonly (readonly boolean[])[]): Bundles {
  const count = order.length;
  if (count <= most) return eachAlone(count);
  const patterns = new Map<string, { serves: readonly boolean[]; alike: number }>();
  for (const serves of places) {
    const key = serves.map(Number).join('');
    const known = patterns.get(key);
    if (known === undefined) patterns.set(key, { serves, alike: 1 });
    else known.alike++;
  }
  const columns = [...patterns.values()];
  const bySignature = new Map<string, Alike>();
  for (let task = 0; task < count; task++) {
    const served = Uint8Array.from(columns, ({ serves }) => (serves[task] ? 1 : 0));
    const key = served.join('');
    const known = bySignature.get(key);
    if (known === undefined) bySignature.set(key, { tasks: [task], served });
    else known.tasks.push(task);
  }
  const groups = [...bySignature.values()];
  const both = (a: Alike, b: Alike): Uint8Array => a.served.map((one, i) => one & (b.served[i] as number));
  const size = (served: Uint8Array): number =>
    served.reduce((sum, one, i) => sum + one * (columns[i] as (typeof columns)[number]).alike, 0);
  while (groups.length > most) {
    let best: { a: number; b: number; lost: number } | null = null;
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const [x, y] = [groups[a] as Alike, groups[b] as Alike];
        const shared = size(both(x, y));
        if (shared === 0) continue;
        const lost = x.tasks.length * (size(x.served) - shared) + y.tasks.length * (size(y.served) - shared);
        if (best === null || lost < best.lost) best = { a, b, lost };
      }
    if (best === null) break;
    const [x, y] = [groups[best.a] as Alike, groups[best.b] as Alike];
    groups.splice(best.b, 1);
    groups[best.a] = { tasks: [...x.tasks, ...y.tasks], served: both(x, y) };
  }
  const bundles = groups.map(({ tasks }) => tasks.toSorted((a, b) => (order[a] as number) - (order[b] as number)));
  while (bundles.length < most) {
    const largest = bundles.reduce((at, { length }, i) => (length > (bundles[at] as number[]).length ? i : at), 0);
    const tasks = bundles[largest] as number[];
    const half = Math.ceil(tasks.length / 2);
    bundles.splice(largest, 1, tasks.slice(0, half), tasks.slice(half));
  }
  return bundlesFrom(bundles);
}
