import { meanGrowthOf } from '../../cost/curve.js';
import type { Choice } from '../../decide/choice.js';
import type { CostPart, Recommendation } from '../../decide/decision.js';
import { monthsOf } from '../../decide/months.js';
import { costParts } from '../../decide/option-report.js';
import { linesOf, peopleUsdOf, planWords } from '../../decide/plan.js';
import { stageOf } from '../../decide/recommendation.js';
import { choose } from '../../decide/several-choice.js';
import { type OneOffs, oneOffsOf, paymentsOf, type Timeline, timelineFrom } from '../../decide/timeline.js';
import type { Context } from '../../places/placement.js';
import { difference, rounded, roundedOrNull, ties } from '../../units/numeric.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { uncertaintyOf } from '../uncertainty/uncertainty.js';
import type { Path, Stage } from './stages.js';

/** The scenario under settings that hold whatever else is set; null: it is none. */
function under(read: ReadScenario, settings: readonly string[]): ReadScenario | null {
  const changed = (set: readonly string[]) => read.changed([...settings, ...set]);
  const scenario = changed([]);
  return scenario && { ...read, changed, scenario };
}

/** The scenario as if it ended with the first stage. */
export const endingAfter = (read: ReadScenario, [first]: readonly Stage[]): ReadScenario =>
  under(read, [`workload.horizon=${(first as Stage).to} months`]) as ReadScenario;

type Range = Recommendation['monthlyCostRange'];

/**
 * Monthly cost of a later stage over simulations of its months; null where no scenario can begin with them, or its
 * advice would differ.
 */
export function rangeOfLater({ plan, then, from, to }: Stage, read: ReadScenario, seed: number): Range {
  const begun = under(read, [
    `workload.volume=${then.workload.requestsPerDay} requests/day`,
    `workload.horizon=${to - from} months`,
  ]);
  if (begun === null) return null;
  const { tables } = then;
  const context: Context = { tables, workload: resolve(begun, tables, then.workload.asOf) };
  if (!ties(context.workload.requestsPerDay, then.workload.requestsPerDay)) return null;
  const choice = choose(context);
  return choice.advised?.id === plan.id
    ? (uncertaintyOf(begun, choice, context, { seed })?.advised.monthlyCostRange ?? null)
    : null;
}

/**
 * The recommendation of the first stage, with the costs of all.
 *
 * @param laterRanges of later stages: what is dear in one stage is dear in all, so the ends of ranges add up
 */
export function recommendationOver(
  path: Path,
  first: Recommendation,
  laterRanges: readonly Range[],
  { advised, cheapest }: Choice,
  context: Context,
): Recommendation {
  const { stages } = path;
  const { months } = context.workload;
  const mean = (of: (stage: Stage) => number): number =>
    stages.reduce((sum, stage) => sum + of(stage) * (stage.to - stage.from), 0) / months;
  const ratio = first.monthlyCost === null ? 1 : path.monthlyUsd / first.monthlyCost;
  const growth = meanGrowthOf(context.workload) / meanGrowthOf((stages[0] as Stage).then.workload);
  const perUnit = (cost: number | null): number | null => (cost === null ? null : rounded((cost * ratio) / growth));
  const later = path.monthlyUsd - ((first.monthlyCost ?? 0) * (stages[0] as Stage).to) / months;
  const over = (of: keyof NonNullable<Range>): number => {
    const own = first.monthlyCostRange?.[of] ?? 0;
    return laterRanges.reduce(
      (usd, range, i) => {
        const { plan, from, to } = stages[i + 1] as Stage;
        return range === null ? usd : usd + ((range[of] - plan.monthlyUsd) * (to - from)) / months;
      },
      (own * (stages[0] as Stage).to) / months + later,
    );
  };
  const { netPresentUsd, breakEvenMonth, oneOffs } = timelineOver(path, context);
  const { savingsOverToday, monthlyCost } = first;
  return {
    ...first,
    monthlyCost: rounded(path.monthlyUsd),
    monthlyCostRange: first.monthlyCostRange && {
      p5: rounded(over('p5')),
      p50: rounded(over('p50')),
      p95: rounded(over('p95')),
    },
    peopleCost: rounded(mean(({ plan, then }) => peopleUsdOf(plan, then.workload))),
    peakMonthCost: rounded(
      Math.max(...stages.map(({ plan, then, moveUsd }) => monthsOf(plan, then).peakUsd + moveUsd)),
    ),
    peakMonthCash: rounded(Math.max(...stages.map(({ plan, then }) => monthsOf(plan, then).peakCashUsd))),
    upfrontCost: rounded(stages.reduce((sum, { plan }) => sum + plan.upfrontUsd, 0)),
    costPerRequest: perUnit(first.costPerRequest),
    costPerMillionTokens: perUnit(first.costPerMillionTokens),
    fteNeeded: rounded(mean(({ plan }) => plan.fte)),
    savingsOverToday:
      savingsOverToday === null ? null : rounded(savingsOverToday + difference(monthlyCost ?? 0, path.monthlyUsd)),
    payback: {
      breakEvenMonth,
      netPresentValue: roundedOrNull(netPresentUsd),
      exitCost: rounded(oneOffs.exitUsd),
      resaleValue: rounded(oneOffs.resaleUsd),
      capitalCost: rounded(oneOffs.capitalUsd),
    },
    costParts: partsOver(stages, months),
    // The length of the first stage is no input, and stages show when growth gets there.
    flips: first.flips
      .filter(({ parameter }) => parameter !== 'workload.horizon')
      .map((flip) => ({ ...flip, month: null })),
    stages: stages.map(({ plan, then, moveUsd }) => ({ ...stageOf(plan, then), moveCost: rounded(moveUsd) })),
    onePlan: advised && {
      plan: advised.id,
      label: planWords(advised, context.tables),
      monthlyCost: rounded(advised.monthlyUsd),
    },
    cheapest: cheapest && { plan: cheapest.id, monthlyCost: rounded(cheapest.monthlyUsd) },
    premium: cheapest && rounded(difference(path.monthlyUsd, cheapest.monthlyUsd)),
  };
}

/** Parts of the bills of all stages in a mean month, with what the moves take. */
function partsOver(stages: readonly Stage[], months: number): CostPart[] {
  const parts = new Map<string, CostPart>();
  const add = ({ monthly, upfront, ...part }: CostPart): void => {
    const known = parts.get(part.part) ?? { ...part, monthly: 0, upfront: 0 };
    parts.set(part.part, {
      ...known,
      monthly: rounded(known.monthly + monthly / months),
      upfront: rounded(known.upfront + upfront),
    });
  };
  for (const { plan, then, from, to, moveUsd } of stages) {
    for (const part of costParts(linesOf(plan), then.workload.requestsPerDay))
      add({ ...part, monthly: part.monthly * (to - from) });
    if (from > 0) add({ part: 'move', label: 'both plans in the month of a move', monthly: moveUsd, upfront: 0 });
  }
  return [...parts.values()];
}

/** Timeline over all stages: payments before a stage fall in the month before it. */
export function timelineOver({ stages }: Path, context: Context): Timeline {
  const payments = new Array<number>(context.workload.months + 1).fill(0);
  const pay = (month: number, usd: number): void => {
    payments[month] = (payments[month] as number) + usd;
  };
  const oneOffs: OneOffs = { upfrontUsd: 0, renewalUsd: new Map(), exitUsd: 0, resaleUsd: 0, capitalUsd: 0 };
  for (const { plan, then, from, moveUsd } of stages) {
    const own = oneOffsOf(plan, then);
    for (const [month, usd] of paymentsOf(plan, then, own).entries()) pay(from + month, usd);
    if (from > 0) pay(from + 1, moveUsd);
    oneOffs.upfrontUsd += own.upfrontUsd;
    oneOffs.exitUsd += own.exitUsd;
    oneOffs.resaleUsd += own.resaleUsd;
    oneOffs.capitalUsd += own.capitalUsd;
  }
  return timelineFrom(payments, oneOffs, context);
}
