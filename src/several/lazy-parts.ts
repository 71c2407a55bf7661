import type { Part } from './part.js';
import type { Most } from './parts.js';

/**
 * Parts below a limit by set, kept for lower limits.
 *
 * @param make types of units are those to make; null: all
 * @param isOne whether a set has one part at most, whatever the limit
 */
export function lazyParts(
  sets: number,
  make: (below: Most, types: ReadonlySet<number> | null) => readonly Part[],
  isOne: (set: number) => boolean = () => false,
) {
  const below: Most = { alone: new Float64Array(sets), withPeople: new Float64Array(sets) };
  let parts: Part[] = [];
  return {
    parts: (): readonly Part[] => parts,
    /** Makes what is below higher limits; whether there was any. */
    widen({ alone, withPeople }: Most): boolean {
      const isHigher = Uint8Array.from(alone, (usd, set) =>
        usd > (below.alone[set] as number) || (withPeople[set] as number) > (below.withPeople[set] as number) ? 1 : 0,
      );
      for (const { set } of parts) if (isOne(set)) isHigher[set] = 0;
      if (!isHigher.includes(1)) return false;
      const most = (limits: Float64Array, before: Float64Array): Float64Array =>
        limits.map((usd, set) => Math.max(usd, before[set] as number));
      const now: Most = { alone: most(alone, below.alone), withPeople: most(withPeople, below.withPeople) };
      const ofThese = (limits: Float64Array): Float64Array => limits.map((usd, set) => (isHigher[set] === 1 ? usd : 0));
      const made = make({ alone: ofThese(now.alone), withPeople: ofThese(now.withPeople) }, null);
      parts = [...parts.filter(({ set }) => isHigher[set] === 0), ...made];
      Object.assign(below, now);
      return made.length > 0;
    },
    /** Makes those on some types of units anew. */
    renew(types: ReadonlySet<number>, typeOf: Int32Array): void {
      if (types.size === 0) return;
      parts = [...parts.filter(({ unit }) => !types.has(typeOf[unit] as number)), ...make(below, types)];
    },
    /** Marks all parts of the sets of some parts, to be made anew on demand. */
    forget(changed: readonly Part[]): void {
      for (const { set } of changed) {
        below.alone[set] = 0;
        below.withPeople[set] = 0;
      }
      parts = parts.filter(({ set }) => below.alone[set] !== 0);
    },
  };
}
