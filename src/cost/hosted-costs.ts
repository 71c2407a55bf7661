import type { Demand } from '../scenario/demand.js';
import type { Origin, Tables } from '../tables/tables.js';
import { egress } from './egress.js';
import type { FleetCosts, UnitComponent } from './fleet-bill.js';
import { monthly } from './formula.js';
import { commitmentFactor } from './rented-costs.js';

/** What is asked for one dedicated endpoint, per hour. */
export type Endpoint = { usdPerHour: number; commitHours: number; provider: string; row: Origin };

const formulas = {
  follows: monthly(
    'compute.endpoints',
    'Dedicated endpoints',
    'sum over hours of (endpoints the hour needs + spares) x GPUs of one x USD per GPU-hour',
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
  demand: Demand,
  tables: Tables,
): FleetCosts {
  const { hoursPerMonth, months } = demand;
  const beyondHorizon = usdPerHour * (commitmentFactor(commitHours / hoursPerMonth, months) - 1);
  const unitHour: UnitComponent[] = [
    { working: commitHours === 0 ? formulas.follows : formulas.peak, usd: usdPerHour, sources: [row] },
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
  return {
    unitHour,
    beyondOwned: null,
    fleet: [],
    request: (slice) => [egress(provider, slice, demand, tables)],
  };
}
