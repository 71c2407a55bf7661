import type { AcceleratorRow, Kind } from '../tables/rows.js';

type Chassis = {
  parameter: string;
  gpus: number;
  /** Kinds of cards it takes, and the links of such cards. */
  takes: readonly AcceleratorRow['kind'][];
  links: readonly string[];
  /** Kinds of cards with which it stands at a desk; with others it is a server. */
  desk: readonly AcceleratorRow['kind'][];
  /** Not sold with so few accelerators: for owned hardware that fills no larger one. */
  ownedOnly?: true;
};

const cards = ['pcie', 'none'];
/** Modules on a board of eight or four, joined by links of their own. */
const modules = ['nvlink', 'xgmi'];

const anyCard: Chassis['takes'] = ['datacenter', 'workstation', 'consumer'];

/** Chassis for accelerators. Gaming cards are too wide for a server, and not licensed for one. */
const all: readonly Chassis[] = [
  workstation('serverChassis1gpuWorkstationExclGpu', 1, anyCard),
  workstation('serverChassis2gpuWorkstationExclGpu', 2, anyCard),
  workstation('serverChassis4gpuWorkstationExclGpu', 4, ['workstation', 'consumer']),
  {
    parameter: 'serverChassis8gpuPcieExclGpu',
    gpus: 8,
    takes: ['datacenter', 'workstation'],
    links: cards,
    desk: [],
  },
  ...[1, 2, 4].map((gpus): Chassis => ({ ...ofModules('serverChassis4gpuHgxExclGpu', gpus), ownedOnly: true })),
  ofModules('serverChassis8gpuHgxExclGpu', 8),
];

function workstation(parameter: string, gpus: number, desk: Chassis['desk']): Chassis {
  return { parameter, gpus, takes: anyCard, links: cards, desk };
}

function ofModules(parameter: string, gpus: number): Chassis {
  return { parameter, gpus, takes: ['datacenter'], links: modules, desk: [] };
}

/** A machine on sale: accelerators in a chassis, or (null) one product. */
export type Build = {
  accelerator: AcceleratorRow;
  gpus: number;
  chassis: string | null;
  desk: boolean;
  /** Had only by those who own some that fill no larger machine. */
  ownedOnly: boolean;
};

/** Kinds that are sold as one thing: whether they stand at a desk. */
const whole: Partial<Record<AcceleratorRow['kind'], boolean>> = { soc: true, cpu: false };

/** Every machine that an accelerator stands in; a phone is none. */
export function buildsOf(accelerator: AcceleratorRow): Build[] {
  const desk = whole[accelerator.kind];
  if (desk !== undefined) return [{ accelerator, gpus: 1, chassis: null, desk, ownedOnly: false }];
  return all
    .filter(({ takes, links }) => takes.includes(accelerator.kind) && links.includes(accelerator.interconnect))
    .map(({ parameter, gpus, desk, ownedOnly = false }) => ({
      accelerator,
      gpus,
      chassis: parameter,
      desk: desk.includes(accelerator.kind),
      ownedOnly,
    }));
}

/** The machine with so many of an accelerator. */
export const buildOf = ({ accelerator, gpus }: Pick<Build, 'accelerator' | 'gpus'>): Build => {
  const found = buildsOf(accelerator).find((build) => build.gpus === gpus);
  if (found === undefined) throw new Error(`no machine takes ${gpus} ${accelerator.accelerator}`);
  return found;
};

/** Whether a machine is at a desk: it serves a team, with spares of its own rule. */
export const isDesk = (unit: Pick<Build, 'accelerator' | 'gpus'>): boolean => buildOf(unit).desk;

/** Whether an option on such a machine is at a desk: only own hardware is. */
export const standsAtDesk = (kind: Kind, unit: Pick<Build, 'accelerator' | 'gpus'>): boolean =>
  kind === 'on-prem' && isDesk(unit);
