import { at, type CostCurve } from './curve.js';
import { differenceOf } from './difference.js';
import { type Examiner, examinerOf, mostPerSpan, type Span } from './spans.js';
import { ties, type Winner } from './winner.js';

/** Parts of the budget after which the next way of looking takes over. */
const afterBreadth = 0.5;
const afterLowest = 0.8;

/**
 * Cuts the whole volumes of a range into spans with one winner each, ascending, as far as the budget of evaluations goes:
 * first the largest unknown span of all, so that no large one stays; then from the lowest volume until `most` changes of the
 * winner are found, then from the highest volume until one is: beyond `most` changes only the last one is told.
 */
export function refine(of: Examiner, range: { from: number; to: number }, budget: number, most: number): Span[] {
  const { from, to } = range;
  const within = (part: number) => of.evaluations() + mostPerSpan <= budget * part;
  // Both ends are known in any case, so that whatever stays unknown lies between two known ones.
  const known = from === to ? [] : of.examine(to, to + 1);
  known.push(...of.examine(from, from + 1));
  // Halves of equal spans are equal: first come, first served is largest first.
  const queue: Span[] = to - from > 1 ? [{ from: from + 1, end: to, winner: null }] : [];
  let next = 0;
  for (; next < queue.length && within(afterBreadth); next++) {
    const span = queue[next] as Span;
    for (const part of of.examine(span.from, span.end)) (part.winner === null ? queue : known).push(part);
  }
  const spans = [...known, ...queue.slice(next)].sort((a, b) => a.from - b.from);
  if (next === queue.length) return spans;
  const upward = walk(of, spans, 'up', most, () => within(afterLowest));
  return walk(of, upward, 'down', 1, () => within(1));
}

/** Goes through ascending spans one way, examining the unknown ones, until `most` changes of the winner are passed. */
function walk(of: Examiner, spans: readonly Span[], way: 'up' | 'down', most: number, goesOn: () => boolean): Span[] {
  const inOrder = (list: readonly Span[]) => (way === 'up' ? list.toReversed() : list);
  const passed: Span[] = [];
  /** The next one last. */
  const ahead = [...inOrder(spans)];
  let changes = 0;
  while (ahead.length > 0 && changes < most) {
    const span = ahead[ahead.length - 1] as Span;
    if (span.winner === null && !goesOn()) break;
    ahead.pop();
    if (span.winner === null) ahead.push(...inOrder(of.examine(span.from, span.end)));
    else {
      if (passed.length > 0 && passed.at(-1)?.winner !== span.winner) changes++;
      passed.push(span);
    }
  }
  return way === 'up' ? [...passed, ...ahead.reverse()] : [...ahead, ...passed.reverse()];
}

/** `at`: the first whole request a day at which `cheaperAbove` is the cheaper one; one less, and the other still is. */
export type Crossing = { at: number; cheaperBelow: Winner; cheaperAbove: Winner };

/**
 * Whole requests a day, both included, in which it is not told at which of them who is cheaper: the two may take turns.
 * Below `from` and above `to` it is.
 */
export type Alternates = { from: number; to: number; cheaperBelow: Winner; cheaperAbove: Winner };

/** How far two costs are apart from one volume to a later one. */
export type Trend = 'widens' | 'narrows' | 'stays';

/** Who is always cheaper, what both cost at the ends of the range in USD a month, and whether they draw near on the way. */
export type Never = {
  cheaper: Winner | 'equal';
  atFrom: Both;
  atTo: Both;
  gap: {
    /** Over the whole range, wherever it is looked at; null where they part here and draw near there. */
    all: Trend | null;
    /** Over the last part of the range: what goes on above it, as far as that can be seen. */
    last: Trend;
  };
};

/** USD a month of both. */
export type Both = { a: number; b: number };

export type Crossings = {
  /** Ascending; each begins with the winner that the one before, or alternates between them, ended with. */
  crossings: Crossing[];
  alternates: Alternates[];
  /** Who is cheaper at the first volume of the range. */
  first: Winner;
  /** Null where they cross, or may. */
  never: Never | null;
  /** Volumes at which the curves were evaluated, and spans of volumes that were bounded: at most the budget. */
  evaluations: number;
};

/** More are not listed, neither crossings nor alternates. */
export const mostListed = 64;

/**
 * Where two cost curves cross on the whole requests a day of a range: exactly, by bisecting only where sound bounds of A - B
 * straddle zero. What the budget of evaluations leaves open is in `alternates`.
 */
export function crossings(a: CostCurve, b: CostCurve, range: { from: number; to: number }, budget: number): Crossings {
  const examiner = examinerOf(a, b, range);
  const spans = refine(examiner, range, budget, mostListed + 1);
  const first = spans[0]?.winner ?? 'a';
  const told = { ...tell(paired(changesOf(spans))), first };
  const evaluations = examiner.evaluations();
  if (told.crossings.length + told.alternates.length > 0) return { ...told, never: null, evaluations };
  return { ...told, never: neverOf(a, b, range, first), evaluations };
}

type Change = Alternates & { sure: boolean };

/** Changes of the winner, and spans in which it is not known, ascending. */
function changesOf(spans: readonly Span[]): Change[] {
  const changes: Change[] = [];
  let below: Winner | null = null;
  let open: number | null = null;
  for (const { from, winner } of spans) {
    if (winner === null) open ??= from;
    else {
      if (below !== null && open !== null)
        changes.push({ from: open, to: from - 1, cheaperBelow: below, cheaperAbove: winner, sure: false });
      else if (below !== null && below !== winner)
        changes.push({ from, to: from, cheaperBelow: below, cheaperAbove: winner, sure: true });
      [below, open] = [winner, null];
    }
  }
  return changes;
}

/**
 * An unknown interval that the two leave the other way round than they entered it takes the next change in, so that listed
 * crossings take turns.
 */
function paired(changes: readonly Change[]): Change[] {
  const whole: Change[] = [];
  for (const change of changes) {
    const last = whole.at(-1);
    if (last === undefined || last.sure || last.cheaperBelow === last.cheaperAbove) whole.push(change);
    else whole[whole.length - 1] = { ...last, to: change.to, cheaperAbove: change.cheaperAbove };
  }
  return whole;
}

/** The first changes one by one, the others as one interval. */
function tell(changes: readonly Change[]): Pick<Crossings, 'crossings' | 'alternates'> {
  const listed: Crossing[] = [];
  const alternates: Alternates[] = [];
  for (const { sure, ...change } of changes) {
    const { from, cheaperBelow, cheaperAbove } = change;
    if ((sure ? listed : alternates).length === mostListed) {
      const { to, cheaperAbove } = changes.at(-1) as Change;
      alternates.push({ from: from, to, cheaperBelow, cheaperAbove });
      break;
    }
    if (sure) listed.push({ at: from, cheaperBelow, cheaperAbove });
    else alternates.push(change);
  }
  return { crossings: listed, alternates };
}

function neverOf(a: CostCurve, b: CostCurve, range: { from: number; to: number }, winner: Winner): Never {
  const { from, to } = range;
  const told = neverFrom((volume) => ({ a: at(a, volume), b: at(b, volume) }), range, winner);
  // Where no piece changes, the difference is a line: a tie at both ends is one between them.
  const level = differenceOf(a, b).pieces.every((piece) => piece.at(from) === piece.at(to));
  const equal = level && [told.atFrom, told.atTo].every((usd) => ties(usd.a, usd.b));
  return equal ? { ...told, cheaper: 'equal' } : told;
}

/** Where the gap is looked at, as shares of the range: ends alone hide that two which parted at first draw near again. */
const lookedAt = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 1];

/** That one of two is always cheaper, in figures. */
export function neverFrom(
  costAt: (volume: number) => Both,
  { from, to }: { from: number; to: number },
  cheaper: Never['cheaper'],
): Never {
  const costs = lookedAt.map((share) => costAt(Math.round(from + share * (to - from))));
  const gaps = costs.map((usd) => Math.abs(usd.a - usd.b));
  const trends = gaps.slice(1).map((gap, i) => trendOf(gaps[i] as number, gap));
  const moves = new Set(trends.filter((trend) => trend !== 'stays'));
  const [only = 'stays'] = moves;
  return {
    cheaper,
    atFrom: costs[0] as Both,
    atTo: costs.at(-1) as Both,
    gap: { all: moves.size > 1 ? null : only, last: trends.at(-1) as Trend },
  };
}

const trendOf = (before: number, after: number): Trend =>
  ties(before, after) ? 'stays' : after > before ? 'widens' : 'narrows';
