import type { Context } from '../places/placement.js';
import { findPlan } from './find-plan.js';
import type { Plan } from './plan.js';

/** What is in use now, an option or a plan, priced as any other; null where nothing is given. A text says why there is none. */
export const todaysPlan = (context: Context): Plan | string | null =>
  context.workload.today === null ? null : findPlan(context.workload.today.option, context);

/** The same, where all that cannot be had is alike. */
export function todaysPlanIfKnown(context: Context): Plan | null {
  const found = todaysPlan(context);
  return typeof found === 'string' ? null : found;
}
