import { deviceGroups } from '../../placements/device-groups.js';
import type { Slice } from '../../scenario/demand.js';
import { type CutPart, cutOf, easyNeeds, isTimed, type Slicing } from './cut.js';

/**
 * Devices that can run a model serve their own requests, all others are served elsewhere; requests are taken to be spread
 * evenly over the devices. Where some requests are easy, devices serve those alone, or try all of theirs first.
 */
export const edgeFallback: Slicing = (slice, { demand, tables }) => {
  const shape = 'edge-fallback';
  const { divisible, needs } = slice;
  const easy = divisible?.easy;
  // What must do without a network, or may not leave the device, has nowhere to fall back to.
  if (needs.offline || needs.boundary === 'device') return [];
  return deviceGroups(demand, tables).flatMap(({ name, share }) => {
    const cut = (onDevice: Partial<CutPart>, times: number, elsewhere: number, when: string, key: string) =>
      cutOf(
        slice,
        shape,
        [
          { ...onDevice, part: 'device', times, when, deviceGroup: name },
          { part: 'fallback', times: elsewhere, when: 'otherwise' },
        ],
        `${shape} ${name} ${key}`,
      );
    const able = `the device has ${name.replace('gb-up', ' GB or more')}`;
    // What all devices can run is no cut.
    const whole = share < 1 ? cut({}, share, 1 - share, able, 'all') : [];
    if (easy === undefined) return whole;
    const lesser = { needs: easyNeeds(slice, easy.capability) };
    // Where all are easy none has to go on, however that is told.
    if (easy.told === 'before' || easy.share === 1)
      return [
        ...whole,
        ...cut(lesser, share * easy.share, 1 - share * easy.share, `${able} and the request is easy`, 'easy'),
      ];
    if (isTimed(slice)) return whole;
    const first = cut(lesser, share, 1 - share * easy.share, `${able} and its answer is good enough`, 'first');
    const inTurn = (part: Slice): Slice => ({ ...part, inTurn: true });
    return [...whole, ...first.map(({ slices, ...one }) => ({ ...one, slices: slices.map(inTurn) }))];
  });
};
