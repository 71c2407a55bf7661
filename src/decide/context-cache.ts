import type { Context } from '../places/placement.js';
import type { Tables } from '../tables/tables.js';
import type { ReadScenario } from '../workload/read.js';
import type { Workload } from '../workload/workload.js';

/** Settings that move volume or a budget alone: what does not depend on these is shared by decisions that differ in them. */
const movesVolume = /^(?:workload\.volume|budget\.[^=]+)(?:=|$)/;

/** Whether decisions that differ in a path, or in a `path=value`, and in nothing else, share what takes long to make. */
export const sharesAll = (pathOrSetting: string): boolean => movesVolume.test(pathOrSetting);

/** What a scenario says beside its name, its volume and its budget: scenarios of one group differ in these alone. */
export const groupOf = ({ scenario }: ReadScenario): string =>
  JSON.stringify({
    ...scenario,
    // Keys that are undefined are left out, wherever they stood.
    ...{ name: undefined, expect: undefined, budget: undefined },
    workload: { ...scenario.workload, volume: undefined },
  });

export type CaseIn = (group: string, workload: Workload, tables: Tables) => Context;

/**
 * Makes cases that come one after another share what they have in common: those of one `group` differ in volume or budget
 * alone. Only the last group is kept.
 */
export function alikeCases(): CaseIn {
  let last: string | null = null;
  let memo = new Map<string, unknown>();
  let first: Workload | null = null;
  return (group, own, tables) => {
    if (group !== last) [last, memo, first] = [group, new Map(), null];
    first ??= own;
    // Loads that draws take over are remembered by where assumptions come from.
    const workload = { ...own, assume: first.assume };
    // Another objective than cost asks under further rules, which what is shared would have to know.
    return { workload, tables, ...(workload.rules.objective === 'cost' && { memo }) };
  };
}
