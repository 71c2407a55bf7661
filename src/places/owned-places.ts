import type { Site } from '../cost/owned-machine.js';
import type { Boundary, Workload } from '../workload/workload.js';
import type { Build } from './chassis.js';

/** Electricity and colocation of a region, by the token that residency is asked for with; null: no price is known. */
export type Region = { region: string; electricity: string; colocation: string | null };

const regions: readonly Region[] = [
  { region: 'us', electricity: 'electricityUs', colocation: 'colocationRetailUs' },
  { region: 'eea', electricity: 'electricityEuAverage', colocation: 'colocationRetailEu' },
  { region: 'uk', electricity: 'electricityUk', colocation: 'colocationRetailEu' },
  { region: 'jp', electricity: 'electricityJp', colocation: null },
  { region: 'in', electricity: 'electricityIn', colocation: null },
  { region: 'cn', electricity: 'electricityCn', colocation: null },
  { region: 'br', electricity: 'electricityBr', colocation: null },
];
const usual = regions[0] as Region;

/** Where machines of one's own may stand: in the regions that data must stay in, else in the usual one. */
export function regionsOf({ taskParts }: Pick<Workload, 'taskParts'>): Region[] {
  const asked = [...new Set(taskParts.flatMap(({ needs }) => needs.residency))];
  if (asked.length === 0) return [usual];
  return asked.map(
    (region) =>
      regions.find((known) => known.region === region) ?? {
        region,
        electricity: 'electricityWorldAverage',
        colocation: null,
      },
  );
}

/** Somewhere a machine of one's own can stand. A third party runs a colocation, so that data leave the premises there. */
export type Place = { provider: string; reach: Boundary; region: string; site: Site };

export function placesOf({ desk, accelerator }: Build, { region, electricity, colocation }: Region): Place[] {
  const pue = desk ? 'pueDesktopEdge' : 'pueOfficeRoom';
  const ownRoom: Place = {
    provider: 'own-room',
    reach: 'own-premises',
    region,
    site: { pue, electricity, colocation: null },
  };
  const inRack = !desk && (accelerator.kind === 'datacenter' || accelerator.kind === 'cpu');
  if (!inRack || colocation === null) return [ownRoom];
  return [
    ownRoom,
    { provider: 'colocation', reach: 'own-account', region, site: { pue: 'pue', electricity, colocation } },
  ];
}
