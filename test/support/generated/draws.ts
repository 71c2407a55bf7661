import fc from 'fast-check';

/**
 * The turn of a block in the spotlight, in which it has all of its fields, and each way to write one comes in another turn;
 * null: it is not in the spotlight, and chance decides.
 */
export type Turn = number | null;

export type Fields = { [name: string]: fc.Arbitrary<unknown> };
export type Block = { [name: string]: unknown };

const percent = 100;
const ofThousand = fc.integer({ min: 0, max: 999 });

/** Left out but for this share of all draws. */
export const seldom = <Value>(share: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => {
  const written = Math.round(share * percent);
  return fc.oneof(
    { weight: percent - written, arbitrary: fc.constant(undefined) },
    { weight: written, arbitrary: value },
  );
};

/** A field or block that is there in the spotlight, else in this share of all draws. */
export const maybe = <Value>(turn: Turn, value: fc.Arbitrary<Value>, share = 0.5): fc.Arbitrary<Value | undefined> =>
  turn === null ? seldom(share, value) : value;

/** One of several ways to write something: by turns in the spotlight. */
export const oneWay = (turn: Turn, ways: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> =>
  turn === null ? fc.oneof(...ways) : (ways[turn % ways.length] as fc.Arbitrary<unknown>);

export const oneOf = <Value>(turn: Turn, values: readonly Value[]): fc.Arbitrary<Value> =>
  turn === null ? fc.constantFrom(...values) : fc.constant(values[turn % values.length] as Value);

/** One to `most` of some names, in the spotlight with the one whose turn it is. */
export const someOf = (turn: Turn, names: readonly string[], most = 2): fc.Arbitrary<string[]> =>
  fc
    .tuple(oneOf(turn, names), fc.subarray([...names], { minLength: 0, maxLength: Math.min(most - 1, names.length) }))
    .map(([first, others]) => [...new Set([first, ...others])]);

/** A map without the fields that are left out. */
export const fields = (all: Fields): fc.Arbitrary<Block> =>
  fc.record(all).map((map) => Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)));

/** A map with one field at least; undefined where chance wrote none. */
export const someFields = (all: Fields): fc.Arbitrary<Block | undefined> =>
  fields(all).map((map) => (Object.keys(map).length === 0 ? undefined : map));

/** Whole numbers, each power of ten as often as another. */
export const logUniform = (least: number, most: number): fc.Arbitrary<number> =>
  ofThousand.map((x) => Math.round(least * (most / least) ** (x / 999)));

/** Numbers of three digits or so, all alike. */
export const between = (least: number, most: number): fc.Arbitrary<number> =>
  ofThousand.map((x) => Number((least + ((most - least) * x) / 999).toPrecision(3)));

/** The ends of ranges, over what is in between: their middle is never below it. */
const [toLow, toHigh] = [0.7, 1.5];

/** A number, or a range around it in each of the ways to write one; with `most`, its ends stay within it. */
export const ranged = (value: fc.Arbitrary<number>, { unit = '', most = Number.MAX_VALUE } = {}) =>
  fc
    .tuple(value, fc.constantFrom('alone', 'alone', 'alone', 'text', 'ends', 'middle', 'spread'), fc.boolean())
    .map(([x, form, hasUnit]): unknown => {
      const digits = (y: number) => (Number.isInteger(x) ? Math.round(y) : Number(y.toPrecision(4)));
      const [low, high] = [digits(x * toLow), Math.min(most, digits(x * toHigh))];
      if (form === 'text') return `${low}..${high}${unit}`;
      if (form === 'ends') return unit === '' ? { low, high } : { low: `${low}${unit}`, high: `${high}${unit}` };
      if (form === 'middle') return unit === '' ? { low, likely: x, high } : `${low}${unit}..${high}${unit}`;
      if (form === 'spread') return { mean: unit === '' ? x : `${x}${unit}`, cv: 0.3 };
      return unit !== '' && (hasUnit || needsUnit(unit)) ? `${x}${unit}` : x;
    });

const needsUnit = (unit: string): boolean => unit === '%' || unit.includes('per month');

/** A share in percent, or a range of it. */
export const share = (least: number, most: number): fc.Arbitrary<unknown> =>
  ranged(fc.integer({ min: least, max: most }), { unit: '%', most: 100 });

export const text = (values: fc.Arbitrary<number>, unit: string): fc.Arbitrary<string> =>
  values.map((x) => `${x}${unit}`);
