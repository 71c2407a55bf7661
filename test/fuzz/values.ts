import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parse } from 'yaml';

/** Texts and values that stand where others should, by what they are for. */
export const odd: { values: string[]; marks: string[]; fields: unknown[] } = parse(
  readFileSync('test/fixtures/odd-texts.yaml', 'utf8'),
);

/** What no scenario should hold, and what may stand there all the same. */
const oddTexts = [...odd.values, '\ud800', '💥'.repeat(40), 'é'.repeat(300), 'a'.repeat(5000)];
const oddNumbers = [
  ...[0, -0, 1, -1, 0.5, 2, 3, 7, 24, 100, 120, 121, 200, 201, 1e-320, 1e-9, 1e-3, 1e6, 1e9, 1e12, 1e15, 1e18],
  ...[1e100, 1e300, 1.7e308, Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 53, Number.EPSILON, 0.1 + 0.2, 99.99999999999],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];

/** A table of what stands for what, which fast-check makes of its own unit for binary texts, takes 150 MB. */
const codePoint = fc.nat({ max: 0x10ffff }).map((point) => String.fromCodePoint(point));

const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...oddNumbers) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...oddTexts) },
  { weight: 2, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(true, false, null) },
  { weight: 1, arbitrary: fc.string({ unit: codePoint, maxLength: 12 }) },
);

const range = fc
  .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true }))
  .map(([low, more]) => `${low}..${low * (1 + more)}`);

/** So many lists or maps in each other. */
const nested = fc
  .tuple(fc.constantFrom(3, 30, 99, 101, 400), fc.boolean())
  .map(([depth, list]): unknown =>
    Array.from({ length: depth }).reduce<unknown>((inside) => (list ? [inside] : { a: inside }), 1),
  );

const collection: fc.Arbitrary<unknown> = fc.oneof(
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom('a', 'name', 'type', '__proto__', 'constructor', 'share', 'low', 'high'), scalar, {
    maxKeys: 3,
  }),
  fc.constant(Array.from({ length: 168 }, (_, hour) => hour % 24)),
  fc.constant(Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 1 : 0))),
  nested,
);

/** Any value at all, the odd ones more often. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: range },
  { weight: 1, arbitrary: collection },
);

/** What a number is multiplied by, so that most results can still be read. */
export const factor: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 0.001, 0.1, 0.5, 0.9, 1.1, 2, 10, 1000, 1e6, 1e9, -1),
  fc.double({ min: 0, max: 4, noNaN: true }),
);
