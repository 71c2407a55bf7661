import { deviceGroups } from '../../places/device-fit.js';
import type { TaskPart } from '../../workload/workload.js';
import { type CutPart, cutOf, easyNeeds, isTimed, type Slicing } from './cut.js';

/**
 * Devices that can run a model serve their own requests, all others are served elsewhere; requests are taken to be spread
 * evenly over the devices. Where some requests are easy, devices serve those alone, or try all of theirs first; what is
 * served elsewhere may be cut again then, but where an answer of a device's may come before.
 */
export const edgeFallback: Slicing = (taskPart, { workload, tables }) => {
  const shape = 'edge-fallback';
  const { divisible, needs } = taskPart;
  const easy = divisible?.easy;
  // What must do without a network, or may not leave the device, has nowhere to fall back to.
  if (needs.offline || needs.boundary === 'device') return [];
  return deviceGroups(workload, tables).flatMap(({ name, share }) => {
    /** `easyElsewhere`: the share of easy ones among the requests that are served elsewhere, as far as those are told apart. */
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
          // Plans of two cuts are told apart by the names of their parts.
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
    // Where all are easy none has to go on, however that is told.
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
