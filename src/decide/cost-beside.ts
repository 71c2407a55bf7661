import type { Context } from '../places/placement.js';
import { ownMark } from './basis.js';
import type { Plan } from './plan.js';
import { type Reason, reason } from './review.js';

/** From here on a factor says more than percent. */
const manyTimes = 10;

/** Cost of a plan against the advised one: `+$192 (+250 %)`, `+$4,171 (55 x)`. */
export function costBeside(plan: Plan, advised: Plan, { tables }: Pick<Context, 'tables'>): Reason {
  const extraCost = plan.monthlyUsd - advised.monthlyUsd;
  const mark = ownMark(tables, plan, advised);
  const times = plan.monthlyUsd / advised.monthlyUsd;
  // Beside what costs nothing, or next to nothing, no factor says anything.
  if (!Number.isFinite(times)) return reason('cost', '{extraCost:more}{mark}', { mark }, { extraCost });
  return times >= manyTimes
    ? reason('cost', '{extraCost:more}{mark} ({times:times})', { mark }, { extraCost, times })
    : reason(
        'cost',
        '{extraCost:more}{mark} ({percent:morePercent})',
        { mark },
        { extraCost, percent: (times - 1) * 100 },
      );
}
