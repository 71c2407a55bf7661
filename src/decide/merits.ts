import type { Context } from '../places/placement.js';
import type { Scores } from './decision.js';
import { isWaitedFor } from './limits.js';
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

export function meritsOf(plan: Plan, cheapest: Plan, context: Context, reviewed = review(plan, context)): Merits {
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
