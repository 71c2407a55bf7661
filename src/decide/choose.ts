import { at } from '../cost/curve.js';
import type { Candidate } from '../placements/candidate.js';
import type { Case, Placement } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { certainlyAbove, isAtMost } from '../units/last-digits.js';
import type { Considered } from './admission.js';
import { type Assignment, assignmentFte, ownsOnce, planUsd } from './assignment.js';
import { capabilityScore } from './capability-score.js';
import { type KeptOut, keptOutBy } from './kept-out.js';
import { kindsByTask, kindsOfTasks } from './kinds-by-task.js';
import { bestOfEquals } from './near-equals.js';
import { type ByObjective, bestByObjective } from './objective.js';
import { type Deployment, type Plan, taskLines } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import { type Found, type SearchResult, type SearchRule, searchPlans } from './search.js';
import { simplestFirst } from './simplest.js';
import { variantsOf } from './slicings/cuts.js';
import { type Scope, type Survey, survey } from './survey.js';

export type KindBest = {
  kind: Kind;
  plan: Plan | null;
  feasible: boolean;
  considered: Considered;
  /** What no candidate of it may serve, and of that what certainly nothing of it serves in time. */
  unserved: Slice[];
  late: Slice[];
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
  /** The cheapest plan met of every way to spread the tasks over kinds of place, cheapest first; priced when asked. */
  ofKinds(most: number): Plan[];
  considered: Considered;
  gap: number;
};

/**
 * Finds the cheapest plan, the one to advise, the best of other kinds, and the best of every kind alone.
 *
 * @param progress told how many decisions another objective than cost has taken
 */
export function choose(of: Case, progress?: (decisions: number) => void): Choice {
  const { demand } = of;
  const ways = variantsOf(of).map((way) => searched(way));
  const [whole] = ways as [Searched];
  const best = bestOfWays(ways);
  const cheapest = best.cheapest?.plan() ?? null;
  const ranked =
    cheapest === null || demand.rules.objective === 'cost'
      ? null
      : bestByObjective(of, cheapest, cheapestPlan, progress);
  const advised = ranked?.advised ?? best.advised?.plan() ?? null;
  const runnerUp = advised === null ? null : runnerUpOf(advised, ways);
  const kinds = placements.map(({ kind }) => ({
    ...ways.map((way) => bestOfKind(kind, way)).reduce(better),
    considered: whole.seenOf.get(kind) ?? whole.considered,
    unserved: unserved(whole.byKind.get(kind) ?? [], demand),
    late: demand.slices.filter((_, s) => whole.served.get(kind)?.[s] === false),
  }));
  return {
    cheapest,
    runnerUp,
    otherMain: advised === null ? null : otherMainOf(advised, ways, kinds),
    advised,
    ranked,
    kinds,
    keptOut: advised === null || runnerUp !== null ? null : keptOutBy(kindsByTask(advised), ways),
    ofKinds: (most) => bestOfKinds(ways, most),
    considered: whole.considered,
    gap: Math.max(...ways.map(({ result }) => result.gap)),
  };
}

/**
 * The plan to advise alone: what `choose` advises, without what it is compared with.
 *
 * @param below USD a month from which on plans do not matter: they may be left out, and where all cost as much there is none
 */
export function advisedPlan(of: Case, below = Number.POSITIVE_INFINITY): Plan | null {
  if (of.demand.rules.objective !== 'cost') {
    const cheapest = cheapestPlan(of);
    const best = cheapest && bestByObjective(of, cheapest, cheapestPlan).advised;
    return best !== null && best.monthlyUsd < below ? best : null;
  }
  return bestOfWays(waysBelow(of, below)).advised?.plan() ?? null;
}

/** Every way to cut the tasks up, searched for what is advised alone: what costs more than ways before it is left out. */
const waysBelow = (of: Case, below: number): Searched[] => {
  const tie = 1 + of.demand.assume('tieBand');
  return waysUnder(of, below, {}, { runnerUp: false }, (usd) => usd * tie * certainlyAbove);
};

/** Ways one after the other; what was found bounds (`most`) what may still be dear enough to matter. */
function waysUnder(
  of: Case,
  below: number,
  scope: Scope,
  rule: Partial<SearchRule>,
  most: (usd: number) => number,
): Searched[] {
  let limit = below;
  const { ways = () => true } = scope;
  const asked = variantsOf(of).filter(({ demand }) => ways(demand.slices));
  return asked.map((way) => {
    const extra = extraUsd(way);
    const found = searched(way, { ...scope, below: limit - extra }, rule);
    if (found.result.best !== null) limit = Math.min(limit, most(found.result.best.usd + extra));
    return found;
  });
}

/** The plan that `choose` advises, found without what it is compared with where that is proven to be the same. */
export function advisedAlone(of: Case): Plan | null {
  if (of.demand.rules.objective !== 'cost') return choose(of).advised;
  const ways = waysBelow(of, Number.POSITIVE_INFINITY);
  // Where a search ran out of steps, what it found depends on what else it was asked.
  if (ways.some(({ result }) => result.gap > 0)) return choose(of).advised;
  return bestOfWays(ways).advised?.plan() ?? null;
}

/** The cheapest plan alone, without its runner-up and its equals; on all kinds of place, or within a scope. */
export function cheapestPlan(of: Case, scope: Scope = {}): Plan | null {
  const rule = { tieBand: 0, runnerUp: false };
  const ways = waysUnder(of, scope.below ?? Number.POSITIVE_INFINITY, scope, rule, (usd) => usd * certainlyAbove);
  return cheapestOf(ways)?.plan() ?? null;
}

/** One way to cut the tasks up, with what was found for it; `extraUsd` is paid on it wherever it runs (USD a month). */
type Searched = Survey & { of: Case; result: SearchResult; extraUsd: number };

function searched(of: Case, scope?: Scope, changed: Partial<SearchRule> = {}): Searched {
  const found = survey(of, scope);
  const rule: SearchRule = { ...found.rule, ...changed, ...(scope?.below !== undefined && { below: scope.below }) };
  const candidates = [...[...found.byKind.values()].flat(), ...found.pairs];
  return { ...found, rule, of, result: searchPlans(candidates, of.demand, rule), extraUsd: extraUsd(of) };
}

/** What tasks cost a month wherever they run. */
const extraUsd = (of: Case): number =>
  taskLines([{ slices: of.demand.slices }], of).reduce(
    (usd, { curve }) => usd + at(curve, of.demand.requestsPerDay),
    0,
  );

/** An assignment under one way to cut the tasks up; its plan is priced when somebody asks. */
type Picked = { assignment: Assignment; way: Searched; usd: number; plan(): Plan | null };

const picked = ({ assignment, usd }: Pick<Found, 'assignment' | 'usd'>, way: Searched): Picked => ({
  assignment,
  way,
  usd: usd + way.extraUsd,
  plan: () => pricedAssignment(assignment, way.of),
});

const cheapestOf = (ways: readonly Searched[]): Picked | null =>
  ways
    .flatMap((way) => (way.result.best === null ? [] : [picked(way.result.best, way)]))
    .reduce<Picked | null>((best, one) => (best === null || isCheaper(one, best) ? one : best), null);

/** One that places all parts of a task alike is the task as a whole: its bill may differ in the last digits of a sum. */
const isCheaper = (a: Picked, b: Picked): boolean =>
  !isAtMost(b.usd, a.usd) || (isAtMost(a.usd, b.usd) && a.way.of.demand.slices.length < b.way.of.demand.slices.length);

/** The cheapest of all ways, and among its near equals the one to advise: with the fewest people, then by the same rule. */
function bestOfWays(ways: readonly Searched[]): { cheapest: Picked | null; advised: Picked | null } {
  const cheapest = cheapestOf(ways);
  if (cheapest === null) return { cheapest, advised: null };
  const limit = cheapest.usd * (1 + cheapest.way.rule.tieBand);
  const advised = ways.flatMap((way) => {
    const { result, undropped, rule, of, extraUsd: extra } = way;
    if (result.best === null || result.best.usd + extra > limit) return [];
    const assignment = bestOfEquals(result, undropped, of, rule, limit - extra);
    return assignment === null ? [] : [picked({ assignment, usd: planUsd(assignment, of.demand) }, way)];
  });
  return { cheapest, advised: advised.length < 2 ? (advised[0] ?? null) : (simplest(advised) ?? null) };
}

/** Of near equals the simplest; of ways alike in all that is looked at the first. */
function simplest(all: readonly Picked[]): Picked | undefined {
  const known = all.map((one) => {
    const { assignment, way, usd } = one;
    const { demand } = way.of;
    const capability = () =>
      Math.min(
        ...assignment.flatMap(({ candidate, slices }) => {
          const option = candidate.option();
          return slices.map((s) => capabilityScore(option, demand.slices[s] as Slice) ?? 0);
        }),
      );
    const fte = assignmentFte(assignment, demand);
    return { one, usd, fte, deployments: assignment.length, slices: demand.slices.length, capability };
  });
  const [first] = simplestFirst(known);
  return first?.one;
}

/** The cheapest plan that serves some task by other kinds than the advised one does. */
function runnerUpOf(advised: Plan, ways: readonly Searched[]): Plan | null {
  const now = kindsByTask(advised);
  return cheapestMet(ways, (assignment, way) => kindsOfTasks(assignment, way.of.demand) !== now);
}

/** The cheapest plan met of which another kind of place answers most requests, or the best of another kind alone. */
function otherMainOf(advised: Plan, ways: readonly Searched[], kinds: readonly KindBest[]): Plan | null {
  const now = mainKind(advised.deployments.map(({ option, slices }) => ({ kind: option.kind, slices })));
  const mostly = (assignment: Assignment, { slices }: Demand) =>
    mainKind(
      assignment.map(({ candidate, slices: served }) => ({
        kind: candidate.kind,
        slices: served.map((s) => slices[s] as Slice),
      })),
    );
  const met = cheapestMet(ways, (assignment, way) => mostly(assignment, way.of.demand) !== now);
  const alone = kinds.flatMap(({ kind, plan, feasible }) => (feasible && kind !== now && plan !== null ? [plan] : []));
  return cheaper([...(met === null ? [] : [met]), ...alone]);
}

/** The cheapest assignments met, one for each way to spread the tasks over kinds of place. */
function bestOfKinds(ways: readonly Searched[], most: number): Plan[] {
  const best = new Map<string, Picked>();
  for (const way of ways) {
    for (const found of way.result.ofKinds) {
      const one = picked(found, way);
      const kinds = kindsOfTasks(found.assignment, way.of.demand);
      const known = best.get(kinds);
      if (known === undefined || isCheaper(one, known)) best.set(kinds, one);
    }
  }
  return [...best.values()]
    .sort((a, b) => a.usd - b.usd)
    .slice(0, most)
    .flatMap((one) => one.plan() ?? []);
}

function cheapestMet(
  ways: readonly Searched[],
  takes: (assignment: Assignment, way: Searched) => boolean,
): Plan | null {
  const others = ways.flatMap((way) =>
    way.result.ofKinds.filter(({ assignment }) => takes(assignment, way)).map((found) => picked(found, way)),
  );
  return others.length === 0 ? null : others.reduce((best, one) => (isCheaper(one, best) ? one : best)).plan();
}

const cheaper = (plans: readonly Plan[]): Plan | null =>
  plans.reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);

/** The kind of place that answers most requests; of equals the first. */
function mainKind(parts: readonly { kind: Kind; slices: readonly Slice[] }[]): Kind | null {
  const requests = new Map<Kind, number>();
  for (const { kind, slices } of parts)
    for (const { requestsPerDay } of slices) requests.set(kind, (requests.get(kind) ?? 0) + requestsPerDay);
  return [...requests].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The cheapest feasible plan on one of some kinds of place alone whose deployments all pass `takes`. */
export function bestOnOwn(of: Case, among: readonly Placement[], takes: (one: Deployment) => boolean): Plan | null {
  const found = survey(of, { among });
  return cheaper(
    among
      .map(({ kind }) => bestOfKind(kind, { ...found, of }))
      .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(takes) ? [plan] : [])),
  );
}

/** What no candidate may serve. */
const unserved = (candidates: readonly Candidate[], { slices }: Demand): Slice[] =>
  slices.filter((_, s) => candidates.every(({ linear }) => Number.isNaN(linear[s] as number)));

type BestOfKind = Omit<KindBest, 'considered' | 'unserved' | 'late'>;

function bestOfKind(
  kind: Kind,
  { byKind, pairs, of, rule }: Pick<Searched, 'byKind' | 'pairs' | 'of' | 'rule'>,
): BestOfKind {
  // A second provider of the same kind leaves a plan one of that kind.
  const twice = pairs.filter((one) => one.kind === kind && one.second?.candidate.kind === kind);
  const candidates = [...(byKind.get(kind) ?? []), ...twice];
  const alone = { ...rule, tieBand: 0, runnerUp: false };
  const within = searchPlans(candidates, of.demand, alone).best;
  if (within !== null) return { kind, plan: pricedAssignment(within.assignment, of), feasible: true };
  const anyway = searchPlans(candidates, of.demand, { ...alone, ruled: false, allows: ownsOnce }).best;
  return { kind, plan: anyway && pricedAssignment(anyway.assignment, of), feasible: false };
}

/** What may run before what may not, then the cheaper one; of equals the first. */
function better(a: BestOfKind, b: BestOfKind): BestOfKind {
  if (a.feasible !== b.feasible) return a.feasible ? a : b;
  const usd = ({ plan }: BestOfKind): number => plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  return isAtMost(usd(a), usd(b)) ? a : b;
}
