import type { Crossing } from '../../cost/crossings.js';
import { ties, winnerOf } from '../../cost/winner.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { figureWords, usdWords } from '../../units/format.js';
import { turnBetween } from '../../units/bisection.js';
import type { Axis, Costs } from './axes.js';

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
  return { ...found, never: found.crossings.length > 0 ? null : neverWords(winners, costAt, range, unit) };
}

function neverWords(
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
