import type { FleetCosts } from '../cost/fleet-bill.js';
import type { FleetRates } from '../cost/fleet-rates.js';
import { ownedCosts, ownedRates } from '../cost/owned-costs.js';
import type { Owned } from '../cost/owned-machine.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { recent } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';
import { type Build, buildOf, buildsOf } from './chassis.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { type CostCase, onceForTables } from './market.js';
import { type Place, placesOf, type Region, regionsOf } from './owned-places.js';
import type { Context } from './placement.js';

/** What has no price or no power rating cannot be priced: it is no machine of one's own. */
export const purchasable = ({ listPriceUsd, tdpW }: AcceleratorRow): boolean => listPriceUsd !== null && tdpW !== null;

/** Where machines of one's own stand, and those that do already. */
type Standing = { regions: readonly Region[]; sites: number; existing: Workload['existing'] };

const standingOf = ({ workload }: Context): Standing => ({
  regions: regionsOf(workload),
  sites: workload.sites,
  existing: workload.existing,
});

/** Units that stand there already: a unit takes its accelerators at each of the places. */
function unitsOwned({ accelerator, gpus }: Pick<Build, 'accelerator' | 'gpus'>, { existing, sites }: Standing): number {
  const cards = existing
    .filter((one) => one.accelerator === accelerator.accelerator)
    .reduce((sum, { count }) => sum + count, 0);
  return Math.floor(cards / (gpus * sites));
}

const ratesKnown = onceForTables(() => new WeakMap<AcceleratorRow, Map<string, FleetRates>>());

const machineAt = (build: Build, { site }: Place, copies: number, { workload, tables }: CostCase): Owned => ({
  machine: { ...build, site, copies },
  workload,
  tables,
});

function ratesAt(build: Build, place: Place, copies: number, owned: number, context: CostCase): FleetRates {
  const byCard = ratesKnown(context);
  const known = byCard.get(build.accelerator) ?? new Map<string, FleetRates>();
  byCard.set(build.accelerator, known);
  const key = [context.workload.months, copies, place.provider, place.region, build.gpus, owned].join();
  let rates = known.get(key);
  if (rates === undefined) {
    rates = ownedRates(machineAt(build, place, copies, context), owned);
    known.set(key, rates);
  }
  return rates;
}

const unitsKnown = onceForTables(() => recent<UnitType[]>(mostStandings));
/** Ways to stand that are remembered: sites and regions are few, what is owned may be anything. */
const mostStandings = 16;

/**
 * Every machine that can be bought, in every place it can stand; and, where there are some of it already, those with more
 * bought as needed. What is owned stands in a room of its owner.
 */
export function ownedUnits(context: Context): UnitType[] {
  const standing = standingOf(context);
  const { regions, sites, existing } = standing;
  const owned = existing.map(({ accelerator, count }) => `${accelerator} ${count}`);
  const key = [context.workload.months, sites, ...regions.map(({ region }) => region), ...owned].join();
  return unitsKnown(context)(key, () => madeUnits(standing, context));
}

/** Machines that an accelerator can be bought in, and those that only who owns some has. */
function standingBuilds(accelerator: AcceleratorRow, standing: Standing): Build[] {
  const builds = buildsOf(accelerator);
  const isFilled = builds.some((build) => !build.ownedOnly && unitsOwned(build, standing) > 0);
  return builds.filter((build) => !build.ownedOnly || (!isFilled && unitsOwned(build, standing) > 0));
}

/** How many of a machine may be there to begin with: none, and those that are owned. */
function beginnings({ ownedOnly }: Build, already: number, { reach }: Place): number[] {
  const none = ownedOnly ? [] : [0];
  return already > 0 && reach === 'own-premises' ? [...none, already] : none;
}

function madeUnits(standing: Standing, context: CostCase): UnitType[] {
  const found = context.tables.accelerators.filter(purchasable).flatMap((accelerator) =>
    standingBuilds(accelerator, standing).flatMap((build) => {
      const already = unitsOwned(build, standing);
      return standing.regions.flatMap((region) =>
        placesOf(build, region).flatMap((place) =>
          beginnings(build, already, place).map((owned) => {
            const offer: Offer = {
              provider: place.provider,
              region: place.region,
              reach: place.reach,
              marketplace: false,
              instance: `${build.gpus}x${accelerator.accelerator}`,
              purchase: owned === 0 ? 'bought' : 'owned',
              usdPerHour: ratesAt(build, place, standing.sites, owned, context).usdPerHour,
              termMonths: 0,
              followsHours: false,
              owned,
              row: { table: 'accelerators', row: accelerator.row },
            };
            return { accelerator, gpus: build.gpus, offer };
          }),
        ),
      );
    }),
  );
  return unitTypes(found);
}

type Unit = Pick<UnitType, 'accelerator' | 'gpus'>;

/** What a machine costs where an offer puts it. */
export const ownedUnitCosts = (offer: Offer, unit: Unit, context: Context): FleetCosts =>
  ownedCosts(machineAt(buildOf(unit), placeOf(offer, unit, context), context.workload.sites, context), offer.owned);

/** What that comes to. */
export const ownedUnitRates = (offer: Offer, unit: Unit, context: Context): FleetRates =>
  ratesAt(buildOf(unit), placeOf(offer, unit, context), context.workload.sites, offer.owned, context);

function placeOf({ provider, region }: Offer, unit: Unit, context: Context): Place {
  const build = buildOf(unit);
  const place = regionsOf(context.workload)
    .flatMap((one) => placesOf(build, one))
    .find((one) => one.provider === provider && one.region === region);
  if (place === undefined) throw new Error(`nothing of one's own stands at ${provider} in ${region}`);
  return place;
}
