import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  erlangC,
  fewestSlots,
  fleetAvailability,
  meanTimeS,
  meanWaiting,
  meanWaitS,
  type SlotQueue,
  slotLoad,
  spareUnits,
  unitsOverZones,
  waitProbability,
  waitQuantileS,
  waitsLongerThan,
} from '../../src/capacity/queue/erlang.js';

const exponential = { arrivalVariation: 1, serviceVariation: 1 };
/** 200 calls an hour of 180 s on 14 lines. */
const calls: SlotQueue = { arrivalsPerS: 200 / 3600, servicePerS: 1 / 180, slots: 14, ...exponential };

/** States of the chain one by one: the share of time that all slots are busy, and the mean number that waits. */
function byStates({ arrivalsPerS, servicePerS, slots }: SlotQueue): { wait: number; waiting: number } {
  let [weight, total, busy, waiting] = [1, 1, 0, 0];
  for (let present = 1; present < 20_000 && weight > 1e-300; present++) {
    weight *= arrivalsPerS / (Math.min(present, slots) * servicePerS);
    total += weight;
    if (present >= slots) busy += weight;
    waiting += Math.max(0, present - slots) * weight;
  }
  return { wait: busy / total, waiting: waiting / total };
}

describe('Erlang C', () => {
  test('14 lines for 10 busy ones: 0.174132, a mean wait of 7.836 s, 0.88835 within 20 s', () => {
    expect(erlangC(10, 14)).toBeCloseTo(0.174132, 6);
    expect(meanWaitS(calls)).toBeCloseTo(7.836, 3);
    expect(1 - waitsLongerThan(calls, 20)).toBeCloseTo(0.88835, 5);
  });

  test('is what the chain of states gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 0.97, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (slots, load, servicePerS) => {
          const queue = { arrivalsPerS: load * slots * servicePerS, servicePerS, slots, ...exponential };
          const { wait, waiting } = byStates(queue);
          expect(waitProbability(queue) / wait).toBeCloseTo(1, 6);
          expect(meanWaiting(queue) / waiting).toBeCloseTo(1, 5);
        },
      ),
    );
  });

  test('with one slot it is M/M/1: lambda / (mu (mu - lambda)), and 1 / (mu - lambda) in all', () => {
    const one = { arrivalsPerS: 15, servicePerS: 17.5, slots: 1, ...exponential };
    expect(meanWaitS(one)).toBeCloseTo(15 / (17.5 * 2.5), 12);
    expect(meanTimeS(one)).toBeCloseTo(0.4, 12);
  });

  test('other variations: 4 slots, 3 arrivals, service half as variable: 0.50943 and 0.38208', () => {
    const queue = { arrivalsPerS: 3, servicePerS: 1, slots: 4, arrivalVariation: 1, serviceVariation: 0.5 };
    expect(waitProbability(queue)).toBeCloseTo(0.50943, 5);
    expect(meanWaitS(queue)).toBeCloseTo(0.38208, 5);
    // The tail has the mean that it stands for: C x variation / (c mu - lambda).
    let mean = 0;
    for (let seconds = 0; seconds < 60; seconds += 0.001) mean += 0.001 * waitsLongerThan(queue, seconds + 0.0005);
    expect(mean).toBeCloseTo(0.38208, 4);
  });

  test('a percentile is exceeded by the rest', () => {
    expect(waitsLongerThan(calls, waitQuantileS(calls, 0.95))).toBeCloseTo(0.05, 12);
    expect(waitQuantileS(calls, 0.5)).toBe(0);
  });

  test('more than they can do: everybody waits, without end', () => {
    const over = { ...calls, slots: 9 };
    expect(slotLoad(over)).toBeCloseTo(10 / 9, 12);
    expect([waitProbability(over), meanWaitS(over), waitsLongerThan(over, 1e9), waitQuantileS(over, 0.01)]).toEqual([
      1,
      Number.POSITIVE_INFINITY,
      1,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('how many', () => {
  test('fewest slots for a service level are what trying one after the other finds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (arrivalsPerS, level) => {
          const enough = (queue: SlotQueue) => 1 - waitsLongerThan(queue, 0.1) >= level;
          const found = fewestSlots({ arrivalsPerS, servicePerS: 1, ...exponential }, enough);
          let slots = 1;
          while (!enough({ arrivalsPerS, servicePerS: 1, slots, ...exponential })) slots++;
          expect(found).toBe(slots);
        },
      ),
    );
  });

  test('none where no number is enough', () => {
    expect(fewestSlots({ arrivalsPerS: 1, servicePerS: 1, ...exponential }, () => false)).toBeNull();
  });

  test('spares: one up to ten, then a tenth; zones: what is left after one is lost', () => {
    expect([1, 10, 11, 20, 25].map(spareUnits)).toEqual([1, 1, 2, 2, 3]);
    expect([unitsOverZones(10, 3), unitsOverZones(4, 2), unitsOverZones(3, 3)]).toEqual([15, 8, 5]);
  });

  test('availability of k of n', () => {
    expect(fleetAvailability(1, 2, 0.99)).toBeCloseTo(0.9999, 12);
    expect(fleetAvailability(2, 2, 0.99)).toBeCloseTo(0.9801, 12);
    expect(fleetAvailability(2, 3, 0.9)).toBeCloseTo(3 * 0.81 * 0.1 + 0.729, 12);
    expect(fleetAvailability(0, 5, 0.3)).toBeCloseTo(1, 12);
  });
});
