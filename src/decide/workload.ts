import { admittedModels } from '../places/items.js';
import type { Context } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { bundlesOf, type TaskColumns, workloadColumns } from '../places/task-columns.js';
import type { TaskPart } from '../workload/workload.js';
import { filterBy } from './filter.js';

/** How many tasks a plan places one by one: the assumption, up to the highest value that the tables give it. */
export const tasksApart = (context: Context): number =>
  Math.max(1, Math.min(highestApart(context), Math.floor(context.workload.assume('tasksApart'))));

const highestApart = ({ tables }: Context): number => tables.parameterOf.get('tasksApart')?.high ?? 1;

/** The tasks of a case as plans place them: one by one, or, beyond `tasksApart`, those together that the same places serve. */
export function workloadOf(context: Context): TaskColumns {
  const { taskParts } = context.workload;
  const wanted = tasksApart(context);
  if (taskParts.length <= wanted) return workloadColumns(context.workload);
  const { filter } = filterBy(context);
  const candidates = placements.flatMap((placement) => placement.candidates?.(context, filter) ?? []);
  const places = [
    ...candidates.map(({ linear }) => Array.from(linear, (usd) => !Number.isNaN(usd))),
    ...admittedModels(context, filter).tasks,
  ];
  // Tasks that write as much for what they read are priced alike.
  const written = ({ tokens }: TaskPart): number => tokens.output / (tokens.input + tokens.output);
  const sorted = [...taskParts.keys()].sort(
    (a, b) => written(taskParts[a] as TaskPart) - written(taskParts[b] as TaskPart),
  );
  const order = taskParts.map((_, s) => sorted.indexOf(s));
  return workloadColumns(context.workload, bundlesOf(order, { wanted, limit: highestApart(context) }, places));
}
