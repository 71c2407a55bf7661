import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Choice, KindBest } from './choose.js';
import type { ScorecardRow } from './decision.js';
import { mayRun } from './gates/gate.js';
import { planVerdicts } from './option-report.js';
import { ownMark } from './own-priced.js';
import type { Plan } from './plan.js';
import { kindsOf } from './recommendation.js';
import { review, reviewScores, roundedScores } from './review.js';
import { rounded } from './round.js';

const none = { volume: null, sensitivity: null, capability: null, team: null, latency: null, total: null };

/** The best of one kind alone, against the plan advised; a kind that is advised shows the plan itself. */
export function scorecardRow(best: KindBest, advised: Plan | null, choice: Choice, of: Case): ScorecardRow {
  const { kind } = best;
  const own = advised !== null && kindsOf(advised, of.demand).join() === kind;
  const plan = own ? advised : best.plan;
  if (plan === null)
    return {
      kind,
      feasible: false,
      monthlyCost: null,
      scores: none,
      option: null,
      verdict: `no: ${whyNone(best)}`,
    };
  return {
    kind,
    feasible: best.feasible,
    monthlyCost: rounded(plan.monthlyUsd),
    scores: roundedScores(reviewScores(review(plan, of), choice.cheapest, of)),
    option: plan.id,
    verdict: own ? 'recommended' : best.feasible ? dearer(plan, advised, of) : `no: ${failing(plan, of)}`,
  };
}

function dearer(plan: Plan, advised: Plan | null, { tables }: Case): string {
  if (advised === null) return 'feasible alone';
  const times = plan.monthlyUsd / advised.monthlyUsd;
  const mark = ownMark(tables, plan, advised);
  if (times >= 10) return `${times.toFixed(0)}${mark} times as dear`;
  const percent = (times - 1) * 100;
  return `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(0)} %${mark}`;
}

const failing = (plan: Plan, of: Case): string => {
  const found = planVerdicts(plan, of).find(({ verdict }) => !mayRun(verdict));
  return found === undefined ? 'fails a rule' : `${found.gate}, ${found.verdict.why().reason}`;
};

/** Why a kind cannot do it alone: tasks that none of it may serve, and the gate that turns down most of its options. */
function whyNone({ kind, considered: { total, rejectedBy }, unserved }: KindBest): string {
  if (total === 0) return placementOf(kind).absent ?? 'none on sale';
  const [most] = [...rejectedBy].sort((a, b) => b[1] - a[1]);
  const gate = most === undefined ? '' : `; ${most[0]} turns down ${most[1]} of ${total}`;
  return unserved.length === 0
    ? 'no plan of it serves every task'
    : `none for ${unserved.join(', ')}${most !== undefined && most[1] === total ? gate : ''}`;
}
