import type { Context } from '../places/placement.js';
import { fullScore } from '../rules/model.js';
import type { Scores } from './decision.js';
import { isWaitedFor, type Limits } from './limits.js';
import { optionsOf, type Plan } from './plan.js';
import { review, reviewScores } from './review.js';

/** What speaks for a plan beside its cost. */
export type Merits = {
  plan: Plan;
  usd: number;
  scores: Scores;
  /** Largest p95 time to the first token of the tasks that somebody waits for; null: none, or not known. */
  ttftP95Ms: number | null;
  fte: number;
  deployments: number;
};

export function meritsOf(plan: Plan, cheapest: Plan, context: Context): Merits {
  const reviewed = review(plan, context);
  const waits = [...reviewed.services].flatMap(([taskPart, seen]) =>
    isWaitedFor(taskPart) ? [seen?.ttftP95Ms ?? null] : [],
  );
  const known = waits.filter((ms) => ms !== null);
  return {
    plan,
    usd: plan.monthlyUsd,
    scores: reviewScores(reviewed, cheapest, context),
    ttftP95Ms: known.length === 0 || known.length < waits.length ? null : Math.max(...known),
    fte: plan.fte,
    deployments: plan.deployments.flatMap(optionsOf).length,
  };
}

/** Whether a plan is known to keep limits. */
export function keepsLimits({ scores, ttftP95Ms, fte, deployments }: Merits, limits: Limits): boolean {
  const atLeast = (score: number | null, limit = 0): boolean => limit === 0 || (score ?? 0) >= limit;
  return (
    atLeast(scores.capability, limits.capabilityScore) &&
    atLeast(scores.latency, limits.latencyScore) &&
    (limits.ttftP95Ms === undefined || (ttftP95Ms ?? Number.POSITIVE_INFINITY) <= limits.ttftP95Ms) &&
    fte <= (limits.maxFte ?? Number.POSITIVE_INFINITY) &&
    deployments <= (limits.maxDeployments ?? Number.POSITIVE_INFINITY) &&
    (limits.unconditional !== true || scores.sensitivity === fullScore)
  );
}
