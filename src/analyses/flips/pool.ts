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
import type { Advice, Decider, Limit } from './decider.js';

/**
 * Options of the plans that a report came across. Changed cases are decided among them, which is fast; whole decisions
 * prove what is shown, and what they find joins the pool.
 */
export type Pool = {
  options: readonly Option[];
  decide(context: Context): Advice;
  /**
   * The best of the pool in a changed case if it has other deployment types or models than a plan, and staying with the
   * plan costs more by over the pool's share; null: no change. The plan null: nothing fits so far.
   *
   * @param price of the plan in this case, if it is at hand
   */
  changeFrom(plan: CasePlan | null, context: Context, price?: Limit | null): Advice | null;
  /** The costs of a plan itself in a changed case; null: a rule excludes it. C0 is its own cost: the error is small. */
  price(plan: CasePlan, context: Context): Limit | null;
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
   * @param best of the pool in this case
   * @param least by over this share of the cost; left out: by what counts as a change
   */
  improve(context: Context, best: Advice, proofs: Proofs, least?: number): Advice | null;
  /** The best of all there is. */
  decideWhole(context: Context, proofs: Proofs): Advice;
};

/** @param share what counts: staying must cost more by over this share of its cost */
export function poolOf(decider: Decider, some: readonly Option[], share: number): Pool {
  const keys = new Map(some.map((option) => [keyOf(option), option]));
  const options = [...keys.values()];
  const { decide, among, improve } = decider.among(options);
  const amongPlaces = memoized((places: string) =>
    among(options.filter((option) => places.split('\n').includes(placeOf(option)))),
  );
  const traced = memoized(tracedCase);
  const priced = (plan: CasePlan, context: Context): Plan | null => {
    if (!plan.places.flatMap(optionsOf).every((option) => isThere(option, context))) return null;
    const again = repriced(traced(plan), context);
    return again !== null && mayStand(again, context) ? again : null;
  };
  const price = (plan: CasePlan, context: Context): Limit | null => {
    const own = priced(plan, context);
    return own && { countedUsd: countedUsd(own, context, own.monthlyUsd), baseUsd: own.monthlyUsd };
  };
  const bestAlike = (plan: CasePlan, context: Context, baseUsd: number): number | null => {
    const best = amongPlaces(placesIn(plan).join('\n')).decide(context, baseUsd);
    return best.plan !== null && !areAlike(best.plan, plan) ? null : best.countedUsd;
  };
  const costOf: Pool['costOf'] = (plan, context, baseUsd) => {
    const own = priced(plan, context);
    return own === null
      ? (bestAlike(plan, context, baseUsd) ?? Number.POSITIVE_INFINITY)
      : countedUsd(own, context, baseUsd);
  };
  const pool: Pool = {
    options,
    decide: (context) => decide(context),
    costOf,
    price,
    changeFrom(plan, context, now = plan && price(plan, context)) {
      // Most often nothing is cheaper.
      if (now !== null && improve(context, now, share) === null) return null;
      const best = decide(context);
      if (plan === null || best.plan === null) return (plan === null) === (best.plan === null) ? null : best;
      if (areAlike(best.plan, plan)) return null;
      const baseUsd = best.cheapest?.usd ?? 0;
      const stayingUsd = bestAlike(plan, context, baseUsd) ?? costOf(plan, context, baseUsd);
      return best.countedUsd < stayingUsd * (1 - share) ? best : null;
    },
    add(plans) {
      const further = plans.flatMap((plan) => plan?.places.flatMap(optionsOf) ?? []);
      const isHere = further.every((option) => keys.has(keyOf(option)));
      return isHere ? pool : poolOf(decider, [...options, ...further], share);
    },
    improve(context, best, proofs, least = share) {
      proofs.left -= 1;
      if (best.cheapest === null) {
        proofs.free += 1;
        const whole = decider.decide(context);
        return whole.plan === null ? null : whole;
      }
      proofs.bounded += 1;
      const better = decider.improve(context, { ...best, baseUsd: best.cheapest.usd }, least);
      return better && { ...better, cheapest: better.cheapest ?? best.cheapest };
    },
    decideWhole(context, proofs) {
      const best = decide(context);
      return pool.improve(context, best, proofs, 0) ?? best;
    },
  };
  return pool;
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
