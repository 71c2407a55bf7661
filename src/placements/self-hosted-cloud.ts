import { predictReplica, type Weights, weightsOf } from '../capacity/replica.js';
import { egressPerDaily, egressUsdPerGb, fleetBill, platformUsd, unitUsdPerHour } from '../cost/fleet-bill.js';
import type { CostLine, Unpriced } from '../cost/line.js';
import { fteOf, fteUsdPerMonth, setupUsd } from '../cost/people.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { type Candidate, candidateCost, dropDominated, type FleetNumbers } from './candidate.js';
import { commitmentFactor, floorUsd, sizing, unitsNeeded } from './fleet-numbers.js';
import { fitTable } from './fits.js';
import { type Option, optionId } from './option.js';
import { type OwnModel, ownModels, shapeOf } from './own-weights.js';
import type { Case, Placement, Search, SliceService } from './placement.js';
import { cheapest, type Offer, rentedUnits, splitsOf, type UnitType } from './rented-units.js';

const kind = 'self-hosted-cloud';
const msPerSecond = 1000;

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud: Placement = { kind, title: 'Open model on rented GPUs', candidates, lookUp, service, price };

/** A model that may serve some slices, as far as one can tell without a machine. */
type Item = OwnModel & { serves: boolean[]; gate: string | null };
/** A machine with the slices that may run there, as far as one can tell without a model. */
type Place = Offer & { option: Option; serves: boolean[]; gate: string | null };

function candidates(of: Case, search: Search): Candidate[] {
  const { demand, tables } = of;
  const units = rentedUnits(tables, demand.rules.includeMarketplace);
  const models = ownModels(of, kind, 'own-account');
  const fitsOn = fitTable(models, of);
  const items = models.map((model): Item => {
    const serves = demand.slices.map((slice) => search.admits(model.option, slice, 'model'));
    return { ...model, serves, gate: serves.some(Boolean) ? null : search.rejects(model.option, 'model') };
  });
  const found: Candidate[] = [];
  let bestOfKind = Number.POSITIVE_INFINITY;
  for (const unit of units) {
    const places = unit.offers.map((offer): Place => {
      const option = placeOption(offer, unit);
      const serves = demand.slices.map((slice) => search.admits(option, slice, 'provider'));
      return { ...offer, option, serves, gate: serves.some(Boolean) ? null : search.rejects(option, 'provider') };
    });
    const fits = fitsOn(unit);
    countOptions(items, fits, places, search);
    const rule = sizing(demand);
    const people = peopleFloor(unit.gpus * (rule.min + rule.spare), demand);
    const cut = () => (search.keepDominated ? search.cut : Math.max(search.cut, bestOfKind));
    if (people + floorUsd({ usdPerHour: cheapest(unit), ...rule }, demand.hoursPerMonth) >= cut()) continue;
    for (const [i, item] of items.entries()) {
      if (fits[i] === 0 || item.gate !== null) continue;
      const fitted = bestSplit(item, unit, of, search);
      if (fitted === null) continue;
      for (const place of places) {
        const candidate = candidateOf(item, unit, place, fitted, of);
        if (candidate === null || people + floorUsd(candidate.fleet, demand.hoursPerMonth) + candidate.fixed >= cut()) continue;
        found.push(candidate);
        const all = demand.slices.map((_, s) => s);
        const alone = people + candidateCost(candidate, all, demand);
        if (alone < bestOfKind) bestOfKind = alone;
      }
    }
  }
  return search.keepDominated ? found : dropDominated(found);
}

/** Counts what stands on a machine by the earlier of the model's gate and the place's. */
function countOptions(items: readonly Item[], fits: Uint8Array, places: readonly Place[], search: Search): void {
  const models = new Map<string | null, number>();
  items.forEach(({ gate }, i) => {
    if (fits[i] === 1) models.set(gate, (models.get(gate) ?? 0) + 1);
  });
  for (const place of places) for (const [gate, count] of models) search.count(search.earlier(gate, place.gate), count);
}

/** People and set-up that any fleet of so many GPUs needs. */
const peopleFloor = (gpus: number, demand: Demand): number =>
  fteUsdPerMonth(fteOf({ kinds: [kind], apiProviders: 0, fleets: 1, gpus }, (name) => demand.assume(name)), demand) +
  setupUsd({ kinds: [kind] }, demand) / demand.months;

type Fitted = { gpusPerReplica: number; unitRequestsPerS: (number | null)[] };

/**
 * How a unit is cut into replicas: the tensor-parallel size that serves most slices, then the one that needs the fewest
 * units for all of them. Null when nothing fits.
 */
function bestSplit(item: Item, unit: UnitType, of: Case, search: Search): Fitted | null {
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
    if (best === null || served > best.served || (served === best.served && need < best.need)) best = { gpusPerReplica: gpus, unitRequestsPerS, served, need };
  }
  return best;
}

type FleetCandidate = Candidate & { fleet: FleetNumbers };

function candidateOf(item: Item, unit: UnitType, place: Place, { gpusPerReplica, unitRequestsPerS }: Fitted, of: Case): FleetCandidate | null {
  const { demand, tables } = of;
  const linear = new Float64Array(demand.slices.length).fill(Number.NaN);
  const need = new Float64Array(demand.slices.length).fill(Number.NaN);
  const egress = egressUsdPerGb(place.rental.provider, tables).usd;
  let serves = false;
  demand.slices.forEach((slice, s) => {
    const rate = unitRequestsPerS[s] ?? null;
    if (rate === null || place.serves[s] !== true) return;
    serves = true;
    need[s] = unitsNeeded(slice, rate, demand);
    linear[s] = egressPerDaily({ slice }, egress, demand) * slice.requestsPerDay;
  });
  if (!serves) return null;
  const option = () => optionOf(item, unit, place, gpusPerReplica);
  const usdPerHour = unitUsdPerHour(unitPrice(item, place, demand), demand);
  const fleet = { ...sizing(demand), need, usdPerHour, gpusPerUnit: unit.gpus, followsHours: place.purchase === 'on-demand' };
  return { kind, provider: place.rental.provider, linear, fleet, fixed: platformUsd(demand), option };
}

const bytesPerGb = 1e9;

const weightsOfFleet = ({ fleet }: Option): Weights | null => (fleet === null ? null : weightsOf(fleet.model, fleet.scheme));

const unitPrice = ({ weights }: Pick<OwnModel, 'weights'>, offer: Offer, demand: Demand) => ({
  instanceUsdPerHour: offer.usdPerHour,
  commitment: commitmentFactor(offer.termMonths, demand.months),
  diskGb: weights.bytes / bytesPerGb,
  provider: offer.rental.provider,
  rentalRow: offer.rental.row,
});

function placeOption(offer: Offer, unit: UnitType): Option {
  return {
    id: '',
    kind,
    provider: offer.rental.provider,
    model: '',
    family: '',
    mode: 'standard',
    quantization: null,
    hardware: unit.accelerator.accelerator,
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

function optionOf({ option: model, weights }: OwnModel, unit: UnitType, offer: Offer, gpusPerReplica: number): Option {
  const place = placeOption(offer, unit);
  const { provider, hardware, instance, region, purchase, marketplace } = place;
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

function lookUp(id: string, of: Case): Option | null {
  if (!id.startsWith(`${kind}/`)) return null;
  const models = ownModels(of, kind, 'own-account').filter(({ option }) => id.includes(`/${option.model}`));
  const open: Search = {
    admits: () => true,
    admitsService: () => true,
    rejects: () => null,
    earlier: () => null,
    count: () => undefined,
    cut: Number.POSITIVE_INFINITY,
    keepDominated: true,
  };
  for (const unit of rentedUnits(of.tables, true)) {
    for (const offer of unit.offers) {
      for (const model of models) {
        if (optionOf(model, unit, offer, unit.gpus).id !== id) continue;
        const fitted = bestSplit({ ...model, serves: of.demand.slices.map(() => true), gate: null }, unit, of, open);
        return optionOf(model, unit, offer, fitted?.gpusPerReplica ?? unit.gpus);
      }
    }
  }
  return null;
}

/**
 * What a slice sees on one replica at its highest permitted load: the unloaded time to first token times the usual tail,
 * and the time per token at the largest batch.
 */
function serviceOn(
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

function service(option: Option, slice: Slice, of: Case): SliceService | Unpriced {
  const { fleet } = option;
  if (fleet === null) return { unpriced: 'not a fleet' };
  const weights = weightsOfFleet(option);
  const replicas = fleet.gpusPerUnit / fleet.gpusPerReplica;
  return (weights && serviceOn(option, weights, fleet.accelerator, fleet.gpusPerReplica, replicas, slice, of)) ?? { unpriced: 'does not fit, or is too slow' };
}

function price(option: Option, slices: readonly Slice[], of: Case): CostLine[] | Unpriced {
  const { fleet } = option;
  const weights = weightsOfFleet(option);
  if (fleet === null || weights === null) return { unpriced: 'not a fleet' };
  const work = [];
  for (const slice of slices) {
    const seen = service(option, slice, of);
    if ('unpriced' in seen) return seen;
    if (seen.unitRequestsPerS === null) return { unpriced: 'capacity unknown' };
    work.push({ slice, need: unitsNeeded(slice, seen.unitRequestsPerS, of.demand) });
  }
  const offer = { rental: fleet.rental, usdPerHour: fleet.usdPerHour, termMonths: fleet.termMonths, purchase: option.purchase ?? 'on-demand', instance: option.instance ?? '' };
  const rule = { ...sizing(of.demand), followsHours: offer.purchase === 'on-demand' };
  return fleetBill(unitPrice({ weights }, offer, of.demand), work, rule, of.demand, of.tables);
}
