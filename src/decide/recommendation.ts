import { requestsPerMonthPerDaily } from '../cost/axis.js';
import { cashExtraUsd, fteUsdPerMonth } from '../cost/people.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Case } from '../places/placement.js';
import type { Kind } from '../tables/rows.js';
import { type Demand, isDevelopment, type Slice } from '../workload/demand.js';
import type { Choice } from './choose.js';
import type { Payback, Recommendation } from './decision.js';
import { monthsOf } from './months.js';
import { conditions, costParts } from './option-report.js';
import { linesOf, type Plan, partNames, servedIn } from './plan.js';
import { type Advice, reasonsFor } from './reasons.js';
import { type Reviewed, review, reviewScores, roundedScores } from './review.js';
import { difference, rounded, roundedFigures, roundedOrNull } from './round.js';
import { timelineOf } from './timeline.js';
import { todaysPlanIfKnown } from './todays-plan.js';
import { planWords } from './words.js';

const tokensPerMillion = 1e6;

/** What has to be done so that parts of tasks can go to different places. */
const cutTodos = ({ deployments }: Plan): string[] => [
  ...new Set(deployments.flatMap(({ slices }) => slices.flatMap(({ cut }) => cut?.todo ?? []))),
];

/** What is said when no plan meets the rules: the same keys, empty. */
export const nothingFits: Recommendation = {
  status: 'infeasible',
  plan: null,
  shape: null,
  kinds: [],
  label: null,
  monthlyCost: null,
  monthlyCostRange: null,
  firstMonthCost: null,
  peakMonthCost: null,
  upfrontCost: null,
  costPerRequest: null,
  costPerMillionTokens: null,
  fteNeeded: null,
  cashExtra: null,
  savingsOverToday: null,
  payback: null,
  scores: null,
  assignments: [],
  costParts: [],
  routes: [],
  cheapest: null,
  premium: null,
  margin: null,
  probabilityBest: null,
  probabilityOverBudget: null,
  regret: null,
  reasons: [],
  why: [],
  conditions: [],
  flips: [],
  noFlips: [],
};

/** What is said beside the plan: `single`, everything on one option at its cheapest, where that was asked. */
export type Beside = Pick<Advice, 'single' | 'misses'>;

export function recommendation(reviewed: Reviewed, choice: Choice, beside: Beside, of: Case): Recommendation {
  const { plan } = reviewed;
  const { demand } = of;
  const months = monthsOf(plan, of);
  const requests = sum(demand.slices, (slice) => requestsPerMonth(slice, demand));
  const tokens = sum(
    demand.slices,
    (slice) => requestsPerMonth(slice, demand) * (slice.tokens.input + slice.tokens.output),
  );
  const cheapest = choice.cheapest ?? plan;
  const { runnerUp } = choice;
  const assigned = assignedOf(plan, demand);
  const scores = reviewScores(reviewed, choice.cheapest, of);
  const parts = costParts(linesOf(plan), demand.requestsPerDay);
  const saved = savings(plan, of);
  const why = reasonsFor(
    {
      ...beside,
      reviewed,
      choice,
      scores: {
        plan: scores,
        cheapest: cheapest === plan ? scores : reviewScores(review(cheapest, of), choice.cheapest, of),
      },
      savings: saved,
      costParts: parts,
    },
    of,
  ).map(({ figures, ...one }) => ({ ...one, figures: roundedFigures(figures) }));
  return {
    status: 'recommended',
    plan: plan.id,
    shape: plan.shape,
    kinds: kindsOf(plan, demand),
    label: planWords(plan),
    monthlyCost: rounded(plan.monthlyUsd),
    monthlyCostRange: null,
    firstMonthCost: rounded(months.firstUsd),
    peakMonthCost: rounded(months.peakUsd),
    upfrontCost: rounded(plan.upfrontUsd),
    costPerRequest: perUnit(plan.monthlyUsd / requests),
    costPerMillionTokens: perUnit((plan.monthlyUsd / tokens) * tokensPerMillion),
    fteNeeded: rounded(plan.fte),
    cashExtra: rounded(cashExtraUsd(plan.fte, demand)),
    savingsOverToday: saved,
    payback: paybackOf(plan, of),
    scores: roundedScores(scores),
    assignments: assigned.map(({ slice, part, share, option }) => ({
      task: slice.task,
      part,
      share: rounded(share),
      option: option.id,
      capabilityNeed: rounded(slice.needs.capability.need),
      capability: roundedOrNull(capabilityOf(option)?.gateAt ?? null),
    })),
    costParts: parts,
    routes:
      assigned.length === 1 || (plan.deployments.length === 1 && plan.shape === 'single')
        ? []
        : assigned.map(({ when, option }) => ({ when, to: option.id })),
    cheapest: { plan: cheapest.id, monthlyCost: rounded(cheapest.monthlyUsd) },
    premium: rounded(difference(plan.monthlyUsd, cheapest.monthlyUsd)),
    margin: runnerUp === null ? null : marginOver(plan, runnerUp),
    probabilityBest: null,
    probabilityOverBudget: null,
    regret: null,
    reasons: why.map(({ text }) => text),
    why,
    conditions: [...conditions(reviewed), ...cutTodos(plan)],
    flips: [],
    noFlips: [],
  };
}

/** By how much of itself the plan is cheaper; null where that is no number, as beside a plan that costs nothing. */
function marginOver(plan: Plan, runnerUp: Plan): Recommendation['margin'] {
  const percent = runnerUp.monthlyUsd === plan.monthlyUsd ? 0 : 100 * (runnerUp.monthlyUsd / plan.monthlyUsd - 1);
  return Number.isFinite(percent) ? { runnerUp: runnerUp.id, percent: rounded(percent) } : null;
}

const perUnit = (usd: number): number | null => (Number.isFinite(usd) ? rounded(usd) : null);

function paybackOf(plan: Plan, of: Case): Payback {
  const { breakEvenMonth, netPresentUsd, oneOffs } = timelineOf(plan, of);
  return {
    breakEvenMonth,
    netPresentValue: roundedOrNull(netPresentUsd),
    exitCost: rounded(oneOffs.exitUsd),
    resaleValue: rounded(oneOffs.resaleUsd),
    capitalCost: rounded(oneOffs.capitalUsd),
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const requestsPerMonth = (slice: Slice, demand: Demand): number =>
  slice.requestsPerDay * requestsPerMonthPerDaily(slice, demand);

/** Kinds in the order of the tasks, each once; a second place after the first. */
export const kindsOf = (plan: Plan, demand: Demand): Kind[] => [
  ...new Set(
    servedIn(plan.deployments, demand).flatMap((slice) =>
      plan.deployments
        .filter((deployment) => deployment.slices.some(({ id }) => id === slice.id))
        .flatMap(({ option, second }) => [option.kind, ...(second === undefined ? [] : [second.option.kind])]),
    ),
  ),
];

const routeWords = { overflow: 'own capacity is full', failover: 'the first is down' };

/** A part that a second place makes, of a task or of a part of one. */
const partOf = ({ part }: Slice, name: string): string => (part === 'all' ? name : `${part}.${name}`);

/** Which part of each slice goes where, and when. */
function assignedOf(
  plan: Plan,
  demand: Demand,
): { slice: Slice; part: string; share: number; option: Option; when: string }[] {
  const { requestsPerDay } = demand;
  return servedIn(plan.deployments, demand).flatMap((slice) =>
    plan.deployments
      .filter((deployment) => deployment.slices.some(({ id }) => id === slice.id))
      .flatMap(({ option, second }) => {
        const when = `task = ${slice.task}${slice.cut === undefined ? '' : ` and ${slice.cut.when}`}${isDevelopment(slice) ? ' in development' : ''}`;
        if (second === undefined) return [{ slice, part: slice.part, share: slice.share, option, when }];
        const [first, other] = partNames[second.role];
        const there = second.share(requestsPerDay);
        return [
          { slice, part: partOf(slice, first), share: slice.share * (1 - there), option, when },
          {
            slice,
            part: partOf(slice, other),
            share: slice.share * there,
            option: second.option,
            when: `${when} and ${routeWords[second.role]}`,
          },
        ];
      }),
  );
}

/** Today's bill and the people of today's way, less the plan; null where the scenario has no bill. */
function savings(plan: Plan, of: Case): number | null {
  const { today } = of.demand;
  if (today === null || today.billUsdPerMonth === null) return null;
  const now = todaysPlanIfKnown(of);
  const people = now === null ? 0 : fteUsdPerMonth(now.fte, of.demand);
  return rounded(difference(today.billUsdPerMonth + people, plan.monthlyUsd));
}
