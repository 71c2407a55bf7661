import type { MachineColumns } from '../capacity/request-rate.js';
import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { capability, context as contextRule, modality, tools } from '../rules/model.js';
import { dataGates, gates } from '../rules/registry.js';
import { type Gate, mayRun } from '../rules/rule.js';
import { availability } from '../rules/service.js';
import { type Mask, numbers } from '../units/columns.js';
import { countUntil, filled, isAtLeast } from '../units/numeric.js';
import { type LatencyFigure, latestTtftMs, mustSee, onlyPart, type TaskPart } from '../workload/workload.js';
import { type ApiPrices, type Apis, apiPrices } from './apis.js';
import { type Catalog, ownModelAt } from './catalog.js';
import type { Family } from './items.js';
import type { Offers } from './offers.js';
import { type Among, type Availability, availabilityIn, type Supply } from './supply.js';

/**
 * Rules that exclude something, a bit each by their place in the registry: of places, of models as released
 * (`families`) and in a scheme (`items`), and of APIs; without those on tokens and latency.
 */
export type Verdicts = { places: Int32Array; families: Int32Array; items: Int32Array; apis: Int32Array };

/** A rule that applies to a task, and its bit. */
type Asked = Gate & { bit: number };

/** The bit of a rule. */
export const bitOf = (id: string): number => 1 << gates.findIndex((gate) => gate.id === id);

/** The rule of the lowest bit; null: none is set. */
export const firstRule = (bits: number): string | null =>
  bits === 0 ? null : (gates[31 - Math.clz32(bits & -bits)]?.id ?? null);

/** Rules on a family in a mode alone, checked once for all its APIs. */
const byIndex: ReadonlySet<string> = new Set([modality.id, tools.id, capability.id]);

/** What rules about the data read: tables, and needs of a task. */
const ofTables = ['providers', 'regions', 'regimes', 'impliedTokens', 'claims'] as const;

function dataTermsOf({ needs }: TaskPart): string {
  const { sensitivity, boundary, boundaryGiven, dataKinds, regimes, ownRegimes, residency } = needs;
  const { agreements, declared } = needs;
  return JSON.stringify([
    ...[sensitivity, boundary, boundaryGiven, dataKinds, regimes, ownRegimes, residency, [...declared]],
    agreements && [[...agreements.signed], [...agreements.canSign]],
  ]);
}

/**
 * Checks every rule against everything that it can distinguish.
 *
 * @param ask all rules, or none after the first that excludes something
 */
export function verdictsOf(
  catalog: Catalog,
  offers: Offers,
  apis: Apis,
  context: Context,
  ask: 'all' | 'first',
  ignore: string | null = null,
  among?: Among,
): Verdicts {
  const taskPart = onlyPart(context.workload);
  const asked = gates.flatMap((gate, at): Asked[] =>
    gate.id !== contextRule.id && gate.id !== ignore && (gate.asks?.(taskPart, context) ?? true)
      ? [{ bit: 1 << at, ...gate }]
      : [],
  );
  const failing = (some: readonly Asked[], option: Option, before = 0): number => {
    let bits = before;
    for (const { check, bit } of some) {
      if (ask === 'first' && bits !== 0 && bit > (bits & -bits)) break;
      if (!mayRun(check(option, taskPart, context, null))) bits = ask === 'first' ? bit : bits | bit;
    }
    return bits;
  };
  /** What does not take part fails everything. */
  const failingEach = (
    some: readonly Asked[],
    options: readonly Option[],
    before: Int32Array | null = null,
    mask?: Mask,
  ) => numbers(options.length, (at) => (mask?.[at] === 0 ? -1 : failing(some, options[at] as Option, before?.[at])));
  const ofData = asked.filter(({ id }) => dataGates.has(id));
  const ofPlaces = asked.filter(({ id, level }) => level === 'provider' && !dataGates.has(id));
  const ofMachines = asked.filter(({ level, ofMachines: holds }) => level === 'provider' || holds === true);
  const ofModels = asked.filter(({ level }) => level === 'model');
  const ofOffers = asked.filter(({ id, level }) => (level === 'model' || level === 'option') && !byIndex.has(id));
  const ofIndex = ofModels.filter(({ id }) => byIndex.has(id));
  const byDataRules = (): Int32Array => failingEach(ofData, apis.placeOptions, null, among?.apiPlaces);
  // Scenarios of a batch have few different data rules.
  const key = ['data rules', apis, ...ofTables.map((name) => context.tables[name]), ask, ignore];
  const byData = among ? byDataRules() : context.tables.columnCache.of([...key, dataTermsOf(taskPart)], byDataRules);
  const atPlace = failingEach(ofPlaces, apis.placeOptions, byData, among?.apiPlaces);
  const byModel = failingEach(ofIndex, apis.modelOptions);
  const released = catalog.families.map(({ option }) => option);
  const families = failingEach(ofModels, released, null, among?.families);
  const atApi = numbers(
    apis.count,
    (api) => (atPlace[apis.place[api] as number] as number) | (byModel[apis.model[api] as number] as number),
  );
  return {
    places: failingEach(ofMachines, offers.places, null, among?.places),
    families,
    items: itemsOf(families),
    apis: failingEach(ofOffers, apis.option, atApi, among?.apis),
  };

  /** A scheme costs capability alone: rules on that are checked again where it is lower. */
  function itemsOf(ofFamily: Int32Array): Int32Array {
    const { items } = catalog;
    const { need } = taskPart.needs.capability;
    const floor = taskPart.needs.modalities.includes('image')
      ? context.workload.assume('visionTextFloor')
      : Number.NEGATIVE_INFINITY;
    const bits = new Int32Array(items.count);
    for (let item = 0; item < items.count; item++) {
      const family = items.family[item] as number;
      const released = ofFamily[family] as number;
      const judged = items.judged[item] as number;
      const isSame = items.lossless[item] === 1 || (isAtLeast(judged, need) && isAtLeast(judged, floor));
      // What is good enough in a smaller form is so as released.
      bits[item] = isSame
        ? released
        : released | (mayBeNamed(catalog.families[family] as Family) ? asOption(item) : below(judged, need, floor));
    }
    return bits;
  }

  /** Whether a rule on capability may let a model pass that is below the number. */
  function mayBeNamed({ option: { family, capability: row } }: Family): boolean {
    const { named } = taskPart.needs.capability;
    return named !== undefined && (family === named.family || row?.method === `predecessor:${named.family}`);
  }

  function asOption(item: number): number {
    return failing(ofIndex, ownModelAt(catalog, item).option);
  }

  function below(judged: number, need: number, floor: number): number {
    // What no index is known of is not held to the floor.
    const readsBadly = judged < floor && !isAtLeast(judged, floor);
    const isTooWeak = !isAtLeast(judged, need);
    return asked.reduce(
      (bits, { id, bit }) =>
        (id === capability.id && isTooWeak) || (id === modality.id && readsBadly) ? bits | bit : bits,
      0,
    );
  }
}

const latencyRules = gates.filter(({ level }) => level === 'service');
const figures: readonly LatencyFigure[] = ['ttftP95Ms', 'totalP95Ms', 'tokensPerSecond'];

/** Whether the user wrote a target, or one on a figure. */
export const isTimed = ({ needs }: TaskPart, figure?: LatencyFigure): boolean =>
  (figure === undefined ? figures : [figure]).some((one) => mustSee(needs, one) !== null);

/** Whether a wait may be too long at all. */
export const isWaitLimited = (taskPart: TaskPart, { workload }: Context): boolean =>
  isTimed(taskPart) || latestTtftMs(taskPart, workload) !== null;

/** Rules on latency that exclude a service, a bit each. */
export function lateBits(option: Option, taskPart: TaskPart, context: Context, seen: TaskService): number {
  let bits = 0;
  for (const rule of latencyRules)
    if ((rule.asks?.(taskPart, context) ?? true) && !mayRun(rule.check(option, taskPart, context, seen)))
      bits |= bitOf(rule.id);
  return bits;
}

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
