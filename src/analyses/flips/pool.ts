import { summedTerms } from '../../core/adjusted.js';
import { adjustedPricesIn, adjustedTermsOf } from '../../decide/adjusted-plan.js';
import { findOption, mayStand } from '../../decide/option-report.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import type { Proofs } from '../../decide/proofs.js';
import { type CasePlan, tracedCase } from '../../decide/several-case.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { memoized } from '../../units/memo.js';
import { repriced } from '../uncertainty/costs.js';
import type { Advice, Decider } from './decider.js';

/** Where a plan stands in a changed case, against the best of the pool. */
export type Standing = {
  best: Advice;
  /** Whether the best plan has other deployment types or models, and staying costs more by over the pool's share. */
  isChange: boolean;
  /** Whether a rule excludes the plan itself, so that what the pool has in its place is a guess. */
  isExcluded(): boolean;
};

/**
 * Options of the plans that a report came across. Changed cases are decided among them, which is fast; whole decisions
 * prove what is shown, and what they find joins the pool.
 */
export type Pool = {
  options: readonly Option[];
  decide(context: Context): Advice;
  /** Compares a plan with the best of the pool; null: nothing fits so far. */
  stand(plan: CasePlan | null, context: Context): Standing;
  /**
   * Cost that is minimized of staying with a plan, USD a month; infinite where it is not allowed. Where rules exclude
   * the plan itself, of the best with its deployment types and models.
   *
   * @param baseUsd C0 of the adjusted cost
   */
  costOf(plan: CasePlan, context: Context, baseUsd: number): number;
  add(plans: readonly (CasePlan | null)[]): Pool;
  /**
   * What a whole decision finds that is cheaper than the best of the pool; null: nothing.
   *
   * @param least by over this share of the cost; left out: by what counts as a change
   */
  improve(context: Context, proofs: Proofs, least?: number): Advice | null;
  /** What a whole decision finds. */
  decideFreely(context: Context, proofs: Proofs): Advice;
};

/** @param share what counts: staying must cost more by over this share of its cost */
export function poolOf(decider: Decider, some: readonly Option[], share: number): Pool {
  const options = [...new Map(some.map((option) => [keyOf(option), option])).values()];
  const decide = decider.among(options);
  const among = memoized((places: string) =>
    decider.among(options.filter((option) => places.split('\n').includes(placeOf(option)))),
  );
  const traced = memoized(tracedCase);
  const priced = (plan: CasePlan, context: Context): Plan | null => {
    if (!plan.places.flatMap(optionsOf).every((option) => isThere(option, context))) return null;
    const again = repriced(traced(plan), context);
    return again !== null && mayStand(again, context) ? again : null;
  };
  const bestAlike = (plan: CasePlan, context: Context, baseUsd: number): number | null => {
    const best = among(placesIn(plan).join('\n'))(context, baseUsd);
    return best.plan !== null && !areAlike(best.plan, plan) ? null : best.countedUsd;
  };
  const costOf: Pool['costOf'] = (plan, context, baseUsd) => {
    const own = priced(plan, context);
    return own === null
      ? (bestAlike(plan, context, baseUsd) ?? Number.POSITIVE_INFINITY)
      : countedUsd(own, context, baseUsd);
  };
  return {
    options,
    decide: (context) => decide(context),
    costOf,
    stand(plan, context) {
      const best = decide(context);
      const isExcluded = (): boolean => plan !== null && priced(plan, context) === null;
      if (plan === null || best.plan === null)
        return { best, isChange: (plan === null) !== (best.plan === null), isExcluded };
      if (areAlike(best.plan, plan)) return { best, isChange: false, isExcluded };
      const baseUsd = best.cheapest?.usd ?? 0;
      const stayingUsd = bestAlike(plan, context, baseUsd) ?? costOf(plan, context, baseUsd);
      return { best, isChange: best.countedUsd < stayingUsd * (1 - share), isExcluded };
    },
    add: (plans) =>
      poolOf(decider, [...options, ...plans.flatMap((plan) => plan?.places.flatMap(optionsOf) ?? [])], share),
    improve(context, proofs, least = share) {
      proofs.left -= 1;
      proofs.bounded += 1;
      return decider.improve(context, decide(context), least);
    },
    decideFreely(context, proofs) {
      proofs.left -= 1;
      proofs.free += 1;
      return decider.decide(context);
    },
  };
}

/** Whether something of one's own stands in a case: where it stands follows from the data rules. */
const isThere = ({ id, purchase }: Option, context: Context): boolean =>
  (purchase !== 'bought' && purchase !== 'owned') || findOption(id, context) !== null;

function countedUsd(plan: Plan, context: Context, baseUsd: number): number {
  const { workload } = context;
  if (workload.rules.objective === 'cost') return plan.monthlyUsd;
  return plan.monthlyUsd + summedTerms(adjustedTermsOf(plan, baseUsd, adjustedPricesIn(workload), context));
}

/** Whether plans have the same deployment types and models: only a difference in these is a change. */
export const areAlike = (one: CasePlan, other: CasePlan): boolean => nameOf(one) === nameOf(other);

/** Deployment types and models of a plan by task. */
const nameOf = ({ places }: CasePlan): string =>
  places
    .flatMap(({ option, second, taskParts }) =>
      taskParts.map(({ id }) => `${id} ${[option, ...(second ? [second.option] : [])].map(placeOf).join(' + ')}`),
    )
    .sort()
    .join();

const placesIn = ({ places }: CasePlan): string[] => [...new Set(places.flatMap(optionsOf).map(placeOf))].sort();

const placeOf = ({ kind, family, model, mode }: Option): string => [kind, family ?? model, mode].join(' ');

const keyOf = ({ id, fleet }: Option): string => `${id} ${fleet?.gpusPerReplica ?? ''}`;
