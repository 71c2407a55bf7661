import type { Context } from '../places/placement.js';
import type { TaskPart } from '../workload/workload.js';
import { cascade, edgeFallback, ragFineTuned, type Slicing, sensitivitySplit, tieredRouting } from './shapes.js';

/** Shapes that split by difficulty, also what is a part already. */
const byHardness: readonly Slicing[] = [tieredRouting, cascade];
/** Every shape that splits a task. Pairs of places for the same requests are not among them. */
const slicings: readonly Slicing[] = [...byHardness, sensitivitySplit, edgeFallback, ragFineTuned];

/** Every cut, and after them the same with their parts cut again by how hard requests are. */
function cutsOf(taskPart: TaskPart, context: Context): TaskPart[][] {
  const cuts = (taskPart.part === 'all' ? slicings : byHardness).flatMap((slicing) => slicing(taskPart, context));
  return [...cuts, ...cuts.flatMap((cut) => cutAgain(cut, context))].map((parts) =>
    parts.map(({ divisible: _, ...part }) => part),
  );
}

/** With all parts split again that can be, then with some of them alone; none where requests of a part meet again. */
function cutAgain(cut: readonly TaskPart[], context: Context): TaskPart[][] {
  const ways = cut.map((part) => {
    const [again] = part.divisible === undefined ? [] : byHardness.flatMap((slicing) => slicing(part, context));
    return again === undefined ? [[part]] : [again, [part]];
  });
  // The last pick cuts none.
  return everyPick(ways).slice(0, -1);
}

/** The same task part under another workload, where it has one. */
export function findTaskPartIn(context: Context): (taskPart: TaskPart) => TaskPart | null {
  const byId = new Map(context.workload.taskParts.map((taskPart) => [taskPart.id, taskPart]));
  const partsOfTask = new Map<string, TaskPart[]>();
  return ({ id, task, cut }) => {
    const whole = byId.get(id);
    if (whole !== undefined) return whole;
    let parts = partsOfTask.get(task);
    if (parts === undefined) {
      parts = context.workload.taskParts
        .filter((taskPart) => taskPart.task === task)
        .flatMap((taskPart) => cutsOf(taskPart, context).flat());
      partsOfTask.set(task, parts);
    }
    return parts.find((part) => part.id === id && part.cut?.key === cut?.key) ?? null;
  };
}

/** The same task part under another workload of the same tasks. */
export function taskPartIn(context: Context): (taskPart: TaskPart) => TaskPart {
  const find = findTaskPartIn(context);
  return (taskPart) => {
    const found = find(taskPart);
    if (found === null) throw new Error(`no slice ${taskPart.id} in the demand`);
    return found;
  };
}

/** Every split of a task, as task parts; first as a whole. */
export const waysToCut = (taskPart: TaskPart, context: Context): TaskPart[][] => [
  [taskPart],
  ...cutsOf(taskPart, context),
];

/**
 * Every split of all tasks, first all as a whole. Beyond `slicingVariants`, or `slicesWeighed` task parts in them: all
 * tasks at once by their first split, then one task at a time by it, then so by the second and so on, up to these
 * limits.
 */
export const variantsOf = (context: Context): Context[] =>
  picksOf(context).picks.map((taskParts, i) =>
    i === 0 ? context : { ...context, workload: { ...context.workload, taskParts } },
  );

/** Task parts that one decision places over all splits; its time grows about in proportion. */
export const slicesWeighed = (context: Context): number => sizeOf(picksOf(context).picks);

/** How many splits of the tasks are weighed, and how many there are. */
export function waysWeighed(context: Context): { weighed: number; all: number } {
  const { picks, all } = picksOf(context);
  return { weighed: picks.length, all };
}

function picksOf(context: Context): { picks: TaskPart[][]; all: number } {
  const { taskParts, assume } = context.workload;
  const ways = taskParts.map((taskPart) => waysToCut(taskPart, context));
  const all = ways.reduce((product, one) => product * one.length, 1);
  if (all === 1) return { picks: [[...taskParts]], all };
  const [most, mostTaskParts] = [assume('slicingVariants'), assume('slicesWeighed')];
  const every = all <= most ? everyPick(ways) : [];
  if (every.length > 0 && sizeOf(every) <= mostTaskParts) return { picks: every, all };
  const some = somePicks(ways).slice(0, Math.max(1, most));
  return { picks: some.filter((_, i) => i === 0 || sizeOf(some.slice(0, i + 1)) <= mostTaskParts), all };
}

const sizeOf = (picks: readonly TaskPart[][]): number => picks.reduce((sum, taskParts) => sum + taskParts.length, 0);

const everyPick = (ways: readonly TaskPart[][][]): TaskPart[][] =>
  ways.reduce<TaskPart[][]>((picks, one) => picks.flatMap((pick) => one.map((way) => [...pick, ...way])), [[]]);

function somePicks(ways: readonly TaskPart[][][]): TaskPart[][] {
  /** All by the same cut; those that have fewer by their last. */
  const together = (cut: number) => ways.map((one) => Math.min(cut, one.length - 1));
  /** Each task that has it by this cut, all others as a whole. */
  const alone = (cut: number) =>
    ways.flatMap((one, own) => (cut < one.length ? [ways.map((_, task) => (task === own ? cut : 0))] : []));
  const most = Math.max(...ways.map((one) => one.length));
  const chosen = Array.from({ length: most }, (_, cut) => [together(cut), ...alone(cut)]).flat();
  const different = new Map(chosen.map((choice) => [choice.join(), choice]));
  return [...different.values()].map((choice) =>
    ways.flatMap((one, task) => one[choice[task] as number] as TaskPart[]),
  );
}
