import { billApis } from '../core/api-months.js';
import { numberOf } from '../core/kinds.js';
import { apiStaff } from '../core/offers.js';
import { type Board, noMachine, type Part } from './board.js';
import { type PeopleColumns, type Staffed, sharedPeople } from './people.js';
import type { Task } from './tasks.js';

/** APIs for every set: the cheapest, and those of other providers that cost less than one provider more. */
export function apiParts({ tasks, workload, volumes, people, known: { terms } }: Board): Part[] {
  const { supply, list, sets } = tasks;
  const { apis, offers } = supply;
  const providers = offers.providers.length;
  const usd = list.map(() => new Float64Array(apis.count).fill(Number.NaN));
  const fixed = new Float64Array(apis.count);
  for (let t = 0; t < list.length; t++) {
    const { shape, taskPart } = list[t] as Task;
    const { bills } = shape;
    const billed = billApis(bills, taskPart, volumes[t] as number, workload);
    for (let at = 0; at < billed.length; at++) {
      const api = bills.api[at] as number;
      const termsUsd = terms === null ? 0 : ((terms.apis[t] as Float64Array)[api] as number);
      (usd[t] as Float64Array)[api] = (billed[at] as number) - (bills.fixed[at] as number) + termsUsd;
      fixed[api] = Math.max(fixed[api] as number, bills.fixed[at] as number);
    }
  }
  const least = new Float64Array(providers * sets).fill(Number.POSITIVE_INFINITY);
  const who = new Int32Array(providers * sets);
  const sums = new Float64Array(sets);
  const best = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  for (let api = 0; api < apis.count; api++) {
    const from = (apis.provider[api] as number) * sets;
    for (let set = 1; set < sets; set++) {
      const t = 31 - Math.clz32(set);
      const sum = (sums[set ^ (1 << t)] as number) + ((usd[t] as Float64Array)[api] as number);
      sums[set] = sum;
      const one = sum + (fixed[api] as number);
      if (!(one < (least[from + set] as number))) continue;
      least[from + set] = one;
      who[from + set] = api;
      if (one < (best[set] as number)) best[set] = one;
    }
  }
  const parts: Part[] = [];
  const margin = people.fteApi * people.usdPerFte;
  for (let provider = 0; provider < providers; provider++)
    for (let set = 1; set < sets; set++) {
      const one = least[provider * sets + set] as number;
      if (one === Number.POSITIVE_INFINITY || one > (best[set] as number) + margin) continue;
      const at = who[provider * sets + set] as number;
      const besideUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
      let termsUsd = besideUsd;
      if (terms !== null)
        for (const t of tasks.tasksIn[set] as Int32Array) termsUsd += (terms.apis[t] as Float64Array)[at] as number;
      parts.push({
        ...noMachine,
        set,
        usd: one + besideUsd,
        termsUsd,
        cashUsd: one + besideUsd - termsUsd,
        kind: apis.kind[at] as number,
        at,
        staff: apiStaff,
        provider,
      });
    }
  return parts;
}

/** The best model on devices for every set that one serves all of. */
export function deviceParts({ tasks, volumes, known: { terms } }: Board): Part[] {
  const { list, sets, tasksIn, supply } = tasks;
  const parts: Part[] = [];
  for (let set = 1; set < sets; set++) {
    let best: Part | null = null;
    const own = tasksIn[set] as Int32Array;
    for (const { item, usd, option } of (list[own[0] as number] as Task).shape.devices) {
      let termsUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
      let serves = true;
      for (const t of own) {
        const fit = (list[t] as Task).shape.devices.find((one) => one.item === item);
        if (fit === undefined || (volumes[t] as number) > fit.mostPerDay) serves = false;
        else if (terms !== null)
          termsUsd += ((terms.items[t] as Float64Array)[item] as number) + (terms.waits[t]?.(fit.firstTokenMs) ?? 0);
      }
      if (!serves || usd + termsUsd >= (best?.usd ?? Number.POSITIVE_INFINITY)) continue;
      best = {
        ...noMachine,
        set,
        usd: usd + termsUsd,
        termsUsd,
        kind: numberOf('edge'),
        at: item,
        staff: supply.offers.deviceStaff,
        provider: -1,
        option,
      };
    }
    if (best !== null) parts.push(best);
  }
  return parts;
}

/** USD a month of what people ask for one deployment beside its own machines. */
export const aloneUsd = (people: PeopleColumns, part: Staffed): number => sharedPeople(people, [part]).usd;

/** What a way to ask for people takes at the least. */
export const leastStaffed = (staff: number, machines = 0): Staffed => ({
  ...{ staff, machines, provider: -1, model: -1, onCall: 0, requestsPerDay: 0 },
});

/** People that any deployment may add to a plan of so many deployments, USD a month, beside what the part alone asks for. */
export function marginUsd(people: PeopleColumns, part: Part, most: number): number {
  if (people.desk[part.staff] === 1) return Number.POSITIVE_INFINITY;
  const isFleet = (people.share[part.staff] as number) > 0 || people.site[part.staff] !== -1;
  const fte =
    (isFleet ? people.fteBase + people.fteOnCall + most * people.ftePerFleet : 0) + people.ftePerModel + people.fteApi;
  const doublings = Math.log2(1 + part.machines / people.doublingFrom);
  return aloneUsd(people, part) + fte * people.usdPerFte + doublings * people.weeksPerDoubling * people.usdPerWeek;
}
