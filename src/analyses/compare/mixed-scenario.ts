import type { Tables } from '../../tables/tables.js';
import { paired } from '../../units/amount.js';
import { isMap } from '../../units/reading.js';
import { isSameValue, leavesIn, stepsText } from '../../workload/explicit-values.js';
import { type ReadScenario, readScenario } from '../../workload/read.js';
import { resolvePath } from '../../workload/set.js';
import { copyTree, getIn, type Path, setIn, unsetIn } from '../../workload/source.js';

/** A value that differs between two scenarios; null: missing in one. */
export type InputChange = { steps: readonly string[]; before: string | null; after: string | null };

/** The tasks and their shares, which only make sense together. */
export const mixOfTasks = 'tasks';

/** Every value that differs. One value on one side for several (a range) on the other is one change. */
export function inputChanges(before: unknown, after: unknown): InputChange[] {
  const valuesIn = (tree: unknown, other: unknown) => leavesIn(tree, new Set(leavesIn(other).map(stepsText)));
  const { pairs, added, removed } = paired(valuesIn(before, after), valuesIn(after, before), stepsText);
  return [
    ...pairs.flatMap(({ old, now }) =>
      isSameValue(now.steps.join('.'), old.value, now.value)
        ? []
        : [{ steps: now.steps, before: old.value, after: now.value }],
    ),
    ...added.map(({ steps, value }) => ({ steps, before: null, after: value })),
    ...removed.map(({ steps, value }) => ({ steps, before: value, after: null })),
  ];
}

/** The path, or the mix of tasks, that must change as a whole for a scenario to stay valid. */
export function changeGroup({ steps }: Pick<InputChange, 'steps'>, before: unknown, after: unknown): string {
  const [first, task = '', field] = steps;
  if (first !== 'tasks') return stepsText({ steps });
  const inBoth = [before, after].every((tree) => 'path' in resolvePath(tree, ['tasks', task]));
  return inBoth && field !== 'share' ? stepsText({ steps }) : mixOfTasks;
}

/** The earlier scenario with some changes of the later one; null where that is none. */
export function scenarioWith(
  before: ReadScenario,
  after: ReadScenario,
  groups: ReadonlySet<string>,
  tables: Tables,
  asOf: string,
): ReadScenario | null {
  const tree = copyTree(before.tree);
  const changes = inputChanges(before.tree, after.tree);
  if (groups.has(mixOfTasks)) takeTasks(tree, before.tree, after.tree);
  for (const change of changes) {
    const group = changeGroup(change, before.tree, after.tree);
    if (group === mixOfTasks || !groups.has(group)) continue;
    const [here, there] = [resolvePath(tree, change.steps), resolvePath(after.tree, change.steps)];
    if (!('path' in here)) return null;
    if (change.after === null) takeOut(tree, change.steps, after.tree);
    else if (!('path' in there) || !setIn(tree, here.path, copyTree(getIn(after.tree, there.path)))) return null;
  }
  return readScenario(JSON.stringify(tree), { file: after.file, tables, asOf }).scenario;
}

/** Removes a value, and emptied maps around it that the later scenario lacks. Changes `tree`. */
function takeOut(tree: unknown, steps: readonly string[], later: unknown): void {
  const pathOf = (root: unknown, to: readonly string[]): Path | null => {
    const found = resolvePath(root, to);
    return 'path' in found ? found.path : null;
  };
  for (let depth = steps.length; depth > 0; depth--) {
    const head = steps.slice(0, depth);
    const [path, there] = [pathOf(tree, head), pathOf(later, head)];
    if (path === null) return;
    const value = getIn(tree, path);
    const isEmpty = isMap(value) && Object.keys(value).length === 0;
    const isGone = there === null || getIn(later, there) === undefined;
    if (depth < steps.length && !(isEmpty && isGone)) return;
    unsetIn(tree, path);
  }
}

/** Changes below one map, the most first: one alone may leave no scenario, as for a need in another form. */
export function changesBelow(changes: readonly InputChange[]): InputChange[][] {
  const below = new Map<string, InputChange[]>();
  for (const change of changes)
    for (let depth = change.steps.length - 1; depth > 0; depth--) {
      const head = stepsText({ steps: change.steps.slice(0, depth) });
      below.set(head, [...(below.get(head) ?? []), change]);
    }
  return [...below.values()].filter(({ length }) => length > 1).sort((a, b) => b.length - a.length);
}

/** Tasks of the later scenario, without those of the earlier one alone, and the later shares. Changes `tree`. */
function takeTasks(tree: unknown, before: unknown, after: unknown): void {
  const later = getIn(after, ['tasks']);
  if (!isMap(tree) || !Array.isArray(later)) return;
  tree.tasks = later.map((task, index) => {
    const name = isMap(task) ? task.name : undefined;
    const known = resolvePath(before, ['tasks', String(name ?? index)]);
    const mine = 'path' in known ? getIn(before, known.path) : undefined;
    if (!isMap(mine) || !isMap(task)) return copyTree(task);
    const { share: _, ...rest } = mine;
    return copyTree('share' in task ? { ...rest, share: task.share } : rest);
  });
}
