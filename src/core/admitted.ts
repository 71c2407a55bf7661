import type { MachineColumns } from '../capacity/request-rate.js';
import type { Context } from '../places/placement.js';
import { availability } from '../rules/service.js';
import { countUntil } from '../units/bisection.js';
import { filled } from '../units/float.js';
import { onlyPart } from '../workload/workload.js';
import { type ApiPrices, apiPrices } from './api-prices.js';
import { type Availability, availabilityIn } from './failover.js';
import type { Offers } from './offers.js';
import type { Supply } from './supply.js';
import { bitOf, type Verdicts, verdictsOf } from './verdicts.js';

/** Items, APIs and offers that pass the rules; tokens, latency and volume come later. */
export type Admitted = Supply & {
  verdicts: Verdicts;
  items: Int32Array;
  api: Int32Array;
  /** Prices of `api` as this task pays them. */
  apiPrices: ApiPrices;
  /** Offers that none of their unit undercuts: `firstLive[unit]` up to `firstLive[unit + 1]`. */
  live: Int32Array;
  firstLive: Int32Array;
  /** Disk size of the largest model that fits into the cards of a unit, GB. */
  largestModelGb: Float64Array;
  /** A rule to ignore; null: none. */
  ignore: string | null;
  /** Availability of each, where a fallback is allowed; null: none is. */
  availability: Availability | null;
};

/**
 * @param ask see `verdictsOf`
 * @param ignore a rule to ignore; null: none
 */
export function admit(
  supply: Supply,
  context: Context,
  ask: 'all' | 'first' = 'first',
  ignore: string | null = null,
): Admitted {
  const { catalog, apis, offers, among } = supply;
  const taskPart = onlyPart(context.workload);
  const { rules } = context.workload;
  const mayPair = rules.maxDeployments > 1 && !rules.exclude.includes('failover');
  const isPaired = taskPart.needs.availability !== null && mayPair;
  const verdicts = verdictsOf(catalog, offers, apis, context, isPaired ? 'all' : ask, ignore, among);
  // A place that is available too seldom may serve together with a second.
  const but = isPaired ? bitOf(availability.id) : 0;
  const api = passing(verdicts.apis, but);
  const items = passing(verdicts.items, but);
  const { diskGb } = catalog.items;
  return {
    verdicts,
    ignore,
    items,
    largestModelGb: minOfModelsByUnit({ ...supply, items }, (item) => -(diskGb[item] as number)).map((gb) =>
      Math.max(0, -gb),
    ),
    api,
    apiPrices: apiPrices(apis, api, taskPart, context),
    availability: isPaired ? availabilityIn(supply, api, context) : null,
    ...liveOffers(offers, verdicts.places, (bits, offer) => (bits & ~but) !== 0 || among?.offers[offer] === 0),
    ...supply,
  };
}

/** Least value of the admitted models that a unit's cards hold; infinite: none. */
export function minOfModelsByUnit(
  { catalog, offers, items: admitted }: Pick<Admitted, 'catalog' | 'offers' | 'items'>,
  of: (item: number) => number,
): Float64Array {
  const { units } = offers;
  const { weightBytes, lightest, count } = catalog.items;
  const isAdmitted = new Uint8Array(count);
  for (const item of admitted) isAdmitted[item] = 1;
  const items = lightest.filter((item) => isAdmitted[item] === 1);
  let sofar = Number.POSITIVE_INFINITY;
  const least = filled(items.length, (at) => {
    sofar = Math.min(sofar, of(items[at] as number));
    return sofar;
  });
  return filled(units.count, (unit) => {
    const { cardBytes } = catalog.machines[units.engine[unit] as number] as MachineColumns;
    const bytes = (cardBytes[units.accelerator[unit] as number] as number) * (units.gpus[unit] as number);
    const fitting = countUntil(items.length, (at) => (weightBytes[items[at] as number] as number) > bytes);
    return fitting === 0 ? Number.POSITIVE_INFINITY : (least[fitting - 1] as number);
  });
}

function passing(bits: Int32Array, but: number): Int32Array {
  const found = new Int32Array(bits.length);
  let count = 0;
  for (let at = 0; at < bits.length; at++) if (((bits[at] as number) & ~but) === 0) found[count++] = at;
  return found.slice(0, count);
}

/**
 * Offers that none undercuts at a place that fails no more.
 *
 * @param places what fails at a place, as bits
 */
export function liveOffers(
  offers: Offers,
  places: Int32Array,
  isOut: (bits: number, offer: number) => boolean,
): Pick<Admitted, 'live' | 'firstLive'> {
  const { units } = offers;
  const columns = prices.map((name) => offers[name]);
  const live: number[] = [];
  const firstLive = new Int32Array(units.count + 1);
  for (let unit = 0; unit < units.count; unit++) {
    const first = live.length;
    firstLive[unit] = first;
    for (let offer = units.firstOffer[unit] as number; offer < (units.firstOffer[unit + 1] as number); offer++) {
      const bits = places[offers.place[offer] as number] as number;
      if (isOut(bits, offer)) continue;
      let isUndercut = false;
      for (let at = first; at < live.length && !isUndercut; at++) {
        const other = live[at] as number;
        const keepsAsMuch = ((places[offers.place[other] as number] as number) & ~bits) === 0;
        isUndercut = keepsAsMuch && undercuts(offers, columns, other, offer);
      }
      if (!isUndercut) live.push(offer);
    }
  }
  firstLive[units.count] = live.length;
  return { live: Int32Array.from(live), firstLive };
}

/** Whether one offer costs no more in anything, with the same staff. */
function undercuts(o: Offers, columns: readonly Float64Array[], one: number, other: number): boolean {
  if (o.staff[one] !== o.staff[other] || o.follows[one] !== o.follows[other]) return false;
  if (o.owned[one] !== 0 || o.owned[other] !== 0) return false;
  for (const column of columns) if (!((column[one] as number) <= (column[other] as number))) return false;
  const monthly = (offer: number): number => (o.perHour[offer] as number) - (o.oncePerHour[offer] as number);
  return (
    monthly(one) <= monthly(other) &&
    (o.roomPerHour[one] === 0 ||
      ((o.roomPerHour[one] as number) <= (o.roomPerHour[other] as number) &&
        (o.roomFrom[other] as number) <= (o.roomFrom[one] as number)))
  );
}

/** All that an offer costs but what a room lacks. */
const prices = [
  ...['perHour', 'oncePerHour', 'upfront', 'diskPerHourGb', 'fixed', 'perToken', 'perWorkS'],
  ...['coldS', 'coldSPerGb', 'billedS', 'billedSPerGb', 'keptPerGb'],
] as const;
