import { unsureRequests } from '../../decide/advice.js';
import { type Choice, caseAt, feasibleAt, feasibleRange, kindMissing, planIn } from '../../decide/choice.js';
import type { BreakEven, LadderRow, Recommendation } from '../../decide/decision.js';
import { findPlan, missing } from '../../decide/find-plan.js';
import { monthsOf } from '../../decide/months.js';
import { optionsTurnedDown } from '../../decide/near-misses.js';
import { optionsOf, type Plan, planWords } from '../../decide/plan.js';
import type { Proofs } from '../../decide/proofs.js';
import { kindsOf } from '../../decide/recommendation.js';
import { tracedCase } from '../../decide/several-case.js';
import { choose } from '../../decide/several-choice.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { placementOf, placements } from '../../places/registry.js';
import type { Kind } from '../../tables/columns.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { hoursPerDay } from '../../units/month.js';
import { rounded } from '../../units/numeric.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import { type Rung, rangesByVolume } from '../flips/by-volume.js';
import { type Decider, deciderOf } from '../flips/decider.js';
import { isClose } from '../flips/input.js';
import { type Pool, poolOf } from '../flips/pool.js';
import { apiPriceBreakEven, costsOf, overMonths, pairsOf, payback, spread, volumeBreakEvens } from './crossings.js';

/** Mean monthly USD of a plan by requests a day, as points for linear interpolation. */
export type CostCurve = { plan: string; kinds: Kind[]; points: { volume: number; monthlyCost: number }[] };

/** First points, evenly spaced in the logarithm; most halvings of an interval. */
const [starts, halvings] = [33, 8];
/** How far a line may be off the curve, as a fraction of the cost. */
const tolerance = 0.01;

/** Cost curves by plan id over all volumes of a break-even; unknown plans have none. */
export function costCurves(
  read: ReadScenario,
  list: Tables,
  { plans, asOf, prose }: { plans: readonly string[]; asOf: string; prose: Prose },
): CostCurve[] {
  const { tables } = withScenarioPrices(read, list, prose);
  const context: Context = { workload: resolve(read, tables, asOf), tables };
  if (context.workload.requestsPerDay === 0) return [];
  const range = volumeRange(context.workload);
  return [...new Set(plans)].flatMap((id) => {
    const plan = findPlan(id, context);
    if (typeof plan === 'string') return [];
    const points = pointsOf(costsOf(plan, range, context), range);
    return [{ plan: id, kinds: kindsOf(plan, context.workload), points }];
  });
}

/** Few points where a line is straight, and enough around each step. */
function pointsOf(costAt: (volume: number) => number, { from, to }: { from: number; to: number }): CostCurve['points'] {
  const pointAt = (volume: number) => ({ volume, monthlyCost: costAt(volume) });
  type Point = ReturnType<typeof pointAt>;
  const between = (a: Point, b: Point, left: number): Point[] => {
    const middle = pointAt((a.volume + b.volume) / 2);
    const straight = (a.monthlyCost + b.monthlyCost) / 2;
    const isOff = Math.abs(middle.monthlyCost - straight) > tolerance * middle.monthlyCost;
    return left === 0 || !isOff ? [] : [...between(a, middle, left - 1), middle, ...between(middle, b, left - 1)];
  };
  const grid = Array.from({ length: starts }, (_, i) => pointAt(from * (to / from) ** (i / (starts - 1))));
  return grid
    .flatMap((point, i) => {
      const next = grid[i + 1];
      return next === undefined ? [point] : [point, ...between(point, next, halvings)];
    })
    .map(({ volume, monthlyCost }) => ({ volume: rounded(volume), monthlyCost: rounded(monthlyCost) }));
}

/** The range of volumes: one request a day to far above the scenario's. */
export const volumeRange = ({ requestsPerDay, assume }: Pick<Workload, 'requestsPerDay' | 'assume'>) => ({
  from: 1,
  to: Math.max(assume('breakEvenUpTo'), Math.ceil(requestsPerDay * assume('breakEvenTimes'))),
});

/** Volumes that a forecast may be wrong by: so many times as large and as small as the scenario's. */
export function volumesAround(workload: Workload): { from: number; to: number } {
  const times = workload.assume('ladderTimes');
  const { requestsPerDay } = workload;
  return { from: Math.max(1, Math.floor(requestsPerDay / times)), to: Math.max(1, Math.ceil(requestsPerDay * times)) };
}

/** The same case with one task's volume as the axis: all others stay where they are. */
export function caseOfTask(task: string, context: Context): Context | null {
  const own = context.workload.taskParts.filter((taskPart) => taskPart.task === task);
  const requestsPerDay = own.reduce((sum, taskPart) => sum + taskPart.requestsPerDay, 0);
  if (requestsPerDay === 0) return null;
  const taskParts = context.workload.taskParts.map((taskPart) => ({ ...taskPart, scales: taskPart.task === task }));
  return { ...context, workload: { ...context.workload, requestsPerDay, taskParts } };
}

const schemaVersion = '2.0.0';

/** Axes by name; `task:<name>` is one task's own volume. */
export const axisNames: readonly string[] = ['requestsPerDay', 'months', 'apiPrice'];
const taskAxis = 'task:';

export type BreakEvenAnswer = {
  schemaVersion: string;
  tool: { name: string; version: string };
  /** `jobRequests`: all requests of a one-off job, a day's share of which is `requestsPerDay`; null: not a job. */
  scenario: { name: string; file: string; requestsPerDay: number; jobRequests: number | null };
  tables: { snapshot: string; asOf: string };
  axis: string;
  /** Every plan that is named, with its cost at the scenario's own volume. */
  plans: {
    plan: string;
    label: string;
    kinds: Kind[];
    feasible: boolean;
    /** Requests a day at which every rule allows it; null: not at the scenario's own. */
    allowed: { from: number; to: number | null } | null;
    monthlyCost: number;
    firstMonthCost: number;
  }[];
  breakEven: BreakEven[];
  ladder: LadderRow[];
  /** The highest volume tried, requests a day; the last range may go on. Null: no ranges. */
  ladderUpTo: number | null;
};

export type BreakEvenOptions = {
  asOf: string;
  axis?: string;
  /** Two plans, options or deployment types (the best is taken); default: the best of every type. */
  between?: readonly string[];
  /** Further plans or options to compare, by id. */
  include?: readonly string[];
  prose: Prose;
  tool: { name: string; version: string };
  progress?(done: number): void;
};

/**
 * The volume, or other value, at which the cheapest plan changes: volume ranges, and break-evens of the best plans of
 * each type. A text says why there is no answer.
 */
export function breakEven(read: ReadScenario, list: Tables, options: BreakEvenOptions): BreakEvenAnswer | string {
  const { asOf, axis = 'requestsPerDay', between = [], include = [], tool, progress } = options;
  const { tables } = withScenarioPrices(read, list, options.prose);
  const context: Context = { workload: resolve(read, tables, asOf), tables };
  if (context.workload.requestsPerDay === 0) return 'the scenario has no volume: nothing breaks even';
  const named = plansOf({ between, include }, context);
  if (typeof named === 'string') return named;
  const { plans } = named;
  const pairs = pairsIn(named);
  const crossed = alongOf(axis, pairs, read, context);
  if (typeof crossed === 'string') return crossed;
  const ladder = axis === 'requestsPerDay' && between.length === 0 ? ladderFor(named.choice, context, progress) : null;
  const rungs = ladder ?? [];
  const all = onceEach([...plans, ...pairs.flat(), ...rungs.flatMap(({ plan }) => plan ?? [])]);
  const { workload } = context;
  return {
    schemaVersion,
    tool,
    scenario: {
      name: workload.name,
      file: read.file,
      requestsPerDay: rounded(workload.requestsPerDay),
      jobRequests: workload.once ? rounded((workload.requestsPerDay * workload.hoursPerMonth) / hoursPerDay) : null,
    },
    tables: { snapshot: tables.snapshot.date, asOf },
    axis,
    plans: all.map((plan) => {
      const feasible = feasibleAt(plan, context, workload.requestsPerDay);
      const own = Math.max(1, Math.round(workload.requestsPerDay));
      return {
        plan: plan.id,
        label: planWords(plan, context.tables),
        kinds: kindsOf(plan, workload),
        feasible,
        allowed: feasible ? feasibleRange(plan, context, own, volumeRange(workload)) : null,
        monthlyCost: rounded(plan.monthlyUsd),
        firstMonthCost: rounded(monthsOf(plan, context).firstUsd),
      };
    }),
    breakEven: crossed,
    ladder: rungs.map((rung) => ladderRow(rung, context, volumeRange(workload).to)),
    ladderUpTo: ladder && volumeRange(workload).to,
  };
}

/** What a report begins with: options of the plans of a choice, and what a single rule excludes. */
export const choicePool = ({ advised, cheapest, runnerUp, kinds }: Choice, decider: Decider, context: Context): Pool =>
  poolOf(
    decider,
    [
      ...[advised, cheapest, runnerUp, ...kinds.map(({ plan }) => plan)].flatMap(
        (plan) => plan?.deployments.flatMap(optionsOf) ?? [],
      ),
      ...optionsTurnedDown(context),
    ],
    context.workload.assume('changeShare'),
  );

/** The recommended plan by volume over the whole axis: whole decisions at even steps, and at every edge. */
function ladderFor(choice: Choice, context: Context, progress?: (done: number) => void): Rung[] {
  const range = volumeRange(context.workload);
  const proofs: Proofs = { left: Number.POSITIVE_INFINITY, free: 0, bounded: 0 };
  let pool = choicePool(choice, deciderOf(context, choice.several), context);
  for (const volume of spread(range, context.workload.assume('ladderDecisions'))) {
    const there = caseAt(context, volume);
    const better = pool.improve(there, pool.decide(there), proofs);
    if (better !== null) pool = pool.add([better.plan, better.cheapest]);
    progress?.(proofs.bounded);
  }
  const options = { range, volumes: context.workload.assume('ladderVolumesInFull'), proofs, isWhole: true };
  return withOwnPlans(rangesByVolume(pool, context, options).rungs, context);
}

/** Every plan at the volume of the scenario. */
export const withOwnPlans = (rungs: readonly Rung[], context: Context): Rung[] =>
  rungs.map((rung) => ({ ...rung, plan: rung.plan && (planIn(rung.plan, context) ?? rung.plan) }));

/** @param upTo the last volume of the axis, beyond which the last plan may go on; left out: none is */
export function ladderRow({ from, to, plan }: Rung, context: Context, upTo: number | null = null): LadderRow {
  const there = plan && planIn(plan, caseAt(context, from));
  return {
    from,
    to: to === upTo ? null : to,
    plan: plan?.id ?? null,
    label: plan && planWords(plan, context.tables),
    kinds: plan === null ? [] : kindsOf(plan, context.workload),
    monthlyCost: there && rounded(there.monthlyUsd),
  };
}

/** The plans to compare, in all pairs and some further ones: named plans, or the best of every type. */
type Compared = { choice: Choice; plans: Plan[]; pairs: (readonly [Plan, Plan])[] };

function plansOf(
  { between, include }: Required<Pick<BreakEvenOptions, 'between' | 'include'>>,
  context: Context,
): Compared | string {
  const known = placements.map(({ kind }) => kind as string);
  if (between.length !== 0 && between.length !== 2)
    return `--between takes two plans or kinds, as in --between ${known[0]} ${known.at(-1)}; got ${between.length}`;
  const further = include.map((id) => planOrWhyNot(id, context));
  const unfound = further.filter((plan) => typeof plan === 'string');
  if (unfound.length > 0) return unfound.join('; ');
  const choice = choose(context);
  if (between.length === 0) {
    const met = [choice.cheapest, choice.runnerUp, ...choice.kinds.map(({ plan }) => plan)];
    const provisioned = choice.provisioned();
    // What is bought by the unit stands against the tokens of the same model.
    const pairs = provisioned?.tokens ? [[provisioned.plan, provisioned.tokens] as const] : [];
    return { choice, plans: onceEach([...met.filter((plan) => plan !== null), ...(further as Plan[])]), pairs };
  }
  const found = between.map((id) => {
    const kind = choice.kinds.find((one) => one.kind === id);
    if (kind !== undefined) return kind.plan ?? kindMissing(kind);
    return planOrWhyNot(id, context);
  });
  const wrong = found.filter((plan) => typeof plan === 'string');
  return wrong.length > 0 ? wrong.join('; ') : { choice, plans: onceEach([...found, ...further] as Plan[]), pairs: [] };
}

function planOrWhyNot(id: string, context: Context): Plan | string {
  const plan = findPlan(id, context);
  return plan === missing(id, context) ? `${plan}: give a plan, an option as assess lists them, or a kind` : plan;
}

const onceEach = (plans: readonly Plan[]): Plan[] => [...new Map(plans.map((plan) => [plan.id, plan])).values()];

/** All pairs of plans, and the further ones that are not among them. */
function pairsIn({ plans, pairs }: Pick<Compared, 'plans' | 'pairs'>): (readonly [Plan, Plan])[] {
  const isAmong = (plan: Plan): boolean => plans.some(({ id }) => id === plan.id);
  return [...pairsOf(plans).filter((pair) => !areOnePurchase(pair)), ...pairs.filter((pair) => !pair.every(isAmong))];
}

/** Whether two plans buy different amounts of the same throughput, so that they never break even. */
const areOnePurchase = ([a, b]: readonly [Plan, Plan]): boolean =>
  [a, b].every(({ deployments }) => deployments.length === 1 && deployments[0]?.option.provisioned !== null) &&
  a.deployments[0]?.option.id === b.deployments[0]?.option.id;

function alongOf(
  axis: string,
  pairs: readonly (readonly [Plan, Plan])[],
  read: ReadScenario,
  context: Context,
): BreakEven[] | string {
  if (axis === 'requestsPerDay') return volumeBreakEvens(pairs, volumeRange(context.workload), context);
  if (axis === 'months') {
    const longer = overMonths(read, context);
    return pairs.map((pair) => payback(pair, longer));
  }
  if (axis.startsWith(taskAxis)) {
    const task = axis.slice(taskAxis.length);
    const then = caseOfTask(task, context);
    if (then === null) return `the scenario has no task "${task}" with a volume`;
    const plans = new Map([...new Set(pairs.flat())].map((plan) => [plan, planIn(plan, then)]));
    const priced = pairs.flatMap(([a, b]): [Plan, Plan][] => {
      const [one, other] = [plans.get(a), plans.get(b)];
      return one && other ? [[one, other]] : [];
    });
    return volumeBreakEvens(priced, volumeRange(then.workload), then).map((pair) => ({ ...pair, axis }));
  }
  if (axis === 'apiPrice') return pairs.map((pair) => apiPriceBreakEven(pair, context));
  return `"${axis}" is no axis; there are ${axisNames.join(', ')} and ${taskAxis}<name>`;
}

/** Break-even points of every two plans of a decision; no others are searched. */
export function breakEvensAmong({ advised, cheapest, runnerUp, kinds }: Choice, context: Context): BreakEven[] {
  const { workload } = context;
  if (workload.requestsPerDay === 0) return [];
  // As in the advice, more requests on unsure models exclude a plan.
  const competes = (plan: Plan): boolean =>
    workload.rules.objective === 'cost' ||
    advised === null ||
    unsureRequests(plan, context) <= unsureRequests(advised, context);
  const met = [cheapest, advised, runnerUp, ...kinds.map(({ plan }) => plan)].filter((plan) => plan !== null);
  return volumeBreakEvens(pairsOf(onceEach(met.filter(competes))), volumeRange(workload), context);
}

/**
 * The recommendation if people cost nothing, and the volume from which own or rented machines would then be cheapest:
 * among the plans of the pool, that plan, and the one at many times the volume.
 */
export function withoutPeople(
  { tables, workload }: Context,
  first: Pool,
  proofs: Proofs,
): Recommendation['withoutPeople'] {
  const free: Context = { tables, workload: { ...workload, team: { ...workload.team, yearlyCostUsd: 0 } } };
  const { plan: now, cheapest } = first.decideWhole(free, proofs);
  if (now === null) return null;
  const plan = tracedCase(now);
  const isDedicated = (option: Option): boolean => {
    const { share, site } = placementOf(option.kind).staff(option, free);
    return share === 1 || site !== null;
  };
  const isThere = (pool: Pool, volume: number): boolean =>
    pool.decide(caseAt(free, volume)).plan?.places.some(({ option }) => isDedicated(option)) ?? false;
  const dedicatedFrom = (): number | null => {
    if (now.places.some(({ option }) => isDedicated(option))) return Math.max(1, Math.round(workload.requestsPerDay));
    const far = volumeRange(workload).to;
    const end = proofs.left > 0 ? first.decideWhole(caseAt(free, far), proofs) : null;
    const pool = first.add([now, cheapest, end?.plan ?? null]);
    let [before, from] = [Math.max(1, Math.round(workload.requestsPerDay)), far];
    if (!isThere(pool, far)) return null;
    while (!isClose(before, from, { whole: true }, closely)) {
      const middle = Math.round(Math.sqrt(before * from));
      if (isThere(pool, middle)) from = middle;
      else before = middle;
    }
    return Number(from.toPrecision(3));
  };
  return {
    plan: plan.id,
    label: planWords(plan, tables),
    kinds: kindsOf(plan, workload),
    monthlyCost: rounded(plan.monthlyUsd),
    dedicatedFrom: dedicatedFrom(),
  };
}

/** Precision of a volume, as a fraction: three digits are printed. */
const closely = 1e-3;
