import { placesOf } from '../../core/decide.js';
import { type Priced, price } from '../../core/price.js';
import { isUnpriced } from '../../cost/curve.js';
import type { Choice } from '../../decide/choose.js';
import { isOneTask } from '../../decide/core-choice.js';
import type { PlanOdds } from '../../decide/decision.js';
import { kindsByTask } from '../../decide/kinds-by-task.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planOf, planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded, roundedOrNull } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import { seldomGiven } from '../../rules/service.js';
import { madeOnce } from '../../units/memo.js';
import type { ReadScenario } from '../../workload/read.js';
import { confidenceOf } from '../uncertainty/confidence.js';
import { belowFloorShare, measuresOf, missedIn } from '../uncertainty/costs.js';
import { casesOf, costsOfPlan, percentilesOf, type Sample } from '../uncertainty/draws.js';
import { plansMet } from '../uncertainty/pool.js';
import {
  chanceOf,
  type Drawn,
  isAssumed,
  type Missed,
  overBudgetShare,
  share,
  straddleRow,
  type UncertaintyOptions,
  uncertaintyOf,
  worthOf,
} from '../uncertainty/uncertainty.js';
import { cheapestShares, leastOf, regretOf, type Standing } from '../uncertainty/winners.js';
import { drawableOf, drawableOn } from './drawable.js';
import { type Field, rowOf } from './field.js';
import { bestRows, type RowSample, sampled } from './sample.js';
import { standing } from './standing.js';
import { tornadoOf } from './tornado.js';

/** How sure the advice is: by draws of one task, or, of several tasks and of machines with an API above them, by plans that were met. */
export const drawnOf = (
  read: ReadScenario,
  choice: Choice,
  context: Context,
  options: UncertaintyOptions,
): Drawn | null =>
  (isOneTask(context) ? drawsOf(read, choice, context, options) : null) ??
  uncertaintyOf(read, choice, context, options);

/**
 * How sure the advice for one task is; null: nothing is advised, or machines with an API above them. The best in a draw is what the advice would pick there: the row of least adjusted cost,
 * at the C0 of the likely values, of all rows that may come to the front.
 */
export function drawsOf(
  read: ReadScenario,
  choice: Choice,
  context: Context,
  { seed, progress }: UncertaintyOptions,
): Drawn | null {
  const { advised } = choice;
  if (advised === null) return null;
  const { assume, rules } = context.workload;
  const most = assume('drawPlans');
  const met = plansMet(advised, choice, most, context);
  const all = drawableOf(read, met, context, seed);
  if (all === null) return null;
  progress?.(1);
  const first = Math.max(1, Math.floor(assume('drawCountWithoutRanges')));
  const hasRanges = all.inputs.some(({ origin }) => origin === 'user');
  const draws = hasRanges ? Math.max(1, Math.floor(assume('drawCount'))) : first;

  const metRows = met.flatMap((plan) => rowOf(all.field, plan) ?? []);
  const few = drawableOn(all, [...metRows, ...bestRows(all, Math.min(first, draws))]);
  const { field, inputs } = few;
  const own = rowOf(field, advised);
  if (own === null) return null;
  const caseAt = casesOf(read, context, inputs);
  const planAt = plansOf(field, met);
  const rows = sampled(few, draws, { first, upTo: assume('drawSurvivesTo'), always: [own] });
  const limits = field.rules.limits;
  const mayRun = (row: number): boolean => limits === null || limits(placesOf(planAt.priced(), row), context.workload);
  const rule = standing(rows, own, inputs, mayRun, planAt.of, caseAt);

  const told = [...new Set([own, ...met.flatMap((plan) => rowOf(field, plan) ?? []), ...rule.winners])].filter(
    (row) => row >= 0,
  );
  const placeOf = new Map(told.map((row, p) => [row, p]));
  const plans = told.map(planAt.of);
  const sample = sampleOf(told, rows, inputs);
  const winners = rule.winners.map((row) => placeOf.get(row) ?? -1);
  const stands: Standing = (p, k) => rule.stands(told[p] as number, k);
  const missed = plans.map((plan): Missed => missedIn(plan, draws, seed, isAssumed) ?? new Map());
  const isGood = (p: number, k: number): boolean =>
    [...(missed[p] as Missed).values()].every((flags) => flags[k] !== 1);
  const least = leastOf(sample.adjusted, plans.length, stands);
  const cheapest = cheapestShares(sample.cost, plans.length, stands);
  const kinds = plans.map(kindsByTask);
  const wins = new Set(winners);
  const odds = plans.map((plan, p): PlanOdds => {
    const costs = costsOfPlan(sample.cost, p);
    const range = percentilesOf(costs);
    const hasBudget = rules.budgetMonthlyUsd !== null || rules.budgetUpfrontUsd !== null;
    return {
      plan: plan.id,
      label: planWords(plan, context.tables),
      kinds: kindsOf(plan, context.workload),
      monthlyCost: rounded(plan.monthlyUsd),
      monthlyCostRange: range && { p5: rounded(range.p5), p50: rounded(range.p50), p95: rounded(range.p95) },
      probabilityBest: share(draws, (k) => winners[k] === p && isGood(p, k)),
      probabilityKindsBest: share(draws, (k) => kinds[winners[k] as number] === kinds[p] && isGood(p, k)),
      probabilityCheapest: rounded(cheapest[p] as number),
      // It takes months to be priced: what is best in no draw is not asked.
      probabilityOverBudget:
        hasBudget && (p === 0 || wins.has(p)) ? overBudgetShare(plan, Math.min(draws, first), inputs, caseAt) : null,
      probabilityBelowFloor: belowFloorShare(plan, draws, seed),
      probabilityRuledOut: share(costs.length, (k) => !Number.isFinite(costs[k]) || !stands(p, k)),
      regret: roundedOrNull(regretOf(costsOfPlan(sample.adjusted, p), least)),
    };
  });
  const mine = odds[0] as PlanOdds;
  const always = told.flatMap((_, p) => (stands(p, -1) && sample.cost.seen[p] === draws ? [p] : []));
  const worth = worthOf(
    sample.adjusted,
    always.filter((p) => costsOfPlan(sample.adjusted, p).every(Number.isFinite)),
    chanceOf(seed, draws),
  );
  const tornado = tornadoOf(few, worth, {
    own,
    typesOf: (row) => `${field.rows.kind[row]} ${field.rows.secondKind[row]}`,
    idOf: (row) => planAt.of(row).id,
    standsAt: rule.standsAt,
  });
  const leastRegret = odds
    .filter((_, p) => stands(p, -1))
    .reduce((best, one) => ((one.regret ?? Infinity) < (best.regret ?? Infinity) ? one : best), mine);
  return {
    advised: mine,
    tornado,
    uncertainty: {
      draws,
      seed,
      inputs: inputs.length,
      ranges: inputs.filter(({ origin }) => origin === 'user').length,
      ...{ pilots: 1, checked: 0, disagreement: 0 },
      plans: odds
        .toSorted((a, b) => b.probabilityBest - a.probabilityBest || a.monthlyCost - b.monthlyCost)
        .slice(0, most),
      leastRegret:
        leastRegret === mine ? null : { plan: leastRegret.plan, label: leastRegret.label, regret: leastRegret.regret },
      straddles: rule.straddles.map(({ row, straddle }) =>
        straddleRow({ ...straddle, plan: placeOf.get(row) as number }, plans, inputs, sample.cost),
      ),
      measure: measuresOf(tornado, assume('measureShare') * advised.monthlyUsd, context.workload),
      confidence: confidenceOf({
        plans,
        winners,
        sample: sample.cost,
        missed: missed[0] as Missed,
        assume,
        isOnly: choice.runnerUp === null,
        hangs: planVerdicts(advised, context).some(({ verdict }) => verdict.why().warning?.code === seldomGiven),
        isGuess: (path) => context.tables.parameterOf.get(path.replace(/^assumptions\./, ''))?.confidence === 'low',
      }),
    },
  };
}

/** Plans of rows, those that were met as they are. */
function plansOf(field: Field, met: readonly Plan[]): { of: (row: number) => Plan; priced: () => Priced } {
  const { rows, shape, context } = field;
  const priced = madeOnce(() => price(rows, shape, context.workload));
  const known = new Map(
    met.flatMap((plan) => {
      const row = rowOf(field, plan);
      return row === null ? [] : [[row, plan] as const];
    }),
  );
  const of = (row: number): Plan => {
    const before = known.get(row);
    if (before !== undefined) return before;
    const { option, second } = placesOf(priced(), row);
    const { taskParts } = context.workload;
    const plan = planOf([{ option, taskParts, ...(second && { second }) }], context);
    if (isUnpriced(plan)) throw new Error(`${option.id} has no price: ${plan.unpriced}`);
    known.set(row, plan);
    return plan;
  };
  return { of, priced };
}

/** The draws of some rows as those of plans, by cost and by what is minimized. */
function sampleOf(
  told: readonly number[],
  { draws, values, usd, adjustedUsd, seen }: RowSample,
  inputs: Sample['inputs'],
): { cost: Sample; adjusted: Sample } {
  const on = (all: Float64Array): Float64Array => {
    const some = new Float64Array(told.length * draws);
    for (const [p, row] of told.entries()) some.set(all.subarray(row * draws, (row + 1) * draws), p * draws);
    return some;
  };
  const rest = { inputs, draws, values, seen: Int32Array.from(told, (row) => seen[row] as number) };
  return { cost: { ...rest, usd: on(usd) }, adjusted: { ...rest, usd: on(adjustedUsd) } };
}
