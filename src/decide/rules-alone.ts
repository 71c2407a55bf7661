import type { Context, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { availability } from '../rules/service.js';
import type { Gate } from '../rules/rule.js';
import type { TaskPart } from '../workload/workload.js';
import { type Considered, type FilterRule, filterBy } from './filter.js';

/** What came of the options of some kinds for a task part by the rules alone: none is sized, whatever it would cost. */
export function consideredFor(
  taskPart: TaskPart,
  kinds: readonly Placement[],
  context: Context,
  rule: Pick<FilterRule, 'together'> = {},
): Considered {
  // What is remembered of all task parts is not of some.
  const alone: Context = { tables: context.tables, workload: { ...context.workload, taskParts: [taskPart] } };
  const { filter, considered } = filterBy(alone, { unshared: true, ...rule });
  for (const placement of kinds) {
    if (placement.count === undefined) placement.candidates?.(alone, filter);
    else placement.count(alone, filter);
  }
  return considered;
}

/** Whether some option may serve a task part, and the rules each of which alone turns some option down. */
type Rules = { free: boolean; alone: ReadonlySet<string> };

/**
 * Asks all options every rule that needs no price. What they would see on machines is not asked, nor more of an API that
 * they turn down: a rule that is left out here, is never alone.
 */
export function rulesAlone(taskPart: TaskPart, context: Context, but?: Gate): Rules {
  const { feasible, rejectedBy } = consideredFor(taskPart, placements, context, { together: true });
  const together = [...rejectedBy].flatMap(([gates, options]) =>
    options === 0 ? [] : [gates.split(' ').filter((id) => id !== but?.id)],
  );
  return {
    free: feasible > 0 || together.some((gates) => gates.length === 0),
    alone: new Set(together.flatMap((gates) => (gates.length === 1 ? gates : []))),
  };
}

/** Ways to cut the tasks up in which there may be a plan. */
export type WaysAsked = (taskParts: readonly TaskPart[]) => boolean;

/**
 * In which ways to cut the tasks up there may be a plan without a rule where there is none under all of them, as far as the
 * rules about task parts tell: something may serve each task part, and for one of them the rule alone turns something down.
 */
export function waysWithout(context: Context): { anyRule: WaysAsked; rule(ignore: Gate): WaysAsked } {
  const known = new Map<string, Rules>();
  const rulesOf = (taskPart: TaskPart): Rules => {
    // Parts are made anew each time that tasks are cut up.
    const key = `${taskPart.id} ${taskPart.cut?.key ?? ''}`;
    // What is not available enough may have a second place behind it.
    const rules = known.get(key) ?? rulesAlone(taskPart, context, availability);
    known.set(key, rules);
    return rules;
  };
  return {
    anyRule: (taskParts) => taskParts.every((taskPart) => rulesOf(taskPart).free),
    rule: (ignore) => (taskParts) => {
      const turnsDown = (taskPart: TaskPart): boolean => rulesOf(taskPart).alone.has(ignore.id);
      // What is seen on machines is not told beforehand; what is not available enough alone counts as let in here.
      const mayTurn = (taskPart: TaskPart): boolean =>
        ignore.level === 'service' || ignore === availability
          ? (ignore.asks?.(taskPart, context) ?? true)
          : turnsDown(taskPart);
      return taskParts.some(mayTurn) && taskParts.every((taskPart) => rulesOf(taskPart).free || turnsDown(taskPart));
    },
  };
}
