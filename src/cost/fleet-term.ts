import { addHours, durationCurve, type Hours, highestOf, hourlyLoad } from '../workload/load.js';
import { valleysOf } from '../workload/valley-filling.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { FollowingFleet, PeakFleet } from './fleet-units.js';

/** Work a task part brings to a fleet: units needed at multiple 1 of its own volume. */
export type Work = { taskPart: TaskPart; need: number };

/** The machines of a fleet over the volume: as each hour needs them, or as the highest does. */
export type FleetTerm = FollowingFleet | PeakFleet;

/** How a fleet is sized and paid, whatever runs on it. */
export type FleetRule = { min: number; spare: number; spareShare: number; followsHours: boolean };

const minutesPerHour = 60;

/** Part of an hour that a machine takes to come up; beyond an hour nothing more is foreseen. */
const scalingLagHours = (workload: Workload): number =>
  Math.min(1, workload.assume('scalingLagMinutes') / minutesPerHour);

/**
 * One term for everything that shares a fleet, over the volume axis: task parts enter as shares of a unit and are added
 * hour by hour. `usd` is what a unit costs per hour. A fleet that follows the hours holds, for the scaling lag before an
 * hour, what that hour needs. One that is sized once does work that may wait in the hours the rest leaves free: see
 * `timesOf`.
 */
export function fleetTerm(usd: number, work: readonly Work[], rule: FleetRule, workload: Workload): FleetTerm {
  const { min, spare, spareShare, followsHours } = rule;
  const { hoursPerMonth, growth, peakGrowth } = workload;
  const lag = scalingLagHours(workload);
  const sizing = { usd, min, spare, spareShare, growth, peakGrowth };
  const first = work[0];
  const scaling = work.reduce((sum, { taskPart, need }) => sum + (taskPart.scales ? need : 0), 0);
  if (first !== undefined && scaling > 0 && work.every(({ taskPart }) => taskPart.hours === first.taskPart.hours)) {
    const load = durationCurve(first.taskPart.hours, hoursPerMonth, lag);
    const own = work.reduce((sum, { taskPart, need }) => sum + (taskPart.scales ? 0 : need), 0);
    const perUnit = workload.requestsPerDay / scaling;
    const held = { capacity: Float64Array.of(0, perUnit), plus: own * perUnit, base: null, ...sizing };
    if (followsHours) return { is: 'replicas', load, ...held };
    return { is: 'peak', multiple: Float64Array.of(load.multiple[0] ?? 0), hours: hoursPerMonth, ...held };
  }
  const follows = needBy(work, (taskPart) => taskPart.scales, 1 / workload.requestsPerDay);
  const stays = needBy(work, (taskPart) => !taskPart.scales, 1);
  const held = { capacity: Float64Array.of(0, 1), plus: 0, ...sizing };
  if (followsHours) {
    return { is: 'replicas', load: hourlyLoad(hoursOf(follows), hoursPerMonth, lag), base: hoursOf(stays), ...held };
  }
  const times = timesOf(work, workload);
  const at = (needs: NeedByHours): Hours =>
    addHours([...needs].map(([hours, factor]) => ({ hours: times({ hours }), factor })));
  return { is: 'peak', hours: hoursPerMonth, ...held, ...highest(at(follows), at(stays)) };
}

/**
 * What a task part asks of a fleet that is sized once, over its mean, at every time that may decide the size: in each hour, or,
 * where some work may wait and some of other hours is beside it, per hour of each window in which work is due. Doing what is
 * due first, a size suffices if and only if at none of these times more is asked than it holds.
 */
export function timesOf(work: readonly Work[], { taskParts }: Workload): (taskPart: Pick<TaskPart, 'hours'>) => Hours {
  const [first] = work;
  const alike = work.every(({ taskPart }) => taskPart.hours === first?.taskPart.hours);
  // Those of all task parts are known already, whichever of them share a fleet.
  const known = alike ? null : valleysOf(taskParts);
  const windows =
    known === null || work.every(({ taskPart }) => known.has(taskPart.hours))
      ? known
      : valleysOf(work.map(({ taskPart }) => taskPart));
  return ({ hours }) => windows?.get(hours) ?? hours;
}

/** The times at which a sum may be the highest, whatever the volume: none asks as much of both parts as another does. */
function highest(moving: Hours, staying: Hours): Pick<PeakFleet, 'multiple' | 'base'> {
  if (staying.every((x) => x === 0)) return { multiple: Float64Array.of(highestOf(moving)), base: Float64Array.of(0) };
  if (moving.every((x) => x === 0)) return { multiple: Float64Array.of(0), base: Float64Array.of(highestOf(staying)) };
  const at = (values: Hours, time: number) => values[time] as number;
  const fallen = [...moving.keys()].sort((i, j) => at(moving, j) - at(moving, i) || at(staying, j) - at(staying, i));
  let most = Number.NEGATIVE_INFINITY;
  const kept = fallen.filter((time) => {
    const isAbove = at(staying, time) > most;
    most = Math.max(most, at(staying, time));
    return isAbove;
  });
  return {
    multiple: Float64Array.from(kept, (time) => at(moving, time)),
    base: Float64Array.from(kept, (time) => at(staying, time)),
  };
}

/** Units needed at multiple 1, by kind of hours. */
type NeedByHours = ReadonlyMap<Hours, number>;

/** Units needed by the task parts that `belongs` takes; the others count as nothing, so that lengths agree. */
function needBy(work: readonly Work[], belongs: (taskPart: TaskPart) => boolean, factor: number): NeedByHours {
  const byHours = new Map<Hours, number>();
  for (const { taskPart, need } of work) {
    byHours.set(taskPart.hours, (byHours.get(taskPart.hours) ?? 0) + (belongs(taskPart) ? need * factor : 0));
  }
  return byHours;
}

const hoursOf = (needs: NeedByHours): Hours => addHours([...needs].map(([hours, factor]) => ({ hours, factor })));
