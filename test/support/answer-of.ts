import { kindsByTask } from '../../src/decide/kinds-by-task.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';

/** What a change is about: the deployment types of tasks, and of a single deployment the models too; null: nothing fits. */
export const answerOf = (plan: Plan | null): string | null =>
  plan &&
  (plan.deployments.length === 1
    ? plan.deployments
        .flatMap(optionsOf)
        .map(({ kind, family, mode }) => `${kind} ${family} ${mode}`)
        .join(' + ')
    : kindsByTask(plan));
