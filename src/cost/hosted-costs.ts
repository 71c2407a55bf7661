import { monthly } from '../formula/formula.js';
import type { Origin, Tables } from '../tables/tables.js';
import type { CostTerms } from '../workload/workload.js';
import { egress } from './egress.js';
import type { FleetCosts } from './fleet-bill.js';
import { hours } from './rented-costs.js';

/** What is asked for one dedicated endpoint, per hour. */
export type Endpoint = { usdPerHour: number; commitHours: number; provider: string; row: Origin };

const formulas = {
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

/** Everything that endpoints run by a host cost: their hours, a commitment paid whole, and traffic. */
export function hostedCosts(
  { usdPerHour, commitHours, provider, row }: Endpoint,
  workload: CostTerms,
  tables: Tables,
): FleetCosts {
  const machine = commitHours === 0 ? formulas.follows : formulas.peak;
  const termMonths = commitHours / workload.hoursPerMonth;
  return {
    unitHour: hours(usdPerHour, termMonths, { machine, overhang: formulas.overhang, rows: [row] }, workload),
    beyondOwned: null,
    fleet: [],
    request: (taskPart) => [egress(provider, taskPart, workload, tables)],
  };
}
