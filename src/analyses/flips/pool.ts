import { isUnpriced } from '../../cost/curve.js';
import { peopleUsd, staffingOf } from '../../cost/people.js';
import { optionsOf, type Plan, planOf, taskPartCount } from '../../decide/plan.js';
import { simplestGroups } from '../../decide/simplest.js';
import type { Option } from '../../places/option.js';
import { regionsOf } from '../../places/own-hardware.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { capabilityScore } from '../../rules/model.js';
import { certainlyBelow } from '../../units/float.js';
import type { Workload } from '../../workload/workload.js';
import { mayStand } from '../levers/decide-again.js';
import { partsUnder, pricerOf } from '../uncertainty/costs.js';

/**
 * What would be advised if there were no other plans than these: the cheapest that no rule turns down, or one within the
 * tie band of it that asks less of people, then of deployments, then is more capable (`bestOfEquals`).
 */
export function advisedOf(plans: readonly Plan[], context: Context): Plan | null {
  const { workload, tables } = context;
  const band = 1 + workload.assume('tieBand');
  const there = plans.filter((plan) =>
    plan.deployments.flatMap(optionsOf).every((option) => isThere(option, workload)),
  );
  const usdOf = pricerOf(there, tables)(context);
  const inOrder = there
    .map((plan, p) => ({ plan, p, leastUsd: leastPeopleUsd(plan, context) }))
    .sort((a, b) => a.leastUsd - b.leastUsd || a.plan.monthlyUsd - b.plan.monthlyUsd);
  let limit = Number.POSITIVE_INFINITY;
  const standing: Plan[] = [];
  for (const { plan, p, leastUsd } of inOrder) {
    if (leastUsd > limit) break;
    // What a plan costs is told much sooner than the plan.
    if (usdOf(p) * certainlyBelow > limit) continue;
    const parts = partsUnder(plan, context);
    const again = parts && planOf(parts, context);
    if (again === null || isUnpriced(again) || again.monthlyUsd > limit || !mayStand(again, context)) continue;
    standing.push(again);
    limit = Math.min(limit, again.monthlyUsd * band);
  }
  const near = standing.filter(({ monthlyUsd }) => monthlyUsd <= limit);
  if (near.length <= 1) return near[0] ?? null;
  return plansSimplestFirst(near)[0] as Plan;
}

/** The simplest plans first, by the rule that picks among near equals. */
export const plansSimplestFirst = (plans: readonly Plan[]): Plan[] => plansBySimplicity(plans).flat();

/** The same in groups that only their cost tells apart. */
export const plansBySimplicity = (plans: readonly Plan[]): Plan[][] =>
  [
    ...simplestGroups(
      plans.map((plan) => ({
        plan,
        fte: plan.fte,
        deployments: plan.deployments.length,
        usd: plan.monthlyUsd,
        taskParts: taskPartCount(plan),
        capability: () => capabilityOf(plan),
        id: () => plan.id,
      })),
    ),
  ].map((group) => group.map(({ plan }) => plan));

/** People and set-up of a plan without a single machine: what it costs at the least, whatever the volume. */
function leastPeopleUsd({ deployments }: Plan, context: Context): number {
  const parts = deployments.flatMap(optionsOf).map((option) => ({
    provider: option.provider,
    staff: placementOf(option.kind).staff(option, context),
    units: 0,
  }));
  return peopleUsd(staffingOf(parts), context.workload);
}

/** Machines of one's own stand where data must stay, which may be elsewhere now. */
const isThere = ({ purchase, region }: Option, workload: Workload): boolean =>
  (purchase !== 'bought' && purchase !== 'owned') || regionsOf(workload).some((one) => one.region === region);

const capabilityOf = ({ deployments }: Plan): number =>
  Math.min(
    ...deployments.flatMap(({ option, taskParts }) =>
      taskParts.map((taskPart) => capabilityScore(option, taskPart) ?? 0),
    ),
  );
