import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { regimes, unsignable } from '../rules/data.js';
import { gates } from '../rules/registry.js';
import { rounded, roundedOrNull, roundedTree } from '../units/numeric.js';
import { isDevelopment, type TaskPart, type Workload } from '../workload/workload.js';
import { isWaitedFor } from './advice.js';
import type { Choice, KindBest } from './choice.js';
import type { Decision, ScorecardRow, Scores } from './decision.js';
import { failedGates, planVerdicts, type Remark, verdictWords } from './option-report.js';
import { type Deployment, machinesOf, type Plan, peopleUsdOf } from './plan.js';
import { kindsOf } from './recommendation.js';
import { type Reviewed, scoresOf } from './review.js';
import { type Counted, countsFor } from './task-counts.js';

/** Merits of a plan beside its cost and its people. */
type Merits = {
  scores: Scores;
  /** Largest p95 first token in ms of the tasks that somebody waits for; null: none, or not known. */
  ttftP95Ms: number | null;
};

function meritsOf(reviewed: Reviewed, cheapest: Plan, context: Context): Merits {
  const waits = [...reviewed.services].flatMap(([taskPart, seen]) =>
    isWaitedFor(taskPart) ? [seen?.ttftP95Ms ?? null] : [],
  );
  const known = waits.filter((ms) => ms !== null);
  return {
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
    const { ttftP95Ms, scores } = meritsOf(reviewOf(one), choice.cheapest ?? one, context);
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
  const merits = plan && meritsOf(reviewOf(plan), choice.cheapest ?? plan, context);
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
