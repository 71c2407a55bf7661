import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import type { TaskPart } from '../workload/workload.js';
import { holds } from './claims.js';
import { byTruth, type Gate, passed, type Turn } from './gate.js';
import { dataPath, listText } from './turns.js';

/** Processing stays in one of the regions asked for. */
export const residency: Gate = {
  id: 'residency',
  level: 'provider',
  asks: ({ needs }) => needs.residency.length > 0,
  check(option, taskPart, context) {
    const { needs } = taskPart;
    if (needs.residency.length === 0) return passed;
    const found = holds(needs.residency.map((region) => `region:${region}`).join(' | '), option, needs, context);
    return byTruth(found, {
      need: `processed in ${needs.residency.join(' or ')}`,
      can: 'possible',
      turnsAt: () => regionTurn(option, taskPart, context),
    });
  },
};

/** The region that an option is processed in, allowed too; none is known: no region asked for. */
function regionTurn(option: Option, taskPart: TaskPart, context: Context): Turn {
  const regions = [
    ...(context.tables.regionOf.get(option.region ?? '')?.tokens ?? []),
    ...(option.region === null ? [] : [option.region]),
    ...(context.tables.providerOf.get(option.provider)?.regions ?? []).map((region) => region.replace(/\?$/, '')),
  ];
  const allows = (region: string) =>
    ['passed', 'condition'].includes(holds(`region:${region}`, option, taskPart.needs, context).state);
  const there = regions.find((region) => /^[a-z-]+$/.test(region) && allows(region));
  return {
    path: dataPath(taskPart, 'residency'),
    value: listText(there === undefined ? [] : [...taskPart.needs.residency, there]),
  };
}
