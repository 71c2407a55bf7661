import { apiStaff } from '../core/offers.js';
import { billApis, billByMonth } from '../core/people.js';
import { type Availability, isEnough, secondKinds } from '../core/supply.js';
import { meanGrowthOf } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import { numbers } from '../units/columns.js';
import { memoized } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';
import type { Staffed } from './people.js';
import { bitsWhere, lastIn, type Task, type Tasks } from './tasks.js';
import type { Terms } from './terms.js';

/** A set of tasks on one deployment. `usd` a month: bill, people for its own machines, and `termsUsd`. */
export type Part = Staffed & {
  set: number;
  second: Second | null;
  usd: number;
  termsUsd: number;
  /** Of that what its own models count. */
  modelsUsd: number;
  /** Number of its deployment type. */
  kind: number;
  /** Unit and offer (-1: no machines), item or API, cards of a replica. */
  unit: number;
  offer: number;
  at: number;
  cards: number;
  /** Accelerator of which it uses what is owned; -1: none. */
  owned: number;
  upfrontUsd: number;
  /** USD that a month is billed at the least. */
  cashUsd: number;
  fte: number;
  /** Of devices. */
  option: Option | null;
};

type Given = Pick<Part, 'set' | 'usd' | 'kind' | 'at' | 'staff' | 'provider'> & Partial<Part>;

/** A part, with defaults for what only machines have. One layout of fields for all, as mixed ones are slow to read. */
export const partOf = (given: Given): Part => ({
  set: given.set,
  usd: given.usd,
  termsUsd: given.termsUsd ?? 0,
  modelsUsd: given.modelsUsd ?? 0,
  cashUsd: given.cashUsd ?? 0,
  upfrontUsd: given.upfrontUsd ?? 0,
  kind: given.kind,
  unit: given.unit ?? -1,
  offer: given.offer ?? -1,
  at: given.at,
  cards: given.cards ?? 0,
  owned: given.owned ?? -1,
  fte: given.fte ?? 0,
  staff: given.staff,
  machines: given.machines ?? 0,
  provider: given.provider,
  model: given.model ?? -1,
  onCall: given.onCall ?? 0,
  requestsPerDay: given.requestsPerDay ?? 0,
  option: given.option ?? null,
  second: given.second ?? null,
});

/** A part with a second place: its own models' terms are weighted by its share of requests. */
export function withSecond(part: Part, { second, usd, termsUsd }: SecondChoice): Part {
  const away = second.share * part.modelsUsd;
  return partOf({
    ...part,
    second,
    usd: part.usd - away + usd,
    termsUsd: part.termsUsd - away + termsUsd,
    cashUsd: part.cashUsd + usd - termsUsd,
  });
}

/** Whether a part costs no more, in all that rules may limit. */
export const isNoDearer = (a: Part, b: Part): boolean =>
  (a.second === null || a.second.provider === b.second?.provider) &&
  a.usd <= b.usd &&
  a.machines <= b.machines &&
  a.upfrontUsd <= b.upfrontUsd &&
  a.cashUsd <= b.cashUsd;

/** Bills of APIs, USD a month: index = API. */
export type ApiUsd = {
  /** Cost of requests by task; NaN: it may not serve them, alone or with a fallback. */
  linear: readonly Float64Array[];
  /** By task what is paid at any volume; one model is tuned for all tasks with tuning. */
  once: readonly Float64Array[];
  /** Sets of tasks that each may serve, with or without a fallback, and without. */
  serves: Int32Array;
  alone: Int32Array;
  /** The set of tasks with a target on availability. */
  asking: number;
  /** What an API charges for a task in every month; null: the same in all. */
  byMonth(t: number, api: number): Float64Array | null;
  /** The same in the busiest month, without one-time costs; where prices fall, in the mean month. */
  atPeak(t: number, api: number): number;
};

/** The busiest month (0 = first) and its volume over the mean; null: prices fall, so it need not be the dearest. */
function busiestIn({ growth, months, assume }: Workload): { month: number; times: number } | null {
  if (assume('priceDeclinePerYear') !== 0) return null;
  const last = Math.min(months, growth.length) - 1;
  const month = (growth[last] as number) > (growth[0] as number) ? last : 0;
  return { month, times: (growth[month] as number) / meanGrowthOf({ growth }) };
}

export function apiUsd({ list, bundles, supply }: Tasks, volumes: Float64Array, workload: Workload): ApiUsd {
  const { apis } = supply;
  const linear = list.map(() => new Float64Array(apis.count).fill(Number.NaN));
  const once = list.map(() => new Float64Array(apis.count));
  for (const [t, { shape, taskPart }] of list.entries()) {
    const { bills } = shape;
    const billed = billApis(bills, taskPart, volumes[t] as number, workload);
    for (let at = 0; at < billed.length; at++) {
      const api = bills.api[at] as number;
      // Throughput that tasks share is priced by set.
      if (apis.byTokens[api] !== -1) continue;
      (linear[t] as Float64Array)[api] = (billed[at] as number) - (bills.fixed[at] as number);
      (once[t] as Float64Array)[api] = bills.fixed[at] as number;
    }
  }
  const serves = numbers(apis.count, (api) =>
    bitsWhere(bundles, (t) => !Number.isNaN((linear[t] as Float64Array)[api])),
  );
  const alone = serves.map(
    (set, api) => set & bitsWhere(bundles, (t) => (list[t] as Task).shape.admitted.verdicts.apis[api] === 0),
  );
  const asks = (t: number): boolean => (list[t] as Task).shape.admitted.availability !== null;
  const asking = (2 ** bundles.length - 1) & ~bitsWhere(bundles, (t) => !asks(t));
  const byMonth = memoized((key: number): Float64Array | null => {
    const [t, api] = [key % list.length, Math.floor(key / list.length)];
    const { shape, taskPart } = list[t] as Task;
    return billByMonth(shape.bills, shape.bills.api.indexOf(api), taskPart, volumes[t] as number, workload);
  });
  // Months differ only for a budget.
  const busiest = workload.rules.budgetMonthlyUsd === null ? null : busiestIn(workload);
  const ofMonths = (t: number, api: number): Float64Array | null => byMonth(api * list.length + t);
  const atPeak = (t: number, api: number): number => {
    const mean = (linear[t] as Float64Array)[api] as number;
    return busiest === null ? mean : (ofMonths(t, api)?.[busiest.month] ?? mean * busiest.times);
  };
  return { linear, once, serves, alone, asking, byMonth: ofMonths, atPeak };
}

/** What an API charges for tasks in every month, less `besideUsd` a month; null: a request costs the same in all. */
export function billsByMonth(
  { byMonth, linear }: ApiUsd,
  own: readonly number[],
  api: number,
  besideUsd: number,
  { growth }: Workload,
): number[] | null {
  const mean = meanGrowthOf({ growth });
  const bills = own.map((t) => byMonth(t, api));
  if (bills.every((bill) => bill === null)) return null;
  return Array.from(growth, (factor, month) =>
    bills.reduce(
      (sum, bill, at) => {
        const meanUsd = (linear[own[at] as number] as Float64Array)[api] as number;
        return sum + (bill?.[month] ?? (meanUsd * factor) / mean);
      },
      (-besideUsd * factor) / mean,
    ),
  );
}

/** The second API for the same requests, with its share of them. */
export type Second = Staffed & { role: 'overflow' | 'failover'; api: number; kind: number; share: number };

/** The addition of a second place: USD a month, with its terms. */
export type SecondChoice = { second: Second; usd: number; termsUsd: number };

/** APIs that may be the fallback of a place: the best of every type, and of every provider that costs little more. */
export type SecondsBehind = (set: number, provider: number, available: number) => readonly SecondChoice[];

/**
 * Fallbacks for a place that is down at times, cached by set, provider and availability: APIs of another provider that
 * reach the required availability with it, billed for that time.
 *
 * @param providerUsd USD a month of people for one more provider: the most a plan saves with one it has anyway
 */
export function secondsBehind(
  tasks: Tasks,
  { linear, once }: ApiUsd,
  terms: Terms | null,
  providerUsd: number,
): SecondsBehind {
  const { list, supply, tasksIn } = tasks;
  const { apis } = supply;
  const known = new Map<string, readonly SecondChoice[]>();
  return (set, provider, available) => {
    const key = [set, provider, available].join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = secondKinds.flatMap((kind) => best(tasksIn[set] as readonly number[], kind, provider, available));
    known.set(key, found);
    return found;
  };

  function best(own: readonly number[], kind: number, first: number, available: number): SecondChoice[] {
    const ofProvider = new Map<number, SecondChoice>();
    let least = Number.POSITIVE_INFINITY;
    for (let api = 0; api < apis.count; api++) {
      const provider = apis.provider[api] as number;
      if (apis.kind[api] !== kind || provider === first) continue;
      const usdOf = costOf(own, api, available);
      const before = ofProvider.get(provider)?.usd ?? Number.POSITIVE_INFINITY;
      if (!(usdOf.usd < Math.min(before, least + providerUsd))) continue;
      least = Math.min(least, usdOf.usd);
      const second: Second = { role: 'failover', api, kind, share: 1 - available, ...staffedApi(provider) };
      ofProvider.set(provider, { second, ...usdOf });
    }
    return [...ofProvider.values()].filter(({ usd }) => usd < least + providerUsd || usd === least);
  }

  /** What an API adds for the share of time that the first place is down; NaN: it may not serve then. */
  function costOf(own: readonly number[], api: number, available: number): Pick<SecondChoice, 'usd' | 'termsUsd'> {
    const share = 1 - available;
    let [usd, onceUsd, termsUsd] = [0, 0, terms?.placeUsd ?? 0];
    for (const t of own) {
      const { availability } = (list[t] as Task).shape.admitted;
      const alone = (linear[t] as Float64Array)[api] as number;
      if (Number.isNaN(alone) || (availability !== null && !isEnoughAt(availability, available, api)))
        return { usd: Number.NaN, termsUsd };
      usd += share * alone;
      onceUsd = Math.max(onceUsd, (once[t] as Float64Array)[api] as number);
      if (terms !== null) termsUsd += share * ((terms.apis[t] as Float64Array)[api] as number);
    }
    return { usd: usd + onceUsd + termsUsd, termsUsd };
  }
}

const isEnoughAt = (availability: Availability, available: number, api: number): boolean =>
  isEnough(availability, available, availability.apis[api] as number);

/** An API as people see it. */
export const staffedApi = (provider: number) => ({
  ...{ staff: apiStaff, provider, machines: 0, model: -1, onCall: 0, requestsPerDay: 0 },
});

/** By set, the API of a type that takes what exceeds machines at the least cost (-1: none), and that cost. */
export type Above = { kind: number; api: Int32Array; usd: Float64Array };

export function apisAbove(
  { sets, bundles, supply }: Tasks,
  { linear, once, alone }: ApiUsd,
  terms: Terms | null,
): Above[] {
  const { apis } = supply;
  return secondKinds.map((kind) => {
    const api = new Int32Array(sets).fill(-1);
    const least = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
    const [sums, onceUsd] = [new Float64Array(sets), new Float64Array(sets)];
    for (let one = 0; one < apis.count; one++) {
      const may = alone[one] as number;
      if (apis.kind[one] !== kind) continue;
      for (let set = may & -may; set !== 0; set = (set - may) & may) {
        const last = lastIn(set);
        const before = set ^ (1 << last);
        let sum = sums[before] as number;
        let most = onceUsd[before] as number;
        for (const t of bundles[last] as readonly number[]) {
          sum += (linear[t] as Float64Array)[one] as number;
          if (terms !== null) sum += (terms.apis[t] as Float64Array)[one] as number;
          most = Math.max(most, (once[t] as Float64Array)[one] as number);
        }
        sums[set] = sum;
        onceUsd[set] = most;
        if (!(sum + most < (least[set] as number))) continue;
        least[set] = sum + most;
        api[set] = one;
      }
    }
    return { kind, api, usd: least };
  });
}
