import type { Uncertain } from '../units/range.js';
import { readShare } from '../units/read-share.js';
import type { Reading } from '../units/reading.js';
import { getIn, isMap, setIn } from './tree.js';

/** Shares of tasks sum to 1 within this, to forgive rounding. */
export const shareTolerance = 0.005;

/**
 * The shares of all tasks without their own volume, with what was left out filled in: equal shares where none has one,
 * the rest where one lacks it. null for a task with its own volume; the whole is null where it is not clear.
 */
export function effectiveShares(
  tasks: readonly { share: Uncertain | null; ownVolume: boolean }[],
): (Uncertain | null)[] | null {
  const sharers = tasks.filter(({ ownVolume }) => !ownVolume);
  const given = sharers.flatMap(({ share }) => (share ? [share.likely] : []));
  const missing = sharers.length - given.length;
  const sum = given.reduce((total, share) => total + share, 0);
  const left = missing === sharers.length ? 1 / sharers.length : 1 - sum;
  if (missing > 1 && missing < sharers.length) return null;
  if (missing === 0 && sharers.length > 0 && Math.abs(sum - 1) > shareTolerance) return null;
  if (missing === 1 && left <= 0) return null;
  return tasks.map(({ share, ownVolume }) => (ownVolume ? null : (share ?? { likely: left, range: null })));
}

/** The shares of the tasks of a scenario not yet checked, or null where they are not clear. */
export function readShares(root: unknown): (Uncertain | null)[] | null {
  const tasks = getIn(root, ['tasks']);
  if (!Array.isArray(tasks) || !tasks.every(isMap)) return null;
  const read = tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: (volume ?? null) !== null }));
  const known = read.map(({ share, ownVolume }) => ({ ownVolume, reading: share === null ? null : readShare(share) }));
  if (known.some(({ reading }) => reading !== null && !reading.ok)) return null;
  return effectiveShares(
    known.map(({ ownVolume, reading }) => ({ ownVolume, share: reading?.ok ? reading.value : null })),
  );
}

/**
 * Scales the shares of all tasks but the `held` ones, in proportion to what they were `before`, so that the sum is 1
 * again. Leaves them alone where that cannot be; checking the scenario then says why. Changes `root`.
 */
export function rescaleShares(root: unknown, before: readonly (Uncertain | null)[], held: readonly number[]): void {
  const heldShares = held.map((index) => readShare(getIn(root, ['tasks', index, 'share'])));
  const taken = sumOf([...new Set(held)].map((index) => shareAt(heldShares[held.indexOf(index)])));
  const rest = sumOf(before.map((share, index) => (share && !held.includes(index) ? share.likely : 0)));
  if (!(taken <= 1) || rest <= 0) return;
  for (const [index, share] of before.entries()) {
    if (share && !held.includes(index)) setIn(root, ['tasks', index, 'share'], scaledShare(share, (1 - taken) / rest));
  }
}

const shareAt = (reading: Reading<Uncertain> | undefined) => (reading?.ok ? reading.value.likely : Number.NaN);

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function scaledShare({ likely, range }: Uncertain, factor: number): unknown {
  const scaled = (share: number) => Math.min(1, share * factor);
  return range ? { low: scaled(range.low), likely: scaled(likely), high: scaled(range.high) } : scaled(likely);
}
