import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at } from '../../src/cost/curve.js';
import {
  coldStartCurve,
  type Gatherer,
  gathering,
  spellsOf,
  upCurve,
  upkeepUsd,
  windowsOf,
} from '../../src/cost/serverless.js';
import { doneInTime } from '../../src/workload/load.js';
import { uniform } from '../simulation/random.js';

const secondsPerDay = 86_400;
const once = Float64Array.of(1);

describe('windows in which work is gathered', () => {
  const hours = Float64Array.of(0, 6, 0, 0);
  const of = (deadline: number, arrivals = hours) => {
    const windows = windowsOf(doneInTime(arrivals, deadline));
    return windows && { seconds: windows.seconds, means: [...windows.means].map((x) => Number(x.toFixed(9))) };
  };

  test('are half the deadline long, and know what arrives in each', () => {
    expect(of(2)).toEqual({ seconds: 3600, means: [0, 6, 0, 0] });
    expect(of(4)).toEqual({ seconds: 7200, means: [3, 0] });
    expect(of(1)).toEqual({ seconds: 1800, means: [0, 0, 6, 6, 0, 0, 0, 0] });
  });

  test('are shorter where half the deadline does not fill the cycle, and may end within an hour', () => {
    // Three of 80 minutes: 20 minutes at 6 an hour, then 40.
    expect(of(3)).toEqual({ seconds: 4800, means: [1.5, 3, 0] });
  });

  test('are there for work that arrives evenly, and none for work that may not wait', () => {
    expect(of(2, Float64Array.of(1, 1))).toEqual({ seconds: 3600, means: [1, 1] });
    expect(of(0.9)).toBeNull();
    expect(windowsOf({ hours, waits: null })).toBeNull();
  });

  test('there are none for a part that must be done in given hours', () => {
    const { hours: spread, waits } = doneInTime(hours, 2);
    expect(windowsOf({ hours: spread.map((x) => x / 2), waits })).toBeNull();
  });
});

// 100 s to start, 60 s idle after the last request, which takes 20 s by itself.
const hourly: Gatherer = { windowS: 3600, upS: 80, startS: 100, workerSPerRequest: 2 };

describe('workers for gathered work', () => {
  const spells = spellsOf(once, once);
  const usdOf = (perHour: number, of = hourly) => {
    const upkeep = gathering(of);
    return {
      up: at(upCurve(0.001, upkeep, spells, 730), perHour * 24),
      cold: at(coldStartCurve(0.1, upkeep, spells, 730), perHour * 24),
    };
  };

  test('by hand: 900 requests an hour of 2 s are half an hour of one worker, and a start', () => {
    const { up, cold } = usdOf(900);
    expect(up).toBeCloseTo(730 * (1800 + 80) * 0.001, 6);
    expect(cold).toBeCloseTo(730 * 0.1, 6);
  });

  test('by hand: 2,700 are a worker all of the time, and half of another', () => {
    const { up, cold } = usdOf(2700);
    expect(up).toBeCloseTo(730 * (3600 + 1800 + 80) * 0.001, 6);
    expect(cold).toBeCloseTo(730 * 0.1, 6);
  });

  test('a worker runs through where stopping it saves less than 180 s', () => {
    expect(usdOf(1709).cold).toBeCloseTo(73, 6);
    const { up, cold } = usdOf(1711);
    expect(up).toBeCloseTo(730 * 3600 * 0.001, 6);
    expect(cold).toBe(0);
  });

  test('none starts where nothing came: one request in three hours comes in 1 - e^(-1/3) of them', () => {
    const { up, cold } = usdOf(1 / 3);
    const some = 1 - Math.exp(-1 / 3);
    expect(up).toBeCloseTo(730 * (2 / 3 + 80 * some) * 0.001, 8);
    expect(cold).toBeCloseTo(730 * some * 0.1, 8);
  });

  test('is what windows of random requests cost in the mean', () => {
    const random = uniform(7);
    // Requests of one window, of which so many come in the mean.
    const requests = (mean: number): number => {
      let [count, time] = [0, -Math.log(random())];
      while (time < mean) {
        count++;
        time -= Math.log(random());
      }
      return count;
    };
    for (const mean of [0.2, 1, 5, 40]) {
      const windows = 300_000;
      let usd = 0;
      for (let w = 0; w < windows; w++) {
        const count = requests(mean);
        if (count > 0) usd += (2 * count + 80) * 0.001 + 0.1;
      }
      const { up, cold } = usdOf(mean);
      expect((up + cold) / 730 / (usd / windows)).toBeCloseTo(1, 1.7);
    }
  });
});

const gatherers = fc.record({
  windowS: fc.double({ min: 900, max: 302_400, noNaN: true }),
  upS: fc.double({ min: 0.1, max: 2000, noNaN: true }),
  startS: fc.double({ min: 0, max: 2000, noNaN: true }),
  workerSPerRequest: fc.double({ min: 0.001, max: 20, noNaN: true }),
});
const loads = fc
  .record({
    hours: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 8, noNaN: true })), {
      minLength: 1,
      maxLength: 14,
    }),
    growth: fc.array(fc.double({ min: 0.2, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ hours, growth }) => spellsOf(Float64Array.from(hours), Float64Array.from(growth)));
const volume = fc.double({ min: 0.01, max: 1e7, noNaN: true });

test('halves of every term and the whole rise with volume, and both curves make up the cost', () => {
  fc.assert(
    fc.property(gatherers, loads, volume, volume, (of, spells, x, y) => {
      const upkeep = gathering(of);
      const [from, to] = [Math.min(x, y), Math.max(x, y)];
      const usdPerStart = 0.001 * of.startS;
      const curves = [upCurve(0.001, upkeep, spells, 730), coldStartCurve(usdPerStart, upkeep, spells, 730)];
      const total = (perDay: number) => curves.reduce((sum, curve) => sum + at(curve, perDay), 0);
      const slack = 1e-9 * (1 + total(to));
      expect(total(from)).toBeLessThanOrEqual(total(to) + slack);
      const prices = { usdPerWorkerS: 0.001, usdPerStart };
      expect(upkeepUsd(prices, upkeep, spells, to, 730)).toBeCloseTo(total(to), 4);
    }),
  );
});

test('the cost is never below the work, nor above whole workers', () => {
  fc.assert(
    fc.property(gatherers, loads, volume, fc.constantFrom(0, 0.3, 1), (of, spells, perDay, billedShare) => {
      const coldS = of.startS;
      const real = { ...of, startS: billedShare * coldS };
      const prices = { usdPerWorkerS: 1, usdPerStart: real.startS };
      const seconds = upkeepUsd(prices, gathering(real), spells, perDay, 730);
      let [work, whole] = [0, 0];
      for (const [i, multiple] of spells.multiple.entries()) {
        const workers = (multiple * perDay * of.workerSPerRequest) / secondsPerDay;
        work += (spells.share[i] as number) * workers;
        whole += (spells.share[i] as number) * Math.ceil(workers);
      }
      expect(seconds).toBeGreaterThanOrEqual(work * 730 * 3600 * (1 - 1e-6) - 1e-3);
      expect(seconds).toBeLessThanOrEqual(whole * 730 * 3600 * (1 + 1e-9));
    }),
  );
});
