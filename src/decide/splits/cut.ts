import type { Context } from '../../places/placement.js';
import { doneInTime, waitingOf } from '../../workload/deferral.js';
import { batchDeadlineHours } from '../../workload/resolve.js';
import type { CapabilityNeed, CutFrom, Needs, Shape, TaskPart } from '../../workload/workload.js';

/** One split of a task: the task parts in its place. */
export type Cut = { shape: Shape; taskParts: TaskPart[] };

/** A shape of hybrid within a task: every split that it makes of a task part. */
export type Slicing = (taskPart: TaskPart, context: Context) => Cut[];

/**
 * What makes a part of a task: its name, its requests as a multiple of the task's, which ones, what has to be done for
 * it, and what else differs.
 */
export type CutPart = { part: string; times: number; when: string; todo?: string } & Partial<
  Pick<TaskPart, 'needs' | 'tokens' | 'tools' | 'rewrites' | 'deviceGroup' | 'tuningUsd' | 'divisible'> & Timing
>;

/**
 * A split into these parts, without empty ones; none where the task stays as it was. A single part that is left has no
 * work to separate it. `key` differs for splits of one shape. A part may be split again as its `divisible` says.
 */
export function cutOf(taskPart: TaskPart, shape: Shape, parts: readonly CutPart[], key: string = shape): Cut[] {
  const { divisible: _, cut: before, ...whole } = taskPart;
  const nameOf = (part: string) => (taskPart.part === 'all' ? part : `${taskPart.part}.${part}`);
  const met = parts.filter(({ times }) => times > 0);
  const isAlone = met.length === 1 && parts.length > 1;
  if (met.length === 0 || (isAlone && met.every(isUnchanged))) return [];
  // Once for a request, however many parts answer it.
  const requestFeeUsd = (taskPart.requestFeeUsd ?? 0) / met.reduce((sum, { times }) => sum + times, 0);
  return [
    {
      shape,
      taskParts: met.map(({ part, times, when, todo, ...changed }) => ({
        ...whole,
        id: `${taskPart.task}.${nameOf(part)}`,
        part: nameOf(part),
        share: taskPart.share * times,
        requestsPerDay: taskPart.requestsPerDay * times,
        ...(requestFeeUsd > 0 && { requestFeeUsd }),
        ...changed,
        cut: cutFrom(before, {
          whole: taskPart.id,
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

/** A part of a part has both splits, and the to-dos of both. */
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

/** When a task part is done, and whether it may wait for the batch tariff. */
type Timing = Pick<TaskPart, 'hours' | 'waits' | 'batchable' | 'inTurn'>;

/**
 * Two parts of a task, the second sent after the answer to the first: one deadline for both. Each may wait half of it;
 * where it is long enough for one batch and not for two, the second may wait for that one.
 */
export function inTurn(taskPart: TaskPart): [Timing, Timing] {
  const deadline = taskPart.waits?.deadlineHours ?? 0;
  const half = Math.ceil(deadline / 2);
  const second = deadline < batchDeadlineHours ? half : Math.max(half, batchDeadlineHours);
  const { arrivals, deadlineHours } = waitingOf(taskPart);
  return [deadline - second, second].map((hours) => ({
    ...(deadlineHours === 0 ? { hours: taskPart.hours, waits: taskPart.waits } : doneInTime(arrivals, hours)),
    batchable: taskPart.batchable && hours >= batchDeadlineHours,
    inTurn: true,
  })) as [Timing, Timing];
}

/**
 * Whether the user wrote a target on the first token or the whole answer: it would hold over two parts in turn, which
 * is known only once both have places.
 */
export const isTimed = ({ needs: { ttftP95Ms, totalP95Ms } }: Pick<TaskPart, 'needs'>): boolean =>
  [ttftP95Ms, totalP95Ms].some((target) => target?.by === 'user');

/** Needs of the easy requests of a task: all but the capability as for the task. */
export const easyNeeds = ({ needs }: Pick<TaskPart, 'needs'>, capability: CapabilityNeed): Needs => ({
  ...needs,
  capability,
});
