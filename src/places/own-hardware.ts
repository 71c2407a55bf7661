import { engineOf } from '../capacity/replica.js';
import { transit } from '../cost/extras.js';
import { type Component, type FleetCosts, ratesOf } from '../cost/fleet-bill.js';
import { capital, type Owned, ownedOf, type Site } from '../cost/owned-machine.js';
import { beyondRoom, fittingOut, idlePower, space, upkeep, workPower } from '../cost/owned-running.js';
import { nobody } from '../cost/people.js';
import { type Figures, numbers } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/columns.js';
import { recent } from '../units/memo.js';
import type { Boundary, TaskPart, Workload } from '../workload/workload.js';
import { type Market, onceForTables, sizingAt } from './fleet-numbers.js';
import { type Build, buildOf, buildsOf, isDesk } from './fleet-option.js';
import { fleetPlacement } from './managed-hosting.js';
import { type Offer, type UnitType, unitTypes } from './option.js';
import type { Context } from './placement.js';

/** Electricity and colocation of a region, by its residency token; null: no known price. */
export type Region = { region: string; electricity: string; colocation: string | null };

const usual = { region: 'us', electricity: 'electricityUs', colocation: 'colocationRetailUs' } as const;
const regions: readonly Region[] = [
  usual,
  { region: 'eea', electricity: 'electricityEuAverage', colocation: 'colocationRetailEu' },
  { region: 'uk', electricity: 'electricityUk', colocation: 'colocationRetailEu' },
  { region: 'jp', electricity: 'electricityJp', colocation: null },
  { region: 'in', electricity: 'electricityIn', colocation: null },
  { region: 'cn', electricity: 'electricityCn', colocation: null },
  { region: 'br', electricity: 'electricityBr', colocation: null },
];

/** Regions of own machines: the scenario's, else the first data region of each task, else the usual one. */
function regionsOf({ ownRoom: written, taskParts }: Pick<Workload, 'ownRoom' | 'taskParts'>): Region[] {
  const first = taskParts.flatMap(({ needs }) => needs.residency.slice(0, 1));
  const asked = written === null ? [...new Set(first)] : [written];
  if (asked.length === 0) return [usual];
  return asked.map(
    (region) =>
      regions.find((known) => known.region === region) ?? {
        region,
        electricity: 'electricityWorldAverage',
        colocation: null,
      },
  );
}

const colocated = 'colocation';

/** The provider of machines that stand in a room of one's own. */
export const ownRoom = 'own-room';

/** A site for own machines. A third party runs a colocation, so data leave the premises there. */
export type Place = { provider: string; reach: Boundary; region: string; site: Site };

export function placesOf({ desk, accelerator }: Build, { region, electricity, colocation }: Region): Place[] {
  const pue = desk ? 'pueDesktopEdge' : 'pueOfficeRoom';
  // Where no price is known, that of the usual region is the nearest there is.
  const beyondRoom = colocation ?? usual.colocation;
  const room: Place = {
    provider: ownRoom,
    reach: 'own-premises',
    region,
    site: { pue, electricity, colocation: null, beyondRoom },
  };
  const inRack = !desk && (accelerator.kind === 'datacenter' || accelerator.kind === 'cpu');
  if (!inRack || colocation === null) return [room];
  return [
    room,
    { provider: colocated, reach: 'own-account', region, site: { pue: 'pue', electricity, colocation, beyondRoom } },
  ];
}

/** Whether it has a price and a power rating, so that it can be priced. */
export const purchasable = ({ listPriceUsd, tdpW }: AcceleratorRow): boolean => listPriceUsd !== null && tdpW !== null;

/**
 * Whether an accelerator is sold new: not off sale on the day of the prices, only in clouds or racks, or a data center
 * card without the number format of today's models. A price of the user's makes it so.
 */
export function onSale(
  { soldAs, endOfSale, bf16, kind, offered }: AcceleratorRow,
  { date }: { date: string },
): boolean {
  if (offered) return true;
  if (soldAs === 'none' || soldAs === 'rack') return false;
  if (endOfSale !== null && endOfSale <= date.slice(0, endOfSale.length)) return false;
  return kind !== 'datacenter' || bf16 !== false;
}

type Unit = Pick<UnitType, 'accelerator' | 'gpus'>;
type Owning = Pick<Workload, 'existing' | 'sites'>;

/** Units already owned: a unit takes its accelerators at each of the places. */
function unitsOwned({ accelerator, gpus }: Unit, { existing, sites }: Owning): number {
  const cards = existing
    .filter((one) => one.accelerator === accelerator.accelerator)
    .reduce((sum, { count }) => sum + count, 0);
  return Math.floor(cards / (gpus * sites));
}

const unitsKnown = onceForTables(() => recent<UnitType[]>(mostStandings));
/** Size of the cache of sites: sites and regions are few, owned hardware may be anything. */
const mostStandings = 16;

/** Every machine on sale at every site; and owned ones with more bought as needed, in a room of their owner. */
export function ownedUnits(context: Context): UnitType[] {
  const { months, sites, existing } = context.workload;
  const regions = regionsOf(context.workload);
  const owned = existing.map(({ accelerator, count }) => `${accelerator} ${count}`);
  const key = [months, sites, ...regions.map(({ region }) => region), ...owned].join();
  return unitsKnown(context)(key, () => madeUnits(regions, context));
}

/** Machines for an accelerator, and those only for owners of some. */
function standingBuilds(accelerator: AcceleratorRow, owning: Owning, snapshot: { date: string }): Build[] {
  const builds = buildsOf(accelerator);
  const filled = builds.filter((build) => unitsOwned(build, owning) > 0);
  // What fills none that is sold makes the largest that it fills.
  const largest = Math.max(0, ...filled.map(({ gpus }) => gpus));
  const isFilled = filled.some(({ ownedOnly }) => !ownedOnly);
  const all = builds.filter(({ ownedOnly, gpus }) => !ownedOnly || (!isFilled && gpus === largest));
  if (onSale(accelerator, snapshot)) return all;
  return all.flatMap((build) => (unitsOwned(build, owning) > 0 ? [{ ...build, ownedOnly: true }] : []));
}

/** How many of a machine may be there to begin with: none, and those that are owned. */
function beginnings({ ownedOnly }: Build, already: number, { reach }: Place): number[] {
  const none = ownedOnly ? [] : [0];
  return already > 0 && reach === 'own-premises' ? [...none, already] : none;
}

function madeUnits(regions: readonly Region[], context: Context): UnitType[] {
  const { workload, tables } = context;
  const found = tables.accelerators.filter(purchasable).flatMap((accelerator) =>
    standingBuilds(accelerator, workload, tables.snapshot).flatMap((build) =>
      regions.flatMap((region) =>
        placesOf(build, region).flatMap((place) =>
          beginnings(build, unitsOwned(build, workload), place).map((owned) => {
            const rates = ratesOf(ownedCosts(ownedAt(build, place, context, numbers), owned, context));
            const offer: Offer = {
              provider: place.provider,
              region: place.region,
              reach: place.reach,
              marketplace: false,
              instance: `${build.gpus}x${accelerator.accelerator}`,
              purchase: owned === 0 ? 'bought' : 'owned',
              usdPerHour: rates.usdPerHour,
              rates,
              termMonths: 0,
              followsHours: false,
              owned,
              row: { table: 'accelerators', row: accelerator.row },
            };
            return { accelerator, gpus: build.gpus, offer };
          }),
        ),
      ),
    ),
  );
  return unitTypes(found);
}

const ownedAt = <Figure>(build: Build, { site }: Place, context: Context, figures: Figures<Figure>): Owned<Figure> =>
  ownedOf({ site, copies: context.workload.sites, ...build }, context, figures);

function placeOf({ provider, region }: Offer, build: Build, { workload }: Context): Place {
  const place = regionsOf(workload)
    .flatMap((one) => placesOf(build, one))
    .find((one) => one.provider === provider && one.region === region);
  if (place === undefined) throw new Error(`nothing of one's own stands at ${provider} in ${region}`);
  return place;
}

/** Whether enough of its cards are there for such a machine at every place. */
export const isOwned = (unit: Unit, owning: Owning): boolean => unitsOwned(unit, owning) > 0;

export const ownMarket: Market = {
  kind: 'on-prem',
  title: 'Open model on own hardware',
  personal: true,
  units: ownedUnits,
  engine: ({ accelerator }, { workload, tables }) => engineOf(workload, tables, accelerator.kind),
  costs({ offer, unit }, context, figures) {
    const build = buildOf(unit);
    return ownedCosts(ownedAt(build, placeOf(offer, build, context), context, figures), offer.owned, context);
  },
  staff(unit, { provider, purchase }, { workload: { sites } }) {
    if (isDesk(unit)) return { ...nobody, site: 'fteDeskBox', sites, setup: 'setupEffortWorkstation' };
    const site = provider === colocated ? 'fteServerColocation' : 'fteServerOwnRoom';
    // What stands there already is set up as what is rented is.
    return {
      ...nobody,
      share: 1,
      site,
      sites,
      setup: purchase === 'owned' ? 'setupEffortSelfHostedCloud' : 'setupEffortOnPrem',
    };
  },
  /** As any fleet, at every place; desk machines and owned ones have their own rule for spares. */
  sizing: (unit, { workload }) => ({
    ...sizingAt(workload, isDesk(unit) || isOwned(unit, workload)),
    copies: workload.sites,
  }),
};

/** Open weights on own machines, at every place that must work by itself. */
export const onPrem = fleetPlacement(ownMarket);

/**
 * All costs of own machines. `owned` units are sunk: they cost power, space and upkeep, but no purchase. Spare machines
 * are units too; spare parts are not priced.
 */
function ownedCosts<Figure>(one: Owned<Figure>, unitsOwned: number, { workload, tables }: Context): FleetCosts<Figure> {
  const running = [idlePower(one), ...space(one), ...upkeep(one)];
  const bought = [...capital(one), ...fittingOut(one)];
  const work = workPower(one);
  /** Cost of an answer's way out of a third party's building. */
  const lineOut = (taskPart: TaskPart): Component<Figure>[] => {
    if (one.machine.site.colocation === null) return [];
    const { working, amount } = transit(taskPart, workload, tables);
    return [{ working, amount: one.of(amount) }];
  };
  return {
    unitHour: unitsOwned === 0 ? [...bought, ...running] : running,
    beyondOwned: unitsOwned === 0 ? null : { owned: unitsOwned, unitHour: bought },
    beyondRoom: beyondRoom(one),
    fleet: [],
    request: (taskPart, unitSeconds) => [work(unitSeconds), ...lineOut(taskPart)],
  };
}
