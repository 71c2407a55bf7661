import type { TaskPart } from '../workload/workload.js';
import { transit } from './extras.js';
import { type Component, type FleetCosts, type FleetRates, ratesOf, sumUsd } from './fleet-bill.js';
import { capital, type Owned } from './owned-machine.js';
import { beyondRoom, fittingOut, idlePower, space, upkeep, workPower, workPowerUsd } from './owned-running.js';

/**
 * Everything that machines of one's own cost. Units that are `owned` already are sunk: they draw power, stand somewhere
 * and are kept running, but nothing is bought. Spare machines are units like others, so no further spare parts are priced.
 */
export function ownedCosts(owned: Owned, unitsOwned: number): FleetCosts {
  const running = [idlePower(owned), ...space(owned), ...upkeep(owned)];
  const bought = [...capital(owned), ...fittingOut(owned)];
  const work = workPower(owned);
  return {
    unitHour: unitsOwned === 0 ? [...bought, ...running] : running,
    beyondOwned: unitsOwned === 0 ? null : { owned: unitsOwned, unitHour: bought },
    beyondRoom: beyondRoom(owned),
    fleet: [],
    request: (taskPart, unitSeconds) => [work(unitSeconds), ...lineOut(taskPart, owned)],
  };
}

/** What an answer costs on its way out of a building that others run. */
const lineOut = (taskPart: TaskPart, { machine, workload, tables }: Owned): Component[] =>
  machine.site.colocation === null ? [] : [transit(taskPart, workload, tables)];

/** What they come to, without a hold on what that is made of: the search remembers thousands of machines. */
export function ownedRates(owned: Owned, unitsOwned: number): FleetRates {
  const work = workPowerUsd(owned);
  // What is told of a machine is remembered with it.
  const { machine, workload, tables } = owned;
  return {
    ...ratesOf(ownedCosts(owned, unitsOwned)),
    requestUsd: (taskPart, unitSeconds) => work(unitSeconds) + sumUsd(lineOut(taskPart, { machine, workload, tables })),
  };
}
