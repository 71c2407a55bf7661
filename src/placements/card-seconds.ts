import { type LeastWork, leastSeconds } from '../capacity/ceiling.js';
import { type Engine, errorOn, type Weights } from '../capacity/replica.js';
import type { QuantizationRow } from '../tables/rows.js';
import { splitsOf, type UnitType } from './fleet-units.js';
import type { Case } from './placement.js';
import { peaksOf } from './unit-peaks.js';

/** A model in a scheme (their places in lists of both), with the slices that it may serve, and the least they ask of an engine. */
type Timed = {
  n: number;
  scheme: number;
  weights: Weights;
  serves: readonly boolean[];
  least(engine: Engine): readonly LeastWork[];
};

/** There are millions, and a bound needs few digits: in single precision it stays below what it bounds. */
const roundedDown = 1 - 2 ** -23;

/** Card-seconds of a request of each slice, item by item, and what works them out for an item. */
type Cut = { seconds: Float32Array; work(item: Timed): void };
export type CardSeconds = (unit: UnitType, engine: Engine) => Cut;

/**
 * Card-seconds that one request of each slice takes at the least on a unit (infinite: it may not run there): the least over
 * the groups its cards can be cut into. A group takes the same wherever it stands, so each is worked out once.
 */
export function cardSecondsOf(items: readonly Timed[], schemes: readonly QuantizationRow[], of: Case): CardSeconds {
  const count = of.demand.slices.length;
  const byEngine = new Map<Engine, Map<string, Cut>>();
  /** Of a group of cards and all smaller ones. */
  const upTo = (unit: UnitType, cards: number, engine: Engine): Cut => {
    const cuts = byEngine.get(engine) ?? new Map<string, Cut>();
    byEngine.set(engine, cuts);
    const key = `${unit.accelerator.row} ${cards}`;
    const made = cuts.get(key);
    if (made !== undefined) return made;
    const smaller = cards === 1 ? null : upTo(unit, cards / 2, engine);
    const peaks = peaksOf({ ...unit, gpus: cards }, [cards], schemes, engine, of);
    const seconds = new Float32Array(items.length * count);
    const known = new Uint8Array(items.length);
    const cut: Cut = {
      seconds,
      work(item) {
        if (known[item.n] === 1) return;
        known[item.n] = 1;
        smaller?.work(item);
        const peak = peaks[item.scheme] ?? null;
        const works = item.least(engine);
        const error = errorOn(engine, item.weights.model, unit.accelerator);
        for (let s = 0, at = item.n * count; s < count; s++, at++) {
          const below = smaller?.seconds[at] ?? Number.POSITIVE_INFINITY;
          if (item.serves[s] !== true || peak === null) seconds[at] = below;
          else seconds[at] = Math.min(below, leastSeconds(works[s] as LeastWork, peak, error) * cards * roundedDown);
        }
      },
    };
    cuts.set(key, cut);
    return cut;
  };
  return (unit: UnitType, engine: Engine): Cut => upTo(unit, Math.max(...splitsOf(unit.gpus)), engine);
}
