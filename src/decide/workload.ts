import { admittedModels } from '../places/admitted-items.js';
import { bundlesOf } from '../places/bundles.js';
import type { Case } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { type WorkloadColumns, workloadColumns } from '../places/workload-columns.js';
import type { Slice } from '../workload/demand.js';
import { filterBy } from './filter.js';

/** How many tasks a plan places one by one: the assumption, up to the highest value that the tables give it. */
export const tasksApart = (of: Case): number =>
  Math.max(1, Math.min(highestApart(of), Math.floor(of.demand.assume('tasksApart'))));

const highestApart = ({ tables }: Case): number => tables.parameterOf.get('tasksApart')?.high ?? 1;

/** The tasks of a case as plans place them: one by one, or, beyond `tasksApart`, those together that the same places serve. */
export function workloadOf(of: Case): WorkloadColumns {
  const { slices } = of.demand;
  const wanted = tasksApart(of);
  if (slices.length <= wanted) return workloadColumns(of.demand);
  const { filter } = filterBy(of);
  const candidates = placements.flatMap((placement) => placement.candidates?.(of, filter) ?? []);
  const places = [
    ...candidates.map(({ linear }) => Array.from(linear, (usd) => !Number.isNaN(usd))),
    ...admittedModels(of, filter).tasks,
  ];
  // Tasks that write as much for what they read are priced alike.
  const written = ({ tokens }: Slice): number => tokens.output / (tokens.input + tokens.output);
  const sorted = [...slices.keys()].sort((a, b) => written(slices[a] as Slice) - written(slices[b] as Slice));
  const order = slices.map((_, s) => sorted.indexOf(s));
  return workloadColumns(of.demand, bundlesOf(order, { wanted, limit: highestApart(of) }, places));
}
