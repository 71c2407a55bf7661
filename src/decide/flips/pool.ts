import { isUnpriced } from '../../cost/line.js';
import type { Option } from '../../placements/option.js';
import { regionsOf } from '../../placements/owned-places.js';
import type { Case } from '../../placements/placement.js';
import type { Demand } from '../../scenario/demand.js';
import { certainlyBelow } from '../../units/last-digits.js';
import { capabilityScore } from '../capability-score.js';
import { mayStand } from '../levers/decide-again.js';
import { optionsOf, type Plan, planOf } from '../plan.js';
import { simplestFirst } from '../simplest.js';
import { partsUnder, repricer } from '../uncertainty/costs.js';

/**
 * What would be advised if there were no other plans than these: the cheapest that no rule turns down, or one within the
 * tie band of it that asks less of people, then of deployments, then is more capable (`bestOfEquals`).
 */
export function advisedOf(plans: readonly Plan[], of: Case): Plan | null {
  const { demand, tables } = of;
  const band = 1 + demand.assume('tieBand');
  const there = plans.filter((plan) => plan.deployments.flatMap(optionsOf).every((option) => isThere(option, demand)));
  const usd = new Float64Array(there.length);
  repricer(there, tables)(of, usd);
  let limit = Number.POSITIVE_INFINITY;
  const standing: Plan[] = [];
  // From the cheapest on: what a plan costs is told much sooner than the plan.
  for (const p of [...there.keys()].sort((a, b) => (usd[a] as number) - (usd[b] as number))) {
    if ((usd[p] as number) * certainlyBelow > limit) break;
    const parts = partsUnder(there[p] as Plan, of);
    const again = parts && planOf(parts, of);
    if (again === null || isUnpriced(again) || again.monthlyUsd > limit || !mayStand(again, of)) continue;
    standing.push(again);
    limit = Math.min(limit, again.monthlyUsd * band);
  }
  const near = standing.filter(({ monthlyUsd }) => monthlyUsd <= limit);
  if (near.length <= 1) return near[0] ?? null;
  return plansSimplestFirst(near)[0] as Plan;
}

/** The simplest plans first, by the rule that picks among near equals. */
export const plansSimplestFirst = (plans: readonly Plan[]): Plan[] =>
  [
    ...simplestFirst(
      plans.map((plan) => ({
        plan,
        fte: plan.fte,
        deployments: plan.deployments.length,
        usd: plan.monthlyUsd,
        capability: () => capabilityOf(plan),
        id: () => plan.id,
      })),
    ),
  ].map(({ plan }) => plan);

/** Machines of one's own stand where data must stay, which may be elsewhere now. */
const isThere = ({ purchase, region }: Option, demand: Demand): boolean =>
  (purchase !== 'bought' && purchase !== 'owned') || regionsOf(demand).some((one) => one.region === region);

const capabilityOf = ({ deployments }: Plan): number =>
  Math.min(...deployments.flatMap(({ option, slices }) => slices.map((slice) => capabilityScore(option, slice) ?? 0)));
