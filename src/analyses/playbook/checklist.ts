import type { ChecklistItem } from '../../decide/decision.js';
import { optionsOf } from '../../decide/plan.js';
import type { Reviewed } from '../../decide/review.js';
import type { Context } from '../../places/placement.js';
import { regimeRows } from '../../places/regions.js';
import { placementOf } from '../../places/registry.js';
import type { RegimeRow } from '../../tables/rows.js';
import type { Prose } from '../../tables/tables.js';

/** The rows of regimes.csv with what whoever runs a model has to see to. */
const security = 'self-hosted-security';

/** What the plan depends on, then reminders of the rules on its data, then security where weights of one's own run. */
export function checklistOf(
  { plan }: Reviewed,
  conditions: readonly string[],
  context: Context,
  prose: Prose,
): ChecklistItem[] {
  const items = new Map<string, ChecklistItem>();
  const add = (item: string, because: string, source: string): void => {
    const same = items.get(item);
    if (same === undefined) items.set(item, { item, because, source });
    else if (!same.because.includes(because)) same.because = `${same.because}; ${because}`;
  };
  const addRow = ({ requirement, row }: RegimeRow, because: string): void =>
    add(requirement, because, prose({ table: 'regimes', row }).source);
  for (const condition of conditions) add(condition, 'the plan depends on it', 'this decision');
  for (const deployment of plan.deployments)
    for (const taskPart of deployment.taskParts)
      for (const row of regimeRows(taskPart, context))
        if (
          row.effect === 'checklist' &&
          optionsOf(deployment).some(({ kind }) => row.allowedPlacements.includes(kind))
        )
          addRow(row, `${row.regime} for ${taskPart.task}`);
  const own = plan.deployments.flatMap(optionsOf).filter(({ kind }) => !placementOf(kind).perToken);
  for (const row of context.tables.regimes.filter(({ regime }) => regime === security)) {
    const on = own.filter(({ kind }) => row.allowedPlacements.includes(kind));
    const places = [...new Set(on.map(({ kind, provider }) => `${kind}/${provider}`))].join(', ');
    if (places !== '') addRow(row, `${security} on ${places}`);
  }
  return [...items.values()];
}
