import { summedTerms } from '../../core/adjusted.js';
import { adjustedPricesIn, adjustedTermsOf } from '../../decide/adjusted-plan.js';
import type { Choice } from '../../decide/choice.js';
import { kindsByTask } from '../../decide/choice.js';
import type { PlanOdds, TornadoRow, Uncertainty } from '../../decide/decision.js';
import { monthsOf } from '../../decide/months.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planWords, servings, upfrontCashUsd } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import type { Context } from '../../places/placement.js';
import { seldomGiven } from '../../rules/service.js';
import { isAtMost, rounded, roundedOrNull, roundedTree } from '../../units/numeric.js';
import type { ReadScenario } from '../../workload/read.js';
import type { TaskPart } from '../../workload/workload.js';
import { confidenceOf, plansDrawn, swingsOf, tornadoOf } from './confidence.js';
import { belowFloorShare, missedIn, repriced, repricer } from './costs.js';
import { type CaseAt, casesOf, costsOfPlan, drawn, likelyOf, percentilesOf, sampleOf } from './draws.js';
import { type UncertainInput, uncertainInputs } from './inputs.js';
import { cheapestShares, regretOf, type Standing, winnersOf } from './winners.js';

/** Share of simulations with the dearest month, or the up-front payment, over budget; null without one. */
export function overBudgetShare(
  plan: Plan,
  draws: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
): number | null {
  const values = new Float64Array(inputs.length);
  let over = 0;
  for (let k = 0; k < draws; k++) {
    const context = caseAt(drawn(inputs, k, values));
    const { budgetMonthlyUsd, budgetUpfrontUsd } = context.workload.rules;
    if (budgetMonthlyUsd === null && budgetUpfrontUsd === null) return null;
    const again = repriced(plan, context);
    if (
      again === null ||
      !isAtMost(monthsOf(again, context).peakCashUsd, budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) ||
      !isAtMost(upfrontCashUsd(again), budgetUpfrontUsd ?? Number.POSITIVE_INFINITY)
    )
      over += 1;
  }
  return rounded(over / draws);
}

type UncertaintyOptions = {
  seed: number;
  /** Plans that other analyses came across. */
  further?: readonly Plan[];
};

/** Results of the simulations: for the advice, all priced plans, and each input. */
export type Drawn = { advised: PlanOdds; uncertainty: Uncertainty; tornado: TornadoRow[] };

/**
 * Confidence of the recommendation: its plan and others of the report are priced on the same simulations, and the best of
 * each is picked by the rule of the recommendation.
 */
export function uncertaintyOf(
  read: ReadScenario,
  choice: Choice,
  context: Context,
  { seed, further = [] }: UncertaintyOptions,
): Drawn | null {
  const { advised } = choice;
  if (advised === null) return null;
  const { assume } = context.workload;
  const plans = plansDrawn(advised, choice, further, assume('drawPlans'), context);
  const inputs = uncertainInputs(read.scenario, plans, context, seed);
  const ranges = inputs.filter(({ origin }) => origin === 'user').length;
  const draws = Math.max(1, Math.floor(assume(ranges === 0 ? 'drawCountWithoutRanges' : 'drawCount')));
  const baseUsd = choice.isAdjusted ? (choice.cheapest?.monthlyUsd ?? null) : null;
  const caseAt = casesOf(read, context, inputs);
  const price = repricer(plans, caseAt(likelyOf(inputs)).tables);
  const matters = (some: readonly Plan[]) =>
    new Set(uncertainInputs(read.scenario, some, context, seed).map(({ path }) => path));
  const extraUsd = extraUsdOf(plans, context, baseUsd);
  const survival = { first: assume('drawsOfAll'), upTo: assume('drawSurvivesTo'), extraUsd, matters };
  const sample = sampleOf(plans, inputs, draws, caseAt, survival);
  const whole = { ...sample, usd: sample.usd.map((usd, at) => usd + (extraUsd[Math.floor(at / draws)] as number)) };
  const missed = plans.map((plan): Missed => missedIn(plan, draws, seed, isAssumed) ?? new Map());
  const isGood: Standing = (p, k) => [...(missed[p] as Missed).values()].every((flags) => flags[k] !== 1);
  // How likely models are to be good enough has a price in the adjusted cost; by cost the good ones come first.
  const anyway = winnersOf(whole, () => true).winners;
  const winners =
    baseUsd === null ? winnersOf(whole, isGood).winners.map((p, k) => (p >= 0 ? p : (anyway[k] as number))) : anyway;
  // Regret compares what decides: bills and people, or the adjusted cost.
  const ranked = baseUsd === null ? sample : whole;
  const { least } = winnersOf(ranked, () => true);
  const cheapest = cheapestShares(sample);

  const kinds = plans.map(kindsByTask);
  const places = plans.map(modelsAndPlaces);
  const odds = plans.map((plan, p): PlanOdds => {
    const costs = costsOfPlan(sample, p);
    const isBest = (names: readonly string[]) =>
      share(draws, (k) => names[winners[k] as number] === names[p] && isGood(p, k));
    return {
      plan: plan.id,
      label: planWords(plan, context.tables),
      kinds: kindsOf(plan, context.workload),
      monthlyCost: rounded(plan.monthlyUsd),
      monthlyCostRange: roundedTree(percentilesOf(costs)),
      probabilityBest: isBest(places),
      probabilityKindsBest: isBest(kinds),
      probabilityCheapest: rounded(cheapest[p] as number),
      // Months are slow to price.
      probabilityOverBudget:
        p === 0 ? overBudgetShare(plan, Math.min(draws, assume('drawBudgets')), inputs, caseAt) : null,
      probabilityBelowFloor: belowFloorShare(plan, draws, seed),
      probabilityRuledOut: share(costs.length, (k) => !Number.isFinite(costs[k])),
      regret: roundedOrNull(regretOf(costsOfPlan(ranked, p), least)),
    };
  });
  const tornado = tornadoOf(inputs, swingsOf(plans.length, inputs, caseAt, price), { plans, extraUsd });
  const leastRegret = odds.reduce((best, one) => ((one.regret ?? Infinity) < (best.regret ?? Infinity) ? one : best));
  return {
    advised: odds[0] as PlanOdds,
    tornado,
    uncertainty: {
      draws,
      seed,
      inputs: inputs.length,
      ranges,
      plans: odds.toSorted((a, b) => b.probabilityBest - a.probabilityBest || a.monthlyCost - b.monthlyCost),
      leastRegret:
        leastRegret.plan === advised.id
          ? null
          : { plan: leastRegret.plan, label: leastRegret.label, regret: leastRegret.regret },
      confidence: confidenceOf({
        plans,
        winners,
        sample,
        missed: missed[0] as Missed,
        assume,
        isOnly: choice.runnerUp === null,
        hangs: planVerdicts(advised, context).some(({ verdict }) => verdict.why().warning?.code === seldomGiven),
        isGuess: (path) => context.tables.parameterOf.get(path.replace(/^assumptions\./, ''))?.confidence === 'low',
      }),
    },
  };
}

/** Models and places of a plan by task, without schemes and cards: near twins are one. */
const modelsAndPlaces = ({ deployments }: Plan): string =>
  servings(deployments)
    .map(({ taskPart, name, option }) =>
      [taskPart.id, name, option.kind, option.provider, option.family ?? option.model, option.mode].join(' '),
    )
    .sort()
    .join();

/**
 * Adjusted cost of each plan beyond its cost (risks and preferences), USD a month.
 *
 * @param baseUsd C0 of the adjusted cost, that of the likely inputs in all draws; null: cost alone decides
 */
function extraUsdOf(plans: readonly Plan[], context: Context, baseUsd: number | null): number[] {
  if (baseUsd === null) return plans.map(() => 0);
  const prices = adjustedPricesIn(context.workload);
  return plans.map((plan) => summedTerms(adjustedTermsOf(plan, baseUsd, prices, context)));
}

type Missed = ReadonlyMap<string, Uint8Array>;

/** What the user wrote is no guess: a draw does not lose it. */
const isAssumed = ({ needs }: TaskPart): boolean => needs.capability.assumed;

const share = (draws: number, holds: (draw: number) => boolean): number => {
  let count = 0;
  for (let k = 0; k < draws; k++) if (holds(k)) count += 1;
  return rounded(count / draws);
};
