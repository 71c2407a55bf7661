import { given, monthly, parameter, product, quotient, sum, type Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { monthsPerYear } from '../units/month.js';
import type { Devices, Workload } from '../workload/workload.js';
import type { Unpriced } from './curve.js';
import type { Component } from './fleet-bill.js';

/** Devices in the field, whose they are, and the classes they are of. */
type DeviceFleet = Pick<Devices, 'count' | 'owner'> & {
  classes: readonly { row: AcceleratorRow; share: number }[];
};

const formulas = {
  devices: monthly(
    'other.devices',
    'Share of the devices',
    'devices x sum over classes of (share of class x list price / lifetime) / 12 x share of the device this work bears',
  ),
  distribution: monthly(
    'network.distribution',
    'Sending the model to devices',
    'devices x GB of weights x USD per GB x (1 + updates a year x part of the model that changes) / 12',
  ),
  management: monthly('other.device-management', 'Managing the devices', 'devices x USD per device-month'),
  visits: monthly(
    'other.device-visits',
    'Visits to failed devices',
    'devices that nobody carries x failures a year x USD per visit / 12',
  ),
};

/** Phones and laptops are carried to repair; boxes and workstations need a visit. */
const carried = ({ kind, servingClass }: AcceleratorRow): boolean =>
  kind === 'phone' || (kind === 'soc' && !servingClass.endsWith('workstation'));

/**
 * USD a month of a model on devices, at any volume: users buy and maintain theirs; only sending the model is billed,
 * not energy.
 *
 * @param modelGb size of the weights, decimal gigabytes
 */
export function deviceCosts(
  { count, owner, classes }: DeviceFleet,
  modelGb: number,
  workload: Workload,
  tables: Tables,
): Component[] | Unpriced {
  const context = { workload, tables };
  const named = (label: string, name: string) => parameter(label, name, context);
  const devices = given('devices', count, 'devices');
  const months = given('months of a year', monthsPerYear, 'months');
  const distribution = {
    working: formulas.distribution,
    amount: quotient(
      formulas.distribution.label,
      'USD/month',
      product(
        'sent in a year',
        'USD/year',
        devices,
        given('weights', modelGb, 'GB'),
        named('price of sending', 'cdnEgress'),
        sum(
          'copies sent in a year',
          'copies',
          given('first copy', 1, 'copies'),
          product(
            'updates, as copies',
            'copies',
            named('updates', 'edgeModelUpdatesPerYear'),
            named('part that changes', 'edgeDeltaUpdateFraction'),
          ),
        ),
      ),
      months,
    ),
  };
  if (owner === 'users') return [distribution];
  if (classes.length === 0) return { unpriced: 'the classes of the devices are not given' };
  const perYear: Traced[] = [];
  for (const { row, share } of classes) {
    if (row.listPriceUsd === null) return { unpriced: `no list price of ${row.accelerator} is known` };
    perYear.push(
      quotient(
        row.accelerator,
        'USD/year',
        product(
          `price of ${row.accelerator}`,
          'USD',
          given(`share of ${row.accelerator}`, share, 'fraction'),
          given('list price', row.listPriceUsd, 'USD', { table: 'accelerators', row: row.row }),
        ),
        named('lifetime', carried(row) ? 'depreciationYearsPhoneOrLaptop' : 'depreciationYearsWorkstation'),
      ),
    );
  }
  const visited = classes.filter(({ row }) => !carried(row));
  const visits = quotient(
    formulas.visits.label,
    'USD/month',
    product(
      'visits in a year',
      'USD/year',
      devices,
      sum(
        'devices that nobody carries',
        'fraction',
        ...visited.map(({ row, share }) => given(`share of ${row.accelerator}`, share, 'fraction')),
      ),
      named('failures', 'edgeDeviceFailureFractionPerYear'),
      named('a visit', 'edgeDeviceVisitCost'),
    ),
    months,
  );
  const worn = sum('wear of a device', 'USD/year', ...perYear);
  return [
    {
      working: formulas.devices,
      amount: quotient(
        formulas.devices.label,
        'USD/month',
        product(
          'borne by this work',
          'USD/year',
          devices,
          worn,
          named('share of a device this work bears', 'edgeDeviceCostShare'),
        ),
        months,
      ),
    },
    distribution,
    {
      working: formulas.management,
      amount: product(formulas.management.label, 'USD/month', devices, named('management', 'mdmCost')),
    },
    ...(visited.length === 0 ? [] : [{ working: formulas.visits, amount: visits }]),
  ];
}
