import { type Crossing, type Crossings, crossings, type Never, neverFrom } from '../../cost/crossings.js';
import { at, type CostCurve } from '../../cost/curve.js';
import { ties, type Winner, winnerOf } from '../../cost/winner.js';
import { caseAt, cutsOf, planIn, recuts } from '../../decide/at-volume.js';
import type { CasePlan } from '../../decide/decide-case.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { turnBetween } from '../../units/bisection.js';
import { countWords, figureWords, usdWords } from '../../units/format.js';
import type { Axis, Costs } from './axes.js';

/** The curve of a plan on whole volumes, both included, on which its machines are cut alike. */
export type Piece = { from: number; to: number; curve: CostCurve };

/** Whole requests a day from `from` up to `to` (null: and on) at which a plan is advised; null: nothing fits. `places`: the same by its places. */
export type Rung = { from: number; to: number | null; plan: Plan | null; places: CasePlan | null };

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

/** Every two of some plans. */
export const pairsOf = (plans: readonly Plan[]): [Plan, Plan][] =>
  plans.flatMap((a, i) => plans.slice(i + 1).map((b): [Plan, Plan] => [a, b]));

/** An evaluation of a curve with more terms counts for several. */
const termsOfOne = 64;

/** Evaluations that some plans may take: fewer where scenarios of many tasks make each of them long. */
export function budgetFor(plans: readonly Plan[], { workload }: Context): number {
  const terms = plans.reduce((most, { curve }) => Math.max(most, curve.terms.length), 1);
  return Math.floor(workload.assume('breakEvenEvaluations') / Math.max(1, terms / termsOfOne));
}

/** Where two plans cross on the volume axis, exact to one request a day. */
export function volumeBreakEven(
  [a, b]: readonly [Plan, Plan],
  range: { from: number; to: number },
  context: Context,
): BreakEven {
  const [one, other] = [piecesOf(a, range, context), piecesOf(b, range, context)];
  const found = crossingsOf(one, other, budgetFor([a, b], context));
  return {
    a: a.id,
    b: b.id,
    axis: 'requestsPerDay',
    unit: 'requests/day',
    upTo: range.to,
    crossings: found.crossings,
    alternates: found.alternates.map(({ from, to }) => ({ from, to })),
    never: found.never === null ? null : neverWords(found.never, range),
  };
}

const throughout = {
  widens: 'and the gap grows',
  narrows: 'and the gap shrinks, but not enough',
  stays: 'and the gap stays',
};
const atLast = {
  widens: 'and the gap grows toward the end',
  narrows: 'and the gap shrinks toward the end, but not enough',
  stays: 'and the gap stays toward the end',
};

function neverWords({ cheaper, atFrom, atTo, gap }: Never, { from, to }: { from: number; to: number }): string {
  if (cheaper === 'equal') return 'they cost the same at every volume';
  const other = cheaper === 'a' ? 'b' : 'a';
  const at = (costs: { a: number; b: number }, volume: number) =>
    `${usdWords(costs[cheaper])} against ${usdWords(costs[other])} at ${countWords(volume)} a day`;
  return `${cheaper} costs less everywhere, ${at(atFrom, from)} and ${at(atTo, to)}, ${gap.all === null ? atLast[gap.last] : throughout[gap.all]}`;
}

const points = 128;

/**
 * Where two plans cross along an axis: who is cheaper is asked at evenly spread steps, and between two that differ by
 * bisection. Two crossings between neighbors escape it.
 */
export function alongAxis([a, b]: readonly [Plan, Plan], { id, unit, range, step, costs }: Axis): BreakEven {
  const found = { a: a.id, b: b.id, axis: id, unit, upTo: range.to, crossings: [] as Crossing[], alternates: [] };
  const costAt = costs(a, b);
  if (typeof costAt === 'string') return { ...found, never: costAt };
  const steps = Math.round((range.to - range.from) / step);
  const valueAt = (at: number) => Number((range.from + at * step).toPrecision(12));
  const winnerAt = (at: number) => {
    const both = costAt(valueAt(at));
    return both === null ? null : winnerOf(both.a, both.b);
  };
  const asked = Array.from({ length: Math.min(points, steps) + 1 }, (_, i) =>
    Math.round((i * steps) / Math.min(points, steps)),
  );
  const winners = asked.map(winnerAt);
  for (let i = 1; i < asked.length; i++) {
    const [below, above] = [winners[i - 1], winners[i]];
    if (below == null || above == null || below === above) continue;
    const [from, to] = [asked[i - 1] as number, asked[i] as number];
    const { first } = turnBetween(from, to, (middle) => winnerAt(middle) !== below);
    found.crossings.push({ at: valueAt(first), cheaperBelow: below, cheaperAbove: above });
  }
  return { ...found, never: found.crossings.length > 0 ? null : neverAlongAxisWords(winners, costAt, range, unit) };
}

function neverAlongAxisWords(
  winners: readonly (string | null)[],
  costAt: (value: number) => Costs,
  { from, to }: { from: number; to: number },
  unit: string,
): string {
  const cheaper = winners.find((winner) => winner !== null) as 'a' | 'b' | undefined;
  if (cheaper === undefined) return 'one of the two has no price anywhere';
  const other = cheaper === 'a' ? 'b' : 'a';
  const same = (both: Costs) => both !== null && ties(both.a, both.b);
  const words = (both: Costs, value: number) => {
    const where = `at ${figureWords(value)}`;
    if (both === null) return `no price ${where}`;
    if (same(both)) return `both ${usdWords(both.a)} ${where}`;
    return `${usdWords(both[cheaper])} against ${usdWords(both[other])} ${where}`;
  };
  const [first, last] = [costAt(from), costAt(to)];
  const start =
    same(first) && same(last)
      ? 'as dear at both ends'
      : `${cheaper} is ${same(first) || same(last) ? 'never dearer' : 'always cheaper'}`;
  return `${start}: ${words(first, from)}, ${words(last, to)} ${unit}`;
}
