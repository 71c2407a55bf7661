import type { Context } from '../places/placement.js';
import { kinds } from '../tables/kinds.js';
import { mistakeIn } from '../workload/lint-contradictions.js';
import { choose } from './choose.js';
import { planById, planByWords } from './named-plan.js';
import { nearMisses } from './near-misses.js';
import type { Plan } from './plan.js';

/** Why there is no plan by a name, or none at all. */
export type NoPlan = { code: 'no-such-plan' | 'nothing-fits'; message: string; suggestion: string | null };

/** The plan that a user names by its id, an option's or a few words; null: the recommended one. */
export function planNamed(asked: string | null, context: Context): Plan | NoPlan {
  const byId = asked === null ? null : planById(asked, context);
  if (byId?.plan) return byId.plan;
  if (byId !== null) return { code: 'no-such-plan', message: byId.problem ?? '', suggestion: null };
  // What begins with a kind of place is meant as an id: which part is wrong needs no decision.
  const mistake =
    asked !== null && kinds.some((kind) => asked.startsWith(`${kind}/`)) ? mistakeIn(asked, context.tables) : null;
  if (mistake !== null) return { code: 'no-such-plan', message: mistake.message, suggestion: mistake.suggestion };
  const choice = choose(context);
  if (asked === null) {
    const best = choice.kinds.flatMap(({ plan }) => (plan === null ? [] : [plan.id]));
    return (
      choice.advised ?? {
        code: 'nothing-fits',
        message: 'no plan meets every rule, so none is recommended',
        suggestion: best.length === 0 ? null : `name one: ${best.join(', ')}`,
      }
    );
  }
  const misses = choice.advised === null ? nearMisses(context).map(({ looked }) => looked.option) : [];
  const { plan, ...said } = planByWords(asked, choice, misses, context);
  if (plan !== null) return plan;
  const { problem, candidates } = said as { problem: string; candidates: readonly string[] };
  return {
    code: 'no-such-plan',
    message: problem,
    suggestion: candidates.length === 0 ? null : `write one of ${candidates.join(', ')}`,
  };
}
