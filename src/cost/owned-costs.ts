import type { FleetCosts } from './fleet-bill.js';
import { capital } from './owned-capital.js';
import type { Owned } from './owned-machine.js';
import { idlePower, workPower } from './owned-power.js';
import { fittingOut, space } from './owned-site.js';
import { upkeep } from './owned-upkeep.js';
import { transit } from './transit.js';

/**
 * Everything that machines of one's own cost. Units that are `owned` already are sunk: they draw power, stand somewhere
 * and are kept running, but nothing is bought. Spare machines are units like others, so no further spare parts are priced.
 */
export function ownedCosts(owned: Owned, unitsOwned: number): FleetCosts {
  const running = [idlePower(owned), ...space(owned), ...upkeep(owned)];
  const bought = [...capital(owned), ...fittingOut(owned)];
  const work = workPower(owned);
  const { machine, demand, tables } = owned;
  return {
    unitHour: unitsOwned === 0 ? [...bought, ...running] : running,
    beyondOwned: unitsOwned === 0 ? null : { owned: unitsOwned, unitHour: bought },
    fleet: [],
    request: (slice, unitSeconds) => [
      work(unitSeconds),
      ...(machine.site.colocation === null ? [] : [transit(slice, demand, tables)]),
    ],
  };
}
