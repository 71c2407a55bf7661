import { capabilityOf } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import { busyShare } from './busy.js';
import type { Choice } from './choose.js';
import { ownMark } from './own-priced.js';
import type { Plan } from './plan.js';
import { optionWords, planWords, usdWords } from './words.js';

const most = 6;

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
  }
  if (runnerUp !== null) {
    const more = runnerUp.monthlyUsd - plan.monthlyUsd;
    reasons.push(
      `next best of other kinds: ${planWords(runnerUp)} at ${usdWords(runnerUp.monthlyUsd)}${ownMark(of.tables, runnerUp)} (${more < 0 ? '-' : '+'}${usdWords(Math.abs(more))}${ownMark(of.tables, runnerUp, plan)})`,
    );
  }
  for (const { kind, plan: other } of kinds) {
    if (other === null || other.id === runnerUp?.id || plan.deployments.every(({ option }) => option.kind === kind))
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
