/** Tasks, and which places serve all of them: 1 or 0 for each pattern of places. */
type Joined = { tasks: number[]; served: Uint8Array };

/**
 * Bundles of tasks that a plan places together (their subsets grow as 2^n): `wanted` where possible, never more than
 * `limit`. Tasks with exactly the same places are joined first, then those that lose the fewest places. Bundles that no
 * place serves are joined only to keep the limit. Too few: the largest are halved in order.
 *
 * @param order place of each task in an order in which neighbors are similar
 * @param places for each place, which tasks it serves
 */
export function bundlesOf(
  order: readonly number[],
  { wanted, limit }: { wanted: number; limit: number },
  places: readonly (readonly boolean[])[],
): readonly (readonly number[])[] {
  const count = order.length;
  if (count <= wanted) return order.map((_, task) => [task]);
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
  return bundles;
}
