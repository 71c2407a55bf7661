import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import type { Choice } from './choice.js';
import type { Decision } from './decision.js';
import { meritsOf } from './pareto.js';
import { type Deployment, machinesOf, type Plan, peopleUsdOf } from './plan.js';
import type { Reviewed } from './review.js';
import { rounded, roundedOrNull } from './round.js';

/** The report of provisioned throughput against the advised plan. */
export function provisionedRow(
  choice: Choice,
  reviewOf: (plan: Plan) => Reviewed,
  context: Context,
): Decision['provisioned'] {
  const found = choice.provisioned();
  if (found === null) return null;
  const { plan, tokens, fills } = found;
  const { workload } = context;
  const [{ option, second, ...bill }] = plan.deployments as [Deployment];
  return {
    ...beside(plan),
    option: option.id,
    units: machinesOf({ option, ...bill }, workload.requestsPerDay) * unitsOfStep(option),
    unit: option.provisioned?.offer.unit ?? '',
    overflow: rounded(second?.share(workload.requestsPerDay) ?? 0),
    fills,
    byTokens: tokens && beside(tokens),
  };

  function beside(one: Plan) {
    const { ttftP95Ms, scores } = meritsOf(one, choice.cheapest ?? one, context, reviewOf(one));
    return {
      plan: one.id,
      monthlyCost: rounded(one.monthlyUsd),
      peopleCost: rounded(peopleUsdOf(one, workload)),
      ttftP95Ms: roundedOrNull(ttftP95Ms),
      score: roundedOrNull(scores.total),
    };
  }
}
