import { turnBetween } from '../units/numeric.js';
import { cautious, keeps, type Latency, latencyAt, mostPooled, reachedS, type Target } from './queue/latency.js';
import type { Server, Traffic } from './queue/model.js';

/** The load of a fleet. */
export type Load = { is: 'rate'; ratePerS: number } | { is: 'users'; users: number };

/** How a fleet is sized, from the assumptions. */
export type SizingRule = { highestLoad: number; spare: number; spareShare: number };

/** How many replicas, and what users see. */
export type Fleet = { serving: number; installed: number; ratePerS: number; latency: Latency; utilization: number };

/** One replica: `lanes` equal servers with requests of their own, and a fixed time before every first token. */
export type Replica = { server: Server; traffic: Traffic; lanes: number; fixedS: number; ratePerS: number };
export type Sizing = { replica: Replica; targets: readonly Target[]; rule: SizingRule };

/** More replicas than this are not looked at. */
export const mostReplicas = 2 ** 16;

/** Latency at a total rate, routed to the least loaded; null: overloaded. */
export function latencyOn({ server, traffic, lanes, fixedS }: Replica, ratePerS: number, replicas: number) {
  const latency = latencyAt(server, traffic, ratePerS, replicas * lanes);
  return latency === null ? null : { ...withFixed(latency, fixedS), inFlight: latency.inFlight * lanes };
}

/** Adds the engine's fixed time to every first token and whole answer. */
function withFixed(latency: Latency, fixedS: number): Latency {
  const later = ({ mean, p50, p95, p99 }: Latency['ttftS']) => ({
    mean: mean + fixedS,
    p50: p50 + fixedS,
    p95: p95 + fixedS,
    p99: p99 + fixedS,
  });
  return { ...latency, ttftS: later(latency.ttftS), requestS: later(latency.requestS) };
}

/** The smallest fleet within the highest load and every target; null: none. */
export function fleetFor(load: Load, { replica, targets, rule }: Sizing): Fleet | null {
  const most = rule.highestLoad * replica.ratePerS;
  if (!(most > 0)) return null;
  const usersAt = (ratePerS: number, replicas: number) => underWay(replica, ratePerS, replicas);
  const rateOn = (replicas: number) =>
    load.is === 'rate' ? load.ratePerS : rateOf(load.users, replicas * most, (rate) => usersAt(rate, replicas));
  const enough = (replicas: number): boolean => {
    const within =
      load.is === 'rate' ? load.ratePerS <= replicas * most : load.users <= usersAt(replicas * most, replicas);
    if (!within || (targets.length === 0 && load.is === 'users')) return within;
    // As for rates: predicted latencies tend to be too low.
    const caution = targets.length === 0 ? 1 : cautious;
    return keeps(latencyOn(replica, rateOn(replicas) / caution, replicas), targets);
  };
  const guess =
    load.is === 'rate' ? load.ratePerS / most : (mostPooled * load.users) / usersAt(mostPooled * most, mostPooled);
  const serving = fewest(enough, Math.max(1, Math.ceil(guess - 1e-9)));
  if (serving === null) return null;
  const ratePerS = rateOn(serving);
  const latency = latencyOn(replica, ratePerS, serving);
  if (latency === null) return null;
  const installed = serving + Math.max(rule.spare, Math.ceil(rule.spareShare * serving - 1e-9));
  return { serving, installed, ratePerS, latency, utilization: ratePerS / (serving * replica.ratePerS) };
}

/** Requests in flight at a rate (Little's law); infinity: overloaded. */
function underWay(replica: Replica, ratePerS: number, replicas: number): number {
  const latency = latencyOn(replica, ratePerS, replicas);
  return latency === null ? Number.POSITIVE_INFINITY : ratePerS * latency.requestS.mean;
}

const rounds = 60;
const precision = 1e-6;

/** The rate, at most `most`, with so many requests in flight, one per user. Illinois method. */
function rateOf(users: number, most: number, usersAt: (ratePerS: number) => number): number {
  let [low, below] = [0, -users];
  let [high, above] = [most, usersAt(most) - users];
  for (let round = 0; round < rounds && high - low > precision * high; round++) {
    const rate = above < users ? (low * above - high * below) / (above - below) : (low + high) / 2;
    const off = usersAt(rate) - users;
    if (Math.abs(off) < precision * users) return rate;
    if (off < 0) [low, below, above] = [rate, off, above / 2];
    else [high, above, below] = [rate, off, below / 2];
  }
  return low;
}

/** Fewest replicas for a condition that then holds for all larger numbers; null: beyond the search. */
function fewest(enough: (replicas: number) => boolean, guess: number): number | null {
  let [low, high] = [0, guess];
  for (let step = 1; high > mostReplicas || !enough(high); step *= 2) {
    if (high > mostReplicas) return null;
    [low, high] = [high, high + step];
  }
  for (let step = 1; low === 0 && high > 1; step *= 2) {
    const fewer = Math.max(1, high - step);
    if (enough(fewer)) high = fewer;
    else low = fewer;
  }
  return turnBetween(low, high, enough).first;
}

const titles = { ttft: 'the first token', tpot: 'a further token', request: 'a whole answer' } as const;

/** Why no fleet carries a load. */
export function unmetBecause({ replica, targets }: Sizing): string {
  const idle = latencyOn(replica, 0, 1);
  const missed = idle === null ? [] : targets.filter((target) => reachedS(idle, target) > target.limitS);
  if (idle === null || missed.length === 0) return `${mostReplicas} replicas are not enough`;
  const figures = missed.map((target) => {
    const ms = Number((reachedS(idle, target) * 1000).toPrecision(3));
    return `${titles[target.of]} takes ${ms} ms (${target.at})`;
  });
  return `even an idle replica misses a target: ${figures.join(', ')}`;
}
