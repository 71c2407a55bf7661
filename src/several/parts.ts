import { secondKinds } from '../core/failover.js';
import { numberOf } from '../core/kinds.js';
import { type SecondChoice, staffedApi } from './apis.js';
import { type Board, noMachine, type Part } from './board.js';
import { type PeopleColumns, type Staffed, sharedPeople } from './people.js';
import type { Task } from './tasks.js';

/**
 * APIs for every set: the cheapest, alone or with a second one for while it is down, and those of other providers that cost less than
 * one provider more.
 */
export function apiParts({ tasks, people, apis: of, behind, known: { terms } }: Board): Part[] {
  const { supply, list, sets, tasksIn } = tasks;
  const { apis, offers } = supply;
  const providers = offers.providers.length;
  const { linear, once, alone, asking } = of;
  /** Of every provider the types of its APIs, alone and with a second place of either type. */
  const types = 2 * 3;
  const columns = providers * types * sets;
  const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const who = new Int32Array(columns);
  const seconds = new Map<number, SecondChoice>();
  const [sums, onceUsd, termsUsd] = [new Float64Array(sets), new Float64Array(sets), new Float64Array(sets)];
  const best = new Float64Array(types * sets).fill(Number.POSITIVE_INFINITY);
  const typeOf = (kind: number, second: number): number =>
    3 * secondKinds.indexOf(kind) + secondKinds.indexOf(second) + 1;
  for (let api = 0; api < apis.count; api++) {
    const provider = apis.provider[api] as number;
    const kind = apis.kind[api] as number;
    const single = typeOf(kind, -1);
    for (let set = 1; set < sets; set++) {
      const t = 31 - Math.clz32(set);
      const before = set ^ (1 << t);
      sums[set] = (sums[before] as number) + ((linear[t] as Float64Array)[api] as number);
      // One model is tuned for all tasks that ask for it.
      onceUsd[set] = Math.max(onceUsd[before] as number, (once[t] as Float64Array)[api] as number);
      if (terms !== null)
        termsUsd[set] = (termsUsd[before] as number) + ((terms.apis[t] as Float64Array)[api] as number);
      const one = (sums[set] as number) + (onceUsd[set] as number);
      if ((set & ~(alone[api] as number)) === 0) {
        take(provider, single, set, api, one + (termsUsd[set] as number), null);
        continue;
      }
      if ((set & asking) === 0 || Number.isNaN(one)) continue;
      const available = availableAt(tasksIn[set] as Int32Array, api);
      for (const choice of behind(set, apis.provider[api] as number, available)) {
        const counted = one + available * (termsUsd[set] as number) + choice.usd;
        take(provider, typeOf(kind, choice.second.kind), set, api, counted, choice);
      }
    }
  }
  const parts: Part[] = [];
  const margin = 2 * people.fteApi * people.usdPerFte;
  for (let at = 0; at < columns; at++) {
    const set = at % sets;
    const usd = least[at] as number;
    const type = Math.floor(at / sets) % types;
    if (usd === Number.POSITIVE_INFINITY || usd > (best[type * sets + set] as number) + margin) continue;
    parts.push(partAt(set, who[at] as number, usd, seconds.get(at) ?? null));
  }
  return parts;

  function take(
    provider: number,
    type: number,
    set: number,
    api: number,
    usd: number,
    choice: SecondChoice | null,
  ): void {
    const at = (provider * types + type) * sets + set;
    if (!(usd < (least[at] as number))) return;
    least[at] = usd;
    who[at] = api;
    if (choice === null) seconds.delete(at);
    else seconds.set(at, choice);
    best[type * sets + set] = Math.min(best[type * sets + set] as number, usd);
  }

  function availableAt(own: Int32Array, api: number): number {
    for (const t of own) {
      const { availability } = (list[t] as Task).shape.admitted;
      if (availability !== null) return availability.apis[api] as number;
    }
    return 1;
  }

  function partAt(set: number, api: number, usd: number, choice: SecondChoice | null): Part {
    const besideUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
    let own = 0;
    if (terms !== null)
      for (const t of tasksIn[set] as Int32Array) own += (terms.apis[t] as Float64Array)[api] as number;
    const allUsd = besideUsd + own * (1 - (choice?.second.share ?? 0)) + (choice?.termsUsd ?? 0);
    return {
      ...noMachine,
      ...staffedApi(apis.provider[api] as number),
      set,
      usd: usd + besideUsd,
      termsUsd: allUsd,
      cashUsd: usd + besideUsd - allUsd,
      kind: apis.kind[api] as number,
      at: api,
      second: choice?.second ?? null,
    };
  }
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
        const fit = (list[t] as Task).shape.devices.find((one) => one.option.id === option.id);
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
