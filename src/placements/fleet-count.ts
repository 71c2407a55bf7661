import { countUpTo } from './fits.js';
import type { Search } from './placement.js';

/** Models of one scheme that one gate (null: none) turns down, as far as one can tell without a machine. */
type Group = { scheme: string; gate: string | null; members: number[]; bySize: Map<number, Float64Array> };

/**
 * Counts what stands on machines without looking at any pair of model and machine: within a group, how many models fit
 * is one binary search in the sorted memory they need per card.
 */
export function optionCounter(
  models: readonly { scheme: string; gate: string | null }[],
  perGpu: (gpus: number) => Float64Array,
  search: Search,
) {
  const groups = new Map<string, Group>();
  models.forEach(({ scheme, gate }, i) => {
    const key = `${scheme} ${gate}`;
    const group: Group = groups.get(key) ?? { scheme, gate, members: [], bySize: new Map() };
    group.members.push(i);
    groups.set(key, group);
  });
  /** `places`: how many offers of the machine each gate (null: none) turns down. */
  return (
    gpus: number,
    cardBytes: number,
    runs: ReadonlySet<string>,
    places: ReadonlyMap<string | null, number>,
  ): void => {
    const fitting = new Map<string | null, number>();
    for (const { scheme, gate, members, bySize } of groups.values()) {
      if (!runs.has(scheme)) continue;
      let sorted = bySize.get(gpus);
      if (sorted === undefined) {
        const need = perGpu(gpus);
        sorted = Float64Array.from(members, (i) => need[i] as number).sort();
        bySize.set(gpus, sorted);
      }
      const count = countUpTo(sorted, cardBytes);
      if (count > 0) fitting.set(gate, (fitting.get(gate) ?? 0) + count);
    }
    for (const [gate, models] of fitting)
      for (const [place, offers] of places) search.count(search.earlier(gate, place), models * offers);
  };
}
