import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { proseNames } from '../places/names.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { certainlyBelow } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import type { Recommendation } from './decision.js';
import { leastIndices } from './failures.js';
import { optionsOf, type Plan } from './plan.js';
import { byFailedPrice } from './quality-steps.js';
import { review } from './review.js';
import { rounded, roundedOrNull } from './round.js';
import type { SeveralCase } from './several-case.js';

/**
 * A plan that serves a task better: the least index of its models, the probability in percent that they are good
 * enough, and failed answers of that task a month. `usd`: its cost in that comparison, USD a month.
 */
export type Step = {
  plan: Plan;
  index: number;
  score: number;
  failures: number;
  usd: number;
  paysFromUsd: number | null;
};

/** What better models for a task cost: the search for its plan at rising prices of a failed answer. */
function qualityStepsOf(task: string, context: Context, several: SeveralCase | null): Step[] {
  const found = byFailedPrice(task, context, context.workload.assume('qualityDecisions'), several);
  return hullOf(
    found.map((one) => ({
      ...one,
      index: leastIndices(one.plan).get(task) as number,
      score: scoreOf(one.plan, task),
      paysFromUsd: null,
    })),
  );
}

/** From the first step on the lower convex hull of failures and cost, by steps that are better and no less sure. */
function hullOf(steps: readonly Step[]): Step[] {
  const hull: Step[] = [];
  let last = steps[0];
  while (last !== undefined) {
    hull.push(last);
    const from: Step = last;
    const ahead = steps.flatMap((step) => {
      const fewer = from.failures - step.failures;
      return fewer > 0 && isBetter(step, from)
        ? [{ ...step, paysFromUsd: Math.max(0, step.usd - from.usd) / fewer }]
        : [];
    });
    // Of equally good steps the longest.
    last = ahead.sort((a, b) => a.paysFromUsd - b.paysFromUsd || a.failures - b.failures)[0];
  }
  return hull;
}

/** A model of a higher index may be less sure, by a wider band. Compared in whole points, as printed. */
function isBetter(step: Step, than: Step): boolean {
  const [sure, before] = [Math.min(asSure, step.score), Math.min(asSure, than.score)];
  const isSeen = Math.round(step.index) > Math.round(than.index) || Math.round(sure) > Math.round(before);
  return sure >= before * certainlyBelow && isSeen;
}

/** Percent above which all count as equally sure. */
const asSure = 99;

/** The probability in percent that what serves a task at its lowest index is good enough. */
function scoreOf(plan: Plan, task: string): number {
  const { option, taskPart } = leastCapable(plan, task);
  return capabilityScore(option, taskPart) ?? 0;
}

/**
 * The steps of the least sure task of a plan, as printed; null for a single step.
 *
 * @param several what a case of several tasks was decided of, where it is known
 */
export function betterQuality(
  plan: Plan,
  context: Context,
  several: SeveralCase | null = null,
): Recommendation['betterQuality'] {
  const { workload } = context;
  const task = leastSureTask(plan);
  const steps = qualityStepsOf(task, context, several);
  if (steps.length < 2) return [];
  const own = workload.taskParts.filter((taskPart) => taskPart.task === task);
  const answers = own.reduce(
    (sum, taskPart) => sum + taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload),
    0,
  );
  return steps.map(({ plan: one, score, failures, paysFromUsd }) => {
    const { option } = leastCapable(one, task);
    const { model, provider } = proseNames(option, context.tables);
    const { services } = review(one, context);
    const waits = [...services].flatMap(([{ task: other }, seen]) => (other === task ? [seen?.ttftP95Ms ?? null] : []));
    return {
      task,
      plan: one.id,
      option: option.id,
      label: `${model}, ${provider}`,
      capability: rounded(capabilityOf(option)?.have ?? 0),
      goodEnough: rounded(score / fullScore),
      ttftP95Ms: waits.includes(null) ? null : rounded(Math.max(...(waits as number[]))),
      monthlyCost: rounded(one.monthlyUsd),
      failedShare: rounded(failures / answers),
      paysFrom: roundedOrNull(paysFromUsd),
    };
  });
}

/** What serves a task, at its lowest index. */
const leastCapable = ({ deployments }: Plan, task: string): { option: Option; taskPart: TaskPart } => {
  const all = deployments.flatMap((deployment) =>
    deployment.taskParts
      .filter((taskPart) => taskPart.task === task)
      .flatMap((taskPart) => optionsOf(deployment).map((option) => ({ option, taskPart }))),
  );
  const [first] = all.sort((a, b) => (capabilityOf(a.option)?.have ?? 0) - (capabilityOf(b.option)?.have ?? 0));
  return first as (typeof all)[number];
};

/** The task that is the least sure to be served well. */
function leastSureTask({ deployments }: Plan): string {
  const all = deployments.flatMap((deployment) =>
    deployment.taskParts.flatMap((taskPart) =>
      optionsOf(deployment).map((option) => ({
        task: taskPart.task,
        score: capabilityScore(option, taskPart) ?? 0,
      })),
    ),
  );
  const [first] = all.sort((a, b) => a.score - b.score);
  return first?.task ?? '';
}
