import { secondsPerDay, secondsPerHour } from '../units/clock.js';
import { certainlyBelow, filled } from '../units/float.js';
import { recent } from '../units/memo.js';
import { distinctOf, type Hours } from '../workload/load.js';
import { type CostCurve, ceilUnits } from './curve.js';

/** A worker that starts when a request finds none, and stops once it has been idle for a while. */
export type Sleeper = {
  /** Seconds a worker stays up after a request came: what it takes alone, and the idle time-out. */
  upS: number;
  /** Seconds from a request that finds no worker to one that serves it. */
  coldS: number;
};

/** Where a sleeping worker is, as shares of the time; for Poisson arrivals also the shares of requests that find it there. */
export type Whereabouts = { off: number; starting: number; up: number };

/**
 * Requests come at random, `ratePerS` of them, to one worker that serves any number at a time. With y = e^(-rate x upS),
 * the chance that none comes while it would stay up (the empty state of an M/D/infinity queue), a cycle is off for
 * 1 / rate, starts for coldS and is up for (1 / y - 1) / rate.
 */
export function whereabouts(ratePerS: number, { upS, coldS }: Sleeper): Whereabouts {
  const some = -Math.expm1(-ratePerS * upS);
  const none = 1 - some;
  const cycle = 1 + ratePerS * coldS * none;
  return { off: none / cycle, starting: (ratePerS * coldS * none) / cycle, up: some / cycle };
}

/** Every distinct multiple of the base volume over the horizon, with the share of the time it lasts. */
export type Spells = { multiple: Float64Array; share: Float64Array };

const known = new WeakMap<Hours, WeakMap<Float64Array, Spells>>();

/** The hours of a week in every month of the horizon; equal ones together. */
export function spellsOf(hours: Hours, growth: Float64Array): Spells {
  const ofHours = known.get(hours) ?? new WeakMap<Float64Array, Spells>();
  known.set(hours, ofHours);
  let spells = ofHours.get(growth);
  if (spells === undefined) {
    const shares = new Map<number, number>();
    const { multiple, count } = distinctOf(hours);
    const each = 1 / (hours.length * growth.length);
    for (const factor of growth) {
      for (let i = 0; i < multiple.length; i++) {
        const grown = (multiple[i] as number) * factor;
        shares.set(grown, (shares.get(grown) ?? 0) + each * (count[i] as number));
      }
    }
    spells = { multiple: Float64Array.from(shares.keys()), share: Float64Array.from(shares.values()) };
    ofHours.set(growth, spells);
  }
  return spells;
}

/** Mean over the horizon of what each rate (requests/s) makes, at so many requests a day. */
function meanOver({ multiple, share }: Spells, requestsPerDay: number, of: (ratePerS: number) => number): number {
  let sum = 0;
  for (let i = 0; i < multiple.length; i++)
    sum += (share[i] as number) * of(((multiple[i] as number) * requestsPerDay) / secondsPerDay);
  return sum;
}

const smooth = (usdAt: (perDay: number) => number): CostCurve => ({
  fixed: 0,
  perUnit: 0,
  terms: [{ is: 'smooth', usdAt }],
});

const workersUp = (alone: number, needed: number): number =>
  needed <= 1 ? Math.max(alone, needed) : ceilUnits(needed);

export type WorkerPrices = { usdPerWorkerS: number; usdPerStart: number };
const onlyUp: WorkerPrices = { usdPerWorkerS: 1, usdPerStart: 0 };
const onlyStarts: WorkerPrices = { usdPerWorkerS: 0, usdPerStart: 1 };

/** What a task part's workers do at a rate of requests a second. */
export type Upkeep = {
  /**
   * What workers that are up and starts cost a second (USD), a worker and a start at these prices. Workers that are up never
   * fall with the rate.
   */
  usdPerS(ratePerS: number, usdPerWorkerS: number, usdPerStart: number): number;
  /** The mean of that over spells, at so many requests a day: in a loop of its own, as there are thousands of rates. */
  meanUsdPerS(spells: Spells, requestsPerDay: number, prices: WorkerPrices): number;
};

/**
 * Workers that start when a request finds none: one while it would be up by itself, or as many as the throughput needs.
 * Beyond the first they are whole: each is up for minutes after its last request. Cold starts rise up to the rate 1 / upS and
 * fall beyond.
 *
 * @param workerSPerRequest worker-seconds of one request at the highest permitted load
 */
export function sleeping(sleeper: Sleeper, workerSPerRequest: number): Upkeep {
  const { upS, coldS } = sleeper;
  // `whereabouts` without an object for each.
  const usdPerS = (ratePerS: number, usdPerWorkerS: number, usdPerStart: number): number => {
    const some = -Math.expm1(-ratePerS * upS);
    const none = 1 - some;
    const cycle = 1 + ratePerS * coldS * none;
    return (
      usdPerWorkerS * workersUp(some / cycle, ratePerS * workerSPerRequest) + usdPerStart * (ratePerS * (none / cycle))
    );
  };
  return {
    usdPerS,
    meanUsdPerS({ multiple, share }, requestsPerDay, { usdPerWorkerS, usdPerStart }) {
      let sum = 0;
      for (let i = 0; i < multiple.length; i++) {
        const ratePerS = ((multiple[i] as number) * requestsPerDay) / secondsPerDay;
        sum += (share[i] as number) * usdPerS(ratePerS, usdPerWorkerS, usdPerStart);
      }
      return sum;
    },
  };
}

/** USD a month of workers that are up, over a task part's own requests a day. Never falls with volume. */
export const upCurve = (usdPerWorkerS: number, upkeep: Upkeep, spells: Spells, hoursPerMonth: number): CostCurve => {
  const usd = usdPerWorkerS * hoursPerMonth * secondsPerHour;
  return smooth((perDay) => usd * upkeep.meanUsdPerS(spells, perDay, onlyUp));
};

/** USD a month of cold starts, `usdPerStart` each, over a task part's own requests a day. */
export const coldStartCurve = (
  usdPerStart: number,
  upkeep: Upkeep,
  spells: Spells,
  hoursPerMonth: number,
): CostCurve => {
  const usd = usdPerStart * hoursPerMonth * secondsPerHour;
  return smooth((perDay) => usd * upkeep.meanUsdPerS(spells, perDay, onlyStarts));
};

/** Both curves at a volume, faster: what workers cost a month while they are up and while they start (USD). */
export const upkeepUsd = (
  prices: WorkerPrices,
  upkeep: Upkeep,
  spells: Spells,
  requestsPerDay: number,
  hoursPerMonth: number,
): number => hoursPerMonth * secondsPerHour * upkeep.meanUsdPerS(spells, requestsPerDay, prices);

/** Spells in the order of their rates, some together: a band's multiples lie from `low` to `high`. */
type Bands = { low: Float64Array; high: Float64Array; share: Float64Array };

const mostBands = 64;
const banded = new WeakMap<Spells, Bands>();

function bandsOf(spells: Spells): Bands {
  const made = banded.get(spells) ?? madeBands(spells);
  banded.set(spells, made);
  return made;
}

function madeBands({ multiple, share }: Spells): Bands {
  const order = Uint32Array.from(multiple.keys()).sort((a, b) => (multiple[a] as number) - (multiple[b] as number));
  const count = Math.min(mostBands, order.length);
  const first = (band: number): number => Math.floor((band * order.length) / count);
  const at = (place: number): number => multiple[order[place] as number] as number;
  return {
    low: filled(count, (band) => at(first(band))),
    high: filled(count, (band) => at(first(band + 1) - 1)),
    share: filled(count, (band) =>
      order.subarray(first(band), first(band + 1)).reduce((sum, spell) => sum + (share[spell] as number), 0),
    ),
  };
}

/**
 * The same at the least, told from the ends of bands of rates: with months that grow there are thousands of rates. Time up
 * never falls with the rate; starts of workers that sleep rise and then fall, so that they are fewest at an end, and where work
 * is gathered the whole cost never falls.
 */
export function upkeepUsdAtLeast(
  { usdPerWorkerS, usdPerStart }: WorkerPrices,
  upkeep: Upkeep,
  spells: Spells,
  requestsPerDay: number,
  hoursPerMonth: number,
): number {
  const { low, high, share } = bandsOf(spells);
  const perSecond = requestsPerDay / secondsPerDay;
  let sum = 0;
  for (let band = 0; band < share.length; band++) {
    const slow = (low[band] as number) * perSecond;
    const fast = (high[band] as number) * perSecond;
    const fewer = slow === fast ? 0 : Math.max(0, upkeep.usdPerS(slow, 0, 1) - upkeep.usdPerS(fast, 0, 1));
    sum += (share[band] as number) * (upkeep.usdPerS(slow, usdPerWorkerS, usdPerStart) - usdPerStart * fewer);
  }
  return sum * hoursPerMonth * secondsPerHour * certainlyBelow;
}

type LeastWorkerS = (coldS: number | null) => number;
type Sleep = { idleS: number; billedShare: number };

/** The same task is asked about again in every way to cut up the others. */
const leastKnown = new WeakMap<Spells, (key: string, make: () => LeastWorkerS) => LeastWorkerS>();

/**
 * Worker-seconds a month billed at the least for a start of `coldS` (null: of any length), whatever a request takes and
 * the throughput needs. Time starting is billed at `billedShare`. What was told of a length is remembered.
 *
 * @param windowS seconds in which work is gathered before a worker starts for it; null: it starts for a request
 */
export function leastWorkerS(
  sleep: Sleep,
  windowS: number | null,
  spells: Spells,
  requestsPerDay: number,
  hoursPerMonth: number,
): LeastWorkerS {
  const known = leastKnown.get(spells) ?? recent<LeastWorkerS>(16);
  leastKnown.set(spells, known);
  return known([requestsPerDay, hoursPerMonth, sleep.idleS, sleep.billedShare, windowS].join(), () => {
    const least = (windowS === null ? leastAsleep : leastGathered(windowS))(
      sleep,
      spells,
      requestsPerDay,
      hoursPerMonth,
    );
    const byLength = new Map<number | null, number>();
    return (coldS) => {
      const seconds = byLength.get(coldS) ?? least(coldS);
      byLength.set(coldS, seconds);
      return seconds;
    };
  });
}

type MadeLeast = (sleep: Sleep, spells: Spells, requestsPerDay: number, hoursPerMonth: number) => LeastWorkerS;

/** A window in which something came starts a worker that is idle in the end, or one is up for all of it. */
const leastGathered =
  (windowS: number): MadeLeast =>
  ({ idleS, billedShare }, spells, requestsPerDay, hoursPerMonth) =>
  (coldS) => {
    const once = (idleS + billedShare * (coldS ?? 0)) / windowS;
    const worker = (ratePerS: number) => Math.min(1, -Math.expm1(-ratePerS * windowS) * once);
    return meanOver(spells, requestsPerDay, worker) * hoursPerMonth * secondsPerHour;
  };

const leastAsleep: MadeLeast = ({ idleS, billedShare }, { multiple, share }, requestsPerDay, hoursPerMonth) => {
  const rates = multiple.map((one) => (one * requestsPerDay) / secondsPerDay);
  const some = rates.map((ratePerS) => -Math.expm1(-ratePerS * idleS));
  return (coldS) => {
    let sum = 0;
    for (let i = 0; i < rates.length; i++) {
      const up = some[i] as number;
      // A start of any length makes a mean of what is billed of it and of the rest.
      const starting = coldS === null ? 0 : (rates[i] as number) * coldS * (1 - up);
      const billed = coldS === null ? Math.min(up, billedShare) : (up + billedShare * starting) / (1 + starting);
      sum += (share[i] as number) * billed;
    }
    return sum * hoursPerMonth * secondsPerHour;
  };
};

/** Shares of the requests of a load that find the worker off, and starting. */
export function coldShares(
  sleeper: Sleeper,
  { multiple, share }: Spells,
  requestsPerDay: number,
): Pick<Whereabouts, 'off' | 'starting'> {
  const { upS, coldS } = sleeper;
  let [off, starting, all] = [0, 0, 0];
  for (let i = 0; i < multiple.length; i++) {
    const ratePerS = ((multiple[i] as number) * requestsPerDay) / secondsPerDay;
    // `whereabouts` without an object for each.
    const none = 1 + Math.expm1(-ratePerS * upS);
    const cycle = 1 + ratePerS * coldS * none;
    const weight = share[i] as number;
    off += weight * (ratePerS * (none / cycle));
    starting += weight * (ratePerS * ((ratePerS * coldS * none) / cycle));
    all += weight * ratePerS;
  }
  return { off: off / all, starting: starting / all };
}

/**
 * Seconds that all but `tail` of the requests wait for a start at most: who finds the worker off waits all of it, who
 * finds it starting any part of it.
 */
export function coldWaitS(
  { off, starting }: Pick<Whereabouts, 'off' | 'starting'>,
  coldS: number,
  tail: number,
): number {
  if (off >= tail) return coldS;
  if (off + starting <= tail) return 0;
  return coldS * (1 - (tail - off) / starting);
}
