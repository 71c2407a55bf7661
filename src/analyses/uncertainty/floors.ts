import { normalQuantile } from '../../capacity/queue/percentiles.js';
import type { Plan } from '../../decide/plan.js';
import { capabilityOf } from '../../places/option.js';
import { deviationOf, dimensionOf } from '../../units/statistics.js';

import type { TaskPart } from '../../workload/workload.js';

/**
 * Share of the draws in which some task's model is less capable than the task needs: one draw for each family of models,
 * whatever it serves, and one for the need of each task, both normal about their likely values with their 80 % bands. Null
 * where an index is not known.
 */
export function belowFloorShare({ deployments }: Plan, draws: number, seed: number): number | null {
  const pairs = deployments.flatMap(({ option, taskParts }) =>
    taskParts.map((taskPart) => ({ index: capabilityOf(option), family: option.family, taskPart })),
  );
  if (pairs.some(({ index }) => index === null)) return null;
  const deviations = (name: string): Float64Array => {
    const share = dimensionOf(seed, name, 0);
    return Float64Array.from({ length: draws }, (_, k) => normalQuantile(share(k)));
  };
  const missed = new Uint8Array(draws);
  for (const { index, family, taskPart } of pairs) {
    const have = deviations(`capability of ${family}`);
    const need = deviations(`need of ${taskPart.task}`);
    const { have: middle, low, high } = index as NonNullable<typeof index>;
    const asked: TaskPart['needs']['capability'] = taskPart.needs.capability;
    const spread = deviationOf({ low, high });
    const askedSpread = deviationOf(asked);
    for (let k = 0; k < draws; k++)
      if (middle + spread * (have[k] as number) < asked.need + askedSpread * (need[k] as number)) missed[k] = 1;
  }
  return missed.reduce((sum, one) => sum + one, 0) / draws;
}
