import { isUnpriced } from '../cost/line.js';
import { capabilityOf, type Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { availabilityOf, percentWords, twoTogether } from './availability.js';
import { busyShare } from './busy.js';
import type { Choice } from './choose.js';
import { ownMark } from './own-priced.js';
import { type Deployment, optionsOf, type Plan, unitsOf } from './plan.js';
import { optionWords, planWords, usdWords } from './words.js';

const most = 6;
/** Share of requests below which nobody counts them. */
const rare = 1 / 1000;

/** Why this plan: what its models score, what the next best costs, and what other kinds would. */
export function reasonsFor(plan: Plan, { runnerUp, kinds }: Choice, of: Case): string[] {
  const reasons: string[] = [];
  for (const deployment of plan.deployments) {
    const { option, slices } = deployment;
    const models = new Map(optionsOf(deployment).map((one) => [one.model, one]));
    const hardest = slices.reduce((hard, slice) =>
      slice.needs.capability.need > hard.needs.capability.need ? slice : hard,
    );
    for (const one of models.values()) {
      const have = capabilityOf(one)?.have;
      if (have === undefined) continue;
      reasons.push(
        `${one.model} scores ${have.toFixed(1)}, ${hardest.task} needs ${hardest.needs.capability.need.toFixed(1)}`,
      );
    }
    reasons.push(...whyTwo(deployment, of), ...coldStarts(option, slices, of));
  }
  if (runnerUp !== null) {
    const more = runnerUp.monthlyUsd - plan.monthlyUsd;
    reasons.push(
      `next best of other kinds: ${planWords(runnerUp)} at ${usdWords(runnerUp.monthlyUsd)}${ownMark(of.tables, runnerUp)} (${more < 0 ? '-' : '+'}${usdWords(Math.abs(more))}${ownMark(of.tables, runnerUp, plan)})`,
    );
  }
  for (const { kind, plan: other } of kinds) {
    if (other === null || other.id === runnerUp?.id || runsAlone(plan, kind)) continue;
    const fleet = other.deployments.find(({ option }) => option.fleet !== null);
    const busy = fleet === undefined ? null : busyShare(fleet, of);
    const use = busy === null ? '' : `, busy ${(busy * 100).toFixed(0)} % of the time`;
    const people = other.fte > 0 ? `, ${other.fte.toFixed(1)} FTE` : '';
    const first = other.deployments[0];
    const what =
      first === undefined
        ? ''
        : ` (${optionWords(first.option)}${other.deployments.length > 1 ? ` and ${other.deployments.length - 1} more` : ''})`;
    reasons.push(
      `${placementOf(kind).title} alone: ${usdWords(other.monthlyUsd)}${ownMark(of.tables, other)}${what}${use}${people}`,
    );
  }
  return reasons.slice(0, most);
}

/** Why one place does not do: how much of the time it answers, or what its machines leave to an API. */
function whyTwo(deployment: Deployment, of: Case): string[] {
  const { option, second } = deployment;
  if (second === undefined) return [];
  const { requestsPerDay } = of.demand;
  if (second.role === 'overflow') {
    const share = ((1 - second.share(requestsPerDay)) * 100).toFixed(0);
    const units = unitsOf(deployment, requestsPerDay);
    return [
      `${units} machine${units === 1 ? '' : 's'} of ${option.provider} serve${units === 1 ? 's' : ''} ${share} % of the requests; one more would cost more than the API it spares`,
    ];
  }
  const [first, other] = [availabilityOf(option, of), availabilityOf(second.option, of)];
  if (first === null || other === null) return [];
  return [
    `${option.provider} alone answers ${percentWords(first.share)} of the time, with ${second.option.provider} behind it ${percentWords(twoTogether(first, other, of))}`,
  ];
}

/** Whether a plan is of one kind throughout: what else that kind could do alone is the plan itself. */
const runsAlone = ({ deployments }: Plan, kind: Kind): boolean =>
  deployments.every(
    ({ option, second }) => option.kind === kind && (second === undefined || second.option.kind === kind),
  );

/** What starting workers means for users, of the slice that meets most cold starts: `1 in 8 requests waits`. */
function coldStarts(option: Option, slices: readonly Slice[], of: Case): string[] {
  const met = slices.flatMap((slice) => {
    const seen = placementOf(option.kind).service(option, slice, of);
    return isUnpriced(seen) || seen.coldStarts === undefined ? [] : [{ slice, ...seen.coldStarts }];
  });
  const [first] = met.sort((a, b) => b.share - a.share);
  if (first === undefined) return [];
  const { slice, share, seconds } = first;
  const often = share < rare ? `fewer than 1 in ${1 / rare} requests` : `1 in ${(1 / share).toFixed(0)} requests`;
  const when = of.demand.growth.length > 1 ? ' in the quietest month' : '';
  return [`${often} of ${slice.task} waits for a cold start of up to ${seconds.toFixed(0)} s${when}`];
}
