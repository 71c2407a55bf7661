import { meanMultipleOf } from '../cost/axis.js';
import { type Term, termAt } from '../cost/curve.js';
import type { FleetTerm } from '../cost/fleet-term.js';
import type { Case } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Deployment } from './plan.js';

const secondsPerDay = 86_400;

/** Share of the bought machine-hours in which a fleet would be working if it always worked at saturation; an output. */
export function busyShare(
  { option, slices, lines, second, units }: Pick<Deployment, 'option' | 'slices' | 'lines' | 'second' | 'units'>,
  of: Case,
): number | null {
  const { demand } = of;
  const isFleet = (term: Term): term is FleetTerm => term.is === 'replicas' || term.is === 'peak';
  const term = lines.flatMap(({ curve }) => curve.terms).find(isFleet);
  const usual = term === undefined ? 0 : termAt({ ...term, usd: 1 }, demand.requestsPerDay);
  const boughtHours = units === undefined ? usual : units(demand.requestsPerDay) * demand.hoursPerMonth;
  if (boughtHours === 0) return null;
  const here = 1 - (second?.role === 'overflow' ? second.share(demand.requestsPerDay) : 0);
  let working = 0;
  for (const slice of slices) {
    const seen = placementOf(option.kind).service(option, slice, of);
    if ('unpriced' in seen || seen.unitRequestsPerS === null) return null;
    working +=
      ((slice.requestsPerDay * meanMultipleOf(slice, demand)) / secondsPerDay / seen.unitRequestsPerS) *
      demand.hoursPerMonth;
  }
  return (working * here) / boughtHours;
}
