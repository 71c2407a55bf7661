import { type Admitted, admit } from '../core/admitted.js';
import { type Prepared, prepared } from '../core/decide.js';
import { shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import type { Context } from '../places/placement.js';
import { isSame } from '../units/same.js';
import type { Needs, Rules, TaskPart, Team, Workload } from '../workload/workload.js';

/** One task with all that may serve it: values that the next decision takes over, where it asks for the same. */
export type TaskCase = {
  context: Context;
  admitted: Admitted;
  /** With the queues that were asked so far. */
  start: Prepared;
};

export const taskCase = (context: Context): TaskCase => shapedIn(context, admit(supplyOf(context), context));

const shapedIn = (context: Context, admitted: Admitted): TaskCase => ({
  context,
  admitted,
  start: prepared(shapeOf(admitted, context, 'fastest')),
});

/** A changed case: all of an earlier one that it leaves as it is, is taken over. */
export function changedCase(before: TaskCase, context: Context): TaskCase {
  switch (madeAnew(before.context, context)) {
    case 'prices':
      return { ...before, context };
    case 'rows':
      return shapedIn(context, before.admitted);
    case 'admission':
      return taskCase(context);
  }
}

/**
 * What a change makes anew: prices alone (volume, people, budgets), rows as well (tokens, hours, targets on latency), or what the rules
 * let serve and all before it (needs, data, wishes, assumptions, horizon, tables).
 */
export type MadeAnew = 'prices' | 'rows' | 'admission';

export function madeAnew(before: Context, after: Context): MadeAnew {
  const [one, other] = [before.workload, after.workload];
  if (before.tables !== after.tables || one.assumptions !== other.assumptions) return 'admission';
  if (!isSame(without(one, ofWorkload), without(other, ofWorkload))) return 'admission';
  if (!isSame(without(one.rules, ofRules), without(other.rules, ofRules))) return 'admission';
  if (!isSame(without(one.team, ofTeam), without(other.team, ofTeam))) return 'admission';
  const parts = [one, other].map(({ taskParts }) => taskParts[0] as TaskPart) as [TaskPart, TaskPart];
  const [part, otherPart] = parts;
  if (!isSame(without(part, [...ofVolume, ...ofRows]), without(otherPart, [...ofVolume, ...ofRows])))
    return 'admission';
  if (!isSame(without(part.needs, ofSeen), without(otherPart.needs, ofSeen))) return 'admission';
  const isAlike =
    isSame(without(part, [...ofVolume, 'needs']), without(otherPart, [...ofVolume, 'needs'])) &&
    isSame(part.needs, otherPart.needs) &&
    isSame(one.measured, other.measured);
  return isAlike ? 'prices' : 'rows';
}

/** What prices alone depend on, or what is looked at apart. */
const ofWorkload: readonly (keyof Workload)[] = [
  ...(['name', 'requestsPerDay', 'today', 'inputs', 'resolvedWith', 'documentTokens'] as const),
  ...(['team', 'rules', 'taskParts', 'assume', 'assumptions', 'measured', 'capacityError', 'near'] as const),
];
const ofRules: readonly (keyof Rules)[] = [
  ...(['budgetMonthlyUsd', 'budgetUpfrontUsd', 'objective', 'failedAnswerUsd', 'weights', 'maxFte'] as const),
];
const ofTeam: readonly (keyof Team)[] = ['given', 'freeFte', 'mayHire', 'yearlyCostUsd', 'isLearning'];
const ofVolume: readonly (keyof TaskPart)[] = ['requestsPerDay', 'share', 'scales'];
/** What no rule on models or places asks about. */
const ofRows: readonly (keyof TaskPart)[] = ['tokens', 'hours', 'waits', 'bursts', 'batchable', 'needs'];
const ofSeen: readonly (keyof Needs)[] = [
  ...(['ttftP95Ms', 'presetTtftP95Ms', 'tokensPerSecond', 'totalP95Ms', 'latencyLimits'] as const),
  ...(['contextTokens', 'presetContext'] as const),
];

function without<Of extends object>(of: Of, names: readonly (keyof Of)[]): Partial<Of> {
  const rest: Partial<Of> = { ...of };
  for (const name of names) delete rest[name];
  return rest;
}
