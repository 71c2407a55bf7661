import type { Context, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { bitsOf, type TaskColumns } from '../places/task-columns.js';
import type { Kind } from '../tables/rows.js';
import { certainlyAbove, certainlyBelow, isAtMost } from '../units/float.js';
import { madeOnce } from '../units/memo.js';
import type { TaskPart } from '../workload/workload.js';
import { adviceOf, onIdle } from './advice.js';
import type { Scope } from './assign.js';
import { planIn } from './at-volume.js';
import type { Advice, Advised, Choice, KindBest } from './choice.js';
import { choiceByAdjustedCost, choiceByCore, isOfCore } from './core-choice.js';
import type { Considered } from './filter.js';
import { kindsByTask, kindsOfEach, kindsOfTasks } from './kinds-by-task.js';
import { assignerOf, consideredIn, keptOutOf } from './offered.js';
import { assignmentOf, placesOf } from './parts.js';
import type { Deployment, Plan } from './plan.js';
import { cheapestOf, isCheaper, type Picked, picked, type Way } from './ways.js';
import { tasksApart } from './workload.js';

/**
 * The plan to advise by all rules of choice, the best of other kinds, and the best of every kind alone. What is compared with the plan
 * advised keeps its soft rules on quality, where its kind of place has such a plan.
 */
export function choose(context: Context): Choice {
  if (!isOfCore(context)) return choiceBySearch(context);
  return context.workload.rules.objective === 'cost' ? choiceByCore(context) : choiceByAdjustedCost(context);
}

/** The same by search over options: what several tasks and tasks in parts take. */
export function choiceBySearch(context: Context): Choice {
  const advice = adviceOf(context);
  const { cheapest, advised } = advice;
  // Many ask for the advice alone.
  const others = madeOnce(() => othersBeside(advice, context));
  return {
    advice,
    cheapest,
    advised,
    get runnerUp() {
      return others().runnerUp;
    },
    get otherMain() {
      return others().otherMain;
    },
    get kinds() {
      return others().kinds;
    },
    get keptOut() {
      return others().keptOut;
    },
    ofKinds: (most) => others().ofKinds(most),
    onIdle: () => advised && onIdle(advised, advice, context),
    withOthers: (kind) => others().withOthers(kind),
    get considered() {
      return others().considered;
    },
  };
}

/** What the plan advised is compared with. */
function othersBeside({ advised, ways, hardWays }: Advice, context: Context): Omit<Choice, keyof Advised | 'onIdle'> {
  const [whole] = hardWays as [Way];
  const considered = consideredIn(whole.context);
  const kinds = placements.map(({ kind }): KindBest => {
    const best = bestOfKind(kind, ways);
    const { plan, feasible } = best.feasible || hardWays === ways ? best : bestOfKind(kind, hardWays);
    return {
      kind,
      plan: plan && (planIn(plan, context) ?? plan),
      feasible,
      considered: considered.ofKind.get(kind) as Considered,
      unserved: plan === null ? unservedBy(kind, whole) : [],
    };
  });
  const met = new MetByKinds();
  const best = cheapestOf(ways, {}, (advised?.monthlyUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove);
  if (best !== null) met.add(best);
  const plain = (plan: Plan | null): Plan | null => plan && (planIn(plan, context) ?? plan);
  const runnerUp = advised === null ? null : asBestOfKind(plain(runnerUpOf(advised, ways, met)), kinds);
  return {
    runnerUp,
    otherMain: advised === null ? null : plain(otherMainOf(advised, ways, kinds, met)),
    kinds,
    keptOut:
      advised === null || runnerUp !== null
        ? null
        : keptOutOf(
            advised,
            ways.map(({ assigner }) => assigner),
          ),
    ofKinds(most) {
      for (const { kind } of placements) if (!met.has(kind)) meetWith(kind, ways, met);
      return met.plans(most).flatMap((plan) => plain(plan) ?? []);
    },
    withOthers(kind) {
      meetWith(kind, ways, met);
      return plain(met.cheapestWith(kind));
    },
    considered: considered.all,
  };
}

/** Plans met, the cheapest of every way to spread the tasks over kinds of place. */
class MetByKinds {
  readonly #best = new Map<string, Picked>();

  add(one: Picked): void {
    const kinds = kindsOfTasks(one.assignment, one.way.context.workload);
    const known = this.#best.get(kinds);
    if (known === undefined || isCheaper(one, known)) this.#best.set(kinds, one);
  }

  /** Whether a kind serves a task in any of them. */
  has(kind: Kind): boolean {
    return this.#with(kind).length > 0;
  }

  cheapestWith(kind: Kind): Plan | null {
    return (
      this.#with(kind)
        .sort((a, b) => a.usd - b.usd)[0]
        ?.plan() ?? null
    );
  }

  #with(kind: Kind): Picked[] {
    return [...this.#best.values()].filter(({ assignment }) =>
      assignment.some(({ candidate }) => kindsIn(placesOf(candidate)).includes(kind)),
    );
  }

  /** Cheapest first. */
  plans(most: number): Plan[] {
    return [...this.#best.values()]
      .sort((a, b) => a.usd - b.usd)
      .slice(0, most)
      .flatMap((one) => one.plan() ?? []);
  }
}

/**
 * The cheapest plan that serves some task by other kinds than the advised one does: of all plans that leave one of its tasks, or
 * one part of it, to other kinds.
 */
function runnerUpOf(advised: Plan, ways: readonly Way[], met: MetByKinds): Plan | null {
  const now = kindsByTask(advised);
  let best: Picked | null = null;
  for (const way of ways) {
    const { workload } = way.context;
    const { all, bundles } = way.assigner.offered.columns;
    const kindsOf = kindsOfEach(advised);
    const tries: Scope[] = [
      ...bundles.tasks.map((taskParts, b) => {
        const now = new Set(
          taskParts.flatMap((s) => [...(kindsOf.get((workload.taskParts[s] as TaskPart).task) ?? [])]),
        );
        return {
          mayServe: (places: string) => (kindsIn(places).every((kind) => now.has(kind)) ? all & ~(1 << b) : all),
        };
      }),
      ...[...kindsOf].flatMap(([task, kinds]) => {
        const mask = bundles.some(workload.taskParts.map((taskPart) => taskPart.task === task));
        return kinds.size < 2
          ? []
          : [...kinds].map((kind) => ({
              mayServe: (places: string) => (kindsIn(places).includes(kind) ? all & ~mask : all),
            }));
      }),
    ];
    for (const scope of tries) {
      const below = (best as Picked | null)?.usd ?? Number.POSITIVE_INFINITY;
      const found = way.assigner.cheapest({ ...scope, below: below * certainlyAbove - way.extraUsd });
      if (found === null) continue;
      const one = picked(assignmentOf(found), found, found.usd, way);
      met.add(one);
      if (kindsOfTasks(one.assignment, workload) === now) continue;
      if (best === null || isCheaper(one, best)) best = one;
    }
  }
  return best?.plan() ?? null;
}

/** Meets the cheapest plan in which a kind of place serves a task: of all tasks, of each of which it is asked. */
function meetWith(kind: Kind, ways: readonly Way[], met: MetByKinds): void {
  let best: Picked | null = null;
  for (const way of ways) {
    const { all, bundles } = way.assigner.offered.columns;
    for (const b of bundles.tasks.keys()) {
      const mayServe = (places: string): number => (kindsIn(places).includes(kind) ? all : all & ~(1 << b));
      const one = cheapestOf(
        [way],
        { mayServe },
        ((best as Picked | null)?.usd ?? Number.POSITIVE_INFINITY) * certainlyAbove,
      );
      if (one !== null && (best === null || isCheaper(one, best))) best = one;
    }
  }
  if (best !== null) met.add(best);
}

/** Of plans that cost the same on the same kinds of place the one that is the best of its kind, so that a report names one. */
function asBestOfKind(one: Plan | null, kinds: readonly KindBest[]): Plan | null {
  if (one === null) return null;
  const places = kindsByTask(one);
  const equal = kinds.find(
    ({ plan, feasible }) =>
      feasible &&
      plan !== null &&
      isAtMost(plan.monthlyUsd, one.monthlyUsd) &&
      isAtMost(one.monthlyUsd, plan.monthlyUsd) &&
      kindsByTask(plan) === places,
  );
  return equal?.plan ?? one;
}

const kindsIn = (places: string): Kind[] => places.split('+') as Kind[];

/** The cheapest plan met of which another kind of place answers most requests, or the best of another kind alone. */
function otherMainOf(advised: Plan, ways: readonly Way[], kinds: readonly KindBest[], met: MetByKinds): Plan | null {
  const mainOf = ({ deployments }: Pick<Plan, 'deployments'>): Kind | null =>
    mainKind(deployments.map(({ option, taskParts }) => ({ kind: option.kind, taskParts })));
  const now = mainOf(advised);
  let others: Picked | null = null;
  for (const way of ways) {
    const { columns } = way.assigner.offered;
    const { all } = columns;
    for (const set of mostRequests(columns)) {
      const one = cheapestOf(
        [way],
        { mayServe: (places) => (kindsIn(places)[0] === now ? all & ~set : all) },
        ((others as Picked | null)?.usd ?? Number.POSITIVE_INFINITY) * certainlyAbove,
      );
      if (one === null) continue;
      met.add(one);
      const plan = one.plan();
      if (plan !== null && mainOf(plan) !== now && (others === null || isCheaper(one, others))) others = one;
    }
  }
  const alone = kinds.flatMap(({ kind, plan, feasible }) => (feasible && kind !== now && plan !== null ? [plan] : []));
  const mixed = asBestOfKind((others as Picked | null)?.plan() ?? null, kinds);
  return cheaper([...(mixed !== null && mainOf(mixed) !== now ? [mixed] : []), ...alone]);
}

/** Sets of tasks with at least half of all requests, none of which is within another one: the first of those with fewest tasks. */
function mostRequests({ workload, all, tasksIn }: TaskColumns): number[] {
  const requestsOf = (set: number): number =>
    tasksIn(set).reduce((sum, s) => sum + (workload.taskParts[s] as TaskPart).requestsPerDay, 0);
  const half = (requestsOf(all) / 2) * certainlyBelow;
  return Array.from({ length: all }, (_, i) => i + 1)
    .filter((set) => requestsOf(set) >= half && bitsOf(set).every((b) => requestsOf(set & ~(2 ** b)) < half))
    .sort((a, b) => bitsOf(a).length - bitsOf(b).length)
    .slice(0, mostSets);
}

/** Each set is a decision of its own: of five tasks these are all, of more those that move the fewest tasks. */
const mostSets = 10;

const cheaper = (plans: readonly Plan[]): Plan | null =>
  plans.reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);

/** The kind of place that answers most requests; of equals the first. */
function mainKind(parts: readonly { kind: Kind; taskParts: readonly TaskPart[] }[]): Kind | null {
  const requests = new Map<Kind, number>();
  for (const { kind, taskParts } of parts)
    for (const { requestsPerDay } of taskParts) requests.set(kind, (requests.get(kind) ?? 0) + requestsPerDay);
  return [...requests].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The cheapest feasible plan on one of some kinds of place alone whose deployments all pass `takes`. */
export function bestOnOwn(
  context: Context,
  among: readonly Placement[],
  takes: (one: Deployment) => boolean,
): Plan | null {
  const way: Way = { context, assigner: assignerOf(context, { among }), extraUsd: 0 };
  return cheaper(
    among
      .map(({ kind }) => bestOfKind(kind, [way]))
      .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(takes) ? [plan] : [])),
  );
}

/** What nothing of a kind may serve; of tasks that are placed together, those that nothing serves alone. */
function unservedBy(kind: Kind, { context, assigner }: Way): TaskPart[] {
  const { bundles } = assigner.offered.columns;
  const open = bitsOf(assigner.unserved(kind)).flatMap((b) => bundles.tasks[b] as readonly number[]);
  const taskParts = open.map((s) => context.workload.taskParts[s] as TaskPart);
  if (bundles.key === '') return taskParts;
  const most = tasksApart(context);
  return Array.from({ length: Math.ceil(taskParts.length / most) }, (_, i) =>
    taskParts.slice(i * most, (i + 1) * most),
  ).flatMap((some) => {
    const alone = assignerOf({ ...context, workload: { ...context.workload, taskParts: some }, memo: new Map() });
    return bitsOf(alone.unserved(kind)).map((s) => some[s] as TaskPart);
  });
}

type BestOfKind = Pick<KindBest, 'kind' | 'plan' | 'feasible'>;

/** The cheapest plan on a kind alone; where rules about whole plans turn all down, the cheapest if they did not. */
function bestOfKind(kind: Kind, ways: readonly Way[]): BestOfKind {
  // A second provider of the same kind leaves a plan one of that kind.
  const only = ({ assigner }: Way): Scope => ({
    only: kind,
    mayServe: (places) => (places === kind || places === `${kind}+${kind}` ? assigner.offered.columns.all : 0),
  });
  const within = cheapestOf(ways, only)?.plan() ?? null;
  if (within !== null) return { kind, plan: within, feasible: true };
  const isRuled = ways.some(({ assigner }) => assigner.rule.ruled);
  const anyway = isRuled ? cheapestOf(ways, (way) => ({ ...only(way), unruled: true })) : null;
  return { kind, plan: anyway?.plan() ?? null, feasible: false };
}
