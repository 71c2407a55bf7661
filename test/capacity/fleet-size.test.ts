import { expect, test } from 'vitest';
import { fleetFor, latencyOn, mostReplicas, type Sizing, unmetBecause } from '../../src/capacity/fleet-size.js';
import type { Target } from '../../src/capacity/queue/latency.js';
import { cautious } from '../../src/capacity/queue/latency.js';
import { saturationRate } from '../../src/capacity/queue/saturation.js';
import type { StepTimes } from '../../src/capacity/step-times.js';
import { roomFor } from '../simulation/machines.js';

/** Fleets by hand: prompts of 1,000 tokens, answers of 101, 10 ms to read the weights and 14 us a prompt token. */
const times: StepTimes = {
  fixedS: 0,
  sequenceS: 0,
  weightsS: () => 0.01,
  decodeS: 0,
  prefillS: 14e-6,
  linkS: 0,
  attentionS: () => 0,
  cacheS: () => 0,
};
/** Two a second at most, of which three quarters are taken: 1.5 a second; 26 ms before every first token. */
const sizing = (targets: readonly Target[] = [], lanes = 1): Sizing => ({
  replica: {
    server: { times, chunkTokens: 2048, maxSequences: 64, ...roomFor(Number.POSITIVE_INFINITY) },
    traffic: {
      input: { mean: 1000, sigma: 0, max: null },
      output: { mean: 101, sigma: 0, max: null },
      hitTokens: 0,
    },
    lanes,
    fixedS: 0.026,
    ratePerS: 2,
  },
  targets,
  rule: { highestLoad: 0.75, spare: 1, spareShare: 0.1 },
});
const fleet = (ratePerS: number, of = sizing()) => fleetFor({ is: 'rate', ratePerS }, of);

test('a load over what a replica takes, rounded up, and spares beside it', () => {
  expect(fleet(1.5)).toMatchObject({ serving: 1, installed: 2, ratePerS: 1.5, utilization: 0.75 });
  expect(fleet(1.51)).toMatchObject({ serving: 2, installed: 3 });
  // A tenth of 20 is 2, of 21 is 2.1.
  expect(fleet(30)).toMatchObject({ serving: 20, installed: 22, utilization: 0.75 });
  expect(fleet(31)).toMatchObject({ serving: 21, installed: 24 });
});

test('as many replicas as are looked at, and not one more', () => {
  expect(fleet(1.5 * mostReplicas)?.serving).toBe(mostReplicas);
  expect(fleet(1.5 * mostReplicas + 1)).toBeNull();
  expect(fleetFor({ is: 'users', users: 10 * mostReplicas * 64 }, sizing())).toBeNull();
  expect(unmetBecause(sizing())).toBe('65536 replicas are not enough');
});

const target = (of: Target['of'], limitS: number): Target => ({ of, at: 'p95', limitS });

test('an idle replica: the first token after 26 + 24 ms, further ones after 10 ms, 100 of those in a whole answer', () => {
  const idle = latencyOn(sizing().replica, 0, 1);
  expect([idle?.ttftS.p95, idle?.tpotS.p95, idle?.requestS.p95].map((s) => Number(s?.toPrecision(4)))).toEqual([
    0.05, 0.01, 1.05,
  ]);
});

test('what no fleet meets is told of each target that an idle replica misses', () => {
  const met = [target('ttft', 0.06), target('tpot', 0.02), target('request', 1.2)];
  expect(fleet(0.01, sizing(met))).toMatchObject({ serving: 1 });
  const missed = [target('ttft', 0.04), target('tpot', 0.02), target('request', 1)];
  expect(fleet(0.01, sizing(missed))).toBeNull();
  expect(unmetBecause(sizing(missed))).toBe(
    'even an idle replica misses a target: the first token takes 50 ms (p95), a whole answer takes 1050 ms (p95)',
  );
  expect(unmetBecause(sizing([target('tpot', 0.009)]))).toBe(
    'even an idle replica misses a target: a further token takes 10 ms (p95)',
  );
});

/** One, or two, at a time: what one replica makes wait, several even out. */
const busyWith = (maxSequences: number): Sizing => {
  const { replica } = sizing();
  const server = { ...replica.server, maxSequences };
  const busy = { ...replica, server, ratePerS: saturationRate(server, replica.traffic) };
  return { replica: busy, targets: [], rule: { highestLoad: 0.95, spare: 0, spareShare: 0 } };
};
const firstThat = (holds: (replicas: number) => boolean): number => {
  let replicas = 1;
  while (!holds(replicas)) replicas++;
  return replicas;
};

test('users: the fewest replicas on which as many are under way at the highest load, which may be fewer than they even out', () => {
  const fewer: number[] = [];
  for (const of of [busyWith(1), busyWith(2)]) {
    const most = 0.95 * of.replica.ratePerS;
    const underWay = (count: number) =>
      most * count * (latencyOn(of.replica, most * count, count)?.requestS.mean ?? Number.NaN);
    for (const users of [0.5, 3, 20, 33, 100]) {
      const fewest = firstThat((count) => underWay(count) >= users);
      const found = fleetFor({ is: 'users', users }, of);
      expect(found?.serving, `${users} users`).toBe(fewest);
      // By Little's law, at the rate that so many make.
      expect(((found?.ratePerS ?? 0) * (found?.latency.requestS.mean ?? 0)) / users).toBeCloseTo(1, 4);
      fewer.push(Math.ceil((16 * users) / underWay(16)) - fewest);
    }
  }
  expect(Math.max(...fewer)).toBeGreaterThan(1);
});

test('a target: the fewest replicas that keep it at a rate somewhat higher, more than the highest load asks for', () => {
  const of = busyWith(2);
  const more: number[] = [];
  for (const limitS of [0.06, 0.2, 0.7, 1.5]) {
    for (const ratePerS of [2, 9, 30]) {
      const asked = ratePerS / (0.95 * of.replica.ratePerS);
      const fewest = firstThat((count) => {
        const seen = latencyOn(of.replica, ratePerS / cautious, count);
        return count >= asked && seen !== null && seen.ttftS.p95 <= limitS;
      });
      const found = fleetFor({ is: 'rate', ratePerS }, { ...of, targets: [target('ttft', limitS)] });
      expect(found?.serving, `${ratePerS} a second, ${limitS} s`).toBe(fewest);
      more.push(fewest - Math.ceil(asked));
    }
  }
  expect(Math.min(...more)).toBe(0);
  expect(Math.max(...more)).toBeGreaterThan(3);
});
