import { type LeastWork, leastWork, type Slowest } from '../capacity/ceiling.js';
import type { Engine, RequestShape, Weights } from '../capacity/replica.js';
import type { QuantizationRow } from '../tables/rows.js';
import { type CardSeconds, cardSecondsOf } from './card-seconds.js';
import { type Memory, memoryOf } from './fits.js';
import type { Cuts } from './fleet-option.js';
import { slowestOf } from './fleet-service.js';
import { type OwnModel, ownModels, shapeOf } from './own-weights.js';
import type { Case, Search } from './placement.js';

/**
 * A model that may serve some slices, as far as one can tell without a machine: `n` is its place among these, `at` among all
 * models.
 */
export type Item = OwnModel & {
  n: number;
  at: number;
  serves: boolean[];
  shapes: RequestShape[];
  least(engine: Engine): readonly LeastWork[];
  /** What was predicted of it on groups of cards; not kept where next to all models are looked at on all of them. */
  cuts?: Cuts;
};

/** Every model in every scheme with the gate that turns it down, if any; and those that none does, with what they ask for. */
export type OwnItems = {
  models: readonly { weights: Weights; scheme: number; gate: string | null; contextTokens: number }[];
  items: readonly Item[];
  schemes: readonly QuantizationRow[];
  memory: Memory;
  cardSeconds: CardSeconds;
};

/** Models of our own: nothing of this depends on the kind of place, so that all kinds share it. */
export const ownItems = (of: Case, search: Search): OwnItems =>
  search.shared('own models', () => madeItems(of, search));

function madeItems(of: Case, search: Search): OwnItems {
  const { demand } = of;
  const models: { weights: Weights; scheme: number; gate: string | null; contextTokens: number }[] = [];
  const items: Item[] = [];
  const { families, schemes } = ownModels(of);
  // What is shared has every model.
  const better = search.shares ? undefined : search.twinsOf?.better;
  const slowest = demand.slices.map((slice) => slowestOf(slice, (figure) => search.timed(slice, figure), demand));
  for (const family of families) {
    const shapes = demand.slices.map((slice) => shapeOf(family.option, slice, of));
    const contextTokens = Math.min(...shapes.map((shape) => shape.contextTokens));
    // A scheme can only cost capability: who is turned down as released, is turned down in every scheme.
    if (better?.(family.option) === false) continue;
    const released = search.admit(family.option, 'model');
    for (const { option, weights, scheme } of family.schemes) {
      if (released.gate !== null) {
        models.push({ weights, scheme, gate: released.gate, contextTokens });
        continue;
      }
      if (better?.(option) === false) continue;
      const { serves, gate } = search.admit(option, 'model');
      if (gate === null) {
        const least = byEngine((engine) =>
          shapes.map((shape, s) => leastWork(weights, shape, slowest[s] as Slowest, engine)),
        );
        const [n, at] = [items.length, models.length];
        items.push({
          option,
          weights,
          n,
          at,
          scheme,
          serves,
          shapes,
          ...(search.below === null && { cuts: new Map() }),
          least,
        });
      }
      models.push({ weights, scheme, gate, contextTokens });
    }
  }
  return { models, items, schemes, memory: memoryOf(models, of), cardSeconds: cardSecondsOf(items, schemes, of) };
}

/** Remembers what was made for each engine: there are few, and thousands of items that ask, most of them never. */
function byEngine<Value>(make: (engine: Engine) => Value): (engine: Engine) => Value {
  let known: { engine: Engine; value: Value }[] | null = null;
  return (engine) => {
    known ??= [];
    for (const one of known) if (one.engine === engine) return one.value;
    const value = make(engine);
    known.push({ engine, value });
    return value;
  };
}
