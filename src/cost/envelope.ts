import { crossings } from './crossings.js';
import type { CostCurve } from './curve.js';
import type { Winner } from './winner.js';

/** A curve and the whole volumes it is on offer for; no end where `to` is null or absent. */
export type Ranged = { curve: CostCurve; from?: number; to?: number | null };

/** Whole volumes, both included, with the index of the cheapest curve; null where none is on offer. */
type Rung = { from: number; to: number; index: number | null };

export type Envelope = {
  /** Ascending and without gaps; `to` of the last one is null: the range ends there, the rung need not. */
  rungs: { from: number; to: number | null; index: number | null }[];
  /** Volumes in which the budget did not tell the cheapest: there the rung is one of the cheapest. */
  alternates: { from: number; to: number }[];
  evaluations: number;
};

/**
 * The lower envelope of cost curves over the whole volumes of a range; a tie is the first one's. Curves come in one by one:
 * each is compared with the cheapest so far, rung by rung, by their crossings.
 */
export function envelope(curves: readonly Ranged[], range: { from: number; to: number }, budget: number): Envelope {
  let rungs: Rung[] = [{ ...range, index: null }];
  let open: { from: number; to: number }[] = [];
  let evaluations = 0;
  for (const [index, ranged] of curves.entries()) {
    const offer = {
      from: Math.max(range.from, ranged.from ?? range.from),
      to: Math.min(range.to, ranged.to ?? range.to),
    };
    if (offer.from > offer.to) continue;
    const share = (budget - evaluations) / (curves.length - index);
    let left = rungs.filter(({ from, to }) => from <= offer.to && to >= offer.from).length;
    const spent = evaluations;
    const next: Rung[] = [];
    for (const rung of rungs) {
      const [from, to] = [Math.max(rung.from, offer.from), Math.min(rung.to, offer.to)];
      if (from > to) {
        next.push(rung);
        continue;
      }
      const held = rung.index === null ? undefined : curves[rung.index];
      if (rung.from < from) next.push({ ...rung, to: from - 1 });
      if (held === undefined) next.push({ from, to, index });
      else {
        const mine = (share - (evaluations - spent)) / left;
        const found = crossings(held.curve, ranged.curve, { from, to }, mine);
        evaluations += found.evaluations;
        next.push(...cut({ from, to }, found, { a: rung.index, b: index }));
        open = [...open, ...found.alternates.map(({ from, to }) => ({ from, to }))];
      }
      left--;
      if (to < rung.to) next.push({ ...rung, from: to + 1 });
    }
    rungs = joined(next);
  }
  const last = rungs.at(-1);
  return {
    rungs: rungs.map((rung) => (rung === last ? { ...rung, to: null } : rung)),
    alternates: union(open),
    evaluations,
  };
}

/** A span in parts by who wins there; where that is not told, the one below goes on. */
function cut(
  { from, to }: { from: number; to: number },
  { crossings: found, alternates, first }: ReturnType<typeof crossings>,
  indexOf: Record<Winner, number | null>,
): Rung[] {
  const changes = [
    ...found.map(({ at, cheaperAbove }) => ({ at, winner: cheaperAbove })),
    ...alternates.map((of) => ({ at: of.to + 1, winner: of.cheaperAbove })),
  ].sort((a, b) => a.at - b.at);
  const rungs: Rung[] = [];
  let [start, winner] = [from, first];
  for (const change of changes) {
    if (change.at > to) break;
    if (change.at > start) rungs.push({ from: start, to: change.at - 1, index: indexOf[winner] });
    [start, winner] = [change.at, change.winner];
  }
  return [...rungs, { from: start, to, index: indexOf[winner] }];
}

/** Neighbors with the same cheapest curve are one rung. */
function joined(rungs: readonly Rung[]): Rung[] {
  const whole: Rung[] = [];
  for (const rung of rungs) {
    const last = whole.at(-1);
    if (last !== undefined && last.index === rung.index) whole[whole.length - 1] = { ...last, to: rung.to };
    else whole.push(rung);
  }
  return whole;
}

/** Intervals of whole volumes without overlaps, ascending. */
function union(intervals: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last !== undefined && from <= last.to + 1)
      whole[whole.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else whole.push({ from, to });
  }
  return whole;
}
