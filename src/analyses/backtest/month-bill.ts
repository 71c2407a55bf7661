import { at } from '../../cost/curve.js';
import { isUnpriced, type Unpriced } from '../../cost/line.js';
import { runFormula } from '../../cost/people.js';
import { planIn } from '../../decide/months.js';
import { linesOf, type Plan } from '../../decide/plan.js';
import type { Case } from '../../places/placement.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import type { Demand } from '../../workload/demand.js';
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
 * @param plan made for `demand`
 * @param then the month alone
 */
export function monthBill(plan: Plan, demand: Demand, then: Case): MonthBill | Unpriced {
  const priced = planIn(plan, demand, then);
  if (isUnpriced(priced)) return priced;
  let [usd, discountableUsd] = [0, 0];
  for (const { curve, once, part } of linesOf(priced)) {
    if (once === true || part === runFormula.id) continue;
    const lineUsd = at(curve, then.demand.requestsPerDay);
    usd += lineUsd;
    if (discountable.test(part)) discountableUsd += lineUsd;
  }
  const tasks = new Map<string, Said>();
  for (const { task } of then.demand.slices) tasks.set(task, nothingServed);
  for (const slice of then.demand.slices) add(tasks, slice.task, { requests: requestsOf(slice, then.demand) });
  for (const { option, slices } of priced.deployments) {
    for (const slice of slices) {
      const requests = requestsOf(slice, then.demand);
      const { input, output } = slice.tokens;
      const written = output + reasoningTokens(option, slice, then.demand);
      const outputTokens = requests * written;
      const rewrittenTokens = slice.rewrites ? outputTokens : 0;
      add(tasks, slice.task, { inputTokens: requests * input, outputTokens, rewrittenTokens });
    }
  }
  return { usd, discountableUsd, tasks };
}

function add(tasks: Map<string, Said>, task: string, more: Partial<Said>): void {
  tasks.set(task, addServed(tasks.get(task) ?? nothingServed, { ...nothingServed, ...more }));
}
