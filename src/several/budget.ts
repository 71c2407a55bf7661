import { certainlyBelow } from '../units/float.js';
import { type Board, leastUnits } from './board.js';
import { type CombineRules, leastSums } from './combine.js';
import { leastWork } from './fits.js';
import type { Part } from './part.js';

/** The rest of a budget, as far as known before parts are made. */
export type Budget = {
  /** USD a month that a set may be billed, so that enough is left for the other tasks. */
  cashUsd: Float64Array;
  /** Whether a set may be on a type of unit. */
  allows(unit: number, set: number): boolean;
};

/**
 * What a budget leaves every set of tasks: the other tasks are billed something wherever they run.
 *
 * @param direct all that may serve a set without machines
 * @param workersLeast what workers cost at the least, see `leastOfWorkers`
 * @param most deployments of a plan
 */
export function budgetOf(
  board: Board,
  direct: readonly Part[],
  workersLeast: Float64Array,
  most: number,
  { mostCashUsd, mostUpfrontUsd }: Pick<CombineRules, 'mostCashUsd' | 'mostUpfrontUsd'>,
): Budget {
  const { tasks, workload } = board;
  const { supply, sets, bundles, firstLive, live, liveServes } = tasks;
  const { offers } = supply;
  const { hoursPerMonth } = workload;
  const cashPerHour = (offer: number): number =>
    (offers.owned[offer] as number) > 0
      ? 0
      : Math.max(0, (offers.perHour[offer] as number) - (offers.oncePerHour[offer] as number));
  const onUnits = new Float64Array(offers.units.count * sets).fill(Number.POSITIVE_INFINITY);
  const upfront = onUnits.slice();
  /** By bundle: what its requests are billed at the least, wherever they are served. */
  const each = new Float64Array(bundles.length).fill(Number.POSITIVE_INFINITY);
  const lower = (b: number, usd: number): void => {
    each[b] = Math.min(each[b] as number, usd);
  };
  for (const unit of tasks.fleetUnits) {
    const work = leastWork(tasks, board.known, unit);
    const perWork = board.weightedUnits / ((offers.units.copies[unit] as number) * (offers.units.gpus[unit] as number));
    for (const b of bundles.keys()) {
      const units = perWork * (work[1 << b] as number);
      // No model serves it there; what is owned is paid nothing for.
      if (units === Number.POSITIVE_INFINITY) continue;
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++)
        if (((liveServes[at] as number) & (1 << b)) !== 0)
          lower(b, units * cashPerHour(live[at] as number) * hoursPerMonth);
    }
    leastUnits(board, unit, (set, following, held) => {
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
        if ((set & ~(liveServes[at] as number)) !== 0) continue;
        const offer = live[at] as number;
        const count = offers.follows[offer] === 1 ? following : held;
        const on = unit * sets + set;
        onUnits[on] = Math.min(onUnits[on] as number, count * cashPerHour(offer) * hoursPerMonth * certainlyBelow);
        upfront[on] = Math.min(upfront[on] as number, count * (offers.upfront[offer] as number) * certainlyBelow);
      }
    });
  }
  for (const b of bundles.keys()) {
    for (let at = 0; at < live.length; at++) lower(b, workersLeast[at * sets + (1 << b)] as number);
    for (const { set, cashUsd } of direct) if (set === 1 << b) lower(b, cashUsd);
  }
  const single = Float64Array.from({ length: sets }, (_, set) =>
    each.reduce((sum, usd, b) => (((set >> b) & 1) === 1 ? sum + usd : sum), 0),
  );
  for (const { set, cashUsd } of direct) single[set] = Math.min(single[set] as number, cashUsd);
  const rest = leastSums(single, most)[most] as Float64Array;
  const cashUsd = single.map((_, set) => mostCashUsd - (rest[sets - 1 - set] as number) * certainlyBelow);
  return {
    cashUsd,
    allows(unit, set) {
      const at = unit * sets + set;
      return (onUnits[at] as number) <= (cashUsd[set] as number) && (upfront[at] as number) <= mostUpfrontUsd;
    },
  };
}
