import { summedTerms } from '../../core/adjusted.js';
import { adjustedPricesIn, adjustedTermsOf } from '../../decide/adjusted-plan.js';
import type { Choice } from '../../decide/choice.js';
import { kindsByTask } from '../../decide/choice.js';
import { advisedIn } from '../../decide/core-choice.js';
import { slicesWeighed } from '../../decide/cuts.js';
import type { PlanOdds, StraddleRow, TornadoRow, Uncertainty } from '../../decide/decision.js';
import { monthsOf } from '../../decide/months.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planWords, upfrontCashUsd } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import type { Context } from '../../places/placement.js';
import { seldomGiven } from '../../rules/service.js';
import { isAtMost, rounded, roundedOrNull, roundedTree } from '../../units/numeric.js';
import { dimensionOf } from '../../units/statistics.js';
import type { ReadScenario } from '../../workload/read.js';
import type { TaskPart } from '../../workload/workload.js';
import { advisedAmong, confidenceOf, plansMet, poolOf, swingsOf, tornadoOf } from './confidence.js';
import { belowFloorShare, measuresOf, missedIn, repriced, repricer } from './costs.js';
import {
  type CaseAt,
  casesOf,
  costsOfPlan,
  drawn,
  likelyOf,
  percentilesOf,
  type Sample,
  sampleOf,
  valuesOfInput,
  wholeCases,
} from './draws.js';
import { type UncertainInput, uncertainInputs } from './inputs.js';
import { cheapestShares, isBeyond, regretOf, rulesIn, type Standing, type Straddle, winnersOf } from './winners.js';

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

/** Simulations in each bin of an input's values, enough for a mean. */
const drawsOfBin = 128;
const fewestBins = 4;
/** Of the cost: less than this is how far sums are off. */
const leastShare = 1e-9;

/**
 * USD a month that knowing an input exactly is worth before choosing a plan (EVPPI): the least mean cost of one plan,
 * less that of the best plan for each part of the input's range. Subtracted is the most that unrelated numbers would
 * seem worth by chance.
 */
export function worthOf(sample: Sample, plans: readonly number[], chance: readonly Float64Array[]): Float64Array {
  const { inputs, draws } = sample;
  const all = Array.from({ length: draws }, (_, k) => k);
  const whole = leastMean(sample, plans, all);
  const bins = Math.max(fewestBins, Math.floor(draws / drawsOfBin));
  const known = (values: Float64Array): number => {
    const sorted = all.toSorted((a, b) => (values[a] as number) - (values[b] as number));
    let usd = 0;
    for (let bin = 0; bin < bins; bin++) {
      const part = sorted.slice(Math.floor((bin * draws) / bins), Math.floor(((bin + 1) * draws) / bins));
      usd += (leastMean(sample, plans, part) * part.length) / draws;
    }
    return whole - usd;
  };
  const byChance = Math.max(0, ...chance.map(known));
  const negligible = whole * leastShare;
  return Float64Array.from(inputs, (_, i) => {
    const values = valuesOfInput(sample, i);
    if (values.some(Number.isNaN)) return 0;
    const worth = known(values) - byChance;
    return worth > negligible ? worth : 0;
  });
}

/** The least mean cost of one plan over some draws. */
function leastMean(sample: Sample, plans: readonly number[], draws: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const p of plans) {
    const costs = costsOfPlan(sample, p);
    let sum = 0;
    for (const k of draws) sum += costs[k] as number;
    if (sum / draws.length < least) least = sum / draws.length;
  }
  return least;
}

type UncertaintyOptions = {
  seed: number;
  /** Told how many decisions of how many were made. */
  progress?: (decisions: number, total: number) => void;
};

/** Results of the simulations: for the advice, all priced plans, and each input. */
export type Drawn = { advised: PlanOdds; uncertainty: Uncertainty; tornado: TornadoRow[] };

/**
 * Confidence of the advice. Plans met, and the advice of whole decisions on the first simulations, are priced on the
 * same simulations; the best is picked by the advice's rule.
 */
export function uncertaintyOf(
  read: ReadScenario,
  choice: Choice,
  context: Context,
  { seed, progress }: UncertaintyOptions,
): Drawn | null {
  const { advised } = choice;
  if (advised === null) return null;
  const { assume } = context.workload;
  const most = assume('drawPlans');
  const met = plansMet(advised, choice, most, context);
  const first = uncertainInputs(read.scenario, met, context, seed);
  const ranges = first.filter(({ origin }) => origin === 'user').length;
  const named = (name: string) => assume(ranges === 0 ? `${name}WithoutRanges` : name);
  const draws = Math.max(1, Math.floor(named('drawCount')));
  // A decision takes longer the more there is to place.
  const weighed = slicesWeighed(context);
  const few = (decisions: number) => Math.max(1, Math.floor(decisions / weighed));
  const wholeAt = wholeCases(read, context, first, seed);
  const pilots = Math.min(draws, few(named('drawPilots')));
  const checks = few(named('drawChecks'));
  let decisions = 0;
  const tick = () => {
    decisions += 1;
    progress?.(decisions, pilots + checks);
  };
  const baseUsd = choice.isAdjusted ? (choice.cheapest?.monthlyUsd ?? null) : null;
  const pool = poolOf(met, pilots, most, wholeAt, baseUsd, tick);
  // A plan found in a simulation is shown at likely values, like all others.
  const plans = pool.flatMap((plan) => repriced(plan, context) ?? []);

  const inputs = uncertainInputs(read.scenario, plans, context, seed);
  const caseAt = casesOf(read, context, inputs);
  const price = repricer(plans, caseAt(likelyOf(inputs)).tables);
  const matters = (some: readonly Plan[]) =>
    new Set(uncertainInputs(read.scenario, some, context, seed).map(({ path }) => path));
  const extraUsd = extraUsdOf(plans, context, baseUsd);
  const survival = { first: assume('drawCountWithoutRanges'), upTo: assume('drawSurvivesTo'), extraUsd, matters };
  const sample = sampleOf(plans, inputs, draws, caseAt, survival);
  const whole = { ...sample, usd: sample.usd.map((usd, at) => usd + (extraUsd[Math.floor(at / draws)] as number)) };
  const missed = plans.map((plan): Missed => missedIn(plan, draws, seed, isAssumed) ?? new Map());
  const isGood: Standing = (p, k) => k < 0 || [...(missed[p] as Missed).values()].every((flags) => flags[k] !== 1);
  // How likely models are to be good enough has a price in the adjusted cost.
  const isPreferred: Standing = baseUsd === null ? isGood : () => true;
  const { stands, standsAt, straddles } = rulesIn(whole, plans, isPreferred, inputs, caseAt);
  // Where no plan is good enough, costs decide, and none counts as good.
  const anyway = winnersOf(whole, stands).winners;
  const winners =
    baseUsd === null
      ? winnersOf(whole, (p, k) => stands(p, k) && isGood(p, k)).winners.map((p, k) =>
          p >= 0 ? p : (anyway[k] as number),
        )
      : anyway;
  // Regret and worth compare what decides: bills and people, or the adjusted cost.
  const ranked = baseUsd === null ? sample : whole;
  const { least } = winnersOf(ranked, stands);
  const cheapest = cheapestShares(sample, stands);

  const kinds = plans.map(kindsByTask);
  const odds = plans.map((plan, p): PlanOdds => {
    const costs = costsOfPlan(sample, p);
    const range = percentilesOf(costs);
    return {
      plan: plan.id,
      label: planWords(plan, context.tables),
      kinds: kindsOf(plan, context.workload),
      monthlyCost: rounded(plan.monthlyUsd),
      monthlyCostRange: roundedTree(range),
      probabilityBest: share(draws, (k) => winners[k] === p && isGood(p, k)),
      probabilityKindsBest: share(draws, (k) => kinds[winners[k] as number] === kinds[p] && isGood(p, k)),
      probabilityCheapest: rounded(cheapest[p] as number),
      // Months are slow to price, so plans that are never best are left out.
      probabilityOverBudget:
        p === 0 || winners.includes(p)
          ? overBudgetShare(plan, Math.min(draws, assume('drawCountWithoutRanges')), inputs, caseAt)
          : null,
      probabilityBelowFloor: belowFloorShare(plan, draws, seed),
      probabilityRuledOut: share(costs.length, (k) => !Number.isFinite(costs[k]) || !stands(p, k)),
      regret: roundedOrNull(regretOf(costsOfPlan(ranked, p), least)),
    };
  });
  const disagreement = checkedOn(checks, draws, wholeCases(read, context, inputs, seed), plans, baseUsd, tick);
  const swings = swingsOf(plans.length, inputs, caseAt, price);
  const standing = plans.flatMap((_, p) => (stands(p, -1) ? [p] : []));
  const always = standing.filter((p) => sample.seen[p] === draws && costsOfPlan(sample, p).every(Number.isFinite));
  const worth = worthOf(ranked, always, chanceOf(seed, draws));
  const tornado = tornadoOf(inputs, swings, worth, { plans, extraUsd, standsAt });
  const leastRegret = odds
    .filter((_, p) => standing.includes(p))
    .reduce((best, one) => ((one.regret ?? Infinity) < (best.regret ?? Infinity) ? one : best), odds[0] as PlanOdds);
  return {
    advised: odds[0] as PlanOdds,
    tornado,
    uncertainty: {
      draws,
      seed,
      inputs: inputs.length,
      ranges,
      pilots,
      checked: checks,
      disagreement,
      plans: odds.toSorted((a, b) => b.probabilityBest - a.probabilityBest || a.monthlyCost - b.monthlyCost),
      leastRegret:
        leastRegret.plan === advised.id
          ? null
          : { plan: leastRegret.plan, label: leastRegret.label, regret: leastRegret.regret },
      straddles: straddles.map((one) => straddleRow(one, plans, inputs, sample)),
      measure: measuresOf(tornado, assume('measureShare') * advised.monthlyUsd, context.workload),
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

/** Numbers that nothing depends on. */
const chanceOf = (seed: number, draws: number): Float64Array[] =>
  Array.from({ length: idle }, (_, i) => {
    const share = dimensionOf(seed, `nothing ${i}`, 0);
    return Float64Array.from({ length: draws }, (_, k) => share(k));
  });
const idle = 8;

const share = (draws: number, holds: (draw: number) => boolean): number => {
  let count = 0;
  for (let k = 0; k < draws; k++) if (holds(k)) count += 1;
  return rounded(count / draws);
};

/** Share of further simulations, decided anew, with other deployment types than their best priced plan. */
function checkedOn(
  checks: number,
  from: number,
  wholeAt: (draw: number) => Context,
  plans: readonly Plan[],
  baseUsd: number | null,
  tick: () => void,
): number {
  let others = 0;
  for (let draw = from; draw < from + checks; draw++) {
    const context = wholeAt(draw);
    const decided = advisedIn(context, baseUsd);
    const pooled = advisedAmong(plans, context, baseUsd);
    if ((decided && kindsByTask(decided)) !== (pooled && kindsByTask(pooled))) others += 1;
    tick();
  }
  return others / checks;
}

function straddleRow(
  one: Straddle,
  plans: readonly Plan[],
  inputs: readonly UncertainInput[],
  sample: Sample,
): StraddleRow {
  const { plan, input, value, side, stands, ...broken } = one;
  const { path, unit, low, high } = inputs[input] as UncertainInput;
  const values = valuesOfInput(sample, input);
  return {
    plan: (plans[plan] as Plan).id,
    parameter: path,
    unit,
    low: rounded(low),
    high: rounded(high),
    turnsAt: Number(value.toPrecision(4)),
    side,
    ...broken,
    stands,
    probability: share(sample.draws, (k) => isBeyond(one, values[k] as number)),
  };
}
