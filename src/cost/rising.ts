/**
 * A function of volume that never falls. One that was made of another by a factor, or by a part of the volume, says so: a
 * difference of curves tells by that what both have.
 */
export type Rising = ((volume: number) => number) & { readonly made?: Made };

/** factor x of(part x volume). */
export type Made = { of: (volume: number) => number; factor: number; part: number };

/** What a function was made of: of itself, unless it says otherwise. */
export const madeOf = (f: Rising): Made => f.made ?? { of: f, factor: 1, part: 1 };

function make(made: Made): Rising {
  const { of, factor, part } = made;
  return Object.assign((volume: number) => factor * of(part * volume), { made });
}

/** factor x f(volume), for a factor >= 0. */
export function times(f: Rising, factor: number): Rising {
  const made = madeOf(f);
  return make({ ...made, factor: made.factor * factor });
}

/** f(part x volume), for a part >= 0. */
export function ofPart(f: Rising, part: number): Rising {
  const made = madeOf(f);
  return make({ ...made, part: made.part * part });
}
