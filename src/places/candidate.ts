import { at, machinesIn, meanGrowthOf, meanMultipleOf, termAt, unitsAtPeak, withSpare } from '../cost/curve.js';
import { asksForSpare } from '../cost/deadline-sizing.js';
import { type FleetRule, fleetTerm } from '../cost/fleet.js';
import { beyond, type RoomRates } from '../cost/fleet-bill.js';
import { type OverflowOf, overflowOf } from '../cost/overflow.js';
import type { Staff, Staffed } from '../cost/people.js';
import type { Kind } from '../tables/rows.js';
import { growthIn } from '../workload/month-of.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Option } from './option.js';
import type { TaskColumns } from './task-columns.js';

/**
 * An option as the search sees it: numbers only, at the base volume. A task part costs `linear[s]` USD a month on it (NaN:
 * it may not run there), and brings `need[s]` units' worth of work at multiple 1 to its fleet, if it has one.
 */
export type Candidate = {
  kind: Kind;
  provider: string;
  staff: Staff;
  /** The model whose weights it serves on machines; null: an API, or devices. */
  model: string | null;
  /** Of workers that run when somebody asks: their mean number, by task part. */
  workers?: Float64Array;
  /** The accelerator of which it uses what is owned already; null: it uses none. Two of a plan cannot use the same. */
  owns: string | null;
  linear: Float64Array;
  /** `linear` of every month alone; null, or left out: a request costs the same in all of them. */
  months?(): readonly Float64Array[] | null;
  fleet: FleetNumbers | null;
  /** Whether tasks may share its machines: prompts of one wait for those of another. Left out: any. */
  mayShare?(taskParts: readonly number[]): boolean;
  /** USD a month whatever runs on it (a load balancer, say). */
  fixed: number;
  /** Makes the option; called for the few that reach a shortlist. */
  option(): Option;
  /** A second place for the same task parts. */
  second?: Second;
};

/**
 * `overflow`: it takes what exceeds the fleet, which is sized for what pays for itself. `failover`: it takes everything
 * while the first one is down, which `linear` has in it already.
 */
export type Second = { role: 'overflow' | 'failover'; candidate: Candidate };

export type FleetNumbers = FleetRule & {
  need: Float64Array;
  /** Everything that is paid per unit-hour, commitments beyond the horizon included. */
  usdPerHour: number;
  /** Part of it that no month's bill shows: a commitment that outlasts the horizon, say. */
  onceUsdPerHour: number;
  /** What is paid for a unit before it works. */
  upfrontUsdPerUnit: number;
  /** What units beyond those owned already cost more; null: all cost alike. */
  beyondOwned: { owned: number; usdPerHour: number; onceUsdPerHour: number; upfrontUsdPerUnit: number } | null;
  /** What units beyond those that a room carries cost more; left out, or null: it carries any number. */
  beyondRoom?: RoomRates | null;
};

/** Tasks that a candidate may serve, as a set. */
export const servedBy = ({ linear }: Pick<Candidate, 'linear'>, { bundles }: Pick<TaskColumns, 'bundles'>): number =>
  bundles.whole(Array.from(linear, (usd) => !Number.isNaN(usd)));

/** USD a month of a candidate with these task parts on it, people left out. */
export function candidateCost(candidate: Candidate, taskParts: readonly number[], workload: Workload): number {
  let usd = candidate.fixed;
  for (const s of taskParts) usd += candidate.linear[s] as number;
  const { fleet } = candidate;
  const over = overflowOn(candidate, taskParts, workload);
  if (over !== null) return usd + at(over.curve, workload.requestsPerDay);
  return fleet === null || taskParts.length === 0 ? usd : usd + fleetUsd(fleet, taskParts, fleet.usdPerHour, workload);
}

/**
 * What task parts cost on a candidate (USD a month, people left out; NaN: they may not run there), the part of it that no month's bill
 * shows, the units that stand there at the busiest hour, spares included, and the mean number of its machines at a site.
 */
export function shareOf(
  candidate: Candidate,
  taskParts: readonly number[],
  workload: Workload,
): { usd: number; onceUsd: number; units: number; machines: number } {
  const { fleet } = candidate;
  const over = overflowOn(candidate, taskParts, workload);
  if (over === null || fleet === null) {
    const usd = candidateCost(candidate, taskParts, workload);
    return {
      usd,
      onceUsd: onceUsdOf(fleet, taskParts, workload),
      units: Number.isNaN(usd) ? 0 : unitsOfShare(candidate, taskParts, workload),
      machines: Number.isNaN(usd) ? 0 : machinesOfShare(candidate, taskParts, workload),
    };
  }
  const units = over.unitsOwned(workload.requestsPerDay);
  return {
    usd:
      taskParts.reduce((usd, s) => usd + (candidate.linear[s] as number), candidate.fixed) +
      at(over.curve, workload.requestsPerDay),
    onceUsd: fleet.onceUsdPerHour === 0 ? 0 : units * fleet.onceUsdPerHour * workload.hoursPerMonth,
    units,
    machines: units,
  };
}

function onceUsdOf(fleet: FleetNumbers | null, taskParts: readonly number[], workload: Workload): number {
  if (fleet === null || taskParts.length === 0) return 0;
  const { onceUsdPerHour, beyondOwned } = fleet;
  if (onceUsdPerHour === 0 && (beyondOwned?.onceUsdPerHour ?? 0) === 0) return 0;
  const once = beyondOwned && { ...beyondOwned, usdPerHour: beyondOwned.onceUsdPerHour };
  return fleetUsd({ ...fleet, beyondOwned: once, beyondRoom: null }, taskParts, onceUsdPerHour, workload);
}

function fleetUsd(fleet: FleetNumbers, taskParts: readonly number[], usdPerHour: number, workload: Workload): number {
  const { beyondOwned, beyondRoom } = fleet;
  const of = (usdPerHour: number, free: number): number =>
    termAt(beyond(fleetOf({ ...fleet, usdPerHour }, taskParts, workload), free), workload.requestsPerDay);
  let usd = termAt(fleetOf({ ...fleet, usdPerHour }, taskParts, workload), workload.requestsPerDay);
  if (beyondOwned !== null) usd += of(beyondOwned.usdPerHour, beyondOwned.owned);
  if (beyondRoom) usd += of(beyondRoom.usdPerHour, beyondRoom.from);
  return usd;
}

/**
 * USD a month below which a candidate never serves some task parts, people left out: what is linear, and of a fleet its
 * floor, or its units in the mean hour. NaN: it may not.
 */
export function leastCost(candidate: Candidate, taskParts: readonly number[], workload: Workload): number {
  const { linear, fleet, fixed } = candidate;
  let usd = fixed;
  let work = 0;
  for (const s of taskParts) {
    usd += linear[s] as number;
    if (fleet !== null) work += leastWorkUsd(candidate, s, workload);
  }
  return fleet === null || taskParts.length === 0
    ? usd
    : usd + Math.max(fleet.usdPerHour * workload.hoursPerMonth * fewestUnits(fleet, taskParts, workload), work);
}

const fewestUnits = (fleet: FleetNumbers, taskParts: readonly number[], workload: Workload): number =>
  taskParts.every((s) => asksForSpare(workload.taskParts[s] as TaskPart, workload))
    ? withSpare(fleet.min, fleet)
    : fleet.min;

/** USD a month below which the work of a task part is never done beside other work: units in the mean hour, or the overflow. */
export function leastWorkUsd({ fleet, linear, second }: Candidate, s: number, workload: Workload): number {
  if (fleet === null) return 0;
  const mean = meanMultipleOf(workload.taskParts[s] as TaskPart, workload);
  const own = fleet.usdPerHour * workload.hoursPerMonth * (fleet.need[s] as number) * mean;
  if (second?.role !== 'overflow') return own;
  // Not held at 0 for one task part: what one would save at the API counts against what another would cost more there.
  const months = second.candidate.months?.() ?? null;
  if (months === null) return Math.min(own, (second.candidate.linear[s] as number) - (linear[s] as number));
  // Units may take the work of the months in which the API is dear and leave it that of the others.
  const least = months.map((api, month) => {
    const factor = growthIn(workload, month) / meanGrowthOf(workload);
    return Math.min(own * factor, (api[s] as number) - (linear[s] as number) * factor);
  });
  return least.reduce((sum, usd) => sum + usd, 0) / months.length;
}

/** The fleet sized for what pays for itself beside an API; null without one. */
export function overflowOn(
  { fleet, linear, second }: Candidate,
  taskParts: readonly number[],
  workload: Workload,
): OverflowOf | null {
  if (fleet === null || second?.role !== 'overflow' || taskParts.length === 0) return null;
  const api = second.candidate;
  const own = taskParts.reduce((usd, s) => usd + (linear[s] as number), 0);
  const months = api.months?.() ?? null;
  return overflowOf(
    {
      work: taskParts.map((s) => ({ taskPart: workload.taskParts[s] as TaskPart, need: fleet.need[s] as number })),
      unitUsdPerMonth: fleet.usdPerHour * workload.hoursPerMonth,
      beyondRoom: fleet.beyondRoom && {
        from: fleet.beyondRoom.from,
        usdPerMonth: fleet.beyondRoom.usdPerHour * workload.hoursPerMonth,
      },
      netUsdPerMonth: taskParts.reduce((usd, s) => usd + (api.linear[s] as number) - (linear[s] as number), 0),
      netByMonth:
        months?.map(
          (usd, month) =>
            taskParts.reduce((sum, s) => sum + (usd[s] as number), 0) -
            (own * growthIn(workload, month)) / meanGrowthOf(workload),
        ) ?? null,
      isOnce: true,
    },
    workload,
  );
}

/** The fleet's term for some of the task parts. */
export const fleetOf = (fleet: FleetNumbers, taskParts: readonly number[], workload: Workload) =>
  fleetTerm(
    fleet.usdPerHour,
    taskParts.map((s) => ({ taskPart: workload.taskParts[s] as TaskPart, need: fleet.need[s] as number })),
    fleet,
    workload,
  );

/** Units a candidate's fleet keeps for some task parts at the busiest hour, spares included. */
export function unitsOfShare(candidate: Candidate, taskParts: readonly number[], workload: Workload): number {
  const { fleet } = candidate;
  if (fleet === null) return 0;
  const over = overflowOn(candidate, taskParts, workload);
  if (over !== null) return over.unitsOwned(workload.requestsPerDay);
  const term = fleetOf(fleet, taskParts, workload);
  return withSpare(unitsAtPeak(term, workload.requestsPerDay), term);
}

/** Mean number of machines of a candidate at a site over the horizon: of units that follow the load, and workers, their mean. */
export function machinesOfShare(candidate: Candidate, taskParts: readonly number[], workload: Workload): number {
  const { fleet, workers } = candidate;
  if (fleet === null) return workers === undefined ? 0 : taskParts.reduce((sum, s) => sum + (workers[s] as number), 0);
  const term = overflowOn(candidate, taskParts, workload) === null ? fleetOf(fleet, taskParts, workload) : null;
  return term === null
    ? unitsOfShare(candidate, taskParts, workload)
    : machinesIn(term, workload.requestsPerDay, workload);
}

/** USD that are paid for so many units of a candidate before they work. Beside an overflow there may be fewer: nothing is told. */
export const leastUpfrontUsd = ({ fleet, second }: Candidate, units: number): number =>
  fleet === null || second?.role === 'overflow' ? 0 : upfrontUsdOf(fleet, units);

/** USD that so many machines cost before they work. */
export function upfrontUsdOf(
  { upfrontUsdPerUnit, beyondOwned }: Pick<FleetNumbers, 'upfrontUsdPerUnit' | 'beyondOwned'>,
  units: number,
): number {
  const more = beyondOwned === null ? 0 : beyondOwned.upfrontUsdPerUnit * Math.max(0, units - beyondOwned.owned);
  return units * upfrontUsdPerUnit + more;
}

/**
 * Whether `a` may stand for `b` in any plan: of one kind and one form of cost, and no worse in anything that costs:
 * price per unit, GPUs per unit, minimum, spare, fixed cost, cost and need of every task part b may serve. Safe because a
 * fleet's cost never grows by more than the sum when two are joined.
 */
export function dominates(a: Candidate, b: Candidate): boolean {
  if (a.kind !== b.kind || a.fixed > b.fixed || !asksNoMore(a.staff, b.staff)) return false;
  if (a.second !== undefined || b.second !== undefined) return false;
  if (a.owns !== null && a.owns !== b.owns) return false;
  if (a.fleet === null || b.fleet === null) {
    if (a.fleet !== b.fleet || a.provider !== b.provider) return false;
  } else {
    const [x, y] = [a.fleet, b.fleet];
    if (x.followsHours !== y.followsHours || !noDearer(x, y)) return false;
    if (!ownsNoLess(x.beyondOwned, y.beyondOwned) || !standsNoDearer(x.beyondRoom, y.beyondRoom)) return false;
    if (x.min > y.min || x.spare > y.spare || x.spareShare > y.spareShare) return false;
    for (let s = 0; s < b.linear.length; s++) {
      if (!Number.isNaN(b.linear[s] as number) && !((x.need[s] as number) <= (y.need[s] as number))) return false;
    }
  }
  for (let s = 0; s < b.linear.length; s++) {
    if (!Number.isNaN(b.linear[s] as number) && !((a.linear[s] as number) <= (b.linear[s] as number))) return false;
  }
  return true;
}

type Paid = { usdPerHour: number; onceUsdPerHour: number; upfrontUsdPerUnit: number };

/** What a month is billed counts against a budget, and so does what is paid once, even where the whole is cheaper. */
const noDearer = (x: Paid, y: Paid): boolean =>
  x.usdPerHour <= y.usdPerHour &&
  x.onceUsdPerHour <= y.onceUsdPerHour &&
  x.upfrontUsdPerUnit <= y.upfrontUsdPerUnit &&
  x.usdPerHour - x.onceUsdPerHour <= y.usdPerHour - y.onceUsdPerHour;

/** Nothing is dearer beyond what is owned, and no less of it is owned. */
function ownsNoLess(x: FleetNumbers['beyondOwned'], y: FleetNumbers['beyondOwned']): boolean {
  if (x === null) return true;
  return y !== null && x.owned >= y.owned && noDearer(x, y);
}

/** A room carries no fewer, and no more is paid beyond it. */
export const standsNoDearer = (x: FleetNumbers['beyondRoom'], y: FleetNumbers['beyondRoom']): boolean =>
  !x || (!!y && x.from >= y.from && x.usdPerHour <= y.usdPerHour);

/** People: the same kind of work, and no more of it. */
const asksNoMore = (x: Staff, y: Staff): boolean =>
  x.setup === y.setup &&
  x.api === y.api &&
  x.site === y.site &&
  x.share <= y.share &&
  x.sites <= y.sites &&
  x.devices <= y.devices;

/** Drops every candidate that another one stands for; of equals the first stays. */
export function dropDominated(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  // From the cheapest unit up, a candidate can only be beaten by one before it, or by an equal.
  const sorted = candidates.toSorted((a, b) => (a.fleet?.usdPerHour ?? 0) - (b.fleet?.usdPerHour ?? 0));
  for (const candidate of sorted) {
    if (kept.some((other) => dominates(other, candidate))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (dominates(candidate, kept[i] as Candidate)) kept.splice(i, 1);
    kept.push(candidate);
  }
  return kept;
}

/** Everything of a candidate that asks for people: itself, and a second place. */
export const staffedBy = (
  { provider, staff, model, second }: Pick<Candidate, 'provider' | 'staff' | 'model' | 'second'>,
  { machines, onCall, requestsPerDay }: Pick<Staffed, 'machines' | 'onCall' | 'requestsPerDay'>,
): Staffed[] => [
  { provider, staff, model, machines, onCall, requestsPerDay },
  ...(second === undefined ? [] : staffedBy(second.candidate, { machines: 0, onCall, requestsPerDay })),
];

/** Deployments that a candidate stands for. */
export const deploymentsOf = ({ second }: Candidate): number => (second === undefined ? 1 : 2);
