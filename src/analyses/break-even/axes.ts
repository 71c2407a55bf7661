import { planIn } from '../../decide/at-volume.js';
import type { Plan } from '../../decide/plan.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import type { ApiRow } from '../../tables/rows.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import { heldAt, heldFleet } from './utilization.js';

/** What the two plans cost at a value of an axis; null where one of them has no price there. */
export type Costs = { a: number; b: number } | null;

/** An axis other than the volume: where it is looked at, in what steps, and what two plans cost along it. */
export type Axis = {
  id: string;
  unit: string;
  range: { from: number; to: number };
  /** Crossings are told to one such step. */
  step: number;
  /** Null: this pair does not depend on the axis, and why. */
  costs(a: Plan, b: Plan): ((value: number) => Costs) | string;
};

export type AxisQuestion = { read: ReadScenario; asOf: string; context: Context };

const likely = (value: number) => ({ likely: value, range: null });

/** The price of what API tokens cost, as a factor on today's: how far must it fall, or may it rise? */
function apiPrice({ context }: AxisQuestion): Axis {
  return {
    id: 'apiPrice',
    unit: 'x today’s price',
    range: { from: 0, to: context.workload.assume('breakEvenPriceTimes') },
    step: 0.001,
    costs(a, b) {
      if (![a, b].some(usesApi)) return 'neither pays for tokens';
      return (factor) => both(priceTimes(a, factor), priceTimes(b, factor), context);
    },
  };
}

const usesApi = ({ deployments }: Plan): boolean =>
  deployments.some(({ option, second }) => option.api !== null || second?.option.api != null);

/** The plan with every token at a factor of its price. */
const priceTimes = (plan: Plan, factor: number): Plan => ({
  ...plan,
  deployments: plan.deployments.map((deployment) => ({
    ...deployment,
    option: optionTimes(deployment.option, factor),
    ...(deployment.second && {
      second: { ...deployment.second, option: optionTimes(deployment.second.option, factor) },
    }),
  })),
});

const optionTimes = (option: Option, factor: number): Option =>
  option.api === null ? option : { ...option, api: rowTimes(option.api, factor) };

/** All prices of a row per token, those that follow others too. */
const rowTimes = (row: ApiRow, factor: number): ApiRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith('UsdPerMTok') && typeof value === 'number' ? value * factor : value,
    ]),
  ) as ApiRow;

/** What a person costs a year. */
function staffCost({ context }: AxisQuestion): Axis {
  const { assume, team } = context.workload;
  return {
    id: 'staffCost',
    unit: 'USD/year',
    range: { from: 0, to: Math.max(assume('breakEvenStaffUpTo'), team.yearlyCostUsd) },
    step: 1,
    costs: (a, b) => (yearlyCostUsd) =>
      both(a, b, { ...context, workload: { ...context.workload, team: { ...team, yearlyCostUsd } } }),
  };
}

/** How much busier the highest hour is than the mean one. */
function peakToMean({ read, asOf, context }: AxisQuestion): Axis {
  const known = new Map<number, Workload>();
  const workloadAt = (ratio: number): Workload => {
    const written = { ...read.scenario.workload, profile: { peakToMean: likely(ratio) } };
    const workload =
      known.get(ratio) ?? resolve({ ...read, scenario: { ...read.scenario, workload: written } }, context.tables, asOf);
    known.set(ratio, workload);
    return workload;
  };
  return {
    id: 'peakToMean',
    unit: 'x mean',
    range: { from: 1, to: context.workload.assume('breakEvenPeakUpTo') },
    step: 0.01,
    costs: (a, b) => (ratio) => both(a, b, { ...context, workload: workloadAt(ratio) }),
  };
}

/** How busy the hardware of a fleet is, its size held: its volume moves, and what others would ask for that. */
function utilization({ context }: AxisQuestion): Axis {
  return {
    id: 'utilization',
    unit: 'share of capacity',
    range: { from: 0, to: 1 },
    step: 0.001,
    costs(a, b) {
      const held = { a: heldFleet(a, context), b: heldFleet(b, context) };
      const first = held.a ?? held.b;
      if (first === null) return 'neither is one fleet, whose size could be held';
      return (share) => {
        const volume = (share / first.busy) * context.workload.requestsPerDay;
        return { a: heldAt(a, held.a === first, volume, context), b: heldAt(b, held.a !== first, volume, context) };
      };
    },
  };
}

function both(a: Plan, b: Plan, context: Context): Costs {
  const [one, other] = [planIn(a, context), planIn(b, context)];
  return one === null || other === null ? null : { a: one.monthlyUsd, b: other.monthlyUsd };
}

/** Axes that are searched by steps; the volume and the months have ways of their own. */
export const steppedAxes: Readonly<Record<string, (question: AxisQuestion) => Axis>> = {
  utilization,
  apiPrice,
  staffCost,
  peakToMean,
};
