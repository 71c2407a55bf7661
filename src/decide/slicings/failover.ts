import { type Candidate, dropDominated } from '../../placements/candidate.js';
import type { Case, Placement, Search } from '../../placements/placement.js';
import { placements } from '../../placements/registry.js';
import { isAtLeast } from '../../units/last-digits.js';
import { type AdmissionRule, admission } from '../admission.js';
import { availabilityOf, mayLack, twoTogether } from '../availability.js';
import { availability } from '../gates/availability.js';
import { bestSecondPlaces, groupOfSecond, type SecondChoice } from './second-places.js';

/** What plans cost that are known already, by which machines are left out; `upper` as the search has it. */
export type KnownCosts = Omit<AdmissionRule, 'ignore' | 'ignoreAll' | 'unshared'>;

/**
 * A second provider where a task asks for more availability than one place has: each API, and each machine that is worth it,
 * with the cheapest other APIs that reach it together with the first, billed for the time that the first is down.
 */
export function failovers(of: Case, known: KnownCosts = { cut: Number.POSITIVE_INFINITY }): Candidate[] {
  const asked = of.demand.slices.reduce((most, { needs }) => Math.max(most, needs.availability ?? 0), 0);
  if (asked === 0) return [];
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ignore: availability.id });
  const apis = placements
    .flatMap(({ perToken, candidates }) => (perToken ? dropDominated(candidates(of, search)) : []))
    .flatMap((place): Available[] => {
      const share = availabilityOf(place.option(), of);
      return share === null ? [] : [{ place, share }];
    });
  if (apis.length === 0) return [];
  const behind = secondsBehind(apis, of);
  const ofApis = apis.flatMap(behind);
  const lacking = placements.filter(({ kind, perToken }) => !perToken && mayLack(kind, asked, of));
  return [...ofApis, ...machinesBefore(lacking, behind, ofApis, known, of)];
}

type Available = { place: Candidate; share: NonNullable<ReturnType<typeof availabilityOf>> };

/** The pairs of a first place with the best of all others. */
function secondsBehind(others: readonly Available[], of: Case): (first: Available) => Candidate[] {
  const { demand } = of;
  const groupOf = groupOfSecond(demand);
  return ({ place: first, share }) => {
    const down = 1 - share.share;
    const choices = others.flatMap((other): (SecondChoice & { linear: Float64Array })[] => {
      if (other.place.provider === first.provider) return [];
      const together = twoTogether(share, other.share, of);
      const linear = first.linear.map((usd, s) =>
        isAtLeast(together, demand.slices[s]?.needs.availability ?? 0)
          ? usd + down * (other.place.linear[s] as number)
          : Number.NaN,
      );
      const served = linear.filter((usd) => !Number.isNaN(usd));
      const usd = served.reduce((sum, one) => sum + one, other.place.fixed);
      return served.length === 0 ? [] : [{ place: other.place, slices: served.length, usd, linear }];
    });
    return bestSecondPlaces(choices, groupOf).map(
      ({ place, linear }): Candidate => ({
        ...first,
        linear,
        fixed: first.fixed + place.fixed,
        second: { role: 'failover', candidate: place },
      }),
    );
  };
}

/** Machines with an API behind them: they are looked at as if nobody asked how available they are, as far as pairs tell. */
function machinesBefore(
  among: readonly Placement[],
  behind: (first: Available) => Candidate[],
  ofApis: readonly Candidate[],
  { cut, tie = 1, upper = () => Number.POSITIVE_INFINITY, ...known }: KnownCosts,
  of: Case,
): Candidate[] {
  const all = ({ linear }: Candidate): boolean => !linear.some(Number.isNaN);
  const pairsOf = (place: Candidate): Candidate[] => {
    const share = availabilityOf(place.option(), of);
    return share === null ? [] : behind({ place, share });
  };
  const least = (pairs: readonly Candidate[], below: number): number =>
    pairs.reduce((most, pair) => (all(pair) ? Math.min(most, upper(pair, false, most)) : most), below);
  const paired: Search['upper'] = (place, _, below) => {
    const usd = least(pairsOf(place), below);
    return usd < below ? usd : Number.POSITIVE_INFINITY;
  };
  const pairs: Candidate[] = [];
  let most = least(ofApis, cut / tie) * tie;
  for (const { candidates } of among.toSorted((a, b) => a.effort - b.effort)) {
    const { search } = admission(of, { ...known, cut: most, tie, upper: paired, ignore: availability.id });
    const found = dropDominated(candidates(of, search)).flatMap(pairsOf);
    pairs.push(...found);
    most = least(found, most / tie) * tie;
  }
  return pairs;
}
