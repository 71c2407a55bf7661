import { at } from '../cost/curve.js';
import type { Context, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { bitsOf, type TaskColumns } from '../places/task-columns.js';
import { capabilityScore } from '../rules/model.js';
import type { Kind } from '../tables/rows.js';
import { certainlyAbove, certainlyBelow, isAtMost } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import type { Assigner, Scope } from './assign.js';
import { type Assignment, assignmentFte, planUsd } from './assignment.js';
import { bestOfEquals } from './equals.js';
import type { Considered } from './filter.js';
import { kindsByTask, kindsOfTasks } from './kinds-by-task.js';
import { type ByObjective, bestByObjective } from './objective.js';
import { assignerOf, consideredIn, type KeptOut, keptOutOf, type OfferScope } from './offered.js';
import { assignmentOf, type Met, placesOf } from './parts.js';
import { type Deployment, optionsOf, type Plan, taskLines } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import { simplestFirst } from './simplest.js';
import { variantsOf } from './splits/cuts.js';
import { tasksApart } from './workload.js';

export type KindBest = {
  kind: Kind;
  plan: Plan | null;
  feasible: boolean;
  considered: Considered;
  /** What nothing of it may serve, where it cannot do everything alone. */
  unserved: TaskPart[];
};

export type Choice = {
  cheapest: Plan | null;
  runnerUp: Plan | null;
  /** The cheapest plan met of which another kind of place answers most requests than of the one advised. */
  otherMain: Plan | null;
  /** The plan to advise: the cheapest, or one that is as good as equal to it and simpler. */
  advised: Plan | null;
  /** How the plan was found, where another objective than cost ranks. */
  ranked: ByObjective | null;
  kinds: KindBest[];
  /** Where no plan of other kinds was met: the cheapest that one rule alone keeps out, as far as moving one task tells. */
  keptOut: KeptOut | null;
  /**
   * The cheapest plan met of every way to spread the tasks over kinds of place, with the cheapest in which a kind serves a task at all,
   * cheapest first; looked for when asked.
   */
  ofKinds(most: number): Plan[];
  considered: Considered;
};

/**
 * Finds the cheapest plan, the one to advise, the best of other kinds, and the best of every kind alone.
 *
 * @param progress told how many decisions another objective than cost has taken
 */
export function choose(context: Context, progress?: (decisions: number) => void): Choice {
  const { workload } = context;
  const ways = waysOf(context);
  const [whole] = ways as [Way];
  const best = bestOfWays(ways);
  const cheapest = best.cheapest?.plan() ?? null;
  const ranked =
    cheapest === null || workload.rules.objective === 'cost'
      ? null
      : bestByObjective(context, cheapest, cheapestPlan, progress);
  const advised = ranked?.advised ?? best.advised?.plan() ?? null;
  const considered = consideredIn(whole.context);
  const alone = placements.map(({ kind }) => bestOfKind(kind, ways));
  const kinds = alone.map((one) => ({
    ...one,
    considered: considered.ofKind.get(one.kind) as Considered,
    unserved: one.plan === null ? unservedBy(one.kind, whole) : [],
  }));
  const met = new MetByKinds();
  if (best.cheapest !== null) met.add(best.cheapest);
  const runnerUp = advised === null ? null : asBestOfKind(runnerUpOf(advised, ways, met), kinds);
  return {
    cheapest,
    runnerUp,
    otherMain: advised === null ? null : otherMainOf(advised, ways, kinds, met),
    advised,
    ranked,
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
      return met.plans(most);
    },
    considered: considered.all,
  };
}

/**
 * The plan to advise alone: what `choose` advises, without what it is compared with.
 *
 * @param below USD a month from which on plans do not matter: they may be left out, and where all cost as much there is none
 */
export function advisedPlan(context: Context, below = Number.POSITIVE_INFINITY): Plan | null {
  if (context.workload.rules.objective !== 'cost') {
    const cheapest = cheapestPlan(context);
    const best = cheapest && bestByObjective(context, cheapest, cheapestPlan).advised;
    return best !== null && best.monthlyUsd < below ? best : null;
  }
  return bestOfWays(waysOf(context), below).advised?.plan() ?? null;
}

/** The cheapest plan alone, without its equals; on all kinds of place, or within a scope. */
export function cheapestPlan(context: Context, scope: OfferScope = {}): Plan | null {
  const { ways = () => true, below = Number.POSITIVE_INFINITY } = scope;
  return (
    cheapestOf(
      waysOf(context, scope).filter((way) => ways(way.context.workload.taskParts)),
      {},
      below,
    )?.plan() ?? null
  );
}

/** One way to cut the tasks up; `extraUsd` is paid on it wherever it runs (USD a month). */
type Way = { context: Context; assigner: Assigner; extraUsd: number };

const waysOf = (context: Context, scope: OfferScope = {}): Way[] =>
  variantsOf(context).map((way) => {
    let made: Assigner | null = null;
    return {
      context: way,
      get assigner() {
        made ??= assignerOf(way, scope);
        return made;
      },
      extraUsd: extraUsd(way),
    };
  });

/** What tasks cost a month wherever they run. */
const extraUsd = (context: Context): number =>
  taskLines([{ taskParts: context.workload.taskParts }], context).reduce(
    (usd, { curve }) => usd + at(curve, context.workload.requestsPerDay),
    0,
  );

/** An assignment under one way to cut the tasks up; its plan is priced when somebody asks. */
type Picked = { assignment: Assignment; met: Met | null; way: Way; usd: number; plan(): Plan | null };

const picked = (assignment: Assignment, met: Met | null, usd: number, way: Way): Picked => ({
  assignment,
  met,
  way,
  usd: usd + way.extraUsd,
  plan: () => pricedAssignment(assignment, way.context),
});

/** The cheapest plan of all ways within a scope; of equals the one of the fewest parts. */
function cheapestOf(
  ways: readonly Way[],
  scopeOf: Scope | ((way: Way) => Scope | null),
  below = Number.POSITIVE_INFINITY,
): Picked | null {
  let best: Picked | null = null;
  for (const way of ways) {
    const scope = typeof scopeOf === 'function' ? scopeOf(way) : scopeOf;
    if (scope === null) continue;
    const most = Math.min(below, (best?.usd ?? Number.POSITIVE_INFINITY) * certainlyAbove) - way.extraUsd;
    const met = way.assigner.cheapest({ ...scope, below: most });
    if (met === null) continue;
    const one = picked(assignmentOf(met), met, met.usd, way);
    if (best === null || isCheaper(one, best)) best = one;
  }
  return best;
}

/** One that places all parts of a task alike is the task as a whole: its bill may differ in the last digits of a sum. */
const isCheaper = (a: Picked, b: Picked): boolean =>
  !isAtMost(b.usd, a.usd) ||
  (isAtMost(a.usd, b.usd) && a.way.context.workload.taskParts.length < b.way.context.workload.taskParts.length);

/** The cheapest of all ways, and among its near equals the one to advise: with the fewest people, then by the same rule. */
function bestOfWays(
  ways: readonly Way[],
  below = Number.POSITIVE_INFINITY,
): { cheapest: Picked | null; advised: Picked | null } {
  const band = 1 + (ways[0] as Way).context.workload.assume('tieBand');
  let limit = below;
  const found: Picked[] = [];
  for (const way of ways) {
    const met = way.assigner.cheapest({ below: limit * certainlyAbove - way.extraUsd });
    if (met === null) continue;
    const one = picked(assignmentOf(met), met, met.usd, way);
    if (one.usd >= below) continue;
    found.push(one);
    limit = Math.min(limit, one.usd * band);
  }
  const [first] = found;
  if (first === undefined) return { cheapest: null, advised: null };
  const cheapest = found.reduce((best, one) => (isCheaper(one, best) ? one : best), first);
  const most = cheapest.usd * band;
  const advised = found.flatMap(({ met, way, usd }) => {
    if (usd > most) return [];
    const assignment = bestOfEquals(way.assigner, met as Met, most - way.extraUsd);
    return [picked(assignment, null, planUsd(assignment, way.context.workload), way)];
  });
  return { cheapest, advised: advised.length < 2 ? (advised[0] ?? null) : (simplest(advised) ?? null) };
}

/** Of near equals the simplest; of ways alike in all that is looked at the first. */
function simplest(all: readonly Picked[]): Picked | undefined {
  const known = all.map((one) => {
    const { assignment, way, usd } = one;
    const { workload } = way.context;
    const capability = () =>
      Math.min(
        ...assignment.flatMap(({ candidate, taskParts }) => {
          const option = candidate.option();
          return taskParts.map((s) => capabilityScore(option, workload.taskParts[s] as TaskPart) ?? 0);
        }),
      );
    const fte = assignmentFte(assignment, workload);
    return { one, usd, fte, deployments: assignment.length, taskParts: workload.taskParts.length, capability };
  });
  const [first] = simplestFirst(known);
  return first?.one;
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
    return [...this.#best.values()].some(({ assignment }) =>
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

/** Kinds of place of every task of a plan. */
function kindsOfEach({ deployments }: Plan): Map<string, Set<Kind>> {
  const kinds = new Map<string, Set<Kind>>();
  for (const deployment of deployments)
    for (const { task } of deployment.taskParts)
      kinds.set(task, new Set([...(kinds.get(task) ?? []), ...optionsOf(deployment).map(({ kind }) => kind)]));
  return kinds;
}

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
