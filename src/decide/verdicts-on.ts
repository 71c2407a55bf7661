import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { gates } from '../rules/registry.js';
import { isPlain, type Verdict } from '../rules/rule.js';
import type { TaskPart } from '../workload/workload.js';

export type GateVerdict = { gate: string; verdict: Verdict };

/** Every verdict on a task part that is not a plain pass, in registry order: nothing is short-cut. */
export function verdictsOn(
  option: Option,
  taskPart: TaskPart,
  context: Context,
  service: TaskService | null,
): GateVerdict[] {
  return gates
    .map((gate) => ({ gate: gate.id, verdict: gate.check(option, taskPart, context, service) }))
    .filter(({ verdict }) => !isPlain(verdict));
}
