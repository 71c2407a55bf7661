import { describe, expect, test } from 'vitest';
import { averageWatts, fitsDevice, joulesPerKwh, queryJoules } from '../../src/capacity/energy-use.js';
import { kvElements, latentElements, maxSequences, usableBytes } from '../../src/capacity/memory.js';
import { expertBytesRead, type ModelWork } from '../../src/capacity/model-work.js';
import { criticalBatch, decodeStepBoundS, type RooflineCards } from '../../src/capacity/roofline.js';
import { cascadeQuality, keptShare, routedShare, savingFactor, splitUsd } from '../../src/cost/split.js';
import { cachePaysFromUses, provisionedUnits, retryFactor } from '../../src/cost/tokens.js';
import { lognormalFrom, pertMean, triangularQuantile } from '../../src/units/distributions.js';

describe('memory', () => {
  test('bytes per token: OPT-13B 819,200, Llama 3 70B 327,680, 8B 131,072, DeepSeek-V2 69,120', () => {
    expect([kvElements(40, 40, 128), kvElements(80, 8, 128), kvElements(32, 8, 128)].map((n) => n * 2)).toEqual([
      819_200, 327_680, 131_072,
    ]);
    expect(latentElements(60, 512, 64) * 2).toBe(69_120);
  });

  test('70B in fp16 on two cards of 80 GiB holds 13 sequences of 2,048 tokens; on cards of 80 GB it does not fit', () => {
    const room = (memoryGib: number) =>
      usableBytes({ memoryGib, usableMemoryFraction: 0.9 }, 2, { runtimeGbPerGpu: 2 });
    const sequences = (gib: number) => maxSequences(room(gib), 141.2e9, 327_680 * 2048, 1.04, 1);
    expect(sequences(80)).toBe(13);
    expect(sequences(80e9 / 2 ** 30)).toBeLessThan(1);
  });
});

describe('roofline', () => {
  const cards: RooflineCards = {
    cards: 1,
    flopsPerS: 989e12,
    bytesPerS: 3.35e12,
    computeShare: 1,
    bandwidthShare: 1,
    splitShare: 1,
  };
  const step = (batch: number) => ({ weightBytes: 16e9, cacheBytes: 0, activeParameters: 8e9, batch, fixedS: 0 });

  test('an H100 reads as long as it computes at a batch of 295', () => {
    const batch = criticalBatch(cards.flopsPerS, cards.bytesPerS, 2);
    expect(batch).toBeCloseTo(295.2, 1);
    expect(decodeStepBoundS(step(batch), cards)).toBeCloseTo(16e9 / 3.35e12, 12);
    expect(decodeStepBoundS(step(batch - 1), cards)).toBeCloseTo(16e9 / 3.35e12, 12);
    expect(decodeStepBoundS(step(2 * batch), cards)).toBeCloseTo((2 * 16e9) / 3.35e12, 12);
  });

  test('the cache and the fixed time come on top; rates that are not given do not bind', () => {
    const loaded = { ...step(1), cacheBytes: 3.35e9, fixedS: 0.002 };
    expect(decodeStepBoundS(loaded, { ...cards, flopsPerS: Number.POSITIVE_INFINITY })).toBeCloseTo(
      16e9 / 3.35e12 + 0.001 + 0.002,
      12,
    );
  });

  test('a mixture reads 63 % of its experts where n is E/k, 95 % at three times that', () => {
    const work = { expertBytes: 1, logUntouched: Math.log(1 - 1 / 128) } as ModelWork;
    expect(expertBytesRead(work, 128)).toBeCloseTo(0.63, 2);
    expect(expertBytesRead(work, 3 * 128)).toBeCloseTo(0.95, 2);
  });
});

describe('bills', () => {
  test('caching pays from the second use at 1.25, from the third at 2.0; never where reading costs as much', () => {
    expect([cachePaysFromUses(1.25, 0.1), cachePaysFromUses(2, 0.1), cachePaysFromUses(1, 0.1)]).toEqual([2, 3, 2]);
    expect(cachePaysFromUses(1.25, 1)).toBe(Number.POSITIVE_INFINITY);
    for (const write of [1, 1.25, 1.6, 2, 5])
      for (const read of [0, 0.1, 0.5, 0.9]) {
        const uses = cachePaysFromUses(write, read);
        const saves = (n: number) => write + (n - 1) * read < n;
        expect([saves(uses), uses > 1 && saves(uses - 1)]).toEqual([true, false]);
      }
  });

  test('retries: attempts until success, at most so many, failed ones billed in part', () => {
    expect(retryFactor(0, 3, 0.5)).toBe(1);
    // 0.9 at the first, 0.09 at the second attempt; 0.1 + 0.01 fail.
    expect(retryFactor(0.1, 1, 0.5)).toBeCloseTo(0.99 + 0.5 * 0.11, 12);
    expect(retryFactor(1, 2, 1)).toBe(3);
  });

  test('provisioned units are whole steps', () => {
    expect([provisionedUnits(100, 30, 1), provisionedUnits(90, 30, 1), provisionedUnits(91, 30, 5)]).toEqual([4, 3, 5]);
  });
});

describe('splits', () => {
  test('7,820 + 0.2 x 45,000 = 16,820', () => expect(splitUsd(7820, 45_000, 0.2)).toBe(16_820));

  test('24.7 and 0.24 USD: 3.66 times cheaper needs 26.6 % at the large model', () => {
    expect(savingFactor(24.7, 0.24, 0.266)).toBeCloseTo(3.66, 2);
    expect([savingFactor(10, 1, 1), savingFactor(10, 1, 0)]).toEqual([1, 10]);
  });

  test('shares of a router and of a cascade', () => {
    expect(routedShare({ hardShare: 0.3, truePositive: 1, falsePositive: 0 })).toBe(0.3);
    const perfect = { smallRight: 0.7, acceptsRight: 1, acceptsWrong: 0 };
    expect([keptShare(perfect), cascadeQuality(perfect, 1)]).toEqual([0.7, 1]);
    // Everything accepted: the small model alone.
    const blind = { smallRight: 0.7, acceptsRight: 1, acceptsWrong: 1 };
    expect([keptShare(blind), cascadeQuality(blind, 1)]).toEqual([1, 0.7]);
  });
});

test('37B active, 300 tokens at a fifth of 989 TFLOP/s: 0.0334 Wh', () => {
  const wh =
    queryJoules({
      activeParameters: 37e9,
      outputTokens: 300,
      peakFlopsPerS: 989e12,
      flopUtilization: 0.2,
      wattsPerGpu: 1275,
      powerShare: 0.7,
      pue: 1.2,
    }) /
    (joulesPerKwh / 1000);
  expect(wh).toBeCloseTo(0.0334, 4);
  expect(averageWatts(300, 1000, 0.5)).toBe(650);
});

test('a device holds what fits its share of the memory, to the byte', () => {
  expect([fitsDevice(4, 8, 0.5), fitsDevice(4.001, 8, 0.5)]).toEqual([true, false]);
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

  test('PERT and lognormal', () => {
    expect(pertMean(band)).toBe(3);
    const { mu, sigma } = lognormalFrom(4, 9);
    expect(Math.exp(mu + 1.2815515655446 * sigma)).toBeCloseTo(9, 9);
    expect(Math.exp(mu - 1.2815515655446 * sigma)).toBeCloseTo(4, 9);
  });
});
