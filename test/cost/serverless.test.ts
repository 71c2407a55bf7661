import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { at } from '../../src/cost/curve.js';
import {
  coldShares,
  coldStartCurve,
  coldWaitS,
  type Sleeper,
  sleeping,
  spellsOf,
  upCurve,
  upkeepUsd,
} from '../../src/cost/serverless.js';
import { uniform } from '../simulation/random.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('serverless', {
  waits: { off: z.number(), starting: z.number(), seconds: z.number(), why: z.string() },
  simulated: { ratePerS: z.number(), workS: z.number(), idleS: z.number(), coldS: z.number(), why: z.string() },
});

const alone = Float64Array.of(1);
const flat = spellsOf(Float64Array.of(1), alone);
const secondsPerDay = 86_400;

/** Shares of the time that a sleeping worker is off, starting and up, from what is billed of it a second. */
function whereabouts(ratePerS: number, sleeper: Sleeper): { off: number; starting: number; up: number } {
  const idle = sleeping(sleeper, 0);
  const startsPerS = idle(ratePerS, 0, 1);
  return { off: startsPerS / ratePerS, starting: startsPerS * sleeper.coldS, up: idle(ratePerS, 1, 0) };
}

describe('a worker that sleeps', () => {
  // One request in 300 s, 290 s idle after 10 s of work: a gap is longer in e^-1 of the cases.
  const sleeper = { upS: 300, coldS: 100 };
  const perDay = secondsPerDay / 300;

  test('at one request per stay it is off for 1 in e requests, had it no start to wait for', () => {
    const { off, starting, up } = whereabouts(1 / 300, { upS: 300, coldS: 0 });
    expect(off).toBeCloseTo(Math.exp(-1), 12);
    expect([starting, up]).toEqual([0, 1 - Math.exp(-1)]);
  });

  test('worked example: a cycle is off 300 s, starts 100 s and is up (e - 1) x 300 s', () => {
    const cycle = 300 + 100 + (Math.E - 1) * 300; // 915.48 s
    const { off, starting, up } = whereabouts(1 / 300, sleeper);
    expect(off).toBeCloseTo(300 / cycle, 12); // 0.3277
    expect(starting).toBeCloseTo(100 / cycle, 12); // 0.1092
    expect(up).toBeCloseTo(515.4845485 / cycle, 9); // 0.5631
    // 730 h at 0.001 USD a second: 2628 USD if it never slept; 2628 / 915.48 of them are off, starting or up a second.
    expect(at(upCurve(0.001, sleeping(sleeper, 0), flat, 730), perDay)).toBeCloseTo(1479.757, 2);
    expect(at(coldStartCurve(0.1, sleeping(sleeper, 0), flat, 730), perDay)).toBeCloseTo(287.06, 2);
  });

  test('throughput takes over where it needs more than the one worker, in whole workers', () => {
    // 10 requests/s of 0.25 worker-seconds: 2.5 workers, so 3.
    const curve = upCurve(0.001, sleeping(sleeper, 0.25), flat, 730);
    expect(at(curve, 10 * secondsPerDay)).toBeCloseTo(3 * 0.001 * 730 * 3600, 6);
  });

  test('hours of the week and months of growth are a mean of their own rates', () => {
    const hours = Float64Array.of(0, 0.5, 0.5, 3);
    const growth = Float64Array.of(1, 2);
    const curve = upCurve(0.001, sleeping(sleeper, 0), spellsOf(hours, growth), 730);
    const single = (multiple: number) => at(upCurve(0.001, sleeping(sleeper, 0), flat, 730), perDay * multiple);
    const expected = [0, 0.5, 0.5, 3, 0, 1, 1, 6].reduce((sum, multiple) => sum + single(multiple) / 8, 0);
    expect(at(curve, perDay)).toBeCloseTo(expected, 8);
    expect(spellsOf(hours, growth).multiple.length).toBe(5);
  });

  test.each(cases.waits)('95 % wait at most $seconds s: $why', ({ off, starting, seconds }) => {
    expect(coldWaitS({ off, starting }, 100, 0.05)).toBeCloseTo(seconds, 9);
  });
});

/** One worker, Poisson arrivals, each served in `workS` beside all others: seconds up and starting, starts, and who met one. */
function simulate(ratePerS: number, workS: number, idleS: number, coldS: number, requests: number) {
  const random = uniform(7);
  let now = 0;
  let [upS, starts, met] = [0, 0, 0];
  let ready = 0;
  let stops = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < requests; i++) {
    now += -Math.log(random()) / ratePerS;
    if (now >= stops) {
      starts++;
      met++;
      ready = now + coldS;
      stops = ready;
    } else if (now < ready) met++;
    const until = Math.max(now, ready) + workS + idleS;
    upS += Math.max(0, until - stops);
    stops = Math.max(stops, until);
  }
  return {
    billedShare: (upS + starts * coldS) / now,
    upShare: upS / now,
    startsPerS: starts / now,
    met: met / requests,
  };
}

test.each(cases.simulated)('a simulated worker agrees: $why', ({ ratePerS, workS, idleS, coldS }) => {
  const seen = simulate(ratePerS, workS, idleS, coldS, 300_000);
  const sleeper = { upS: workS + idleS, coldS };
  const { off, starting, up } = whereabouts(ratePerS, sleeper);
  expect(seen.upShare / up).toBeCloseTo(1, 1.7);
  expect(seen.billedShare / (up + starting)).toBeCloseTo(1, 1.7);
  const shares = coldShares(sleeper, flat, ratePerS * secondsPerDay);
  // Starts are few where a worker is hardly ever off: three standard deviations of a count.
  const spread = 3 / Math.sqrt(seen.startsPerS * (300_000 / ratePerS));
  expect(Math.abs(seen.startsPerS / (ratePerS * off) - 1)).toBeLessThan(spread + 0.01);
  expect(Math.abs(seen.met / (shares.off + shares.starting) - 1)).toBeLessThan(spread + 0.01);
});

const sleepers: fc.Arbitrary<Sleeper> = fc.record({
  upS: fc.double({ min: 0.05, max: 4000, noNaN: true }),
  coldS: fc.double({ min: 0, max: 2000, noNaN: true }),
});
const loads = fc
  .record({
    // Nothing, or a rate that a sum over hours does not lose for being too small a number.
    hours: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 8, noNaN: true })), {
      minLength: 1,
      maxLength: 24,
    }),
    growth: fc.array(fc.double({ min: 0.2, max: 3, noNaN: true }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ hours, growth }) => spellsOf(Float64Array.from(hours), Float64Array.from(growth)));
const volume = fc.double({ min: 0.01, max: 1e7, noNaN: true });
const workerS = fc.double({ min: 0.001, max: 20, noNaN: true });

test('both curves together cost what they cost one by one', () => {
  fc.assert(
    fc.property(sleepers, loads, workerS, volume, (sleeper, spells, workerSPerRequest, perDay) => {
      const apart =
        at(upCurve(0.001, sleeping(sleeper, workerSPerRequest), spells, 730), perDay) +
        at(coldStartCurve(0.1, sleeping(sleeper, 0), spells, 730), perDay);
      const prices = { usdPerWorkerS: 0.001, usdPerStart: 0.1 };
      const upkeep = sleeping(sleeper, workerSPerRequest);
      expect(Math.abs(upkeepUsd(prices, upkeep, spells, perDay, 730) - apart)).toBeLessThan(1e-9 * (1 + apart));
    }),
  );
});
