import type { Case } from '../../places/placement.js';
import type { CapabilityNeed, CutFrom, Needs, Slice } from '../../workload/demand.js';
import { batchDeadlineHours } from '../../workload/resolve.js';
import { doneInTime, waitingOf } from '../../workload/served-in-time.js';
import type { Shape } from '../../workload/shapes.js';

/** One way to cut a task up: the slices that stand in its place. */
export type Cut = { shape: Shape; slices: Slice[] };

/** A shape of hybrid within a task: every way in which it cuts a slice up. */
export type Slicing = (slice: Slice, of: Case) => Cut[];

/**
 * What makes a part of a task: its name, its requests as a multiple of the task's, which ones they are,
 * what has to be done for that, and what else differs.
 */
export type CutPart = { part: string; times: number; when: string; todo?: string } & Partial<
  Pick<Slice, 'needs' | 'tokens' | 'rewrites' | 'deviceGroup' | 'tuningUsd' | 'divisible'> & Timing
>;

/**
 * A cut of these parts, without those that no request is in; none where what is left is the task as it was. A part left
 * alone is told apart from nothing: nobody has to build what tells it. `key` tells cuts of one shape apart. A part may be
 * cut again, as far as its `divisible` says.
 */
export function cutOf(slice: Slice, shape: Shape, parts: readonly CutPart[], key: string = shape): Cut[] {
  const { divisible: _, cut: before, ...whole } = slice;
  const nameOf = (part: string) => (slice.part === 'all' ? part : `${slice.part}.${part}`);
  const met = parts.filter(({ times }) => times > 0);
  const isAlone = met.length === 1 && parts.length > 1;
  if (met.length === 0 || (isAlone && met.every(isUnchanged))) return [];
  return [
    {
      shape,
      slices: met.map(({ part, times, when, todo, ...changed }) => ({
        ...whole,
        id: `${slice.task}.${nameOf(part)}`,
        part: nameOf(part),
        share: slice.share * times,
        requestsPerDay: slice.requestsPerDay * times,
        ...changed,
        cut: cutFrom(before, {
          whole: slice.id,
          shape,
          key,
          when,
          times,
          ...(todo !== undefined && !isAlone && { todo }),
        }),
      })),
    },
  ];
}

/** Of a part of a part both cuts are told, and what has to be done for either. */
const cutFrom = (before: CutFrom | undefined, cut: CutFrom): CutFrom =>
  before === undefined
    ? cut
    : {
        ...before,
        ...cut,
        whole: before.whole,
        shape: before.shape,
        again: cut.shape,
        key: `${before.key} ${cut.key}`,
        when: `${before.when} and ${cut.when}`,
        times: before.times * cut.times,
      };

const isUnchanged = ({ part: _, times, when: __, todo: ___, divisible: ____, ...changed }: CutPart): boolean =>
  times === 1 && Object.keys(changed).length === 0;

/** When a slice is done, and whether it may wait for the batch tariff. */
type Timing = Pick<Slice, 'hours' | 'waits' | 'batchable' | 'inTurn'>;

/**
 * Two parts of a task of which one is sent once the other is answered: the deadline holds over both. Each may wait half of it;
 * where it is long enough for one batch and not for two, the second may wait for that one.
 */
export function inTurn(slice: Slice): [Timing, Timing] {
  const deadline = slice.waits?.deadlineHours ?? 0;
  const half = Math.ceil(deadline / 2);
  const second = deadline < batchDeadlineHours ? half : Math.max(half, batchDeadlineHours);
  const { arrivals, deadlineHours } = waitingOf(slice);
  return [deadline - second, second].map((hours) => ({
    ...(deadlineHours === 0 ? { hours: slice.hours, waits: slice.waits } : doneInTime(arrivals, hours)),
    batchable: slice.batchable && hours >= batchDeadlineHours,
    inTurn: true,
  })) as [Timing, Timing];
}

/**
 * Whether the user wrote how long the first token or the whole answer may take: that would have to hold over both of two
 * parts of which one is sent once the other is answered, which is known only once places for both are chosen.
 */
export const isTimed = ({ needs: { ttftP95Ms, totalP95Ms } }: Pick<Slice, 'needs'>): boolean =>
  [ttftP95Ms, totalP95Ms].some((target) => target?.by === 'user');

/** Needs of the easy requests of a task: all but the capability as for the task, and as sure to suffice. */
export const easyNeeds = ({ needs }: Pick<Slice, 'needs'>, capability: CapabilityNeed): Needs => {
  const { scoreAtLeast = null } = needs.capability;
  return { ...needs, capability: { ...capability, ...(scoreAtLeast !== null && { scoreAtLeast }) } };
};
