import { type Examiner, mostPerSpan, type Span } from './spans.js';

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
