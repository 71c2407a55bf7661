import { type CostCurve, requestsAbove, type Term, termAt } from './curve.js';
import { type Enclose, enclosesAbove, enclosesFleet } from './ramp.js';
import { type Made, madeOf, type Rising } from './rising.js';
import { ties } from './winner.js';

/**
 * The difference of two curves: a line plus pieces, each `usd` (of either sign) times a function that never falls. What
 * is the same on both sides is gone.
 */
export type Difference = { fixed: number; perUnit: number; pieces: Piece[] };

export type Piece = {
  usd: number;
  at(volume: number): number;
  /** Straight lines around it on an interval, from sums alone; null where none are known. */
  enclose: Enclose | null;
};

/** Terms or halves of terms that differ by their factor only, with the USD of them on either side. */
type Group = { of: Exclude<Term, { is: 'smooth' }> | Half; a: number; b: number };
type Half = Pick<Made, 'of' | 'part'> & { is: 'half' };

export function differenceOf(a: CostCurve, b: CostCurve): Difference {
  const groups: Group[] = [];
  collect(groups, a, 'a');
  collect(groups, b, 'b');
  const pieces = groups.filter(({ a, b }) => !ties(a, b)).map(({ of, a, b }) => pieceOf(of, a - b));
  return { fixed: less(a.fixed, b.fixed), perUnit: less(a.perUnit, b.perUnit), pieces };
}

/** Sums of the same parts in another order differ in their last digits. */
const less = (a: number, b: number): number => (ties(a, b) ? 0 : a - b);

function collect(groups: Group[], { terms }: CostCurve, side: 'a' | 'b'): void {
  const put = (of: Group['of'], usd: number, on: 'a' | 'b') => {
    let group = groups.find((other) => same(other.of, of));
    if (group === undefined) {
      group = { of, a: 0, b: 0 };
      groups.push(group);
    }
    group[on] += usd;
  };
  const putHalf = (f: Rising, on: 'a' | 'b') => {
    const { of, factor, part } = madeOf(f);
    put({ is: 'half', of, part }, factor, on);
  };
  for (const term of terms) {
    if (term.is === 'smooth') {
      putHalf(term.up, side);
      putHalf(term.down, side === 'a' ? 'b' : 'a');
    } else put(term, term.usd, side);
  }
}

/** Whether two terms are equal but for their USD. */
function same(a: Group['of'], b: Group['of']): boolean {
  if (a.is !== b.is) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  names.delete('usd');
  return [...names].every((name) => sameValue(Reflect.get(a, name), Reflect.get(b, name)));
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return (
    a instanceof Float64Array && b instanceof Float64Array && a.length === b.length && a.every((x, i) => x === b[i])
  );
}

function pieceOf(of: Group['of'], usd: number): Piece {
  if (of.is === 'half') return { usd, at: (volume) => of.of(of.part * volume), enclose: null };
  if (of.is === 'above') {
    const { load, growth, base } = of;
    return { usd, at: (volume) => requestsAbove(load, growth, base, volume), enclose: enclosesAbove(of) };
  }
  const one = { ...of, usd: 1 };
  return { usd, at: (volume) => termAt(one, volume), enclose: enclosesFleet(of) };
}
