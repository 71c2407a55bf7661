import { given, parameter, product, sum, type Traced } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import { minutesPerHour, secondsPerDay } from '../units/month.js';
import {
  addHours,
  countAbove,
  durationCurve,
  type Hours,
  highestOf,
  hourlyLoad,
  type Load,
  overMonths,
} from '../workload/load.js';
import { valleysOf } from '../workload/scheduling.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** Two parameters: as somebody waits for the answer, and as nobody does. */
type Pair = { atOnce: string; later: string };

const inHour: Pair = { atOnce: 'inHourFactor', later: 'inHourFactorBatch' };
const load: Pair = { atOnce: 'highestLoad', later: 'highestLoadBatch' };

/** From 0 (somebody waits for the task) to 1 (nobody does), linear in its deadline. */
function patienceOf({ waits }: Pick<TaskPart, 'waits'>, { assume }: Workload): number {
  if (waits === null) return 0;
  const { deadlineHours } = waits;
  const [from, to] = [assume('waitedForUpTo'), assume('unwaitedFrom')];
  return deadlineHours >= to ? 1 : Math.max(0, (deadlineHours - from) / (to - from));
}

/** Whether nobody waits for the answer: whatever serves it may stop for a while. */
export const isUnwaited = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): boolean =>
  patienceOf(taskPart, workload) === 1;

const between = ({ atOnce, later }: Pair, taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number => {
  const patience = patienceOf(taskPart, workload);
  if (patience === 0) return workload.assume(atOnce);
  return (1 - patience) * workload.assume(atOnce) + patience * workload.assume(later);
};

/** Busiest minutes over their hour, as far as they have to be served at once. */
export const inHourFactorOf = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number =>
  between(inHour, taskPart, workload);

/** Share of saturation that machines are sized for. */
export const highestLoadOf = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number =>
  between(load, taskPart, workload);

type Of = { workload: Workload; tables: Tables };

export const tracedInHourFactor = (taskPart: TaskPart, context: Of): Traced =>
  traced('busiest minutes over their hour', 'ratio', inHour, taskPart, context);

export const tracedHighestLoad = (taskPart: TaskPart, context: Of): Traced =>
  traced('highest load', 'fraction of saturation', load, taskPart, context);

function traced(label: string, unit: string, { atOnce, later }: Pair, taskPart: TaskPart, context: Of): Traced {
  const patience = patienceOf(taskPart, context.workload);
  if (patience === 0) return parameter(label, atOnce, context);
  if (patience === 1) return parameter(`${label}, nobody waits`, later, context);
  const part = (share: number, name: string, which: string): Traced =>
    product(
      `${label}, ${which}`,
      unit,
      given(`share by the deadline, ${which}`, share, 'fraction'),
      parameter(label, name, context),
    );
  return sum(label, unit, part(1 - patience, atOnce, 'somebody waits'), part(patience, later, 'nobody waits'));
}

/** Whether a task needs a spare machine: somebody waits, or it has a target on availability. */
export const asksForSpare = (taskPart: Pick<TaskPart, 'waits' | 'needs'>, workload: Workload): boolean =>
  !isUnwaited(taskPart, workload) || taskPart.needs.availability !== null;

/** Units on top of those at work: a least number, and a share of them. */
export type Spares = { spare: number; spareShare: number };

/** Spares of a fleet: the share is that of the work that needs them. */
export function sparesFor(
  { spare, spareShare }: Spares,
  work: readonly { taskPart: TaskPart; need: number }[],
  workload: Workload,
): Spares {
  let [asked, all] = [0, 0];
  for (const { taskPart, need } of work) {
    all += need;
    if (asksForSpare(taskPart, workload)) asked += need;
  }
  if (asked === all) return { spare, spareShare };
  return asked === 0 ? { spare: 0, spareShare: 0 } : { spare, spareShare: (spareShare * asked) / all };
}

/** Machines of one kind, and their number over time. */
export type Fleet = Spares & {
  /** USD for an hour of a unit. */
  usd: number;
  /** The volume (at multiple 1) that one unit holds. */
  step: number;
  min: number;
  /** Volume of every month over that of month 1: the term is the mean over them. */
  growth: Float64Array;
  /** The same of the busiest month: what is sized once is sized for it. */
  peakGrowth: number;
  /** Volume that is always there, whatever the volume axis says, with the same load. */
  plus: number;
  /** Need that does not follow the volume, by entry of the load; null: none, and the load is sorted. */
  base: Float64Array | null;
};

/** A fleet that follows the hours. */
export type FollowingFleet = { is: 'replicas'; load: Load } & Fleet;
/**
 * A fleet sized once, paid for `hours` of a month; `free` units are owned. It covers every time that may need most,
 * each a multiple of the volume plus its entry of the base.
 */
export type PeakFleet = { is: 'peak'; multiple: Float64Array; hours: number; free?: number } & Fleet;
/** The machines of a fleet over the volume, sized by hour or by the highest hour. */
export type FleetTerm = FollowingFleet | PeakFleet;

/** One tolerance for every rounding up: 10.000000001 units of work fit 10 units. */
export const slack = 1e-9;
export const ceilUnits = (x: number): number => Math.ceil(x - slack);

/** Fewest units of `step` each that hold `need`, within the tolerance. */
export const unitsFor = (step: number, need: number): number => Math.ceil((need * (1 - slack)) / step);

/** Units bought for `units` at work: `spare` more, and `spareShare` of them (N+1, then one in ten), at least. */
export const withSpareOf = (units: number, { spare, spareShare }: Spares): number =>
  units + Math.max(spare, ceilUnits(spareShare * units));

/** Units at work in the highest hour of the busiest month. */
export function unitsAtPeak(term: FleetTerm, volume: number): number {
  const { min, step, base, plus, peakGrowth } = term;
  const times = term.is === 'peak' ? term.multiple : term.load.multiple;
  const asked = (i: number): number => (volume + plus) * (times[i] ?? 0) + (base?.[i] ?? 0);
  let most = asked(0);
  if (base !== null) for (let i = 1; i < base.length; i++) most = Math.max(most, asked(i));
  return Math.max(min, unitsFor(step, peakGrowth * most));
}

/** Unit-hours of an average month of the horizon, spares included. */
export function unitHours(term: FollowingFleet, volume: number): number {
  const { base, growth, load, step, min, plus } = term;
  if (base === null) return unitHoursOf(overMonths(load, growth), (volume + plus) / step, min, term);
  let sum = 0;
  for (const factor of growth) sum += unitHoursOfMonth(term, volume, factor);
  return sum / growth.length;
}

/** The same of a sorted load, for `need` units at multiple 1. */
export function unitHoursOf(hours: Load, need: number, min: number, rule: Spares): number {
  const { multiple, weight, weightUpTo } = hours;
  const entries = multiple.length;
  const all = weightUpTo[entries] as number;
  const needed = need * (1 - slack);
  const peak = Math.max(min, Math.ceil(needed * (multiple[0] ?? 0)));
  // In a sorted load a binary search finds how long some units do not suffice.
  if ((peak - min) * Math.log2(entries + 1) < entries) {
    let held = withSpareOf(min, rule);
    let sum = held * all;
    for (let units = min; units < peak; units++) {
      const more = withSpareOf(units + 1, rule);
      sum += (more - held) * (weightUpTo[countAbove(hours, units / needed)] as number);
      held = more;
    }
    return sum;
  }
  let sum = 0;
  let i = 0;
  for (; i < entries; i++) {
    const units = Math.ceil(needed * (multiple[i] as number));
    if (units <= min) break;
    sum += withSpareOf(units, rule) * (weight[i] as number);
  }
  return i === entries ? sum : sum + withSpareOf(min, rule) * (all - (weightUpTo[i] as number));
}

/** Units bought in each hour of a month, unsorted: the order of sizes depends on the volume; see `hourlyLoad`. */
function boughtIn(term: FollowingFleet, volume: number, growth: number): (i: number) => number {
  const { step, min, load, base, plus } = term;
  const served = growth * (volume + plus);
  return (i) => {
    const need = served * (load.multiple[i] as number) + growth * (base?.[i] ?? 0);
    return withSpareOf(Math.max(min, unitsFor(step, need)), term);
  };
}

function unitHoursOfMonth(term: FollowingFleet, volume: number, growth: number): number {
  const { lag, weight } = term.load;
  const unitsIn = boughtIn(term, volume, growth);
  let sum = 0;
  let units = unitsIn(0);
  for (let i = 0; i < weight.length; i++) {
    const next = unitsIn((i + 1) % weight.length);
    sum += (units + lag * Math.max(0, next - units)) * (weight[i] as number);
    units = next;
  }
  return sum;
}

/** Hours of a month for which each number of units is kept, spares included, most hours last. */
export function unitsInHours(term: FollowingFleet, volume: number, growth: number): { units: number; hours: number }[] {
  const { lag, weight } = term.load;
  const unitsIn = boughtIn(term, volume, growth);
  const hoursOf = new Map<number, number>();
  const put = (units: number, hours: number) => hoursOf.set(units, (hoursOf.get(units) ?? 0) + hours);
  for (const [i, hours] of weight.entries()) {
    const [units, next] = [unitsIn(i), unitsIn((i + 1) % weight.length)];
    const ahead = next > units ? lag * hours : 0;
    put(units, hours - ahead);
    put(next, ahead);
  }
  return [...hoursOf].map(([units, hours]) => ({ units, hours })).sort((a, b) => a.units - b.units);
}

/** Work a task part brings to a fleet: units needed at multiple 1 of its own volume. */
export type Work = { taskPart: TaskPart; need: number };

/** How a fleet is sized and paid, whatever runs on it. */
export type FleetRule = Spares & { min: number; followsHours: boolean };

/** Part of an hour that a machine takes to start, at most one. */
const scalingLagHours = (workload: Workload): number =>
  Math.min(1, workload.assume('scalingLagMinutes') / minutesPerHour);

/**
 * The cost of a shared fleet over the volume axis, at 1 USD per unit-hour: task parts are shares of a unit, added hour
 * by hour. A fleet that follows the hours holds during the scaling lag before an hour what that hour needs. One sized
 * once does deferrable work in free hours: see `timesOf`.
 */
export function fleetTerm(work: readonly Work[], rule: FleetRule, workload: Workload): FleetTerm {
  const { min, followsHours } = rule;
  const { spare, spareShare } = sparesFor(rule, work, workload);
  const { hoursPerMonth, growth, peakGrowth } = workload;
  // Machines of a job start once, on top of its work and not in each hour.
  const lag = workload.once ? 0 : scalingLagHours(workload);
  const sizing = { usd: 1, min, spare, spareShare, growth, peakGrowth };
  const first = work[0];
  const scaling = work.reduce((sum, { taskPart, need }) => sum + (taskPart.scales ? need : 0), 0);
  if (first !== undefined && scaling > 0 && work.every(({ taskPart }) => taskPart.hours === first.taskPart.hours)) {
    const load = durationCurve(first.taskPart.hours, hoursPerMonth, lag);
    const own = work.reduce((sum, { taskPart, need }) => sum + (taskPart.scales ? 0 : need), 0);
    const perUnit = workload.requestsPerDay / scaling;
    const held = {
      step: perUnit,
      plus: own * perUnit + (workload.once ? (scalingLagHours(workload) * perUnit) / hoursPerMonth : 0),
      base: null,
      ...sizing,
    };
    if (followsHours) return { is: 'replicas', load, ...held };
    return { is: 'peak', multiple: Float64Array.of(load.multiple[0] ?? 0), hours: hoursPerMonth, ...held };
  }
  const follows = needBy(work, (taskPart) => taskPart.scales, 1 / workload.requestsPerDay);
  const stays = needBy(work, (taskPart) => !taskPart.scales, 1);
  const held = { step: 1, plus: 0, ...sizing };
  if (followsHours) {
    return { is: 'replicas', load: hourlyLoad(hoursOf(follows), hoursPerMonth, lag), base: hoursOf(stays), ...held };
  }
  const times = timesOf(work, workload);
  const at = (needs: NeedByHours): Hours =>
    addHours([...needs].map(([hours, factor]) => ({ hours: times({ hours }), factor })));
  return { is: 'peak', hours: hoursPerMonth, ...held, ...highest(at(follows), at(stays)) };
}

/**
 * Work of a task part on a fleet sized once, over its mean, at every time that may decide the size: each hour, or,
 * where deferrable work meets other hours, per hour of each window in which work is due. With the earliest deadline
 * first, a size suffices if and only if none of these times needs more.
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

/** Times at which a sum may be highest at any volume: none has less of both parts than another. */
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

/** Units that the task parts of `belongs` need; 0 for the others, so that lengths match. */
function needBy(work: readonly Work[], belongs: (taskPart: TaskPart) => boolean, factor: number): NeedByHours {
  const byHours = new Map<Hours, number>();
  for (const { taskPart, need } of work) {
    byHours.set(taskPart.hours, (byHours.get(taskPart.hours) ?? 0) + (belongs(taskPart) ? need * factor : 0));
  }
  return byHours;
}

const hoursOf = (needs: NeedByHours): Hours => addHours([...needs].map(([hours, factor]) => ({ hours, factor })));

/**
 * Units for a task part at multiple 1: its mean rate over that of a unit at the highest permitted load, times how much
 * the busiest minutes exceed their hour; both by its deadline. Used for all machines.
 */
export const unitsNeeded = (taskPart: TaskPart, unitRequestsPerS: number, workload: Workload): number =>
  (taskPart.requestsPerDay * inHourFactorOf(taskPart, workload)) /
  (secondsPerDay * unitRequestsPerS * highestLoadOf(taskPart, workload));
