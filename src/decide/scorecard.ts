import { at } from '../cost/curve.js';
import { parameterOf } from '../cost/extras.js';
import { capabilityOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { regimes, unsignable } from '../rules/data.js';
import { gates } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import type { Prose } from '../tables/tables.js';
import { boundaries, isDevelopment, type TaskPart, type Workload } from '../workload/workload.js';
import type { Choice, KindBest } from './choice.js';
import { costBeside } from './cost-beside.js';
import type { CriteriaRow, ScorecardRow } from './decision.js';
import { planVerdicts, sourceWords } from './option-report.js';
import { meritsOf } from './pareto.js';
import { optionsOf, type Plan, peopleUsdOf } from './plan.js';
import { kindsOf } from './recommendation.js';
import { type Reason, type Reviewed, roundedScores } from './review.js';
import { rounded, roundedOrNull, roundedTree } from './round.js';
import { rating } from './scores.js';
import { type Counted, countsFor } from './task-counts.js';

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
  if (plan === null) {
    const none = whyNone(best, context);
    return {
      kind,
      feasible: false,
      monthlyCost: null,
      peopleCost: null,
      fte: null,
      ttftP95Ms: null,
      scores: noScores,
      option: null,
      verdict: none.text,
      figures: roundedTree(none.figures),
      withOthers: null,
    };
  }
  const merits = meritsOf(plan, choice.cheapest ?? plan, context, reviewOf(plan));
  const verdict =
    plan === advised
      ? { text: 'recommended', figures: {} }
      : feasible
        ? advised === null
          ? { text: 'feasible alone', figures: {} }
          : costBeside(plan, advised, context)
        : failing(plan, context);
  return {
    kind,
    feasible,
    monthlyCost: rounded(plan.monthlyUsd),
    peopleCost: rounded(peopleUsdOf(plan, context.workload)),
    fte: rounded(plan.fte),
    ttftP95Ms: roundedOrNull(merits.ttftP95Ms),
    scores: roundedScores(merits.scores),
    option: plan.id,
    verdict: verdict.text,
    figures: roundedTree(verdict.figures),
    withOthers: null,
  };
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

type Told = Pick<Reason, 'text' | 'figures'>;

function failing(plan: Plan, context: Context): Told {
  const found = planVerdicts(plan, context).find(({ verdict }) => !mayRun(verdict));
  if (found === undefined) return { text: 'no: fails a rule', figures: {} };
  const { reason, figures } = found.verdict.why();
  return { text: `no: ${found.gate}, ${reason}`, figures };
}

/** Why a type cannot do it alone: a task that none of it may serve, and the rule that stops what gets furthest. */
function whyNone({ kind, considered, unserved }: KindBest, context: Context): Told {
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
  const indices = options.map((option) => capabilityOf(option)?.have ?? null);
  const known = indices.filter((index) => index !== null);
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
    quality: known.length === 0 ? null : rounded(Math.min(...known)),
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
