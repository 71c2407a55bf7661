import fc from 'fast-check';
import { expect, test } from 'vitest';
import { narrowMoney, narrowParts } from '../../src/report/numbers.js';

const read = (text: string): number => Number(text.replaceAll(',', ''));

test('two parts of an amount add up to it as all three are printed', () => {
  // 4,884.5 and 5,297.6 are 10,182.1: each rounded by itself they would read as 10,183.
  expect(narrowParts(4884.5, 5297.6)).toEqual(['4,884', '5,298']);
  fc.assert(
    fc.property(
      fc.double({ min: 10, max: 400_000, noNaN: true }),
      fc.double({ min: 10, max: 400_000, noNaN: true }),
      (one, other) => {
        const [a, b] = narrowParts(one, other);
        expect(read(a) + read(b)).toBe(read(narrowMoney(one + other)));
        expect(Math.abs(read(a) - one)).toBeLessThan(1);
      },
    ),
  );
});
