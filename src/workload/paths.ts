import { taskNames } from './task-names.js';
import { getIn, isMap, type Path } from './tree.js';

/** The names of the tasks of a scenario not yet checked, by position; null where there is nothing to go by. */
export function rawTaskNames(root: unknown): (string | null)[] {
  const tasks = getIn(root, ['tasks']);
  if (!Array.isArray(tasks)) return [];
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const named = tasks.map((task) =>
    isMap(task) ? { name: text(task.name), type: text(task.type) ?? '' } : { type: '' },
  );
  return taskNames(named).map((name, index) =>
    named[index]?.name === undefined && named[index]?.type === '' ? null : name,
  );
}

/** A path as people write it: `tasks.faq.share`, with tasks by name where they have one. */
export function pathText(root: unknown, path: Path): string {
  const names = path[0] === 'tasks' && path.length > 1 ? rawTaskNames(root) : [];
  return path.map((step, depth) => (depth === 1 && typeof step === 'number' ? (names[step] ?? step) : step)).join('.');
}

/** A written path with task names and positions turned into positions; null where it leads into no list entry. */
export function resolvePath(
  root: unknown,
  steps: readonly (string | number)[],
): { path: Path } | { unknown: string; known: string[] } {
  const path: (string | number)[] = [];
  for (const step of steps) {
    const parent = getIn(root, path);
    if (!Array.isArray(parent) || typeof step === 'number') {
      path.push(step);
      continue;
    }
    const names = path.length === 1 && path[0] === 'tasks' ? rawTaskNames(root) : [];
    const named = names.indexOf(step);
    const index = named !== -1 ? named : /^\d+$/.test(step) ? Number(step) : -1;
    if (index < 0 || index >= parent.length) return { unknown: step, known: names.filter((name) => name !== null) };
    path.push(index);
  }
  return { path };
}
