import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { proseNames } from '../places/names.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { certainlyBelow } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import { lateTasks } from './advice.js';
import { aloneIn } from './better-models.js';
import { isOfCore } from './core-choice.js';
import type { Recommendation } from './decision.js';
import { failedAnswers, leastIndices, planAbove } from './failures.js';
import { allowedPlanOf, partsWithout } from './moved-tasks.js';
import { optionsOf, type Plan, partsOf } from './plan.js';
import { byFailedPrice } from './quality-steps.js';
import { review } from './review.js';
import { rounded, roundedOrNull } from './round.js';

/**
 * A plan on which a task is better served: the least index of what serves it, the probability in percent that it is good enough, and
 * failed answers of that task a month. `usd`: what is weighed against these, USD a month.
 */
export type Step = {
  plan: Plan;
  index: number;
  score: number;
  failures: number;
  usd: number;
  paysFromUsd: number | null;
};

/**
 * What better models for one task cost: the plan, and of the cheapest plans above it in quality those on the lower convex hull of failed
 * answers and cost, each with what a failed answer must cost so that it pays against the one before. Models are looked for with the
 * rest of the plan where it is, and with all of it on the option found; where the rest had better move elsewhere, it does.
 */
export function qualitySteps(plan: Plan, task: string, within: Context, context: Context): Step[] {
  const alone = aloneIn(within, (taskPart) => taskPart.task === task);
  const staying = partsWithout(plan, (taskPart) => taskPart.task === task);
  const stepOf = (one: Plan): Step => ({
    plan: one,
    index: leastIndices(one).get(task) as number,
    score: scoreOf(one, task),
    failures: failedAnswers(one, context, [task]),
    usd: one.monthlyUsd,
    paysFromUsd: null,
  });
  const late = lateTasks(plan, context).length;
  const isLate = (one: Plan): boolean => lateTasks(one, context).length > late;
  const steps = [stepOf(plan)];
  let index = steps[0]?.index as number;
  // Nobody pays for answers that come too late, where they come in time today.
  const patience = lateTasks(plan, context).includes(task) ? undefined : context.workload.assume('softLatencyTimes');
  for (let left = context.workload.assume('qualityDecisions'); left > 0; left--) {
    const found = planAbove(new Map([[task, index]]), alone, alone, { patience });
    if (found === null) break;
    index = leastIndices(found).get(task) as number;
    if (staying.length === 0) {
      steps.push(stepOf(found));
      continue;
    }
    const parts = partsOf(found, (taskPart) => taskPart);
    const [first, ...others] = parts;
    const wholes = [allowedPlanOf([...staying, ...parts], context)];
    if (first !== undefined && others.length === 0)
      wholes.push(allowedPlanOf([...staying.map(({ taskParts }) => ({ ...first, taskParts })), first], context));
    steps.push(...wholes.flatMap((whole) => (whole === null || isLate(whole) ? [] : [stepOf(whole)])));
  }
  if (staying.length === 0) return hullOf(steps);
  const moved = hullOf(steps)
    .slice(1)
    .flatMap((step) => {
      const least = new Map([[task, step.index * certainlyBelow]]);
      const found = planAbove(least, within, context, { below: step.plan.monthlyUsd, patience });
      return found === null || isLate(found) ? [step] : [stepOf(found)];
    });
  return hullOf([steps[0] as Step, ...moved]);
}

/** The same for one task, which is the search for its plan at rising prices of a failed answer. */
function qualityStepsOfTask(task: string, context: Context): Step[] {
  const found = byFailedPrice(context, context.workload.assume('qualityDecisions'));
  return hullOf(
    found.map((one) => ({
      ...one,
      index: leastIndices(one.plan).get(task) as number,
      score: scoreOf(one.plan, task),
      paysFromUsd: null,
    })),
  );
}

/** From the first step on the lower convex hull of failures and cost, by steps that are seen to be better and no less sure. */
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
    // Of steps that pay alike the longest.
    last = ahead.sort((a, b) => a.paysFromUsd - b.paysFromUsd || a.failures - b.failures)[0];
  }
  return hull;
}

/** A model of a higher index may be less sure of meeting the need, by a wider band. What is equal in whole points is told as equal. */
function isBetter(step: Step, than: Step): boolean {
  const [sure, before] = [Math.min(asSure, step.score), Math.min(asSure, than.score)];
  const isSeen = Math.round(step.index) > Math.round(than.index) || Math.round(sure) > Math.round(before);
  return sure >= before * certainlyBelow && isSeen;
}

/** Percent above which all are as sure as can be told. */
const asSure = 99;

/** The probability in percent that what serves a task at its lowest index is good enough. */
function scoreOf(plan: Plan, task: string): number {
  const { option, taskPart } = leastCapable(plan, task);
  return capabilityScore(option, taskPart) ?? 0;
}

/** The steps of the least sure task of a plan, as they are told; of one step alone nothing is. */
export function betterQuality(plan: Plan, within: Context, context: Context): Recommendation['betterQuality'] {
  const { workload } = context;
  const task = leastSureTask(plan);
  const steps = isOfCore(context) ? qualityStepsOfTask(task, context) : qualitySteps(plan, task, within, context);
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
