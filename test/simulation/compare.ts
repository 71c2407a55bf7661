import { type Latency, latencyAt, reachedS, type Target } from '../../src/capacity/queue/latency.js';
import { type Machine, type Mix, machines, mixes, serverOf, trafficOf } from './machines.js';
import { backlogRate, type Percentiles, type Simulated, simulate } from './simulate.js';

/** A machine and a mix, with the saturation rate the simulation finds: both sides get the same rates. */
export type Case = { name: string; machine: Machine; mix: Mix; ratePerS: number };

type Named = { machine: keyof typeof machines; mix: keyof typeof mixes; chunkTokens?: number };

export function caseOf({ machine, mix, chunkTokens }: Named): Case {
  const of = chunkTokens === undefined ? machines[machine] : { ...machines[machine], chunkTokens };
  const rates = [1, 2].map((seed) => backlogRate(of, mixes[mix], 60_000, seed));
  const name = `${machine} ${mix}${chunkTokens === undefined ? '' : ` ${chunkTokens}`}`;
  return { name, machine: of, mix: mixes[mix], ratePerS: rates.reduce((sum, rate) => sum + rate, 0) / rates.length };
}

/** Waits for room vary more from run to run. */
const seedsOf = ({ roomTokens }: Machine, load: number): number => (roomTokens < 50_000 && load > 0.5 ? 4 : 2);

/** Mean over seeds of the simulated latencies at a load. */
export function simulated(context: Case, load: number, requests: number, replicas = 1): Simulated {
  const runs = Array.from({ length: seedsOf(context.machine, load) }, (_, seed) =>
    simulate(
      context.machine,
      context.mix,
      load * replicas * context.ratePerS,
      requests,
      seed + 1,
      replicas,
      'least-loaded',
    ),
  );
  const mean = (pick: (run: Simulated) => number): number =>
    runs.reduce((sum, run) => sum + pick(run), 0) / runs.length;
  const all = (pick: (run: Simulated) => Percentiles): Percentiles => ({
    mean: mean((run) => pick(run).mean),
    p50: mean((run) => pick(run).p50),
    p95: mean((run) => pick(run).p95),
    p99: mean((run) => pick(run).p99),
  });
  return {
    ttftS: all((run) => run.ttftS),
    tpotS: all((run) => run.tpotS),
    requestS: all((run) => run.requestS),
    preemptedShare: mean((run) => run.preemptedShare),
  };
}

export const predicted = (context: Case, load: number, replicas = 1): Latency | null =>
  latencyAt(serverOf(context.machine), trafficOf(context.mix), load * replicas * context.ratePerS, replicas);

/** One figure at one load, on both sides, and what is predicted 0.05 of load below and above. */
export type Point = {
  name: string;
  load: number;
  simulatedS: number;
  predictedS: number;
  belowS: number;
  aboveS: number;
  kvOvercommitted: boolean;
};

type Figure = Omit<Target, 'limitS'>;

const figureOf = (latency: Latency | null, figure: Figure): number =>
  latency === null ? Number.POSITIVE_INFINITY : reachedS(latency, { ...figure, limitS: 0 });

/** Simulates each case at each load once, and compares as many figures as are asked for. */
export function compare(cases: readonly Case[], loads: readonly number[], requests: number, replicas = 1) {
  const runs = cases.flatMap((context) =>
    loads.map((load) => ({
      context,
      load,
      run: simulated(context, load, requests * Math.min(2, replicas), replicas),
      at: predicted(context, load, replicas),
      below: predicted(context, load - 0.05, replicas),
      above: predicted(context, load + 0.05, replicas),
    })),
  );
  return (figure: Figure): Point[] =>
    runs.map(({ context, load, run, at, below, above }) => ({
      name: `${context.name}${replicas === 1 ? '' : ` x ${replicas}`}`,
      load,
      simulatedS: { ttft: run.ttftS, tpot: run.tpotS, request: run.requestS }[figure.of][figure.at],
      predictedS: figureOf(at, figure),
      belowS: figureOf(below, figure),
      aboveS: figureOf(above, figure),
      kvOvercommitted: at?.kvOvercommitted ?? true,
    }));
}

export const errorOf = ({ predictedS, simulatedS }: Point): number => predictedS / simulatedS - 1;
export const within =
  (share: number) =>
  (point: Point): boolean =>
    Math.abs(errorOf(point)) <= share;
/** Within a share, or the simulated value is predicted at a load that is 0.05 off at most. */
export const withinOrNear =
  (share: number) =>
  (point: Point): boolean =>
    within(share)(point) || (point.belowS <= point.simulatedS && point.simulatedS <= point.aboveS);

/** What misses a bar, to read in a failed test. */
export const misses = (points: readonly Point[], meets: (point: Point) => boolean): string[] =>
  points
    .filter((point) => !meets(point))
    .map((point) => `${point.name} at ${point.load}: ${(100 * errorOf(point)).toFixed(0)} %`);

/**
 * The load at which simulated latencies reach a limit, between two of `loads`; null outside them. Waits grow about as
 * 1 / (1 - load), so their reciprocals are taken to lie on a line.
 */
export function loadAt(loads: readonly number[], valuesS: readonly number[], limitS: number): number | null {
  const above = valuesS.findIndex((value) => value > limitS);
  if (above <= 0) return null;
  const [low, high] = [loads[above - 1] as number, loads[above] as number];
  const [fromS, toS] = [valuesS[above - 1] as number, valuesS[above] as number];
  return low + ((high - low) * (1 / fromS - 1 / limitS)) / (1 / fromS - 1 / toS);
}
