import { engineOf, predictReplica, type RequestShape, replicaOn } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import type { Demand } from '../scenario/demand.js';
import type { RentalRow } from '../tables/rows.js';
import { commitmentFactor, unitsNeeded } from './fleet-numbers.js';
import { type Option, optionId } from './option.js';
import type { OwnModel } from './own-weights.js';
import type { Case, Search } from './placement.js';
import { slowestFor, withinTargets } from './rented-service.js';
import { type Offer, splitsOf, type UnitType } from './rented-units.js';

const kind = 'self-hosted-cloud';
const bytesPerGb = 1e9;

/** How a unit is cut into replicas, and what it then serves per slice (null: it may not, or cannot). */
export type Fitted = { gpusPerReplica: number; unitRequestsPerS: (number | null)[] };

/** A model on a machine, with the slices it may serve there. */
export type Placed = OwnModel & { serves: readonly boolean[]; shapes: readonly RequestShape[]; support: SchemeSupport };

/**
 * The tensor-parallel size that serves most slices, then the one that needs the fewest units for all of them. Null when
 * nothing fits.
 */
export function bestSplit(
  placed: Placed,
  unit: UnitType,
  of: Case,
  search: Pick<Search, 'admitsService' | 'timed'>,
): Fitted | null {
  const engine = engineOf(of.demand.assume, of.tables);
  const candidates = splitsOf(unit.gpus).flatMap((gpus) => {
    const replica = replicaOn(placed.weights, unit.accelerator, gpus, placed.support, engine);
    if (replica === null) return [];
    let need = 0;
    const servings = of.demand.slices.map((slice, s) => {
      if (placed.serves[s] !== true) return null;
      const shape = placed.shapes[s] as RequestShape;
      const serving = predictReplica(replica, shape, slowestFor(slice, of), engine);
      if (serving !== null) need += unitsNeeded(slice, serving.requestsPerS * (unit.gpus / gpus), of.demand);
      return serving;
    });
    const served = servings.filter((serving) => serving !== null).length;
    return served === 0 ? [] : [{ gpus, replica, servings, served, need }];
  });
  // What targets leave of a rate takes long to tell: the cut that could be best without them is asked first.
  candidates.sort((a, b) => b.served - a.served || a.need - b.need);
  let best: (Fitted & { served: number; need: number }) | null = null;
  for (const { gpus, replica, servings, served: most, need: least } of candidates) {
    if (best !== null && (best.served > most || (best.served === most && best.need <= least))) break;
    let served = 0;
    let need = 0;
    const unitRequestsPerS = of.demand.slices.map((slice, s) => {
      const serving = servings[s] ?? null;
      if (serving === null) return null;
      const shape = placed.shapes[s] as RequestShape;
      const service = withinTargets(replica, serving, unit.gpus / gpus, shape, slice, search.timed(slice), of);
      if (!search.admitsService(placed.option, slice, () => service)) return null;
      const rate = service.unitRequestsPerS;
      served++;
      need += unitsNeeded(slice, rate, of.demand);
      return rate;
    });
    if (served === 0) continue;
    if (best === null || served > best.served || (served === best.served && need < best.need)) {
      best = { gpusPerReplica: gpus, unitRequestsPerS, served, need };
    }
  }
  return best;
}

/** What is paid for one unit of an offer with these weights on it. */
export const unitPrice = (
  { weights }: Pick<OwnModel, 'weights'>,
  offer: Pick<Offer, 'usdPerHour' | 'termMonths' | 'rental'>,
  demand: Demand,
) => ({
  instanceUsdPerHour: offer.usdPerHour,
  commitment: commitmentFactor(offer.termMonths, demand.months),
  diskGb: weights.bytes / bytesPerGb,
  provider: offer.rental.provider,
  rentalRow: offer.rental.row,
});

/** An option with the place filled in and no model yet: what gates of the place look at. */
export function placeOption(rental: RentalRow): Option {
  return {
    id: '',
    kind,
    provider: rental.provider,
    model: '',
    family: '',
    mode: 'standard',
    quantization: null,
    hardware: rental.accelerator,
    instance: null,
    region: rental.region,
    purchase: null,
    reach: 'own-account',
    marketplace: rental.tenancy === 'marketplace',
    capability: null,
    lossAt50: 0,
    contextTokens: null,
    maxOutputTokens: null,
    modalities: [],
    retires: null,
    license: 'unknown',
    api: null,
    fleet: null,
  };
}

/** The whole option: a model on a machine, bought in one way. */
export function optionOf(
  { option: model, weights }: OwnModel,
  unit: UnitType,
  offer: Offer,
  gpusPerReplica: number,
): Option {
  const { provider, hardware, region, marketplace } = placeOption(offer.rental);
  const option = {
    ...model,
    provider,
    hardware,
    instance: offer.instance,
    region,
    purchase: offer.purchase,
    marketplace,
  };
  return {
    ...option,
    id: optionId(option),
    fleet: {
      rental: offer.rental,
      model: weights.model,
      scheme: weights.scheme,
      accelerator: unit.accelerator,
      gpusPerUnit: unit.gpus,
      gpusPerReplica,
      usdPerHour: offer.usdPerHour,
      termMonths: offer.termMonths,
    },
  };
}
