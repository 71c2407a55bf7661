import { turnBetween } from '../units/bisection.js';
import { at, bounds, type CostCurve, termAt } from './curve.js';
import { type Difference, differenceOf, type Piece } from './difference.js';
import type { Enclosure } from './ramp.js';
import { tieShare, type Winner, winnerOf } from './winner.js';

/** Whole volumes from `from` up to, without, `end`, and who is cheaper in all of them; null: not known. */
export type Span = { from: number; end: number; winner: Winner | null };

/** Asks who is cheaper in a span, and counts what that took. */
export type Examiner = {
  /** The span in parts, known or not. One part that is not known is split in two. */
  examine(from: number, end: number): Span[];
  winnerAt(volume: number): Winner;
  /** Volumes at which the curves were evaluated, and spans that were bounded. */
  evaluations(): number;
};

/** No examination of one span takes more. */
export const mostPerSpan = 5;

/** Two curves on the whole volumes of a range. Sound bounds of A - B decide; nothing is sampled. */
export function examinerOf(a: CostCurve, b: CostCurve, range: { from: number; to: number }): Examiner {
  const difference = differenceOf(a, b);
  const { fixed, perUnit, pieces } = difference;
  /** A larger difference is neither a tie nor an error of rounding, at any volume of the range. */
  const tieAtMost = tieShare * (grossAt(a, range.to) + grossAt(b, range.to));
  const known = new Map<number, Float64Array>();
  let evaluations = 0;

  const valueAt = (volume: number, index: number): number => {
    let values = known.get(volume);
    if (values === undefined) {
      values = new Float64Array(pieces.length).fill(Number.NaN);
      known.set(volume, values);
      evaluations++;
    }
    const value = values[index] as number;
    if (!Number.isNaN(value)) return value;
    const fresh = (pieces[index] as Piece).at(volume);
    values[index] = fresh;
    return fresh;
  };

  const decidePoint = (volume: number, usd: number): Winner => {
    if (Math.abs(usd) > tieAtMost) return usd < 0 ? 'a' : 'b';
    return winnerOf(at(a, volume), at(b, volume));
  };
  const winnerAt = (volume: number): Winner => {
    if (pieces.length === 0) evaluations++;
    return decidePoint(
      volume,
      pieces.reduce((sum, { usd }, i) => sum + usd * valueAt(volume, i), fixed + perUnit * volume),
    );
  };

  /** Decides a span by bounds of A - B in it. */
  const decide = (low: number, high: number, from: number, last: number): Winner | null => {
    if (high <= 0) return 'a';
    if (low > tieAtMost) return 'b';
    if (high > tieAtMost && low <= 0) return null;
    evaluations++;
    const [ofA, ofB] = [bounds(a, from, last), bounds(b, from, last)];
    if (high <= tieShare * Math.max(ofA.low, ofB.low)) return 'a';
    const most = Math.max(...[ofA, ofB].flatMap((of) => [Math.abs(of.low), Math.abs(of.high)]));
    return low > tieShare * most ? 'b' : null;
  };

  const examine = (from: number, end: number): Span[] => {
    if (end - from === 1) return [{ from, end, winner: winnerAt(from) }];
    evaluations++;
    const last = end - 1;
    const lines = pieces.map(({ enclose }, i) => enclose?.(from, last) ?? between(valueAt(from, i), valueAt(end, i)));
    let bounded = combine(difference, lines, from, last);
    let winner = decide(bounded.low, bounded.high, from, last);
    if (winner !== null) return [{ from, end, winner }];
    if (worthEvaluating(pieces, lines)) {
      let level = true;
      for (const [i, { enclose }] of pieces.entries()) {
        const flat = between(valueAt(from, i), valueAt(end, i));
        level &&= flat.lowFrom === flat.highTo;
        if (enclose !== null && flat.highTo - flat.lowFrom < widthOf(lines[i] as Enclosure)) lines[i] = flat;
      }
      if (level) return straight(from, end);
      bounded = combine(difference, lines, from, last);
      winner = decide(bounded.low, bounded.high, from, last);
      if (winner !== null) return [{ from, end, winner }];
    }
    const middle = from + Math.floor((end - from) / 2);
    return [
      { from, end: middle, winner: null },
      { from: middle, end, winner: null },
    ];
  };

  /** No piece changes in the span: A - B is a straight line, which changes sides once at most. */
  const straight = (from: number, end: number): Span[] => {
    const level = pieces.reduce((sum, { usd }, i) => sum + usd * valueAt(from, i), fixed);
    const sideAt = (volume: number) => decidePoint(volume, level + perUnit * volume);
    const [first, last] = [sideAt(from), sideAt(end - 1)];
    if (first === last) return [{ from, end, winner: first }];
    const { first: turn } = turnBetween(from, end - 1, (volume) => sideAt(volume) !== first);
    return [
      { from, end: turn, winner: first },
      { from: turn, end, winner: last },
    ];
  };

  return { examine, winnerAt, evaluations: () => evaluations };
}

/** What the parts of a curve come to where none is taken off: nothing in it is larger at a lower volume. */
function grossAt({ fixed, perUnit, terms }: CostCurve, volume: number): number {
  return terms.reduce(
    (sum, term) => sum + (term.is === 'smooth' ? term.up(volume) + term.down(volume) : termAt(term, volume)),
    Math.abs(fixed) + Math.abs(perUnit) * volume,
  );
}

const between = (low: number, high: number): Enclosure => ({
  lowFrom: low,
  lowTo: low,
  highFrom: high,
  highTo: high,
});
const widthOf = (of: Enclosure): number => Math.max(of.highFrom - of.lowFrom, of.highTo - of.lowTo);

/** Values at the ends bound closer than lines only where a function rises less than its lines are apart. */
function worthEvaluating(pieces: readonly Piece[], lines: readonly Enclosure[]): boolean {
  return pieces.every(({ enclose }, i) => {
    const of = lines[i] as Enclosure;
    return enclose === null || of.lowTo - of.highFrom < widthOf(of);
  });
}

function combine(
  { fixed, perUnit, pieces }: Difference,
  enclosures: readonly Enclosure[],
  from: number,
  to: number,
): { low: number; high: number } {
  let lowFrom = fixed + perUnit * from;
  let lowTo = fixed + perUnit * to;
  let [highFrom, highTo] = [lowFrom, lowTo];
  for (let i = 0; i < pieces.length; i++) {
    const { usd } = pieces[i] as Piece;
    const of = enclosures[i] as Enclosure;
    lowFrom += usd * (usd > 0 ? of.lowFrom : of.highFrom);
    lowTo += usd * (usd > 0 ? of.lowTo : of.highTo);
    highFrom += usd * (usd > 0 ? of.highFrom : of.lowFrom);
    highTo += usd * (usd > 0 ? of.highTo : of.lowTo);
  }
  return { low: Math.min(lowFrom, lowTo), high: Math.max(highFrom, highTo) };
}
