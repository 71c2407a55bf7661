import type { z } from 'zod';
import { once } from './field.js';
import { type Scenario, scenarioSchema } from './schema.js';
import { copyTree, getIn, isMap, type Path, setIn, startsWith, unsetIn } from './tree.js';

/** What can be read of a scenario with mistakes, so that the checks across fields still report theirs. */
export type Salvaged = { scenario: Scenario; unreadable(path: Path): boolean };

const placeholders: { path: Path; value: unknown }[] = [
  { path: ['version'], value: 1 },
  { path: ['workload', 'volume'], value: 1 },
  { path: ['tasks'], value: [{ type: 'unreadable' }] },
];

/** Takes out each broken value, fills in what is required, and reads again; null when that is not enough. */
export function salvage(root: unknown, issues: readonly z.core.$ZodIssue[]): Salvaged | null {
  if (!isMap(root)) return null;
  const copy = copyTree(root);
  const broken: Path[] = [];
  for (const issue of issues) {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    // Entries of these lists need each of their keys, and others point at them by position: the whole list goes.
    if (path[0] === 'prices' && path.length > 1) broken.push(unsetIn(copy, path.slice(0, 2)));
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) unsetIn(copy, [...path, key]);
    else if (isTaskAt(path)) {
      setIn(copy, path, { type: 'unreadable' });
      broken.push(path);
    } else broken.push(unsetIn(copy, path));
  }
  for (const { path, value } of placeholders) {
    if (getIn(copy, path) !== undefined) continue;
    if (!setIn(copy, path, value)) return null;
    broken.push(path);
  }
  const tasks = getIn(copy, ['tasks']);
  for (const index of Array.isArray(tasks) ? tasks.keys() : []) {
    if (getIn(copy, ['tasks', index, 'type']) === undefined) setIn(copy, ['tasks', index, 'type'], 'unreadable');
  }
  const parsed = scenarioSchema.safeParse(copy, once);
  if (!parsed.success) return null;
  return {
    scenario: parsed.data,
    unreadable: (path) => broken.some((gone) => startsWith(path, gone)),
  };
}

const isTaskAt = (path: Path) => path.length === 2 && path[0] === 'tasks' && typeof path[1] === 'number';
