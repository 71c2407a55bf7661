import { add, at, type CostCurve, unitsAtPeak, withSpare } from '../cost/curve.js';
import { type CostLine, isUnpriced, type Unpriced } from '../cost/line.js';
import {
  cashExtraUsd,
  fteOf,
  fteUsdPerMonth,
  runFormula,
  type Staffing,
  setupFormula,
  setupUsd,
  staffingOf,
} from '../cost/people.js';
import { tracedFte, tracedRunUsd, tracedSetupPerMonth, tracedSetupUsd } from '../cost/people-trace.js';
import { given, product, sumOf, type Traced } from '../cost/traced.js';
import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { Tables } from '../tables/tables.js';
import { monthAfter } from '../units/month.js';

export type Deployment = { option: Option; slices: Slice[]; lines: CostLine[] };

/** A complete assignment of slices to options, priced on the volume axis. */
export type Plan = {
  id: string;
  shape: 'single' | 'tiered-routing';
  deployments: Deployment[];
  /** People: shared by all deployments. */
  shared: CostLine[];
  curve: CostCurve;
  monthlyUsd: number;
  upfrontUsd: number;
  fte: number;
};

/** Prices who serves what; says why when something has no price. */
export function planOf(parts: readonly { option: Option; slices: Slice[] }[], of: Case): Plan | Unpriced {
  const { demand } = of;
  const deployments: Deployment[] = [];
  for (const { option, slices } of parts) {
    const lines = placementOf(option.kind).price(option, slices, of);
    if (isUnpriced(lines)) return lines;
    deployments.push({ option, slices, lines });
  }
  const shared = peopleLines(deployments, of);
  const lines = [...deployments.flatMap((deployment) => deployment.lines), ...shared];
  const curve = add(lines.map((line) => line.curve));
  return {
    id: planId(parts, demand),
    shape: parts.length === 1 ? 'single' : 'tiered-routing',
    deployments,
    shared,
    curve,
    monthlyUsd: at(curve, demand.requestsPerDay),
    upfrontUsd: lines.reduce((sum, { upfront }) => sum + upfront, 0),
    fte: fteOf(staffing(deployments, of, demand.requestsPerDay), demand.assume),
  };
}

/** One option for everything is that option's id; else `task=<option>` in the scenario's order, `task.part=<option>` for parts. */
function planId(parts: readonly { option: Option; slices: readonly Slice[] }[], demand: Demand): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.option.id;
  return demand.slices
    .flatMap((slice) =>
      parts.flatMap(({ option, slices }) => (slices.includes(slice) ? [{ slice, id: option.id }] : [])),
    )
    .map(({ slice: { task, part }, id }) => `${part === 'all' ? task : `${task}.${part}`}=${id}`)
    .join(';');
}

/** Units of a deployment's fleet at the busiest hour, spares included; 0 without a fleet. */
export function unitsOf({ lines }: Pick<Deployment, 'lines'>, volume: number): number {
  for (const { curve } of lines) {
    for (const term of curve.terms)
      if (term.is === 'replicas' || term.is === 'peak') return withSpare(unitsAtPeak(term, volume), term);
  }
  return 0;
}

/** What those units are made of; null without a fleet. */
export function tracedUnits({ lines }: Pick<Deployment, 'lines'>, volume: number): Traced | null {
  const sized = lines.find(({ curve }) => curve.terms.some(({ is }) => is !== 'smooth'));
  if (sized === undefined) return null;
  return sized.fleet?.units(volume) ?? given('units of the busiest hour', unitsOf({ lines }, volume), 'units');
}

const staffing = (deployments: readonly Deployment[], of: Case, volume: number): Staffing =>
  staffingOf(
    deployments.map(({ option, lines }) => ({
      provider: option.provider,
      staff: placementOf(option.kind).staff(option, of),
      units: unitsOf({ lines }, volume),
    })),
  );

function peopleLines(deployments: readonly Deployment[], of: Case): CostLine[] {
  const { demand, tables } = of;
  const assume = (name: string) => demand.assume(name);
  const up = (volume: number) => fteUsdPerMonth(fteOf(staffing(deployments, of, volume), assume), demand);
  const tracedSetup = () => tracedSetupUsd(staffing(deployments, of, demand.requestsPerDay), of);
  const setup = setupUsd(staffing(deployments, of, demand.requestsPerDay), demand);
  const lines: CostLine[] = [
    {
      part: 'people.run',
      label: runFormula.label,
      curve: { fixed: 0, perUnit: 0, terms: [{ is: 'smooth', up, down: () => 0 }] },
      upfront: 0,
      working: runFormula,
      trace: (volume) => tracedRunUsd(tracedPeople(deployments, of, volume), of),
      sources: sourcesOf(['fteSelfHostedCloudSmall', 'fteCloudApi', 'peopleBaseline', 'defaultLoadedFte'], tables),
    },
    {
      part: 'people.setup',
      label: setupFormula.label,
      curve: { fixed: setup / demand.months, perUnit: 0, terms: [] },
      upfront: setup,
      once: true,
      working: setupFormula,
      trace: () => tracedSetupPerMonth(tracedSetup(), of),
      traceUpfront: tracedSetup,
      sources: sourcesOf(['setupEffortSelfHostedCloud', 'setupEffortCloudApi', 'defaultLoadedFte'], tables),
    },
  ];
  return lines;
}

/** What the FTE of a plan are made of: the GPUs of all its fleets, at a volume. */
export function tracedPeople(deployments: readonly Deployment[], of: Case, volume: number): Traced {
  const gpus = deployments.flatMap(({ option, lines }) => {
    const { gpusPerUnit } = placementOf(option.kind).staff(option, of);
    const units = tracedUnits({ lines }, volume);
    return units === null || gpusPerUnit === 0
      ? []
      : [product('GPUs', 'GPUs', units, given('GPUs of a unit', gpusPerUnit, 'GPUs/unit'))];
  });
  return tracedFte(staffing(deployments, of, volume), sumOf('GPUs of all fleets', 'GPUs', gpus), of);
}

const sourcesOf = (names: readonly string[], tables: Tables): CostLine['sources'] =>
  names.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  });

/** What single months cost: what is paid in them, one-offs apart. People in cash are only what the team lacks. */
export type Months = { firstUsd: number; peakUsd: number; peakCashUsd: number };

export function monthsOf(plan: Plan, of: Case): Months {
  const months = monthlyPlans(plan, of).map(({ plan: priced, then: { demand } }) => {
    const usd = priced.monthlyUsd - onceUsd(priced, demand);
    return { usd, cash: usd - fteUsdPerMonth(priced.fte, demand) + cashExtraUsd(priced.fte, demand) };
  });
  return {
    firstUsd: months[0]?.usd ?? 0,
    peakUsd: Math.max(...months.map(({ usd }) => usd)),
    peakCashUsd: Math.max(...months.map(({ cash }) => cash)),
  };
}

/** A month of the horizon (0 = first) alone: its demand, and the plan priced for it. */
export type MonthlyPlan = { month: number; plan: Plan; then: Case };

/** The first month, and those among which the dearest is. */
export function monthlyPlans(plan: Plan, of: Case): MonthlyPlan[] {
  const { demand } = of;
  return monthsToPrice(plan, demand).map((month) => {
    const then = { ...of, demand: monthOf(demand, month) };
    const parts = plan.deployments.map(({ option, slices }) => ({
      option,
      slices: slices.map((slice) => then.demand.slices[demand.slices.indexOf(slice)] as Slice),
    }));
    const priced = planOf(parts, then);
    if (isUnpriced(priced))
      throw new Error(`a plan that has a price has none in month ${month + 1}: ${priced.unpriced}`);
    return { month, plan: priced, then };
  });
}

/** Part of an average month that no month's bill shows. */
const onceUsd = ({ deployments, shared }: Plan, { requestsPerDay }: Demand): number =>
  [...deployments.flatMap(({ lines }) => lines), ...shared]
    .filter(({ once }) => once === true)
    .reduce((sum, { curve }) => sum + at(curve, requestsPerDay), 0);

/** One-off USD in cash: the work of setting up is none where the team has free time for it. */
export const upfrontCashUsd = ({ upfrontUsd, shared }: Plan, { team }: Demand): number =>
  team.freeFte === 0
    ? upfrontUsd
    : upfrontUsd - shared.reduce((sum, { part, upfront }) => sum + (part === setupFormula.id ? upfront : 0), 0);

/**
 * Months (0 = first) among which the dearest is: the first and the last, as volume grows or falls steadily, and those
 * around a change of price; all of them when prices decline against a growing volume.
 */
function monthsToPrice(plan: Plan, demand: Demand): number[] {
  const last = demand.months - 1;
  if (demand.assume('priceDeclinePerYear') !== 0) return Array.from({ length: demand.months }, (_, month) => month);
  const months = new Set(demand.growth.length === 1 ? [0] : [0, last]);
  for (const { option } of plan.deployments) {
    const until = option.api?.until?.slice(0, 7);
    if (until === undefined) continue;
    for (let month = 0; month <= last; month++) {
      if (monthAfter(demand.firstMonth, month) === until)
        months
          .add(month)
          .add(Math.min(last, month + 1))
          .add(last);
    }
  }
  return [...months].sort((a, b) => a - b);
}

/** The demand of one month alone: its volume, and the calendar moved on. */
function monthOf(demand: Demand, month: number): Demand {
  const factor = demand.growth[Math.min(month, demand.growth.length - 1)] as number;
  return {
    ...demand,
    months: 1,
    growth: Float64Array.of(1),
    peakGrowth: demand.peakGrowth / factor,
    requestsPerDay: demand.requestsPerDay * factor,
    firstMonth: monthAfter(demand.firstMonth, month),
    monthsBefore: month,
    slices: demand.slices.map((slice) => ({ ...slice, requestsPerDay: slice.requestsPerDay * factor })),
  };
}
