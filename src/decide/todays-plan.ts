import type { Case } from '../places/placement.js';
import { findPlan } from './find-plan.js';
import type { Plan } from './plan.js';

/** What is in use now, an option or a plan, priced as any other; null where nothing is given. A text says why there is none. */
export const todaysPlan = (of: Case): Plan | string | null =>
  of.demand.today === null ? null : findPlan(of.demand.today.option, of);

/** The same, where all that cannot be had is alike. */
export function todaysPlanIfKnown(of: Case): Plan | null {
  const found = todaysPlan(of);
  return typeof found === 'string' ? null : found;
}
