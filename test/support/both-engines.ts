import type { Choice, KindBest } from '../../src/decide/choice.js';
import { choiceBySearch } from '../../src/decide/choose.js';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { verdictsOn } from '../../src/decide/filter.js';
import { kindsByTask } from '../../src/decide/kinds-by-task.js';
import { planVerdicts } from '../../src/decide/option-report.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { mayRun } from '../../src/rules/rule.js';
import { availability } from '../../src/rules/service.js';
import type { TaskPart } from '../../src/workload/workload.js';

/** Share by which two costs may differ: queues are asked at lengths of their own. */
const tolerance = 1e-3;

/** What is compared: all, or the best of every deployment type alone. */
export type Compared = 'all' | 'types';

/** What the engine says that decides by search over options; null: it has no answer to the scenario. */
export function searched(context: Context): Choice | null {
  const own: Context = { ...context, memo: new Map() };
  try {
    const choice = choiceBySearch(own);
    // A getter that searches when it is read: it may throw.
    return choice.kinds.length > 0 ? choice : null;
  } catch {
    return null;
  }
}

/** Where the core says something else; empty: nowhere. Null: the other engine has no answer. */
export function differences(context: Context, compared: Compared = 'all', old = searched(context)): string[] | null {
  if (old === null) return null;
  const core = choiceByCore(context);
  const found: string[] = [];
  for (const [k, kind] of core.kinds.entries()) found.push(...ofKind(kind, old.kinds[k] as KindBest, context));
  if (compared === 'types') return found;
  const say = (what: string, ours: Plan | null, theirs: Plan | null): void => {
    const wrong = worse(ours, theirs, context);
    if (wrong !== null) found.push(`${what}: ${wrong}`);
  };
  say('cheapest', core.cheapest, old.cheapest);
  // Those beside it are of other deployment types than it is.
  if (core.cheapest && old.cheapest && kindsByTask(core.cheapest) === kindsByTask(old.cheapest)) {
    say('runner-up', core.runnerUp, old.runnerUp);
    say('other main', core.otherMain, old.otherMain);
  }
  return found;
}

function ofKind(core: KindBest, old: KindBest, context: Context): string[] {
  const { kind } = core;
  const found: string[] = [];
  if (core.feasible !== old.feasible && !(core.feasible && mayStand(core.plan as Plan, context)))
    found.push(`${kind}: ${core.feasible ? 'within' : 'against'} the rules on plans`);
  else if (core.feasible === old.feasible) {
    const wrong = worse(core.plan, old.plan, context, core.feasible);
    if (wrong !== null) found.push(`${kind}: ${wrong}`);
  }
  const counted = ({ considered: { total, feasible, rejectedBy } }: KindBest): string =>
    JSON.stringify({ total, feasible, rejectedBy: [...rejectedBy].filter(([, n]) => n > 0).sort() });
  if (counted(core) !== counted(old)) found.push(`${kind}: counts ${counted(core)} instead of ${counted(old)}`);
  return found;
}

/** What is wrong with a plan of the core beside one of the search: it costs the same, or less and every rule lets it through. */
function worse(core: Plan | null, old: Plan | null, context: Context, isRuled = true): string | null {
  if (core === null) return old === null ? null : `none instead of ${old.id} at ${old.monthlyUsd}`;
  const [ours, theirs] = [core.monthlyUsd, old?.monthlyUsd ?? Number.POSITIVE_INFINITY];
  if (ours > theirs * (1 + tolerance)) return `${core.id} at ${ours} instead of ${old?.id} at ${theirs}`;
  if (ours >= theirs * (1 - tolerance) || !isRuled || mayStand(core, context)) return null;
  return `${core.id} at ${ours} against the rules instead of ${old?.id} at ${theirs}`;
}

/** Whether every rule lets a plan through, asked of its options one by one. */
function mayStand(plan: Plan, context: Context): boolean {
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const isPaired = plan.deployments.some(({ second }) => second?.role === 'failover');
  return (
    planVerdicts(plan, context).every(({ verdict }) => mayRun(verdict)) &&
    plan.deployments.flatMap(optionsOf).every((option) => {
      const seen = placementOf(option.kind).service(option, taskPart, context);
      if ('unpriced' in seen) return false;
      return verdictsOn(option, taskPart, context, seen).every(
        ({ gate, verdict }) => mayRun(verdict) || (isPaired && gate === availability.id),
      );
    })
  );
}
