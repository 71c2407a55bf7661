import { type Candidate, dropDominated } from '../../placements/candidate.js';
import type { Case } from '../../placements/placement.js';
import { placements } from '../../placements/registry.js';
import { admission } from '../admission.js';
import { availabilityOf, twoTogether } from '../availability.js';
import { availability } from '../gates/availability.js';

/**
 * A second provider where a task asks for more availability than one of them has: each API with the cheapest other one
 * that reaches it together with the first, billed for the time that the first is down.
 */
export function failovers(of: Case): Candidate[] {
  const { demand } = of;
  if (demand.slices.every(({ needs }) => needs.availability === null)) return [];
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ignore: availability.id });
  const apis = placements.flatMap(({ perToken, candidates }) =>
    perToken ? dropDominated(candidates(of, search)) : [],
  );
  const known = apis.flatMap((api) => {
    const share = availabilityOf(api.option(), of);
    return share === null ? [] : [{ api, share }];
  });
  const found: Candidate[] = [];
  for (const first of known) {
    let best: { candidate: Candidate; slices: number; usd: number } | null = null;
    for (const other of known) {
      if (other.api.provider === first.api.provider) continue;
      const together = twoTogether(first.share, other.share, of);
      const down = 1 - first.share.share;
      const linear = first.api.linear.map((usd, s) => {
        const needed = demand.slices[s]?.needs.availability ?? 0;
        return together >= needed ? usd + down * (other.api.linear[s] as number) : Number.NaN;
      });
      const served = linear.filter((usd) => !Number.isNaN(usd));
      if (served.length === 0) continue;
      const usd = served.reduce((sum, one) => sum + one, 0);
      // Most slices first, then the least cost.
      if (best !== null && (best.slices - served.length || usd - best.usd) >= 0) continue;
      const fixed = first.api.fixed + other.api.fixed;
      best = {
        slices: served.length,
        usd,
        candidate: { ...first.api, linear, fixed, second: { role: 'failover', candidate: other.api } },
      };
    }
    if (best !== null) found.push(best.candidate);
  }
  return found;
}
