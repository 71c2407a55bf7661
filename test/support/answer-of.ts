import { kindsByTask } from '../../src/decide/choice.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';

/** What a change is about: the deployment types of tasks, and of a single task the models too; null: nothing fits. */
export function answerOf(plan: Plan | null): string | null {
  if (plan === null) return null;
  const tasks = new Set(plan.deployments.flatMap(({ taskParts }) => taskParts.map(({ id }) => id)));
  if (tasks.size > 1) return kindsByTask(plan);
  return plan.deployments
    .flatMap(optionsOf)
    .map(({ kind, family, mode }) => `${kind} ${family} ${mode}`)
    .join(' + ');
}
