import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { planIn } from './at-volume.js';
import { tracedCase } from './case-plan.js';
import type { Choice } from './choice.js';
import type { ParetoRow, Scores } from './decision.js';
import { isWaitedFor, type Limits, limited } from './limits.js';
import { optionsOf, type Plan, planWords } from './plan.js';
import { kindsOf } from './recommendation.js';
import { review, reviewScores } from './review.js';
import { rounded, roundedOrNull } from './round.js';
import { changedSeveral, narrowedSeveral, type SeveralCase, searchByCost, severalCase } from './several-case.js';
import { slicesWeighed } from './splits/cuts.js';

/**
 * Plans of which none is worse than another in cost, capability, latency and people at once, cheapest first.
 *
 * Each is the cheapest within some limits, so no plan is better in all four; between them there may be more. Limits are
 * steps from the cheapest plan. Most are tried on what is billed per token, which needs no people; a few on every
 * deployment type.
 */
export function paretoFront({ cheapest, advised, several }: Choice, context: Context): Merits[] {
  if (cheapest === null) return [];
  const whole = several ?? severalCase(context);
  const onApis = narrowedSeveral(
    whole,
    whole.supply.apis.option.filter(({ kind }) => placementOf(kind).perToken),
  );
  const { workload } = context;
  const start = meritsOf(cheapest, cheapest, context);
  const found = new Map<string, Merits>([[cheapest.id, start]]);
  const add = (plan: Plan | null): void => {
    if (plan !== null && !found.has(plan.id)) found.set(plan.id, meritsOf(plan, cheapest, context));
  };
  add(advised);
  const ask = (among: SeveralCase, limits: Limits): void => {
    const found = searchByCost(changedSeveral(among, limited(context, limits))).best();
    add(found && planIn(tracedCase(found), context));
  };
  const steps = stepsFrom(start);
  const decisions = slicesWeighed(context) > workload.assume('paretoTasks') ? 0 : workload.assume('paretoDecisions');
  for (const limits of steps.anywhere.slice(0, decisions)) ask(whole, limits);
  for (const limits of steps.perToken) ask(onApis, { ...limits, maxFte: 0 });
  return undominated([...found.values()]);
}

export const paretoRow = ({ plan, usd, scores, ttftP95Ms, fte }: Merits, { workload, tables }: Context): ParetoRow => ({
  plan: plan.id,
  label: planWords(plan, tables),
  kinds: kindsOf(plan, workload),
  monthlyCost: rounded(usd),
  capability: roundedOrNull(scores.capability),
  latency: roundedOrNull(ttftP95Ms),
  fte: rounded(fte),
});

function stepsFrom({ scores: { capability }, ttftP95Ms, fte }: Merits): { anywhere: Limits[]; perToken: Limits[] } {
  const score = capability ?? 0;
  const up = (part: number): Limits => ({ capabilityScore: score + (100 - score) * part });
  const within = (part: number): Limits[] => (ttftP95Ms === null ? [] : [{ ttftP95Ms: ttftP95Ms * part }]);
  const fewer = (part: number): Limits[] => (fte === 0 ? [] : [{ maxFte: fte * part }]);
  return {
    anywhere: [...fewer(1 / 2), up(2 / 3), ...within(1 / 4), ...within(1 / 2)],
    perToken: [
      ...(fte === 0 ? [] : [{}]),
      ...[1 / 3, 2 / 3, 0.95].map(up),
      ...[1 / 2, 1 / 4].flatMap(within),
      ...within(1 / 2).map((limits) => ({ ...limits, ...up(2 / 3) })),
    ],
  };
}

/** Those that no other one dominates: as good in everything and better in something; of equals the first id. */
export function undominated(all: readonly Merits[]): Merits[] {
  return all
    .filter((one) => !all.some((other) => other !== one && beats(other, one)))
    .sort((a, b) => a.usd - b.usd || (a.plan.id < b.plan.id ? -1 : 1));
}

function beats(a: Merits, b: Merits): boolean {
  const [x, y] = [valuesOf(a), valuesOf(b)];
  if (x.some((value, i) => value > (y[i] as number))) return false;
  return x.some((value, i) => value < (y[i] as number)) || a.plan.id < b.plan.id;
}

/** What should be low. What is not known counts as worst. */
const valuesOf = ({ usd, scores, ttftP95Ms, fte }: Merits): number[] => [
  usd,
  -(scores.capability ?? 0),
  ttftP95Ms ?? Number.POSITIVE_INFINITY,
  fte,
];

/** Merits of a plan, with its cost. */
export type Merits = {
  plan: Plan;
  usd: number;
  scores: Scores;
  /** Largest p95 first token in ms of the tasks that somebody waits for; null: none, or not known. */
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
