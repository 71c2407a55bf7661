import { numberOf } from '../core/apis.js';
import { cuts } from '../core/fits.js';
import { at as usdAt } from '../cost/curve.js';
import { overflowOf } from '../cost/overflow.js';
import { madeOnce } from '../units/memo.js';
import { certainlyBelow } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { billsByMonth, type Part, partOf, staffedApi } from './apis.js';
import { askedOf, type Board } from './board.js';
import { type Fit, fitsFor, fitTermsUsd, leastWork } from './fits.js';
import type { Most } from './parts.js';
import { machineFte } from './people.js';
import type { Task } from './tasks.js';

/**
 * Machines held for all hours with an API for what exceeds them, for every set: the best on each offer below a limit.
 *
 * @param most from which on a part does not matter
 * @param types those of units to consider; null: all
 */
export function overflowParts(board: Board, most: Most, types: ReadonlySet<number> | null): Part[] {
  const { tasks, people, workload, known, weightedUnits, above } = board;
  const { supply, sets, firstLive, live, liveAlone } = tasks;
  const { offers } = supply;
  const { units } = offers;
  const { hoursPerMonth } = workload;
  const parts: Part[] = [];
  const { leastPeople: peopleUsd } = board;
  for (const unit of tasks.fleetUnits) {
    if (types !== null && !types.has(tasks.typeOf[unit] as number)) continue;
    const work = madeOnce(() => leastWork(tasks, known, unit));
    const each = weightedUnits / ((units.copies[unit] as number) * (units.gpus[unit] as number));
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      const offer = live[at] as number;
      if (offers.follows[offer] === 1 || offers.owned[offer] !== 0) continue;
      const staff = offers.staff[offer] as number;
      const unitUsd = (offers.perHour[offer] as number) * hoursPerMonth;
      const oneUsd = (offers.fixed[offer] as number) + machineFte(people, staff, 1) * people.usdPerFte;
      for (let set = 1; set < sets; set++) {
        if ((set & ~(liveAlone[at] as number)) !== 0) continue;
        const limit = Math.min(most.alone[set] as number, (most.withPeople[set] as number) - peopleUsd(staff, 1, set));
        for (const { api, usd } of above) {
          const apiUsd = usd[set] as number;
          // Without any work first.
          if ((oneUsd + leastPairUsd(board, set, unitUsd, 0, apiUsd)) * certainlyBelow >= limit) continue;
          // Each request takes its share of a machine that is always busy, or what the API charges.
          const busyUsd = unitUsd * each * (work()[set] as number);
          const leastUsd = oneUsd + leastPairUsd(board, set, unitUsd, busyUsd, apiUsd);
          if (leastUsd * certainlyBelow >= limit) continue;
          // Where the API alone costs no more than one machine, it replaces the pair.
          if (leastUsd * certainlyBelow >= apiUsd + (known.terms?.placeUsd ?? 0)) continue;
          const one = api[set] as number;
          if (one === -1) continue;
          for (const part of pairsOn(board, unit, offer, set, one)) if (part.usd < limit) parts.push(part);
        }
      }
    }
  }
  return parts;
}

/** Least cost of machines with an overflow API for a set, without people: each request takes one, a machine is held. */
function leastPairUsd(
  { known: { terms } }: Board,
  set: number,
  unitUsd: number,
  busyUsd: number,
  apiUsd: number,
): number {
  const modelsUsd = terms === null ? 0 : (terms.least[set] as number);
  return Math.max(unitUsd, Math.min(busyUsd + modelsUsd, apiUsd)) + 2 * (terms?.placeUsd ?? 0);
}

/**
 * Lower bound of USD a month of any pair, without shared people, for every set that leaves some tasks to others; or the
 * limit given, if that is less.
 *
 * @param belowUsd by set
 */
export function leastOfPairs(board: Board, belowUsd: Float64Array): Float64Array {
  const { tasks, workload, known, weightedUnits, above } = board;
  const { supply, sets, firstLive, live, liveAlone } = tasks;
  const { offers } = supply;
  const { units } = offers;
  const found = belowUsd.slice();
  for (const unit of tasks.fleetUnits) {
    const work = madeOnce(() => leastWork(tasks, known, unit));
    const each = weightedUnits / ((units.copies[unit] as number) * (units.gpus[unit] as number));
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      const offer = live[at] as number;
      if (offers.follows[offer] === 1 || offers.owned[offer] !== 0) continue;
      const unitUsd = (offers.perHour[offer] as number) * workload.hoursPerMonth;
      for (let set = 1; set < sets - 1; set++) {
        if ((set & ~(liveAlone[at] as number)) !== 0) continue;
        for (const { api, usd } of above) {
          if (api[set] === -1) continue;
          const pairUsd = (busyUsd: number): number => leastPairUsd(board, set, unitUsd, busyUsd, usd[set] as number);
          if (pairUsd(0) >= (found[set] as number)) continue;
          found[set] = Math.min(found[set] as number, pairUsd(unitUsd * each * (work()[set] as number)));
        }
      }
    }
  }
  return found;
}

/** Models of a unit under an offer with an API above them. */
function pairsOn(board: Board, unit: number, offer: number, set: number, api: number): readonly Part[] {
  const { tasks, asked, known, pairs } = board;
  const ofUnit = pairs.get(unit) ?? new Map<number, readonly Part[]>();
  pairs.set(unit, ofUnit);
  const key = (offer * tasks.sets + set) * tasks.supply.apis.kind.length + api;
  const found = ofUnit.get(key);
  if (found !== undefined) return found;
  const made = fitsFor(tasks, asked, known, unit, set).flatMap(
    (fit) => pairOf(board, unit, offer, set, fit, api) ?? [],
  );
  ofUnit.set(key, made);
  return made;
}

const onPrem = numberOf('on-prem');

/** A pair with as many units as pay for themselves, by the newsvendor's rule; null: not all tasks follow the volume. */
function pairOf(board: Board, unit: number, offer: number, set: number, fit: Fit, api: number): Part | null {
  const { tasks, workload, people, volumes, perMonth, known, apis: usdOf } = board;
  const { supply, list, tasksIn } = tasks;
  const { offers, catalog, apis } = supply;
  const { units } = offers;
  const { terms } = known;
  const { hoursPerMonth } = workload;
  const own = tasksIn[set] as readonly number[];
  const copies = units.copies[unit] as number;
  const unitUsd =
    ((offers.perHour[offer] as number) + fit.diskGb * (offers.diskPerHourGb[offer] as number)) * hoursPerMonth;
  let [linear, apiUsd, onceUsd] = [0, 0, 0];
  const work: { taskPart: TaskPart; need: number }[] = [];
  for (const t of own) {
    const { taskPart, shape } = list[t] as Task;
    const perSecond = copies / (fit.seconds[t] as number);
    const need = (shape.load.unitsPerRate * (volumes[t] as number)) / perSecond;
    work.push({ taskPart: workload.taskParts[t] as TaskPart, need });
    const peakLine = offers.isPeakLine[offer] === 1 ? shape.load.highest : 1;
    linear +=
      (perMonth[t] as number) *
      (shape.toolsUsd +
        (offers.perToken[offer] as number) * taskPart.tokens.output * peakLine +
        (offers.perWorkS[offer] as number) / perSecond);
    apiUsd += (usdOf.linear[t] as Float64Array)[api] as number;
    onceUsd = Math.max(onceUsd, (usdOf.once[t] as Float64Array)[api] as number);
  }
  const staff = offers.staff[offer] as number;
  const fixedUsd = linear + (offers.fixed[offer] as number) + onceUsd;
  const placesUsd = terms === null ? 0 : 2 * terms.placeUsd + (terms.notOwned[set] as number);
  const net = apiUsd - linear;
  const roomUsd = (offers.roomPerHour[offer] as number) * hoursPerMonth;
  const sized = overflowOf(
    {
      work,
      unitUsdPerMonth: unitUsd,
      beyondRoom: roomUsd === 0 ? null : { from: offers.roomFrom[offer] as number, usdPerMonth: roomUsd },
      netUsdPerMonth: net,
      netByMonth: billsByMonth(usdOf, own, api, linear, workload),
      isOnce: true,
    },
    workload,
  );
  if (sized === null) return null;
  const volume = workload.requestsPerDay;
  const machines = sized.unitsOwned(volume);
  const all = sized.all(volume);
  const share = all === 0 ? 0 : sized.above(volume) / all;
  const fte = machineFte(people, staff, machines);
  const upfrontUsd = machines * (offers.upfront[offer] as number);
  const modelsUsd = terms === null ? 0 : fitTermsUsd(tasks, terms, unit, set, fit);
  let apiTermsUsd = 0;
  if (terms !== null) for (const t of own) apiTermsUsd += (terms.apis[t] as Float64Array)[api] as number;
  const riskUsd = terms !== null && units.kind[unit] === onPrem ? terms.perUpfront * upfrontUsd : 0;
  const termsUsd = placesUsd + (1 - share) * modelsUsd + share * apiTermsUsd + riskUsd;
  const billUsd = fixedUsd + usdAt(sized.curve, volume);
  const usd = billUsd + fte * people.usdPerFte + termsUsd;
  const onceHourly = machines * (offers.oncePerHour[offer] as number) * hoursPerMonth;
  return partOf({
    ...{ set, usd, termsUsd, modelsUsd, unit, offer, fte, staff, machines, upfrontUsd },
    kind: units.kind[unit] as number,
    at: fit.item,
    cards: cuts[fit.cut] as number,
    cashUsd: Math.max(0, billUsd - onceHourly),
    provider: offers.provider[offer] as number,
    model: catalog.items.model[fit.item] as number,
    ...askedOf(board, staff, set),
    second: {
      ...{ role: 'overflow', api, share, kind: apis.kind[api] as number },
      ...staffedApi(apis.provider[api] as number),
    },
  });
}
