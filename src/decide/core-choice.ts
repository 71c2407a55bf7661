import { admit } from '../core/admitted.js';
import { type Counted, countsOf } from '../core/counts.js';
import { type Limits, type PlaceOptions, prepared } from '../core/decide.js';
import { kindOf, numberOf } from '../core/kinds.js';
import { shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import { at, isUnpriced } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { places } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import { isAtMost } from '../units/float.js';
import { madeOnce } from '../units/memo.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Choice, KindBest } from './choose.js';
import { kindsByTask } from './kinds-by-task.js';
import { type MissSource, missesTried } from './near-misses.js';
import type { KeptOut } from './offered.js';
import { planVerdicts } from './option-report.js';
import { type Plan, planOf, taskLines } from './plan.js';
import { waysToCut } from './splits/cuts.js';
import { rulesAlone, turnedDownBy } from './task-misses.js';
import { bestPlans, cheapestOfOtherTypes, cheapestWhere, type PlanRules, type TaskPlan } from './task-plans.js';

/** Whether the core decides a case: one task, as a whole, with the volume of the scenario, by cost alone. */
export function isOfCore(context: Context): boolean {
  const { taskParts, rules } = context.workload;
  const [only, ...others] = taskParts;
  if (only === undefined || others.length > 0 || rules.objective !== 'cost') return false;
  return only.scales && waysToCut(only, context).length === 1;
}

/** What is decided of such a case for a report on its point: the cheapest plan, and what it is compared with. */
export function choiceByCore(context: Context): Choice {
  const { workload } = context;
  const admitted = admit(supplyOf(context), context);
  const rules = planRulesOf(context);
  const start = prepared(shapeOf(admitted, context, 'fastest'));
  const best = bestPlans(start, workload, rules);
  const cheapest = best.cheapest && planIn(best.cheapest, context);
  const counts = countsOf(start.shape);
  const unruled = madeOnce(() => bestPlans(best.prepared, workload, { ...rules, limits: null }));
  const kinds = kindOf.map((kind, k): KindBest => {
    const within = best.ofTypes[k] ?? null;
    const anyway = within === null && rules.limits !== null ? (unruled().ofTypes[k] ?? null) : null;
    const plan = within ?? anyway;
    return {
      kind,
      plan: plan && (plan === best.cheapest ? cheapest : planIn(plan, context)),
      feasible: within !== null,
      considered: counts.get(kind) as Counted,
      unserved: plan === null ? [...workload.taskParts] : [],
    };
  });
  const asPlan = (found: TaskPlan | null): Plan | null =>
    found === null ? null : asBest(planIn(found, context), kinds);
  const where = (takes: (first: number, second: number) => boolean, some = rules): TaskPlan | null =>
    cheapestWhere(best, workload, some, takes);
  const own = new Set(best.cheapest?.kinds.filter((kind) => kind >= 0));
  const isOther = (first: number, second: number): boolean =>
    !own.has(first) || (second >= 0 ? !own.has(second) : own.size > 1);
  const [only, ...others] = own;
  const other = madeOnce(() => {
    if (cheapest === null) return null;
    return only === undefined || others.length > 0 ? where(isOther) : cheapestOfOtherTypes(best, only, workload, rules);
  });
  const runnerUp = madeOnce(() => asPlan(other()));
  return {
    advice: {
      cheapest,
      advised: cheapest,
      moves: [],
      unkept: [],
      within: context,
      ways: [],
      hardWays: [],
      ranked: null,
    },
    cheapest,
    advised: cheapest,
    kinds,
    considered: summed([...counts.values()]),
    get runnerUp() {
      return runnerUp();
    },
    get otherMain() {
      const main = best.cheapest?.kinds[0];
      if (main === undefined) return null;
      // The cheapest of all others is the cheapest of those on another main type, if it is on one.
      const found = other();
      return own.size === 1 && found !== null && found.kinds[0] !== main
        ? runnerUp()
        : asPlan(where((first) => first !== main));
    },
    get keptOut() {
      if (cheapest === null || runnerUp() !== null) return null;
      const found = where(isOther, { ...rules, limits: null });
      return found && keptOutBy(planIn(found, context), context);
    },
    ofKinds: () => kinds.flatMap(({ plan, feasible }) => (feasible && plan !== null ? [plan] : [])),
    withOthers: (kind) => asPlan(where((first, second) => [first, second].includes(numberOf(kind)))),
  };
}

/** Where nothing fits: what one rule alone turns down, by the bits of the core. */
export function missesOfCore(context: Context): MissSource {
  const supply = supplyOf(context);
  const alone = rulesAlone(admit(supply, context, 'all'), context);
  const strict = turnedDownBy(supply, context, null, missesTried);
  return {
    isAlone: (rule) => alone.has(rule),
    without(rule) {
      const { cheapest, apis } = rule === null ? strict : turnedDownBy(supply, context, rule, missesTried);
      // What all rules about the task let through is as near, where only rules about the whole plan turn it down.
      const all = rule === null ? cheapest : [...cheapest, ...strict.cheapest].sort((a, b) => a.usd - b.usd);
      const named = (options: readonly Option[]) => options.map((option) => () => option);
      return () => ({ cheapest: named(all.map(({ option }) => option)), apis: named(apis) });
    },
  };
}

/** The plan of places, with its lines. */
function planIn({ option, second }: PlaceOptions, context: Context): Plan {
  const { taskParts } = context.workload;
  const plan = planOf([{ option, taskParts, ...(second && { second }) }], context);
  if (isUnpriced(plan)) throw new Error(`${option.id} has no price: ${plan.unpriced}`);
  return plan;
}

/** What plans of a case may be made of. */
export const planRulesOf = (context: Context): PlanRules => {
  const { taskParts, requestsPerDay, rules } = context.workload;
  const lines = taskLines([{ taskParts }], context);
  return {
    limits: limitsIn(context),
    mayOverflow: rules.maxDeployments > 1 && !rules.exclude.includes('overflow'),
    taskUsd: lines.reduce((usd, { curve }) => usd + at(curve, requestsPerDay), 0),
  };
};

/** Rules about whole plans, asked of a plan with its lines; null: none can turn one down. */
function limitsIn(context: Context): Limits {
  const { team, rules } = context.workload;
  const isAsked =
    (team.given && !team.mayHire) ||
    rules.budgetMonthlyUsd !== null ||
    rules.budgetUpfrontUsd !== null ||
    (rules.maxFte ?? null) !== null;
  if (!isAsked) return null;
  return ({ option, second }, workload: Workload) => {
    const then = { ...context, workload };
    const plan = planOf([{ option, taskParts: workload.taskParts as TaskPart[], ...(second && { second }) }], then);
    if (isUnpriced(plan) || plan.fte > (rules.maxFte ?? Number.POSITIVE_INFINITY)) return false;
    return planVerdicts(plan, then).every(({ verdict }) => mayRun(verdict));
  };
}

/** The one rule that keeps a plan out; null where there are several. */
function keptOutBy(plan: Plan, context: Context): KeptOut | null {
  const [first, ...more] = planVerdicts(plan, context).filter(({ verdict }) => !mayRun(verdict));
  if (first === undefined || more.length > 0) return null;
  if (first.gate === places.id) return { plan, limit: context.workload.rules.maxDeployments };
  return { plan, gate: first.gate };
}

/** Of plans that cost the same on the same deployment types the one that is the best of its type, so that a report names one. */
function asBest(plan: Plan, kinds: readonly KindBest[]): Plan {
  const types = kindsByTask(plan);
  const equal = kinds.find(
    ({ plan: best, feasible }) =>
      feasible &&
      best !== null &&
      isAtMost(best.monthlyUsd, plan.monthlyUsd) &&
      isAtMost(plan.monthlyUsd, best.monthlyUsd) &&
      kindsByTask(best) === types,
  );
  return equal?.plan ?? plan;
}

function summed(counts: readonly Counted[]): Counted {
  const all: Counted = { total: 0, feasible: 0, rejectedBy: new Map() };
  for (const { total, feasible, rejectedBy } of counts) {
    all.total += total;
    all.feasible += feasible;
    for (const [rule, options] of rejectedBy) all.rejectedBy.set(rule, (all.rejectedBy.get(rule) ?? 0) + options);
  }
  return all;
}
