import type { Case } from '../placements/placement.js';
import type { Choice, KindBest } from './choose.js';
import type { ScorecardRow } from './decision.js';
import { mayRun } from './gates/gate.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { kindsOf } from './recommendation.js';
import { review, reviewScores, roundedScores } from './review.js';
import { rounded } from './round.js';

const none = { volume: null, sensitivity: null, capability: null, team: null, latency: null, total: null };

/** The best of one kind alone, against the plan advised; a kind that is advised shows the plan itself. */
export function scorecardRow(best: KindBest, advised: Plan | null, choice: Choice, of: Case): ScorecardRow {
  const { kind, considered } = best;
  const own = advised !== null && kindsOf(advised, of.demand).join() === kind;
  const plan = own ? advised : best.plan;
  if (plan === null)
    return {
      kind,
      feasible: false,
      monthlyCost: null,
      scores: none,
      option: null,
      verdict: `no: ${whyNone(considered)}`,
    };
  return {
    kind,
    feasible: best.feasible,
    monthlyCost: rounded(plan.monthlyUsd),
    scores: roundedScores(reviewScores(review(plan, of), choice.cheapest, of)),
    option: plan.id,
    verdict: own ? 'recommended' : best.feasible ? dearer(plan, advised) : `no: ${failing(plan, of)}`,
  };
}

function dearer(plan: Plan, advised: Plan | null): string {
  if (advised === null) return 'feasible alone';
  const percent = (plan.monthlyUsd / advised.monthlyUsd - 1) * 100;
  return `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(0)} %`;
}

const failing = (plan: Plan, of: Case): string => {
  const found = planVerdicts(plan, of).find(({ verdict }) => !mayRun(verdict));
  return found === undefined ? 'fails a rule' : `${found.gate}, ${found.verdict.why().reason}`;
};

/** The gate that turns down most options of a kind none of which can serve everything. */
function whyNone({ total, rejectedBy }: KindBest['considered']): string {
  const most = [...rejectedBy].sort((a, b) => b[1] - a[1])[0];
  if (most === undefined) return total === 0 ? 'none on sale' : 'none serves every task';
  const [gate, count] = most;
  return `${gate} (${count} of ${total} options)`;
}
