import {
  difference,
  type Figures,
  type Formula,
  given,
  largest,
  named,
  numbers,
  product,
  quotient,
  refined,
  roundedUp,
  sourcesOf,
  stated,
  sum,
  sumOf,
  type Traced,
  traced,
} from '../formula/traced.js';
import { madeOnce } from '../units/memo.js';
import { addHours, highestOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import {
  type CostCurve,
  type CostLine,
  costLine,
  type FleetSize,
  fixedCost,
  type PerRequest,
  requestsLine,
  scale,
} from './curve.js';
import {
  type FleetRule,
  type FleetTerm,
  fleetTerm,
  timesOf,
  unitsAtPeak,
  unitsInHours,
  type Work,
  withSpareOf,
} from './fleet.js';
import { hoursInMonth, requestsPerSecondOf } from './task-trace.js';

/** The derivations of a fleet's size, from their callers. */
export type FleetWords = {
  min: Traced;
  spare: Traced;
  spareShare: Traced;
  /** Figures that are leaves in others, each with its parts: an offer's price, the size of the weights. */
  told: readonly Traced[];
  /** Units' worth of work at a rate of requests a second of a task part. */
  work(taskPart: TaskPart, ratePerS: Traced): Traced;
};

/** What the size of a fleet is made of. */
function fleetTrace(term: FleetTerm, work: readonly Work[], words: FleetWords, workload: Workload) {
  return { units, hours };

  /** Units of the busiest hour of the horizon, spares included. */
  function units(volume: number): Traced {
    return busiest(volume, term.peakGrowth);
  }

  function busiest(volume: number, growth: number): Traced {
    const label = 'units of the busiest hour';
    const held = roundedUp('units that hold the work', 'units', workOf(volume, growth));
    const worked = largest('units at work in the busiest hour', 'units', held, words.min);
    if (term.spare === 0 && term.spareShare === 0) return named(label, worked);
    const part = term.spareShare / words.spareShare.value;
    const asked = part < 1 ? given('share of the work that asks for spares', part, 'fraction') : null;
    const share = product('share of those at work', 'units', words.spareShare, asked, worked);
    const spares = largest('spares', 'units', words.spare, roundedUp('whole units of the share', 'units', share));
    return sum(label, 'units', worked, spares);
  }

  /** Work of the busiest hour by task part; for deferrable work of the window with most due an hour. */
  function workOf(volume: number, growth: number): Traced {
    const busy = busiestTime(volume);
    const parts = work.map(({ taskPart }) => {
      const { at, isHour } = busy(taskPart);
      const rate = product(
        `rate of ${taskPart.task} in the busiest hour`,
        'requests/s',
        requestsPerSecondOf(taskPart, volume, workload),
        stated(
          isHour ? 'busiest hour over the mean' : 'due in the busiest window, an hour of it over the mean hour',
          at,
          'ratio',
          'workload.profile',
        ),
        growth === 1 ? null : stated('volume of the month over month 1', growth, 'ratio', 'workload.growth'),
      );
      return words.work(taskPart, rate);
    });
    return sumOf('work of the busiest hour', 'units', parts);
  }

  /** Work of each task part, over its mean, at the busiest hour or due window of all. */
  function busiestTime(volume: number): (taskPart: TaskPart) => { at: number; isHour: boolean } {
    const times = term.is === 'replicas' ? ({ hours }: Pick<TaskPart, 'hours'>) => hours : timesOf(work, workload);
    const all = addHours(
      work.map(({ taskPart, need }) => ({
        hours: times(taskPart),
        factor: need * (taskPart.scales ? volume / workload.requestsPerDay : 1),
      })),
    );
    const busiest = all.indexOf(highestOf(all));
    return (taskPart) => ({ at: times(taskPart)[busiest] ?? 0, isHour: times(taskPart) === taskPart.hours });
  }

  /** Unit-hours of an average month, spares included. */
  function hours(volume: number): Traced {
    const unit = 'unit-hours/month';
    if (term.is === 'peak') {
      return product('unit-hours', unit, unitsBeyond(term.free ?? 0, units(volume)), hoursInMonth(workload));
    }
    const months = [...term.growth].map((growth, month) => {
      const top = withSpareOf(unitsAtPeak({ ...term, peakGrowth: growth }, volume), term);
      const parts = unitsInHours(term, volume, growth).map(({ units: count, hours: long }) =>
        product(
          `hours with ${count}`,
          unit,
          count === top ? busiest(volume, growth) : given('units these hours need, spares included', count, 'units'),
          given('hours of the profile that need so many', long, 'hours/month'),
        ),
      );
      return sumOf(term.growth.length === 1 ? 'unit-hours' : `unit-hours of month ${month + 1}`, unit, parts);
    });
    const [only] = months;
    if (months.length === 1 && only !== undefined) return named('unit-hours', only);
    return quotient(
      'unit-hours of an average month',
      unit,
      sum('unit-hours of all months', 'unit-hours', ...months),
      given('months', months.length, 'months'),
    );
  }
}

/** Units without those that are owned already. */
function unitsBeyond(free: number, units: Traced): Traced {
  if (free === 0) return units;
  const left = difference('units less those owned', 'units', units, given('owned already', free, 'units'));
  return largest('units beyond those owned', 'units', left, given('none', 0, 'units'));
}

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
type CostsIn = <Figure>(figures: Figures<Figure>) => FleetCosts<Figure>;

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
type RoomRates = { from: number; usdPerHour: number };

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
