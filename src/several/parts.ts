import { kindOf, numberOf } from '../core/apis.js';
import { ownModelAt } from '../core/catalog.js';
import { secondKinds } from '../core/supply.js';
import { optionOf } from '../places/fleet-option.js';
import type { Option, UnitType } from '../places/option.js';
import { placementOf } from '../places/registry.js';
import type { TaskPart } from '../workload/workload.js';
import { type Part, partOf, type SecondChoice, staffedApi } from './apis.js';
import type { Board } from './board.js';
import { type PeopleColumns, type Staffed, sharedPeople } from './people.js';
import { lastIn, type Task } from './tasks.js';

/** Where requests are answered. */
export type Where = Pick<Part, 'kind' | 'unit' | 'offer' | 'at' | 'cards' | 'option'>;

/** The option of a part, as reports know it. */
export function optionOfPart({ tasks: { supply } }: Board, { kind, unit, offer, at, cards, option }: Where): Option {
  const { catalog, apis, offers } = supply;
  const { units, source } = offers;
  if (option !== null) return option;
  if (unit === -1) return apis.option[at] as Option;
  return optionOf(
    kindOf[kind] as (typeof kindOf)[number],
    ownModelAt(catalog, at),
    units.type[unit] as UnitType,
    source[offer] as (typeof source)[number],
    cards,
    units.copies[unit] as number,
  );
}

/** The first token of a task (p95, ms) under load; NaN: it has no price there. */
export function firstTokenOn(board: Board, where: Where, t: number): number {
  const alone = (board.tasks.list[t] as Task).shape.context;
  const taskPart = board.workload.taskParts[t] as TaskPart;
  const kind = kindOf[where.kind] as (typeof kindOf)[number];
  const here = { ...alone, workload: { ...alone.workload, requestsPerDay: taskPart.requestsPerDay } };
  const seen = placementOf(kind).service(optionOfPart(board, where), taskPart, here);
  return 'unpriced' in seen ? Number.NaN : (seen.ttftP95Ms ?? Number.NaN);
}

/**
 * Parts below a limit by set, kept for lower limits.
 *
 * @param make types of units are those to make; null: all
 * @param isOne whether a set has one part at most, whatever the limit
 */
export function lazyParts(
  sets: number,
  make: (below: Most, types: ReadonlySet<number> | null) => readonly Part[],
  isOne: (set: number) => boolean = () => false,
) {
  const below: Most = { alone: new Float64Array(sets), withPeople: new Float64Array(sets) };
  let parts: Part[] = [];
  return {
    parts: (): readonly Part[] => parts,
    /** Makes what is below higher limits; whether there was any. */
    widen({ alone, withPeople }: Most): boolean {
      const isHigher = Uint8Array.from(alone, (usd, set) =>
        usd > (below.alone[set] as number) || (withPeople[set] as number) > (below.withPeople[set] as number) ? 1 : 0,
      );
      for (const { set } of parts) if (isOne(set)) isHigher[set] = 0;
      if (!isHigher.includes(1)) return false;
      const most = (limits: Float64Array, before: Float64Array): Float64Array =>
        limits.map((usd, set) => Math.max(usd, before[set] as number));
      const now: Most = { alone: most(alone, below.alone), withPeople: most(withPeople, below.withPeople) };
      const ofThese = (limits: Float64Array): Float64Array => limits.map((usd, set) => (isHigher[set] === 1 ? usd : 0));
      const made = make({ alone: ofThese(now.alone), withPeople: ofThese(now.withPeople) }, null);
      parts = [...parts.filter(({ set }) => isHigher[set] === 0), ...made];
      Object.assign(below, now);
      return made.length > 0;
    },
    /** Makes those on some types of units anew. */
    renew(types: ReadonlySet<number>, typeOf: Int32Array): void {
      if (types.size === 0) return;
      parts = [...parts.filter(({ unit }) => !types.has(typeOf[unit] as number)), ...make(below, types)];
    },
    /** Marks all parts of the sets of some parts, to be made anew on demand. */
    forget(changed: readonly Part[]): void {
      for (const { set } of changed) {
        below.alone[set] = 0;
        below.withPeople[set] = 0;
      }
      parts = parts.filter(({ set }) => below.alone[set] !== 0);
    },
  };
}

/** An API for a set, with or without a fallback: USD a month with its terms, and the bill of the busiest month. */
type Candidate = { set: number; type: number; api: number; usd: number; peakUsd: number; choice: SecondChoice | null };

/**
 * APIs for every set, with or without a fallback: of every provider the cheapest, and under a budget those billed less.
 * Without rules on whole plans, those that cost less than the best and one provider more.
 */
export function apiParts(
  { tasks, workload, people, apis: of, behind, known: { terms } }: Board,
  ruled: boolean,
): Part[] {
  const { supply, list, bundles, sets, tasksIn } = tasks;
  const { apis, offers } = supply;
  const providers = offers.providers.length;
  const { linear, once, serves, alone, asking } = of;
  const budgeted = ruled && workload.rules.budgetMonthlyUsd !== null;
  /** By providers, types and set. */
  const found = new Map<number, Candidate[]>();
  /** Types of an API alone, and with a fallback of either type. */
  const types = 2 * 3;
  const best = new Float64Array(types * sets).fill(Number.POSITIVE_INFINITY);
  const typeOf = (kind: number, second: number): number =>
    3 * secondKinds.indexOf(kind) + secondKinds.indexOf(second) + 1;
  const [sums, onceUsd, termsUsd] = [new Float64Array(sets), new Float64Array(sets), new Float64Array(sets)];
  const peaks = new Float64Array(sets);
  for (let api = 0; api < apis.count; api++) {
    const kind = apis.kind[api] as number;
    const single = typeOf(kind, -1);
    const may = serves[api] as number;
    for (let set = may & -may; set !== 0; set = (set - may) & may) {
      const last = lastIn(set);
      const before = set ^ (1 << last);
      let sum = sums[before] as number;
      let most = onceUsd[before] as number;
      let counted = termsUsd[before] as number;
      let peakUsd = peaks[before] as number;
      for (const t of bundles[last] as readonly number[]) {
        sum += (linear[t] as Float64Array)[api] as number;
        // One model is tuned for all tasks with tuning.
        most = Math.max(most, (once[t] as Float64Array)[api] as number);
        if (terms !== null) counted += (terms.apis[t] as Float64Array)[api] as number;
        if (budgeted) peakUsd += of.atPeak(t, api);
      }
      sums[set] = sum;
      onceUsd[set] = most;
      termsUsd[set] = counted;
      peaks[set] = peakUsd;
      if ((set & ~(alone[api] as number)) === 0) {
        add(set, single, api, sum + most + counted, null);
        continue;
      }
      if ((set & asking) === 0) continue;
      const available = availableAt(tasksIn[set] as readonly number[], api);
      for (const choice of behind(set, apis.provider[api] as number, available))
        add(set, typeOf(kind, choice.second.kind), api, sum + most + available * counted + choice.usd, choice);
    }
  }
  const margin = ruled ? Number.POSITIVE_INFINITY : 2 * people.fteApi * people.usdPerFte;
  return [...found.values()]
    .flat()
    .flatMap(({ set, type, api, usd, peakUsd, choice }) =>
      usd <= (best[type * sets + set] as number) + margin ? partAt(set, api, usd, peakUsd, choice) : [],
    );

  function add(set: number, type: number, api: number, usd: number, choice: SecondChoice | null): void {
    if (!(usd < Number.POSITIVE_INFINITY)) return;
    best[type * sets + set] = Math.min(best[type * sets + set] as number, usd);
    const second = choice === null ? providers : choice.second.provider;
    const key = (((apis.provider[api] as number) * (providers + 1) + second) * types + type) * sets + set;
    const known = found.get(key);
    const peakUsd = peaks[set] as number;
    if (known === undefined) found.set(key, [{ set, type, api, usd, peakUsd, choice }]);
    else if (!known.some((one) => one.usd <= usd && one.peakUsd <= peakUsd)) {
      const others = known.filter((one) => one.usd < usd || one.peakUsd < peakUsd);
      found.set(key, [...others, { set, type, api, usd, peakUsd, choice }]);
    }
  }

  function availableAt(own: readonly number[], api: number): number {
    for (const t of own) {
      const { availability } = (list[t] as Task).shape.admitted;
      if (availability !== null) return availability.apis[api] as number;
    }
    return 1;
  }

  function partAt(set: number, api: number, usd: number, peakUsd: number, choice: SecondChoice | null): Part {
    const besideUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
    let own = 0;
    if (terms !== null)
      for (const t of tasksIn[set] as readonly number[]) own += (terms.apis[t] as Float64Array)[api] as number;
    const allUsd = besideUsd + own * (1 - (choice?.second.share ?? 0)) + (choice?.termsUsd ?? 0);
    return partOf({
      ...staffedApi(apis.provider[api] as number),
      set,
      usd: usd + besideUsd,
      termsUsd: allUsd,
      cashUsd: peakUsd,
      kind: apis.kind[api] as number,
      at: api,
      second: choice?.second ?? null,
    });
  }
}

/** The best model on devices for every set that one serves all of. */
export function deviceParts({ tasks, volumes, perMonth, known: { terms } }: Board): Part[] {
  const { list, sets, tasksIn, supply } = tasks;
  const parts: Part[] = [];
  for (let set = 1; set < sets; set++) {
    let best: Part | null = null;
    const own = tasksIn[set] as readonly number[];
    const toolsUsd = own.reduce((sum, t) => sum + (perMonth[t] as number) * (list[t] as Task).shape.toolsUsd, 0);
    for (const { item, usd: devicesUsd, option } of (list[own[0] as number] as Task).shape.devices) {
      let termsUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
      const usd = devicesUsd + toolsUsd;
      let serves = true;
      for (const t of own) {
        const fit = (list[t] as Task).shape.devices.find((one) => one.option.id === option.id);
        if (fit === undefined || (volumes[t] as number) > fit.mostPerDay) serves = false;
        else if (terms !== null)
          termsUsd += ((terms.items[t] as Float64Array)[item] as number) + (terms.waits[t]?.(fit.firstTokenMs) ?? 0);
      }
      if (!serves || usd + termsUsd >= (best?.usd ?? Number.POSITIVE_INFINITY)) continue;
      best = partOf({
        set,
        usd: usd + termsUsd,
        termsUsd,
        kind: numberOf('edge'),
        at: item,
        staff: supply.offers.deviceStaff,
        provider: -1,
        option,
      });
    }
    if (best !== null) parts.push(best);
  }
  return parts;
}

/** USD a month of people for one deployment, without its own machines. */
const aloneUsd = (people: PeopleColumns, part: Staffed): number => sharedPeople(people, [part]).usd;

/** Most that a set may cost, USD a month: a part without people, and one with the fewest people it needs. */
export type Most = { alone: Float64Array; withPeople: Float64Array };

/** Most USD a month of people that a deployment may add to a plan of so many, beyond those of the part alone. */
export function marginUsd(people: PeopleColumns, part: Part, most: number): number {
  if (people.desk[part.staff] === 1) return Number.POSITIVE_INFINITY;
  const isFleet = (people.share[part.staff] as number) > 0 || people.site[part.staff] !== -1;
  const fte =
    (isFleet ? people.fteBase + people.fteOnCall + most * people.ftePerFleet : 0) +
    people.ftePerModel +
    (part.second === null ? 1 : 2) * people.fteApi;
  return aloneUsd(people, part) + fte * people.usdPerFte + doublingsUsd(people, part.machines);
}

/** The same in place of a deployment with people of the same kind: that of more machines than its fewest. */
export function marginAlikeUsd(people: PeopleColumns, { staff, machines }: Part, fewest: number): number {
  const site = people.site[staff] as number;
  const growth = site === -1 ? 1 : (people.siteGrowth[site] as number);
  // Beyond other machines these would take ever more people.
  if (growth > 1 || people.growth > 1) return Number.POSITIVE_INFINITY;
  const sites = people.sites[staff] as number;
  const grown = (count: number): number => {
    const atSites = site === -1 ? 0 : sites * (people.siteFte[site] as number) * count ** growth;
    return atSites + (people.desk[staff] === 1 ? people.slope * (count * sites) ** people.growth : 0);
  };
  const fte = Math.max(0, grown(machines) - grown(fewest));
  return fte * people.usdPerFte + doublingsUsd(people, Math.max(0, machines - fewest) * sites, fewest * sites);
}

/** Most USD that setting up machines adds, given a least number of others. */
const doublingsUsd = (
  { doublingFrom, weeksPerDoubling, usdPerWeek }: PeopleColumns,
  more: number,
  others = 0,
): number => Math.log2(1 + more / Math.max(doublingFrom, others)) * weeksPerDoubling * usdPerWeek;
