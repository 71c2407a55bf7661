import { predictReplica, type Weights } from '../capacity/replica.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { commitmentFactor, unitsNeeded } from './fleet-numbers.js';
import { type Option, optionId } from './option.js';
import { type OwnModel, shapeOf } from './own-weights.js';
import type { Case, Search, SliceService } from './placement.js';
import { type Offer, splitsOf, type UnitType } from './rented-units.js';

const kind = 'self-hosted-cloud';
const msPerSecond = 1000;
const bytesPerGb = 1e9;

/** How a unit is cut into replicas, and what it then serves per slice (null: it may not, or cannot). */
export type Fitted = { gpusPerReplica: number; unitRequestsPerS: (number | null)[] };

/**
 * The tensor-parallel size that serves most slices, then the one that needs the fewest units for all of them. Null when
 * nothing fits.
 */
export function bestSplit(item: OwnModel & { serves: readonly boolean[] }, unit: UnitType, of: Case, search: Pick<Search, 'admitsService'>): Fitted | null {
  let best: (Fitted & { served: number; need: number }) | null = null;
  for (const gpus of splitsOf(unit.gpus)) {
    let served = 0;
    let need = 0;
    const unitRequestsPerS = of.demand.slices.map((slice, s) => {
      if (item.serves[s] !== true) return null;
      const seen = serviceOn(item.option, item.weights, unit.accelerator, gpus, unit.gpus / gpus, slice, of);
      if (seen === null || seen.unitRequestsPerS === null || !search.admitsService(item.option, slice, seen)) return null;
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
  option: Pick<Option, 'mode' | 'capability'>,
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  replicas: number,
  slice: Slice,
  of: Case,
): SliceService | null {
  const { demand, tables } = of;
  const assume = (name: string) => demand.assume(name);
  const shape = shapeOf(option, slice, of);
  const slowest = slice.needs.tokensPerSecond?.by === 'user' ? 1 / slice.needs.tokensPerSecond.value : Number.POSITIVE_INFINITY;
  const serving = predictReplica(weights, accelerator, gpus, shape, slowest, tables.architectures, assume);
  if (serving === null) return null;
  const thinkingS = (shape.outputTokens - slice.tokens.output) * serving.tpotS;
  const firstS = (serving.prefillS + serving.tpotS) * assume('selfHostedTtftP95OverP50');
  const ttftP95Ms = assume('rttSameRegion') + (firstS + thinkingS) * msPerSecond;
  return {
    ttftP95Ms,
    tokensPerSecond: 1 / serving.tpotS,
    totalP95Ms: ttftP95Ms + slice.tokens.output * serving.tpotS * msPerSecond,
    unitRequestsPerS: serving.requestsPerS * replicas,
    limitedBy: serving.limitedBy,
  };
}

/** What is paid for one unit of an offer with these weights on it. */
export const unitPrice = ({ weights }: Pick<OwnModel, 'weights'>, offer: Pick<Offer, 'usdPerHour' | 'termMonths' | 'rental'>, demand: Demand) => ({
  instanceUsdPerHour: offer.usdPerHour,
  commitment: commitmentFactor(offer.termMonths, demand.months),
  diskGb: weights.bytes / bytesPerGb,
  provider: offer.rental.provider,
  rentalRow: offer.rental.row,
});

/** An option with the place filled in and no model yet: what gates of the place look at. */
export function placeOption(offer: Offer): Option {
  return {
    id: '',
    kind,
    provider: offer.rental.provider,
    model: '',
    family: '',
    mode: 'standard',
    quantization: null,
    hardware: offer.rental.accelerator,
    instance: offer.instance,
    region: offer.rental.region,
    purchase: offer.purchase,
    reach: 'own-account',
    marketplace: offer.rental.tenancy === 'marketplace',
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
export function optionOf({ option: model, weights }: OwnModel, unit: UnitType, offer: Offer, gpusPerReplica: number): Option {
  const { provider, hardware, instance, region, purchase, marketplace } = placeOption(offer);
  const option = { ...model, provider, hardware, instance, region, purchase, marketplace };
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
