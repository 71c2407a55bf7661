import type { Option } from '../places/option.js';
import type { Case } from '../places/placement.js';
import type { Slice } from '../workload/demand.js';
import { holds } from './claims.js';
import { byTruth, type Gate, passed, type Turn } from './gate.js';
import { dataPath, listText } from './turns.js';

/** Processing stays in one of the regions asked for. */
export const residency: Gate = {
  id: 'residency',
  level: 'provider',
  asks: ({ needs }) => needs.residency.length > 0,
  check(option, slice, of) {
    const { needs } = slice;
    if (needs.residency.length === 0) return passed;
    const found = holds(needs.residency.map((region) => `region:${region}`).join(' | '), option, needs, of);
    return byTruth(found, {
      need: `processed in ${needs.residency.join(' or ')}`,
      can: 'possible',
      turnsAt: () => regionTurn(option, slice, of),
    });
  },
};

/** The region that an option is processed in, allowed too; none is known: no region asked for. */
function regionTurn(option: Option, slice: Slice, of: Case): Turn {
  const regions = [
    ...(of.tables.regionOf.get(option.region ?? '')?.tokens ?? []),
    ...(option.region === null ? [] : [option.region]),
    ...(of.tables.providerOf.get(option.provider)?.regions ?? []).map((region) => region.replace(/\?$/, '')),
  ];
  const allows = (region: string) =>
    ['passed', 'condition'].includes(holds(`region:${region}`, option, slice.needs, of).state);
  const there = regions.find((region) => /^[a-z-]+$/.test(region) && allows(region));
  return {
    path: dataPath(slice, 'residency'),
    value: listText(there === undefined ? [] : [...slice.needs.residency, there]),
  };
}
