import { at, isUnpriced, type Unpriced } from '../../cost/curve.js';

import { runFormula } from '../../cost/people.js';
import { planIn } from '../../decide/months.js';
import { linesOf, type Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import type { Workload } from '../../workload/workload.js';
import { addServed, nothingServed, type Said } from './actuals.js';
import { requestsOf } from './month-demand.js';

/** What a plan is billed in one month, and what it would serve by task, tokens as billed. */
export type MonthBill = {
  usd: number;
  /** The part of it that a discount on tokens, rental and hosting would lower: what was bought has its price. */
  discountableUsd: number;
  tasks: Map<string, Said>;
};

const discountable = /^(?:tokens|compute)\./;

/**
 * The bill of one month: all that is paid in it but people, who are on no bill; one-offs apart. Tokens are those of every
 * call that requests make, reasoning included, retries apart.
 *
 * @param plan made for `workload`
 * @param then the month alone
 */
export function monthBill(plan: Plan, workload: Workload, then: Context): MonthBill | Unpriced {
  const priced = planIn(plan, workload, then);
  if (isUnpriced(priced)) return priced;
  let [usd, discountableUsd] = [0, 0];
  for (const { curve, once, part } of linesOf(priced)) {
    if (once === true || part === runFormula.id) continue;
    const lineUsd = at(curve, then.workload.requestsPerDay);
    usd += lineUsd;
    if (discountable.test(part)) discountableUsd += lineUsd;
  }
  const tasks = new Map<string, Said>();
  for (const { task } of then.workload.taskParts) tasks.set(task, nothingServed);
  for (const taskPart of then.workload.taskParts)
    add(tasks, taskPart.task, { requests: requestsOf(taskPart, then.workload) });
  for (const { option, taskParts } of priced.deployments) {
    for (const taskPart of taskParts) {
      const requests = requestsOf(taskPart, then.workload);
      const { input, output } = taskPart.tokens;
      const written = output + reasoningTokens(option, taskPart, then.workload);
      const outputTokens = requests * written;
      const rewrittenTokens = taskPart.rewrites ? outputTokens : 0;
      add(tasks, taskPart.task, { inputTokens: requests * input, outputTokens, rewrittenTokens });
    }
  }
  return { usd, discountableUsd, tasks };
}

function add(tasks: Map<string, Said>, task: string, more: Partial<Said>): void {
  tasks.set(task, addServed(tasks.get(task) ?? nothingServed, { ...nothingServed, ...more }));
}
