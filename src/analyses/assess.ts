import { supplyOf } from '../core/supply.js';
import { isAdvisedBefore } from '../decide/advice.js';
import { assumedOf, basisOf, priceAgeDays } from '../decide/basis.js';
import { betterQuality } from '../decide/better-quality.js';
import type { Choice } from '../decide/choice.js';
import { advisedIn } from '../decide/core-choice.js';
import type { Decision, NearestMiss, Recommendation } from '../decide/decision.js';
import { cheaperMisses, type Miss, nearMisses, oneRuleAway } from '../decide/near-misses.js';
import { failedGates } from '../decide/option-report.js';
import { optionsOf, type Plan } from '../decide/plan.js';
import type { Proofs } from '../decide/proofs.js';
import { nothingFits, recommendation } from '../decide/recommendation.js';
import { review } from '../decide/review.js';
import { provisionedRow, scorecardRow, shownOfKind, withOthers } from '../decide/scorecard.js';
import { changedSeveral, searchByCost, severalCase, tracedCase } from '../decide/several-case.js';
import { choose } from '../decide/several-choice.js';
import { allOptions, askedPlans, askedRow, missOf, shortlist } from '../decide/shortlist.js';
import { timelineOf } from '../decide/timeline.js';
import { scaleOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { gateOrder } from '../rules/registry.js';
import { bookLabels } from '../tables/price-book/price-book.js';
import { sha256 } from '../tables/sha256.js';
import type { Prose, Tables } from '../tables/tables.js';
import { memoized } from '../units/memo.js';
import { daysBetween } from '../units/month.js';
import { rounded, roundedTree } from '../units/numeric.js';
import { resultSchemaVersion } from '../units/schema.js';
import { type ReadScenario, withScenarioPrices } from '../workload/read.js';
import { resolve } from '../workload/resolve.js';
import { givenIn } from '../workload/set.js';
import { requestsOf } from './backtest/months.js';
import {
  breakEvensAmong,
  choicePool,
  ladderRow,
  volumesAround,
  withOwnPlans,
  withoutPeople,
} from './break-even/answer.js';
import { rangesByVolume } from './flips/by-volume.js';
import { deciderOf } from './flips/decider.js';
import { flipsOf } from './flips/flips.js';
import { changedCases, type Subject } from './flips/inputs.js';
import { type Answers, checklistOf, guideReports, stepsOf } from './guidance.js';
import { leversOf } from './levers.js';
import { endingAfter, rangeOfLater, recommendationOver, timelineOver } from './stages/staged.js';
import { type Stage, stagesOf } from './stages/stages.js';
import { swungTo } from './uncertainty/confidence.js';
import { repriced } from './uncertainty/costs.js';
import { casesOf } from './uncertainty/draws.js';
import { lengthInputs } from './uncertainty/inputs.js';
import { uncertaintyOf } from './uncertainty/uncertainty.js';
import { leversLeftOut, stopped, warningsOf } from './warnings.js';

/** Steps that may take long, in their order. */
export const steps = ['volumes', 'simulations', 'inputs', 'options', 'levers'] as const;
export type Step = (typeof steps)[number];

export type AssessOptions = {
  /** The day of the assessment, `YYYY-MM-DD`: ages and retirements. */
  asOf: string;
  /** The decision alone: no simulations, flips or levers, and near misses only when nothing fits. */
  point?: boolean;
  /** What each lever would save is worked out; never with `point`. */
  levers?: boolean;
  /**
   * Changes of the advice to look for: the nearest (default), all of them with decisions at the ends of every input
   * (slow), or none; never with `point`.
   */
  flips?: 'near' | 'all' | 'none';
  /** Whether uncertain inputs are drawn (default); never with `point`. */
  draws?: 'all' | 'none';
  /** Whether to list the figures of the tables in bills; by default not with `point`. */
  basis?: boolean;
  /** Seed of the draws (default 0). */
  seed?: number;
  /** Called with the progress of each step; `total` null: unknown. */
  progress?: (step: Step, done: number, total: number | null) => void;
  /** Whether the user wants what is done so far; asked between steps. */
  isStopped?: () => boolean;
  /** Receives how many whole decisions the report took after the recommendation. */
  proofs?: (proofs: Proofs) => void;
  /** Ids of options to list whatever their rank. */
  include?: readonly string[];
  /** Lists every option; see `allOptions`. */
  allOptions?: boolean;
  /** Ids of plans that the report names besides the listed options. */
  named?: readonly string[];
  /** Stages that follow this scenario's horizon; where given, one plan serves all of it. */
  followedBy?: readonly Stage[];
  /** Answers that guides need and the scenario does not have. */
  answers?: Answers;
  prose: Prose;
  tool: { name: string; version: string };
};

/**
 * Assesses a scenario against the tables: where each task should run, what that costs and why, what was excluded. Pure.
 */
export function assess(read: ReadScenario, list: Tables, options: AssessOptions): Decision {
  const steps = assessInSteps(read, list, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same, yielding between steps, so that the caller can look at what else goes on. */
export function* assessInSteps(
  read: ReadScenario,
  list: Tables,
  options: AssessOptions,
): Generator<void, Decision, unknown> {
  const { asOf, levers = false, flips = 'near', draws = 'all', seed = 0, include = [], tool } = options;
  const { point = false, isStopped = () => false } = options;
  const { tables, prose } = withScenarioPrices(read, list, options.prose);
  const progressOf =
    (step: Step) =>
    (done: number, total: number | null): void =>
      options.progress?.(step, done, total);
  const workload = resolve(read, tables, asOf);
  const context: Context = { workload, tables };
  const choice = choose(context);
  const plan = choice.advised;
  const path = options.followedBy !== undefined || plan === null ? null : stagesOf(choice, context);
  if (path !== null && plan !== null) {
    const first = yield* assessInSteps(endingAfter(read, path.stages), list, {
      ...options,
      followedBy: path.stages.slice(1),
      named: [plan, ...path.stages.map((stage) => stage.plan)].map(({ id }) => id),
    });
    const laterRanges =
      point || draws === 'none' ? [] : path.stages.slice(1).map((stage) => rangeOfLater(stage, read, seed));
    return {
      ...first,
      scenario: {
        ...first.scenario,
        horizonMonths: workload.months,
        assumed: assumedOf(point ? null : plan, workload),
      },
      recommendation: recommendationOver(path, first.recommendation, laterRanges, choice, context),
      timeline: point ? [] : roundedTree(timelineOver(path, context).rows),
    };
  }
  const misses = plan === null ? nearMisses(context) : point ? [] : cheaperMisses(context, plan.monthlyUsd);
  const reviewOf = memoized((one: Plan) => review(one, context));
  const reviewed = plan === null ? null : reviewOf(plan);
  const single = point || plan === null ? undefined : singleBest(plan, choice, context);
  const advice =
    reviewed === null ? nothingBut(misses, context) : recommendation(reviewed, choice, { misses, single }, context);
  const subject: Subject = { read, list, prose: options.prose, context };
  const isAll = flips === 'all';
  const proofs: Proofs = { left: workload.assume(isAll ? 'reportProofsInFull' : 'reportProofs'), free: 0, bounded: 0 };
  yield;
  const isDeep = !point && plan !== null;
  const decider = isDeep ? deciderOf(context, choice.several) : null;
  const seeds = decider && choicePool(choice, decider, context);
  const byVolume =
    seeds === null || workload.requestsPerDay === 0 || isStopped()
      ? null
      : rangesByVolume(seeds, context, {
          ...{ range: volumesAround(workload), volumes: workload.assume('ladderVolumes'), proofs },
          progress: (done) => progressOf('volumes')(done, null),
        });
  const rungs = byVolume === null ? [] : withOwnPlans(byVolume.rungs, context);
  const further = rungs.flatMap(({ plan }) => plan ?? []);
  let pool = byVolume?.pool ?? seeds;
  // Other APIs cost least for short or for long prompts and answers, which no volume shows.
  const lengths = pool === null || isStopped() ? [] : lengthInputs(read.scenario, context, seed);
  if (decider !== null && pool !== null && lengths.length > 0) {
    const { apis } = choice.several?.supply ?? supplyOf(context);
    const { decide } = decider.among([...apis.option, ...pool.options]);
    for (const share of swungTo) {
      const there = casesOf(read, context, lengths)(lengths.map(({ quantile }) => quantile(share)));
      const { plan } = decide(there);
      const again = plan && repriced(tracedCase(plan), context);
      pool = pool.add([plan]);
      if (again !== null) further.push(again);
    }
  }
  yield;
  const odds =
    !isDeep || draws === 'none' || isStopped() ? null : uncertaintyOf(read, choice, context, { seed, further });
  yield;
  const free = pool === null || proofs.left <= 0 || isStopped() ? null : withoutPeople(context, pool, proofs);
  yield;
  const better =
    !isDeep || isStopped()
      ? []
      : betterQuality(plan, context, choice.several, {
          options: pool?.options ?? [],
          cheapestUsd: choice.cheapest?.monthlyUsd ?? plan.monthlyUsd,
          proofs,
        });
  yield;
  const turns =
    pool === null || flips === 'none' || isStopped()
      ? null
      : yield* flipsOf(subject, choice, {
          ...{ all: isAll, pool, proofs, byVolume, progress: progressOf('inputs'), isStopped },
          suspects: new Set((odds?.tornado ?? []).flatMap((row) => (row.flips ? row.parameter : []))),
        });
  options.proofs?.(proofs);
  const kinds = choice.kinds.map((best) => shownOfKind(best, plan, workload));
  const { total, feasible, rejectedBy } = choice.considered;
  const decision: Decision = {
    schemaVersion: resultSchemaVersion,
    complete: !isStopped(),
    tool,
    scenario: {
      name: workload.name,
      file: read.file,
      sha256: sha256(read.text),
      horizonMonths: workload.months,
      requestsPerDay: rounded(workload.taskParts.reduce((sum, one) => sum + one.requestsPerDay, 0)),
      requestsPerMonth: rounded(workload.taskParts.reduce((sum, one) => sum + requestsOf(one, workload), 0)),
      burstsPerDay: read.scenario.workload.bursts?.perDay ?? null,
      given: givenIn(read.tree),
      assumed: assumedOf(point ? null : plan, workload),
    },
    tables: {
      scale: scaleOf(tables),
      snapshot: tables.snapshot.date,
      asOf,
      ageDays: daysBetween(tables.snapshot.date, asOf),
      planAgeDays: plan && priceAgeDays(plan, tables, asOf),
      sha256: tables.snapshot.sha256,
      priceBook: bookLabels(tables),
    },
    considered: {
      total,
      feasible,
      rejectedBy: Object.fromEntries(
        gateOrder.flatMap((gate) => (rejectedBy.has(gate) ? [[gate, rejectedBy.get(gate) ?? 0]] : [])),
      ),
      gap: 0,
    },
    recommendation: {
      ...advice,
      ...turns,
      betterQuality: better,
      withoutPeople: free,
      ...(odds && {
        monthlyCostRange: odds.advised.monthlyCostRange,
        probabilityBest: odds.advised.probabilityBest,
        probabilityOverBudget: odds.advised.probabilityOverBudget,
        regret: odds.advised.regret,
      }),
    },
    scorecard: kinds.map((best) => ({
      ...scorecardRow(best, plan, choice, reviewOf, context),
      ...(!point && plan !== null && { withOthers: withOthers(best, plan, choice, context) }),
    })),
    provisioned: provisionedRow(choice, reviewOf, context),
    basis:
      (options.basis ?? !point)
        ? basisOf([...plansLooked(choice), ...askedPlans(include, context)], context, read, prose)
        : [],
    asked: include.map((id) => askedRow(id, plan, context)),
    options: shortlist(
      choice,
      plan,
      misses,
      {
        ids: include,
        named: [...(options.named ?? []), ...(turns?.flips ?? []).flatMap((flip) => flip.becomes ?? [])],
        options: options.allOptions ? allOptions(context, choice.kinds) : [],
        progress: (done) => progressOf('options')(done, null),
      },
      reviewOf,
      context,
      prose,
    ),
    breakEven: point ? [] : breakEvensAmong(choice, context),
    ladder: rungs.flatMap((rung) => (rung.plan === null ? [] : ladderRow(rung, context))),
    guides: point
      ? []
      : guideReports(read.scenario, context, advice.kinds, {
          prose,
          ...(options.answers && { answers: options.answers }),
        }),
    playbook: [],
    checklist: point || reviewed === null ? [] : checklistOf(reviewed, advice.conditions, context, prose),
    timeline: point || plan === null ? [] : roundedTree(timelineOf(plan, context).rows),
    tornado: odds?.tornado ?? [],
    uncertainty: odds?.uncertainty ?? null,
    levers: levers && !point && plan !== null ? leversOf(plan, read, context, prose, progressOf('levers')) : [],
    nearestMisses: missesTold(misses, changedCases(subject), choice, context),
    warnings: [
      ...warningsOf(read, reviewed, context),
      ...(levers && point ? [leversLeftOut] : []),
      ...(isStopped() ? [stopped] : []),
    ].map((one) => ({ ...one, figures: roundedTree(one.figures ?? {}) })),
  };
  const made = { reviewed, followedBy: options.followedBy ?? [], context };
  return { ...decision, playbook: stepsOf(decision, made, prose) };
}

/** Near misses; where nothing fits with the advice at the value that allows each. */
function missesTold(
  misses: readonly Miss[],
  caseAt: (setting: string) => Context | null,
  choice: Choice,
  context: Context,
): NearestMiss[] {
  const cases = memoized(caseAt);
  const advice = memoized((then: Context) => advisedIn(then));
  const { advised } = choice;
  const isBetter = (plan: Plan): boolean | null => advised && isAdvisedBefore(plan, advised, choice, context);
  return misses.map((miss) => missOf(miss, cases, advised === null ? advice : null, isBetter));
}

/** Plans that fit without one rule, as reasons where no option shows it. */
function nothingBut(misses: readonly Miss[], context: Context): Recommendation {
  const alone = new Set(misses.filter(({ looked }) => failedGates(looked).length === 1).map(({ gate }) => gate));
  const why = oneRuleAway(context, alone);
  return { ...nothingFits, why, reasons: why.map(({ text }) => text) };
}

/** Everything on one option, at its cheapest, to compare with several places; undefined for one place. */
function singleBest(plan: Plan, { kinds, several }: Choice, context: Context): Plan | null | undefined {
  if (plan.deployments.flatMap(optionsOf).length < 2) return undefined;
  // One option is of one kind.
  if (kinds.every(({ feasible }) => !feasible)) return null;
  const { workload } = context;
  const rules = { ...workload.rules, maxDeployments: 1 };
  const alone = { ...context, workload: { ...workload, rules } };
  const found = searchByCost(several === null ? severalCase(alone) : changedSeveral(several, alone)).best();
  return found && tracedCase(found);
}

/** The plan advised and the best of every kind of place. */
const plansLooked = ({ advised, kinds }: Choice): Plan[] =>
  [advised, ...kinds.map(({ plan }) => plan)].filter((plan) => plan !== null);
