import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Kind } from '../tables/rows.js';
import { admission, type Considered } from './admission.js';
import type { Choice, KindBest } from './choose.js';
import { costBeside } from './compared.js';
import type { ScorecardRow } from './decision.js';
import { mayRun } from './gates/gate.js';
import { gates } from './gates/registry.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import type { Reason } from './reason.js';
import { kindsOf } from './recommendation.js';
import { review, reviewScores, roundedScores } from './review.js';
import { rounded, roundedFigures } from './round.js';

const noScores = { volume: null, sensitivity: null, capability: null, team: null, latency: null, total: null };

/**
 * The best of one kind alone, against the plan advised; a kind that is advised shows the plan itself. `named`: for a kind
 * that may not serve a task the rule is named, which takes as long as looking at its options again.
 */
export function scorecardRow(
  best: KindBest,
  advised: Plan | null,
  choice: Choice,
  of: Case,
  named: boolean,
): ScorecardRow {
  const { kind } = best;
  const own = advised !== null && kindsOf(advised, of.demand).join() === kind;
  const plan = own ? advised : best.plan;
  if (plan === null) {
    const none = whyNone(best, of, named);
    return {
      kind,
      feasible: false,
      monthlyCost: null,
      scores: noScores,
      option: null,
      verdict: none.text,
      figures: roundedFigures(none.figures),
    };
  }
  const verdict = own
    ? { text: 'recommended', figures: {} }
    : best.feasible
      ? advised === null
        ? { text: 'feasible alone', figures: {} }
        : costBeside(plan, advised, of)
      : failing(plan, of);
  return {
    kind,
    feasible: own || best.feasible,
    monthlyCost: rounded(plan.monthlyUsd),
    scores: roundedScores(reviewScores(review(plan, of), choice.cheapest, of)),
    option: plan.id,
    verdict: verdict.text,
    figures: roundedFigures(verdict.figures),
  };
}

type Told = Pick<Reason, 'text' | 'figures'>;

function failing(plan: Plan, of: Case): Told {
  const found = planVerdicts(plan, of).find(({ verdict }) => !mayRun(verdict));
  if (found === undefined) return { text: 'no: fails a rule', figures: {} };
  const { reason, figures } = found.verdict.why();
  return { text: `no: ${found.gate}, ${reason}`, figures };
}

/** Why a kind cannot do it alone: a task that none of it may serve, and the rule that turns down most of its options for it. */
function whyNone({ kind, considered, unserved }: KindBest, of: Case, named: boolean): Told {
  const { absent } = placementOf(kind);
  if (considered.total === 0) return { text: `no: ${absent ?? 'none on sale'}`, figures: {} };
  const [first] = unserved;
  if (first === undefined) return { text: 'no: no plan of it serves every task', figures: {} };
  if (!named) return { text: `no: none for ${first}`, figures: {} };
  // Where one task rules a kind out, others may be missing only because looking at their cost was not worth it.
  let ruled = { task: first, met: considered };
  for (const task of of.demand.slices.length === 1 ? [] : unserved) {
    ruled = { task, met: consideredFor(task, kind, of) };
    if (ruled.met.feasible === 0) break;
  }
  const { task, met } = ruled;
  const [gate, turnedDown] = [...met.rejectedBy].sort((one, other) => other[1] - one[1])[0] ?? ['no offer', 0];
  return { text: `no: ${gate} for ${task}`, figures: { turnedDown, options: met.total } };
}

/** What came of a kind's options for one task, each counted by the first of its rules. */
function consideredFor(task: string, kind: Kind, of: Case): Considered {
  const slices = of.demand.slices.filter((slice) => slice.task === task);
  // What is remembered of all tasks is not of some.
  const alone: Case = { tables: of.tables, demand: { ...of.demand, slices } };
  // Below a cost of 0 nothing is sized or priced: the rules alone are asked.
  const { search, considered } = admission(alone, { cut: 0 });
  placementOf(kind).candidates(alone, search);
  const { total, feasible, rejectedBy } = considered;
  // Rules that ask what users would see come last, when machines are sized.
  const late = gates.find(
    (gate) => gate.level === 'service' && slices.some((slice) => gate.asks?.(slice, alone) ?? true),
  );
  const counts = late === undefined || feasible === 0 ? rejectedBy : new Map([...rejectedBy, [late.id, feasible]]);
  return { total, feasible, rejectedBy: counts };
}
