import type { ChecklistItem, PlaybookStep } from '../../decide/decision.js';
import type { Miss } from '../../decide/near-misses.js';
import type { Context } from '../../places/placement.js';
import type { Prose } from '../../tables/tables.js';
import { checklistOf } from './checklist.js';
import { listsOf } from './list-facts.js';
import { onDayOf } from './on-day.js';
import { type Advice, planFactsOf } from './plan-facts.js';
import { stepsOf } from './steps.js';

export type Way = { playbook: PlaybookStep[]; checklist: ChecklistItem[] };

export const noWay: Way = { playbook: [], checklist: [] };

/**
 * The way from today to the recommended plan, or (nothing fits) to a scenario that something fits: dated steps from the
 * rows of playbook.csv that apply, and what has to be seen to.
 */
export function playbookOf(advice: Advice & { misses: readonly Miss[] }, context: Context, prose: Prose): Way {
  const { reviewed, recommendation, misses } = advice;
  const { workload, tables } = context;
  const lists = listsOf(reviewed, misses, context);
  const checklist = reviewed === null ? [] : checklistOf(reviewed, recommendation.conditions, context, prose);
  const facts = planFactsOf(advice, lists, checklist.length, context);
  const onDay = onDayOf(reviewed?.plan ?? null, context);
  return {
    playbook: stepsOf({ facts, lists, onDay, assume: workload.assume, asOf: workload.asOf, tables, prose }),
    checklist,
  };
}
