import { deviceGroups } from '../../places/device-fit.js';
import type { TaskPart } from '../../workload/workload.js';
import { type Cut, type CutPart, cutOf, easyNeeds, inTurn, isTimed, type Slicing } from './cut.js';

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
    const inTurn = (part: TaskPart): TaskPart => ({ ...part, inTurn: true });
    return [...whole, ...first.map(({ taskParts, ...one }) => ({ ...one, taskParts: taskParts.map(inTurn) }))];
  });
};

/**
 * Sensitive requests stay within the task's data rules, the others go where theirs allow. Or they are redacted first,
 * by a model within the rules that rewrites the text, and then answered as redacted: not where the user wrote a latency
 * target, which would hold over both. What answers requests may be split again where some are easy.
 */
export const sensitivitySplit: Slicing = (taskPart): Cut[] => {
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
