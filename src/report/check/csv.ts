import type { CheckReport } from '../../analyses/check/report.js';
import { csvText, nameCell } from '../csv-text.js';

const header = [
  'file',
  'scenario',
  'status',
  'snapshot',
  'as_of',
  'plan',
  'kinds',
  'monthly_cost_usd',
  'compared_with',
  'plan_before',
  'monthly_cost_before_usd',
  'advice',
  'failed',
] as const;

/** One row for each scenario checked, or for each step of a comparison. */
export function checkCsv({ results }: CheckReport): string {
  return csvText(
    header,
    results.map(({ file, scenario, status, decision, baseline, change, verdicts }) => {
      const before = change?.plans.find(({ plan }) => plan === change.advice.planBefore)?.before.monthlyCost;
      return [
        nameCell(file),
        nameCell(scenario ?? ''),
        status,
        decision?.tables.snapshot ?? '',
        decision?.tables.asOf ?? '',
        decision?.recommendation.plan ?? '',
        decision?.recommendation.kinds.join(';') ?? '',
        String(decision?.recommendation.monthlyCost ?? ''),
        nameCell(baseline ?? ''),
        change?.advice.planBefore ?? '',
        String(before ?? ''),
        change?.advice.change ?? '',
        verdicts.flatMap(({ rule, state }) => (state === 'failed' || state === 'unknown' ? [rule] : [])).join(';'),
      ];
    }),
  );
}
