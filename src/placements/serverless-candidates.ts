import { type LeastWork, leastSeconds, type Peak } from '../capacity/ceiling.js';
import { type Engine, errorOn } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import { requestsPerMonthPerDaily } from '../cost/axis.js';
import { egress } from '../cost/egress.js';
import { windowsOf } from '../cost/gathered.js';
import type { Staff } from '../cost/people.js';
import { leastWorkerS, type Sleeper, spellsOf } from '../cost/serverless.js';
import {
  ratesByWeights,
  ratesOf,
  type ServerlessWork,
  serverlessCosts,
  sleeperOf,
  type WorkerRates,
  workersUsd,
  workersUsdAtLeast,
} from '../cost/serverless-costs.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { filled } from '../units/filled.js';
import { certainlyBelow } from '../units/last-digits.js';
import { type Candidate, candidateCost, dropDominated } from './candidate.js';
import { bytesPerCard } from './fits.js';
import { placeKey, remembered, type Terms, unitKey } from './fleet-candidates.js';
import { countOptions, isCounted } from './fleet-count.js';
import { diskGbOf, optionOf, placeOption } from './fleet-option.js';
import { cheapest, type Offer, type UnitType } from './fleet-units.js';
import { besides, kindBound, peopleFloor, ruledOut } from './kind-bound.js';
import { type Item, ownItems } from './own-items.js';
import { suitsMarket } from './own-weights.js';
import type { Case, Search, Serves, SliceService } from './placement.js';
import { type Drafted, withColdStarts, workerOn, workerSeconds } from './serverless-service.js';
import { rowOf, serverlessUnits } from './serverless-units.js';
import { type Ranked, ranked, type TwinBar, twinBar } from './twins.js';
import { peaksOf } from './unit-peaks.js';

const secondsPerHour = 3600;
/** Lengths of a start that are told apart, for each doubling. */
const steps = 4;

/** Workers serve many at once. */
const market = { personal: false };

/**
 * Models that fit a worker of some size, and one after another what they take there: GB of weights, and seconds of a request
 * of each slice at the ceiling (infinite: it may not run there).
 */
type Fits = { items: readonly Item[]; supportOf(item: Item): SchemeSupport; gb: Float64Array; leastS: Float64Array };
/** Whether what was found leaves an option of a score and cost; absent where no twins are looked for. */
type Leaves = ReturnType<TwinBar['leaves']> | undefined;
/** A model on one offer: what each slice costs there at the least (infinite: it may not run there), and the weights' volume. */
type Least = { usd: Float64Array; fixed: number };

/**
 * Models on a worker of some size. `late` has for each, slice by slice, the shortest start found to be too long for what is
 * asked of latency: after a longer one no request is served sooner.
 */
type OnUnit = { fits: Fits; late: Float64Array; workersOf(i: number): (Drafted | null)[]; twins: Ranked | null };

/**
 * Bound, then price: offers from the cheapest up, on each the models from the fastest down. Before its capacity is
 * computed, a model costs at least its cold starts and idle time-outs with answers that take no time, and at least the
 * seconds that requests take at the worker's ceiling; what is found so far turns most of them down.
 */
export function serverlessCandidates(kind: Kind, staff: Staff, engine: Engine, of: Case, search: Search): Candidate[] {
  const { demand, tables } = of;
  const { slices, growth, hoursPerMonth } = demand;
  // Before a model is looked at: what its people alone cost may be as much as what matters at the most.
  if (
    search.belowCut &&
    search.twinsOf === null &&
    ((search.ruled && ruledOut(staff, 0, 0, demand)) || peopleFloor(staff, 0, demand) >= search.cut)
  )
    return [];
  const key = setUpKey(kind);
  const { units, items, fitsOf, termsOf, lengths, startsOf, count } = search.shared(key, () =>
    setUp(kind, engine, of, search),
  );
  if (isCounted(search)) search.shared(`${key} counted`, () => count(search));
  if (units.length === 0) return [];
  const ofKind = kindBound(items, search, demand);
  const beside = besides(items, search);
  const isRuledOut = search.ruled && ruledOut(staff, 0, beside, demand);
  const people = peopleFloor(staff, 0, demand) + beside;
  const { twinsOf } = search;
  const bar = twinsOf && twinBar(twinsOf, demand);
  const limit = twinsOf !== null ? () => search.cut : isRuledOut ? ofKind.anyway : ofKind.usd;
  const sleep = { idleS: demand.assume('keepWarmIdleDefault'), billedShare: demand.assume('coldStartBilledShare') };
  const least = slices.map((slice) => {
    const windows = windowsOf(slice);
    const spells = spellsOf(windows?.means ?? slice.hours, growth);
    return leastWorkerS(sleep, windows?.seconds ?? null, spells, slice.requestsPerDay, hoursPerMonth);
  });
  const upAnyway = Math.min(...least.map((of) => of(null)));
  /** Worker-seconds after a start of each length that there is. */
  const ups: (number[] | undefined)[] = [];
  const upAfter = (length: number): number[] => {
    ups[length] ??= least.map((of) => of(lengths[length] as number));
    return ups[length];
  };
  const perMonth = slices.map((slice) => requestsPerMonthPerDaily(slice, demand) * slice.requestsPerDay);
  const busyPerS = slices.map((slice, s) => workerSeconds(slice, 1, demand) * (perMonth[s] as number));
  const timed = slices.map((slice) => search.timed(slice));
  const byProvider = new Map<string, Candidate[]>();

  for (const unit of units) {
    if (people + (cheapest(unit) / secondsPerHour) * upAnyway >= limit()) continue;
    const places = unit.offers.flatMap((offer) => {
      const { serves, gate } = termsOf(offer);
      return gate === null ? [{ offer, serves: serves.map((may, s) => may && search.served[s] !== false) }] : [];
    });
    // What models take there is worked out only where some may run.
    if (places.length === 0) continue;
    const fits = fitsOf(unit);
    const known = new Map<number, (Drafted | null)[]>();
    const workersOf = (i: number): (Drafted | null)[] => {
      const made = known.get(i) ?? workersFor(fits.items[i] as Item, fits.supportOf, unit);
      known.set(i, made);
      return made;
    };
    const late = new Float64Array(fits.leastS.length).fill(Number.POSITIVE_INFINITY);
    const twins = twinsOf && ranked(fits.items, twinsOf);
    for (const { offer, serves } of places) onOffer(offer, unit, serves, { fits, late, workersOf, twins });
  }
  const found = [...byProvider.values()].flat();
  return twinsOf === null ? dropDominated(found) : found;

  function workersFor(item: Item, supportOf: Fits['supportOf'], unit: UnitType): (Drafted | null)[] {
    const support = supportOf(item);
    return slices.map((slice, s) => {
      const shape = item.shapes[s];
      if (item.serves[s] !== true || shape === undefined) return null;
      return workerOn(item.weights, unit.accelerator, unit.gpus, support, shape, slice, timed[s] === true, engine, of);
    });
  }

  /** Whether some slice costs less than what matters at the most. Asked of hundreds of thousands, so it makes nothing. */
  function isCheap(usd: Float64Array, besides: number): boolean {
    const { below } = search;
    const most = below === null ? limit() : Number.NaN;
    let all = 0;
    for (let s = 0; s < usd.length; s++) {
      const one = usd[s] as number;
      all += one;
      if (one !== Infinity && besides + one < (below === null ? most : (below[s] as number))) return true;
    }
    return below !== null && besides + all < (below[usd.length] as number);
  }

  function mayMatter(atLeast: Least, found: readonly Candidate[], score: number, leaves: Leaves): boolean {
    const { usd, fixed } = atLeast;
    if (!isCheap(usd, people + fixed)) return false;
    if (twinsOf === null || leaves === undefined) return !beaten(found, atLeast);
    return leaves(
      score,
      twinsOf.slices.reduce((sum, s) => sum + (usd[s] as number), fixed),
    );
  }

  function onOffer(
    offer: Offer,
    unit: UnitType,
    serves: readonly boolean[],
    { fits, late, workersOf, twins }: OnUnit,
  ): void {
    const usdPerS = offer.usdPerHour / secondsPerHour;
    if (people + usdPerS * upAnyway >= limit()) return;
    const { ratesWith, storageUsd, starts } = startsOf(offer, unit);
    const traffic = slices.map(
      (slice, s) => egress(offer.provider, slice, demand, tables).amount.value * (perMonth[s] as number),
    );
    const found = byProvider.get(offer.provider) ?? [];
    byProvider.set(offer.provider, found);
    // One place for all of them: there are hundreds of thousands.
    const atLeast: Least = { fixed: 0, usd: new Float64Array(slices.length) };
    const { items: fitting, leastS, gb: weightsGb } = fits;
    const count = slices.length;
    const all = twins?.order.length ?? fitting.length;
    const leaves = bar?.leaves({ staff, provider: offer.provider, units: 0 });
    // What captures nothing of a round costs it no memory: most end at their first bound.
    for (let n = 0; n < all; n++) {
      const i = twins?.order[n] ?? n;
      const score = twins?.scores[i] ?? 0;
      // Whatever it costs: those after it score no higher.
      if (leaves?.(score, 0) === false) break;
      const up = upAfter(starts[i] as number);
      const shortestS = lengths[starts[i] as number] as number;
      atLeast.fixed = (weightsGb[i] as number) * storageUsd;
      for (let s = 0, at = i * count; s < count; s++, at++) {
        const seconds = Math.max((busyPerS[s] as number) * (leastS[at] as number), up[s] as number);
        const may = serves[s] === true && shortestS < (late[at] as number);
        atLeast.usd[s] = may ? (usdPerS * seconds + (traffic[s] as number)) * certainlyBelow : Infinity;
      }
      if (mayMatter(atLeast, found, score, leaves)) price(i, score);
    }

    function price(i: number, score: number): void {
      const item = fitting[i] as Item;
      const rates = ratesWith(weightsGb[i] as number);
      const workers = workersOf(i);
      const usdOf = (work: ServerlessWork, s: number) => workersUsd(rates, work, demand) + (traffic[s] as number);
      const admits = (slice: Slice, warm: SliceService, work: ServerlessWork) =>
        search.admitsService(item.option, slice, () => withColdStarts(warm, sleeperOf(rates, work), slice, demand));
      // What a worker is predicted to serve tells more than its ceiling; what targets leave of it takes long to tell.
      for (let s = 0; s < count; s++) {
        const drafted = atLeast.usd[s] === Number.POSITIVE_INFINITY ? null : (workers[s] as Drafted | null);
        atLeast.usd[s] =
          drafted === null
            ? Number.POSITIVE_INFINITY
            : (workersUsdAtLeast(rates, drafted.least, demand) + (traffic[s] as number)) * certainlyBelow;
      }
      if (!mayMatter(atLeast, found, score, leaves)) return;
      let isLate = false;
      for (let s = 0, at = i * count; s < count; s++, at++) {
        const drafted = workers[s] as Drafted;
        if (atLeast.usd[s] === Number.POSITIVE_INFINITY || !timed[s]) continue;
        if (admits(slices[s] as Slice, drafted.best(), drafted.least)) continue;
        late[at] = Math.min(late[at] as number, rates.coldS);
        atLeast.usd[s] = Number.POSITIVE_INFINITY;
        isLate = true;
      }
      if (isLate && !mayMatter(atLeast, found, score, leaves)) return;
      const linear = filled(slices.length, (s) => {
        if (atLeast.usd[s] === Number.POSITIVE_INFINITY) return Number.NaN;
        const { warm, work } = (workers[s] as Drafted).worker();
        return admits(slices[s] as Slice, warm, work) ? usdOf(work, s) : Number.NaN;
      });
      if (linear.every(Number.isNaN)) return;
      const candidate = candidateOf(kind, offer, unit, item, staff, linear, atLeast.fixed);
      if (twinsOf !== null) {
        if (!(candidateCost(candidate, twinsOf.slices, demand) <= twinsOf.usd)) return;
        found.push(candidate);
        bar?.note(candidate, score);
      } else {
        for (let i = found.length - 1; i >= 0; i--) if (standsFor(candidate, found[i] as Candidate)) found.splice(i, 1);
        found.push(candidate);
        ofKind.note(candidate, people, isRuledOut);
      }
    }
  }
}

/** On its own, as what it was weighed with would be kept in memory for as long as it is. */
const candidateOf = (
  kind: Kind,
  offer: Offer,
  unit: UnitType,
  item: Item,
  staff: Staff,
  linear: Float64Array,
  fixed: number,
): Candidate => ({
  kind,
  provider: offer.provider,
  staff,
  linear,
  owns: null,
  fleet: null,
  fixed,
  option: () => optionOf(kind, item, unit, offer, unit.gpus, 1),
});

const setUpKey = (kind: Kind): string => `${kind} set-up`;

/** A worker that is up answers at once. */
const atOnce: SliceService = {
  ttftP95Ms: 0,
  tokensPerSecond: Number.POSITIVE_INFINITY,
  totalP95Ms: 0,
  unitRequestsPerS: null,
  limitedBy: null,
};

/** Times as long that a worker is asked to stay up, so that what is told of it holds of others that stay up a little longer. */
const aBitMore = 1.01;

/**
 * Which slices some model may serve on some worker, wherever it stands. Of those with targets on latency, which it keeps at its
 * very best, where it starts as fast as any of its kind is sold.
 */
export function servedByWorkers(kind: Kind, staff: Staff, engine: Engine, of: Case, search: Search): Serves {
  const { demand } = of;
  const key = setUpKey(kind);
  const { units, items, fitsOf, termsOf, startsOf } = search.shared(key, () => setUp(kind, engine, of, search));
  const inTime = demand.slices.map((slice, s) => {
    if (!search.timed(slice)) return items.some(({ serves }) => serves[s] === true);
    const isKept = (item: Item, warm: SliceService, sleeper: Sleeper): boolean =>
      search.admitsService(item.option, slice, () => withColdStarts(warm, sleeper, slice, demand));
    /** Too late for the slice, whatever else: so is what stays up no longer and starts no faster. There are thousands. */
    let late: Sleeper = { upS: 0, coldS: Number.POSITIVE_INFINITY };
    const startsLate = (item: Item, sleeper: Sleeper): boolean => {
      if (sleeper.upS <= late.upS && sleeper.coldS >= late.coldS) return true;
      const better = { upS: aBitMore * Math.max(sleeper.upS, late.upS), coldS: Math.min(sleeper.coldS, late.coldS) };
      if (isKept(item, atOnce, better)) return !isKept(item, atOnce, sleeper);
      late = better;
      return true;
    };
    return units.some((unit) => {
      const { items: fitting, supportOf, gb, leastS } = fitsOf(unit);
      const quickest = startsOf(quickestStart(unit, startsOf), unit).ratesWith;
      const keeps = (item: Item, i: number): boolean => {
        if (leastS[i * demand.slices.length + s] === Number.POSITIVE_INFINITY) return false;
        const shape = item.shapes[s] as Item['shapes'][number];
        const { accelerator, gpus } = unit;
        const worker = workerOn(item.weights, accelerator, gpus, supportOf(item), shape, slice, true, engine, of);
        if (worker === null) return false;
        const sleeper = sleeperOf(quickest(gb[i] as number), worker.least);
        return !startsLate(item, sleeper) && isKept(item, worker.best(), sleeper);
      };
      return fitting.some(keeps);
    });
  });
  const isLetIn = !search.ruled || !ruledOut(staff, 0, 0, demand);
  const mayStand = (s: number): boolean =>
    units.some(({ offers }) => offers.some((offer) => termsOf(offer).serves[s] === true));
  return { inTime, inPlans: inTime.map((may, s) => may && isLetIn && mayStand(s)) };
}

/** Weights load as fast everywhere: what starts fastest without any does so with all. */
const quickestStart = (unit: UnitType, startsOf: (offer: Offer, unit: UnitType) => Starts): Offer => {
  const coldS = (offer: Offer): number => startsOf(offer, unit).ratesWith(0).coldS;
  return unit.offers.reduce((quickest, offer) => (coldS(offer) < coldS(quickest) ? offer : quickest));
};

/** Everything that does not depend on the volume: workers, models that may run, and how fast they could be at the most. */
function setUp(kind: Kind, engine: Engine, of: Case, search: Search) {
  const units = serverlessUnits(of);
  const { models, items: all, schemes, memory } = ownItems(of, search);
  const items = all.filter(({ weights }) => suitsMarket(weights.scheme, market));
  const termsOf = remembered(
    placeKey,
    (offer: Offer): Terms => search.admit(placeOption(kind, offer, false), 'provider'),
  );
  const peaksFor = remembered(unitKey, (unit: UnitType) => peaksOf(unit, [unit.gpus], schemes, engine, of));
  const fitsOf = remembered(unitKey, (unit: UnitType): Fits => {
    const peaks = peaksFor(unit);
    const card = bytesPerCard(unit.accelerator, engine);
    const perCard = memory.inGroup(unit.gpus);
    const peakOf = ({ scheme }: Item): Peak | null => peaks[scheme] ?? null;
    const fitting = items.filter((item) => (perCard[item.at] as number) <= card && peakOf(item) !== null);
    const count = of.demand.slices.length;
    const leastS = new Float64Array(fitting.length * count);
    for (const [i, item] of fitting.entries()) {
      const work = item.least(engine);
      const error = errorOn(engine, item.weights.model, unit.accelerator);
      for (let s = 0; s < count; s++) {
        leastS[i * count + s] =
          item.serves[s] === true
            ? leastSeconds(work[s] as LeastWork, peakOf(item) as Peak, error)
            : Number.POSITIVE_INFINITY;
      }
    }
    return {
      items: fitting,
      supportOf: (item) => (peakOf(item) as Peak).support,
      gb: filled(fitting.length, (i) => diskGbOf((fitting[i] as Item).weights)),
      leastS,
    };
  });
  const count = (search: Search): void => {
    const batched = schemes.map((scheme) => suitsMarket(scheme, market));
    const machines = units.map((unit) => {
      const places = new Map<string | null, number>();
      for (const offer of unit.offers) places.set(termsOf(offer).gate, (places.get(termsOf(offer).gate) ?? 0) + 1);
      const cardBytes = bytesPerCard(unit.accelerator, engine);
      const peaks = peaksFor(unit);
      const runs = (scheme: number) => batched[scheme] === true && peaks[scheme] !== null;
      return { gpus: unit.gpus, cardBytes, runs, places };
    });
    countOptions(models, memory.inGroup, machines, search);
  };
  const lengths: number[] = [];
  const numbers = new Map<number, number>();
  const numberOf = (length: number): number => {
    const number = numbers.get(length) ?? lengths.push(length) - 1;
    numbers.set(length, number);
    return number;
  };
  // Where a start is billed whole, a shorter one costs no more: few lengths stand for all.
  const inSteps = of.demand.assume('coldStartBilledShare') >= 1;
  const shorter = (coldS: number): number =>
    !inSteps || coldS <= 0 ? coldS : 2 ** (Math.floor(Math.log2(coldS) * steps) / steps);
  const known = new Map<Offer, Starts>();
  const startsOf = (offer: Offer, unit: UnitType): Starts => {
    let made = known.get(offer);
    if (made === undefined) {
      const row = rowOf(offer, of);
      const costsWith = (weightsGb: number) =>
        serverlessCosts({ row, gpus: unit.gpus, weightsGb }, of.demand, of.tables);
      const [none, one] = [costsWith(0), costsWith(1)];
      const ratesWith = ratesByWeights(ratesOf(none), ratesOf(one));
      const starts = Int32Array.from(fitsOf(unit).gb, (gb) => numberOf(shorter(ratesWith(gb).coldS)));
      made = { ratesWith, storageUsd: one.storage.value, starts };
      known.set(offer, made);
    }
    return made;
  };
  return { units, items, fitsOf, termsOf, lengths, startsOf, count };
}

/**
 * What workers of an offer cost with weights of some GB, USD a month for a GB of them, and how long a start with each model
 * takes, by its place in the list of lengths.
 */
type Starts = { ratesWith: (weightsGb: number) => WorkerRates; storageUsd: number; starts: Int32Array };

/** Whether one candidate costs no more than another of the same provider, for every slice that serves and in all. */
function standsFor(a: Candidate, b: Candidate): boolean {
  if (a.fixed > b.fixed) return false;
  for (let s = 0; s < b.linear.length; s++) {
    if (!Number.isNaN(b.linear[s] as number) && !((a.linear[s] as number) <= (b.linear[s] as number))) return false;
  }
  return true;
}

/** Whether a candidate of the same provider costs no more than even the least of a model, for every slice and in all. */
function beaten(rivals: readonly Candidate[], { usd, fixed }: Least): boolean {
  for (const rival of rivals) {
    if (rival.fixed > fixed) continue;
    let s = 0;
    while (s < usd.length && (usd[s] === Number.POSITIVE_INFINITY || (rival.linear[s] as number) <= (usd[s] as number)))
      s++;
    if (s === usd.length) return true;
  }
  return false;
}
