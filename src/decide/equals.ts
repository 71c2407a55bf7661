import { type Candidate, candidateCost } from '../places/candidate.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { capabilityScore } from '../rules/model.js';
import type { Assigner, Simplicity } from './assign.js';
import { type Assignment, planUsdAndPeople } from './assignment.js';
import { ownMark } from './basis.js';
import { assignmentOf, type Met } from './parts.js';
import type { Plan } from './plan.js';
import { type Reason, reason } from './review.js';
import { simplestFirst } from './simplest.js';

/**
 * Inside the tie band of the cheapest, costs are closer than the inputs are known: of the plans there the one with the
 * fewest people, then the fewest deployments, then the highest capability score, then the lowest cost, then the first id.
 *
 * What costs more and serves no more is left out where plans are compared by cost, so for the cheapest plan's deployments every
 * more capable model is looked at as well.
 *
 * @param limit USD a month up to which plans count as equal
 */
export function bestOfEquals(assigner: Assigner, best: Met, limit: number): Assignment {
  const { workload } = assigner.context;
  const scoreOf = scores(assigner);
  const { tasksIn } = assigner.offered.columns;
  const simple = (assignment: Assignment, usd: number, fte: number, score: number) => ({
    assignment,
    usd,
    fte,
    deployments: assignment.length,
    taskParts: workload.taskParts.length,
    capability: () => score,
    id: () => assignment.map(({ candidate }) => candidate.option().id).join(';'),
  });
  const simpleOf = ({ parts, usd, fte, score }: Simplicity) => simple(assignmentOf({ parts, usd }), usd, fte, score);
  const isSimpler = (one: Simplicity, other: Simplicity): boolean => {
    const [a, b] = [simpleOf(one), simpleOf(other)];
    const [first] = simplestFirst([b, a]);
    return first === a;
  };
  const equals = [
    simpleOf(simplestAsked(assigner, limit, best, (model, set) => scoreOf(model, tasksIn(set)), isSimpler)),
  ];
  const assignment = assignmentOf(best);
  for (const [position, { set, candidate }] of best.parts.entries()) {
    const taskParts = tasksIn(set);
    const now = scoreOf(candidate.option(), taskParts);
    const mostUsd = candidateCost(candidate, taskParts, workload) + limit - best.usd;
    for (const twin of twinsOf(assigner, candidate, set, mostUsd, (option) => scoreOf(option, taskParts) > now)) {
      const changed = assignment.with(position, { candidate: twin, taskParts });
      const { usd, fte } = planUsdAndPeople(changed, workload);
      const score = Math.min(...changed.map((one) => scoreOf(one.candidate.option(), one.taskParts)));
      if (usd <= limit) equals.push(simple(changed, usd, fte, score));
    }
  }
  for (const { assignment: one } of simplestFirst(equals)) if (assigner.rule.allows(one)) return one;
  return assignment;
}

/** The simplest plan once targets on latency were asked of all that it takes. */
function simplestAsked(assigner: Assigner, limit: number, ...how: Tail<Parameters<Assigner['simplest']>>) {
  for (;;) {
    const found = assigner.simplest(limit, ...how);
    if (!assigner.confirm(found.met)) return found;
  }
}

type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

/** Options of the same kind for the same tasks that are better, up to a cost without people. */
function twinsOf(
  assigner: Assigner,
  { kind }: Candidate,
  set: number,
  mostUsd: number,
  isBetter: (option: Option) => boolean,
): Candidate[] {
  const { workload } = assigner.context;
  const taskParts = assigner.offered.columns.tasksIn(set);
  const costs = (candidate: Candidate): boolean => candidateCost(candidate, taskParts, workload) <= mostUsd;
  const priced = assigner.offered.candidates.filter(
    (one) => one.kind === kind && one.second === undefined && costs(one) && isBetter(one.option()),
  );
  const rows = assigner.alternatives(kind, set, mostUsd, ({ model }) => isBetter(model));
  return [
    ...priced,
    ...rows.flatMap(({ row, group }) => {
      const exact = row.isExact ? row : group.confirm(row);
      const candidate = exact === null || (set & ~exact.serves) !== 0 ? null : exact.candidate();
      return candidate !== null && costs(candidate) ? [candidate] : [];
    }),
  ];
}

/** Probability in percent that a model is capable enough for all of some tasks. */
function scores({ context: { workload } }: Assigner): (model: Option, taskParts: readonly number[]) => number {
  const known = new Map<Option, number[]>();
  return (model, taskParts) => {
    let all = known.get(model);
    if (all === undefined) {
      all = workload.taskParts.map((taskPart) => capabilityScore(model, taskPart) ?? 0);
      known.set(model, all);
    }
    return Math.min(...taskParts.map((s) => (all as number[])[s] as number));
  };
}

/** From here on a factor says more than percent. */
const manyTimes = 10;

/** What a plan costs beside the one advised: `+$192 (+250 %)`, `+$4,171 (55 x)`. */
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
