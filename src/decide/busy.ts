import { meanMultipleOf, type Term, termAt } from '../cost/curve.js';

import type { FleetTerm } from '../cost/fleet.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Deployment } from './plan.js';

const secondsPerDay = 86_400;

/** Share of the bought machine-hours in which a fleet would be working if it always worked at saturation; an output. */
export function busyShare(
  { option, taskParts, lines, second, units }: Pick<Deployment, 'option' | 'taskParts' | 'lines' | 'second' | 'units'>,
  context: Context,
): number | null {
  const { workload } = context;
  const isFleet = (term: Term): term is FleetTerm => term.is === 'replicas' || term.is === 'peak';
  const term = lines.flatMap(({ curve }) => curve.terms).find(isFleet);
  const usual = term === undefined ? 0 : termAt({ ...term, usd: 1 }, workload.requestsPerDay);
  const boughtHours = units === undefined ? usual : units(workload.requestsPerDay) * workload.hoursPerMonth;
  if (boughtHours === 0) return null;
  const here = 1 - (second?.role === 'overflow' ? second.share(workload.requestsPerDay) : 0);
  let working = 0;
  for (const taskPart of taskParts) {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    if ('unpriced' in seen || seen.unitRequestsPerS === null) return null;
    working +=
      ((taskPart.requestsPerDay * meanMultipleOf(taskPart, workload)) / secondsPerDay / seen.unitRequestsPerS) *
      workload.hoursPerMonth;
  }
  return (working * here) / boughtHours;
}
