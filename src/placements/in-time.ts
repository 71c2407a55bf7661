import type { Engine } from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import { groupsOf, type Placed, splitsOn } from './fleet-option.js';
import { bestSeen } from './fleet-service.js';
import type { UnitType } from './fleet-units.js';
import type { Item } from './own-items.js';
import type { Case, Search } from './placement.js';

/** A machine as models are tried on it; `supportOf` is null for what does not fit or does not run there. */
export type Machine = {
  unit: UnitType;
  engine: Engine;
  copies: number;
  supportOf(item: Item): SchemeSupport | null;
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
    const keeps = (item: Item, { unit, engine, copies }: Machine, support: SchemeSupport): boolean => {
      const placed: Placed = { ...item, serves: alone, support, engine, copies };
      return splitsOn(placed, unit, of).some(({ replica }) =>
        search.admitsService(item.option, slice, () =>
          bestSeen(replica(), item.shapes[s] as Item['shapes'][number], slice, engine, of),
        ),
      );
    };
    if (!search.timed(slice)) return suited.length > 0;
    return different.some((machine) =>
      suited.some((item) => {
        const support = machine.supportOf(item);
        return support !== null && keeps(item, machine, support);
      }),
    );
  });
}
