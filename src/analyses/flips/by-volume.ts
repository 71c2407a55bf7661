import { caseAt } from '../../decide/choice.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import { type CasePlan, type SeveralCase, tracedCase } from '../../decide/several-case.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { memoized } from '../../units/memo.js';
import { turnBetween } from '../../units/numeric.js';
import { spread } from '../break-even/crossings.js';
import { type Advice, deciderOf } from './changes.js';

/** Whole requests a day from `from` to `to` (null: and on) with one plan; null: nothing fits. `places`: by places. */
export type Rung = { from: number; to: number | null; plan: Plan | null; places: CasePlan | null };

export type VolumeOptions = {
  /** Whole requests a day, both included. */
  range: { from: number; to: number };
  /** Volumes to begin with, evenly spread over the logarithm. */
  volumes: number;
  /** Told how many volumes were decided. */
  progress?: (done: number) => void;
  /** What the case was decided of, where it has several tasks and this is known. */
  several?: SeveralCase | null;
};

/** The plan advised by volume; edges are exact to one request a day. */
export function advisedByVolume(context: Context, options: VolumeOptions): Rung[] {
  return byVolume(context, options, isSamePlaces).map(({ from, to, found }): Rung => {
    const plan: Plan | null = found.plan && tracedCase(found.plan);
    return { from, to: to === options.range.to ? null : to, plan, places: found.plan };
  });
}

/** The least volume at which something holds of the plan advised; null: at none. */
export function volumeFrom(
  context: Context,
  options: VolumeOptions,
  holds: (plan: CasePlan) => boolean,
): number | null {
  const isThere = ({ plan }: Advice): boolean => plan !== null && holds(plan);
  const ranges = byVolume(context, options, (one, other) => isThere(one) === isThere(other), isThere);
  return ranges.find(({ found }) => isThere(found))?.from ?? null;
}

type IsAlike = (one: Advice, other: Advice) => boolean;

/** @param isLast ends rising volumes at the first of which this holds; left out: never */
function byVolume(
  context: Context,
  { range, volumes, progress, several = null }: VolumeOptions,
  isAlike: IsAlike,
  isLast: (advice: Advice) => boolean = () => false,
): Range[] {
  const decider = deciderOf(context, several);
  const own = Math.round(context.workload.requestsPerDay);
  let done = 0;
  const adviceAt = memoized((volume: number) => {
    progress?.(++done);
    return decider.decide(caseAt(context, volume));
  });
  /** Both sides of a change among the plans of two volumes, or the middle where these show nothing new. */
  const between = (low: Range, high: Range): number[] => {
    const [from, to] = [low.to, high.from];
    if (to - from <= 1) return [];
    const among = decider.among(optionsIn([low, high]));
    const isLow = (volume: number): boolean => isAlike(among(caseAt(context, volume)), low.found);
    const middle = Math.min(to - 1, Math.max(from + 1, Math.round(Math.sqrt(from * to))));
    if (!isLow(from) || isLow(to)) return [middle];
    const { last, first } = turnBetween(from, to, (volume) => !isLow(volume));
    return [last, first].filter((volume) => volume > from && volume < to);
  };
  const rangesAt = (values: readonly number[]): Range[] => rangesOf([...new Set(values)], adviceAt, isAlike, between);
  const upToLast = (values: readonly number[]): number[] => {
    const sorted = values.toSorted((a, b) => a - b);
    const end = sorted.findIndex((volume) => isLast(adviceAt(volume)));
    return end === -1 ? sorted : sorted.slice(0, end + 1);
  };
  const begun = upToLast([...spread(range, volumes), ...(own > range.from && own < range.to ? [own] : [])]);
  const last = begun.at(-1) as number;
  const ranges = rangesAt(begun);
  // Between two volumes with one answer other answers are searched among all known plans.
  const among = decider.among(optionsIn(ranges));
  const hidden = spread(range, volumes * finer).filter((volume) => {
    if (volume > last) return false;
    const there = ranges.find(({ from, to }) => from <= volume && volume <= to);
    return there !== undefined && !isAlike(among(caseAt(context, volume)), there.found);
  });
  return hidden.length === 0 ? ranges : rangesAt(upToLast([...begun, ...hidden]));
}

const optionsIn = (ranges: readonly Range[]): Option[] =>
  ranges
    .flatMap(({ found: { plan, cheapest } }) => [plan, cheapest])
    .flatMap((plan) => plan?.places.flatMap(optionsOf) ?? []);

/** How many times as many volumes are looked at among the plans found. */
const finer = 12;

const isSamePlaces: IsAlike = ({ plan: one }, { plan: other }) =>
  one === other || (one !== null && other !== null && placesOf(one) === placesOf(other));

const placesOf = ({ places }: CasePlan): string =>
  places
    .map(({ option, second, taskParts }) =>
      [...taskParts.map(({ id }) => id), option.id, second?.role, second?.option.id].join(' '),
    )
    .join();

/** Volumes, both ends included, that give the same answer. */
type Range = { from: number; to: number; found: Advice };

/**
 * Ranges of volumes by their answer. The answer is computed at rising values, and where two neighbors differ at values
 * between them, until every edge is known closely enough. A range that lies between two neighbors with the same answer
 * is missed.
 *
 * @param between further rising values between two with different answers; none: the edge is known closely enough
 */
function rangesOf(
  values: readonly number[],
  findAt: (value: number) => Advice,
  isAlike: IsAlike,
  between: (low: Range, high: Range) => readonly number[],
): Range[] {
  const found: Range[] = [];
  const put = ({ from, to, found: next }: Range): void => {
    const last = found.at(-1);
    if (last !== undefined && isAlike(last.found, next)) last.to = to;
    else found.push({ from, to, found: next });
  };
  const at = (value: number): Range => ({ from: value, to: value, found: findAt(value) });
  /** Looks at rising values, and between every two of them. */
  const walk = (start: Range | null, values: readonly number[]): Range | null => {
    let before = start;
    for (const value of values) {
      const one = at(value);
      if (before !== null) look(before, one);
      put(one);
      before = one;
    }
    return before;
  };
  const look = (low: Range, high: Range): void => {
    const middle = isAlike(low.found, high.found) ? [] : between(low, high);
    if (middle.length > 0) look(walk(low, middle) as Range, high);
  };
  walk(null, values);
  return found;
}
