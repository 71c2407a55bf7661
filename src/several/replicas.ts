import type { MachineColumns, RequestColumns } from '../capacity/request-rate.js';
import { floorSeconds, type Group, openCuts, type RateWork, rateAnew, rateWork } from '../core/fits.js';
import { orderOf } from '../core/order.js';
import type { Shape } from '../core/shape.js';
import { placesUpTo } from '../units/columns.js';

/** Machines that share the rates of their replicas: one accelerator under one engine. */
export type MachineGroup = { accelerator: number; engine: number; mostGpus: number; units: number[] };

/** Replicas of a group of machines, with bounds in seconds by place in the pool; infinite: it does not run there. */
export type OnGroup = {
  work: RateWork;
  group: Group;
  /** Seconds of a prompt by cut, as far as rates are known. */
  prompts: Float64Array[];
  floorS: Float64Array;
  floorPromptS: Float64Array;
};

/** A task's replicas on every group of machines, as far as computed. */
export type Replicas = {
  shape: Shape;
  requests: RequestColumns;
  /** By place in the pool, that in `requests`; -1: it does not serve the task. */
  placeOf: Int32Array;
  base: RateWork;
  groups: (OnGroup | undefined)[];
};

/** What a replica takes for a request of a task: `rate` requests a second at saturation, 0: none. */
export type Replica = { rate: number; promptS: number; aloneS: number; firstTokenMs: number };

export function replicasOf(shape: Shape, requests: RequestColumns, pool: Int32Array, groups: number): Replicas {
  const { admitted, context } = shape;
  const places = new Map(Array.from(requests.items, (item, at) => [item, at]));
  const order = orderOf(placesUpTo(requests.items.length), admitted.catalog, requests);
  return {
    shape,
    requests,
    placeOf: pool.map((item) => places.get(item) ?? -1),
    base: rateWork({ admitted, context, requests, order }),
    groups: new Array<OnGroup | undefined>(groups),
  };
}

/** Bounds on a group, in seconds: a request on one card, and its prompt on all cards of the largest machine. */
export function onGroup(
  replicas: Replicas,
  g: number,
  { accelerator, engine, mostGpus, units }: MachineGroup,
): OnGroup {
  const known = replicas.groups[g];
  if (known !== undefined) return known;
  const { base, placeOf, shape } = replicas;
  const { catalog } = shape.admitted;
  const group: Group = {
    units,
    accelerator,
    machines: catalog.machines[engine] as MachineColumns,
    measured: catalog.measured[engine] as Float64Array,
  };
  const work: RateWork = {
    ...base,
    ...{ rates: [], firsts: [], alones: [] },
    errors: base.errors.slice(),
  };
  floorSeconds(work, group, mostGpus);
  openCuts(work, mostGpus);
  const floorS = new Float64Array(placeOf.length).fill(Number.POSITIVE_INFINITY);
  const floorPromptS = floorS.slice();
  const runs = new Set(work.running.subarray(0, work.runningCount));
  for (let j = 0; j < placeOf.length; j++) {
    const at = placeOf[j] as number;
    if (at === -1 || !runs.has(at)) continue;
    floorS[j] = 1 / (work.mostPerS[at] as number);
    floorPromptS[j] = (work.floorPromptS[at] as number) / mostGpus;
  }
  const found = {
    work,
    group,
    prompts: work.rates.map((rates) => new Float64Array(rates.length)),
    floorS,
    floorPromptS,
  };
  replicas.groups[g] = found;
  return found;
}

/** Requests a second of a replica of an item of the pool; 0: none. */
export function replicaRate({ placeOf }: Replicas, { work, group, prompts }: OnGroup, cut: number, j: number): number {
  const at = placeOf[j] as number;
  if (at === -1) return 0;
  const rates = work.rates[cut] as Float64Array;
  if ((rates[at] as number) < 0) {
    rates[at] = rateAnew(work, at, cut, group);
    (prompts[cut] as Float64Array)[at] = work.seconds.prompt[at] as number;
  }
  return rates[at] as number;
}

/** Seconds of a request alone on a replica with a known rate. */
export const aloneSecondsOf = ({ placeOf }: Replicas, { work }: OnGroup, cut: number, j: number): number =>
  (work.alones[cut] as Float64Array)[placeOf[j] as number] as number;

/** All of a replica that runs. */
export function replicaAt(replicas: Replicas, on: OnGroup, cut: number, j: number): Replica {
  const rate = replicaRate(replicas, on, cut, j);
  const at = replicas.placeOf[j] as number;
  const of = (columns: readonly Float64Array[]): number => (columns[cut] as Float64Array)[at] as number;
  return { rate, promptS: of(on.prompts), aloneS: of(on.work.alones), firstTokenMs: of(on.work.firsts) };
}

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
