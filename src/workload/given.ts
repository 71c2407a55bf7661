import { rawTaskNames } from './paths.js';
import { isMap } from './tree.js';

/** A value somebody wrote, by its path (tasks by name), as text. */
export type GivenValue = { path: string; value: string };

/** The same with its path step by step: names of tasks may have dots. */
export type Leaf = { steps: readonly string[]; value: string };

/** What no decision depends on. */
const noInputs = new Set(['version', 'name', 'expect']);

/** Every value that a scenario's text or `--set` says, in the order written. A list of anything but tasks is one value. */
export const givenIn = (tree: unknown): GivenValue[] =>
  leavesIn(tree).map(({ steps, value }) => ({ path: pathText({ steps }), value }));

export const pathText = ({ steps }: Pick<Leaf, 'steps'>): string => steps.join('.');

/** @param wholes paths at which a map is one value too, whatever it holds */
export function leavesIn(tree: unknown, wholes: ReadonlySet<string> = new Set()): Leaf[] {
  if (!isMap(tree)) return [];
  const names = rawTaskNames(tree);
  const found: Leaf[] = [];
  const visit = (value: unknown, steps: readonly string[]): void => {
    if (isMap(value) && Object.keys(value).length > 0 && !wholes.has(pathText({ steps })))
      for (const [key, inner] of Object.entries(value)) visit(inner, [...steps, key]);
    else found.push({ steps, value: textOf(value) });
  };
  for (const [key, value] of Object.entries(tree)) {
    if (noInputs.has(key)) continue;
    if (key === 'tasks' && Array.isArray(value))
      for (const [index, task] of value.entries()) visit(withoutName(task), ['tasks', names[index] ?? String(index)]);
    else visit(value, [key]);
  }
  return found;
}

/** A task's name already stands in the path. */
function withoutName(task: unknown): unknown {
  if (!isMap(task)) return task;
  const { name: _, ...rest } = task;
  return rest;
}

/** Lists and empty maps as JSON, which is YAML too. */
const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
