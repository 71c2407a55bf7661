import { isUnpriced } from '../cost/line.js';
import { capabilityOf, type Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { busyShare } from './busy.js';
import type { Choice } from './choose.js';
import { ownMark } from './own-priced.js';
import type { Plan } from './plan.js';
import { optionWords, planWords, usdWords } from './words.js';

const most = 6;
/** Share of requests below which nobody counts them. */
const rare = 1 / 1000;

/** Why this plan: what its models score, what the next best costs, and what other kinds would. */
export function reasonsFor(plan: Plan, { runnerUp, kinds }: Choice, of: Case): string[] {
  const reasons: string[] = [];
  for (const { option, slices } of plan.deployments) {
    const have = capabilityOf(option)?.have;
    const hardest = slices.reduce((hard, slice) =>
      slice.needs.capability.need > hard.needs.capability.need ? slice : hard,
    );
    if (have !== undefined)
      reasons.push(
        `${option.model} scores ${have.toFixed(1)}, ${hardest.task} needs ${hardest.needs.capability.need.toFixed(1)}`,
      );
    reasons.push(...coldStarts(option, slices, of));
  }
  if (runnerUp !== null) {
    const more = runnerUp.monthlyUsd - plan.monthlyUsd;
    reasons.push(
      `next best of other kinds: ${planWords(runnerUp)} at ${usdWords(runnerUp.monthlyUsd)}${ownMark(of.tables, runnerUp)} (${more < 0 ? '-' : '+'}${usdWords(Math.abs(more))}${ownMark(of.tables, runnerUp, plan)})`,
    );
  }
  for (const { kind, plan: other } of kinds) {
    if (other === null || other.id === runnerUp?.id || runsAlone(plan, kind))
      continue;
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

/** Whether a plan is of one kind throughout: what else that kind could do alone is the plan itself. */
const runsAlone = ({ deployments }: Plan, kind: Kind): boolean =>
  deployments.every(({ option, second }) => option.kind === kind && (second === undefined || second.option.kind === kind));

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
