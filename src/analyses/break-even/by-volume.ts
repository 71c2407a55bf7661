import { type Crossing, type Crossings, crossings, type Never, neverFrom } from '../../cost/crossings.js';
import { at } from '../../cost/curve.js';
import { envelope } from '../../cost/envelope.js';
import { ties, type Winner, winnerOf } from '../../cost/winner.js';
import { caseAt, cutsOf, feasibleRange, planIn, recuts } from '../../decide/at-volume.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { cheapestPlan } from '../../decide/ways.js';
import type { Context } from '../../places/placement.js';
import { turnBetween } from '../../units/bisection.js';
import { certainlyAbove } from '../../units/float.js';
import { countWords, figureWords, usdWords } from '../../units/format.js';
import { asAdvised, type Known, type Piece, type Rung } from './as-advised.js';
import type { Axis, Costs } from './axes.js';

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
      return {
        rungs: asAdvised(found.rungs, [...pool.values()], shared),
        alternates: found.alternates,
        decisions: asked.size,
        complete,
      };
    for (const volume of ends.slice(0, decisions - asked.size)) ask(volume);
  }
}

/** Whole numbers, as evenly spread over the logarithm as they can be, ends included. */
function spread({ from, to }: { from: number; to: number }, count: number): number[] {
  const all = Array.from({ length: count }, (_, i) => Math.round(from * (to / from) ** (i / Math.max(1, count - 1))));
  return [...new Set(all)];
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
