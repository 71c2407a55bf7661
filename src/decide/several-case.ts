import type { AdjustedPrices } from '../core/adjusted.js';
import { amongOptions, type Supply, supplyOf } from '../core/supply.js';
import { at, isUnpriced } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import {
  type Placed,
  type PlanLimits,
  type Question,
  type Search,
  type SeveralPlan,
  searchOf,
} from '../several/decide.js';
import { emptyLatencyCache, type FitsCache, type LatencyCache } from '../several/fits.js';
import { type Apart, aloneIn, joined, type Tasks, taskOf } from '../several/tasks.js';
import { termsOf } from '../several/terms.js';
import { isAtMost } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { adjustedPricesIn } from './adjusted-plan.js';
import { variantsOf } from './cuts.js';
import { planVerdicts } from './option-report.js';
import { type Plan, planOf, taskLines } from './plan.js';
import { nothingCounts } from './task-advice.js';
import { admittedIn, changedCase, madeAnew, movesSupply, noting, type TaskCase } from './task-case.js';
import type { TaskPlan } from './task-plans.js';

/** A plan by its places, before its lines: USD a month, under one split of the tasks. */
export type CasePlan = { places: readonly Placed[]; usd: number; context: Context };

export const planOfTask = ({ option, second, usd }: TaskPlan, context: Context): CasePlan => ({
  places: [{ option, taskParts: context.workload.taskParts, ...(second && { second }) }],
  usd,
  context,
});

/** The plan with its lines. */
export function tracedCase({ places, context }: Pick<CasePlan, 'places' | 'context'>): Plan {
  const plan = planOf(places, context);
  if (isUnpriced(plan)) throw new Error(`a plan has no price: ${plan.unpriced}`);
  return plan;
}

/** Plans with their lines, each made once: the same places are the same plan. */
export function tracedOnce(): (one: CasePlan) => Plan {
  const known = new Map<string, Plan>();
  return (one) => {
    const key = one.places
      .map(
        ({ option, second, taskParts }) =>
          `${taskParts.map(({ id, cut }) => `${id} ${cut?.key ?? ''}`).join()} ${option.id} ${option.fleet?.gpusPerReplica} ${second?.role} ${second?.option.id}`,
      )
      .join(' | ');
    const plan = known.get(key) ?? tracedCase(one);
    known.set(key, plan);
    return plan;
  };
}

/** What tasks cost a month wherever they run. */
export const extraUsd = (context: Context): number =>
  taskLines([{ taskParts: context.workload.taskParts }], context).reduce(
    (usd, { curve }) => usd + at(curve, context.workload.requestsPerDay),
    0,
  );

/** Rules on whole plans, for a plan with its lines; null: none can exclude one. */
export function limitsIn(context: Context): PlanLimits {
  const { team, rules } = context.workload;
  const isAsked = (team.given && !team.mayHire) || rules.budgetMonthlyUsd !== null || rules.budgetUpfrontUsd !== null;
  if (!isAsked) return null;
  return (places, workload) => {
    const then = { ...context, workload };
    const plan = planOf(places, then);
    if (isUnpriced(plan)) return false;
    return planVerdicts(plan, then).every(({ verdict }) => mayRun(verdict));
  };
}

/** One split of the tasks, with all that may serve it; `extraUsd` a month is paid wherever it runs. */
export type CutWay = {
  context: Context;
  /** Every task alone. */
  cases: readonly TaskCase[];
  tasks: Tasks;
  extraUsd: number;
  limits: PlanLimits;
  /** Known latencies, and what stays as long as tasks weigh the same. */
  asked: LatencyCache;
  known: { cost: FitsCache | null };
};

/** Tasks with all that may serve them, in every split; first all as a whole. */
export type SeveralCase = {
  context: Context;
  supply: Supply;
  /** Names of assumptions that the supply has used. */
  asked: ReadonlySet<string>;
  ways: readonly CutWay[];
  /** Options whose places and models alone take part; null: all do. */
  only: readonly Option[] | null;
};

/** A plan under one split of the tasks: USD a month with the common costs of tasks. */
export type WayPlan = SeveralPlan & CasePlan;

/** @param ignore a rule to ignore; null: none */
export function severalCase(context: Context, ignore: string | null = null): SeveralCase {
  const { context: noted, asked } = noting(context, {});
  return suppliedCase(context, supplyOf(noted), asked, null, ignore);
}

/** The case with only the places and models of some options, so that it is decided among these. */
export const narrowedSeveral = ({ context, supply, asked }: SeveralCase, only: readonly Option[]): SeveralCase =>
  suppliedCase(context, amongOptions(supply, only), asked, only);

/** Every split of the tasks, fewest parts first; of equals the first is found. */
const variantsIn = (context: Context): Context[] =>
  variantsOf(context).toSorted((a, b) => a.workload.taskParts.length - b.workload.taskParts.length);

function suppliedCase(
  context: Context,
  supply: Supply,
  asked: ReadonlySet<string>,
  only: readonly Option[] | null,
  ignore: string | null = null,
): SeveralCase {
  const known = new Map<TaskPart, TaskCase>();
  const ways = variantsIn(context).map((way) =>
    wayOf(
      way,
      supply,
      way.workload.taskParts.map((taskPart) => {
        const one = known.get(taskPart) ?? admittedIn(aloneIn(way, taskPart), supply, asked, {}, new Set(), ignore);
        known.set(taskPart, one);
        return one;
      }),
    ),
  );
  return { context, supply, asked, ways, only };
}

function wayOf(context: Context, supply: Supply, cases: readonly TaskCase[]): CutWay {
  const list = cases.map(({ start }, t) => taskOf(context, context.workload.taskParts[t] as TaskPart, start.shape));
  return {
    context,
    cases,
    tasks: joined(supply, context, list, apartIn(context)),
    ...pricedIn(context),
    asked: emptyLatencyCache(),
    known: { cost: null },
  };
}

/** Number of tasks that a plan places one by one: the assumption, up to its highest value in the tables. */
export function apartIn({ workload, tables }: Context): Apart {
  const limit = tables.parameterOf.get('tasksApart')?.high ?? 1;
  return { wanted: Math.max(1, Math.min(limit, Math.floor(workload.assume('tasksApart')))), limit };
}

/** Groups of tasks that a plan of a case places together. */
export function bundlesAt(context: Context): number {
  const way = severalCase(context).ways.find(
    ({ context: { workload } }) => workload.taskParts.length === context.workload.taskParts.length,
  );
  return way?.tasks.bundles.length ?? 0;
}

const pricedIn = (context: Context): Pick<CutWay, 'extraUsd' | 'limits'> => ({
  extraUsd: extraUsd(context),
  limits: limitsIn(context),
});

/** A changed case: all of an earlier one that it leaves as it is, is taken over. */
export function changedSeveral(before: SeveralCase, context: Context): SeveralCase {
  const variants = variantsIn(context);
  const isAlike =
    variants.length === before.ways.length &&
    variants.every(({ workload }, w) =>
      areSameParts(workload.taskParts, (before.ways[w] as CutWay).context.workload.taskParts),
    );
  if (movesSupply(before.context, context, before.asked)) {
    const { context: noted, asked } = noting(context, {});
    const supply = supplyOf(noted, 'one decision');
    const { only } = before;
    return suppliedCase(context, only === null ? supply : amongOptions(supply, only), asked, only);
  }
  if (!isAlike) return suppliedCase(context, before.supply, before.asked, before.only);
  const known = new Map<TaskPart, TaskCase>();
  const ways = variants.map((variant, w): CutWay => {
    const way = before.ways[w] as CutWay;
    let isSame = true;
    const cases = variant.workload.taskParts.map((taskPart, t) => {
      const earlier = way.cases[t] as TaskCase;
      const alone = aloneIn(variant, taskPart);
      const anew = madeAnew(earlier, alone);
      if (anew !== 'prices') isSame = false;
      const made = known.get(taskPart) ?? changedCase(earlier, alone, anew);
      known.set(taskPart, made);
      return made;
    });
    if (!isSame) return wayOf(variant, before.supply, cases);
    return { ...way, context: variant, cases, ...pricedIn(variant) };
  });
  return { ...before, context, ways };
}

const areSameParts = (some: readonly TaskPart[], others: readonly TaskPart[]): boolean =>
  some.length === others.length &&
  some.every(({ id, cut }, i) => id === others[i]?.id && cut?.key === others[i]?.cut?.key);

/** Searches of a case at its volume, over all splits of the tasks. */
export type WaysSearch = {
  /** The cheapest plan, of all splits or one alone; of equals the one of the fewest parts. */
  best(question?: Question, only?: CutWay): WayPlan | null;
  /** Whole tasks that something of a deployment type may serve alone, as a set. */
  servedBy(kind: number): number;
};

export const searchByCost = ({ ways }: SeveralCase): WaysSearch =>
  searchWays(ways, (way) => {
    const { tasks, context, limits, asked, known } = way;
    const search = searchOf(tasks, context.workload, { limits, asked, known: known.cost });
    known.cost = search.board.known;
    return search;
  });

/** What is counted besides bill and people. */
type CountedBy = {
  /** C0. */
  baseUsd: number;
  /** Left out: as the case has them. */
  prices?: AdjustedPrices;
  failedUsd?: (task: string) => number | undefined;
};

export function searchByAdjustedCost(
  { context, ways }: SeveralCase,
  { baseUsd, prices = adjustedPricesIn(context.workload), failedUsd }: CountedBy,
): WaysSearch {
  return searchWays(ways, ({ tasks, context: { workload }, limits, asked, known }) => {
    const terms = termsOf(tasks, workload, baseUsd, prices, failedUsd);
    return searchOf(tasks, workload, { limits, asked, known: known.cost }, terms);
  });
}

/** Searches by cost among models that are sure enough, where any is. */
export const searchAmongSure = (several: SeveralCase): WaysSearch =>
  searchByAdjustedCost(several, {
    baseUsd: 0,
    prices: { ...adjustedPricesIn(several.context.workload), ...nothingCounts },
    failedUsd: () => 0,
  });

function searchWays(ways: readonly CutWay[], make: (way: CutWay) => Search): WaysSearch {
  const made: (Search | undefined)[] = [];
  const searchAt = (w: number): Search => {
    made[w] ??= make(ways[w] as CutWay);
    return made[w] as Search;
  };
  return {
    servedBy: (kind) => searchAt(0).servedBy(kind),
    best(question = {}, only) {
      let best: WayPlan | null = null;
      for (const [w, way] of ways.entries()) {
        if (only !== undefined && way !== only) continue;
        const below = Math.min(question.belowUsd ?? Number.POSITIVE_INFINITY, best?.usd ?? Number.POSITIVE_INFINITY);
        const plan = searchAt(w).cheapest({ ...question, belowUsd: below - way.extraUsd });
        if (plan === null) continue;
        const usd = plan.usd + way.extraUsd;
        // With all parts at one place it is the whole task: bills may differ in the last digits.
        if (best === null || !isAtMost(best.usd, usd)) best = { ...plan, usd, context: way.context };
      }
      return best;
    },
  };
}
