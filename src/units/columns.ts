/** What a column holds: `f` numbers, `i` whole numbers, `b` small ones. */
const made = { f: Float64Array, i: Int32Array, b: Uint8Array };

export type Column = Float64Array | Int32Array | Uint8Array;

/** What takes part: 1 by place. */
export type Mask = Uint8Array;

export type ColumnsOf<Names> = {
  [Name in keyof Names]: Names[Name] extends keyof typeof made ? InstanceType<(typeof made)[Names[Name]]> : never;
};

/** Columns of so many rows, by their names; all zeros. */
export function columns<const Names extends Record<string, keyof typeof made>>(
  names: Names,
  count: number,
): ColumnsOf<Names> {
  const entries = Object.entries(names);
  // One buffer for all columns, the widest first for alignment, as allocation is slow.
  const buffer = new ArrayBuffer(entries.reduce((bytes, [, kind]) => bytes + made[kind].BYTES_PER_ELEMENT * count, 0));
  // A copy keeps its hidden class; adding many names to an empty object does not.
  const found: Record<string, unknown> = { ...names };
  let from = 0;
  for (const width of ['f', 'i', 'b'] as const)
    for (const [name, kind] of entries) {
      if (kind !== width) continue;
      found[name] = new made[kind](buffer, from, count);
      from += made[kind].BYTES_PER_ELEMENT * count;
    }
  return found as ColumnsOf<Names>;
}

/** A column of numbers by index; several times as fast as from an iterable. */
export function numbers(count: number, numberAt: (at: number) => number): Int32Array {
  const column = new Int32Array(count);
  for (let at = 0; at < count; at++) column[at] = numberAt(at);
  return column;
}

/** The places of so many rows. */
export const placesUpTo = (count: number): Int32Array => numbers(count, (at) => at);

/** Some rows of a column, in the order in which they are named. */
export function taken<Kind extends Column>(column: Kind, rows: ArrayLike<number>): Kind {
  const some = new (column.constructor as new (length: number) => Kind)(rows.length);
  takenInto(some, column, rows);
  return some;
}

/** The same, in a column that is there. */
export function takenInto(into: Column, column: Column, rows: ArrayLike<number>): void {
  for (let at = 0; at < rows.length; at++) into[at] = column[rows[at] as number] as number;
}

/** Numbers for things by key, in order of appearance. */
export type Numbered<Thing> = { of(thing: Thing): number; all: readonly Thing[] };

export function numbered<Thing>(keyOf: (thing: Thing) => string): Numbered<Thing> {
  const numberOf = new Map<string, number>();
  const all: Thing[] = [];
  return {
    all,
    of(thing) {
      const key = keyOf(thing);
      const known = numberOf.get(key);
      if (known !== undefined) return known;
      numberOf.set(key, all.length);
      return all.push(thing) - 1;
    },
  };
}
