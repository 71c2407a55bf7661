import { meanMultipleOf, requestsPerMonthPerDaily } from '../cost/axis.js';
import type { FleetRates } from '../cost/fleet-rates.js';
import type { Staff } from '../cost/people.js';
import type { Slice } from '../scenario/demand.js';
import { filled } from '../units/filled.js';
import { madeOnce } from '../units/made-once.js';
import { type Candidate, candidateCost, dropDominated, type FleetNumbers, upfrontUsdOf } from './candidate.js';
import { standsAtDesk } from './chassis.js';
import { bytesPerCard } from './fits.js';
import { allFirst, mayMatter, undercuts, undercutsEach, type Way } from './fleet-bound.js';
import { countOptions, isCounted } from './fleet-count.js';
import { floorUsd, type Sizing, unitsNeeded } from './fleet-numbers.js';
import {
  bestSplit,
  diskGbOf,
  type Fitted,
  leastNeeds,
  optionOf,
  placeOption,
  splitsOn,
  sumOf,
} from './fleet-option.js';
import { cheapest, type Offer, type UnitType } from './fleet-units.js';
import { type Machine, servedInTime } from './in-time.js';
import { besides, kindBound, peopleFloor, ruledOut } from './kind-bound.js';
import type { Market } from './market.js';
import { type Item, ownItems } from './own-items.js';
import { suitsMarket } from './own-weights.js';
import type { Case, Search, Serves } from './placement.js';
import { ranked, twinBar } from './twins.js';
import { peaksOf } from './unit-peaks.js';

export type Terms = { serves: boolean[]; gate: string | null };
/** A machine with the slices that may run there, as far as one can tell without a model. */
type Place = Terms & { offer: Offer };
/** A model on a machine: units' worth of work per slice (infinite: it may not run there). */
type Fit = { item: Item; fitted: Fitted; need: Float64Array };

/**
 * Bound, then price: machines from the cheapest up, on each the models that may be quickest first. What a machine costs at the
 * least, and the least time a request can take on it, turn down nearly all before capacity is computed; of the rest, per
 * machine, only models that no other model beats for every slice are priced with every offer.
 */
export function fleetCandidates(market: Market, of: Case, search: Search): Candidate[] {
  const { demand } = of;
  if (search.belowCut && search.twinsOf === null && isTooDear(market, of, search)) return [];
  const key = setUpKey(market, of);
  const { units, own, items, setUps, restsOf, count } = search.shared(key, () => setUp(market, of, search));
  if (isCounted(search)) search.shared(`${key} counted`, () => count(search));
  const { slices } = demand;
  const perSecond = filled(slices.length, (s) => unitsNeeded(slices[s] as Slice, 1, demand));
  // Beside an API whose price moves as the volume does, machines may serve little but the months in which it is dear.
  const means = filled(slices.length, (s) => (search.moving ? 0 : meanMultipleOf(slices[s] as Slice, demand)));
  const ofKind = kindBound(items, search, demand);
  const beside = besides(items, search);
  // The best way to cut a unit up depends on the mix, which a volume leaves alone only where all slices follow it.
  const steady = demand.slices.every(({ scales }) => scales);

  const { twinsOf, below } = search;
  const twins = twinsOf && { ...twinsOf, ...ranked(items, twinsOf), bar: twinBar(twinsOf, demand) };

  const leastWork = new Float64Array(items.length);
  /** Whether what is left to others of the kind bounds a machine: it is asked what the kind costs alone, for several slices. */
  const ofAll = !search.belowCut && slices.length > 1;

  // Machines that may serve everything bound those that leave a part to others: they are looked at first.
  const foundOn: Candidate[][] = [];
  for (const n of ofAll ? allFirst(units.map((unit) => setUps(unit).placesOf())) : units.keys()) {
    const unit = units[n] as UnitType;
    const found: Candidate[] = [];
    foundOn[n] = found;
    const {
      engine,
      peaks,
      card,
      rule,
      staff,
      perCard,
      people,
      peopleOfOne,
      held,
      placesOf,
      fitted: allFitted,
    } = setUps(unit);
    // What is shared knows no budget.
    const isRuledOut = search.ruled && ruledOut(staff, rule.min + rule.spare, beside, demand);
    const whole: Way = {
      ...rule,
      people: people + beside,
      usdPerHour: cheapest(unit),
      takes: () => true,
      limit: twinsOf !== null ? () => search.cut : isRuledOut ? ofKind.anyway : ofKind.usd,
      rests: null,
    };
    const base: Way = {
      ...baseAlone,
      people: peopleOfOne + beside,
      usdPerHour: held,
      takes: isHeld,
      limit: search.ruled && ruledOut(staff, baseAlone.min, beside, demand) ? () => 0 : ofKind.beside,
      rests: null,
    };
    const ways = search.leavesPeaks && held < Number.POSITIVE_INFINITY ? [whole, base] : [whole];
    if (!ways.some((way) => mayMatter(way, way.usdPerHour, 0, demand))) continue;
    const places = placesOf();
    if (places.length === 0) continue;
    const served = filled(slices.length, (s) => (places.some(({ serves }) => serves[s] === true) ? 1 : 0));
    if (ofAll && whole.limit === ofKind.usd) {
      whole.rests = restsOf(unit);
      if (!ways.some((way) => mayMatter(way, way.usdPerHour, 0, demand, served))) continue;
    }
    const known = steady && search.shares ? allFitted : null;
    const cardSeconds = own.cardSeconds(unit, engine);
    const kept: Fit[] = [];
    const least = new Float64Array(slices.length);
    const unitUsd = cheapest(unit) * demand.hoursPerMonth;
    const isCheap = (): boolean => {
      for (const way of ways) {
        if (below === null ? undercuts(least, means, way, demand) : undercutsEach(least, means, way, below, demand))
          return true;
      }
      return false;
    };
    const leaves = twins?.bar.leaves({ staff, provider: '', units: rule.min + rule.spare });
    const twinMatters = (i: number, usd: number): boolean =>
      leaves === undefined || leaves(twins?.scores[i] as number, usd);
    /** What a twin's slices cost at the least: so many units of each at the mean volume of month 1, in the mean hour. */
    const twinUsd = (need: Float64Array, usdPerUnit: number): number => {
      let work = 0;
      for (const s of twins?.slices ?? []) work += (need[s] as number) * (means[s] as number);
      return usdPerUnit * Math.max(rule.min + rule.spare, work);
    };
    const matters = ({ weights }: Item, i: number): boolean =>
      twins === null ? isCheap() && !beaten(kept, weights.bytes, least) : twinMatters(i, twinUsd(least, unitUsd));
    const sell = (fit: Fit): void => {
      for (const place of places) {
        const { offer } = place;
        const serves = filled(slices.length, (s) =>
          place.serves[s] === true && fit.need[s] !== Number.POSITIVE_INFINITY ? 1 : 0,
        );
        const matters = (usdPerHour: number, fixed: number): boolean =>
          ways.some((way) => way.takes(offer) && mayMatter(way, usdPerHour, fixed, demand, serves));
        if (!matters(offer.usdPerHour, 0)) continue;
        const candidate = candidateOf(market, fit, unit, place, rule, staff, of);
        if (candidate === null || !matters(candidate.fleet.usdPerHour, candidate.fixed)) continue;
        found.push(candidate);
        ofKind.note(candidate, people + beside, isRuledOut);
      }
    };
    const sellTwin = (fit: Fit, i: number, { slices, usd, scores, bar }: NonNullable<typeof twins>): void => {
      for (const place of places) {
        if (!twinMatters(i, twinUsd(fit.need, place.offer.usdPerHour * demand.hoursPerMonth))) continue;
        const candidate = candidateOf(market, fit, unit, place, rule, staff, of);
        if (candidate === null || !(candidateCost(candidate, slices, demand) <= usd)) continue;
        found.push(candidate);
        bar.note(candidate, scores[i] as number);
      }
    };
    /** The least units of each slice on this machine, into `least`; whether it can serve any. */
    const leastOn = (item: Item): boolean => {
      cardSeconds.work(item);
      let fits = false;
      for (let s = 0, at = item.n * least.length; s < least.length; s++, at++) {
        const cardS = served[s] === 1 ? (cardSeconds.seconds[at] as number) : Number.POSITIVE_INFINITY;
        least[s] = ((perSecond[s] as number) * cardS) / (unit.gpus * rule.copies);
        if (cardS < Number.POSITIVE_INFINITY) fits = true;
      }
      return fits;
    };
    const supportOf = ({ at, scheme }: Item) =>
      (perCard[at] as number) <= card ? (peaks[scheme]?.support ?? null) : null;
    // What those serve that may be quick turns most of the others down, before it is told what these do.
    const quickFirst = (): number[] => {
      const open: number[] = [];
      for (let i = 0; i < items.length; i++) {
        const item = items[i] as Item;
        if (supportOf(item) === null || !leastOn(item) || !isCheap()) continue;
        leastWork[i] = sumOf(least);
        open.push(i);
      }
      return open.sort((a, b) => (leastWork[a] as number) - (leastWork[b] as number));
    };
    for (const i of twins?.order ?? quickFirst()) {
      const item = items[i] as Item;
      // Whatever it costs: those after it score no higher.
      if (!twinMatters(i, 0)) break;
      const support = supportOf(item);
      if (support === null || !leastOn(item)) continue;
      if (!matters(item, i)) continue;
      let fitted = known?.[i];
      if (fitted === undefined) {
        // A long prompt may be out of time for its length alone, and not fit either: a queue cuts it to the room there is.
        const serves = item.serves.map((may, s) => may && (least[s] as number) < Number.POSITIVE_INFINITY);
        const placed = { ...item, serves, support, engine, copies: rule.copies };
        const splits = splitsOn(placed, unit, of);
        leastNeeds(splits, least);
        // What a machine is predicted to serve tells more than its ceiling; what targets leave of it takes long to tell.
        if (!matters(item, i)) continue;
        fitted = bestSplit(placed, unit, of, search, splits);
        if (known !== null) known[i] = fitted;
      }
      if (fitted === null) continue;
      const fit = { item, fitted, need: needOf(fitted, of) };
      if (twins === null) keepBest(kept, fit);
      else sellTwin(fit, i, twins);
    }
    // Of what costs the same, the first model is taken.
    for (const fit of kept.sort((a, b) => a.item.n - b.item.n)) sell(fit);
    search.note(found);
  }
  const found = foundOn.flat();
  return search.twinsOf === null ? dropDominated(found) : found;
}

const setUpKey = (market: Market, of: Case): string => `${market.kind} fleet ${market.placesBy?.(of) ?? ''}`;

/** Which slices some model may serve on some machine of a market; in plans as far as the fewest machines tell. */
export function servedByFleets(market: Market, of: Case, search: Search): Serves {
  const key = setUpKey(market, of);
  const { units, own, items, setUps } = search.shared(key, () => setUp(market, of, search));
  const count = of.demand.slices.length;
  const inTime = search.shared(`${key} in time`, () => {
    const machines = units.map((unit): Machine => {
      const { engine, peaks, perCard, card } = setUps(unit);
      const { work, seconds } = own.cardSeconds(unit, engine);
      const mayServe = (item: Item, s: number): boolean => {
        if ((perCard[item.at] as number) > card) return false;
        work(item);
        return (seconds[item.n * count + s] as number) < Number.POSITIVE_INFINITY;
      };
      return { unit, engine, peaks, mayServe };
    });
    return servedInTime(items, machines, of, search);
  });
  const isLetIn = (unit: UnitType, offer: Offer, leavesPeaks: boolean): boolean => {
    if (!search.ruled) return true;
    const { rule, staff } = setUps(unit);
    const fewest = leavesPeaks && isHeld(offer) ? baseAlone.min : rule.min + rule.spare;
    const asksCash = of.demand.rules.budgetUpfrontUsd !== null;
    const upfront = asksCash ? upfrontUsdOf(market.rates({ offer, unit, diskGb: 0 }, of), fewest) : 0;
    return !ruledOut(staff, fewest, 0, of.demand, upfront);
  };
  const inPlans = inTime.map((may, s) => {
    // What leaves its peaks to an API leaves them to one that may serve the same.
    const leavesPeaks = search.leavesPeaks && (search.elsewhere[s] as number) < Number.POSITIVE_INFINITY;
    const isServed = (unit: UnitType): boolean =>
      setUps(unit)
        .placesOf()
        .some(({ offer, serves }) => serves[s] === true && isLetIn(unit, offer, leavesPeaks));
    return may && units.some(isServed);
  });
  return { inTime, inPlans };
}

/** Machines that leave their peaks to an API need no spare. */
const baseAlone = { min: 1, spare: 0, spareShare: 0 };

/** What may leave its peaks to an API: it is there for all hours, and none of it is owned already. */
const isHeld = ({ followsHours, owned }: Offer): boolean => !followsHours && owned === 0;

const cheapestHeld = ({ offers }: UnitType): number =>
  offers.reduce(
    (least, offer) => (isHeld(offer) ? Math.min(least, offer.usdPerHour) : least),
    Number.POSITIVE_INFINITY,
  );

/** Whether people and the fewest machines of every unit alone cost as much as what matters at the most. */
function isTooDear(market: Market, of: Case, { cut, shared, leavesPeaks }: Search): boolean {
  const { demand } = of;
  const least = shared(`${market.kind} at the least${leavesPeaks ? ' below an API' : ''}`, () => {
    const all = market.units(of, demand.rules.includeMarketplace).flatMap((unit) => {
      const rule = market.sizing(unit, of);
      const staff = market.staff(unit, of);
      const floor = (usdPerHour: number, fewest: Omit<Sizing, 'copies' | 'spareNamed'>): number =>
        peopleFloor(staff, fewest.min + fewest.spare, demand) +
        floorUsd({ usdPerHour, ...fewest }, demand.hoursPerMonth);
      return [floor(cheapest(unit), rule), ...(leavesPeaks ? [floor(cheapestHeld(unit), baseAlone)] : [])];
    });
    return all.reduce((most, usd) => Math.min(most, usd), Number.POSITIVE_INFINITY);
  });
  return least >= cut;
}

/** Everything that does not depend on the volume, or on no more of it than places do: machines, models that may run, and what each unit is like. */
function setUp(market: Market, of: Case, search: Search) {
  const units = market.units(of, of.demand.rules.includeMarketplace);
  const own = ownItems(of, search);
  const { models, schemes, memory } = own;
  const items = own.items.filter(({ weights }) => suitsMarket(weights.scheme, market));
  const termsAt = [false, true].map((desk) =>
    remembered(placeKey, (offer: Offer): Terms => search.admit(placeOption(market.kind, offer, desk), 'provider')),
  );
  const termsOf = (offer: Offer, desk: boolean): Terms => (termsAt[Number(desk)] as (offer: Offer) => Terms)(offer);
  const setUps = remembered(unitKey, (unit: UnitType) => {
    const engine = market.engine(unit, of);
    const rule = market.sizing(unit, of);
    const staff = market.staff(unit, of);
    let places: Place[] | null = null;
    return {
      engine,
      peaks: peaksOf(unit, [], schemes, engine, of),
      card: bytesPerCard(unit.accelerator, engine),
      rule,
      staff,
      people: peopleFloor(staff, rule.min + rule.spare, of.demand),
      peopleOfOne: peopleFloor(staff, baseAlone.min, of.demand),
      peopleOfTwo: madeOnce(() => peopleFloor(staff, rule.min + rule.spare, of.demand, 2)),
      held: cheapestHeld(unit),
      perCard: memory.inUnit(unit.gpus),
      /** What items serve here, as far as it is known. */
      fitted: [] as (Fitted | null | undefined)[],
      placesOf(): Place[] {
        const desk = standsAtDesk(market.kind, unit);
        places ??= unit.offers
          .map((offer): Place => ({ offer, ...termsOf(offer, desk) }))
          .filter(({ gate }) => gate === null);
        return places;
      },
    };
  });
  /** USD a month that a plan with two fleets of the kind costs at the least, one of them for a slice; 0: none is known. */
  const beside = madeOnce((): Float64Array => {
    const least = new Float64Array(of.demand.slices.length).fill(Number.POSITIVE_INFINITY);
    for (const unit of units) {
      const { rule, peopleOfTwo, placesOf } = setUps(unit);
      for (const { offer, serves } of placesOf()) {
        const usd = peopleOfTwo() + floorUsd({ ...rule, usdPerHour: offer.usdPerHour }, of.demand.hoursPerMonth);
        for (const [s, may] of serves.entries()) if (may && usd < (least[s] as number)) least[s] = usd;
      }
    }
    return least.map((usd) => (usd === Number.POSITIVE_INFINITY ? 0 : usd));
  });
  const restsOf = (unit: UnitType): Float64Array => {
    const { people, peopleOfTwo } = setUps(unit);
    return beside().map((usd) => (usd === 0 ? 0 : Math.max(usd, peopleOfTwo()) - people));
  };
  const count = (search: Search): void => {
    const batched = schemes.map((scheme) => suitsMarket(scheme, market));
    const machines = units.map((unit) => {
      const { peaks, card } = setUps(unit);
      const places = new Map<string | null, number>();
      const desk = standsAtDesk(market.kind, unit);
      for (const { offer, offers } of placesAlike(unit)) {
        const { gate } = termsOf(offer, desk);
        places.set(gate, (places.get(gate) ?? 0) + offers);
      }
      return {
        gpus: unit.gpus,
        cardBytes: card,
        runs: (scheme: number) => batched[scheme] === true && peaks[scheme] !== null,
        places,
      };
    });
    countOptions(models, memory.inUnit, machines, search);
  };
  return { units, own, items, setUps, restsOf, count };
}

export const unitKey = ({ accelerator, gpus }: UnitType): string => `${accelerator.row} ${gpus}`;

/** Offers that the gates of a place cannot tell apart. */
export function placeKey(offer: Offer): string {
  let key = placeKeys.get(offer);
  if (key === undefined) {
    const { provider, region, reach, marketplace, purchase } = offer;
    key = [provider, region, reach, marketplace, purchase].join();
    placeKeys.set(offer, key);
  }
  return key;
}

const placeKeys = new WeakMap<Offer, string>();

/** How many offers of a unit there are at each of the places that gates can tell apart, with one of them. */
function placesAlike(unit: UnitType): readonly { offer: Offer; offers: number }[] {
  let alike = alikeOf.get(unit);
  if (alike === undefined) {
    const byKey = new Map<string, { offer: Offer; offers: number }>();
    for (const offer of unit.offers) {
      const key = placeKey(offer);
      byKey.set(key, { offer, offers: (byKey.get(key)?.offers ?? 0) + 1 });
    }
    alike = [...byKey.values()];
    alikeOf.set(unit, alike);
  }
  return alike;
}

const alikeOf = new WeakMap<UnitType, readonly { offer: Offer; offers: number }[]>();

/** Whether a fit already kept beats even the least work of a model: no more for any slice, and no more disk. */
function beaten(kept: readonly Fit[], bytes: number, least: Float64Array): boolean {
  for (const { item, need } of kept) {
    if (item.weights.bytes > bytes) continue;
    let s = 0;
    while (s < need.length && (need[s] as number) <= (least[s] as number)) s++;
    if (s === need.length) return true;
  }
  return false;
}

/** Keeps a fit unless another needs no more for every slice and no more disk; drops those it beats. */
function keepBest(kept: Fit[], fit: Fit): void {
  if (beaten(kept, fit.item.weights.bytes, fit.need)) return;
  for (let i = kept.length - 1; i >= 0; i--) {
    const other = kept[i] as Fit;
    if (beaten([fit], other.item.weights.bytes, other.need)) kept.splice(i, 1);
  }
  kept.push(fit);
}

export function remembered<From, Value>(
  keyOf: (from: From) => string,
  make: (from: From) => Value,
): (from: From) => Value {
  const known = new Map<string, Value>();
  return (from) => {
    const key = keyOf(from);
    let value = known.get(key);
    if (value === undefined) {
      value = make(from);
      known.set(key, value);
    }
    return value;
  };
}

const needOf = ({ unitRequestsPerS }: Fitted, { demand }: Case): Float64Array =>
  filled(demand.slices.length, (s) => {
    const rate = unitRequestsPerS[s] ?? null;
    return rate === null ? Number.POSITIVE_INFINITY : unitsNeeded(demand.slices[s] as Slice, rate, demand);
  });

type FleetCandidate = Candidate & { fleet: FleetNumbers };

function candidateOf(
  market: Market,
  { item, fitted, need }: Fit,
  unit: UnitType,
  { offer, serves }: Place,
  rule: Sizing,
  staff: Staff,
  of: Case,
): FleetCandidate | null {
  const { demand } = of;
  const may = (s: number) => serves[s] === true && need[s] !== Number.POSITIVE_INFINITY;
  if (!demand.slices.some((_, s) => may(s))) return null;
  const priced = pricedOn(market, item, fitted, unit, offer, of);
  const { perRequestUsd } = priced;
  return {
    kind: market.kind,
    provider: offer.provider,
    staff,
    owns: offer.owned > 0 ? unit.accelerator.accelerator : null,
    linear: filled(demand.slices.length, (s) => {
      const slice = demand.slices[s] as Slice;
      return may(s)
        ? (perRequestUsd[s] as number) * requestsPerMonthPerDaily(slice, demand) * slice.requestsPerDay
        : Number.NaN;
    }),
    fleet: {
      min: rule.min,
      spare: rule.spare,
      spareShare: rule.spareShare,
      need: need.map((x, s) => (may(s) ? x : Number.NaN)),
      usdPerHour: priced.usdPerHour,
      onceUsdPerHour: priced.onceUsdPerHour,
      upfrontUsdPerUnit: priced.upfrontUsdPerUnit,
      beyondOwned: priced.beyondOwned,
      followsHours: offer.followsHours,
    },
    fixed: priced.fixed,
    option: () => optionOf(market.kind, item, unit, offer, fitted.gpusPerReplica, rule.copies),
  };
}

/** What a unit with a model on it costs, a request of each slice that it serves included. */
type Priced = Omit<FleetRates, 'requestUsd'> & { perRequestUsd: readonly number[] };

/** None of it depends on the volume: where what a model serves on a unit is shared, so is this. */
const pricedKnown = new WeakMap<Fitted, Map<Offer, Priced>>();

function pricedOn(market: Market, item: Item, fitted: Fitted, unit: UnitType, offer: Offer, of: Case): Priced {
  const known = pricedKnown.get(fitted) ?? new Map<Offer, Priced>();
  pricedKnown.set(fitted, known);
  let made = known.get(offer);
  if (made === undefined) {
    const rates = market.rates({ offer, unit, diskGb: diskGbOf(item.weights) }, of);
    const perRequestUsd = of.demand.slices.map((slice, s) => {
      const rate = fitted.unitRequestsPerS[s] ?? null;
      return rate === null ? Number.NaN : rates.requestUsd(slice, unitSeconds(rate));
    });
    // One by one: a copy of the rest of an object gets a shape of its own, and there are thousands.
    const { usdPerHour, onceUsdPerHour, upfrontUsdPerUnit, beyondOwned, fixed } = rates;
    made = { usdPerHour, onceUsdPerHour, upfrontUsdPerUnit, beyondOwned, fixed, perRequestUsd };
    known.set(offer, made);
  }
  return made;
}

/** Seconds that a unit at saturation takes for one request. */
const unitSeconds = (requestsPerS: number): number => 1 / requestsPerS;
