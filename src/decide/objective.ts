import type { Context } from '../places/placement.js';
import { fullScore } from '../rules/model.js';
import { certainlyAbove } from '../units/float.js';
import { planIn } from './at-volume.js';
import type { Scores } from './decision.js';
import { isWaitedFor, isWithin, type Limits, limited } from './filter.js';
import type { OfferScope } from './offered.js';
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

/** The plan to advise by another objective than cost, and whether the decisions it may take were enough to prove it. */
export type ByObjective = { advised: Plan; complete: boolean; decisions: number };

/** What was found under limits: a plan is the cheapest there; none (null) is known of those below so many USD a month. */
type Known = { limits: Limits; found: Merits | null; below: number };

/** Scores closer than this are one. */
const scoreStep = 0.01;

/** Beyond a limit, however little. */
const beyond = 1e-9;

/**
 * The best plan by the capability score (`quality`) or by the total of all scores (`balanced`).
 *
 * Nothing but the cheapest plan under limits is ever asked for. Any plan with a higher total than the cheapest one must
 * beat it in a score, so the plans under each such limit are looked at in turn, as far as they could still win: exact, as
 * long as the decisions last. What is too dear for the total looked for is not even searched.
 */
export function bestByObjective(
  context: Context,
  cheapest: Plan,
  decide: (context: Context, scope: Pick<OfferScope, 'below'>) => Plan | null,
  progress?: (decisions: number) => void,
): ByObjective {
  const { workload } = context;
  const byTotal = workload.rules.objective === 'balanced';
  const budget = workload.assume('objectiveDecisions');
  const start = meritsOf(cheapest, cheapest, context);
  const known: Known[] = [{ limits: {}, found: start, below: Number.POSITIVE_INFINITY }];
  let decisions = 0;
  let complete = true;

  const value = ({ scores }: Merits): number => (byTotal ? scores.total : scores.capability) ?? 0;
  const best = highest();
  return { advised: best.plan, complete, decisions };

  /**
   * The cheapest plan under limits, as it is under the rules alone; null: there is none, none below so many USD a month, or
   * no decision is left.
   */
  function under(limits: Limits, below = Number.POSITIVE_INFINITY): Merits | null {
    for (const one of known) {
      if (!isWithin(limits, one.limits)) continue;
      // What is cheapest under wider limits is so here too, if it keeps these; and nothing here is any cheaper.
      if (one.found === null ? one.below >= below : one.found.usd >= below) return null;
      if (one.found !== null && keepsLimits(one.found, limits)) return one.found;
    }
    if (decisions >= budget) {
      complete = false;
      return null;
    }
    decisions++;
    const plan = decide(limited(context, limits), { below });
    const here = plan && planIn(plan, context);
    const found = here && meritsOf(here, cheapest, context);
    known.push({ limits, found, below });
    progress?.(decisions);
    return found;
  }

  function highest(): Merits {
    return byTotal ? (highestTotal({}, 0) ?? start) : (mostCapable({}, start) ?? start);
  }

  /** By bisection, there being a plan of each score up to the highest or of a higher one; the cheapest that scores as much. */
  function mostCapable(limits: Limits, from: Merits | null): Merits | null {
    let found = from ?? under(limits);
    if (found === null) return null;
    let most = 100;
    let tried = most;
    while (most - (found.scores.capability ?? 0) > scoreStep && complete) {
      const better: Merits | null = under({ ...limits, capabilityScore: tried });
      // What falls short of its own limit would be asked for again and again.
      if (better === null || (better.scores.capability ?? 0) < tried - scoreStep) most = tried;
      else found = better;
      tried = ((found.scores.capability ?? 0) + most) / 2;
    }
    // One that scores next to nothing less may cost much less.
    return under({ ...limits, capabilityScore: (found.scores.capability ?? 0) - scoreStep }) ?? found;
  }

  /** The highest total under limits, if it is at least `floor`: the cheapest plan that has as much. */
  function highestTotal(limits: Limits, floor: number): Merits | null {
    const all: Merits[] = [];
    let most = floor;
    const enough = () => most - scoreStep;
    const open: { limits: Limits; most: number; from: number }[] = [
      { limits, most: Number.POSITIVE_INFINITY, from: 0 },
    ];
    const seen = new Set<string>();
    while (open.length > 0 && complete) {
      // From the best plan on: the sooner a high total is met, the less is left to search.
      open.sort((a, b) => b.from - a.from || b.most - a.most);
      const next = open.shift() as (typeof open)[number];
      if (next.most < enough()) continue;
      const met = under(next.limits, dearest(enough()));
      if (met === null) continue;
      all.push(met);
      most = Math.max(most, value(met));
      for (const stricter of beyondOf(met, next.limits)) {
        const key = JSON.stringify(stricter);
        if (!seen.has(key)) open.push({ limits: stricter, most: mostAt(met.usd), from: value(met) });
        seen.add(key);
      }
    }
    return all.filter((one) => value(one) >= enough()).sort((a, b) => a.usd - b.usd || value(b) - value(a))[0] ?? null;
  }

  /** The highest total that a plan of at least this cost can have: everything but its cost at its best. */
  function mostAt(usd: number): number {
    const { weights } = workload.rules;
    const all = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    const volume = usd === 0 ? 100 : 100 * Math.min(1, cheapest.monthlyUsd / usd);
    // A factor that does not apply leaves cost more weight, which never helps what costs more.
    return all === 0 ? 0 : (volume * weights.volume + 100 * (all - weights.volume)) / all;
  }

  /** What plans of at least this total cost less than, in USD a month: `mostAt`, turned round. */
  function dearest(total: number): number {
    const { weights } = workload.rules;
    const all = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    const volume = (total * all - 100 * (all - weights.volume)) / weights.volume;
    // Nothing is too dear where all else may make up for it, or where the cheapest is free.
    const usd = (100 * cheapest.monthlyUsd) / volume;
    return usd > 0 ? usd * certainlyAbove : Number.POSITIVE_INFINITY;
  }

  /** Limits that a plan keeps if it is better than this one in something but its cost. */
  function beyondOf({ scores, fte }: Merits, limits: Limits): Limits[] {
    const { capability, sensitivity, latency } = scores;
    return [
      ...(capability !== null && capability < 100 - scoreStep
        ? [{ ...limits, capabilityScore: capability + scoreStep }]
        : []),
      ...(sensitivity !== null && sensitivity < 100 && limits.unconditional !== true
        ? [{ ...limits, unconditional: true }]
        : []),
      ...(latency !== null && latency < 100 - scoreStep ? [{ ...limits, latencyScore: latency + scoreStep }] : []),
      ...(fte > 0 ? [{ ...limits, maxFte: fte * (1 - beyond) - beyond }] : []),
    ];
  }
}
