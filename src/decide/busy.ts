import { meanMultipleOf } from '../cost/axis.js';
import { termAt } from '../cost/curve.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Deployment } from './plan.js';

const secondsPerDay = 86_400;

/** Share of the bought machine-hours in which a fleet would be working if it always worked at saturation; an output. */
export function busyShare(
  { option, slices, lines, second, units }: Pick<Deployment, 'option' | 'slices' | 'lines' | 'second' | 'units'>,
  of: Case,
): number | null {
  const { demand } = of;
  const term = lines.flatMap(({ curve }) => curve.terms).find(({ is }) => is === 'replicas' || is === 'peak');
  if (units === undefined && (term === undefined || term.is === 'smooth')) return null;
  const boughtHours =
    units !== undefined
      ? units(demand.requestsPerDay) * demand.hoursPerMonth
      : term === undefined || term.is === 'smooth'
        ? 0
        : termAt({ ...term, usd: 1 }, demand.requestsPerDay);
  const here = 1 - (second?.role === 'overflow' ? second.share(demand.requestsPerDay) : 0);
  let working = 0;
  for (const slice of slices) {
    const seen = placementOf(option.kind).service(option, slice, of);
    if ('unpriced' in seen || seen.unitRequestsPerS === null) return null;
    working +=
      ((slice.requestsPerDay * meanMultipleOf(slice, demand)) / secondsPerDay / seen.unitRequestsPerS) *
      demand.hoursPerMonth;
  }
  return boughtHours === 0 ? null : (working * here) / boughtHours;
}
