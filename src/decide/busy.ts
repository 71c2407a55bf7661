import { meanMultipleOf } from '../cost/axis.js';
import { termAt } from '../cost/curve.js';
import type { CostLine } from '../cost/line.js';
import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Slice } from '../scenario/demand.js';

const secondsPerDay = 86_400;

/** Share of the bought machine-hours in which a fleet would be working if it always worked at saturation; an output. */
export function busyShare(
  { option, slices, lines }: { option: Option; slices: readonly Slice[]; lines: readonly CostLine[] },
  of: Case,
): number | null {
  const { demand } = of;
  const term = lines.flatMap(({ curve }) => curve.terms).find(({ is }) => is !== 'smooth');
  if (term === undefined || term.is === 'smooth') return null;
  const boughtHours = termAt({ ...term, usd: 1 }, demand.requestsPerDay);
  let working = 0;
  for (const slice of slices) {
    const seen = placementOf(option.kind).service(option, slice, of);
    if ('unpriced' in seen || seen.unitRequestsPerS === null) return null;
    working +=
      ((slice.requestsPerDay * meanMultipleOf(slice, demand)) / secondsPerDay / seen.unitRequestsPerS) *
      demand.hoursPerMonth;
  }
  return boughtHours === 0 ? null : working / boughtHours;
}
