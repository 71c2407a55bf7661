import { type Engine, type RequestShape, replicaOn, type Weights } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import { unitsNeeded } from '../cost/fleet.js';
import { predicted, type Traced } from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import { standsAtDesk } from './chassis.js';
import { bestSeen, type Served, servedBy, withinTargets } from './fleet-service.js';
import { type Offer, splitsOf, type UnitType } from './fleet-units.js';
import { emptyOption, type Option, optionId } from './option.js';
import type { OwnModel } from './own-weights.js';
import type { Context, LookUpFilter } from './placement.js';

const bytesPerGb = 1e9;

/** The split of a unit into replicas, and its rate per task part (null: it may not, or cannot). */
export type Fitted = { gpusPerReplica: number; unitRequestsPerS: (number | null)[] };

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
