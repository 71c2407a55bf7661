import { at } from '../../cost/curve.js';
import { envelope } from '../../cost/envelope.js';
import { caseAt, feasibleRange, planIn } from '../../decide/at-volume.js';
import { cheapestPlan } from '../../decide/choose.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { certainlyAbove } from '../../units/float.js';
import { type Piece, piecesOf } from './pieces.js';

/** Whole requests a day from `from` up to `to` (null: and on) at which a plan is the cheapest; null: nothing fits. */
export type Rung = { from: number; to: number | null; plan: Plan | null };

export type Ladder = {
  rungs: Rung[];
  /** Volumes in which it is not told which of the plans is the cheapest. */
  alternates: { from: number; to: number }[];
  /** Decisions made on the way. */
  decisions: number;
  /** Whether no decision at an end of a rung found another plan; else the list stopped at the limit of decisions. */
  complete: boolean;
};

export type LadderRule = {
  range: { from: number; to: number };
  /** Volumes to begin with, spread evenly over the logarithm. */
  volumes: number;
  /** Most decisions made. */
  decisions: number;
  evaluations: number;
  progress?(done: number): void;
};

/** A plan on the axis of the case, with its curve on the volumes at which every rule lets it through. */
export type Known = { plan: Plan; pieces: Piece[] };

/** A plan as a ladder takes it; `volume`: one at which every rule lets it through. */
export function knownFrom(plan: Plan, volume: number, range: { from: number; to: number }, context: Context): Known {
  const here = planIn(plan, context) ?? plan;
  const { from, to } = feasibleRange(plan, context, volume, range);
  return { plan: here, pieces: piecesOf(here, { from, to: to ?? range.to }, context) };
}

/** Which of some plans is the cheapest from where to where: exact, as far as the evaluations go; see `joined`. */
export function rungsOf(
  pool: readonly Known[],
  range: { from: number; to: number },
  evaluations: number,
): Pick<Ladder, 'rungs' | 'alternates'> {
  const known = pool.flatMap(({ plan, pieces }) => pieces.map((piece) => ({ plan, ...piece })));
  const { rungs, alternates } = envelope(known, range, evaluations);
  const planOf = (index: number | null) => (index === null ? null : (known[index]?.plan ?? null));
  return { rungs: rungs.map(({ from, to, index }) => ({ from, to, plan: planOf(index) })), alternates };
}

/**
 * Which plan is cheapest from where to where: the envelope of the plans found at some volumes, and at every end of a rung
 * until those bring no new one. Exact among the plans found.
 */
export function ladderOf(context: Context, { range, volumes, decisions, evaluations, progress }: LadderRule): Ladder {
  const shared: Context = { ...context, memo: context.memo ?? new Map() };
  const pool = new Map<string, Known>();
  const asked = new Set<number>();
  /** What the plans found cost at a volume at the least: no dearer one matters there. */
  const leastKnown = (volume: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (const { pieces } of pool.values())
      for (const { from, to, curve } of pieces)
        if (from <= volume && volume <= to) least = Math.min(least, at(curve, volume));
    return least;
  };
  const ask = (volume: number): void => {
    if (asked.has(volume) || volume < range.from || volume > range.to) return;
    asked.add(volume);
    const plan = cheapestPlan(caseAt(shared, volume), { below: leastKnown(volume) * certainlyAbove });
    if (plan !== null && !pool.has(plan.id)) pool.set(plan.id, knownFrom(plan, volume, range, shared));
    progress?.(asked.size);
  };
  for (const volume of spread(range, volumes)) ask(volume);
  if (Number.isInteger(context.workload.requestsPerDay)) ask(context.workload.requestsPerDay);
  for (;;) {
    const found = rungsOf([...pool.values()], range, evaluations);
    const ends = found.rungs
      .flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
      .filter((volume) => !asked.has(volume));
    const complete = ends.length === 0;
    if (complete || asked.size >= decisions)
      return { rungs: joined(found.rungs), alternates: found.alternates, decisions: asked.size, complete };
    for (const volume of ends.slice(0, decisions - asked.size)) ask(volume);
  }
}

/** Neighbors with the same plan are one rung, however its machines are cut up. */
export function joined(rungs: readonly Rung[]): Rung[] {
  const whole: Rung[] = [];
  for (const rung of rungs) {
    const last = whole.at(-1);
    if (last !== undefined && last.plan === rung.plan) whole[whole.length - 1] = { ...last, to: rung.to };
    else whole.push(rung);
  }
  return whole;
}

/** Whole numbers, as evenly spread over the logarithm as they can be, ends included. */
function spread({ from, to }: { from: number; to: number }, count: number): number[] {
  const all = Array.from({ length: count }, (_, i) => Math.round(from * (to / from) ** (i / Math.max(1, count - 1))));
  return [...new Set(all)];
}
