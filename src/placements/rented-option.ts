import { engineOf, predictReplica, type RequestShape, type Weights } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import type { Limits, Serving } from '../capacity/serving.js';
import type { Demand, Slice, Target } from '../scenario/demand.js';
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
  const engine = engineOf(of.demand.assume, of.tables);
  let best: (Fitted & { served: number; need: number }) | null = null;
  for (const gpus of splitsOf(unit.gpus)) {
    let served = 0;
    let need = 0;
    const unitRequestsPerS = of.demand.slices.map((slice, s) => {
      if (placed.serves[s] !== true) return null;
      const shape = placed.shapes[s] as RequestShape;
      const serving = predictReplica(
        placed.weights,
        unit.accelerator,
        gpus,
        placed.support,
        shape,
        slowestFor(slice, shape, of),
        engine,
      );
      if (serving === null) return null;
      const rate = serving.requestsPerS * (unit.gpus / gpus);
      if (!search.admitsService(placed.option, slice, () => serviceOf(serving, rate, shape, slice, of))) return null;
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

/**
 * Slowest speed a slice may see: what the user asked for is a rule; else a machine is sized so that answers somebody waits
 * for do not stall, and batch work may take its time. Targets on the first token or the whole answer leave what the prompt
 * does not take: the terms are those of `serviceOf`, solved for the time per token.
 */
function slowestFor(slice: Slice, shape: RequestShape, { demand }: Case): Omit<Limits, 'maxSequences'> {
  const { needs, batchable, tokens } = slice;
  const byUser = (target: Target | null) => (target?.by === 'user' ? target.value : Number.POSITIVE_INFINITY);
  const [firstMs, wholeMs] = [byUser(needs.ttftP95Ms), byUser(needs.totalP95Ms)];
  const tail = demand.assume('selfHostedTtftP95OverP50');
  const rttMs = demand.assume('rttSameRegion');
  const leaves = (limitMs: number, prefillS: number, laterTokens: number) =>
    ((limitMs - rttMs) / msPerSecond - tail * prefillS) / (tail + laterTokens);
  const timed = Number.isFinite(Math.min(firstMs, wholeMs)) && {
    tpotWithinS: (prefillS: number) =>
      Math.min(
        leaves(firstMs, prefillS, shape.outputTokens - tokens.output),
        leaves(wholeMs, prefillS, shape.outputTokens),
      ),
  };
  if (needs.tokensPerSecond?.by === 'user') return { tpotS: 1 / needs.tokensPerSecond.value, strict: true, ...timed };
  const tpotS = batchable ? Number.POSITIVE_INFINITY : 1 / demand.assume('interactiveTokensPerS');
  return { tpotS, strict: false, ...timed };
}

/** What a slice sees on a unit cut into replicas of `gpus` cards; null where it does not fit or is too slow. */
export function serviceOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  replicas: number,
  shape: RequestShape,
  slice: Slice,
  of: Case,
): SliceService | null {
  const serving = predictReplica(
    weights,
    accelerator,
    gpus,
    support,
    shape,
    slowestFor(slice, shape, of),
    engineOf(of.demand.assume, of.tables),
  );
  return serving === null ? null : serviceOf(serving, serving.requestsPerS * replicas, shape, slice, of);
}

/**
 * Latency at the highest load a fleet is sized for: the unloaded time to first token times the usual tail, with reasoning
 * written first, and the time per token at the batch in flight then.
 */
function serviceOf(
  serving: Serving,
  unitRequestsPerS: number,
  shape: RequestShape,
  slice: Slice,
  { demand }: Case,
): SliceService {
  const tpotS = serving.tpotAtLoadS(demand.assume('highestLoad'));
  const thinkingS = (shape.outputTokens - slice.tokens.output) * tpotS;
  const firstS = (serving.prefillS + tpotS) * demand.assume('selfHostedTtftP95OverP50');
  const ttftP95Ms = demand.assume('rttSameRegion') + (firstS + thinkingS) * msPerSecond;
  return {
    ttftP95Ms,
    tokensPerSecond: 1 / tpotS,
    totalP95Ms: ttftP95Ms + slice.tokens.output * tpotS * msPerSecond,
    unitRequestsPerS,
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
