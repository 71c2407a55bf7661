import { type Crossings, crossings, neverFrom } from '../../cost/crossings.js';
import { at, type CostCurve } from '../../cost/curve.js';
import type { Winner } from '../../cost/winner.js';
import { caseAt, cutsOf, planIn, recuts } from '../../decide/at-volume.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { turnBetween } from '../../units/bisection.js';

/** The curve of a plan on whole volumes, both included, on which its machines are cut alike. */
export type Piece = { from: number; to: number; curve: CostCurve };

/**
 * A plan's curve over a range. How machines are best cut up depends on the mix of tasks; where some tasks do not follow the
 * volume it turns from what suits those to what suits the others, each way of cutting once.
 */
export function piecesOf(plan: Plan, { from, to }: { from: number; to: number }, context: Context): Piece[] {
  const known = new Map<number, { plan: Plan; cuts: string }>();
  const cutAt = (volume: number) => {
    let there = known.get(volume);
    if (there === undefined) {
      // On the axis of the case itself, so that every curve is of one workload.
      const cut = planIn(plan, context, caseAt(context, volume)) ?? plan;
      there = { plan: cut, cuts: cutsOf(cut) };
      known.set(volume, there);
    }
    return there;
  };
  if (!recuts(plan, context)) return [{ from, to, curve: plan.curve }];
  const pieces: Piece[] = [];
  let start = from;
  while (start <= to) {
    const { plan: cut, cuts } = cutAt(start);
    const isOther = (volume: number): boolean => cutAt(volume).cuts !== cuts;
    const last = isOther(to) ? turnBetween(start, to, isOther).last : to;
    pieces.push({ from: start, to: last, curve: cut.curve });
    start = last + 1;
  }
  return pieces;
}

/** Where two plans in pieces cross: piece by piece, and between pieces where the winner changes there. */
export function crossingsOf(a: readonly Piece[], b: readonly Piece[], budget: number): Omit<Crossings, 'evaluations'> {
  const spans = a.flatMap((one) =>
    b.flatMap((other) => {
      const range = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      return range.from > range.to ? [] : [{ a: one.curve, b: other.curve, range }];
    }),
  );
  const parts = spans.map((span) => ({ ...crossings(span.a, span.b, span.range, budget / spans.length), ...span }));
  const whole: Omit<Crossings, 'evaluations'> = { crossings: [], alternates: [], first: 'a', never: null };
  let before: Winner | null = null;
  for (const { crossings: found, alternates, first, range } of parts) {
    if (before === null) whole.first = first;
    else if (before !== first) whole.crossings.push({ at: range.from, cheaperBelow: before, cheaperAbove: first });
    whole.crossings.push(...found);
    whole.alternates.push(...alternates);
    const last = [
      ...found.map(({ at: volume, cheaperAbove }) => ({ volume, cheaperAbove })),
      ...alternates.map(({ to, cheaperAbove }) => ({ volume: to, cheaperAbove })),
    ];
    before = last.sort((one, other) => other.volume - one.volume)[0]?.cheaperAbove ?? first;
  }
  const nevers = parts.flatMap(({ never }) => never ?? []);
  if (whole.crossings.length + whole.alternates.length > 0 || nevers.length === 0) return whole;
  const usdOf = (pieces: readonly Piece[], volume: number): number => {
    const piece = pieces.find(({ to }) => volume <= to) ?? pieces.at(-1);
    return piece === undefined ? Number.NaN : at(piece.curve, volume);
  };
  const range = { from: spans[0]?.range.from ?? 0, to: spans.at(-1)?.range.to ?? 0 };
  const cheaper = nevers.every(({ cheaper }) => cheaper === 'equal') ? 'equal' : whole.first;
  return { ...whole, never: neverFrom((volume) => ({ a: usdOf(a, volume), b: usdOf(b, volume) }), range, cheaper) };
}
