import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { certainlyAbove, certainlyBelow } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import { leastIndices, planAbove } from './failures.js';
import { isWaitedFor } from './filter.js';
import { allowedPlanOf, partsWithout } from './moved-tasks.js';
import { optionsOf, type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';
import { begunFte } from './simplest.js';

/** The case of some of its task parts alone. */
export const aloneIn = ({ workload, tables }: Context, is: (taskPart: TaskPart) => boolean): Context => ({
  tables,
  workload: { ...workload, taskParts: workload.taskParts.filter(is) },
});

/**
 * The same places with models that fail less, where the plan still costs about the same, asks for no more people or places
 * and keeps nobody waiting longer than usual or nearly as long as asked, or much longer than now: looked for task by task, tasks that share a place together.
 *
 * @param most USD a month of the plan
 */
export function betterModels(plan: Plan, most: number, within: Context, context: Context): Plan {
  let best = plan;
  for (const tasks of tasksTogether(plan)) {
    const isMine = ({ task }: TaskPart): boolean => tasks.has(task);
    const alone = onPlacesOf(plan, aloneIn(within, isMine));
    for (const task of tasks) {
      const now = best;
      const staying = partsWithout(now, isMine);
      const own = planOf(
        partsWithout(now, (taskPart) => !isMine(taskPart)),
        alone,
      );
      if (isUnpriced(own)) continue;
      const least = leastIndices(own);
      let index = least.get(task) as number;
      const above = new Map([...least].map(([other, its]) => [other, its * certainlyBelow]));
      for (let left = context.workload.assume('qualityDecisions'); left > 0; left--) {
        above.set(task, index);
        const found = planAbove(above, alone, alone, {
          below: (own.monthlyUsd + most - now.monthlyUsd) * certainlyAbove,
        });
        if (found === null) break;
        index = leastIndices(found).get(task) as number;
        const whole = allowedPlanOf([...staying, ...partsOf(found, (taskPart) => taskPart)], context);
        if (whole !== null && whole.monthlyUsd <= most && asksNoMore(whole, now, context)) best = whole;
      }
    }
  }
  return best;
}

/** The same among a few plans. */
export function betterModelsAmong(plans: readonly Plan[], plan: Plan, context: Context): Plan {
  const places = placesOf(plan);
  const alike = plans.filter((one) => placesOf(one) === places).map((one) => ({ one, index: leastIndices(one) }));
  return [...leastIndices(plan).keys()].reduce((best, task) => {
    const now = leastIndices(best);
    const better = alike
      .filter(({ index }) => [...now].every(([other, its]) => (index.get(other) as number) >= its * certainlyBelow))
      .filter(({ index }) => (index.get(task) as number) > (now.get(task) as number))
      .sort((a, b) => (b.index.get(task) as number) - (a.index.get(task) as number));
    return better.find(({ one }) => asksNoMore(one, best, context))?.one ?? best;
  }, plan);
}

/** The case with nothing but the deployment types, sellers and forms of purchase of a plan. */
const onPlacesOf = ({ deployments }: Plan, { tables, workload }: Context): Context => {
  const only = new Set(
    deployments
      .flatMap(optionsOf)
      .flatMap(({ kind, provider, purchase }) => [kind, provider, ...(purchase === null ? [] : [purchase])]),
  );
  return { tables, workload: { ...workload, rules: { ...workload.rules, only: [...only] } } };
};

/** Tasks that share a place, directly or by others. */
function tasksTogether({ deployments }: Plan): Set<string>[] {
  return deployments.reduce<Set<string>[]>((groups, { taskParts }) => {
    const tasks = taskParts.map(({ task }) => task);
    const [met, others] = [true, false].map((is) => groups.filter((group) => tasks.some((t) => group.has(t)) === is));
    return [
      ...(others as Set<string>[]),
      new Set([...(met as Set<string>[]).flatMap((group) => [...group]), ...tasks]),
    ];
  }, []);
}

/** Where each task part runs, whatever model and machine are there. */
const placesOf = ({ deployments }: Plan): string =>
  deployments
    .flatMap((deployment) => {
      const where = optionsOf(deployment).map(({ kind, provider, purchase }) => [kind, provider, purchase].join('/'));
      return deployment.taskParts.map(({ id }) => `${id} ${where.join('+')}`);
    })
    .sort()
    .join();

/** Whether a plan is on the same places, with as few people and deployments, and nobody waits longer than asked, or much longer than before. */
function asksNoMore(plan: Plan, now: Plan, context: Context): boolean {
  if (placesOf(plan) !== placesOf(now) || begunFte(plan.fte) > begunFte(now.fte)) return false;
  if (plan.deployments.flatMap(optionsOf).length > now.deployments.flatMap(optionsOf).length) return false;
  const [waits, before] = [plan, now].map((one) => review(one, context).services) as [Services, Services];
  // Parts of a task that is cut up are made anew for each plan.
  const firstMs = new Map([...before].map(([{ id }, seen]) => [id, seen?.ttftP95Ms ?? 0]));
  const { assume } = context.workload;
  return [...waits].every(([taskPart, seen]) => {
    const firstBefore = firstMs.get(taskPart.id) ?? 0;
    const target = taskPart.needs.ttftP95Ms;
    const isInTime = (most: number): boolean => (seen?.ttftP95Ms ?? 0) <= most || !isWaitedFor(taskPart);
    if (target?.by === 'user') {
      // A part of what the user asks stays in hand, unless it is gone already.
      const inHand = target.value * (1 - assume('latencyHeadroom'));
      return isInTime(firstBefore <= inHand ? inHand : Math.max(firstBefore, target.value));
    }
    return isInTime(Math.max(firstBefore * (1 + assume('softRuleExtra')), target?.value ?? 0));
  });
}
type Services = ReturnType<typeof review>['services'];
