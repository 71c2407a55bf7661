import { at } from '../cost/curve.js';
import { parameterOf } from '../cost/extras.js';
import { capabilityOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { regimes, unsignable } from '../rules/data.js';
import { gates } from '../rules/registry.js';
import type { Prose } from '../tables/tables.js';
import { rounded, roundedOrNull, roundedTree } from '../units/numeric.js';
import { boundaries, isDevelopment, type TaskPart, type Workload } from '../workload/workload.js';
import { isWaitedFor, type Limits, limited } from './advice.js';
import { type Choice, type KindBest, planIn } from './choice.js';
import { slicesWeighed } from './cuts.js';
import type { CriteriaRow, Decision, ParetoRow, ScorecardRow, Scores } from './decision.js';
import { failedGates, planVerdicts, type Remark, sourceWords, verdictWords } from './option-report.js';
import { type Deployment, machinesOf, optionsOf, type Plan, peopleUsdOf, planWords } from './plan.js';
import { kindsOf } from './recommendation.js';
import { lowest, type Reviewed, rating, review, scoresOf } from './review.js';
import {
  changedSeveral,
  narrowedSeveral,
  type SeveralCase,
  searchByCost,
  severalCase,
  tracedCase,
} from './several-case.js';
import { type Counted, countsFor } from './task-counts.js';

/**
 * Plans of which none is worse than another in cost, capability, latency and people at once, cheapest first.
 *
 * Each is the cheapest within some limits, so no plan is better in all four; between them there may be more. Limits are
 * steps from the cheapest plan. Most are tried on what is billed per token, which needs no people; a few on every
 * deployment type.
 */
export function paretoFront({ cheapest, advised, several }: Choice, context: Context): Merits[] {
  if (cheapest === null) return [];
  const whole = several ?? severalCase(context);
  const onApis = narrowedSeveral(
    whole,
    whole.supply.apis.option.filter(({ kind }) => placementOf(kind).perToken),
  );
  const { workload } = context;
  const start = meritsOf(cheapest, cheapest, context);
  const found = new Map<string, Merits>([[cheapest.id, start]]);
  const add = (plan: Plan | null): void => {
    if (plan !== null && !found.has(plan.id)) found.set(plan.id, meritsOf(plan, cheapest, context));
  };
  add(advised);
  const ask = (among: SeveralCase, limits: Limits): void => {
    const found = searchByCost(changedSeveral(among, limited(context, limits))).best();
    add(found && planIn(tracedCase(found), context));
  };
  const steps = stepsFrom(start);
  const decisions = slicesWeighed(context) > workload.assume('paretoTasks') ? 0 : workload.assume('paretoDecisions');
  for (const limits of steps.anywhere.slice(0, decisions)) ask(whole, limits);
  for (const limits of steps.perToken) ask(onApis, { ...limits, maxFte: 0 });
  return undominated([...found.values()]);
}

export const paretoRow = ({ plan, scores, ttftP95Ms }: Merits, { workload, tables }: Context): ParetoRow => ({
  plan: plan.id,
  label: planWords(plan, tables),
  kinds: kindsOf(plan, workload),
  monthlyCost: rounded(plan.monthlyUsd),
  capability: roundedOrNull(scores.capability),
  latency: roundedOrNull(ttftP95Ms),
  fte: rounded(plan.fte),
});

function stepsFrom({ plan: { fte }, scores: { capability }, ttftP95Ms }: Merits): {
  anywhere: Limits[];
  perToken: Limits[];
} {
  const score = capability ?? 0;
  const up = (part: number): Limits => ({ capabilityScore: score + (100 - score) * part });
  const within = (part: number): Limits[] => (ttftP95Ms === null ? [] : [{ ttftP95Ms: ttftP95Ms * part }]);
  const fewer = (part: number): Limits[] => (fte === 0 ? [] : [{ maxFte: fte * part }]);
  return {
    anywhere: [...fewer(1 / 2), up(2 / 3), ...within(1 / 4), ...within(1 / 2)],
    perToken: [
      ...(fte === 0 ? [] : [{}]),
      ...[1 / 3, 2 / 3, 0.95].map(up),
      ...[1 / 2, 1 / 4].flatMap(within),
      ...within(1 / 2).map((limits) => ({ ...limits, ...up(2 / 3) })),
    ],
  };
}

/** Those that no other one dominates: as good in everything and better in something; of equals the first id. */
export function undominated(all: readonly Merits[]): Merits[] {
  return all
    .filter((one) => !all.some((other) => other !== one && beats(other, one)))
    .sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd || (a.plan.id < b.plan.id ? -1 : 1));
}

function beats(a: Merits, b: Merits): boolean {
  const [x, y] = [valuesOf(a), valuesOf(b)];
  if (x.some((value, i) => value > (y[i] as number))) return false;
  return x.some((value, i) => value < (y[i] as number)) || a.plan.id < b.plan.id;
}

/** What should be low. What is not known counts as worst. */
const valuesOf = ({ plan, scores, ttftP95Ms }: Merits): number[] => [
  plan.monthlyUsd,
  -(scores.capability ?? 0),
  ttftP95Ms ?? Number.POSITIVE_INFINITY,
  plan.fte,
];

/** Merits of a plan beside its cost and its people. */
export type Merits = {
  plan: Plan;
  scores: Scores;
  /** Largest p95 first token in ms of the tasks that somebody waits for; null: none, or not known. */
  ttftP95Ms: number | null;
};

export function meritsOf(plan: Plan, cheapest: Plan, context: Context, reviewed = review(plan, context)): Merits {
  const waits = [...reviewed.services].flatMap(([taskPart, seen]) =>
    isWaitedFor(taskPart) ? [seen?.ttftP95Ms ?? null] : [],
  );
  const known = waits.filter((ms) => ms !== null);
  return {
    plan,
    scores: scoresOf(reviewed, cheapest, context),
    ttftP95Ms: known.length === 0 || known.length < waits.length ? null : Math.max(...known),
  };
}

/** The report of provisioned throughput against the advised plan. */
export function provisionedRow(
  choice: Choice,
  reviewOf: (plan: Plan) => Reviewed,
  context: Context,
): Decision['provisioned'] {
  const found = choice.provisioned();
  if (found === null) return null;
  const { plan, tokens, fills } = found;
  const { workload } = context;
  const [{ option, second, ...bill }] = plan.deployments as [Deployment];
  return {
    ...beside(plan),
    option: option.id,
    units: machinesOf({ option, ...bill }, workload.requestsPerDay) * unitsOfStep(option),
    unit: option.provisioned?.offer.unit ?? '',
    overflow: rounded(second?.share(workload.requestsPerDay) ?? 0),
    fills,
    byTokens: tokens && beside(tokens),
  };

  function beside(one: Plan) {
    const { ttftP95Ms, scores } = meritsOf(one, choice.cheapest ?? one, context, reviewOf(one));
    return {
      plan: one.id,
      monthlyCost: rounded(one.monthlyUsd),
      peopleCost: rounded(peopleUsdOf(one, workload)),
      ttftP95Ms: roundedOrNull(ttftP95Ms),
      score: roundedOrNull(scores.total),
    };
  }
}

const noScores = { volume: null, sensitivity: null, capability: null, team: null, latency: null, total: null };

/** The best of a type as shown: for the advised type the plan itself, which need not be its cheapest. */
export const shownOfKind = (best: KindBest, advised: Plan | null, workload: Workload): KindBest =>
  advised !== null && kindsOf(advised, workload).join() === best.kind
    ? { ...best, plan: advised, feasible: true }
    : best;

/** The best of one type alone, against the advised plan; for a type that may not serve a task, the rule against it. */
export function scorecardRow(
  best: KindBest,
  advised: Plan | null,
  choice: Choice,
  reviewOf: (plan: Plan) => Reviewed,
  context: Context,
): ScorecardRow {
  const { kind, plan, feasible } = best;
  const merits = plan && meritsOf(plan, choice.cheapest ?? plan, context, reviewOf(plan));
  const verdict = verdictOn(best, advised, context);
  return {
    kind,
    feasible: plan !== null && feasible,
    monthlyCost: plan && rounded(plan.monthlyUsd),
    peopleCost: plan && rounded(peopleUsdOf(plan, context.workload)),
    fte: plan && rounded(plan.fte),
    ttftP95Ms: roundedOrNull(merits?.ttftP95Ms ?? null),
    scores: merits === null ? noScores : roundedTree(merits.scores),
    option: plan?.id ?? null,
    verdict: verdict.text,
    figures: roundedTree(verdict.figures),
    withOthers: null,
  };
}

function verdictOn(best: KindBest, advised: Plan | null, context: Context): Remark {
  const { plan, feasible } = best;
  if (plan === null) return whyNone(best, context);
  if (plan === advised) return { text: 'recommended', figures: {} };
  return feasible
    ? verdictWords(plan, [], advised, 'feasible alone', context)
    : verdictWords(plan, failedGates({ verdicts: planVerdicts(plan, context) }), null, 'no: fails a rule', context);
}

/** Cost of a type that needs others, where the advised plan does without it; null: it serves nothing. */
export function withOthers(
  { kind, plan }: KindBest,
  advised: Plan,
  choice: Choice,
  { workload }: Context,
): ScorecardRow['withOthers'] {
  if (plan !== null || kindsOf(advised, workload).includes(kind)) return null;
  const mixed = choice.withOthers(kind);
  return (
    mixed && {
      plan: mixed.id,
      kinds: kindsOf(mixed, workload).filter((other) => other !== kind),
      monthlyCost: rounded(mixed.monthlyUsd),
    }
  );
}

/** Why a type cannot do it alone: a task that none of it may serve, and the rule that stops what gets furthest. */
function whyNone({ kind, considered, unserved }: KindBest, context: Context): Remark {
  const { absent } = placementOf(kind);
  if (considered.total === 0) return { text: `no: ${absent ?? 'none on sale'}`, figures: {} };
  const [first] = unserved;
  if (first === undefined) return { text: 'no: no plan of it serves every task', figures: {} };
  const one = context.workload.taskParts.length === 1;
  // Where one part of a task excludes a type, others may be missing only because their cost was not computed.
  let ruled = { taskPart: first, met: considered };
  // A target on latency comes last: rules on places and models allow these options.
  for (const taskPart of one ? [] : unserved) {
    ruled = { taskPart, met: countsFor(taskPart, context).get(kind) as Counted };
    if (ruled.met.feasible === 0) break;
  }
  const { taskPart, met } = ruled;
  const [gate, turnedDown] = lastRule(met, taskPart, context);
  const missing = gate === regimes.id ? unsignable(taskPart, context) : [];
  const names = missing.map((name) => context.tables.claimOf.get(`agreement:${name}`)?.name ?? name);
  const without =
    missing.length === 0
      ? ''
      : `, without ${names.join(' and ')}: add [${missing.join(', ')}] to data.agreements if that can be signed`;
  const whose = isDevelopment(taskPart) ? `${taskPart.task} in development` : taskPart.task;
  return { text: `no: ${gate} for ${whose}${without}`, figures: { turnedDown, options: met.total } };
}

/** Rules on latency come last, whatever their place in the list. */
const inOrderAsked = [false, true].flatMap((late) => gates.filter(({ level }) => (level === 'service') === late));

/**
 * The last rule at which an option was excluded, and how many were: they meet all rules before it, so it is the
 * obstacle, however many others failed earlier.
 */
function lastRule(
  { feasible, rejectedBy }: Counted,
  taskPart: TaskPart,
  context: Context,
): [gate: string, options: number] {
  const last = inOrderAsked.findLast(({ id }) => rejectedBy.has(id));
  if (feasible > 0 && last?.level !== 'service') {
    // What is too slow even at its very best is not sized, so that nothing counts it.
    const slow = gates.find((gate) => gate.level === 'service' && (gate.asks?.(taskPart, context) ?? true));
    if (slow !== undefined) return [slow.id, feasible];
  }
  return last === undefined ? ['no offer', 0] : [last.id, rejectedBy.get(last.id) ?? 0];
}

/**
 * One row per deployment type: the cost of its best plan at a fraction and a multiple of the volume, its scores and
 * figures, and what the tables say of the type.
 */
export const criteriaOf = (
  kinds: readonly KindBest[],
  { cheapest }: Choice,
  context: Context,
  prose: Prose,
): CriteriaRow[] => kinds.map((best) => criteriaRow(best, cheapest, context, prose));

function criteriaRow(
  { kind, plan, feasible }: KindBest,
  cheapest: Plan | null,
  context: Context,
  prose: Prose,
): CriteriaRow {
  const { workload, tables } = context;
  const volume = workload.requestsPerDay;
  const costAt = (times: number): number | null => plan && rounded(at(plan.curve, volume * times));
  const options = plan?.deployments.flatMap(optionsOf) ?? [];
  const start = tables.parameterOf.get(parameterOf('leadTime', kind));
  // The widest that data travel on any option of the plan.
  const reach = options.map((one) => boundaries.indexOf(one.reach)).reduce((wide, one) => Math.max(wide, one), -1);
  const rated = (prefix: string) => rating(prefix, kind, tables);
  return {
    kind,
    feasible,
    plan: plan?.id ?? null,
    startWeeks: start === undefined ? null : { low: start.low, likely: start.likely, high: start.high },
    costSmall: costAt(workload.assume('criteriaSmallVolume')),
    costLarge: costAt(workload.assume('criteriaLargeVolume')),
    quality: roundedOrNull(lowest(options.map((option) => capabilityOf(option)?.have ?? null))),
    boundary: boundaries[reach] ?? null,
    ttftP95Ms: plan === null ? null : roundedOrNull(meritsOf(plan, cheapest ?? plan, context).ttftP95Ms),
    customization: rated('customization'),
    burden: rated('opsBurden'),
    lockIn: rated('lockIn'),
    scaling: rated('scaling'),
    dependency: rated('dependency'),
    sources: ['leadTime', ...ratings].flatMap((prefix) => {
      const row = tables.parameterOf.get(parameterOf(prefix, kind));
      return row === undefined ? [] : [`${prefix}: ${sourceWords({ table: row.table, row: row.row }, prose, tables)}`];
    }),
  };
}

const ratings = ['customization', 'opsBurden', 'lockIn', 'scaling', 'dependency'];
