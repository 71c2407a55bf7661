import { assumptionsOf } from '../../decide/assumptions-of.js';
import { monthsOf } from '../../decide/months.js';
import type { Plan } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import type { Case } from '../../places/placement.js';
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
  of: Case,
): FlipInput[] {
  const { demand, tables } = of;
  const asked: Asked = {
    scenario,
    demand,
    tables,
    plan,
    peakCashUsd: monthsOf(plan, of).peakCashUsd,
    services: review(plan, of).services,
    given: (path) => demand.inputs.find((input) => input.path === path)?.value.likely,
    used: assumptionsOf(met, of, true),
    lead,
    parameterOf: tables.parameterOf,
  };
  return [...numberInputs(asked), ...wordInputs(asked)];
}
