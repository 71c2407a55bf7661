import { engineOf, predictReplica, type RequestShape, type Weights } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { AcceleratorRow, RentalRow } from '../tables/rows.js';
import { commitmentFactor, unitsNeeded } from './fleet-numbers.js';
import { type Option, optionId } from './option.js';
import type { OwnModel } from './own-weights.js';
import type { Case, Search, SliceService } from './placement.js';
import { type Offer, splitsOf, type UnitType } from './rented-units.js';

const kind = 'self-hosted-cloud';
const msPerSecond = 1000;
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
  search: Pick<Search, 'admitsService'>,
): Fitted | null {
  let best: (Fitted & { served: number; need: number }) | null = null;
  for (const gpus of splitsOf(unit.gpus)) {
    let served = 0;
    let need = 0;
    const unitRequestsPerS = of.demand.slices.map((slice, s) => {
      if (placed.serves[s] !== true) return null;
      const seen = serviceOn(
        placed.weights,
        unit.accelerator,
        gpus,
        placed.support,
        unit.gpus / gpus,
        placed.shapes[s] as RequestShape,
        slice,
        of,
      );
      if (seen === null || seen.unitRequestsPerS === null || !search.admitsService(placed.option, slice, () => seen))
        return null;
      served++;
      need += unitsNeeded(slice, seen.unitRequestsPerS, of.demand);
      return seen.unitRequestsPerS;
    });
    if (served === 0) continue;
    if (best === null || served > best.served || (served === best.served && need < best.need)) {
      best = { gpusPerReplica: gpus, unitRequestsPerS, served, need };
    }
  }
  return best;
}

/**
 * What a slice sees on one replica at its highest permitted load: the unloaded time to first token times the usual tail,
 * and the time per token at the largest batch.
 */
export function serviceOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  replicas: number,
  shape: RequestShape,
  slice: Slice,
  { demand }: Case,
): SliceService | null {
  const slowest =
    slice.needs.tokensPerSecond?.by === 'user' ? 1 / slice.needs.tokensPerSecond.value : Number.POSITIVE_INFINITY;
  const serving = predictReplica(weights, accelerator, gpus, support, shape, slowest, engineOf(demand.assume));
  if (serving === null) return null;
  const thinkingS = (shape.outputTokens - slice.tokens.output) * serving.tpotS;
  const firstS = (serving.prefillS + serving.tpotS) * demand.assume('selfHostedTtftP95OverP50');
  const ttftP95Ms = demand.assume('rttSameRegion') + (firstS + thinkingS) * msPerSecond;
  return {
    ttftP95Ms,
    tokensPerSecond: 1 / serving.tpotS,
    totalP95Ms: ttftP95Ms + slice.tokens.output * serving.tpotS * msPerSecond,
    unitRequestsPerS: serving.requestsPerS * replicas,
    limitedBy: serving.limitedBy,
  };
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
