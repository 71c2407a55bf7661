import type { Engine } from '../capacity/replica.js';
import { personal } from '../capacity/run.js';
import { schemeSupport } from '../capacity/scheme.js';
import { withSpare } from '../cost/curve.js';
import type { FleetRates } from '../cost/fleet-bill.js';
import { machineUsd, type Staff, staffFor } from '../cost/people.js';
import { certainlyBelow, filled } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import { type Candidate, standsNoDearer } from './candidate.js';
import { standsAtDesk } from './chassis.js';
import { countOptions, grouped } from './fleet-count.js';
import type { Sizing } from './fleet-numbers.js';
import { bestSplit, type Fitted, optionOf, placeOption } from './fleet-option.js';
import { ttftP95AloneMs } from './fleet-service.js';
import { type Offer, splitsOf, type UnitType } from './fleet-units.js';
import { admittedItems, admittedModels } from './items.js';
import { bytesPerCard } from './machine-table.js';
import type { Market } from './market.js';
import { shapeOf } from './own-weights.js';
import type { Context, Filter } from './placement.js';
import type { Base, Row, RowGroup } from './row.js';
import { mayShare } from './sharing.js';
import { type Bundles, bitsOf, type TaskColumns } from './task-columns.js';

/** What an offer costs: lines in the GB of weights on a machine, and in the seconds that a machine works for a request. */
type OfferPrices = Pick<
  FleetRates,
  'usdPerHour' | 'onceUsdPerHour' | 'upfrontUsdPerUnit' | 'beyondOwned' | 'beyondRoom' | 'fixed'
> & {
  diskUsdPerHourGb: number;
  requestUsd: Float64Array;
  workUsdPerS: Float64Array;
};

/** An offer that rules let serve some tasks. */
type Place = { offer: Offer; serves: number };

/** A model on a machine: requests a second that the machine serves of each task. */
type Fit = {
  /** Its place among the admitted items. */
  item: number;
  cards: number;
  perSecond: Float64Array;
  serves: number;
  diskGb: number;
  isExact: boolean;
};

/** Rows of machines of one market, machine by machine. */
export function fleetGroups(market: Market, context: Context, filter: Filter, columns: TaskColumns): RowGroup[] {
  const { bundles } = columns;
  const key = `${market.kind} fleet ${bundles.key}`;
  const machines = filter.shared(key, () => machinesOf(market, context, filter, bundles));
  return machines.map((machine) => new FleetGroup(machine, market, context, filter, columns));
}

/** A machine with the offers that rules let in, and what is known of models on it. */
type Machine = {
  unit: UnitType;
  engine: Engine;
  rule: Sizing;
  places: readonly Place[];
  serves: number;
  prices: Map<Offer, OfferPrices>;
  /** Of models whose targets on latency were asked: by item; null: they are missed. */
  exact: Map<number, Fit | null>;
  fits: { fastest: Fit[] | null; all: Fit[] | null };
};

function machinesOf(market: Market, context: Context, filter: Filter, bundles: Bundles): Machine[] {
  const gates = new Map<string, { serves: number; gate: string | null }>();
  const admit = (offer: Offer, desk: boolean) => {
    const key = `${desk} ${placeKey(offer)}`;
    const known = gates.get(key);
    if (known !== undefined) return known;
    const { serves, gate } = filter.admit(placeOption(market.kind, offer, desk), 'provider');
    const made = { serves: bundles.whole(serves), gate };
    gates.set(key, made);
    return made;
  };
  return market.units(context, context.workload.rules.includeMarketplace).flatMap((unit): Machine[] => {
    const desk = standsAtDesk(market.kind, unit);
    const places = unit.offers.flatMap((offer): Place[] => {
      const { serves, gate } = admit(offer, desk);
      return gate === null ? [{ offer, serves }] : [];
    });
    if (places.length === 0) return [];
    return [
      {
        unit,
        engine: market.engine(unit, context),
        rule: market.sizing(unit, context),
        places,
        serves: places.reduce((all, { serves }) => all | serves, 0),
        prices: new Map(),
        exact: new Map(),
        fits: { fastest: null, all: null },
      },
    ];
  });
}

/** Counts options of a market by the rule that turns them down. */
export function countFleets(market: Market, context: Context, filter: Filter): void {
  filter.shared(`${market.kind} count`, () => {
    const { table, gates, memory, runs } = admittedModels(context, filter);
    const models = table.items.map(({ scheme }, item) => ({ scheme, gate: gates[item] ?? null }));
    const known = new Map<string, string | null>();
    const machines = market.units(context, context.workload.rules.includeMarketplace).map((unit) => {
      const desk = standsAtDesk(market.kind, unit);
      const places = new Map<string | null, number>();
      for (const offer of unit.offers) {
        const key = `${desk} ${placeKey(offer)}`;
        if (!known.has(key)) known.set(key, filter.admit(placeOption(market.kind, offer, desk), 'provider').gate);
        const gate = known.get(key) ?? null;
        places.set(gate, (places.get(gate) ?? 0) + 1);
      }
      const { accelerator, gpus } = unit;
      const engine = market.engine(unit, context);
      const runsOn = runs(accelerator, engine);
      return {
        engine,
        gpus,
        cardBytes: bytesPerCard(accelerator, engine),
        runs: (scheme: number) =>
          (table.batched[scheme] === 1 || (market.personal && personal.has(accelerator.kind))) && runsOn(scheme),
        places,
      };
    });
    for (const engine of new Set(machines.map((machine) => machine.engine)))
      countOptions(
        grouped(models),
        memory(engine).inUnit,
        machines.filter((machine) => machine.engine === engine),
        filter,
      );
  });
}

/** All that rules about places tell offers apart by. */
export const placeKey = ({ provider, region, reach, marketplace, purchase }: Offer): string =>
  `${provider},${region},${reach},${marketplace},${purchase}`;

/** What may leave its peaks to an API: it is there for all hours, and none of it is owned already. */
const isHeld = ({ followsHours, owned }: Offer): boolean => !followsHours && owned === 0;

class FleetGroup implements RowGroup {
  readonly kind;
  readonly places: readonly string[];
  readonly serves: number;
  readonly staffs: readonly Staff[];
  readonly #staffOf = new Map<string, { staff: Staff; usd: (machines: number) => number }>();
  readonly fewestUnits: number;
  readonly floorUsd: number;
  readonly floorBelowApiUsd: number;
  /** Rows by model and offer: they keep what they are asked for. */
  #rows = new Map<Fit, (FleetRow | undefined)[]>();
  #offers: readonly Place[] | null = null;
  #isDiskPaid: boolean | null = null;
  #fitsKnown: Machine['fits'] = { fastest: null, all: null };
  #sums: { work: Float64Array; linear: Float64Array; peaks: Float64Array } | null = null;

  constructor(
    readonly machine: Machine,
    readonly market: Market,
    readonly context: Context,
    readonly filter: Filter,
    readonly columns: TaskColumns,
  ) {
    const { rule, places } = machine;
    const { hoursPerMonth } = context.workload;
    this.kind = market.kind;
    this.places = [market.kind];
    this.serves = machine.serves & admittedItems(context, filter, columns).served;
    this.staffs = [...new Set(places.map(({ offer }) => this.staffAt(offer).staff))];
    this.fewestUnits = columns.spared.all === columns.all ? withSpare(rule.min, rule) : rule.min;
    const least = (held: boolean): number =>
      places.reduce(
        (most, { offer }) => (held && !isHeld(offer) ? most : Math.min(most, offer.usdPerHour)),
        Number.POSITIVE_INFINITY,
      );
    this.floorUsd = least(false) * hoursPerMonth * this.fewestUnits * certainlyBelow;
    this.floorBelowApiUsd = least(true) * hoursPerMonth * certainlyBelow;
  }

  /** What machines of an offer ask of people, and USD a month of people by their number. */
  staffAt({ provider, purchase }: Offer): { staff: Staff; usd: (machines: number) => number } {
    const key = `${provider} ${purchase}`;
    let known = this.#staffOf.get(key);
    if (known === undefined) {
      const { market, machine, context } = this;
      const staff = staffFor(market.staff(machine.unit, { provider, purchase }, context), context.workload);
      known = { staff, usd: machineUsd(staff, context.workload) };
      this.#staffOf.set(key, known);
    }
    return known;
  }

  rows(belowUsd: number): readonly FleetRow[] {
    return this.#rowsOf(this.#fits(true), belowUsd);
  }

  served(): number {
    const places = this.#offersOf().reduce((all, { serves }) => all | serves, 0);
    return this.#fits(true).reduce((all, { serves }) => all | (serves & places), 0);
  }

  everyRow(belowUsd: number): readonly FleetRow[] {
    return this.#rowsOf(this.#fits(false), belowUsd);
  }

  confirm(row: Row): FleetRow | null {
    const { machine, context, filter } = this;
    const { fit, offer, serves } = row as FleetRow;
    if (!machine.exact.has(fit.item)) {
      machine.exact.set(fit.item, this.#exactFit(fit.item, context, filter));
      machine.fits = { fastest: null, all: null };
      this.#fitsKnown = machine.fits;
    }
    const exact = machine.exact.get(fit.item) ?? null;
    const served = serves & (exact?.serves ?? 0);
    return exact === null || served === 0 ? null : this.#rowOf(exact, offer, served);
  }

  /** By set of tasks: units in the mean hour, USD paid by the request, and units in the hours of peaks. */
  sums(sets: number): { work: Float64Array; linear: Float64Array; peaks: Float64Array } {
    this.#sums ??= {
      work: new Float64Array(sets),
      linear: new Float64Array(sets),
      peaks: new Float64Array(sets * Math.max(1, this.columns.peakHours)),
    };
    return this.#sums;
  }

  pricesOf(offer: Offer): OfferPrices {
    const { machine, market, context } = this;
    let prices = machine.prices.get(offer);
    if (prices === undefined) {
      prices = offerPrices(market, offer, machine.unit, context);
      machine.prices.set(offer, prices);
    }
    return prices;
  }

  #rowsOf(fits: readonly Fit[], belowUsd: number): FleetRow[] {
    const rows: FleetRow[] = [];
    for (const fit of fits)
      for (const { offer, serves } of this.#offersOf()) {
        const served = serves & fit.serves;
        if (served !== 0 && this.#leastUsd(fit, offer, served) < belowUsd) rows.push(this.#rowOf(fit, offer, served));
      }
    return rows;
  }

  #offersOf(): readonly Place[] {
    this.#offers ??= undercutNone(this.machine.places, (offer) => this.pricesOf(offer));
    return this.#offers;
  }

  #rowOf(fit: Fit, offer: Offer, serves: number): FleetRow {
    const rows = this.#rows.get(fit) ?? [];
    this.#rows.set(fit, rows);
    const at = this.machine.places.findIndex((place) => place.offer === offer);
    const row = rows[at] ?? new FleetRow(this, fit, offer, serves);
    rows[at] = row;
    return row;
  }

  /** USD a month that a model costs on an offer at the least, whichever task it serves, people left out. */
  #leastUsd(fit: Fit, offer: Offer, serves: number): number {
    const { columns, fewestUnits } = this;
    const prices = this.pricesOf(offer);
    const { unitsPerRate, meanMultiple, requestsPerMonth, workload, bundles } = columns;
    const usdPerUnit = (prices.usdPerHour + fit.diskGb * prices.diskUsdPerHourGb) * workload.hoursPerMonth;
    // Below an API there may be one machine, and it need not do all the work.
    const isBase = isHeld(offer);
    let least = Number.POSITIVE_INFINITY;
    for (let s = 0; s < fit.perSecond.length; s++) {
      if (((serves >> (bundles.of[s] as number)) & 1) === 0) continue;
      const perSecond = fit.perSecond[s] as number;
      const units = ((unitsPerRate[s] as number) / perSecond) * (meanMultiple[s] as number);
      const linear =
        (requestsPerMonth[s] as number) *
        ((prices.requestUsd[s] as number) + (prices.workUsdPerS[s] as number) / perSecond);
      const size = isBase ? 1 : Math.max(fewestUnits, units);
      least = Math.min(least, usdPerUnit * size + (isBase ? 0 : linear));
    }
    return (least + prices.fixed) * certainlyBelow;
  }

  /** The best way to cut the machine up for each model, and of these (`fastest`) what no other one serves faster. */
  #fits(fastest: boolean): readonly Fit[] {
    const { machine, columns, context, filter } = this;
    const known = fastest
      ? (this.#fitsKnown.fastest ?? machine.fits.fastest)
      : (this.#fitsKnown.all ?? machine.fits.all);
    if (known !== null) return known;
    const isTimed = context.workload.taskParts.some((taskPart) => filter.timed(taskPart));
    const found = this.#madeFits(fastest, isTimed);
    this.#fitsKnown = { ...this.#fitsKnown, [fastest ? 'fastest' : 'all']: found };
    // Which cut is the best may depend on the mix of tasks, which the volume moves where some do not follow it.
    if (columns.workload.taskParts.every(({ scales }) => scales)) machine.fits = this.#fitsKnown;
    return found;
  }

  #madeFits(fastest: boolean, isTimed: boolean): Fit[] {
    const { machine, context, filter, market, columns } = this;
    const { unit, engine, rule } = machine;
    const admitted = admittedItems(context, filter, columns);
    const { table, items, serves } = admitted;
    const { count, unitsPerRate, bundles } = columns;
    const isPersonal = market.personal && personal.has(unit.accelerator.kind);
    // Where targets on latency leave nothing of a model, others may be the fastest.
    const isNarrowed = fastest && !isTimed;
    const ratesOn = isNarrowed ? admitted.usefulOnCards : admitted.onCards;
    const cuts = splitsOf(unit.gpus).map((cards) => ({
      cards,
      copies: (unit.gpus / cards) * rule.copies,
      rates: ratesOn(unit.accelerator, cards, engine).perSecond,
    }));
    const kept: Fit[] = [];
    const perSecond = new Float64Array(count);
    for (const i of isNarrowed ? admitted.useful(engine).places : items.keys()) {
      const item = items[i] as number;
      if (table.batched[table.scheme[item] as number] === 0 && !isPersonal) continue;
      const exact = machine.exact.get(i);
      if (exact === null) continue;
      const may = (serves[i] as number) & machine.serves;
      if (may === 0) continue;
      let cards = exact?.cards ?? 0;
      if (exact !== undefined) perSecond.set(exact.perSecond);
      else if (isTimed) cards = fastestCut(cuts, i, may, bundles.of, perSecond);
      else cards = bestCut(cuts, i, may, bundles.of, unitsPerRate, perSecond);
      const served = wholeServed(bundles, may, perSecond);
      if (served === 0) continue;
      const diskGb = this.#diskGbOf(table.diskGb[item] as number);
      if (fastest) {
        if (kept.some((other) => isNoSlower(other, served, perSecond, diskGb))) continue;
        for (let k = kept.length - 1; k >= 0; k--) {
          const other = kept[k] as Fit;
          if (diskGb <= other.diskGb && (other.serves & ~served) === 0 && covers(perSecond, other.perSecond))
            kept.splice(k, 1);
        }
      }
      kept.push(exact ?? { item: i, cards, perSecond: perSecond.slice(), serves: served, diskGb, isExact: !isTimed });
    }
    return kept;
  }

  /** A smaller file costs less only where its disk is paid for. */
  #diskGbOf(gb: number): number {
    this.#isDiskPaid ??= this.#offersOf().some(({ offer }) => this.pricesOf(offer).diskUsdPerHourGb > 0);
    return this.#isDiskPaid ? gb : 0;
  }

  /** What a model serves on the machine within the targets on latency. */
  #exactFit(i: number, context: Context, filter: Filter): Fit | null {
    const { unit, engine, rule, serves: placeServes } = this.machine;
    const { table, items, serves } = admittedItems(context, filter, this.columns);
    const model = table.items[items[i] as number] as (typeof table.items)[number];
    const may = (serves[i] as number) & placeServes;
    const { bundles } = this.columns;
    const placed = {
      ...model,
      serves: context.workload.taskParts.map((_, s) => ((may >> (bundles.of[s] as number)) & 1) === 1),
      shapes: context.workload.taskParts.map((taskPart) => shapeOf(model.option, taskPart, context)),
      support: schemeSupport(model.weights.scheme.runsOn, unit.accelerator.architecture, context.tables.architectures),
      engine,
      copies: rule.copies,
    };
    const fitted: Fitted | null = bestSplit(placed, unit, context, filter);
    if (fitted === null) return null;
    const perSecond = filled(context.workload.taskParts.length, (s) => fitted.unitRequestsPerS[s] ?? 0);
    return {
      item: i,
      cards: fitted.gpusPerReplica,
      perSecond,
      serves: bundles.whole(fitted.unitRequestsPerS.map((rate) => rate !== null)),
      diskGb: this.#diskGbOf(table.diskGb[items[i] as number] as number),
      isExact: true,
    };
  }
}

type Cut = { cards: number; copies: number; rates: Float64Array };

/** The cut that serves most tasks, then the one with the least units for all of them; writes what a unit so cut serves. */
function bestCut(
  cuts: readonly Cut[],
  i: number,
  may: number,
  bundleOf: Int32Array,
  unitsPerRate: Float64Array,
  into: Float64Array,
): number {
  const count = into.length;
  let best: Cut | null = null;
  let [mostServed, leastUnits] = [0, Number.POSITIVE_INFINITY];
  for (const cut of cuts) {
    let [served, units] = [0, 0];
    for (let s = 0; s < count; s++) {
      const rate = (cut.rates[i * count + s] as number) * cut.copies;
      if (rate === 0 || ((may >> (bundleOf[s] as number)) & 1) === 0) continue;
      served++;
      units += (unitsPerRate[s] as number) / rate;
    }
    if (served === 0 || served < mostServed || (served === mostServed && units >= leastUnits)) continue;
    [best, mostServed, leastUnits] = [cut, served, units];
  }
  for (let s = 0; s < count; s++)
    into[s] =
      best === null || ((may >> (bundleOf[s] as number)) & 1) === 0
        ? 0
        : (best.rates[i * count + s] as number) * best.copies;
  return best?.cards ?? 0;
}

/** What the fastest cut serves of each task alone: no target on latency leaves more. */
function fastestCut(cuts: readonly Cut[], i: number, may: number, bundleOf: Int32Array, into: Float64Array): number {
  const count = into.length;
  for (let s = 0; s < count; s++) {
    let most = 0;
    if (((may >> (bundleOf[s] as number)) & 1) === 1)
      for (const { rates, copies } of cuts) most = Math.max(most, (rates[i * count + s] as number) * copies);
    into[s] = most;
  }
  return cuts.at(-1)?.cards ?? 1;
}

/** Bundles of which all tasks are served. */
function wholeServed({ tasks }: Bundles, may: number, perSecond: Float64Array): number {
  let served = 0;
  for (const b of bitsOf(may)) {
    const own = tasks[b] as readonly number[];
    if (own.every((s) => (perSecond[s] as number) > 0)) served |= 1 << b;
  }
  return served;
}

const isNoSlower = (fit: Fit, served: number, perSecond: Float64Array, diskGb: number): boolean =>
  fit.diskGb <= diskGb && (served & ~fit.serves) === 0 && covers(fit.perSecond, perSecond);

function covers(a: Float64Array, b: Float64Array): boolean {
  for (let s = 0; s < a.length; s++) if ((a[s] as number) < (b[s] as number)) return false;
  return true;
}

/** Offers but those that another one undercuts in everything, for all tasks that they may serve; of equals the first stays. */
function undercutNone(places: readonly Place[], pricesOf: (offer: Offer) => OfferPrices): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const prices = pricesOf(place.offer);
    const isUndercut = kept.some(
      ({ offer, serves }) =>
        (place.serves & ~serves) === 0 &&
        offer.followsHours === place.offer.followsHours &&
        offer.owned === 0 &&
        place.offer.owned === 0 &&
        noDearer(pricesOf(offer), prices),
    );
    if (!isUndercut) kept.push(place);
  }
  return kept;
}

const noDearer = (x: OfferPrices, y: OfferPrices): boolean =>
  x.usdPerHour <= y.usdPerHour &&
  x.onceUsdPerHour <= y.onceUsdPerHour &&
  x.upfrontUsdPerUnit <= y.upfrontUsdPerUnit &&
  x.usdPerHour - x.onceUsdPerHour <= y.usdPerHour - y.onceUsdPerHour &&
  x.diskUsdPerHourGb <= y.diskUsdPerHourGb &&
  x.fixed <= y.fixed &&
  standsNoDearer(x.beyondRoom, y.beyondRoom) &&
  covers(y.requestUsd, x.requestUsd) &&
  covers(y.workUsdPerS, x.workUsdPerS);

function offerPrices(market: Market, offer: Offer, unit: UnitType, context: Context): OfferPrices {
  const { taskParts } = context.workload;
  const empty = market.rates({ offer, unit, diskGb: 0 }, context);
  const full = market.rates({ offer, unit, diskGb: 1 }, context);
  const { usdPerHour, onceUsdPerHour, upfrontUsdPerUnit, beyondOwned, beyondRoom, fixed, requestUsd } = empty;
  const idle = filled(taskParts.length, (s) => requestUsd(taskParts[s] as TaskPart, 0));
  return {
    usdPerHour,
    onceUsdPerHour,
    upfrontUsdPerUnit,
    beyondOwned,
    beyondRoom,
    fixed,
    diskUsdPerHourGb: full.usdPerHour - usdPerHour,
    requestUsd: idle,
    workUsdPerS: filled(taskParts.length, (s) => requestUsd(taskParts[s] as TaskPart, 1) - (idle[s] as number)),
  };
}

class FleetRow implements Row {
  readonly kind;
  readonly places: string;
  #candidate: Candidate | null = null;
  #base: Base | null | undefined;

  constructor(
    readonly group: FleetGroup,
    readonly fit: Fit,
    readonly offer: Offer,
    readonly serves: number,
  ) {
    this.kind = group.kind;
    this.places = group.kind;
  }

  get isExact(): boolean {
    return this.fit.isExact;
  }

  get isOwned(): boolean {
    return this.offer.owned > 0;
  }

  get staff(): Staff {
    return this.group.staffAt(this.offer).staff;
  }

  get model() {
    const { context, filter } = this.group;
    const { table, items } = admittedModels(context, filter);
    return (table.items[items[this.fit.item] as number] as (typeof table.items)[number]).option;
  }

  least(into: Float64Array): void {
    const { serves, fit, offer, group } = this;
    const { machine, columns } = group;
    const { rule } = machine;
    const prices = group.pricesOf(offer);
    const { count, bundles, unitsPerRate, requestsPerMonth, meanMultiple, peakMultiples, peakHours, workload } =
      columns;
    const usdPerUnit = (prices.usdPerHour + fit.diskGb * prices.diskUsdPerHourGb) * workload.hoursPerMonth;
    const { usd: peopleUsd } = group.staffAt(offer);
    into.fill(Number.POSITIVE_INFINITY);
    const { work, linear, peaks } = group.sums(into.length);
    for (let set = 1; set < into.length; set++) {
      if ((set & ~serves) !== 0) continue;
      const lowest = set & -set;
      const rest = set ^ lowest;
      let [mean, usdByRequest] = [work[rest] as number, linear[rest] as number];
      for (let hour = 0; hour < peakHours; hour++)
        peaks[set * peakHours + hour] = peaks[rest * peakHours + hour] as number;
      for (const s of bundles.tasks[31 - Math.clz32(lowest)] as readonly number[]) {
        const perSecond = fit.perSecond[s] as number;
        const units = (unitsPerRate[s] as number) / perSecond;
        mean += units * (meanMultiple[s] as number);
        usdByRequest +=
          (requestsPerMonth[s] as number) *
          ((prices.requestUsd[s] as number) + (prices.workUsdPerS[s] as number) / perSecond);
        if (offer.followsHours) continue;
        for (let hour = 0; hour < peakHours; hour++) {
          const at = set * peakHours + hour;
          peaks[at] = (peaks[at] as number) + units * (peakMultiples[hour * count + s] as number);
        }
      }
      work[set] = mean;
      linear[set] = usdByRequest;
      let units: number;
      // What part of a mixed fleet asks for its share of spares is not told here.
      const spare = (set & columns.spared.some) === 0 ? 0 : rule.spare;
      const spareShare = (set & ~columns.spared.all) === 0 ? rule.spareShare : 0;
      if (offer.followsHours)
        units = Math.max(withSpare(rule.min, { spare, spareShare }), mean * (1 + spareShare), mean + spare);
      else {
        let most = 0;
        for (let hour = 0; hour < peakHours; hour++) most = Math.max(most, peaks[set * peakHours + hour] as number);
        const atPeak = Math.max(rule.min, Math.ceil(most * certainlyBelow));
        units = Math.max(mean, withSpare(atPeak, { spare, spareShare }));
      }
      const room = prices.beyondRoom;
      const roomUsd = room ? Math.max(0, units - room.from) * room.usdPerHour * workload.hoursPerMonth : 0;
      into[set] = (usdByRequest + usdPerUnit * units + roomUsd + peopleUsd(units) + prices.fixed) * certainlyBelow;
    }
  }

  lookCloser(): boolean {
    return false;
  }

  undercuts(row: Row): boolean {
    const other = row as FleetRow;
    if ((other.serves & ~this.serves) !== 0 || this.offer.followsHours !== other.offer.followsHours) return false;
    if (this.offer.owned > 0 || other.offer.owned > 0) return false;
    const [a, b] = [this.group, other.group];
    const [x, y] = [a.pricesOf(this.offer), b.pricesOf(other.offer)];
    const [usd, theirUsd] = [this.#usdPerUnitHour(x), other.#usdPerUnitHour(y)];
    if (
      usd > theirUsd ||
      x.onceUsdPerHour > y.onceUsdPerHour ||
      usd - x.onceUsdPerHour > theirUsd - y.onceUsdPerHour ||
      x.upfrontUsdPerUnit > y.upfrontUsdPerUnit ||
      x.fixed > y.fixed ||
      !standsNoDearer(x.beyondRoom, y.beyondRoom)
    )
      return false;
    const [rule, theirs] = [a.machine.rule, b.machine.rule];
    const { of } = a.columns.bundles;
    if (rule.min > theirs.min || rule.spare > theirs.spare || rule.spareShare > theirs.spareShare) return false;
    for (let s = 0; s < this.fit.perSecond.length; s++) {
      if (((other.serves >> (of[s] as number)) & 1) === 0) continue;
      const [rate, theirRate] = [this.fit.perSecond[s] as number, other.fit.perSecond[s] as number];
      if (
        rate < theirRate ||
        (x.requestUsd[s] as number) > (y.requestUsd[s] as number) ||
        (x.workUsdPerS[s] as number) / rate > (y.workUsdPerS[s] as number) / theirRate
      )
        return false;
    }
    return true;
  }

  #usdPerUnitHour({ usdPerHour, diskUsdPerHourGb }: OfferPrices): number {
    return usdPerHour + this.fit.diskGb * diskUsdPerHourGb;
  }

  get order(): number {
    const { places } = this.group.machine;
    return this.fit.item * places.length + places.findIndex(({ offer }) => offer === this.offer);
  }

  get billedShare(): number {
    const { fit, offer, group } = this;
    const { usdPerHour, onceUsdPerHour, beyondOwned, diskUsdPerHourGb } = group.pricesOf(offer);
    const paid = usdPerHour + fit.diskGb * diskUsdPerHourGb;
    return beyondOwned !== null || paid <= 0 ? 0 : 1 - onceUsdPerHour / paid;
  }

  get upfrontUsd(): number {
    const { offer, group } = this;
    const { upfrontUsdPerUnit, beyondOwned } = group.pricesOf(offer);
    return beyondOwned === null ? upfrontUsdPerUnit * group.fewestUnits : 0;
  }

  base(): Base | null {
    if (this.#base === undefined) this.#base = isHeld(this.offer) ? this.#madeBase() : null;
    return this.#base;
  }

  #madeBase(): Base {
    const { fit, offer, group } = this;
    const { unitsPerRate, requestsPerMonth, meanMultiple, workload } = group.columns;
    const prices = group.pricesOf(offer);
    const unitUsd = (prices.usdPerHour + fit.diskGb * prices.diskUsdPerHourGb) * workload.hoursPerMonth;
    const byTask = (usd: (s: number, perSecond: number) => number): Float64Array =>
      filled(fit.perSecond.length, (s) => usd(s, fit.perSecond[s] as number));
    return {
      linearUsd: byTask(
        (s, perSecond) =>
          (requestsPerMonth[s] as number) *
          ((prices.requestUsd[s] as number) + (prices.workUsdPerS[s] as number) / perSecond),
      ),
      workUsd: byTask(
        (s, perSecond) => ((unitUsd * (unitsPerRate[s] as number)) / perSecond) * (meanMultiple[s] as number),
      ),
      unitUsd,
      fixedUsd: prices.fixed,
    };
  }

  candidate(): Candidate {
    this.#candidate ??= this.#made();
    return this.#candidate;
  }

  #mayShare(tasks: readonly number[]): boolean {
    const { fit, group } = this;
    const { context, filter, columns, machine } = group;
    const { workload } = context;
    const admitted = admittedItems(context, filter, columns);
    const rates = admitted.onCards(machine.unit.accelerator, fit.cards, machine.engine);
    const need = tasks.map((s) => (columns.unitsPerRate[s] as number) / (fit.perSecond[s] as number));
    const all = need.reduce((sum, one) => sum + one, 0);
    const sharers = tasks.map((s, i) => {
      const at = fit.item * columns.count + s;
      const [promptS, aloneS] = [rates.promptS[at] as number, rates.aloneS[at] as number];
      const taskPart = workload.taskParts[s] as TaskPart;
      const written = (admitted.requests[s] as (typeof admitted.requests)[number]).outputTokens[fit.item] as number;
      return {
        taskPart,
        requestsPerS: rates.perSecond[at] as number,
        workShare: (need[i] as number) / all,
        promptS,
        ttftP95AloneMs: ttftP95AloneMs(promptS, aloneS, written, taskPart, workload),
      };
    });
    return mayShare(sharers, workload);
  }

  #made(): Candidate {
    const { fit, offer, serves, group } = this;
    const { machine, market, columns, context, filter } = group;
    const { unit, rule } = machine;
    const { count, unitsPerRate, requestsPerMonth } = columns;
    const prices = group.pricesOf(offer);
    const may = (s: number): boolean => ((serves >> (columns.bundles.of[s] as number)) & 1) === 1;
    const { table, items } = admittedModels(context, filter);
    const model = table.items[items[fit.item] as number] as (typeof table.items)[number];
    return {
      kind: market.kind,
      provider: offer.provider,
      staff: this.staff,
      model: model.option.model,
      owns: offer.owned > 0 ? unit.accelerator.accelerator : null,
      linear: filled(count, (s) =>
        may(s)
          ? (requestsPerMonth[s] as number) *
            ((prices.requestUsd[s] as number) + (prices.workUsdPerS[s] as number) / (fit.perSecond[s] as number))
          : Number.NaN,
      ),
      fleet: {
        min: rule.min,
        spare: rule.spare,
        spareShare: rule.spareShare,
        need: filled(count, (s) => (may(s) ? (unitsPerRate[s] as number) / (fit.perSecond[s] as number) : Number.NaN)),
        usdPerHour: prices.usdPerHour + fit.diskGb * prices.diskUsdPerHourGb,
        onceUsdPerHour: prices.onceUsdPerHour,
        upfrontUsdPerUnit: prices.upfrontUsdPerUnit,
        beyondOwned: prices.beyondOwned,
        beyondRoom: prices.beyondRoom,
        followsHours: offer.followsHours,
      },
      mayShare: (tasks) => this.#mayShare(tasks),
      fixed: prices.fixed,
      option: () => optionOf(market.kind, model, unit, offer, fit.cards, rule.copies),
    };
  }
}
