import type { Formula } from '../formula/formula.js';
import {
  difference,
  given,
  largest,
  product,
  refined,
  sourcesOf,
  stated,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import {
  add,
  type CostCurve,
  type CostLine,
  type FleetSize,
  fixedCost,
  machinesIn,
  onVolumeAxis,
  requestsPerMonthPerDaily,
  scale,
  termAt,
  unitsAtPeak,
  withSpare,
} from './curve.js';
import { type FleetRule, type FleetTerm, fleetTerm, type Work } from './fleet.js';
import { type FleetWords, fleetTrace } from './fleet-trace.js';
import { hoursInMonth, requestsPerMonthOf } from './task-trace.js';

/** One thing that is paid for: its formula, and what it costs per unit of its own (USD). */
export type Component<Figure = Traced> = {
  working: Formula;
  amount: Figure;
  rateAssumed?: true;
};

/** What is paid per unit-hour. One-offs are spread over the hours of the horizon, and say what they are per unit. */
export type UnitComponent<Figure = Traced> = Component<Figure> & { upfrontUsdPerUnit?: number } & Pick<
    CostLine,
    'once' | 'atEnd' | 'again'
  >;

/** USD per unit-hour of every unit, and part of one, beyond as many as a room carries. */
export type BeyondRoom<Figure = Traced> = { from: Figure; unitHour: UnitComponent<Figure> };

/** Everything a fleet costs, before its size is known: the search adds it up, the bill lists it. */
export type FleetCosts<Figure = Traced> = {
  /** USD per unit-hour. */
  unitHour: readonly UnitComponent<Figure>[];
  /** USD per unit-hour of every unit beyond those that are owned already; null: all units cost alike. */
  beyondOwned: { owned: number; unitHour: readonly UnitComponent<Figure>[] } | null;
  /** What a room of one's own lacks; left out, or null: it carries any number. */
  beyondRoom?: BeyondRoom<Figure> | null;
  /** USD a month whatever the size. */
  fleet: readonly Component<Figure>[];
  /** USD per request of a task part; `unitSeconds`: how long a unit at saturation works for it. */
  request(taskPart: TaskPart, unitSeconds: number): readonly Component<Figure>[];
};

export const sumUsd = (components: readonly Component[]): number =>
  components.reduce((usd, { amount }) => usd + amount.value, 0);

/** A task part on a fleet: its work in units, and the seconds a unit at saturation takes for one of its requests. */
export type FleetWork = Work & { unitSeconds: number };

/** USD a month of what a task part costs per request, on the volume axis. */
export const requestsCurve = (usdPerRequest: number, taskPart: TaskPart, workload: Workload): CostCurve =>
  onVolumeAxis(
    { fixed: 0, perUnit: usdPerRequest * requestsPerMonthPerDaily(taskPart, workload), terms: [] },
    taskPart,
    workload,
  );

/** The bill of one fleet with these task parts on it; `words` tell where its size comes from, when somebody asks. */
export function fleetBill(
  costs: FleetCosts,
  work: readonly FleetWork[],
  rule: FleetRule,
  workload: Workload,
  words: (() => FleetWords) | null = null,
): CostLine[] {
  const term = fleetTerm(work, rule, workload);
  const { beyondOwned } = costs;
  const sized = (of: FleetTerm): FleetSize => {
    const trace = () => fleetTrace(of, work, words === null ? null : words(), workload);
    return { units: (volume) => trace().units(volume), hours: (volume) => trace().hours(volume) };
  };
  const [all, more] = [sized(term), sized(beyond(term, beyondOwned?.owned ?? 0))];
  return [
    ...costs.unitHour.map((component) => unitLine(component, term, 0, workload, all, words)),
    ...(beyondOwned?.unitHour ?? []).map((component) =>
      unitLine(component, beyond(term, beyondOwned?.owned ?? 0), beyondOwned?.owned ?? 0, workload, more, words),
    ),
    ...(costs.beyondRoom ? [beyondRoomLine(costs.beyondRoom, term, workload, all)] : []),
    ...costs.fleet.map((component) => ({
      trace: () => component.amount,
      ...lineOf(component, fixedCost(component.amount.value)),
    })),
    ...requestLines(costs, work, workload),
  ];
}

/** The term without the units that are there already. */
export const beyond = (term: FleetTerm, free: number): FleetTerm => (term.is === 'peak' ? { ...term, free } : term);

/** What the units beyond those that a room carries cost, of whatever size the fleet is. */
function beyondRoomLine({ from, unitHour }: BeyondRoom, term: FleetTerm, workload: Workload, all: FleetSize): CostLine {
  const { working, amount } = unitHour;
  const units = ({ units }: FleetSize, volume: number): Traced =>
    largest(
      'units beyond those that a room carries',
      'units',
      difference('units less those that a room carries', 'units', units(volume), from),
      given('none', 0, 'units'),
    );
  const sizedAs = (size: FleetSize) => ({
    trace: (volume: number) =>
      product(working.label, working.unit, units(size, volume), hoursInMonth(workload), amount),
    traceUpfront: () => given(working.label, 0, 'USD', ...sourcesOf(amount)),
  });
  const curve = scale({ fixed: 0, perUnit: 0, terms: [beyond(term, from.value)] }, amount.value);
  return { fleet: { sizedAs, ...all }, ...lineOf(unitHour, curve), ...sizedAs(all) };
}

function unitLine(
  component: UnitComponent,
  term: FleetTerm,
  free: number,
  workload: Workload,
  size: FleetSize,
  words: (() => FleetWords) | null,
): CostLine {
  const { amount, once, atEnd, again, upfrontUsdPerUnit, working } = component;
  const curve = scale({ fixed: 0, perUnit: 0, terms: [term] }, amount.value);
  const units = withSpare(unitsAtPeak(term, workload.requestsPerDay), term);
  const sizedAs = (size: FleetSize) => ({
    trace: (volume: number) => product(working.label, working.unit, size.hours(volume), toldIn(amount, words)),
    traceUpfront: () => upfrontOf(component, size.units(workload.requestsPerDay), free, workload, words),
  });
  return {
    fleet: { sizedAs, ...size },
    ...lineOf(component, curve),
    upfront: (upfrontUsdPerUnit ?? 0) * Math.max(0, units - free),
    ...sizedAs(size),
    ...(once && { once }),
    ...(atEnd && { atEnd }),
    ...(again && { again }),
  };
}

/** An amount with the figures in it told part by part, as far as somebody can. */
const toldIn = (amount: Traced, words: (() => FleetWords) | null): Traced =>
  words === null ? amount : words().told.reduce(refined, amount);

/** Money up front: for units beyond those owned, what each is over the hours of the horizon, or is said to be. */
function upfrontOf(
  { working, amount, upfrontUsdPerUnit = 0 }: UnitComponent,
  units: Traced,
  free: number,
  workload: Workload,
  words: (() => FleetWords) | null,
): Traced {
  if (upfrontUsdPerUnit === 0) return given(working.label, 0, 'USD', ...sourcesOf(amount));
  const hours = product(
    'hours of the horizon',
    'hours',
    hoursInMonth(workload),
    stated('months', workload.months, 'months', 'workload.horizon'),
  );
  const spread = Math.abs(amount.value * hours.value - upfrontUsdPerUnit) <= negligible * upfrontUsdPerUnit;
  return product(
    working.label,
    'USD',
    free === 0
      ? units
      : largest(
          'units beyond those owned',
          'units',
          difference('units less those owned', 'units', units, given('owned already', free, 'units')),
          given('none', 0, 'units'),
        ),
    spread
      ? product('paid once for a unit', 'USD/unit', toldIn(amount, words), hours)
      : given('paid once for a unit', upfrontUsdPerUnit, 'USD/unit', ...sourcesOf(amount)),
  );
}

const negligible = 1e-12;

/** What is paid per request, one line a component, task parts added up. */
function requestLines(costs: FleetCosts, work: readonly FleetWork[], workload: Workload): CostLine[] {
  type Part = { component: Component; curves: CostCurve[]; traces: ((volume: number) => Traced)[] };
  const byPart = new Map<string, Part>();
  for (const { taskPart, unitSeconds } of work) {
    for (const component of costs.request(taskPart, unitSeconds)) {
      const { working, amount } = component;
      const known = byPart.get(working.id) ?? { component, curves: [], traces: [] };
      byPart.set(working.id, known);
      known.curves.push(requestsCurve(amount.value, taskPart, workload));
      known.traces.push((volume) =>
        product(
          `${working.label} of ${taskPart.task}`,
          working.unit,
          requestsPerMonthOf(taskPart, volume, workload),
          amount,
        ),
      );
    }
  }
  return [...byPart.values()].map(({ component, curves, traces }) => ({
    trace: (volume) =>
      sumOf(
        component.working.label,
        component.working.unit,
        traces.map((each) => each(volume)),
      ),
    ...lineOf(component, add(curves)),
  }));
}

/** A component as a line of a bill. */
export const lineOf = ({ working, amount, rateAssumed }: Component, curve: CostCurve): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: () => sourcesOf(amount),
  ...(rateAssumed === true && { rateAssumed }),
});

/** USD for a unit: every hour, of that what is counted once and not month by month, and before it works. */
type UnitRates = { usdPerHour: number; onceUsdPerHour: number; upfrontUsdPerUnit: number };

/** What every unit costs beyond as many as a room carries. */
export type RoomRates = { from: number; usdPerHour: number };

/**
 * The sums of `FleetCosts`: a bill explains one machine by a hundred figures, and thousands of machines are compared for each
 * one that is billed.
 */
export type FleetRates = UnitRates & {
  beyondOwned: (UnitRates & { owned: number }) | null;
  beyondRoom: RoomRates | null;
  /** USD a month whatever the size. */
  fixed: number;
  /** USD per request of a task part; see `FleetCosts`. */
  requestUsd(taskPart: TaskPart, unitSeconds: number): number;
};

export const ratesOf = ({ unitHour, beyondOwned, beyondRoom, fleet, request }: FleetCosts<number>): FleetRates => ({
  beyondOwned: beyondOwned && { owned: beyondOwned.owned, ...unitRates(beyondOwned.unitHour) },
  beyondRoom: beyondRoom ? { from: beyondRoom.from, usdPerHour: beyondRoom.unitHour.amount } : null,
  fixed: totalOf(fleet),
  requestUsd: (taskPart, unitSeconds) => totalOf(request(taskPart, unitSeconds)),
  ...unitRates(unitHour),
});

const totalOf = (components: readonly Component<number>[]): number =>
  components.reduce((usd, { amount }) => usd + amount, 0);

function unitRates(components: readonly UnitComponent<number>[]): UnitRates {
  const rates = { usdPerHour: 0, onceUsdPerHour: 0, upfrontUsdPerUnit: 0 };
  for (const { amount, once, upfrontUsdPerUnit = 0 } of components) {
    rates.usdPerHour += amount;
    if (once === true) rates.onceUsdPerHour += amount;
    rates.upfrontUsdPerUnit += upfrontUsdPerUnit;
  }
  return rates;
}

/** What a bill comes to at the volume of the workload, and the units at the busiest hour, spares included. */
export function fleetBilled(
  rates: FleetRates,
  work: readonly FleetWork[],
  rule: FleetRule,
  workload: Workload,
): { usd: number; machines: number } {
  const volume = workload.requestsPerDay;
  const term = fleetTerm(work, rule, workload);
  const { beyondOwned, beyondRoom } = rates;
  let usd = termAt(term, volume) * rates.usdPerHour + rates.fixed;
  if (beyondOwned !== null) usd += termAt(beyond(term, beyondOwned.owned), volume) * beyondOwned.usdPerHour;
  if (beyondRoom) usd += termAt(beyond(term, beyondRoom.from), volume) * beyondRoom.usdPerHour;
  for (const { taskPart, unitSeconds } of work)
    usd +=
      rates.requestUsd(taskPart, unitSeconds) * requestsPerMonthPerDaily(taskPart, workload) * taskPart.requestsPerDay;
  return { usd, machines: machinesIn(term, volume, workload) };
}
