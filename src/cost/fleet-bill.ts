import type { Demand, Slice } from '../scenario/demand.js';
import { onVolumeAxis, requestsPerMonthPerDaily } from './axis.js';
import { add, type CostCurve, fixedCost, scale, type Term, unitsAtPeak, withSpare } from './curve.js';
import { type FleetRule, fleetTerm, type Work } from './fleet-term.js';
import type { CostLine, Formula } from './line.js';
import { sourcesOf, type Traced } from './traced.js';

/** One thing that is paid for: its formula, and what it costs per unit of its own (USD). */
export type Component = {
  working: Formula;
  amount: Traced;
  rateAssumed?: true;
};

/** What is paid per unit-hour. One-offs are spread over the hours of the horizon, and say what they are per unit. */
export type UnitComponent = Component & { upfrontUsdPerUnit?: number; once?: true; atEnd?: true };

/** Everything a fleet costs, before its size is known: the search adds it up, the bill lists it. */
export type FleetCosts = {
  /** USD per unit-hour. */
  unitHour: readonly UnitComponent[];
  /** USD per unit-hour of every unit beyond those that are owned already; null: all units cost alike. */
  beyondOwned: { owned: number; unitHour: readonly UnitComponent[] } | null;
  /** USD a month whatever the size. */
  fleet: readonly Component[];
  /** USD per request of a slice; `unitSeconds`: how long a unit at saturation works for it. */
  request(slice: Slice, unitSeconds: number): readonly Component[];
};

export const sumUsd = (components: readonly Component[]): number =>
  components.reduce((usd, { amount }) => usd + amount.value, 0);

/** USD per unit-hour of what is counted once and not month by month. */
export const onceUsd = (components: readonly UnitComponent[]): number =>
  sumUsd(components.filter(({ once }) => once === true));

/** USD paid for a unit before it works. */
export const upfrontUsd = (components: readonly UnitComponent[]): number =>
  components.reduce((usd, { upfrontUsdPerUnit }) => usd + (upfrontUsdPerUnit ?? 0), 0);

/** A slice on a fleet: its work in units, and the seconds a unit at saturation takes for one of its requests. */
export type FleetWork = Work & { unitSeconds: number };

/** USD a month of what a slice costs per request, on the volume axis. */
export const requestsCurve = (usdPerRequest: number, slice: Slice, demand: Demand): CostCurve =>
  onVolumeAxis(
    { fixed: 0, perUnit: usdPerRequest * requestsPerMonthPerDaily(slice, demand), terms: [] },
    slice,
    demand,
  );

/** The bill of one fleet with these slices on it. */
export function fleetBill(costs: FleetCosts, work: readonly FleetWork[], rule: FleetRule, demand: Demand): CostLine[] {
  const term = fleetTerm(1, work, rule, demand);
  const { beyondOwned } = costs;
  return [
    ...costs.unitHour.map((component) => unitLine(component, term, 0, demand)),
    ...(beyondOwned?.unitHour ?? []).map((component) =>
      unitLine(component, beyond(term, beyondOwned?.owned ?? 0), beyondOwned?.owned ?? 0, demand),
    ),
    ...costs.fleet.map((component) => lineOf(component, fixedCost(component.amount.value))),
    ...requestLines(costs, work, demand),
  ];
}

/** The term without the units that are there already. */
export const beyond = (term: Term, free: number): Term => (term.is === 'peak' ? { ...term, free } : term);

function unitLine(component: UnitComponent, term: Term, free: number, demand: Demand): CostLine {
  const { amount, once, atEnd, upfrontUsdPerUnit } = component;
  const curve = scale({ fixed: 0, perUnit: 0, terms: [term] }, amount.value);
  const units =
    term.is === 'peak' || term.is === 'replicas' ? withSpare(unitsAtPeak(term, demand.requestsPerDay), term) : 0;
  return {
    ...lineOf(component, curve),
    upfront: (upfrontUsdPerUnit ?? 0) * Math.max(0, units - free),
    ...(once === true && { once }),
    ...(atEnd === true && { atEnd }),
  };
}

/** What is paid per request, one line a component, slices added up. */
function requestLines(costs: FleetCosts, work: readonly FleetWork[], demand: Demand): CostLine[] {
  const byPart = new Map<string, { component: Component; curves: CostCurve[] }>();
  for (const { slice, unitSeconds } of work) {
    for (const component of costs.request(slice, unitSeconds)) {
      const known = byPart.get(component.working.id) ?? { component, curves: [] };
      byPart.set(component.working.id, known);
      known.curves.push(requestsCurve(component.amount.value, slice, demand));
    }
  }
  return [...byPart.values()].map(({ component, curves }) => lineOf(component, add(curves)));
}

/** A component as a line of a bill. */
export const lineOf = ({ working, amount, rateAssumed }: Component, curve: CostCurve): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: sourcesOf(amount),
  ...(rateAssumed === true && { rateAssumed }),
});
