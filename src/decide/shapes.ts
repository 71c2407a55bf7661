import { deviceGroups } from '../places/device.js';
import type { Context } from '../places/placement.js';
import { doneInTime, waitingOf } from '../workload/load.js';
import { batchDeadlineHours } from '../workload/resolve.js';
import type { CapabilityNeed, CutFrom, Needs, Shape, TaskPart } from '../workload/workload.js';

/** A shape of hybrid within a task: the task parts of every split that it makes of a task part. */
export type Slicing = (taskPart: TaskPart, context: Context) => TaskPart[][];

/**
 * What makes a part of a task: its name, its requests as a multiple of the task's, which ones, what has to be done for
 * it, and what else differs.
 */
type CutPart = { part: string; times: number; when: string; todo?: string } & Partial<
  Pick<TaskPart, 'needs' | 'tokens' | 'tools' | 'rewrites' | 'deviceGroup' | 'tuningUsd' | 'divisible'> & Timing
>;

/**
 * A split into these parts, without empty ones; none where the task stays as it was. A single part that is left has no
 * work to separate it. `key` differs for splits of one shape. A part may be split again as its `divisible` says.
 */
export function cutOf(taskPart: TaskPart, shape: Shape, parts: readonly CutPart[], key: string = shape): TaskPart[][] {
  const { divisible: _, cut: before, ...whole } = taskPart;
  const nameOf = (part: string) => (taskPart.part === 'all' ? part : `${taskPart.part}.${part}`);
  const met = parts.filter(({ times }) => times > 0);
  const isAlone = met.length === 1 && parts.length > 1;
  if (met.length === 0 || (isAlone && met.every(isUnchanged))) return [];
  // Once for a request, however many parts answer it.
  const requestFeeUsd = (taskPart.requestFeeUsd ?? 0) / met.reduce((sum, { times }) => sum + times, 0);
  return [
    met.map(({ part, times, when, todo, ...changed }) => ({
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

/**
 * A lesser model answers first; what it cannot answer goes on to a more capable one and is paid for twice. Not for a
 * task with a latency target of the user's, nor for one of two parts in turn.
 */
export const cascade: Slicing = (taskPart) => {
  const easy = taskPart.divisible?.easy;
  if (easy?.told !== 'after' || taskPart.inTurn) return [];
  const goesOn = easy.share < 1;
  if (goesOn && isTimed(taskPart)) return [];
  const [first, escalated] = goesOn ? inTurn(taskPart) : [];
  return cutOf(taskPart, 'cascade', [
    { ...first, part: 'first', times: 1, when: 'first', needs: easyNeeds(taskPart, easy.capability) },
    {
      ...escalated,
      part: 'escalated',
      times: 1 - easy.share,
      when: 'the first answer was not good enough',
      todo: `build the check that tells when a first answer of ${taskPart.task} is not good enough: it is not priced`,
    },
  ]);
};

/** Easy requests, by a rule of the user's, go to a lesser model; the others do not. */
export const tieredRouting: Slicing = (taskPart) => {
  const easy = taskPart.divisible?.easy;
  if (easy?.told !== 'before') return [];
  return cutOf(taskPart, 'tiered-routing', [
    {
      part: 'easy',
      times: easy.share,
      when: 'the request is easy',
      todo: `build the rule that tells easy requests of ${taskPart.task}: it is not priced`,
      needs: easyNeeds(taskPart, easy.capability),
    },
    { part: 'hard', times: 1 - easy.share, when: 'the request is hard' },
  ]);
};

/**
 * A model fine-tuned to the task in place of a more capable one; with retrieval, facts come from documents, and tuning
 * brings tone and domain. The tuning is paid once.
 */
export const ragFineTuned: Slicing = (taskPart) => {
  const tuned = taskPart.divisible?.tuned;
  if (tuned === undefined) return [];
  return cutOf(taskPart, 'rag-fine-tuned', [
    {
      part: 'tuned',
      times: 1,
      when: 'always',
      todo: `fine-tune the model to ${taskPart.task}, and again when its base model or the task changes`,
      needs: tuned.needs,
      tuningUsd: tuned.usd,
    },
  ]);
};

/**
 * Devices that can run a model serve their own requests, spread evenly over them; the others are served elsewhere.
 * Where some requests are easy, devices serve those alone, or try all of theirs first; what is served elsewhere may be
 * split again then, unless a device may have answered before.
 */
export const edgeFallback: Slicing = (taskPart, { workload, tables }) => {
  const shape = 'edge-fallback';
  const { divisible, needs } = taskPart;
  const easy = divisible?.easy;
  // What must do without a network, or may not leave the device, has nowhere to fall back to.
  if (needs.offline || needs.boundary === 'device') return [];
  return deviceGroups(workload, tables).flatMap(({ name, share }) => {
    /** `easyElsewhere`: the share of easy requests among those served elsewhere, if they are separated. */
    const cut = (
      onDevice: Partial<CutPart>,
      [times, elsewhere]: readonly [number, number],
      [when, key]: readonly [string, 'all' | 'easy' | 'first'],
      easyElsewhere = 0,
    ) =>
      cutOf(
        taskPart,
        shape,
        [
          // Plans of two splits differ by the names of their parts.
          { ...onDevice, part: key === 'all' ? 'device' : `device.${key}`, times, when, deviceGroup: name },
          {
            part: 'fallback',
            times: elsewhere,
            when: 'otherwise',
            ...(easy && easyElsewhere > 0 && { divisible: { easy: { ...easy, share: easyElsewhere } } }),
          },
        ],
        `${shape} ${name} ${key}`,
      );
    const able = `the device has ${name.replace('gb-up', ' GB or more')}`;
    // What all devices can run is no cut.
    const whole = share < 1 ? cut({}, [share, 1 - share], [able, 'all'], easy?.share) : [];
    if (easy === undefined) return whole;
    const lesser = { needs: easyNeeds(taskPart, easy.capability) };
    const elsewhere = 1 - share * easy.share;
    // If all are easy none goes on, however that is known.
    if (easy.told === 'before' || easy.share === 1) {
      const easyElsewhere = ((1 - share) * easy.share) / elsewhere;
      const when = `${able} and the request is easy`;
      return [...whole, ...cut(lesser, [share * easy.share, elsewhere], [when, 'easy'], easyElsewhere)];
    }
    if (isTimed(taskPart)) return whole;
    const first = cut(lesser, [share, elsewhere], [`${able} and its answer is good enough`, 'first']);
    return [...whole, ...first.map((parts) => parts.map((part) => ({ ...part, inTurn: true as const })))];
  });
};

/**
 * Sensitive requests stay within the task's data rules, the others go where theirs allow. Or they are redacted first,
 * by a model within the rules that rewrites the text, and then answered as redacted: not where the user wrote a latency
 * target, which would hold over both. What answers requests may be split again where some are easy.
 */
export const sensitivitySplit: Slicing = (taskPart) => {
  const sensitive = taskPart.divisible?.sensitive;
  if (sensitive === undefined) return [];
  const { share, rest, redaction } = sensitive;
  const { easy } = taskPart.divisible ?? {};
  const again = easy && { divisible: { easy } };
  const shape = 'sensitivity-split';
  const others = {
    part: 'rest',
    times: 1 - share,
    when: 'the request is not sensitive',
    todo: `build the check that finds sensitive requests of ${taskPart.task}: it is not priced`,
    needs: rest,
    ...again,
  };
  const own = { part: 'sensitive', times: share, when: 'the request is sensitive', ...again };
  const apart = cutOf(taskPart, shape, [own, others]);
  if (redaction === undefined || isTimed(taskPart) || share === 0) return apart;
  const { input, longestInput, most, prefix } = taskPart.tokens;
  const [before, after] = inTurn(taskPart);
  const redacted = cutOf(
    taskPart,
    shape,
    [
      {
        ...before,
        part: 'redaction',
        times: share,
        when: 'the request is sensitive: it is redacted first',
        todo: `measure what redaction of ${taskPart.task} misses: what it misses leaves the boundary`,
        needs: redaction.needs,
        rewrites: true,
        tools: [],
        // What all requests share holds nothing personal.
        tokens: {
          ...taskPart.tokens,
          input: input - prefix,
          longestInput: longestInput - prefix,
          most: most && most - prefix,
          turns: 1,
          prefix: 0,
          history: 0,
          answer: 0,
          output: input - prefix,
        },
      },
      {
        ...after,
        part: 'redacted',
        times: share,
        when: 'the request has been redacted',
        needs: redaction.leaves,
        ...again,
      },
      others,
    ],
    `${shape} redacted`,
  );
  return [...apart, ...redacted];
};
