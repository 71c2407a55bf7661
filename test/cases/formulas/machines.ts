import { add, at, fixedCost } from '../../../src/cost/curve.js';
import { annuityUsd, residualUsd } from '../../../src/cost/owned-machine.js';
import { type Formula, hourNames, hoursUsed } from '../formula.js';
import type { Inputs } from '../inputs.js';
import { commitmentPaysAbove, endpointUsd, levelPaymentUsd, rentUsd } from '../textbook/bill.js';
import {
  capacityToOwn,
  criticalShare,
  hourlyQuantile,
  overflowShare,
  uniformQuantile,
} from '../textbook/newsvendor.js';
import { type Period, type Quantity, secondsOf, type Unit } from '../unit.js';

export const rentNames = `gpus instances usd_per_gpu_hour usd_per_hour overhead_fraction ${hourNames}`;

/** Rented machines; the unit asks for a use share where a reserved price is given. */
export function rentOf(inputs: Inputs, unit: Unit): Quantity {
  const usdPerHour = inputs.number('usd_per_gpu_hour', 'usd_per_hour');
  if (unit.kind === 'share')
    return { value: commitmentPaysAbove(inputs.number('reserved_usd_per_hour'), usdPerHour), kind: 'share' };
  const { hours, per } = hoursUsed(inputs);
  const machines = inputs.or(1, 'gpus', 'instances');
  const usd = rentUsd(machines, usdPerHour, hours, inputs.or(0, 'overhead_fraction'));
  return { value: usd, kind: 'usd', ...per };
}

function endpointOf(inputs: Inputs): Quantity {
  const scaledUpHours = inputs.or(0, 'scale_up_hours', 'scale_up_hours_per_month');
  const { hours, per } = hoursUsed(inputs);
  const value = endpointUsd(inputs.number('usd_per_hour', 'usd_per_gpu_hour'), {
    hours,
    minReplicas: inputs.or(1, 'min_replicas'),
    addedReplicas: scaledUpHours > 0 ? inputs.or(1, 'additional_replicas') : inputs.or(0, 'additional_replicas'),
    scaledUpHours,
    extraReplicaHours: inputs.or(0, 'extra_replica_hours', 'extra_replica_hours_per_month'),
  });
  return { value, kind: 'usd', ...per };
}

/** What is left of the price at the end, given in one of three ways. */
function residualOf(inputs: Inputs, priceUsd: number, years: number): number {
  if (inputs.has('residual_after_36_months'))
    return residualUsd(priceUsd, inputs.number('residual_after_36_months'), years * 12);
  if (inputs.has('residual_fraction')) return priceUsd * inputs.number('residual_fraction');
  return inputs.or(0, 'residual_usd');
}

/** Owned machines a year; of a unit without a period, over all years. */
function capitalOf(inputs: Inputs, unit: Unit): Quantity {
  const months = inputs.has('months') ? inputs.number('months') : null;
  const years = months === null ? inputs.number('years', 'months') : months / 12;
  const priceUsd = inputs.number('capex_usd');
  const ratePerPeriod = inputs.or(0, 'rate');
  const residual = residualOf(inputs, priceUsd, years);
  const maintenance = inputs.list('maintenance_by_year');
  const perYear =
    annuityUsd({ priceUsd, residualUsd: residual, ratePerPeriod, periods: years }) +
    inputs.or(0, 'annual_opex_usd') +
    (maintenance.length === 1 ? (maintenance[0] as number) : levelPaymentUsd(maintenance, ratePerPeriod, years));
  if (unit.period === null) return { value: perYear * years, kind: 'usd' };
  return { value: perYear, kind: 'usd', period: 'year' };
}

const endings: readonly (readonly [Period, RegExp])[] = [
  ['hour', /(_hour|_hourly)$/],
  ['day', /(_day|_daily)$/],
  ['month', /(_month|_monthly)$/],
  ['year', /(_year|_yearly|_annual)$/],
];

/** The lines of a bill, each in the period its name ends with, or that of the unit. */
function linesOf(inputs: Inputs, unit: Unit): Quantity {
  const lines = inputs.all();
  if (lines.length === 0) inputs.problem('missing the lines to add, as `name_usd_month`');
  const period = unit.period ?? 'month';
  const curves = lines.map(([name, usd]) => {
    const own = endings.find(([, ending]) => ending.test(name.toLowerCase()))?.[0] ?? period;
    return fixedCost(own === period || unit.period === null ? usd : (usd * secondsOf(period)) / secondsOf(own));
  });
  return { value: at(add(curves), 0), kind: 'usd', period: unit.period };
}

/** Capacity worth owning, in whatever unit the workload is. */
function ownedOf(inputs: Inputs, unit: Unit): Quantity {
  const own = inputs.number('own_unit_cost');
  const overflow = inputs.number('overflow_unit_price');
  const distribution = inputs.word('distribution') ?? 'uniform';
  if (!['uniform', 'hourly'].includes(distribution))
    inputs.problem(
      `\`distribution\` is "${distribution}": write uniform with \`low\` and \`high\`, or hourly with \`demand\``,
    );
  const isHourly = distribution === 'hourly';
  const quantile = isHourly
    ? hourlyQuantile(demandOf(inputs))
    : uniformQuantile(inputs.number('low'), inputs.number('high'));
  // A workload in shares has a capacity in shares; of any other a share can only be the one to cover.
  if (unit.kind === 'share' && quantile(1) > 1) return { value: criticalShare(own, overflow), kind: 'share' };
  if (unit.kind === 'share') return { value: capacityToOwn(quantile, own, overflow), kind: 'share' };
  return { ...asWritten(unit), value: capacityToOwn(quantile, own, overflow) * unit.size };
}

/** Workload hour by hour. */
function demandOf(inputs: Inputs): Float64Array {
  const workload = inputs.list('demand');
  if (workload.length === 0) inputs.number('demand');
  return Float64Array.from(workload);
}

/** A quantity in the very unit of the row. */
const asWritten = ({ kind, period, tokens }: Unit) => ({ kind, period, token: tokens !== null });

export const machineFormulas: Record<string, Formula> = {
  T1: {
    title: 'rent: machines x USD/h x hours x (1 + overhead)',
    takes: `${rentNames} reserved_usd_per_hour`,
    of: rentOf,
  },
  T2: {
    title: 'scaling endpoint: USD/h x (hours x minimum + scaled-up hours x added + extra)',
    takes:
      'usd_per_hour usd_per_gpu_hour min_replicas additional_replicas scale_up_hours scale_up_hours_per_month ' +
      `extra_replica_hours extra_replica_hours_per_month ${hourNames}`,
    of: endpointOf,
  },
  T3: {
    title: 'annuity: (price - residual) x CRF + residual x rate',
    takes:
      'capex_usd residual_usd residual_fraction residual_after_36_months years months rate annual_opex_usd ' +
      'maintenance_by_year',
    of: capitalOf,
  },
  T5: {
    title: 'sum of the lines named',
    takes: 'any name: USD of the unit, or of the period the name ends with',
    of: linesOf,
  },
  L1: {
    title: 'share of the demand above a capacity',
    takes: 'demand capacity',
    of: (inputs) => ({ value: overflowShare(demandOf(inputs), inputs.number('capacity')), kind: 'share' }),
  },
  L2: {
    title: 'capacity to own: F(k) = 1 - own cost / overflow price',
    takes: 'distribution low high demand overflow_unit_price own_unit_cost',
    of: ownedOf,
  },
};
