import { assumptionsOf } from '../../decide/assumptions-of.js';
import { monthsOf } from '../../decide/months.js';
import type { Plan } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import type { Context } from '../../places/placement.js';
import type { Scenario } from '../../workload/schema.js';
import type { Asked } from './asked.js';
import type { FlipInput } from './input.js';
import { numberInputs } from './numbers.js';
import { wordInputs } from './words.js';

/** Everything in a scenario at another value of which the advice might be another. */
export function inputsOf(
  scenario: Scenario,
  plan: Plan,
  { met, lead }: { met: readonly Plan[]; lead: number },
  context: Context,
): FlipInput[] {
  const { workload, tables } = context;
  const asked: Asked = {
    scenario,
    workload,
    tables,
    plan,
    peakCashUsd: monthsOf(plan, context).peakCashUsd,
    services: review(plan, context).services,
    given: (path) => workload.inputs.find((input) => input.path === path)?.value.likely,
    used: assumptionsOf(met, context, true),
    lead,
    parameterOf: tables.parameterOf,
  };
  return [...numberInputs(asked), ...wordInputs(asked)];
}
