import { type Candidate, dropDominated } from '../../placements/candidate.js';
import type { Case } from '../../placements/placement.js';
import { placements } from '../../placements/registry.js';
import { admission } from '../admission.js';
import { availabilityOf, twoTogether } from '../availability.js';
import { availability } from '../gates/availability.js';
import { bestSecondPlaces, groupOfSecond, type SecondChoice } from './second-places.js';

/**
 * A second provider where a task asks for more availability than one of them has: each API with the cheapest other ones
 * that reach it together with the first, billed for the time that the first is down.
 */
export function failovers(of: Case): Candidate[] {
  const { demand } = of;
  if (demand.slices.every(({ needs }) => needs.availability === null)) return [];
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ignore: availability.id });
  const apis = placements.flatMap(({ perToken, candidates }) =>
    perToken ? dropDominated(candidates(of, search)) : [],
  );
  const known = apis.flatMap((api): Known[] => {
    const share = availabilityOf(api.option(), of);
    return share === null ? [] : [{ api, share }];
  });
  const groupOf = groupOfSecond(demand);
  return known.flatMap((first) => {
    const down = 1 - first.share.share;
    const billed = (other: Known): Float64Array => {
      const together = twoTogether(first.share, other.share, of);
      return first.api.linear.map((usd, s) =>
        together >= (demand.slices[s]?.needs.availability ?? 0)
          ? usd + down * (other.api.linear[s] as number)
          : Number.NaN,
      );
    };
    const choices = known.flatMap((other): (SecondChoice & { linear: Float64Array })[] => {
      if (other.api.provider === first.api.provider) return [];
      const linear = billed(other);
      const served = linear.filter((usd) => !Number.isNaN(usd));
      const usd = served.reduce((sum, one) => sum + one, other.api.fixed);
      return served.length === 0 ? [] : [{ place: other.api, slices: served.length, usd, linear }];
    });
    return bestSecondPlaces(choices, groupOf).map(
      ({ place, linear }): Candidate => ({
        ...first.api,
        linear,
        fixed: first.api.fixed + place.fixed,
        second: { role: 'failover', candidate: place },
      }),
    );
  });
}

type Known = { api: Candidate; share: NonNullable<ReturnType<typeof availabilityOf>> };
