import { envelope } from '../../cost/envelope.js';
import type { Case } from '../../placements/placement.js';
import type { Choice } from '../choose.js';
import type { Plan } from '../plan.js';
import { ladderRow } from './answer.js';
import { feasibleRange } from './at-volume.js';
import { budgetFor, pairsOf, volumeBreakEven } from './pairs.js';
import { volumeRange } from './range.js';
import type { BreakEven, LadderRow } from './rows.js';

/** Where the answer flips, as far as the plans of one decision tell: no further plan is looked for. */
export type Crossed = {
  breakEven: BreakEven[];
  ladder: LadderRow[];
  /** Volumes at which it is not told which of the plans is the cheapest. */
  ladderAlternates: { from: number; to: number }[];
};

export const noCrossings: Crossed = { breakEven: [], ladder: [], ladderAlternates: [] };

/** The pairs among a decision's plans, and which of them is the cheapest from where to where. */
export function crossingsAmong({ advised, cheapest, runnerUp, kinds }: Choice, of: Case): Crossed {
  const { demand } = of;
  if (demand.requestsPerDay === 0) return noCrossings;
  const range = volumeRange(demand);
  const met = [cheapest, advised, runnerUp, ...kinds.map(({ plan }) => plan)].filter((plan) => plan !== null);
  const plans = [...new Map(met.map((plan) => [plan.id, plan])).values()];
  const feasible = new Set([cheapest, advised, runnerUp, ...kinds.flatMap((best) => (best.feasible ? best.plan : []))]);
  const around = Math.max(range.from, Math.round(demand.requestsPerDay));
  const allowed = plans.filter((plan) => feasible.has(plan));
  const ranged = allowed.map((plan: Plan) => ({ curve: plan.curve, ...feasibleRange(plan, of, around, range) }));
  const { rungs, alternates } = envelope(ranged, range, budgetFor(allowed, of));
  return {
    breakEven: pairsOf(plans).map((pair) => volumeBreakEven(pair, range, of)),
    // Where none of these plans is allowed another may be: that is left to `breakeven`.
    ladder: rungs.flatMap(({ from, to, index }) => {
      const plan = index === null ? undefined : allowed[index];
      return plan === undefined ? [] : [ladderRow({ from, to, plan }, of)];
    }),
    ladderAlternates: alternates,
  };
}
