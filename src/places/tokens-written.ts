import { tokensOf } from '../cost/task-trace.js';
import { difference, given, parameter, product, quotient, stated, type Traced } from '../formula/traced.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Option } from './option.js';
import type { Context } from './placement.js';

// A share of 1 would leave nothing of the answer.
const mostlyReasoning = 0.99;

/**
 * Reasoning tokens of one request: none in standard mode; as the user gave them, else visible x s / (1 - s) with s =
 * the model's share of reasoning in its output (measured on hard tests) x the effort everyday work needs.
 */
export function reasoningTokens(
  option: Pick<Option, 'mode' | 'capability'>,
  taskPart: TaskPart,
  workload: Workload,
): number {
  if (option.mode === 'standard') return 0;
  if (taskPart.tokens.reasoning !== null) return taskPart.tokens.reasoning;
  const share = Math.min(
    mostlyReasoning,
    (option.capability?.reasoningTokenShare ?? workload.assume('reasoningShareUnknown')) *
      workload.assume('reasoningEffort'),
  );
  return (taskPart.tokens.output * share) / (1 - share);
}

/** What the reasoning tokens of one request are made of. */
export function tracedReasoning(
  option: Pick<Option, 'mode' | 'capability'>,
  taskPart: TaskPart,
  context: Context,
): Traced {
  const { workload } = context;
  const unit = 'tokens/request';
  const tokens = reasoningTokens(option, taskPart, workload);
  if (option.mode === 'standard') return given('reasoning', tokens, unit);
  if (taskPart.tokens.reasoning !== null)
    return stated('reasoning', tokens, unit, `tasks.${taskPart.task}.tokens.reasoning`);
  const row = option.capability;
  const known = row?.reasoningTokenShare ?? null;
  const share = product(
    'share of the output that is reasoning',
    'fraction',
    known === null || row === null
      ? parameter('share where no test says it', 'reasoningShareUnknown', context)
      : given('share on hard tests', known, 'fraction', { table: 'capability', row: row.row }),
    parameter('effort of everyday work', 'reasoningEffort', context),
  );
  const capped = share.value > mostlyReasoning ? given('share, at most', mostlyReasoning, 'fraction') : share;
  return product(
    'reasoning',
    unit,
    tokensOf(taskPart, workload).output,
    quotient(
      'reasoning over answer',
      'ratio',
      capped,
      difference('share that is answer', 'fraction', given('all output', 1, 'fraction'), capped),
    ),
  );
}
