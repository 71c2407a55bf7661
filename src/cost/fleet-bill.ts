import { type Figures, numbers, traced } from '../formula/figures.js';
import type { Formula } from '../formula/formula.js';
import { difference, given, largest, product, refined, sourcesOf, stated, type Traced } from '../formula/traced.js';
import { madeOnce } from '../units/memo.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type CostCurve, type CostLine, type FleetSize, fixedCost, scale } from './curve.js';
import { type FleetRule, type FleetTerm, fleetTerm, unitsAtPeak, type Work, withSpareOf } from './fleet.js';
import { type FleetWords, fleetTrace, unitsBeyond } from './fleet-trace.js';
import { costLine, type PerRequest, requestsLine } from './lines.js';
import { hoursInMonth } from './task-trace.js';

/** One component of cost: its formula, and USD per unit of its own. */
export type Component<Figure = Traced> = {
  working: Formula;
  amount: Figure;
  rateAssumed?: true;
};

/** Cost per unit-hour. One-time costs are spread over the horizon, and stated per unit. */
export type UnitComponent<Figure = Traced> = Component<Figure> & { upfrontUsdPerUnit?: number } & Pick<
    CostLine,
    'once' | 'atEnd' | 'again'
  >;

/** USD per unit-hour of units, and parts of one, beyond what a room carries. */
export type BeyondRoom<Figure = Traced> = { from: Figure; unitHour: UnitComponent<Figure> };

/** All costs of a fleet before its size is known. */
export type FleetCosts<Figure = Traced> = {
  /** USD per unit-hour. */
  unitHour: readonly UnitComponent<Figure>[];
  /** USD per unit-hour of units beyond the owned ones; null: all cost the same. */
  beyondOwned: { owned: number; unitHour: readonly UnitComponent<Figure>[] } | null;
  /** What a room of one's own lacks; left out, or null: it carries any number. */
  beyondRoom?: BeyondRoom<Figure> | null;
  /** USD a month whatever the size. */
  fleet: readonly Component<Figure>[];
  /** USD per request of a task part; `unitSeconds`: its time on a unit at saturation. */
  request(taskPart: TaskPart, unitSeconds: number): readonly Component<Figure>[];
};

/** The same as figures with sources, or as plain numbers. */
export type CostsIn = <Figure>(figures: Figures<Figure>) => FleetCosts<Figure>;

export const sumUsd = (components: readonly Component[]): number =>
  components.reduce((usd, { amount }) => usd + amount.value, 0);

/** A task part on a fleet: its work in units, and seconds of a request on a unit at saturation. */
export type FleetWork = Work & { unitSeconds: number };

/** The bill of a fleet with these task parts; `words`: where its size comes from. */
export function fleetBill(
  costsIn: CostsIn,
  work: readonly FleetWork[],
  rule: FleetRule,
  workload: Workload,
  words: () => FleetWords,
): CostLine[] {
  const term = fleetTerm(work, rule, workload);
  const costs = costsIn(numbers);
  const told = madeOnce(() => costsIn(traced));
  const { beyondOwned, beyondRoom } = costs;
  return [
    ...costs.unitHour.map((one, i) => unitLine(one, () => told().unitHour[i], 0)),
    ...(beyondOwned?.unitHour ?? []).map((one, i) =>
      unitLine(one, () => told().beyondOwned?.unitHour[i], beyondOwned?.owned ?? 0),
    ),
    ...(beyondRoom ? [roomLine(beyondRoom, () => told().beyondRoom as BeyondRoom)] : []),
    ...costs.fleet.map(({ working, amount }, i): CostLine => {
      const figure = () => (told().fleet[i] as Component).amount;
      return { ...costLine(working, fixedCost(amount), () => [figure()]), trace: figure };
    }),
    ...requestLines(),
  ];

  function unitLine(one: UnitComponent<number>, figure: () => Component | undefined, free: number): CostLine {
    const { label, unit } = one.working;
    const amount = () => (figure() as Component).amount;
    return sizedLine(one, amount, beyond(term, free), free, (size, volume) =>
      product(label, unit, size.hours(volume), refinedBy(words(), amount())),
    );
  }

  /** The cost of units beyond those that a room carries, for a fleet of any size. */
  function roomLine({ from, unitHour }: BeyondRoom<number>, figures: () => BeyondRoom): CostLine {
    const { label, unit } = unitHour.working;
    const amount = () => figures().unitHour.amount;
    const line = sizedLine(unitHour, amount, term, 0, ({ units }, volume) => {
      const over = difference('units less those that a room carries', 'units', units(volume), figures().from);
      const extra = largest('units beyond those that a room carries', 'units', over, given('none', 0, 'units'));
      return product(label, unit, extra, hoursInMonth(workload), amount());
    });
    return { ...line, curve: unitsCurve(beyond(term, from), unitHour.amount) };
  }

  /** A line that follows the fleet's size; `free`: units already owned. */
  function sizedLine(
    one: UnitComponent<number>,
    amount: () => Traced,
    sizing: FleetTerm,
    free: number,
    trace: (size: FleetSize, volume: number) => Traced,
  ): CostLine {
    const { once, atEnd, again, upfrontUsdPerUnit = 0, working } = one;
    const volume = workload.requestsPerDay;
    const sized = () => fleetTrace(sizing, work, words(), workload);
    const size: FleetSize = { units: (at) => sized().units(at), hours: (at) => sized().hours(at) };
    const sizedAs = (of: FleetSize) => ({
      trace: (at: number) => trace(of, at),
      traceUpfront: () =>
        upfrontUsdPerUnit === 0
          ? given(working.label, 0, 'USD', ...sourcesOf(amount()))
          : product(working.label, 'USD', unitsBeyond(free, of.units(volume)), paidOnce(amount(), upfrontUsdPerUnit)),
    });
    return {
      ...costLine(working, unitsCurve(sizing, one.amount), () => [amount()]),
      fleet: { sizedAs, ...size },
      upfront: upfrontUsdPerUnit * Math.max(0, withSpareOf(unitsAtPeak(sizing, volume), sizing) - free),
      ...sizedAs(size),
      ...(once && { once }),
      ...(atEnd && { atEnd }),
      ...(again && { again }),
    };
  }

  /** An up-front payment for a unit: over the horizon's hours, or as stated. */
  function paidOnce(amount: Traced, usd: number): Traced {
    const label = 'paid once for a unit';
    const months = stated('months', workload.months, 'months', 'workload.horizon');
    const hours = product('hours of the horizon', 'hours', hoursInMonth(workload), months);
    return Math.abs(amount.value * hours.value - usd) <= negligible * usd
      ? product(label, 'USD/unit', refinedBy(words(), amount), hours)
      : given(label, usd, 'USD/unit', ...sourcesOf(amount));
  }

  /** What is paid per request, one line a component, task parts added up. */
  function requestLines(): CostLine[] {
    const byPart = new Map<string, { one: Component<number>; parts: PerRequest[] }>();
    for (const { taskPart, unitSeconds } of work)
      for (const [i, one] of costs.request(taskPart, unitSeconds).entries()) {
        const known = byPart.get(one.working.id) ?? { one, parts: [] };
        byPart.set(one.working.id, known);
        const amount = () => (told().request(taskPart, unitSeconds)[i] as Component).amount;
        known.parts.push({ taskPart, usd: one.amount, amount });
      }
    return [...byPart.values()].map(({ one: { working, rateAssumed }, parts }) => ({
      ...requestsLine(working, parts, workload),
      ...(rateAssumed && { rateAssumed }),
    }));
  }
}

/** The term without the units that are there already. */
const beyond = (term: FleetTerm, free: number): FleetTerm =>
  free > 0 && term.is === 'peak' ? { ...term, free } : term;

const unitsCurve = (term: FleetTerm, usdPerHour: number): CostCurve =>
  scale({ fixed: 0, perUnit: 0, terms: [term] }, usdPerHour);

/** An amount with its figures replaced by derived ones, if any. */
const refinedBy = ({ told }: FleetWords, amount: Traced): Traced => told.reduce(refined, amount);

const negligible = 1e-12;

/** USD for a unit: per hour, the part of it that is counted once, and up front. */
type UnitRates = { usdPerHour: number; onceUsdPerHour: number; upfrontUsdPerUnit: number };

/** What every unit costs beyond as many as a room carries. */
export type RoomRates = { from: number; usdPerHour: number };

/** The sums of `FleetCosts`, to compare thousands of machines for each one that is billed. */
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
