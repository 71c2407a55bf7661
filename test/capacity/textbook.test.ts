import { describe, expect, test } from 'vitest';
import { maxSequences, usableBytes } from '../../src/capacity/memory.js';
import { expertBytesRead, type ModelWork } from '../../src/capacity/model-work.js';
import { lognormalFrom, triangularQuantile } from '../../src/units/statistics.js';

describe('memory', () => {
  test('70B in fp16 on two cards of 80 GiB holds 13 sequences of 2,048 tokens; on cards of 80 GB it does not fit', () => {
    const room = (memoryGib: number) =>
      usableBytes({ memoryGib, usableMemoryFraction: 0.9 }, 2, { runtimeGbPerGpu: 2 });
    const sequences = (gib: number) => maxSequences(room(gib), 141.2e9, 327_680 * 2048, 1.04, 1);
    expect(sequences(80)).toBe(13);
    expect(sequences(80e9 / 2 ** 30)).toBeLessThan(1);
  });
});

test('a mixture reads 63 % of its experts where n is E/k, 95 % at three times that', () => {
  const work = { expertBytes: 1, logUntouched: Math.log(1 - 1 / 128) } as ModelWork;
  expect(expertBytesRead(work, 128)).toBeCloseTo(0.63, 2);
  expect(expertBytesRead(work, 3 * 128)).toBeCloseTo(0.95, 2);
});

describe('distributions', () => {
  const band = { low: 1, likely: 2, high: 9 };
  const ranks = Array.from({ length: 20_000 }, (_, at) => (at + 0.5) / 20_000);

  test('triangular: ends, and the mean (a + m + b) / 3', () => {
    expect([triangularQuantile(band, 0), triangularQuantile(band, 1)]).toEqual([1, 9]);
    expect(triangularQuantile({ low: 3, likely: 3, high: 3 }, 0.4)).toBe(3);
    const mean = ranks.reduce((sum, share) => sum + triangularQuantile(band, share), 0) / ranks.length;
    expect(mean).toBeCloseTo(4, 3);
  });

  test('lognormal', () => {
    const { mu, sigma } = lognormalFrom(4, 9);
    expect(Math.exp(mu + 1.2815515655446 * sigma)).toBeCloseTo(9, 9);
    expect(Math.exp(mu - 1.2815515655446 * sigma)).toBeCloseTo(4, 9);
  });
});
