import { meanGrowthOf, meanMultipleOf } from '../cost/axis.js';
import { termAt, withSpare } from '../cost/curve.js';
import { fleetTerm } from '../cost/fleet-term.js';
import { type Candidate, type FleetNumbers, leastWorkUsd } from '../placements/candidate.js';
import type { Demand, Slice } from '../scenario/demand.js';
import { highestOf } from '../scenario/load.js';

/**
 * For each slice the steepest line through 0 that stays below its cost on a candidate: the API price itself; for a fleet
 * the share of a unit, over the mean hour when it follows the hours, over the highest when it is sized once.
 */
export function linesBelow(candidates: readonly Candidate[], demand: Demand): Float64Array[] {
  const alike = haveSameHours(demand);
  const highest = demand.slices.map(({ hours }) => highestOf(hours) * demand.peakGrowth);
  return candidates.map((candidate) =>
    candidate.linear.map((usd, s) => {
      const { fleet, second } = candidate;
      if (fleet === null || Number.isNaN(usd)) return usd;
      if (fleet.followsHours || !alike || second !== undefined) return usd + leastWorkUsd(candidate, s, demand);
      return usd + fleet.usdPerHour * demand.hoursPerMonth * (fleet.need[s] as number) * (highest[s] as number);
    }),
  );
}

const haveSameHours = ({ slices }: Demand): boolean => slices.every(({ hours }) => hours === slices[0]?.hours);

/** Whether a candidate costs nothing until something runs on it: an API does, a fleet or a fixed cost does not. */
export const isFree = ({ fleet, fixed }: Candidate): boolean => fleet === null && fixed === 0;

/** Slices that only what costs something by itself may serve, then by the least they can cost, largest first; null when one can run nowhere. */
export function slicesByCost(
  candidates: readonly Candidate[],
  lines: readonly Float64Array[],
  count: number,
): number[] | null {
  const least = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
  const needsFleet = new Array<boolean>(count).fill(true);
  for (const [c, line] of lines.entries()) {
    for (let s = 0; s < count; s++) {
      if (Number.isNaN(line[s] as number)) continue;
      least[s] = Math.min(least[s] as number, line[s] as number);
      if (isFree(candidates[c] as Candidate)) needsFleet[s] = false;
    }
  }
  if (least.some((usd) => usd === Number.POSITIVE_INFINITY)) return null;
  return least
    .map((_, s) => s)
    .sort(
      (a, b) => Number(needsFleet[b]) - Number(needsFleet[a]) || (least[b] as number) - (least[a] as number) || a - b,
    );
}

/**
 * Shares of a fleet's work that bounds count slice by slice. What a fleet costs is a staircase in its work; a line under it
 * with less than its whole slope starts higher, as part of the units that are rounded up stand in its start.
 */
export const slopes = [1, 0.75, 0.5, 0.25, 0] as const;

/**
 * Lines under what a candidate costs, one for each of `slopes`: whatever it serves costs at least the start, and a figure
 * for each slice (infinite: it may not run there). People are left out.
 */
export type Under = { starts: Float64Array; lines: Float64Array[] };

/** The lines under every candidate, `whole` being those of the whole slope, as `linesBelow` gives them. */
export function linesUnder(candidates: readonly Candidate[], whole: readonly Float64Array[], demand: Demand): Under[] {
  const waste = wasteOf(demand);
  return candidates.map((candidate, c) => {
    const full = whole[c] as Float64Array;
    const { fleet, fixed, linear, second } = candidate;
    // Beside an overflow the fleet may be as small as one likes, and all of the cost moves with the work.
    const overflows = second?.role === 'overflow';
    const monthly = fleet === null ? 0 : fleet.usdPerHour * demand.hoursPerMonth;
    return {
      starts: Float64Array.from(slopes, (slope) =>
        fleet === null ? fixed : fixed + monthly * (overflows ? fleet.spare : waste(fleet, linear, slope)),
      ),
      lines: slopes.map((slope) =>
        full.map((usd, s) => {
          if (Number.isNaN(usd)) return Number.POSITIVE_INFINITY;
          const own = overflows ? 0 : (linear[s] as number);
          return own + slope * (usd - own);
        }),
      ),
    };
  });
}

/**
 * USD a month by which each slice is billed more in the busiest month than in the mean one, at the least: by an API, whose
 * bill follows the volume. Null where no budget or no growth asks.
 */
export function peaksOver(candidates: readonly Candidate[], demand: Demand): Float64Array[] | null {
  const { growth, rules } = demand;
  const most = highestOf(growth);
  if (rules.budgetMonthlyUsd === null || most === meanGrowthOf(demand)) return null;
  const busiest = growth.indexOf(most);
  return candidates.map(({ linear, months, second }) => {
    // Of a second place the bill may move otherwise.
    if (months === undefined || second !== undefined) return linear.map(() => 0);
    const monthly = months()?.[busiest];
    return linear.map((usd, s) => {
      const then = monthly === undefined ? (usd * most) / meanGrowthOf(demand) : (monthly[s] as number);
      // What it may not serve, it is not billed for.
      return Number.isNaN(then) ? 0 : Math.max(0, then - usd);
    });
  });
}

/** Work up to which units rounded up are looked at, in units of the busiest hour, and the steps in which that is done. */
const mostUnits = 64;
const leastUnits = 1 / 64;
const step = 1.02;

/** Units that stand all the time whatever the work of a fleet, when its work counts with a slope. */
function wasteOf(demand: Demand): (fleet: FleetNumbers, linear: Float64Array, slope: number) => number {
  const first = demand.slices.find(({ scales }) => scales) ?? demand.slices[0];
  const alike = first !== undefined && haveSameHours(demand);
  const tables = alike ? tablesFor(first, demand) : null;
  return (fleet, linear, slope) => {
    const anyway = fleet.spare + (1 - slope) * fleet.min;
    if (tables === null) return anyway;
    const { min, spare, spareShare, followsHours } = fleet;
    const key = [min, spare, spareShare, followsHours].join();
    let table = tables.get(key);
    if (table === undefined) {
      table = tableOf(fleet, first as Slice, demand);
      tables.set(key, table);
    }
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let s = 0; s < linear.length; s++) {
      const need = fleet.need[s] as number;
      if (Number.isNaN(linear[s] as number) || Number.isNaN(need)) continue;
      if (need < least) least = need;
      most += need;
    }
    return Math.max(anyway, leastWaste(table, least, most, slope));
  };
}

/** Units of the mean hour (`units`) at the work `at`, and the work of a mean hour (of the highest, for what is sized once). */
type Table = { at: number[]; units: number[]; meanWork: number; known: Map<number, number> };

/** By hours and growth: a table is in units, whatever the volume is. */
const known = new WeakMap<Slice['hours'], WeakMap<Demand['growth'], Map<string, Map<string, Table>>>>();

/** Tables of a demand, by how fleets are sized: many searches of a decision, and of others like it, ask for the same ones. */
function tablesFor(
  { hours, scales }: Slice,
  { growth, peakGrowth, hoursPerMonth, assume }: Demand,
): Map<string, Table> {
  const ofHours = known.get(hours) ?? new WeakMap<Demand['growth'], Map<string, Map<string, Table>>>();
  known.set(hours, ofHours);
  const ofGrowth = ofHours.get(growth) ?? new Map<string, Map<string, Table>>();
  ofHours.set(growth, ofGrowth);
  const key = [scales, peakGrowth, hoursPerMonth, assume('scalingLagMinutes')].join();
  const tables = ofGrowth.get(key) ?? new Map<string, Table>();
  ofGrowth.set(key, tables);
  return tables;
}

function tableOf(fleet: FleetNumbers, slice: Slice, demand: Demand): Table {
  const highest = highestOf(slice.hours) * demand.peakGrowth;
  const meanWork = fleet.followsHours ? meanMultipleOf(slice, demand) : highest;
  const at: number[] = [0];
  for (let units = leastUnits; units <= mostUnits; units *= step) at.push(units / highest);
  const units = at.map((need) =>
    need === 0
      ? withSpare(fleet.min, fleet)
      : termAt(fleetTerm(1, [{ slice, need }], fleet, demand), demand.requestsPerDay) / demand.hoursPerMonth,
  );
  return { at, units, meanWork, known: new Map() };
}

// Units are rounded up with a tolerance: a bound has to stay below.
const certainly = 1 - 1e-7;

/** The least that units exceed a share of the work, between two amounts of work: units never fall with work. */
function leastWaste({ at, units, meanWork, known }: Table, low: number, high: number, slope: number): number {
  let from = 0;
  while (from + 1 < at.length && (at[from + 1] as number) <= low) from++;
  let to = from;
  while (to < at.length && (at[to] as number) < high) to++;
  if (to >= at.length) return 0;
  const key = (from * at.length + to) * slopes.length + slopes.indexOf(slope as 1);
  let least = known.get(key);
  if (least === undefined) {
    least = Number.POSITIVE_INFINITY;
    for (let i = from; i < Math.max(to, from + 1); i++)
      least = Math.min(least, (units[i] as number) - slope * meanWork * (at[i + 1] as number));
    least *= certainly;
    known.set(key, least);
  }
  return least;
}
