import { type FleetCosts, sumUsd } from '../cost/fleet-bill.js';
import { ownedCosts } from '../cost/owned-costs.js';
import type { Demand } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { recent } from '../units/recent.js';
import { type Build, buildOf, buildsOf } from './chassis.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { type CostCase, onceForTables } from './market.js';
import { type Place, placesOf, type Region, regionsOf } from './owned-places.js';
import type { Case } from './placement.js';

/** What has no price or no power rating cannot be priced: it is no machine of one's own. */
export const purchasable = ({ listPriceUsd, tdpW }: AcceleratorRow): boolean => listPriceUsd !== null && tdpW !== null;

/** Where machines of one's own stand, and those that do already. */
type Standing = { regions: readonly Region[]; sites: number; existing: Demand['existing'] };

const standingOf = ({ demand }: Case): Standing => ({
  regions: regionsOf(demand),
  sites: demand.sites,
  existing: demand.existing,
});

/** Units that stand there already: a unit takes its accelerators at each of the places. */
function unitsOwned({ accelerator, gpus }: Pick<Build, 'accelerator' | 'gpus'>, { existing, sites }: Standing): number {
  const cards = existing
    .filter((one) => one.accelerator === accelerator.accelerator)
    .reduce((sum, { count }) => sum + count, 0);
  return Math.floor(cards / (gpus * sites));
}

const costsKnown = onceForTables(() => new WeakMap<AcceleratorRow, Map<string, FleetCosts>>());

function costsOf(
  build: Build,
  { site, provider, region }: Place,
  copies: number,
  owned: number,
  of: CostCase,
): FleetCosts {
  const byCard = costsKnown(of);
  const known = byCard.get(build.accelerator) ?? new Map<string, FleetCosts>();
  byCard.set(build.accelerator, known);
  const key = [of.demand.months, copies, provider, region, build.gpus, owned].join();
  let costs = known.get(key);
  if (costs === undefined) {
    const { demand, tables } = of;
    costs = ownedCosts({ machine: { ...build, site, copies }, demand, tables }, owned);
    known.set(key, costs);
  }
  return costs;
}

const unitsKnown = onceForTables(() => recent<UnitType[]>(mostStandings));
/** Ways to stand that are remembered: sites and regions are few, what is owned may be anything. */
const mostStandings = 16;

/**
 * Every machine that can be bought, in every place it can stand; and, where there are some of it already, those with more
 * bought as needed. What is owned stands in a room of its owner.
 */
export function ownedUnits(of: Case): UnitType[] {
  const standing = standingOf(of);
  const { regions, sites, existing } = standing;
  const owned = existing.map(({ accelerator, count }) => `${accelerator} ${count}`);
  const key = [of.demand.months, sites, ...regions.map(({ region }) => region), ...owned].join();
  return unitsKnown(of)(key, () => madeUnits(standing, of));
}

function madeUnits(standing: Standing, of: CostCase): UnitType[] {
  const found = of.tables.accelerators.filter(purchasable).flatMap((accelerator) =>
    buildsOf(accelerator).flatMap((build) => {
      const already = unitsOwned(build, standing);
      return standing.regions.flatMap((region) =>
        placesOf(build, region).flatMap((place) =>
          (already > 0 && place.reach === 'own-premises' ? [0, already] : [0]).map((owned) => {
            const offer: Offer = {
              provider: place.provider,
              region: place.region,
              reach: place.reach,
              marketplace: false,
              instance: `${build.gpus}x${accelerator.accelerator}`,
              purchase: owned === 0 ? 'bought' : 'owned',
              usdPerHour: sumUsd(costsOf(build, place, standing.sites, owned, of).unitHour),
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

/** What a machine costs where an offer puts it. */
export function ownedUnitCosts(
  { provider, region, owned }: Offer,
  unit: Pick<UnitType, 'accelerator' | 'gpus'>,
  of: Case,
): FleetCosts {
  const build = buildOf(unit);
  const place = regionsOf(of.demand)
    .flatMap((one) => placesOf(build, one))
    .find((one) => one.provider === provider && one.region === region);
  if (place === undefined) throw new Error(`nothing of one's own stands at ${provider} in ${region}`);
  return costsOf(build, place, of.demand.sites, owned, of);
}
