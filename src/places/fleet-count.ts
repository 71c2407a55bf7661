import { firstAtLeast } from '../units/bisection.js';
import type { Filter } from './placement.js';

/** A model in a scheme (its number), with the gate (null: none) that turns it down as far as one can tell without a machine. */
type Model = { scheme: number; gate: string | null };

/** A machine with what one of its cards has for a model, schemes that run there, and offers of it by the gate against them. */
type Machine = {
  gpus: number;
  cardBytes: number;
  /** By the number of the scheme. */
  runs(scheme: number): boolean;
  places: ReadonlyMap<string | null, number>;
};

/**
 * Counts what stands on machines without looking at any pair of model and machine: models of one scheme and gate are a
 * group, and of machines with so many cards it is told once how many of each group fit on a card of each size.
 */
export function countOptions(
  { groups, groupOf }: ModelGroups,
  perGpu: (gpus: number) => Float64Array,
  machines: readonly Machine[],
  filter: Pick<Filter, 'count' | 'earlier'>,
): void {
  const byGpus = new Map<number, Machine[]>();
  for (const machine of machines) {
    const alike = byGpus.get(machine.gpus) ?? [];
    alike.push(machine);
    byGpus.set(machine.gpus, alike);
  }
  // Of each gate against a model, options by the gate against their place: told once for all machines.
  const gates = [...new Set(groups.map(({ gate }) => gate))];
  const gateOf = Int32Array.from(groups, ({ gate }) => gates.indexOf(gate));
  const totals = gates.map(() => new Map<string | null, number>());
  const ofGate = new Float64Array(gates.length);
  for (const [gpus, alike] of byGpus) {
    const cards = Float64Array.from(new Set(alike.map(({ cardBytes }) => cardBytes))).sort();
    const fitting = fittingOn(cards, perGpu(gpus), groupOf, groups.length);
    for (const { cardBytes, runs, places } of alike) {
      const row = firstAtLeast(cards, cardBytes) * groups.length;
      ofGate.fill(0);
      for (let g = 0; g < groups.length; g++) {
        const count = fitting[row + g] as number;
        if (count > 0 && runs((groups[g] as Model).scheme))
          ofGate[gateOf[g] as number] = (ofGate[gateOf[g] as number] as number) + count;
      }
      for (const [i, total] of totals.entries()) {
        const count = ofGate[i] as number;
        if (count === 0) continue;
        for (const [place, offers] of places) total.set(place, (total.get(place) ?? 0) + count * offers);
      }
    }
  }
  for (const [i, total] of totals.entries())
    for (const [place, options] of total) filter.count(filter.earlier(gates[i] as string | null, place), options);
}

/** Models of one scheme and gate, and the group of each model. */
export type ModelGroups = { groups: readonly Model[]; groupOf: Int32Array };

export function grouped(models: readonly Model[]): ModelGroups {
  const numbers = new Map<string | null, number[]>();
  const groups: Model[] = [];
  const groupOf = new Int32Array(models.length);
  models.forEach(({ scheme, gate }, i) => {
    const ofGate = numbers.get(gate) ?? [];
    numbers.set(gate, ofGate);
    ofGate[scheme] ??= groups.push({ scheme, gate }) - 1;
    groupOf[i] = ofGate[scheme] as number;
  });
  return { groups, groupOf };
}

/** Models of every group that need no more than each of the ascending `cards` has: a row for each card. */
function fittingOn(cards: Float64Array, need: Float64Array, groupOf: Int32Array, groups: number): Int32Array {
  const fitting = new Int32Array(cards.length * groups);
  for (let i = 0; i < need.length; i++) {
    const at = firstAtLeast(cards, need[i] as number) * groups + (groupOf[i] as number);
    if (at < fitting.length) fitting[at] = (fitting[at] as number) + 1;
  }
  for (let at = groups; at < fitting.length; at++)
    fitting[at] = (fitting[at] as number) + (fitting[at - groups] as number);
  return fitting;
}
