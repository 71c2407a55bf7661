import type { Demand } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import type { Formula } from './line.js';

const monthsPerYear = 12;
const weeksPerYear = 52;

/** What a plan asks of people: numbers only, whatever its deployments are. */
export type Staffing = {
  /** Kinds of its deployments, and their API providers, each once. */
  kinds: readonly Kind[];
  apiProviders: number;
  /** Fleets run by ourselves, and the GPUs of all of them together at the busiest hour. */
  fleets: number;
  gpus: number;
};

export const runFormula: Formula = {
  id: 'people.run',
  label: 'People who run it',
  unit: 'USD/month',
  text: '(fleet band by total GPUs + further fleets x adder + API integrations - baseline) FTE x yearly cost / 12',
};
export const setupFormula: Formula = {
  id: 'people.setup',
  label: 'People who set it up',
  unit: 'USD/month',
  text: '(set-up weeks of each kind once - baseline) / 52 x yearly cost / months of the horizon',
};

/** FTE to run a fleet of `gpus`: flat up to the small band's end, straight lines between band ends, per GPU above the last. */
export function fleetFte(gpus: number, assume: (name: string) => number): number {
  if (gpus <= 0) return 0;
  const points = [
    { gpus: assume('fleetBandSmallGpus'), fte: assume('fteSelfHostedCloudSmall') },
    { gpus: assume('fleetBandMediumGpus'), fte: assume('fteSelfHostedCloudMedium') },
    { gpus: assume('fleetBandLargeGpus'), fte: assume('fteSelfHostedCloudLarge') },
  ];
  let below = points[0] as (typeof points)[number];
  if (gpus <= below.gpus) return below.fte;
  for (const point of points.slice(1)) {
    if (gpus <= point.gpus)
      return below.fte + ((point.fte - below.fte) * (gpus - below.gpus)) / (point.gpus - below.gpus);
    below = point;
  }
  return (below.fte * gpus) / below.gpus;
}

/** FTE of a plan, less the least that any option needs. Never falls with GPUs, fleets or providers. */
export function fteOf({ apiProviders, fleets, gpus }: Staffing, assume: (name: string) => number): number {
  const run = fleetFte(gpus, assume) + Math.max(0, fleets - 1) * assume('ftePerFurtherFleet');
  return Math.max(0, run + apiProviders * assume('fteCloudApi') - assume('peopleBaseline'));
}

/** The parameter of a kind: `setupEffort` + `self-hosted-cloud` = `setupEffortSelfHostedCloud`. */
export function parameterOf(prefix: string, kind: Kind): string {
  const key = `${prefix}-${kind}`;
  let name = names.get(key);
  if (name === undefined) {
    name = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    names.set(key, name);
  }
  return name;
}
const names = new Map<string, string>();

/** One-off USD to set a plan up: each kind once, less the least that any option needs. */
export function setupUsd({ kinds }: Pick<Staffing, 'kinds'>, demand: Demand): number {
  let weeks = -demand.assume('setupBaseline');
  for (const kind of kinds) weeks += demand.assume(parameterOf('setupEffort', kind));
  return (Math.max(0, weeks) / weeksPerYear) * demand.team.yearlyCostUsd;
}

/** USD a month for `fte` people at full cost. */
export const fteUsdPerMonth = (fte: number, demand: Demand): number =>
  (fte * demand.team.yearlyCostUsd) / monthsPerYear;

/** What people cost in cash: only what exceeds the team's free time. */
export const cashExtraUsd = (fte: number, demand: Demand): number =>
  fteUsdPerMonth(Math.max(0, fte - demand.team.freeFte), demand);
