import type { Part } from './apis.js';
import { type Board, frontOf, leastOn, partsOn } from './board.js';
import type { Budget, Taken } from './combine.js';
import { marginAlikeUsd, marginUsd } from './parts.js';

/** Units that are made exact before what the others cost at the least is enough. */
const mostTried = 2;

/** Cost of a set on the cheapest unit, if below a limit: units are made exact from the lowest bound up. */
export function leastOnUnits(board: Board, set: number, belowUsd: number): number {
  const { tasks, made } = board;
  let least = belowUsd;
  for (let tried = 0; ; tried++) {
    let [first, unit] = [least, -1];
    for (const one of tasks.fleetUnits) {
      if (made[set]?.has(one)) continue;
      const usd = leastOn(board, one, set, first);
      if (usd < first) [first, unit] = [usd, one];
    }
    if (unit === -1 || tried === mostTried) return first;
    for (const { usd } of partsOn(board, unit, set)) if (usd < least) least = usd;
  }
}

/** Whether a part may replace any other in any plan: owned machines are there once, deployments may run out. */
const canReplaceAny = ({ tasks }: Board, { owned, second }: Part, most: number): boolean =>
  owned === -1 && (second === null || most >= 2 * tasks.bundles.length);

/**
 * Most that a set may cost on any part, and on one with a kind of staff and no machine or at least one: see `alikeAt`.
 */
type Bars = { any: Float64Array; alike: Float64Array };

export const noBars = ({ tasks: { sets, supply } }: Board): Bars => ({
  any: new Float64Array(sets).fill(Number.POSITIVE_INFINITY),
  alike: new Float64Array(supply.offers.staffs.length * 2 * sets).fill(Number.POSITIVE_INFINITY),
});

const alikeAt = ({ tasks: { sets } }: Board, staff: number, fewest: number, set: number): number =>
  (staff * 2 + fewest) * sets + set;

/** A part may replace others of its set that cost at least as much as it with all that it may add to people. */
function lowerBars(board: Board, { any, alike }: Bars, part: Part, most: number): void {
  const { people } = board;
  const { set, staff, usd } = part;
  any[set] = Math.min(any[set] as number, usd + marginUsd(people, part, most));
  if (part.second !== null) return;
  for (const fewest of [0, 1]) {
    const at = alikeAt(board, staff, fewest, set);
    alike[at] = Math.min(alike[at] as number, usd + marginAlikeUsd(people, part, fewest));
  }
}

/** What others of their set may cost at the most for parts that were made. */
export function barsOf(board: Board, listed: readonly Part[], most: number, taken: Taken): Bars {
  const bars = noBars(board);
  const lower = (part: Part): void => {
    if (taken.part(part) && canReplaceAny(board, part, most)) lowerBars(board, bars, part, most);
  };
  for (const part of listed) lower(part);
  for (let set = 1; set < board.tasks.sets; set++) for (const part of frontOf(board, set)) lower(part);
  return bars;
}

/** People for every set at the least, USD a month, on so many machines under some offers. */
export function leastPeopleUnder(board: Board, machines: number, isMeant: (offer: number) => boolean): Float64Array {
  const { offers } = board.tasks.supply;
  const staffs = new Set<number>();
  for (const offer of board.tasks.live) if (isMeant(offer)) staffs.add(offers.staff[offer] as number);
  const { leastPeople: peopleUsd } = board;
  return Float64Array.from({ length: board.tasks.sets }, (_, set) =>
    staffs.size === 0 ? 0 : Math.min(...[...staffs].map((staff) => peopleUsd(staff, machines, set))),
  );
}

/** Makes the unit of the lowest bound for every set and kind of staff: a first plan limits the others. */
export function seed(board: Board): void {
  const { tasks, leastUsd } = board;
  const { supply, sets, firstLive, live } = tasks;
  const { offers } = supply;
  const first = new Map<number, number>();
  for (const unit of tasks.fleetUnits) {
    const staff = offers.staff[live[firstLive[unit] as number] as number] as number;
    for (let set = 1; set < sets; set++) {
      const key = staff * sets + set;
      const known = first.get(key);
      const least = known === undefined ? Number.POSITIVE_INFINITY : (leastUsd[known] as number);
      if (leastOn(board, unit, set, least) < least) first.set(key, unit * sets + set);
    }
  }
  for (const at of first.values()) partsOn(board, Math.floor(at / sets), at % sets);
}

/** Makes the parts on units that may be in a plan below a limit; how many units and sets there were. */
export function widen(
  board: Board,
  limit: number,
  bars: Bars,
  rest: Float64Array,
  most: number,
  budget: Budget | null,
  taken: Taken,
): number {
  const { tasks, leastUsd, made } = board;
  const { supply, sets, firstLive, live } = tasks;
  const { offers } = supply;
  const { units } = offers;
  const found: number[] = [];
  const { leastPeople: peopleUsd } = board;
  const staffsOf: (readonly number[])[] = [];
  for (const unit of tasks.fleetUnits) {
    const staffs = [...new Set(live.subarray(firstLive[unit], firstLive[unit + 1]).map(staffOf))];
    staffsOf[unit] = staffs;
    const fewest = units.min[unit] as number;
    for (let set = 1; set < sets; set++) {
      const at = unit * sets + set;
      const restUsd = rest[sets - 1 - set] as number;
      const mayBePlanned = (): boolean => {
        const least = (leastUsd[at] as number) + restUsd;
        if (least >= limit || !isBelowBars(unit, set)) return false;
        return staffs.some((staff) => least + peopleUsd(staff, fewest, set) < limit);
      };
      if (!mayBePlanned() || made[set]?.has(unit) || !taken.any(set, units.kind[unit] as number)) continue;
      if (budget !== null && !budget.allows(unit, set)) continue;
      leastOn(board, unit, set, Number.POSITIVE_INFINITY);
      if (mayBePlanned()) found.push(at);
    }
  }
  found.sort((a, b) => (leastUsd[a] as number) - (leastUsd[b] as number));
  let count = 0;
  for (const at of found) {
    const [unit, set] = [Math.floor(at / sets), at % sets];
    if (!isBelowBars(unit, set)) continue;
    count++;
    for (const part of partsOn(board, unit, set))
      if (budget === null && taken.part(part) && canReplaceAny(board, part, most)) lowerBars(board, bars, part, most);
  }
  return count;

  function staffOf(offer: number): number {
    return offers.staff[offer] as number;
  }

  function isBelowBars(unit: number, set: number): boolean {
    const least = leastUsd[unit * sets + set] as number;
    const fewest = Math.min(1, units.min[unit] as number);
    if (least >= (bars.any[set] as number)) return false;
    for (const staff of staffsOf[unit] as readonly number[])
      if (least < (bars.alike[alikeAt(board, staff, fewest, set)] as number)) return true;
    return false;
  }
}
