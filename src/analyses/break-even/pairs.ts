import type { Never } from '../../cost/crossings.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { countWords, usdWords } from '../../units/format.js';
import { crossingsOf, piecesOf } from './pieces.js';

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

const throughout = { widens: 'ever further apart', narrows: 'nearer, but not near enough', stays: 'as far apart' };
const atLast = {
  widens: 'further apart toward the end',
  narrows: 'nearer toward the end, but not near enough up to there',
  stays: 'as far apart toward the end',
};

function neverWords({ cheaper, atFrom, atTo, gap }: Never, { from, to }: { from: number; to: number }): string {
  if (cheaper === 'equal') return 'they cost the same at every volume';
  const other = cheaper === 'a' ? 'b' : 'a';
  const at = (costs: { a: number; b: number }, volume: number) =>
    `${usdWords(costs[cheaper])} against ${usdWords(costs[other])} at ${countWords(volume)} a day`;
  return `${cheaper} is always cheaper: ${at(atFrom, from)}, ${at(atTo, to)}: ${gap.all === null ? atLast[gap.last] : throughout[gap.all]}`;
}
