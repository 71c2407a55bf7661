import { mayRun } from '../rules/rule.js';
import { places } from '../rules/place.js';
import { Assigner, assignmentOf } from './assign.js';
import { kindsByTask, kindsOfTasks } from './kinds-by-task.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';

/** A plan, and what alone keeps it out: a rule about whole plans by its id, or how many places may be run. */
export type KeptOut = { plan: Plan } & ({ gate: string } | { limit: number });

/**
 * The cheapest plan that one rule alone keeps out, of those in which one task is on another kind of place than in the cheapest
 * plan of a way to cut the tasks up; null where there is none.
 */
export function keptOutOf(advised: Plan, ways: readonly Assigner[]): KeptOut | null {
  const kinds = kindsByTask(advised);
  const found = ways.flatMap((way) => {
    const now = way.cheapest();
    if (now === null) return [];
    const { context, offered, rule } = way;
    const wider = new Assigner(context, offered, { ...rule, maxDeployments: rule.maxDeployments + 1 });
    const { all, bundles } = offered.columns;
    return bundles.tasks.flatMap((_, b) => {
      const here = now.parts.find(({ set }) => ((set >> b) & 1) === 1);
      const is = (one: string): boolean => one === here?.candidate.kind;
      const met = wider.cheapest({ mayServe: (one) => (is(one) ? all & ~(1 << b) : all), unruled: true });
      if (met === null || kindsOfTasks(assignmentOf(met), context.workload) === kinds) return [];
      const plan = pricedAssignment(assignmentOf(met), context);
      if (plan === null) return [];
      const [first, ...more] = planVerdicts(plan, context).filter(({ verdict }) => !mayRun(verdict));
      if (first === undefined || more.length > 0) return [];
      return [first.gate === places.id ? { plan, limit: rule.maxDeployments } : { plan, gate: first.gate }];
    });
  });
  return found.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd)[0] ?? null;
}
