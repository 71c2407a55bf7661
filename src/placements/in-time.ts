import type { Peak } from '../capacity/ceiling.js';
import type { Engine } from '../capacity/replica.js';
import { groupsOf, splitsOn } from './fleet-option.js';
import { bestSeen } from './fleet-service.js';
import type { UnitType } from './fleet-units.js';
import type { Item } from './own-items.js';
import type { Case, Search } from './placement.js';

/**
 * A machine as models are tried on it, with its peak rates by the number of the scheme (null where that does not run), and
 * whether a model may serve a slice there as far as its size and the machine's ceiling tell.
 */
export type Machine = {
  unit: UnitType;
  engine: Engine;
  peaks: readonly (Peak | null)[];
  mayServe(item: Item, s: number): boolean;
};

/**
 * Which slices some model may serve on some machine, whatever it costs and wherever it stands: of those with targets on
 * latency, which it keeps at its very best. The largest machines are tried first, as a smaller one is a group of their cards.
 */
export function servedInTime(
  items: readonly Item[],
  machines: readonly Machine[],
  of: Case,
  search: Pick<Search, 'admitsService' | 'timed'>,
): boolean[] {
  const tried = new Set<string>();
  const different = machines
    .toSorted((a, b) => b.unit.gpus - a.unit.gpus)
    .filter(({ unit, engine }) => {
      const keys = groupsOf(unit, engine).map(({ key }) => key);
      const isNew = keys.some((key) => !tried.has(key));
      for (const key of keys) tried.add(key);
      return isNew;
    });
  return of.demand.slices.map((slice, s) => {
    const suited = items.filter(({ serves }) => serves[s] === true);
    const alone = of.demand.slices.map((_, other) => other === s);
    if (!search.timed(slice)) return suited.length > 0;
    const keeps = (item: Item, { unit, engine, peaks, mayServe }: Machine): boolean => {
      const support = peaks[item.scheme]?.support;
      if (support === undefined || !mayServe(item, s)) return false;
      // One machine alone: how many there are makes none of them quicker.
      const splits = splitsOn({ ...item, serves: alone, support, engine, copies: 1 }, unit, of);
      const shape = item.shapes[s] as Item['shapes'][number];
      return splits.some(({ replica }) =>
        search.admitsService(item.option, slice, () => bestSeen(replica(), shape, slice, engine, of)),
      );
    };
    return different.some((machine) => suited.some((item) => keeps(item, machine)));
  });
}
