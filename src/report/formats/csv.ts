import type { Decision } from '../../decide/decision.js';
import { csvText, nameCell } from '../csv-text.js';

const header = [
  'file',
  'scenario',
  'snapshot',
  'as_of',
  'option',
  'kind',
  'provider',
  'model',
  'mode',
  'quantization',
  'hardware',
  'instance',
  'region',
  'purchase',
  'tasks_advised',
  'feasible',
  'alone_monthly_cost_usd',
  'alone_upfront_cost_usd',
  'alone_fte',
  'replicas',
  'utilization',
  'ttft_p95_ms',
  'tokens_per_second',
  'capability',
  'failed_gates',
  'verdict',
] as const;

/** The header of `csvRows`. */
export const csvHead = csvText(header, []);

/**
 * A row for each option that the decision lists: the plan's, the best of every kind of place, those that came nearest and
 * those asked for. Costs are of the whole scenario on that option alone; `tasks_advised` are those it serves in the plan.
 */
export function csvRows({ scenario, tables, recommendation, options }: Decision): string {
  const given = (value: string | number | null): string => (value === null ? '' : String(value));
  return csvText(
    null,
    options.map((option) => [
      nameCell(scenario.file),
      nameCell(scenario.name),
      tables.snapshot,
      tables.asOf,
      option.id,
      option.kind,
      option.provider,
      option.model,
      option.mode,
      given(option.quantization),
      given(option.hardware),
      given(option.instance),
      given(option.region),
      given(option.purchase),
      [...new Set(recommendation.assignments.flatMap(({ task, option: id }) => (id === option.id ? [task] : [])))].join(
        ';',
      ),
      String(option.feasible),
      given(option.monthlyCost),
      given(option.upfrontCost),
      given(option.fte),
      given(option.replicas),
      given(option.utilization),
      given(option.ttftP95Ms),
      given(option.tokensPerSecond),
      given(option.capability),
      [...new Set(option.failedGates.map(({ gate }) => gate))].join(';'),
      option.verdict,
    ]),
  );
}
