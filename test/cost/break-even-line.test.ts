import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  breakEvenVolume,
  type GrowingBill,
  growthBreakEvenMonth,
  monthlyRate,
  paybackPeriods,
} from '../../src/cost/break-even-line.js';

const never = Number.POSITIVE_INFINITY;
const line = fc.record({ fixedUsd: fc.integer({ min: 0, max: 500 }), usdPerUnit: fc.integer({ min: 0, max: 20 }) });

test('a break-even volume is the first at which owning costs no more, by trying every one', () => {
  fc.assert(
    fc.property(line, line, (own, api) => {
      const at = (of: typeof own, volume: number) => of.fixedUsd + of.usdPerUnit * volume;
      const found = breakEvenVolume(own, api);
      const first = Array.from({ length: 501 }, (_, volume) => volume).find((v) => at(own, v) <= at(api, v));
      // An API dearer from the start, and cheaper per unit, is no break-even of owning.
      if (first === 0 && api.usdPerUnit < own.usdPerUnit) expect(found).toBe(never);
      else if (first === undefined) expect(found).toBe(never);
      else expect(Math.ceil(found * (1 - 1e-12))).toBe(first);
    }),
  );
});

test('833,806 USD against 98.32 - 0.87 USD/h: 8,556 h, twice that at half use; about 25,950 h at 33 USD/h', () => {
  expect(paybackPeriods(833_806, 98.32 - 0.87)).toBeCloseTo(8556.24, 2);
  expect(paybackPeriods(833_806, 98.32 - 0.87, 0.5)).toBeCloseTo(17_112.49, 2);
  expect(Math.round(paybackPeriods(833_806, 33 - 0.87) / 10)).toBe(2595);
  expect([paybackPeriods(1, 0), paybackPeriods(1, -5)]).toEqual([never, never]);
});

const growing: GrowingBill = {
  capexUsd: 100_000,
  ownUsdPerMonth: 5000,
  apiUsdPerMonth: 10_000,
  growthPerMonth: 0.05,
  priceDeclinePerYear: 0,
  discountPerYear: 0,
};

test('100,000 USD and 5,000 a month against a bill of 10,000 that grows by 5 %: month 13, discounted or not', () => {
  expect(growthBreakEvenMonth(growing)).toBe(13);
  expect(growthBreakEvenMonth({ ...growing, discountPerYear: 0.1 })).toBe(13);
  expect(monthlyRate(0.1)).toBeCloseTo(0.007974, 6);
});

test('without growth it is the payback, rounded up; falling prices can put it off for good', () => {
  expect(growthBreakEvenMonth({ ...growing, growthPerMonth: 0 })).toBe(20);
  expect(growthBreakEvenMonth({ ...growing, growthPerMonth: 0, capexUsd: 100_001 })).toBe(21);
  // Month by month: the bill of month m is 10,000 x 0.8^(m/12).
  let [own, api, month] = [20_000, 0, 0];
  while (own > api && month < 100) {
    month++;
    own += 5000;
    api += 10_000 * 0.8 ** (month / 12);
  }
  expect(growthBreakEvenMonth({ ...growing, capexUsd: 20_000, growthPerMonth: 0, priceDeclinePerYear: 0.2 })).toBe(
    month,
  );
  expect(growthBreakEvenMonth({ ...growing, growthPerMonth: 0, priceDeclinePerYear: 0.5 })).toBe(never);
});
