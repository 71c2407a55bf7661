import { type Engine, type RequestShape, replicaOn, type Weights } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import { unitsNeeded } from '../cost/fleet.js';
import { predicted, type Traced } from '../formula/traced.js';
import type { AcceleratorRow, Kind } from '../tables/columns.js';
import { bestSeen, type Served, servedBy, withinTargets } from './fleet-service.js';
import type { OwnModel } from './machine-table.js';
import { emptyOption, type Offer, type Option, optionId, splitsOf, type UnitType } from './option.js';
import type { Context, LookUpFilter } from './placement.js';

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

const bytesPerGb = 1e9;

/** The split of a unit into replicas, and its rate per task part (null: it may not, or cannot). */
type Fitted = { gpusPerReplica: number; unitRequestsPerS: (number | null)[] };

/** A model on a machine, with the task parts it may serve there. */
type Placed = OwnModel & {
  serves: readonly boolean[];
  shapes: readonly RequestShape[];
  support: SchemeSupport;
  engine: Engine;
  copies: number;
};

/** A split of a unit into replicas, with saturation rates; `needs`: units by task part (infinite: none). */
type Split = {
  gpus: number;
  servings: (Served | null)[];
  needs: Float64Array;
  served: number;
};

/** Every split of a unit that serves some task part, without targets on latency. */
function splitsOn(placed: Placed, unit: UnitType, context: Context): Split[] {
  const { engine, copies } = placed;
  return splitsOf(unit.gpus).flatMap((gpus) => {
    const replica = replicaOn(placed.weights, unit.accelerator, gpus, placed.support, engine);
    if (replica === null) return [];
    let served = 0;
    const needs = new Float64Array(context.workload.taskParts.length).fill(Number.POSITIVE_INFINITY);
    const servings = context.workload.taskParts.map((taskPart, s) => {
      if (placed.serves[s] !== true) return null;
      const found = servedBy(replica, placed.shapes[s] as RequestShape, taskPart, engine, context);
      if (found === null) return null;
      served++;
      needs[s] = unitsNeeded(taskPart, found.serving.requestsPerS * copies * (unit.gpus / gpus), context.workload);
      return found;
    });
    return served === 0 ? [] : [{ gpus, servings, needs, served }];
  });
}

/** The tensor-parallel size that serves most task parts, then needs the fewest units for all. Null: nothing fits. */
export function bestSplit(
  placed: Placed,
  unit: UnitType,
  context: Context,
  filter: Pick<LookUpFilter, 'admitsService' | 'timed'>,
): Fitted | null {
  const candidates = splitsOn(placed, unit, context).map((split) => ({ need: sumOf(split.needs), ...split }));
  // Rates under targets are slow to compute: the best split without them comes first.
  candidates.sort((a, b) => b.served - a.served || a.need - b.need);
  let best: (Fitted & { served: number; need: number }) | null = null;
  for (const { gpus, servings, served: most, need: least } of candidates) {
    if (best !== null && (best.served > most || (best.served === most && best.need <= least))) break;
    let served = 0;
    let need = 0;
    const unitRequestsPerS = context.workload.taskParts.map((taskPart, s) => {
      const on = servings[s] ?? null;
      if (on === null || !filter.admitsService(placed.option, taskPart, () => bestSeen(on))) return null;
      const service = withinTargets(on, (placed.copies * unit.gpus) / gpus, filter.timed(taskPart));
      if (!filter.admitsService(placed.option, taskPart, () => service)) return null;
      const rate = service.unitRequestsPerS;
      served++;
      need += unitsNeeded(taskPart, rate, context.workload);
      return rate;
    });
    if (served === 0) continue;
    if (best === null || served > best.served || (served === best.served && need < best.need)) {
      best = { gpusPerReplica: gpus, unitRequestsPerS, served, need };
    }
  }
  return best;
}

/** Units of all task parts that have any. */
const sumOf = (needs: Float64Array): number =>
  needs.reduce((sum, need) => (need === Number.POSITIVE_INFINITY ? sum : sum + need), 0);

/** Disk for the weights. */
export const diskGbOf = ({ bytes }: Weights): number => bytes / bytesPerGb;

/** The same with the rows it comes from. */
export const tracedDiskGb = (weights: Weights): Traced =>
  predicted(
    'weights',
    diskGbOf(weights),
    'GB',
    `parameters of ${weights.model.family} x bits of ${weights.scheme.scheme} / 8`,
    [],
    { table: 'models', row: weights.model.row },
    { table: 'quantization', row: weights.scheme.row },
  );

/** An option with the place and without a model: the input of rules on places. */
export function placeOption(
  kind: Kind,
  { provider, region, reach, marketplace, purchase }: Omit<Offer, 'row'>,
  desk: boolean,
): Option {
  return { ...emptyOption(kind), provider, region, purchase, reach, marketplace, desk };
}

/** The machine and the offer on which an id has a model; undefined: none. */
export const offerNamed = (id: string, kind: Kind, { option }: OwnModel, units: readonly UnitType[]) =>
  units
    .flatMap((unit) => unit.offers.map((offer) => ({ unit, offer })))
    .find(({ offer }) => optionId({ ...option, ...offer, kind }) === id);

/** The whole option: a model on a machine in one form of purchase. */
export function optionOf(
  kind: Kind,
  { option: model, weights }: OwnModel,
  { accelerator, gpus }: Pick<UnitType, 'accelerator' | 'gpus'>,
  offer: Offer,
  gpusPerReplica: number,
  copies: number,
): Option {
  const { provider, region, reach, marketplace, instance, purchase } = offer;
  const option = {
    ...model,
    kind,
    provider,
    hardware: accelerator.accelerator,
    instance,
    region,
    purchase,
    reach,
    marketplace,
    desk: standsAtDesk(kind, { accelerator, gpus }),
  };
  return {
    ...option,
    id: optionId(option),
    fleet: {
      offer,
      weights,
      accelerator,
      gpusPerUnit: gpus,
      gpusPerReplica,
      copies,
    },
  };
}
