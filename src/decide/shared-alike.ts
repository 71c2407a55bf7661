import type { Case } from '../places/placement.js';
import type { Tables } from '../tables/tables.js';
import type { Demand } from '../workload/demand.js';
import type { ReadScenario } from '../workload/read.js';

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

export type CaseIn = (group: string, demand: Demand, tables: Tables) => Case;

/**
 * Makes cases that come one after another share what they have in common: those of one `group` differ in volume or budget
 * alone. Only the last group is kept.
 */
export function alikeCases(): CaseIn {
  let last: string | null = null;
  let memo = new Map<string, unknown>();
  let first: Demand | null = null;
  return (group, own, tables) => {
    if (group !== last) [last, memo, first] = [group, new Map(), null];
    first ??= own;
    // Loads that draws take over are remembered by where assumptions come from.
    const demand = { ...own, assume: first.assume };
    // Another objective than cost asks under further rules, which what is shared would have to know.
    return { demand, tables, ...(demand.rules.objective === 'cost' && { memo }) };
  };
}
