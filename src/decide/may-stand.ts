import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { review } from './review.js';

/** Whether a plan breaks no rule, of its parts or as a whole. */
export const mayStand = (plan: Plan, context: Context): boolean =>
  [...review(plan, context).verdicts, ...planVerdicts(plan, context)].every(({ verdict }) => mayRun(verdict));
