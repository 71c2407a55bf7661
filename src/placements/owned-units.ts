import { type FleetCosts, sumUsd } from '../cost/fleet-bill.js';
import { ownedCosts } from '../cost/owned-costs.js';
import type { Demand } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type Build, buildOf, buildsOf } from './chassis.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { type Place, placesOf, regionsOf } from './owned-places.js';
import type { Case } from './placement.js';

/** What has no price or no power rating cannot be priced: it is no machine of one's own. */
export const purchasable = ({ listPriceUsd, tdpW }: AcceleratorRow): boolean => listPriceUsd !== null && tdpW !== null;

/** Units that stand there already: a unit takes its accelerators at each of the places. */
function unitsOwned({ accelerator, gpus }: Pick<Build, 'accelerator' | 'gpus'>, { existing, sites }: Demand): number {
  const cards = existing
    .filter((one) => one.accelerator === accelerator.accelerator)
    .reduce((sum, { count }) => sum + count, 0);
  return Math.floor(cards / (gpus * sites));
}

type Known = { tables: Tables; units: UnitType[] | null; costs: Map<string, FleetCosts> };

/** What was made for a demand: the same machines are asked for again and again. */
const known = new WeakMap<Demand, Known>();

/**
 * No machine costs more or less for the volume it serves: cases that share what does not depend on it share this, each
 * length of the horizon by itself, as a month is priced alone.
 */
function knownOf({ demand, tables, memo }: Case): Known {
  const shared = `owned machines ${demand.months}`;
  const found = (memo?.get(shared) as Known | undefined) ?? known.get(demand);
  if (found !== undefined && found.tables === tables) return found;
  const made: Known = { tables, units: null, costs: new Map() };
  known.set(demand, made);
  memo?.set(shared, made);
  return made;
}

function costsOf(build: Build, { site, provider, region }: Place, owned: number, of: Case): FleetCosts {
  const { costs } = knownOf(of);
  const key = [provider, region, build.accelerator.row, build.gpus, owned].join();
  const found = costs.get(key) ?? ownedCosts({ machine: { ...build, site, copies: of.demand.sites }, ...of }, owned);
  costs.set(key, found);
  return found;
}

/**
 * Every machine that can be bought, in every place it can stand; and, where there are some of it already, those with more
 * bought as needed. What is owned stands in a room of its owner.
 */
export function ownedUnits(of: Case): UnitType[] {
  const memo = knownOf(of);
  memo.units ??= madeUnits(of);
  return memo.units;
}

function madeUnits(of: Case): UnitType[] {
  const { tables, demand } = of;
  const regions = regionsOf(demand);
  const found = tables.accelerators.filter(purchasable).flatMap((accelerator) =>
    buildsOf(accelerator).flatMap((build) => {
      const already = unitsOwned(build, demand);
      return regions.flatMap((region) =>
        placesOf(build, region).flatMap((place) =>
          (already > 0 && place.reach === 'own-premises' ? [0, already] : [0]).map((owned) => {
            const offer: Offer = {
              provider: place.provider,
              region: place.region,
              reach: place.reach,
              marketplace: false,
              instance: `${build.gpus}x${accelerator.accelerator}`,
              purchase: owned === 0 ? 'bought' : 'owned',
              usdPerHour: sumUsd(costsOf(build, place, owned, of).unitHour),
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
  return costsOf(build, place, owned, of);
}
