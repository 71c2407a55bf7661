import { kindOf, numberOf } from '../core/apis.js';
import type { Context } from '../places/placement.js';
import type { TakesPart } from '../several/combine.js';
import type { Kind } from '../tables/columns.js';
import { madeOnce } from '../units/memo.js';
import { certainlyAbove } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { adjustedPricesIn, unsureTasks } from './adjusted-plan.js';
import {
  asBestOfType,
  type Choice,
  findCheaperPlan,
  type KeptOut,
  type KindBest,
  keptOutBy,
  kindsByTask,
  kindsOfEach,
} from './choice.js';
import { choiceByAdjustedCost, choiceByCore, isOneTask } from './core-choice.js';
import type { Plan } from './plan.js';
import {
  type CutWay,
  type SeveralCase,
  searchAmongSure,
  searchByAdjustedCost,
  searchByCost,
  severalCase,
  tracedOnce,
  type WayPlan,
  type WaysSearch,
} from './several-case.js';
import type { TaskCase } from './task-case.js';
import { type Counted, countsOf, summed } from './task-counts.js';
import { bestPlans } from './task-plans.js';

/** The decision on several tasks, or one that may be split, for a report. */
function choiceOfSeveral(context: Context): Choice {
  const { workload } = context;
  const several = severalCase(context);
  const byCost = searchByCost(several);
  const best = byCost.best();
  const isAdjusted = workload.rules.objective !== 'cost';
  const search = isAdjusted && best !== null ? searchByAdjustedCost(several, { baseUsd: best.usd }) : byCost;
  const advisedWay = search === byCost ? best : search.best();
  const traced = tracedOnce();
  const chosen = { cheapest: best && traced(best), advised: advisedWay && traced(advisedWay), isAdjusted };
  const { advised } = chosen;
  const [whole] = several.ways as [CutWay];
  const counts = countsOf(whole.cases.map(({ start }) => start.shape));
  const kinds = madeOnce(() =>
    kindOf.map((kind, k): KindBest => {
      const takes: TakesPart = (_, first, second) => first === k && (second === -1 || second === k);
      const unserved = unservedBy(k, search, whole);
      const mayServe = unserved.length === 0 || several.ways.length > 1;
      const within = mayServe ? search.best({ takes }) : null;
      const anyway =
        mayServe && within === null && whole.limits !== null ? search.best({ takes, unruled: true }) : null;
      const one = within ?? anyway;
      return {
        kind,
        plan: one && traced(one),
        feasible: within !== null,
        considered: counts.get(kind) as Counted,
        unserved: one === null ? unserved : [],
      };
    }),
  );
  const plain = (one: WayPlan | null): Plan | null => one && asBestOfType(traced(one), kinds());
  const runnerUp = madeOnce(() => advised && plain(runnerUpOf(advised, several, search)));
  const cheaperPlan = madeOnce(() =>
    findCheaperPlan(chosen, context, () => {
      // What is advised is sure where anything is: nothing dearer is looked at.
      const belowUsd = (advised?.monthlyUsd ?? 0) * certainlyAbove;
      const sure = searchAmongSure(several).best({ belowUsd });
      return sure && traced(sure);
    }),
  );
  return {
    several,
    ...chosen,
    get cheaperPlan() {
      return cheaperPlan();
    },
    unsure: isAdjusted && advised !== null ? unsureTasks(advised, adjustedPricesIn(workload)) : [],
    get kinds() {
      return kinds();
    },
    considered: summed([...counts.values()]),
    get runnerUp() {
      return runnerUp();
    },
    provisioned: () => null,
    get keptOut() {
      return advised === null || runnerUp() !== null ? null : keptOutOf(advised, several, search, traced);
    },
    onIdle: () => advised && onIdleOf(advised, several, search, traced),
    withOthers(kind) {
      if (new Set(workload.taskParts.map(({ task }) => task)).size > 1) return null;
      return plain(findWithOthers(kind, several, search));
    },
  };
}

const placedOf = ({ places }: WayPlan) => ({ deployments: places });

/** The cheapest plan over questions of every split, of those that are meant; null: none. */
function leastOver(
  { ways }: SeveralCase,
  search: WaysSearch,
  questionsOf: (way: CutWay) => readonly TakesPart[],
  isMeant: (one: WayPlan) => boolean,
): WayPlan | null {
  let least: WayPlan | null = null;
  for (const way of ways)
    for (const takes of questionsOf(way)) {
      const one = search.best({ takes, belowUsd: least?.usd ?? Number.POSITIVE_INFINITY }, way);
      if (one !== null && isMeant(one) && (least === null || one.usd < least.usd)) least = one;
    }
  return least;
}

/** Only rules on tasks. */
const unruled = { limits: null, mayOverflow: false, taskUsd: 0 };

/** Tasks that nothing of a type may serve; of tasks that go to one place together each alone. */
function unservedBy(kind: number, search: WaysSearch, { tasks, cases, context }: CutWay): TaskPart[] {
  const { taskParts } = context.workload;
  const served = new Set(tasks.tasksIn[search.servedBy(kind)]);
  const together = new Set(tasks.bundles.filter(({ length }) => length > 1).flatMap((own) => [...own]));
  const isServedAlone = (t: number): boolean => {
    const { start, context: alone } = cases[t] as TaskCase;
    return bestPlans(start, alone.workload, unruled).ofTypes[kind] !== null;
  };
  return taskParts.filter((_, t) => !served.has(t) && !(together.has(t) && isServedAlone(t)));
}

/** The best plan with some task, or part of one, on other types than the advised plan. */
function runnerUpOf(advised: Plan, several: SeveralCase, search: WaysSearch): WayPlan | null {
  const now = kindsByTask(advised);
  const kindsOf = kindsOfEach(advised);
  const isWithin = (kinds: ReadonlySet<Kind>, first: number, second: number): boolean =>
    kinds.has(kindOf[first] as Kind) && (second === -1 || kinds.has(kindOf[second] as Kind));
  const questionsOf = ({ context, tasks: { bundles } }: CutWay): TakesPart[] => {
    const taskOf = (t: number): string => (context.workload.taskParts[t] as TaskPart).task;
    return [
      ...bundles.map((own, b): TakesPart => {
        const kinds = new Set(Array.from(own).flatMap((t) => [...(kindsOf.get(taskOf(t)) ?? [])]));
        return (set, first, second) => ((set >> b) & 1) === 0 || !isWithin(kinds, first, second);
      }),
      ...[...kindsOf].flatMap(([task, kinds]): TakesPart[] => {
        const mask = bundles.reduce(
          (bits, own, b) => (own.some((t) => taskOf(t) === task) ? bits | (1 << b) : bits),
          0,
        );
        if (kinds.size < 2) return [];
        return [...kinds].map((kind) => {
          const k = numberOf(kind);
          return (set, first, second) => (set & mask) === 0 || (first !== k && second !== k);
        });
      }),
    ];
  };
  return leastOver(several, search, questionsOf, (one) => kindsByTask(placedOf(one)) !== now);
}

/** The cheapest plan in which a type serves some part of a task. */
function findWithOthers(kind: Kind, several: SeveralCase, search: WaysSearch): WayPlan | null {
  const k = numberOf(kind);
  const questionsOf = ({ tasks }: CutWay): TakesPart[] =>
    tasks.bundles.map(
      (_, b): TakesPart =>
        (set, first, second) =>
          ((set >> b) & 1) === 0 || first === k || second === k,
    );
  return leastOver(several, search, questionsOf, () => true);
}

/** The best plan that one rule alone excludes, with one task on another type; null: there is none. */
function keptOutOf(
  advised: Plan,
  { ways }: SeveralCase,
  search: WaysSearch,
  traced: (one: WayPlan) => Plan,
): KeptOut | null {
  const kinds = kindsByTask(advised);
  const kindsOf = kindsOfEach(advised);
  const found: KeptOut[] = [];
  for (const way of ways) {
    const { taskParts } = way.context.workload;
    for (const [b, tasks] of way.tasks.bundles.entries()) {
      const own = new Set(
        Array.from(tasks).flatMap((t) => [...(kindsOf.get((taskParts[t] as TaskPart).task) ?? [])].map(numberOf)),
      );
      const takes: TakesPart = (set, first, second) => ((set >> b) & 1) === 0 || !own.has(first) || second >= 0;
      const one = search.best({ takes, unruled: true, further: 1 }, way);
      if (one === null || kindsByTask(placedOf(one)) === kinds) continue;
      const kept = keptOutBy(traced(one), way.context);
      if (kept !== null) found.push(kept);
    }
  }
  return found.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd)[0] ?? null;
}

const requestsOnOwned = ({ deployments }: Plan): number =>
  deployments.reduce(
    (sum, { option, taskParts }) =>
      option.purchase === 'owned' ? taskParts.reduce((all, one) => all + one.requestsPerDay, sum) : sum,
    0,
  );

/** The best plan with as much as possible on owned machines that the advised plan leaves idle; null: none. */
function onIdleOf(
  advised: Plan,
  { context, ways }: SeveralCase,
  search: WaysSearch,
  traced: (one: WayPlan) => Plan,
): Plan | null {
  if (context.workload.existing.length === 0 || requestsOnOwned(advised) > 0) return null;
  const found: Plan[] = [];
  for (const way of ways) {
    const all = way.tasks.sets - 1;
    const sets = way.tasks.bundles.length === 1 ? [all] : [all, ...way.tasks.bundles.map((_, b) => 1 << b)];
    for (const set of sets) {
      const takes: TakesPart = (own, _first, _second, isOwned) => isOwned || (own & set) === 0;
      const one = search.best({ takes }, way);
      if (one !== null) found.push(traced(one));
    }
  }
  return (
    found
      .filter((plan) => requestsOnOwned(plan) > 0)
      .sort((a, b) => requestsOnOwned(b) - requestsOnOwned(a) || a.monthlyUsd - b.monthlyUsd)[0] ?? null
  );
}

/** The advised plan, by what the case minimizes, the best of other types, and the best of every type alone. */
export function choose(context: Context): Choice {
  if (!isOneTask(context)) return choiceOfSeveral(context);
  return context.workload.rules.objective === 'cost' ? choiceByCore(context) : choiceByAdjustedCost(context);
}
