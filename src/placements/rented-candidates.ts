import { leastSeconds, type LeastWork, leastWork, type Peak, peakOf } from '../capacity/ceiling.js';
import { schemeSupport } from '../capacity/scheme.js';
import { egressPerDaily, egressUsdPerGb, platformUsd, unitUsdPerHour } from '../cost/fleet-bill.js';
import { fteOf, fteUsdPerMonth, setupUsd } from '../cost/people.js';
import type { Demand } from '../scenario/demand.js';
import { type Candidate, candidateCost, dropDominated, type FleetNumbers } from './candidate.js';
import { fitTable } from './fits.js';
import { floorUsd, sizing, unitsNeeded } from './fleet-numbers.js';
import { type OwnModel, ownModels, shapeOf } from './own-weights.js';
import type { QuantizationRow, RentalRow } from '../tables/rows.js';
import type { Case, Search } from './placement.js';
import { cheapest, type Offer, rentedUnits, type UnitType } from './rented-units.js';
import { bestSplit, type Fitted, optionOf, placeOption, unitPrice } from './rented-option.js';

const kind = 'self-hosted-cloud';

/** A model that may serve some slices, as far as one can tell without a machine. */
type Item = OwnModel & { serves: boolean[]; gate: string | null; least: LeastWork[] };
/** A machine with the slices that may run there, as far as one can tell without a model. */
type Terms = { serves: boolean[]; gate: string | null; linear: Float64Array };
type Place = Offer & Terms;
/** A model on a machine: units' worth of work per slice (infinite: it may not run there). */
type Fit = { item: Item; fitted: Fitted; need: Float64Array };

/**
 * Bound, then price: machines from the cheapest up, models from the fastest down. What a machine costs at the least, and
 * the least time a request can take on it, turn down nearly all before capacity is computed; of the rest, per machine,
 * only models that no other model beats for every slice are priced with every offer.
 */
export function rentedCandidates(of: Case, search: Search): Candidate[] {
  const { demand } = of;
  const assume = (name: string) => demand.assume(name);
  const units = rentedUnits(of.tables, demand.rules.includeMarketplace);
  const models = ownModels(of, kind, 'own-account');
  const fitsOn = fitTable(models, of);
  const items = models.map((model): Item => {
    const { serves, gate } = search.admit(model.option, 'model');
    const least = gate === null ? demand.slices.map((slice) => leastWork(model.weights, shapeOf(model.option, slice, of), assume)) : [];
    return { ...model, serves, gate, least };
  });
  const schemes = [...new Map(models.map(({ weights }) => [weights.scheme.scheme, weights.scheme])).values()];
  const terms = new Map<RentalRow, Terms>();
  /** What is the same for a row however it is bought. */
  const termsOf = (offer: Offer): Terms => {
    let known = terms.get(offer.rental);
    if (known === undefined) {
      known = termsOn(offer, of, search);
      terms.set(offer.rental, known);
    }
    return known;
  };
  const rule = sizing(demand);
  const unitsPerSecond = Float64Array.from(demand.slices, (slice) => unitsNeeded(slice, 1, demand));
  const all = demand.slices.map((_, s) => s);
  const found: Candidate[] = [];
  let bestOfKind = Number.POSITIVE_INFINITY;
  const cut = () => (search.twinsOf === null ? Math.max(search.cut, bestOfKind) : search.cut);

  for (const unit of units) {
    const places = unit.offers.map((offer): Place => ({ ...offer, ...termsOf(offer) }));
    const fits = fitsOn(unit);
    if (search.twinsOf === null) countOptions(items, fits, places, search);
    const people = peopleFloor(unit.gpus * (rule.min + rule.spare), demand);
    if (people + floorUsd({ usdPerHour: cheapest(unit), ...rule }, demand.hoursPerMonth) >= cut()) continue;
    const peaks = peaksOf(unit, schemes, of);
    const kept: Fit[] = [];
    const need = new Float64Array(demand.slices.length);
    for (const [i, item] of items.entries()) {
      const peak = item.gate === null && fits[i] === 1 ? peaks.get(item.weights.scheme.scheme) : undefined;
      if (peak === undefined) continue;
      for (let s = 0; s < need.length; s++) {
        need[s] = item.serves[s] === true ? (unitsPerSecond[s] as number) * leastSeconds(item.least[s] as LeastWork, peak) : Number.POSITIVE_INFINITY;
      }
      if (hopeless(need, item, unit)) continue;
      const fitted = bestSplit(item, unit, of, search);
      if (fitted === null) continue;
      const fit = { item, fitted, need: needOf(fitted, of) };
      if (search.twinsOf === null) keepBest(kept, fit);
      else kept.push(fit);
    }
    for (const fit of kept) {
      for (const place of places) {
        const candidate = candidateOf(fit, unit, place, of);
        if (candidate === null) continue;
        if (search.twinsOf !== null) {
          const { slices, usd } = search.twinsOf;
          if (slices.every((s) => !Number.isNaN(candidate.linear[s] as number)) && candidateCost(candidate, slices, demand) <= usd) found.push(candidate);
        } else if (people + floorUsd(candidate.fleet, demand.hoursPerMonth) + candidate.fixed < cut()) {
          found.push(candidate);
          bestOfKind = Math.min(bestOfKind, people + candidateCost(candidate, all, demand) || bestOfKind);
        }
      }
    }

    /** Whether even the least work rules a model out on this machine: beaten by a model already fitted, or too dear. */
    function hopeless(least: Float64Array, item: Item, { offers }: UnitType): boolean {
      const usdPerHour = offers[0]?.usdPerHour ?? Number.POSITIVE_INFINITY;
      const { twinsOf } = search;
      if (twinsOf !== null) {
        const work = twinsOf.slices.reduce((sum, s) => sum + (least[s] as number), 0);
        return usdPerHour * demand.hoursPerMonth * Math.max(rule.min + rule.spare, work) > twinsOf.usd;
      }
      return kept.some((other) => other.item.weights.bytes <= item.weights.bytes && other.need.every((x, s) => x <= (least[s] as number)));
    }
  }
  return search.twinsOf === null ? dropDominated(found) : found;
}

/** Keeps a fit unless another needs no more for every slice and no more disk; drops those it beats. */
function keepBest(kept: Fit[], fit: Fit): void {
  const beats = (a: Fit, b: Fit) => a.item.weights.bytes <= b.item.weights.bytes && a.need.every((x, s) => x <= (b.need[s] as number));
  if (kept.some((other) => beats(other, fit))) return;
  for (let i = kept.length - 1; i >= 0; i--) if (beats(fit, kept[i] as Fit)) kept.splice(i, 1);
  kept.push(fit);
}

const needOf = ({ unitRequestsPerS }: Fitted, { demand }: Case): Float64Array =>
  Float64Array.from(demand.slices, (slice, s) => {
    const rate = unitRequestsPerS[s] ?? null;
    return rate === null ? Number.POSITIVE_INFINITY : unitsNeeded(slice, rate, demand);
  });

/** Peak rates of a unit by scheme; none where the scheme does not run. */
function peaksOf({ accelerator, gpus }: UnitType, schemes: readonly QuantizationRow[], { demand, tables }: Case): Map<string, Peak> {
  const peaks = new Map<string, Peak>();
  for (const { scheme, runsOn, compute } of schemes) {
    const support = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
    if (support !== 'none') peaks.set(scheme, peakOf(accelerator, gpus, compute, support, (name) => demand.assume(name)));
  }
  return peaks;
}

function termsOn(offer: Offer, of: Case, search: Search): Terms {
  const { demand, tables } = of;
  const egress = egressUsdPerGb(offer.rental.provider, tables).usd;
  return {
    ...search.admit(placeOption(offer), 'provider'),
    linear: Float64Array.from(demand.slices, (slice) => egressPerDaily({ slice }, egress, demand) * slice.requestsPerDay),
  };
}

/** Counts what stands on a machine by the earlier of the model's gate and the place's. */
function countOptions(items: readonly Item[], fits: Uint8Array, places: readonly Place[], search: Search): void {
  const models = new Map<string | null, number>();
  for (let i = 0; i < items.length; i++) {
    if (fits[i] === 0) continue;
    const { gate } = items[i] as Item;
    models.set(gate, (models.get(gate) ?? 0) + 1);
  }
  for (const place of places) for (const [gate, count] of models) search.count(search.earlier(gate, place.gate), count);
}

/** People and set-up that any fleet of so many GPUs needs. */
const peopleFloor = (gpus: number, demand: Demand): number =>
  fteUsdPerMonth(fteOf({ kinds: [kind], apiProviders: 0, fleets: 1, gpus }, (name) => demand.assume(name)), demand) + setupUsd({ kinds: [kind] }, demand) / demand.months;

type FleetCandidate = Candidate & { fleet: FleetNumbers };

function candidateOf({ item, fitted, need }: Fit, unit: UnitType, place: Place, { demand }: Case): FleetCandidate | null {
  const may = (s: number) => place.serves[s] === true && need[s] !== Number.POSITIVE_INFINITY;
  if (!demand.slices.some((_, s) => may(s))) return null;
  return {
    kind,
    provider: place.rental.provider,
    linear: place.linear.map((usd, s) => (may(s) ? usd : Number.NaN)),
    fleet: {
      ...sizing(demand),
      need: need.map((x, s) => (may(s) ? x : Number.NaN)),
      usdPerHour: unitUsdPerHour(unitPrice(item, place, demand), demand),
      gpusPerUnit: unit.gpus,
      followsHours: place.purchase === 'on-demand',
    },
    fixed: platformUsd(demand),
    option: () => optionOf(item, unit, place, fitted.gpusPerReplica),
  };
}
