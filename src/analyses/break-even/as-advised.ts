import { at, type CostCurve } from '../../cost/curve.js';
import { nearUsd } from '../../decide/advice.js';
import { caseAt, planIn } from '../../decide/at-volume.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import { begunFte } from '../../decide/simplest.js';
import type { Context } from '../../places/placement.js';
import { turnBetween } from '../../units/bisection.js';

/** The curve of a plan on whole volumes, both included, on which its machines are cut alike. */
export type Piece = { from: number; to: number; curve: CostCurve };

/** Whole requests a day from `from` up to `to` (null: and on) at which a plan is the cheapest; null: nothing fits. */
export type Rung = { from: number; to: number | null; plan: Plan | null };

/** A plan on the axis of the case, with its curve on the volumes at which every rule lets it through. */
export type Known = { plan: Plan; pieces: Piece[] };

/** Step of a look for the end of a rung, as a ratio of volumes. */
const stride = 1.01;

/**
 * Rungs as the advice tells them: of two neighbors that cost about the same the simpler one stays, fewer people and then fewer
 * deployments, as far as it costs about the same as the cheapest. Neighbors with the same plan are one rung.
 */
export function asAdvised(
  rungs: readonly Rung[],
  pool: readonly Known[],
  context: Context,
  fteAt = (plan: Plan, volume: number): number => planIn(plan, caseAt(context, volume))?.fte ?? plan.fte,
): Rung[] {
  if (context.workload.rules.objective === 'cost') return joined(rungs);
  const usdAt = (plan: Plan, volume: number): number => {
    const { pieces = [] } = pool.find((known) => known.plan === plan) ?? {};
    const piece = pieces.find(({ from, to }) => from <= volume && volume <= to);
    return piece === undefined ? Number.POSITIVE_INFINITY : at(piece.curve, volume);
  };
  const rungAt = (volume: number): Rung | undefined =>
    rungs.find(({ from, to }) => from <= volume && volume <= (to ?? Number.POSITIVE_INFINITY));
  const isNear = (plan: Plan, volume: number): boolean => {
    const least = rungAt(volume)?.plan ?? null;
    return least !== null && usdAt(plan, volume) <= nearUsd(usdAt(least, volume), context.workload);
  };
  const end = pool.reduce((most, { pieces }) => Math.max(most, ...pieces.map(({ to }) => to)), 0);
  const told: Rung[] = [];
  for (const rung of rungs) {
    const before = told.at(-1);
    const start = before?.to == null ? rung.from : before.to + 1;
    // The range before took it over as a whole.
    if (before !== undefined && (before.to === null || (rung.to !== null && rung.to < start))) continue;
    if (before?.plan == null || rung.plan === null || before.plan === rung.plan) {
      told.push({ ...rung, from: start });
      continue;
    }
    const [old, next] = [before.plan, rung.plan];
    const order = simplicity(old, next, (plan) => fteAt(plan, start));
    if (order < 0 && isNear(old, start)) {
      let [inside, outside] = [start, start];
      while (outside < end && isNear(old, outside)) {
        inside = outside;
        outside = Math.min(end, Math.ceil(outside * stride));
      }
      const last = isNear(old, outside) ? inside : turnBetween(inside, outside, (volume) => !isNear(old, volume)).last;
      told[told.length - 1] = { ...before, to: last };
      const there = rungAt(last + 1);
      if (there === rung) told.push({ ...rung, from: last + 1 });
      continue;
    }
    if (order > 0 && isNear(next, start - 1)) {
      let [inside, outside] = [start - 1, start - 1];
      while (outside > before.from && isNear(next, outside)) {
        inside = outside;
        outside = Math.max(before.from, Math.floor(outside / stride));
      }
      const first = isNear(next, outside)
        ? outside
        : turnBetween(inside, outside, (volume) => !isNear(next, volume)).last;
      if (first <= before.from) told.pop();
      else told[told.length - 1] = { ...before, to: first - 1 };
      told.push({ ...rung, from: Math.max(before.from, first) });
      continue;
    }
    told.push({ ...rung, from: start });
  }
  return joined(told);
}

/** Below 0: the first of two plans asks for fewer people, or for as many and has fewer deployments. */
function simplicity(a: Plan, b: Plan, fteOf: (plan: Plan) => number): number {
  const places = ({ deployments }: Plan): number => deployments.flatMap(optionsOf).length;
  return begunFte(fteOf(a)) - begunFte(fteOf(b)) || places(a) - places(b);
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
