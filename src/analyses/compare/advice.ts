import { kinds } from '../../tables/kinds.js';
import type { Kind } from '../../tables/rows.js';
import type { TaskMove } from './comparison.js';
import type { Decided } from './decided.js';

/** The kinds of place of every task, its parts together, sorted: the advice changes when those of one do. */
function kindsOfTask({ recommendation, options }: Decided): Map<string, Kind[]> {
  const kindOf = new Map(options.map(({ id, kind }) => [id, kind]));
  const byTask = new Map<string, Kind[]>();
  for (const { task, option } of recommendation.assignments) {
    // An id begins with its kind, whatever else is in it.
    const kind = kindOf.get(option) ?? kinds.find((each) => option.startsWith(`${each}/`));
    if (kind !== undefined) byTask.set(task, [...new Set([...(byTask.get(task) ?? []), kind])].sort());
  }
  return byTask;
}

/** Tasks that another kind of place serves; a task that only one of two scenarios has is none. */
export function taskMoves(before: Decided, after: Decided): TaskMove[] {
  const [old, now] = [kindsOfTask(before), kindsOfTask(after)];
  const everywhere = before.recommendation.status !== after.recommendation.status;
  const all = [...new Set([...old.keys(), ...now.keys()])];
  const shared = all.filter((task) => old.has(task) && now.has(task));
  // Tasks that were all renamed are told together.
  if (!everywhere && shared.length === 0) {
    const kindsIn = (byTask: typeof old): Kind[] => [...new Set([...byTask.values()].flat())].sort();
    const [was, is] = [kindsIn(old), kindsIn(now)];
    return was.join() === is.join() ? [] : [{ task: 'all tasks', before: was, after: is }];
  }
  const tasks = everywhere ? all : shared;
  return tasks.flatMap((task) => {
    const [was, is] = [old.get(task) ?? [], now.get(task) ?? []];
    return was.join() === is.join() ? [] : [{ task, before: was, after: is }];
  });
}
