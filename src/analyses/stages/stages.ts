import { lateTasks, unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import { advisedIn, isOneTask } from '../../decide/core-choice.js';
import { grownMonthUsd, steady } from '../../decide/months.js';
import { mayStand } from '../../decide/option-report.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import { tracedCase } from '../../decide/several-case.js';
import type { Context } from '../../places/placement.js';
import { memoized } from '../../units/memo.js';
import { growthIn, monthsWithin } from '../../workload/scheduling.js';
import { deciderOf } from '../flips/decider.js';
import { pricerOf, repriced } from '../uncertainty/costs.js';

/** A plan for months `from` (0 = first) to before `to`, priced for these months. */
export type Stage = {
  from: number;
  to: number;
  plan: Plan;
  then: Context;
  /** Extra USD of both plans in the month of the move; 0 in the first stage. Set-up is in the plan. */
  moveUsd: number;
};

/** Plans one after the other over the whole horizon. */
export type Path = {
  stages: Stage[];
  /** USD in a mean month of the horizon. */
  monthlyUsd: number;
};

/**
 * Plans in sequence, each the advice for its months, where that saves more than a share of the bill and a sum a month
 * over the advised plan; null: staying is as good. Moves are searched among the advised plan, the best of each type and
 * of other types, and the advice for the first and the last month alone.
 */
export function stagesOf(choice: Choice, context: Context): Path | null {
  const { advised } = choice;
  const { workload } = context;
  if (advised === null || workload.months === 1 || workload.once || workload.rules.objective !== 'advice') return null;
  if (!isWorthMoving(0, advised.monthlyUsd, context)) return null;
  // Each of these is a getter that searches when it is read: after the cheap checks.
  const { kinds, runnerUp } = choice;
  const best = kinds.flatMap(({ plan, feasible }) => (feasible ? plan : null) ?? []);
  const met = [advised, ...best, runnerUp].filter((plan) => plan !== null);
  if (met.every((plan) => steady(plan, workload))) return null;
  const adviceIn = isOneTask(context) ? advisedIn : advisedAmongPlaces(met, choice, context);
  const ends = [0, workload.months - 1].flatMap((month) => adviceIn(caseWithin(context, month, month + 1)) ?? []);
  // Which models are sure enough is the same in all months.
  const unsure = unsureRequests(advised, context);
  const plans = [...new Map([...met, ...ends].map((plan) => [plan.id, plan])).values()].filter(
    (plan) => unsureRequests(plan, context) <= unsure,
  );
  const found = pathAmong(plans, context);
  if (found === null || found.stages.length === 1) return null;
  const stages = found.stages.map((stage) => ({ ...stage, plan: advisedIn(stage.then) ?? stage.plan }));
  if (stages.some(({ plan }, i) => plan.id === stages[i - 1]?.plan.id)) return null;
  const path = pathOf(stages, context);
  return isWorthMoving(path.monthlyUsd, advised.monthlyUsd, context) ? path : null;
}

/** For several tasks the advice among the places of known plans, which is faster. */
function advisedAmongPlaces(
  met: readonly Plan[],
  { several }: Choice,
  context: Context,
): (then: Context) => Plan | null {
  const { decide } = deciderOf(context, several).among(
    met.flatMap(({ deployments }) => deployments.flatMap(optionsOf)),
  );
  return (then) => {
    const { plan } = decide(then);
    return plan && tracedCase(plan);
  };
}

/**
 * The cheapest plans in turn; each further move must be worth it. The first plan may stay for all months; others keep
 * its soft rules. For each number of moves: dynamic programming over months and plans.
 */
export function pathAmong(plans: readonly Plan[], context: Context): Path | null {
  const { workload, tables } = context;
  const { months } = workload;
  const usdIn = pricerOf(plans, tables);
  const broken = new Set<string>();
  const pricerFor = memoized((from: number) =>
    memoized((to: number) => {
      const price = usdIn(caseWithin(context, from, to));
      return memoized((p: number) => price(p) * (to - from));
    }),
  );
  const saving = plansThatSave(plans.length, months, (p, from, to) => pricerFor(from)(to)(p));
  const kept = saving.map((p) => plans[p] as Plan);
  const stageUsd = (k: number, from: number, to: number): number =>
    broken.has(`${k} ${from} ${to}`) ? Number.POSITIVE_INFINITY : pricerFor(from)(to)(saving[k] as number);
  const moveUsd = memoized((from: number) =>
    memoized((to: number) =>
      memoized((month: number) => moveUsdOf(kept[from] as Plan, kept[to] as Plan, month, context)),
    ),
  );
  let best = pathAlong([{ p: 0, from: 0, to: months }]);
  for (let moves = 1; best !== null && moves <= Math.min(workload.assume('stageMoves'), months - 1); moves++) {
    let path: Path | null = null;
    while (path === null) {
      const steps = cheapestSteps(
        kept.length,
        months,
        moves,
        stageUsd,
        (from, to, month) => moveUsd(from)(to)(month),
        months * (best.monthlyUsd - leastSaving(best.monthlyUsd, context)),
      );
      if (steps === null) break;
      path = pathAlong(steps);
    }
    if (path !== null && isWorthMoving(path.monthlyUsd, best.monthlyUsd, context)) best = path;
  }
  return best;

  /** Null where a plan breaks a rule in its months, or is less sure or slower than the first; it is then excluded. */
  function pathAlong(steps: readonly Step[]): Path | null {
    const stages: Omit<Stage, 'moveUsd'>[] = [];
    for (const { p, from, to } of steps) {
      const then = caseWithin(context, from, to);
      const plan = standing(kept[p] as Plan, then);
      const first = p === 0 ? plan : standing(kept[0] as Plan, then);
      if (plan === null || (first !== null && !keepsSoftRulesOf(plan, first, then))) {
        broken.add(`${p} ${from} ${to}`);
        return null;
      }
      stages.push({ from, to, plan, then });
    }
    return pathOf(stages, context);
  }
}

/**
 * The first plan, and those cheaper in some months: the first or the last ones, of any number, or between sixths of the
 * horizon. A first plan sized for all months costs more in some of them than alone.
 *
 * @param stageUsd USD of a plan for months `from` (0 = first) up to, but not with, `to`
 */
export function plansThatSave(
  plans: number,
  months: number,
  stageUsd: (plan: number, from: number, to: number) => number,
): number[] {
  const usd = (plan: number, from: number, to: number): number => (from === to ? 0 : stageUsd(plan, from, to));
  const windows = windowsOf(months).map(([from, to]) => {
    const alone = usd(0, from, to);
    const beyondOthers = usd(0, 0, months) - usd(0, 0, from) - usd(0, to, months);
    return { from, to, firstUsd: Math.max(alone, beyondOthers) };
  });
  const saves = (plan: number): boolean => windows.some(({ from, to, firstUsd }) => usd(plan, from, to) < firstUsd);
  return Array.from({ length: plans }, (_, plan) => plan).filter((plan) => plan === 0 || saves(plan));
}

/** First months and last months, of any number, and spans between sixths of the horizon. */
function windowsOf(months: number): [number, number][] {
  const inside = Array.from({ length: months - 1 }, (_, i) => i + 1);
  const sixths = [1, 2, 3, 4, 5].map((part) => Math.round((part * months) / 6));
  const between = sixths.flatMap((from) => sixths.map((to): [number, number] => [from, to]));
  return [
    ...inside.map((month): [number, number] => [0, month]),
    ...inside.map((month): [number, number] => [month, months]),
    ...between.filter(([from, to]) => from > 0 && from < to && to < months),
  ];
}

const caseWithin = (context: Context, from: number, to: number): Context => ({
  ...context,
  workload: monthsWithin(context.workload, from, to),
});

function pathOf(steps: readonly Omit<Stage, 'moveUsd'>[], context: Context): Path {
  const stages = steps.map((stage, i): Stage => {
    const before = steps[i - 1];
    const moveUsd = before === undefined ? 0 : moveUsdOf(before.plan, stage.plan, stage.from, context);
    return { ...stage, moveUsd };
  });
  const usd = stages.reduce((sum, { plan, from, to, moveUsd }) => sum + plan.monthlyUsd * (to - from) + moveUsd, 0);
  return { stages, monthlyUsd: usd / context.workload.months };
}

/** Both plans at half of the volume for a month (0 = first), less the second alone; a move is no saving. */
function moveUsdOf(from: Plan, to: Plan, month: number, context: Context): number {
  const factor = growthIn(context.workload, month);
  const usd = (plan: Plan, share: number): number =>
    grownMonthUsd(plan, context, factor * share, month) ?? Number.POSITIVE_INFINITY;
  return Math.max(0, usd(from, 1 / 2) + usd(to, 1 / 2) - usd(to, 1));
}

const isWorthMoving = (usd: number, staying: number, context: Context): boolean =>
  staying - usd > leastSaving(staying, context);

/** USD a month that a path must save. */
const leastSaving = (staying: number, { workload: { assume } }: Context): number =>
  Math.max(assume('stageSavingUsd'), staying * assume('stageSaving'));

/** A plan by its place in a list, for some months. */
type Step = { p: number; from: number; to: number };

/** The cheapest sequence over all months with so many moves; null: none, or none below a limit (USD). */
export function cheapestSteps(
  plans: number,
  months: number,
  moves: number,
  stageUsd: (plan: number, from: number, to: number) => number,
  moveUsd: (from: number, to: number, month: number) => number,
  belowUsd = Number.POSITIVE_INFINITY,
): Step[] | null {
  type Way = { usd: number; steps: Step[] };
  const open: Way = { usd: Number.POSITIVE_INFINITY, steps: [] };
  const cheaper = (a: Way, b: Way): Way => (b.usd < a.usd ? b : a);
  /** By month until which, and by plan that runs last. */
  let known: Way[][] = Array.from({ length: months + 1 }, (_, to) =>
    Array.from({ length: plans }, (_, p) =>
      to === 0 ? open : { usd: stageUsd(p, 0, to), steps: [{ p, from: 0, to }] },
    ),
  );
  /** Lower bound for the last stage if it starts in a month, USD. */
  const lastUsd = memoized((from: number) =>
    Math.min(...Array.from({ length: plans }, (_, p) => stageUsd(p, from, months))),
  );
  /** Lower bound for the stages after a month, USD. */
  const restUsd = (move: number, to: number): number => (move === moves - 1 && to < months ? lastUsd(to) : 0);
  for (let move = 1; move <= moves; move++) {
    const before = known;
    known = before.map((_, to) =>
      Array.from({ length: plans }, (_, q) => {
        // Only the last stage has to end with the horizon.
        if (move === moves && to !== months) return open;
        let best = open;
        const limitUsd = belowUsd - restUsd(move, to);
        for (let from = move; from < to; from++)
          for (const [p, way] of (before[from] as Way[]).entries()) {
            const mostUsd = Math.min(best.usd, limitUsd);
            if (p === q || way.usd >= mostUsd) continue;
            const staying = way.usd + stageUsd(q, from, to);
            // A move is priced only if the stages without it are below the limit.
            const usd = staying >= mostUsd ? staying : staying + moveUsd(p, q, from);
            if (usd < mostUsd) best = { usd, steps: [...way.steps, { p: q, from, to }] };
          }
        return best;
      }),
    );
  }
  const found = (known[months] as Way[]).reduce(cheaper, open);
  return found.usd < belowUsd ? found.steps : null;
}

/** The same plan in other months, where it breaks no rule there. */
function standing(plan: Plan, then: Context): Plan | null {
  const again = repriced(plan, then);
  return again === null || !mayStand(again, then) ? null : again;
}

const keepsSoftRulesOf = (plan: Plan, first: Plan, then: Context): boolean =>
  unsureRequests(plan, then) <= unsureRequests(first, then) &&
  lateTasks(plan, then).length <= lateTasks(first, then).length;
