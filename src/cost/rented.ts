import type { Figures } from '../formula/traced.js';
import { type Formula, monthly } from '../formula/traced.js';
import type { RentalRow } from '../tables/columns.js';
import type { Origin, Tables } from '../tables/tables.js';
import { secondsPerHour } from '../units/month.js';
import type { CostTerms } from '../workload/workload.js';
import { egress } from './extras.js';
import type { Component, FleetCosts, UnitComponent } from './fleet-bill.js';
import { hoursInMonth } from './task-trace.js';

/** The price of one rented machine, per hour. */
type Rent = {
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

/** Payments over the part within the horizon, for a commitment of `termMonths` renewed until its end. */
export const commitmentFactor = (termMonths: number, months: number): number =>
  termMonths === 0 ? 1 : (Math.ceil(months / termMonths) * termMonths) / months;

/** An hourly price, and a commitment beyond the horizon, as components of a unit. */
export function hours<Figure>(
  usdPerHour: number,
  termMonths: number,
  of: { machine: Formula; overhang: Formula; rows: readonly Origin[] },
  { hoursPerMonth, months }: CostTerms,
  figures: Figures<Figure>,
): UnitComponent<Figure>[] {
  const price = figures.given(of.machine.label, usdPerHour, 'USD/unit-hour', ...of.rows);
  const beyond = commitmentFactor(termMonths, months) - 1;
  if (beyond <= 0) return [{ working: of.machine, amount: price }];
  const amount = figures.product(
    of.overhang.label,
    'USD/unit-hour',
    price,
    figures.given('months paid beyond the horizon over its months', beyond, 'ratio'),
  );
  const overhang = {
    working: of.overhang,
    amount,
    upfrontUsdPerUnit: figures.valueOf(amount) * hoursPerMonth * months,
    once: true as const,
    atEnd: true as const,
  };
  return [{ working: of.machine, amount: price }, overhang];
}

/** Disk for weights on every machine. */
const weightsDisk = <Figure>(
  diskGb: number,
  workload: CostTerms,
  tables: Tables,
  figures: Figures<Figure>,
): UnitComponent<Figure> => ({
  working: formulas.storage,
  amount: figures.quotient(
    'disk of a machine',
    'USD/unit-hour',
    figures.product(
      'disk of a machine',
      'USD/month',
      figures.given('weights', diskGb, 'GB'),
      figures.parameter('disk', 'storageBlockSsd', { workload, tables }),
    ),
    figures.of(hoursInMonth(workload)),
  ),
});

/** All costs of machines rented in an own account, with a disk for the weights each. */
export function rentedCosts<Figure>(
  { usdPerHour, termMonths, provider, rows }: Rent,
  followsHours: boolean,
  diskGb: number,
  workload: CostTerms,
  tables: Tables,
  figures: Figures<Figure>,
): FleetCosts<Figure> {
  const context = { workload, tables };
  const machine = followsHours ? formulas.follows : formulas.peak;
  return {
    unitHour: [
      ...hours(usdPerHour, termMonths, { machine, overhang: formulas.overhang, rows }, workload, figures),
      {
        working: formulas.watch,
        amount: figures.quotient(
          'monitoring of a machine',
          'USD/unit-hour',
          figures.parameter('monitoring', 'observabilityPerHost', context),
          figures.of(hoursInMonth(workload)),
        ),
      },
      weightsDisk(diskGb, workload, tables, figures),
    ],
    beyondOwned: null,
    // The machines of a job take its requests from a list: nothing stands before them.
    fleet: workload.once
      ? []
      : [
          {
            working: formulas.platform,
            amount: figures.sum(
              formulas.platform.label,
              'USD/month',
              figures.parameter('load balancer', 'loadBalancer', context),
              figures.parameter('control plane', 'kubernetesControlPlane', context),
            ),
          },
        ],
    request: (taskPart) => [trafficOf(egress(provider, taskPart, workload, tables), figures)],
  };
}

/** Traffic, made as the other figures are. */
const trafficOf = <Figure>(
  { working, amount, rateAssumed }: Component,
  figures: Figures<Figure>,
): Component<Figure> => ({ working, amount: figures.of(amount), ...(rateAssumed && { rateAssumed }) });

/** The price of one dedicated endpoint, per hour. */
type Endpoint = { usdPerHour: number; commitHours: number; provider: string; row: Origin };

const hostedFormulas = {
  follows: monthly(
    'compute.endpoints',
    'Dedicated endpoints',
    'sum over hours of (endpoints the hour needs, for the scaling lag before a higher hour those of that hour, + spares) x GPUs of one x USD per GPU-hour',
  ),
  peak: monthly(
    'compute.endpoints',
    'Dedicated endpoints under a commitment',
    '(endpoints the highest hour needs + spares) x hours/month x GPUs of one x USD per GPU-hour',
  ),
  overhang: monthly(
    'compute.commitment',
    'Commitment beyond the horizon',
    'endpoints x (months paid / months of the horizon - 1)',
  ),
};

/** All costs of managed endpoints: hours, commitments in full, and traffic. */
export function hostedCosts<Figure>(
  { usdPerHour, commitHours, provider, row }: Endpoint,
  workload: CostTerms,
  tables: Tables,
  figures: Figures<Figure>,
): FleetCosts<Figure> {
  const machine = commitHours === 0 ? hostedFormulas.follows : hostedFormulas.peak;
  const termMonths = commitHours / workload.hoursPerMonth;
  return {
    unitHour: hours(
      usdPerHour,
      termMonths,
      { machine, overhang: hostedFormulas.overhang, rows: [row] },
      workload,
      figures,
    ),
    beyondOwned: null,
    fleet: [],
    request: (taskPart) => [trafficOf(egress(provider, taskPart, workload, tables), figures)],
  };
}

/** Rented machines for some replicas. */
export type ReplicaPrice = { row: RentalRow; gpusPerMachine: number; machines: number; usdPerHour: number };

/**
 * The cheapest cloud machines on demand for `replicas` of `gpus` cards; a replica does not span machines, and machines
 * are rented whole. Null where no row has enough cards of the kind, or none has a price.
 */
export function cheapestFor(
  rows: readonly RentalRow[],
  accelerator: string,
  gpus: number,
  replicas: number,
): ReplicaPrice | null {
  let best: ReplicaPrice | null = null;
  for (const row of rows) {
    const usd = row.onDemandUsdPerHour;
    if (row.accelerator !== accelerator || usd === null || row.tenancy === 'marketplace') continue;
    for (const group of row.soldIn.length > 0 ? row.soldIn : [1]) {
      const gpusPerMachine = group * row.gpuCount;
      const held = Math.floor(gpusPerMachine / gpus);
      if (held === 0) continue;
      const machines = Math.ceil(replicas / held);
      const usdPerHour = machines * usd * group;
      if (best === null || usdPerHour < best.usdPerHour) best = { row, gpusPerMachine, machines, usdPerHour };
    }
  }
  return best;
}

const million = 1e6;

/** USD per million tokens: USD an hour / (tokens a second x 3,600) x 1e6. */
export const usdPerMillion = (usdPerHour: number, tokensPerS: number): number =>
  (usdPerHour / (tokensPerS * secondsPerHour)) * million;
