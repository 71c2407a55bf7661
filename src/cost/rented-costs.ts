import type { Formula } from '../formula/formula.js';
import { monthly } from '../formula/formula.js';
import { given, parameter, product, quotient, sum } from '../formula/traced.js';
import type { Origin, Tables } from '../tables/tables.js';
import type { CostTerms } from '../workload/workload.js';
import { egress } from './egress.js';
import type { FleetCosts, UnitComponent } from './fleet-bill.js';
import { hoursInMonth } from './slice-trace.js';

/** What is asked for one rented machine, per hour. */
export type Rent = {
  usdPerHour: number;
  /** Months of a commitment; 0: none. */
  termMonths: number;
  provider: string;
  rows: readonly Origin[];
};

const formulas = {
  follows: monthly(
    'compute.instances',
    'Rented machines',
    'sum over hours of (machines the hour needs, for the scaling lag before a higher hour those of that hour, + spares) x USD per machine-hour',
  ),
  peak: monthly(
    'compute.instances',
    'Reserved machines',
    '(machines the highest hour needs + spares) x hours/month x USD per machine-hour',
  ),
  overhang: monthly(
    'compute.commitment',
    'Commitment beyond the horizon',
    'reserved machines x (months paid / months of the horizon - 1)',
  ),
  storage: monthly(
    'storage.weights',
    'Disk for the weights',
    'machine-hours x GB of weights x USD per GB-month / hours in a month',
  ),
  platform: monthly('other.platform', 'Load balancer and cluster', 'load balancer + control plane, once per fleet'),
  watch: monthly('other.observability', 'Monitoring', 'machine-hours x USD per host-month / hours in a month'),
};

/** What is paid over what falls in the horizon, for a commitment of `termMonths` that is renewed until the horizon ends. */
export const commitmentFactor = (termMonths: number, months: number): number =>
  termMonths === 0 ? 1 : (Math.ceil(months / termMonths) * termMonths) / months;

/** A price per hour, and what of a commitment falls beyond the horizon, as components of a unit. */
export function hours(
  usdPerHour: number,
  termMonths: number,
  of: { machine: Formula; overhang: Formula; rows: readonly Origin[] },
  { hoursPerMonth, months }: CostTerms,
): UnitComponent[] {
  const price = given(of.machine.label, usdPerHour, 'USD/unit-hour', ...of.rows);
  const beyond = commitmentFactor(termMonths, months) - 1;
  if (beyond <= 0) return [{ working: of.machine, amount: price }];
  const amount = product(
    of.overhang.label,
    'USD/unit-hour',
    price,
    given('months paid beyond the horizon over its months', beyond, 'ratio'),
  );
  const overhang = {
    working: of.overhang,
    amount,
    upfrontUsdPerUnit: amount.value * hoursPerMonth * months,
    once: true as const,
    atEnd: true as const,
  };
  return [{ working: of.machine, amount: price }, overhang];
}

/** Disk for weights on every machine. */
export const weightsDisk = (diskGb: number, workload: CostTerms, tables: Tables): UnitComponent => ({
  working: formulas.storage,
  amount: quotient(
    'disk of a machine',
    'USD/unit-hour',
    product(
      'disk of a machine',
      'USD/month',
      given('weights', diskGb, 'GB'),
      parameter('disk', 'storageBlockSsd', { workload, tables }),
    ),
    hoursInMonth(workload),
  ),
});

/** Everything that machines rented in an account of one's own cost, but the disk for the weights. */
export function rentedCosts(
  { usdPerHour, termMonths, provider, rows }: Rent,
  followsHours: boolean,
  workload: CostTerms,
  tables: Tables,
): FleetCosts {
  const context = { workload, tables };
  const machine = followsHours ? formulas.follows : formulas.peak;
  const perMonth = hoursInMonth(workload);
  return {
    unitHour: [
      ...hours(usdPerHour, termMonths, { machine, overhang: formulas.overhang, rows }, workload),
      {
        working: formulas.watch,
        amount: quotient(
          'monitoring of a machine',
          'USD/unit-hour',
          parameter('monitoring', 'observabilityPerHost', context),
          perMonth,
        ),
      },
    ],
    beyondOwned: null,
    fleet: [
      {
        working: formulas.platform,
        amount: sum(
          formulas.platform.label,
          'USD/month',
          parameter('load balancer', 'loadBalancer', context),
          parameter('control plane', 'kubernetesControlPlane', context),
        ),
      },
    ],
    request: (taskPart) => [egress(provider, taskPart, workload, tables)],
  };
}
