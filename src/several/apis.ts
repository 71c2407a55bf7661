import { billApis, billByMonth } from '../core/api-months.js';
import type { Availability } from '../core/failover.js';
import { isEnough, secondKinds } from '../core/failover.js';
import { apiStaff } from '../core/offers.js';
import { memoized } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';
import type { Staffed } from './people.js';
import type { Task, Tasks } from './tasks.js';
import type { Terms } from './terms.js';

/** Bills of APIs, USD a month: index = API. */
export type ApiUsd = {
  /** By task what its requests cost; NaN: it may not serve them, with a second place beside it or alone. */
  linear: readonly Float64Array[];
  /** By task what is paid whatever it asks; one model is tuned for all tasks that ask for it. */
  once: readonly Float64Array[];
  /** Tasks that each may serve alone. */
  alone: Int32Array;
  /** Tasks that ask for availability. */
  asking: number;
  /** What an API charges for the requests of a task in every month alone; null: they cost the same in all. */
  byMonth(t: number, api: number): Float64Array | null;
};

export function apiUsd({ list, supply }: Tasks, volumes: Float64Array, workload: Workload): ApiUsd {
  const { apis } = supply;
  const linear = list.map(() => new Float64Array(apis.count).fill(Number.NaN));
  const once = list.map(() => new Float64Array(apis.count));
  const alone = new Int32Array(apis.count);
  let asking = 0;
  for (const [t, { shape, taskPart }] of list.entries()) {
    const { bills, admitted } = shape;
    const billed = billApis(bills, taskPart, volumes[t] as number, workload);
    if (admitted.availability !== null) asking |= 1 << t;
    for (let at = 0; at < billed.length; at++) {
      const api = bills.api[at] as number;
      (linear[t] as Float64Array)[api] = (billed[at] as number) - (bills.fixed[at] as number);
      (once[t] as Float64Array)[api] = bills.fixed[at] as number;
      if (admitted.verdicts.apis[api] === 0) alone[api] = (alone[api] as number) | (1 << t);
    }
  }
  const byMonth = memoized((key: number): Float64Array | null => {
    const [t, api] = [key % list.length, Math.floor(key / list.length)];
    const { shape, taskPart } = list[t] as Task;
    return billByMonth(shape.bills, shape.bills.api.indexOf(api), taskPart, volumes[t] as number, workload);
  });
  return { linear, once, alone, asking, byMonth: (t, api) => byMonth(api * list.length + t) };
}

/** The API that stands beside a place for the same requests, with its share of them. */
export type Second = Staffed & { role: 'overflow' | 'failover'; api: number; kind: number; share: number };

/** What a second place adds to a first one: USD a month, its terms in them. */
export type SecondChoice = { second: Second; usd: number; termsUsd: number };

/** The best API of every type that stands in for a place which answers a share of the time. */
export type SecondsBehind = (set: number, provider: number, available: number) => readonly SecondChoice[];

/**
 * Tells second places for while a first one is down, once for each set, provider and share: an API of another provider that answers
 * enough together with it, billed for the time that the first one is down.
 */
export function secondsBehind(tasks: Tasks, { linear, once }: ApiUsd, terms: Terms | null): SecondsBehind {
  const { list, supply, tasksIn } = tasks;
  const { apis } = supply;
  const known = new Map<string, readonly SecondChoice[]>();
  return (set, provider, available) => {
    const key = [set, provider, available].join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = secondKinds.flatMap((kind) => best(tasksIn[set] as Int32Array, kind, provider, available) ?? []);
    known.set(key, found);
    return found;
  };

  function best(own: Int32Array, kind: number, provider: number, available: number): SecondChoice | null {
    const share = 1 - available;
    let found = -1;
    let [least, besideUsd] = [Number.POSITIVE_INFINITY, 0];
    for (let api = 0; api < apis.count; api++) {
      if (apis.kind[api] !== kind || apis.provider[api] === provider) continue;
      let [usd, onceUsd, termsUsd] = [0, 0, terms?.placeUsd ?? 0];
      for (let i = 0; i < own.length && !Number.isNaN(usd); i++) {
        const t = own[i] as number;
        const { availability } = (list[t] as Task).shape.admitted;
        if (availability !== null && !isEnoughAt(availability, available, api)) usd = Number.NaN;
        usd += share * ((linear[t] as Float64Array)[api] as number);
        onceUsd = Math.max(onceUsd, (once[t] as Float64Array)[api] as number);
        if (terms !== null) termsUsd += share * ((terms.apis[t] as Float64Array)[api] as number);
      }
      if (!(usd + onceUsd + termsUsd < least)) continue;
      [found, least, besideUsd] = [api, usd + onceUsd + termsUsd, termsUsd];
    }
    if (found === -1) return null;
    const second: Second = { role: 'failover', api: found, kind, share, ...staffedApi(apis.provider[found] as number) };
    return { second, usd: least, termsUsd: besideUsd };
  }
}

const isEnoughAt = (availability: Availability, available: number, api: number): boolean =>
  isEnough(availability, available, availability.apis[api] as number);

/** An API as people see it. */
export const staffedApi = (provider: number) => ({
  ...{ staff: apiStaff, provider, machines: 0, model: -1, onCall: 0, requestsPerDay: 0 },
});

/** By set, the API of a type that takes what exceeds machines: the one that costs least with what it counts (-1: none), and that cost. */
export type Above = { kind: number; api: Int32Array; usd: Float64Array };

export function apisAbove({ sets, supply }: Tasks, { linear, once, alone }: ApiUsd, terms: Terms | null): Above[] {
  const { apis } = supply;
  return secondKinds.map((kind) => {
    const api = new Int32Array(sets).fill(-1);
    const least = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
    const [sums, onceUsd] = [new Float64Array(sets), new Float64Array(sets)];
    for (let one = 0; one < apis.count; one++) {
      if (apis.kind[one] !== kind) continue;
      for (let set = 1; set < sets; set++) {
        const t = 31 - Math.clz32(set);
        const before = set ^ (1 << t);
        const termsUsd = terms === null ? 0 : ((terms.apis[t] as Float64Array)[one] as number);
        sums[set] = (sums[before] as number) + ((linear[t] as Float64Array)[one] as number) + termsUsd;
        onceUsd[set] = Math.max(onceUsd[before] as number, (once[t] as Float64Array)[one] as number);
        const usd = (sums[set] as number) + (onceUsd[set] as number);
        if ((set & ~(alone[one] as number)) !== 0 || !(usd < (least[set] as number))) continue;
        [least[set], api[set]] = [usd, one];
      }
    }
    return { kind, api, usd: least };
  });
}
