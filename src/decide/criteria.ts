import { at } from '../cost/curve.js';
import { parameterOf } from '../cost/people.js';
import { capabilityOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import type { Prose } from '../tables/tables.js';
import { boundaries } from '../workload/workload.js';
import type { Choice, KindBest } from './choose.js';
import type { CriteriaRow } from './decision.js';
import { meritsOf } from './merits.js';
import { sourceWords } from './option-report.js';
import { optionsOf, type Plan } from './plan.js';
import { rating } from './rating.js';
import { rounded, roundedOrNull } from './round.js';

/**
 * One row per kind of place, as comparisons of deployments have them: what the best plan of it costs at a fraction and at
 * a multiple of the volume, what it scores and shows, and what the tables say of the kind.
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
