import type { Demand } from '../scenario/demand.js';
import type { Origin, Tables } from '../tables/tables.js';
import { egress } from './egress.js';
import type { FleetCosts, UnitComponent } from './fleet-bill.js';
import { monthly, parameterRows } from './formula.js';

/** What is asked for one rented machine, per hour. */
export type Rent = {
  usdPerHour: number;
  /** Months of a commitment; 0: none. */
  termMonths: number;
  diskGb: number;
  provider: string;
  row: Origin;
};

const formulas = {
  follows: monthly(
    'compute.instances',
    'Rented machines',
    'sum over hours of (machines the hour needs + spares) x USD per machine-hour',
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

/** Everything that machines rented in an account of one's own cost. */
export function rentedCosts(
  { usdPerHour, termMonths, diskGb, provider, row }: Rent,
  followsHours: boolean,
  demand: Demand,
  tables: Tables,
): FleetCosts {
  const { hoursPerMonth, months } = demand;
  const beyondHorizon = usdPerHour * (commitmentFactor(termMonths, months) - 1);
  const unitHour: UnitComponent[] = [
    { working: followsHours ? formulas.follows : formulas.peak, usd: usdPerHour, sources: [row] },
  ];
  if (beyondHorizon > 0) {
    unitHour.push({
      working: formulas.overhang,
      usd: beyondHorizon,
      sources: [row],
      upfrontUsdPerUnit: beyondHorizon * hoursPerMonth * months,
      once: true,
    });
  }
  unitHour.push(
    {
      working: formulas.storage,
      usd: (diskGb * demand.assume('storageBlockSsd')) / hoursPerMonth,
      sources: parameterRows(tables, 'storageBlockSsd'),
    },
    {
      working: formulas.watch,
      usd: demand.assume('observabilityPerHost') / hoursPerMonth,
      sources: parameterRows(tables, 'observabilityPerHost'),
    },
  );
  return {
    unitHour,
    beyondOwned: null,
    fleet: [
      {
        working: formulas.platform,
        usd: demand.assume('loadBalancer') + demand.assume('kubernetesControlPlane'),
        sources: parameterRows(tables, 'loadBalancer', 'kubernetesControlPlane'),
      },
    ],
    request: (slice) => [egress(provider, slice, demand, tables)],
  };
}
