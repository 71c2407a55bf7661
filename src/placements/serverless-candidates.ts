import { type LeastWork, leastSeconds, type Peak } from '../capacity/ceiling.js';
import { type Engine, errorOn } from '../capacity/replica.js';
import { meanMultipleOf, requestsPerMonthPerDaily } from '../cost/axis.js';
import { egress } from '../cost/egress.js';
import type { Staff } from '../cost/people.js';
import { leastWorkerS, spellsOf } from '../cost/serverless.js';
import { serverlessCosts, sleeperOf, workersUsd } from '../cost/serverless-costs.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { type Candidate, candidateCost, dropDominated } from './candidate.js';
import { bytesPerCard, memoryPerGpu } from './fits.js';
import {
  besides,
  type Item,
  kindBound,
  modelsFor,
  peopleFloor,
  placeKey,
  remembered,
  type Terms,
} from './fleet-candidates.js';
import { optionCounter } from './fleet-count.js';
import { unitsNeeded } from './fleet-numbers.js';
import { diskGbOf, optionOf, placeOption } from './fleet-option.js';
import { cheapest, type Offer, type UnitType } from './fleet-units.js';
import type { Case, Search } from './placement.js';
import { type Worker, withColdStarts, workerOn } from './serverless-service.js';
import { rowOf, serverlessUnits } from './serverless-units.js';
import { peaksOf } from './unit-peaks.js';

const secondsPerHour = 3600;
// Sums in another order differ in their last digits.
const certainly = 1 - 1e-9;

/** Lengths of a start that are told apart, for each doubling. */
const steps = 4;

/** A worker is one replica: it is not cut up. */
const whole = (gpus: number): number[] => [gpus];

/** A model on a worker of some size: worker-seconds a month for each slice at the ceiling, and its capacity when asked. */
type Fit = { item: Item; busyS: Float64Array; workers(): (Worker | null)[] };
/** A model on one offer: what each slice costs there at the least (infinite: it may not run there), and the weights' volume. */
type Least = { usd: Float64Array; fixed: number };

/**
 * Bound, then price: offers from the cheapest up, on each the models from the fastest down. Before its capacity is
 * computed, a model costs at least its cold starts and idle time-outs with answers that take no time, and at least the
 * seconds that requests take at the worker's ceiling; what is found so far turns most of them down.
 */
export function serverlessCandidates(kind: Kind, staff: Staff, engine: Engine, of: Case, search: Search): Candidate[] {
  const { demand, tables } = of;
  const { slices, growth, hoursPerMonth } = demand;
  const units = serverlessUnits(of);
  if (units.length === 0) return [];
  // Before a model is looked at: what its people alone cost may be as much as what matters at the most.
  if (search.belowCut && search.twinsOf === null && peopleFloor(staff, 0, demand) >= search.cut) return [];
  const { models, items, schemes } = modelsFor({ kind, personal: false }, of, search);
  const perGpu = memoryPerGpu(models, of, whole);
  const count = optionCounter(
    models.map(({ weights, gate }) => ({ scheme: weights.scheme.scheme, gate })),
    perGpu,
    search,
  );
  const termsOf = remembered(
    placeKey,
    (offer: Offer): Terms => search.admit(placeOption(kind, offer, false), 'provider'),
  );
  const ofKind = kindBound(items, search, demand);
  const people = peopleFloor(staff, 0, demand) + besides(items, search);
  const { twinsOf } = search;
  const limit = () => (twinsOf === null ? ofKind.usd() : search.cut);
  const sleep = { idleS: demand.assume('keepWarmIdleDefault'), billedShare: demand.assume('coldStartBilledShare') };
  const least = slices.map(({ hours, requestsPerDay }) =>
    leastWorkerS(sleep, spellsOf(hours, growth), requestsPerDay, hoursPerMonth),
  );
  // Where a start is billed whole, a shorter one costs no more: few lengths stand for all.
  const shorter = (coldS: number): number =>
    sleep.billedShare < 1 || coldS <= 0 ? coldS : 2 ** (Math.floor(Math.log2(coldS) * steps) / steps);
  const upAfter = remembered(String, (coldS: number | null) => least.map((of) => of(coldS)));
  const upAnyway = Math.min(...upAfter(null));
  const busyPerS = slices.map(
    (slice) => unitsNeeded(slice, 1, demand) * meanMultipleOf(slice, demand) * hoursPerMonth * secondsPerHour,
  );
  const perMonth = slices.map((slice) => requestsPerMonthPerDaily(slice, demand) * slice.requestsPerDay);
  const byProvider = new Map<string, Candidate[]>();

  for (const unit of units) {
    const peaks = peaksOf(unit, whole(unit.gpus), schemes, engine, of);
    const card = bytesPerCard(unit.accelerator, engine);
    if (twinsOf === null) {
      const offers = new Map<string | null, number>();
      for (const offer of unit.offers) offers.set(termsOf(offer).gate, (offers.get(termsOf(offer).gate) ?? 0) + 1);
      count(unit.gpus, card, new Set(schemes.flatMap(({ scheme }, i) => (peaks[i] == null ? [] : scheme))), offers);
    }
    if (people + (cheapest(unit) / secondsPerHour) * upAnyway >= limit()) continue;
    const perCard = perGpu(unit.gpus);
    const fits = items.flatMap((item) => {
      const peak = (perCard[item.at] as number) <= card ? (peaks[item.scheme] ?? null) : null;
      return peak === null ? [] : fitOf(item, peak, unit);
    });
    for (const offer of unit.offers) {
      const { serves, gate } = termsOf(offer);
      if (gate === null) onOffer(offer, unit, serves, fits);
    }
  }
  const found = [...byProvider.values()].flat();
  return twinsOf === null ? dropDominated(found) : found;

  function fitOf(item: Item, peak: Peak, unit: UnitType): Fit {
    const work = item.least(engine);
    const error = errorOn(engine, item.weights.model, unit.accelerator);
    let workers: (Worker | null)[] | null = null;
    return {
      item,
      busyS: Float64Array.from(slices, (_, s) =>
        item.serves[s] === true
          ? (busyPerS[s] as number) * leastSeconds(work[s] as LeastWork, peak, error)
          : Number.POSITIVE_INFINITY,
      ),
      workers() {
        workers ??= slices.map((slice, s) => {
          const shape = item.shapes[s];
          if (item.serves[s] !== true || shape === undefined) return null;
          const timed = search.timed(slice);
          return workerOn(item.weights, unit.accelerator, unit.gpus, peak.support, shape, slice, timed, engine, of);
        });
        return workers;
      },
    };
  }

  function onOffer(offer: Offer, unit: UnitType, serves: readonly boolean[], fits: readonly Fit[]): void {
    const usdPerS = offer.usdPerHour / secondsPerHour;
    if (people + usdPerS * upAnyway >= limit()) return;
    const row = rowOf(offer, of);
    const costsWith = (weightsGb: number) => serverlessCosts({ row, gpus: unit.gpus, weightsGb }, demand, tables);
    const [none, one] = [costsWith(0), costsWith(1)];
    const traffic = slices.map(
      (slice, s) => egress(offer.provider, slice, demand, tables).amount.value * (perMonth[s] as number),
    );
    const found = byProvider.get(offer.provider) ?? [];
    byProvider.set(offer.provider, found);
    // One place for all of them: there are hundreds of thousands.
    const atLeast: Least = { fixed: 0, usd: new Float64Array(slices.length) };
    for (const { item, busyS, workers } of fits) {
      const gb = diskGbOf(item.weights);
      const up = upAfter(shorter(none.coldS.value + gb * (one.coldS.value - none.coldS.value)));
      atLeast.fixed = gb * one.storage.value;
      let lightest = Number.POSITIVE_INFINITY;
      for (let s = 0; s < busyS.length; s++) {
        const seconds = Math.max(busyS[s] as number, up[s] as number);
        const usd = serves[s] === true ? (usdPerS * seconds + (traffic[s] as number)) * certainly : Infinity;
        atLeast.usd[s] = usd;
        if (usd < lightest) lightest = usd;
      }
      if (lightest === Number.POSITIVE_INFINITY || people + atLeast.fixed + lightest >= limit()) continue;
      if (twinsOf === null ? beaten(found, atLeast) : tooDear(atLeast, twinsOf)) continue;
      const costs = costsWith(gb);
      const linear = Float64Array.from(workers(), (worker, s) => {
        const slice = slices[s] as Slice;
        if (worker === null || serves[s] !== true) return Number.NaN;
        const seen = () => withColdStarts(worker.warm, sleeperOf(costs, worker.work), slice, demand);
        if (!search.admitsService(item.option, slice, seen)) return Number.NaN;
        return workersUsd(costs, worker.work, demand) + (traffic[s] as number);
      });
      if (linear.every(Number.isNaN)) continue;
      const candidate: Candidate = {
        kind,
        provider: offer.provider,
        staff,
        linear,
        owns: null,
        fleet: null,
        fixed: costs.storage.value,
        option: () => optionOf(kind, item, unit, offer, unit.gpus, 1),
      };
      if (twinsOf !== null) {
        if (candidateCost(candidate, twinsOf.slices, demand) <= twinsOf.usd) found.push(candidate);
      } else {
        for (let i = found.length - 1; i >= 0; i--) if (standsFor(candidate, found[i] as Candidate)) found.splice(i, 1);
        found.push(candidate);
        ofKind.note(candidate, people);
      }
    }
  }
}

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

/** Whether the slices of a twin cost too much even at the least. */
const tooDear = ({ usd, fixed }: Least, twins: { slices: readonly number[]; usd: number }): boolean =>
  twins.slices.reduce((sum, s) => sum + (usd[s] as number), fixed) > twins.usd;
