import { caseAt } from '../../decide/choice.js';
import type { Plan } from '../../decide/plan.js';
import type { Proofs } from '../../decide/proofs.js';
import { type CasePlan, tracedCase } from '../../decide/several-case.js';
import type { Context } from '../../places/placement.js';
import type { Advice } from './decider.js';
import { between, gridTo, isClose } from './input.js';
import { areAlike, type Pool } from './pool.js';
import { type Axis, firstTurn, type Turn } from './turns.js';

/** Whole requests a day from `from` to `to` with one plan by deployment types and models; null: nothing fits. */
export type Rung = { from: number; to: number; plan: Plan | null; places: CasePlan | null };

export type VolumeOptions = {
  /** Whole requests a day, both included. */
  range: { from: number; to: number };
  /** Volumes at which plans are compared, evenly spread over the logarithm of the range. */
  volumes: number;
  proofs: Proofs;
  /** Whether every range is proven; else the ends of the range and the nearest change each way. */
  isWhole?: boolean;
  /** Receives the number of volumes that were decided. */
  progress?: (done: number) => void;
};

/** Ranges of volume, the turns between them by direction, and the pool with the plans that proofs found. */
export type ByVolume = {
  range: { from: number; to: number };
  rungs: Rung[];
  pool: Pool;
  up: Turn[];
  down: Turn[];
  isProven(volume: number): boolean;
};

/** Precision of edges: three digits are printed. */
const closely = 1e-3;

/**
 * The recommended plan by volume among the plans of a pool. Whole decisions prove the nearest change each way, or the
 * end of the range where there is none; what they find joins the pool, and the ranges are made again.
 */
export function rangesByVolume(first: Pool, context: Context, options: VolumeOptions): ByVolume {
  const { range, proofs, isWhole = false, progress } = options;
  const sameShare = context.workload.assume('sameCostShare');
  const start = Math.min(range.to, Math.max(range.from, Math.round(context.workload.requestsPerDay)));
  const proven = new Set<number>();
  let pool = first;
  const own = pool.decide(caseAt(context, start));
  const axes = [range.to, range.from].map((end) => volumeAxis(start, end, own.cheapest?.usd ?? 0, context, options));
  /** Whether a whole decision finds nothing better, as far as one may be made. */
  const isProven = (volume: number, best?: Advice): boolean => {
    if (volume === start || proven.has(volume) || proofs.left <= 0) return true;
    const there = caseAt(context, volume);
    const better = pool.improve(there, best ?? pool.decide(there), proofs);
    proven.add(volume);
    progress?.(proven.size);
    if (better === null) return true;
    pool = pool.add([better.plan, better.cheapest]);
    return false;
  };
  const nearest = axes.map((axis) => {
    for (;;) {
      const search = { pool, turn: firstTurn(pool, own.plan, axis, sameShare) };
      if (isProven(search.turn?.beyond ?? axis.grid.at(-1) ?? start, search.turn?.best)) return search;
    }
  });
  const turnsNow = () =>
    axes.map((axis, i) => {
      const search = nearest[i] as (typeof nearest)[number];
      const turn = search.pool === pool ? search.turn : firstTurn(pool, own.plan, axis, sameShare);
      return turn === null ? [] : turnsAfter(turn, pool, axis, sameShare);
    }) as [Turn[], Turn[]];
  let turns = turnsNow();
  while (isWhole && !turns.flat().every(({ beyond, best }) => isProven(beyond, best))) turns = turnsNow();
  const [up, down] = turns;
  return {
    range,
    rungs: wideOnes(rungsOf(own.plan, start, up, down, range), start, context.workload.assume('changeShare')),
    pool,
    up,
    down,
    isProven: (one) => proven.has(one),
  };
}

/** A change, and every further one up to the end of an axis. */
function turnsAfter(first: Turn, pool: Pool, axis: Axis, sameShare: number): Turn[] {
  const turns = [first];
  for (let turn: Turn | null = first; turn !== null; ) {
    const {
      first: start,
      best: { plan },
    }: Turn = turn;
    const grid = axis.grid.filter((value) => Math.abs(value - axis.start) > Math.abs(start - axis.start));
    turn = firstTurn(pool, plan, { ...axis, start, grid }, sameShare);
    if (turn !== null) turns.push(turn);
  }
  return turns;
}

function volumeAxis(
  start: number,
  end: number,
  baseUsd: number,
  context: Context,
  { range, volumes }: VolumeOptions,
): Axis {
  const whole = { start, whole: true };
  const share = Math.abs(Math.log(end / start)) / Math.log(range.to / range.from);
  return {
    start,
    grid: end === start ? [] : gridTo(end, whole, Math.max(1, Math.round(volumes * share))),
    caseAt: (volume) => caseAt(context, volume),
    baseUsd,
    between(near, far, share) {
      const volume = Math.round(between(near, far, share));
      return isClose(near, far, whole, closely) || volume === near || volume === far ? null : volume;
    },
  };
}

/** Edges have three digits: the nearest such volume. */
const edge = (volume: number): number => Number(volume.toPrecision(3));

function rungsOf(
  own: CasePlan | null,
  start: number,
  up: readonly Turn[],
  down: readonly Turn[],
  { from, to }: VolumeOptions['range'],
): Rung[] {
  const changes = [
    ...down.toReversed().map(({ first, best }) => ({ to: Math.min(start - 1, edge(first)), plan: best.plan })),
    { to: Number.POSITIVE_INFINITY, plan: own },
  ];
  const rungs: Rung[] = [];
  for (const { to: last, plan } of changes) rungs.push(rung((rungs.at(-1)?.to ?? from - 1) + 1, last, plan));
  for (const { first, best } of up) {
    const begin = Math.max(start + 1, edge(first));
    (rungs.at(-1) as Rung).to = begin - 1;
    rungs.push(rung(begin, Number.POSITIVE_INFINITY, best.plan));
  }
  (rungs.at(-1) as Rung).to = to;
  return rungs.filter((one) => one.from <= one.to);
}

/** Without ranges narrower than a share of their volume, which are within what a volume is known to. */
function wideOnes(rungs: readonly Rung[], start: number, share: number): Rung[] {
  const wide: Rung[] = [];
  for (const one of rungs) {
    const last = wide.at(-1);
    const isNarrow = one.to < one.from * (1 + share) && !(one.from <= start && start <= one.to);
    const isSame = last?.places && one.places ? areAlike(last.places, one.places) : last?.places === one.places;
    if (last !== undefined && (isNarrow || isSame)) last.to = one.to;
    else wide.push({ ...one });
  }
  return wide;
}

const rung = (from: number, to: number, places: CasePlan | null): Rung => ({
  from,
  to,
  plan: places && tracedCase(places),
  places,
});
