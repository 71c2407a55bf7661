import type { Case } from '../placements/placement.js';
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

export function meritsOf(plan: Plan, cheapest: Plan, of: Case): Merits {
  const reviewed = review(plan, of);
  const waits = [...reviewed.services].flatMap(([slice, seen]) =>
    isWaitedFor(slice) ? [seen?.ttftP95Ms ?? null] : [],
  );
  const known = waits.filter((ms) => ms !== null);
  return {
    plan,
    usd: plan.monthlyUsd,
    scores: reviewScores(reviewed, cheapest, of),
    ttftP95Ms: known.length === 0 || known.length < waits.length ? null : Math.max(...known),
    fte: plan.fte,
    deployments: plan.deployments.flatMap(optionsOf).length,
  };
}
