import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { gates } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import { type LatencyFigure, latestTtftMs, mustSee, type TaskPart } from '../workload/workload.js';
import { bitOf } from './verdicts.js';

const latencyRules = gates.filter(({ level }) => level === 'service');
const figures: readonly LatencyFigure[] = ['ttftP95Ms', 'totalP95Ms', 'tokensPerSecond'];

/** Whether the user wrote a target, or one on a figure. */
export const isTimed = ({ needs }: TaskPart, figure?: LatencyFigure): boolean =>
  (figure === undefined ? figures : [figure]).some((one) => mustSee(needs, one) !== null);

/** Whether a wait may be too long at all. */
export const isWaitLimited = (taskPart: TaskPart, { workload }: Context): boolean =>
  isTimed(taskPart) || latestTtftMs(taskPart, workload) !== null;

/** Rules on latency that exclude a service, a bit each. */
export function lateBits(option: Option, taskPart: TaskPart, context: Context, seen: TaskService): number {
  let bits = 0;
  for (const rule of latencyRules)
    if ((rule.asks?.(taskPart, context) ?? true) && !mayRun(rule.check(option, taskPart, context, seen)))
      bits |= bitOf(rule.id);
  return bits;
}
