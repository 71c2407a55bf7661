import type { Case } from '../../placements/placement.js';
import type { CapabilityNeed, Needs, Slice } from '../../scenario/demand.js';

/** One way to cut a task up: the slices that stand in its place. */
export type Cut = { shape: string; slices: Slice[] };

/** A shape of hybrid within a task: every way in which it cuts a slice up. */
export type Slicing = (slice: Slice, of: Case) => Cut[];

/**
 * What makes a part of a task: its name, its requests as a multiple of the task's, which ones they are,
 * what has to be done for that, and what else differs.
 */
export type CutPart = { part: string; times: number; when: string; todo?: string } & Partial<
  Pick<Slice, 'needs' | 'tokens' | 'deviceGroup' | 'tuningUsd'>
>;

/** A cut of these parts; none where a part would be empty, or of what is a part already. `key` tells cuts of one shape apart. */
export function cutOf(slice: Slice, shape: string, parts: readonly CutPart[], key = shape): Cut[] {
  if (slice.part !== 'all' || parts.some(({ times }) => times <= 0)) return [];
  const { divisible: _, ...whole } = slice;
  return [
    {
      shape,
      slices: parts.map(({ part, times, when, todo, ...changed }) => ({
        ...whole,
        id: `${slice.task}.${part}`,
        part,
        share: slice.share * times,
        requestsPerDay: slice.requestsPerDay * times,
        ...changed,
        cut: { shape, key, when, times, ...(todo !== undefined && { todo }) },
      })),
    },
  ];
}

/** Needs of the easy requests of a task: all but the capability as for the task, and as sure to suffice. */
export const easyNeeds = ({ needs }: Pick<Slice, 'needs'>, capability: CapabilityNeed): Needs => {
  const { scoreAtLeast = null } = needs.capability;
  return { ...needs, capability: { ...capability, ...(scoreAtLeast !== null && { scoreAtLeast }) } };
};
