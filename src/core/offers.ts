import type { Engine } from '../capacity/replica.js';
import { personal } from '../capacity/run.js';
import { egress } from '../cost/extras.js';
import { type FleetRates, ratesOf } from '../cost/fleet-bill.js';
import { nobody, type Staff, staffFor } from '../cost/people.js';
import { type ServerlessCosts, serverlessCosts } from '../cost/serverless-costs.js';
import { numbers } from '../formula/traced.js';
import { edge } from '../places/device.js';
import type { Market } from '../places/fleet-numbers.js';
import { sizing } from '../places/fleet-numbers.js';
import { placeOption, standsAtDesk } from '../places/fleet-option.js';
import { managedMarket } from '../places/managed-hosting.js';
import type { Offer, UnitType } from '../places/option.js';
import { emptyOption, type Option } from '../places/option.js';
import { ownMarket } from '../places/own-hardware.js';
import type { Context } from '../places/placement.js';
import { rentedMarket } from '../places/rented.js';
import { rowOf, serverlessStaff, serverlessUnits } from '../places/serverless-gpu.js';
import { type ColumnsOf, columns, numbered } from '../units/columns.js';
import type { TaskPart } from '../workload/workload.js';
import type { Apis } from './apis.js';
import { numberOf } from './apis.js';
import { type Catalog, enginesOf } from './catalog.js';

/** Machines of equal capacity. Their offers: `firstOffer[unit]` up to `firstOffer[unit + 1]`. */
const unitColumns = {
  kind: 'b',
  /** Places in the catalog. */
  accelerator: 'i',
  engine: 'b',
  gpus: 'i',
  /** Sites that have such a machine each. */
  copies: 'i',
  min: 'i',
  spare: 'i',
  spareShare: 'f',
  /** 1: schemes for one user at a time are worth a look. */
  personal: 'b',
  /** 1: a worker of one replica with scale to zero. */
  sleeps: 'b',
  /** The same number for units of equal capacity, whoever sells them. */
  machine: 'i',
} as const;
export type Units = ColumnsOf<typeof unitColumns> & {
  count: number;
  firstOffer: Int32Array;
  type: readonly UnitType[];
};

/** Ways to have a unit; prices in USD. */
const offerColumns = {
  unit: 'i',
  /** For an hour of a unit; of it what is paid once and spread over the hours. */
  perHour: 'f',
  oncePerHour: 'f',
  /** For a unit before it works. */
  upfront: 'f',
  diskPerHourGb: 'f',
  /** For a month, whatever the size. */
  fixed: 'f',
  /** For a token that is written; of own machines times the highest multiple of the load (`isPeakLine`). */
  perToken: 'f',
  isPeakLine: 'b',
  /** For a second of a unit's work. */
  perWorkS: 'f',
  /** 1: as many units as each hour needs; 0: as the highest does. */
  follows: 'b',
  /** Units that are owned already, and what an hour of each further one costs more. */
  owned: 'i',
  beyondPerHour: 'f',
  /** Units that a room carries, and what an hour of each further one costs more. */
  roomFrom: 'f',
  roomPerHour: 'f',
  /** Of workers: seconds of a start, billed ones, the same for each GB; USD for a GB kept. */
  coldS: 'f',
  coldSPerGb: 'f',
  billedS: 'f',
  billedSPerGb: 'f',
  keptPerGb: 'f',
  staff: 'i',
  place: 'i',
  provider: 'i',
} as const;

/** Everything but APIs that a scenario may run on, and its staff. */
export type Offers = ColumnsOf<typeof offerColumns> & {
  count: number;
  source: readonly Offer[];
  units: Units;
  /** Engines of the catalog as the scenario has them. */
  engines: readonly Engine[];
  /** Kinds of staff; the first is that of an API. */
  staffs: readonly Staff[];
  /** Staff of users' devices, and their place. */
  deviceStaff: number;
  devicePlace: number;
  /** Places that differ for rules, each as an option with nothing but its place. */
  places: readonly Option[];
  /** Providers of APIs first. */
  providers: readonly string[];
};

/** Place of the staff of APIs. */
export const apiStaff = 0;

/** How one deployment type on machines is bought and run. */
type Seller = Pick<Market, 'kind' | 'staff' | 'sizing' | 'engine' | 'personal'> & {
  units: readonly UnitType[];
  rates(offer: Offer, unit: UnitType): FleetRates;
  diskPerHourGb: number;
  sleeps: boolean;
};

/** What assumptions, horizon, regions, sites and own machines of a scenario make of the tables. */
export function offersOf(catalog: Catalog, apis: Apis, context: Context): Offers {
  const { workload } = context;
  const staffs = numbered<Staff>((staff) => JSON.stringify(staff));
  staffs.of({ ...nobody, api: true });
  const places: Option[] = [];
  const providers = numbered<string>((name) => name);
  const machines = numbered<readonly number[]>((machine) => machine.join());
  for (const name of apis.providers) providers.of(name);
  const acceleratorAt = new Map(catalog.accelerators.map(({ accelerator }, at) => [accelerator, at]));
  const probe = probeOf(context);
  const sellers = sellersOf(context);
  const sold = sellers.flatMap((seller) => seller.units);
  const unitCount = sold.length;
  const offerCount = sold.reduce((sum, unit) => sum + unit.offers.length, 0);
  const units = { firstOffer: new Int32Array(unitCount + 1), ...columns(unitColumns, unitCount) };
  const offers = columns(offerColumns, offerCount);
  const [types, sources]: [UnitType[], Offer[]] = [[], []];
  /** By price row. */
  const starts = new Map<number, Start>();
  for (const seller of sellers) {
    /** Place, people and provider of offers at a desk and elsewhere, by what these follow from. */
    const known = new Map<string, { place: number; staff: number; provider: number }>();
    for (const unit of seller.units) {
      const u = types.push(unit) - 1;
      const rule = seller.sizing(unit, context);
      const desk = standsAtDesk(seller.kind, unit);
      units.kind[u] = numberOf(seller.kind);
      units.accelerator[u] = acceleratorAt.get(unit.accelerator.accelerator) as number;
      units.engine[u] = catalog.engines.indexOf(seller.engine(unit, context).row.engine);
      units.gpus[u] = unit.gpus;
      units.copies[u] = rule.copies;
      units.min[u] = rule.min;
      units.spare[u] = rule.spare;
      units.spareShare[u] = rule.spareShare;
      units.personal[u] = seller.personal && personal.has(unit.accelerator.kind) ? 1 : 0;
      units.sleeps[u] = seller.sleeps ? 1 : 0;
      const { accelerator, engine, sleeps } = units;
      const machine = [accelerator[u], engine[u], unit.gpus, rule.copies, sleeps[u]] as number[];
      units.machine[u] = machines.of(machine);
      units.firstOffer[u] = sources.length;
      for (const offer of unit.offers) {
        const o = sources.push(offer) - 1;
        offers.unit[o] = u;
        offers.diskPerHourGb[o] = seller.diskPerHourGb;
        offers.isPeakLine[o] = seller.kind === 'on-prem' ? 1 : 0;
        offers.follows[o] = offer.followsHours ? 1 : 0;
        price(o, seller.rates(offer, unit));
        if (seller.sleeps) priceStarts(o, offer, unit);
        const { provider, region, reach, marketplace, purchase } = offer;
        const key = [provider, region, reach, marketplace, purchase, desk].join();
        const at = known.get(key) ?? {
          place: places.push(placeOption(seller.kind, offer, desk)) - 1,
          staff: staffs.of(staffFor(seller.staff(unit, offer, context), workload)),
          provider: providers.of(provider),
        };
        known.set(key, at);
        offers.place[o] = at.place;
        offers.staff[o] = at.staff;
        offers.provider[o] = at.provider;
      }
    }
  }
  units.firstOffer[unitCount] = offerCount;
  const devicePlace = places.push({ ...emptyOption('edge'), provider: 'devices', reach: 'device' }) - 1;
  const deviceStaff = staffs.of(edge.staff(emptyOption('edge'), context));
  return {
    count: offerCount,
    source: sources,
    units: { count: unitCount, type: types, ...units },
    engines: enginesOf(context.tables, workload),
    staffs: staffs.all,
    deviceStaff,
    devicePlace,
    places,
    providers: providers.all,
    ...offers,
  };

  function price(o: number, rates: FleetRates): void {
    const idle = rates.requestUsd(probe, 0);
    offers.perHour[o] = rates.usdPerHour;
    offers.oncePerHour[o] = rates.onceUsdPerHour;
    offers.upfront[o] = rates.upfrontUsdPerUnit;
    offers.fixed[o] = rates.fixed;
    offers.perToken[o] = idle;
    offers.perWorkS[o] = rates.requestUsd(probe, 1) - idle;
    offers.owned[o] = rates.beyondOwned?.owned ?? 0;
    offers.beyondPerHour[o] = rates.beyondOwned?.usdPerHour ?? 0;
    offers.roomFrom[o] = rates.beyondRoom?.from ?? 0;
    offers.roomPerHour[o] = rates.beyondRoom?.usdPerHour ?? 0;
  }

  /** A line in the weights, the same for workers of one price row. */
  function startOf(offer: Offer, { gpus }: UnitType): Start {
    const row = rowOf(offer, context);
    const [none, one] = [0, 1].map((weightsGb) => serverlessCosts({ row, gpus, weightsGb }, context, numbers)) as [
      ServerlessCosts<number>,
      ServerlessCosts<number>,
    ];
    return {
      coldS: none.coldS,
      coldSPerGb: one.coldS - none.coldS,
      billedS: none.billedS,
      billedSPerGb: one.billedS - none.billedS,
      keptPerGb: one.storage,
    };
  }

  function priceStarts(o: number, offer: Offer, unit: UnitType): void {
    const known = starts.get(offer.row.row) ?? startOf(offer, unit);
    starts.set(offer.row.row, known);
    for (const name of startNames) offers[name][o] = known[name];
  }
}

const startNames = ['coldS', 'coldSPerGb', 'billedS', 'billedSPerGb', 'keptPerGb'] as const;
type Start = Record<(typeof startNames)[number], number>;

function sellersOf(context: Context): Seller[] {
  const { workload, tables } = context;
  return [
    sellerOf(managedMarket, context),
    sellerOf(rentedMarket, context),
    sellerOf(ownMarket, context),
    {
      kind: 'serverless-gpu',
      units: serverlessUnits(context),
      engine: managedMarket.engine,
      personal: false,
      sizing: () => ({ ...sizing(workload), min: 0, spare: 0, spareShare: 0 }),
      rates: ({ provider, usdPerHour }) => ({
        usdPerHour,
        onceUsdPerHour: 0,
        upfrontUsdPerUnit: 0,
        beyondOwned: null,
        beyondRoom: null,
        fixed: 0,
        requestUsd: (taskPart) => egress(provider, taskPart, workload, tables).amount.value,
      }),
      diskPerHourGb: 0,
      staff: () => serverlessStaff(context),
      sleeps: true,
    },
  ];
}

function sellerOf(market: Market, context: Context): Seller {
  const units = market.units(context, context.workload.rules.includeMarketplace);
  const rates = (offer: Offer, unit: UnitType, diskGb = 0) =>
    offer.rates ?? ratesOf(market.costs({ offer, unit, diskGb }, context, numbers));
  const [first] = units;
  const [any] = first?.offers ?? [];
  // Disk costs the same at every offer of a market.
  const diskPerHourGb =
    first === undefined || any === undefined ? 0 : rates(any, first, 1).usdPerHour - rates(any, first).usdPerHour;
  return { diskPerHourGb, sleeps: false, ...market, units, rates };
}

/** A task of one written token at a flat load: prices of a request are lines in these. */
function probeOf({ workload }: Context): TaskPart {
  const [first] = workload.taskParts as [TaskPart];
  return { ...first, tokens: { ...first.tokens, output: 1 }, hours: Float64Array.of(1) };
}
