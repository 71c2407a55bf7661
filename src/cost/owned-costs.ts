import { numbers } from '../formula/figures.js';
import type { TaskPart } from '../workload/workload.js';
import { transit } from './extras.js';
import { type Component, type FleetCosts, type FleetRates, ratesOf } from './fleet-bill.js';
import { capital, type Owned } from './owned-machine.js';
import { beyondRoom, fittingOut, idlePower, space, upkeep, workPower } from './owned-running.js';

/**
 * Everything that machines of one's own cost. Units that are `owned` already are sunk: they draw power, stand somewhere
 * and are kept running, but nothing is bought. Spare machines are units like others, so no further spare parts are priced.
 */
export function ownedCosts<Figure>(owned: Owned<Figure>, unitsOwned: number): FleetCosts<Figure> {
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
function lineOut<Figure>(
  taskPart: TaskPart,
  { machine, workload, tables, figures }: Owned<Figure>,
): Component<Figure>[] {
  if (machine.site.colocation === null) return [];
  const { working, amount } = transit(taskPart, workload, tables);
  return [{ working, amount: figures.of(amount) }];
}

/** The sums of these costs. */
export const ownedRates = (owned: Omit<Owned, 'figures'>, unitsOwned: number): FleetRates =>
  ratesOf(ownedCosts({ ...owned, figures: numbers }, unitsOwned));
