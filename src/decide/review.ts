import { isUnpriced } from '../cost/line.js';
import type { Option } from '../places/option.js';
import type { Case, SliceService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { availability, availabilityOfPair } from '../rules/availability.js';
import { isPlain, type Verdict } from '../rules/gate.js';
import { preferences, wishOf } from '../rules/preferences.js';
import type { Slice } from '../workload/demand.js';
import type { Scores } from './decision.js';
import { verdictsOn } from './filter.js';
import type { Plan } from './plan.js';
import { roundedOrNull } from './round.js';
import { scoresOf } from './scores.js';

/** A plan with what its slices would see and every verdict that is no plain pass. */
export type Reviewed = {
  plan: Plan;
  services: Map<Slice, SliceService | null>;
  verdicts: { task: string; gate: string; verdict: Verdict }[];
};

function seenOn(option: Option, slice: Slice, of: Case): SliceService | null {
  const service = placementOf(option.kind).service(option, slice, of);
  return isUnpriced(service) ? null : service;
}

/** What a slice sees of two places: of each figure the slower, as rules hold both; null where one is not known. */
function slowerOf(first: SliceService | null, second: SliceService | null): SliceService | null {
  if (first === null || second === null) return null;
  const worse = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
    a === null || b === null ? null : of(a, b);
  return {
    ...first,
    ttftP95Ms: worse(first.ttftP95Ms, second.ttftP95Ms, Math.max),
    totalP95Ms: worse(first.totalP95Ms, second.totalP95Ms, Math.max),
    tokensPerSecond: worse(first.tokensPerSecond, second.tokensPerSecond, Math.min),
  };
}

export function review(plan: Plan, of: Case): Reviewed {
  const services: Reviewed['services'] = new Map();
  const verdicts: Reviewed['verdicts'] = [];
  for (const { option, slices, second } of plan.deployments) {
    for (const slice of slices) {
      const seen = seenOn(option, slice, of);
      const behind = second === undefined ? undefined : seenOn(second.option, slice, of);
      services.set(slice, behind === undefined ? seen : slowerOf(seen, behind));
      const found = [
        ...verdictsOn(option, slice, of, seen),
        ...(second && behind !== undefined ? verdictsOn(second.option, slice, of, behind) : []),
      ];
      if (second !== undefined) {
        const wish = wishOf(second.role, of);
        if (!isPlain(wish)) verdicts.push({ task: slice.task, gate: preferences.id, verdict: wish });
      }
      if (second?.role !== 'failover') {
        verdicts.push(...found.map((one) => ({ task: slice.task, ...one })));
        continue;
      }
      // How available they are is told of the two together.
      verdicts.push(...found.flatMap((one) => (one.gate === availability.id ? [] : { task: slice.task, ...one })));
      const pair = availabilityOfPair(option, second.option, slice, of);
      if (!isPlain(pair)) verdicts.push({ task: slice.task, gate: availability.id, verdict: pair });
    }
  }
  return { plan, services, verdicts };
}

/** The factor scores of a reviewed plan, against the cheapest feasible one. */
export const reviewScores = ({ plan, services, verdicts }: Reviewed, cheapest: Plan | null, of: Case): Scores =>
  scoresOf(
    {
      plan,
      cheapestUsd: cheapest?.monthlyUsd ?? null,
      verdicts: verdicts.map(({ gate, verdict }) => ({ gate, state: verdict.state })),
      serviceOf: (slice) => services.get(slice) ?? null,
    },
    of,
  );

export const roundedScores = ({ volume, sensitivity, capability, team, latency, total }: Scores): Scores => ({
  volume: roundedOrNull(volume),
  sensitivity: roundedOrNull(sensitivity),
  capability: roundedOrNull(capability),
  team: roundedOrNull(team),
  latency: roundedOrNull(latency),
  total: roundedOrNull(total),
});
