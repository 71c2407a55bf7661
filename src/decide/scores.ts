import { parameterOf } from '../cost/extras.js';
import type { Context, TaskService } from '../places/placement.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { dataGates } from '../rules/registry.js';
import type { Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart } from '../workload/workload.js';
import type { Factor, Scores } from './decision.js';
import { optionsOf, type Plan } from './plan.js';

/** What the scores are made of: computed quantities, never opinions. */
export type Scored = {
  plan: Plan;
  cheapestUsd: number | null;
  /** Data gates with a condition, and those that fail, over all tasks. */
  verdicts: readonly { gate: string; state: string }[];
  serviceOf(taskPart: TaskPart): TaskService | null;
};

/**
 * The five factor scores, 0 to 100 (docs/model.md, scores): closeness to the cheapest, data boundary, probability that
 * every task's capability suffices, free people over needed ones, targets over predicted latency. Null: not applicable.
 */
export function scoresOf({ plan, cheapestUsd, verdicts, serviceOf }: Scored, { workload }: Context): Scores {
  const factors: Record<Factor, number | null> = {
    volume: cheapestUsd === null ? null : fullScore * shareOf(cheapestUsd, plan.monthlyUsd),
    sensitivity: sensitivity(verdicts, workload.assume('conditionScore')),
    capability: lowest(
      plan.deployments.flatMap((one) =>
        optionsOf(one).flatMap((option) => one.taskParts.map((taskPart) => capabilityScore(option, taskPart))),
      ),
    ),
    team: plan.fte === 0 || workload.team.given ? fullScore * shareOf(workload.team.freeFte, plan.fte) : null,
    latency: lowest(
      plan.deployments.flatMap(({ taskParts }) => taskParts.map((taskPart) => latency(taskPart, serviceOf(taskPart)))),
    ),
  };
  let sum = 0;
  let weight = 0;
  for (const [factor, score] of Object.entries(factors) as [Factor, number | null][]) {
    if (score === null) continue;
    sum += score * workload.rules.weights[factor];
    weight += workload.rules.weights[factor];
  }
  return { ...factors, total: weight === 0 ? null : sum / weight };
}

const lowest = (scores: readonly (number | null)[]): number | null => {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** How much of what is needed is there, at most all of it; where nothing is needed, all. */
const shareOf = (have: number, need: number): number => (need === 0 ? 1 : Math.min(1, have / need));

function sensitivity(verdicts: Scored['verdicts'], conditionScore: number): number {
  const data = verdicts.filter(({ gate }) => dataGates.has(gate));
  if (data.some(({ state }) => state === 'failed' || state === 'unknown')) return 0;
  return data.length > 0 ? conditionScore : fullScore;
}

function latency({ needs }: TaskPart, service: TaskService | null): number | null {
  if (service === null) return null;
  const share = (target: number | undefined, have: number | null, atMost: boolean) =>
    target === undefined || have === null ? null : fullScore * (atMost ? shareOf(target, have) : shareOf(have, target));
  return lowest([
    share(needs.ttftP95Ms?.value, service.ttftP95Ms, true),
    share(needs.totalP95Ms?.value, service.totalP95Ms, true),
    share(needs.tokensPerSecond?.value, service.tokensPerSecond, false),
  ]);
}

/** A rating of a kind as the tables have it, in a word: `3 medium`; null where they have none. */
export function rating(prefix: string, kind: Kind, { parameterOf: known }: Tables): string | null {
  const row = known.get(parameterOf(prefix, kind));
  if (row === undefined) return null;
  return new RegExp(`\\b${row.likely} (\\w+)`).exec(row.unit)?.[1] ?? String(row.likely);
}
