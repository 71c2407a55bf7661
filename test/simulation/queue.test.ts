import { describe, expect, test } from 'vitest';
import { type Machine, machines, mixes } from './machines.js';
import { normal, uniform } from './random.js';
import { backlogRate, simulate } from './simulate.js';

/** One request at a time on a machine whose iterations all take a tenth of a second. */
const single: Machine = {
  ...machines.four,
  fixedS: 0.1,
  sharedS: 0,
  decodeS: 0,
  prefillS: 0,
  attentionS: 0,
  cacheS: 0,
  maxSequences: 1,
};
const exactly = { ...mixes.chat, inputMean: 100, inputSigma: 0, outputMean: 10, outputSigma: 0 };

describe('the simulation the predictions are held to', () => {
  test('by hand: ten iterations a request, one at a time', () => {
    expect(backlogRate(single, exactly, 1000, 1)).toBeCloseTo(1, 6);
    const { ttftS, tpotS, requestS } = simulate(single, exactly, 0.001, 2000, 1);
    expect(ttftS.p50).toBeCloseTo(0.1, 9);
    expect(tpotS.p50).toBeCloseTo(0.1, 9);
    expect(requestS.p50).toBeCloseTo(1, 9);
  });

  test('waits of a queue with equal services: rho / (2 (1 - rho)) of one, by Pollaczek and Khinchine', () => {
    const { ttftS } = simulate(single, exactly, 0.6, 400_000, 3);
    expect(ttftS.mean - 0.1).toBeGreaterThan(0.75 * 0.97);
    expect(ttftS.mean - 0.1).toBeLessThan(0.75 * 1.03);
  });

  test('a chunk takes what it has room for: a prompt of 100 tokens in chunks of 30 needs four iterations', () => {
    const { ttftS } = simulate({ ...single, chunkTokens: 30 }, exactly, 0.001, 1000, 1);
    expect(ttftS.p50).toBeCloseTo(0.4, 9);
    const cached = simulate({ ...single, chunkTokens: 30 }, { ...exactly, hitTokens: 80 }, 0.001, 1000, 1);
    expect(cached.ttftS.p50).toBeCloseTo(0.1, 9);
  });

  test('iterations taken in one leap are those taken one by one', () => {
    for (const [machine, mix] of [
      [machines.four, mixes.chat],
      [machines.small, mixes.writing],
      [machines.experts, mixes.documents],
    ] as const) {
      const rate = 0.9 * backlogRate(machine, mix, 5000, 1);
      const leaps = simulate(machine, mix, rate, 3000, 1, 2, 'least-loaded');
      const steps = simulate(machine, mix, rate, 3000, 1, 2, 'least-loaded', false);
      for (const figure of ['ttftS', 'tpotS', 'requestS'] as const) {
        for (const at of ['mean', 'p50', 'p95', 'p99'] as const) {
          expect(leaps[figure][at] / steps[figure][at]).toBeCloseTo(1, 6);
        }
      }
      expect(leaps.preemptedShare).toBe(steps.preemptedShare);
    }
  });

  test('numbers come evenly and normally, and again from the same seed', () => {
    const draw = uniform(7);
    const again = uniform(7);
    const bell = normal(uniform(8));
    let sum = 0;
    let square = 0;
    let beyond = 0;
    for (let each = 0; each < 200_000; each++) {
      const value = draw();
      expect(value).toBe(again());
      sum += value;
      const z = bell();
      square += z * z;
      if (z > 1.645) beyond++;
    }
    expect(sum / 200_000).toBeCloseTo(0.5, 2);
    expect(square / 200_000).toBeCloseTo(1, 1);
    expect(beyond / 200_000).toBeCloseTo(0.05, 2);
  });
});
