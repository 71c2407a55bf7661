import type { Machine, Mix } from './machines.js';
import { normal, uniform } from './random.js';
import { type Requests, replica } from './replica.js';

export type Percentiles = { mean: number; p50: number; p95: number; p99: number };
export type Simulated = { ttftS: Percentiles; tpotS: Percentiles; requestS: Percentiles; preemptedShare: number };

function requestsOf(mix: Mix, count: number, roomTokens: number, seed: number): Requests {
  const draw = normal(uniform(seed));
  const input = new Int32Array(count);
  const output = new Int32Array(count);
  const length = (mean: number, sigma: number, most: number): number =>
    Math.max(1, Math.round(Math.min(most, mean * Math.exp(sigma * draw() - sigma ** 2 / 2))));
  for (let each = 0; each < count; each++) {
    input[each] = Math.min(length(mix.inputMean, mix.inputSigma, mix.inputMax), Math.floor(roomTokens * 0.8));
    output[each] = Math.min(
      length(mix.outputMean, mix.outputSigma, mix.outputMax),
      Math.max(1, Math.floor(roomTokens * 0.98) - (input[each] as number)),
    );
  }
  const firstS = new Float64Array(count).fill(Number.NaN);
  return { input, output, hitTokens: mix.hitTokens, firstS, doneS: new Float64Array(count), preemptions: 0 };
}

const percentilesOf = (values: Float64Array): Percentiles => {
  values.sort();
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
  let sum = 0;
  for (const value of values) sum += value;
  return { mean: sum / values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** Requests per second of one replica that never runs out of requests: the middle of a run, from the 20th to the 80th percentile. */
export function backlogRate(machine: Machine, mix: Mix, count: number, seed: number): number {
  const requests = requestsOf(mix, count, machine.roomTokens, seed);
  const one = replica(machine, requests);
  for (let each = 0; each < count; each++) one.arrive(each, 0);
  one.advance(Number.MAX_VALUE);
  const done = requests.doneS.slice().sort();
  const from = Math.floor(count * 0.2);
  const to = Math.floor(count * 0.8);
  return (to - from) / ((done[to] as number) - (done[from] as number));
}

type Routing = 'random' | 'least-loaded';

/** `count` requests that arrive as a Poisson process at `ratePerS` on `replicas` machines; the first tenth is left out. */
export function simulate(
  machine: Machine,
  mix: Mix,
  ratePerS: number,
  count: number,
  seed: number,
  replicas = 1,
  routing: Routing = 'random',
  leaps = true,
): Simulated {
  const requests = requestsOf(mix, count, machine.roomTokens, seed);
  const chance = uniform(seed + 7919);
  const arrivedS = new Float64Array(count);
  const all = Array.from({ length: replicas }, () => replica(machine, requests, leaps));
  let nowS = 0;
  for (let each = 0; each < count; each++) {
    nowS -= Math.log(chance()) / ratePerS;
    arrivedS[each] = nowS;
    let chosen = Math.floor(chance() * replicas);
    if (routing === 'least-loaded') {
      const start = chosen;
      let least = Number.POSITIVE_INFINITY;
      for (let step = 0; step < replicas; step++) {
        const index = (start + step) % replicas;
        const one = all[index] as (typeof all)[number];
        if (one.endS <= nowS) one.advance(nowS);
        if (one.present < least) {
          least = one.present;
          chosen = index;
        }
      }
    }
    const one = all[chosen] as (typeof all)[number];
    one.advance(nowS);
    one.arrive(each, nowS);
  }
  for (const one of all) one.advance(Number.MAX_VALUE);
  const from = Math.floor(count / 10);
  const ttft = new Float64Array(count - from);
  const whole = new Float64Array(count - from);
  const tpot: number[] = [];
  for (let each = from; each < count; each++) {
    const { firstS, doneS, output } = requests;
    ttft[each - from] = (firstS[each] as number) - (arrivedS[each] as number);
    whole[each - from] = (doneS[each] as number) - (arrivedS[each] as number);
    const steps = (output[each] as number) - 1;
    if (steps > 0) tpot.push(((doneS[each] as number) - (firstS[each] as number)) / steps);
  }
  return {
    ttftS: percentilesOf(ttft),
    tpotS: percentilesOf(Float64Array.from(tpot)),
    requestS: percentilesOf(whole),
    preemptedShare: requests.preemptions / count,
  };
}

/**
 * The first tokens (s) of each of some mixes that share one replica, each a Poisson process at its own rate; the first tenth is
 * left out. Nothing of a prompt is cached.
 */
export function simulateShared(
  machine: Machine,
  shared: readonly { mix: Mix; ratePerS: number }[],
  count: number,
  seed: number,
): Percentiles[] {
  const chance = uniform(seed + 7919);
  const whole = shared.reduce((sum, { ratePerS }) => sum + ratePerS, 0);
  const drawn = shared.map(({ mix }, i) => requestsOf(mix, count, machine.roomTokens, seed + i));
  const all: Requests = {
    input: new Int32Array(count),
    output: new Int32Array(count),
    hitTokens: 0,
    firstS: new Float64Array(count).fill(Number.NaN),
    doneS: new Float64Array(count),
    preemptions: 0,
  };
  const of = new Uint8Array(count);
  const arrivedS = new Float64Array(count);
  const one = replica(machine, all);
  let nowS = 0;
  for (let each = 0; each < count; each++) {
    nowS -= Math.log(chance()) / whole;
    arrivedS[each] = nowS;
    const at = chance() * whole;
    let mine = 0;
    for (let below = shared[0]?.ratePerS ?? 0; at > below && mine < shared.length - 1; )
      below += shared[++mine]?.ratePerS ?? 0;
    of[each] = mine;
    all.input[each] = drawn[mine]?.input[each] as number;
    all.output[each] = drawn[mine]?.output[each] as number;
    one.advance(nowS);
    one.arrive(each, nowS);
  }
  one.advance(Number.MAX_VALUE);
  return shared.map((_, mine) =>
    percentilesOf(
      Float64Array.from(
        Array.from({ length: count }, (_, each) => each).filter((each) => each >= count / 10 && of[each] === mine),
        (each) => (all.firstS[each] as number) - (arrivedS[each] as number),
      ),
    ),
  );
}
