import { findPlan } from '../../decide/find-plan.js';
import { optionsOf } from '../../decide/plan.js';
import { rowName } from '../../tables/row-name.js';
import type { ApiRow } from '../../tables/rows.js';
import { withScenarioPrices } from '../../workload/read.js';
import type { Subject } from '../flips/changed-case.js';
import type { PlanCost } from './comparison.js';
import { type FigureChange, figureChanges } from './row-changes.js';

/** A row that bills a plan on the later side, where another did before. */
export type ReplacedRow = {
  table: 'api';
  row: string;
  formerRow: string;
  figures: FigureChange[];
  source: string;
  date: string;
};

/** Rows that answer for the name of a row that is gone: what a plan costs moves from the one to the other. */
export function replacedRows(plans: readonly PlanCost[], before: Subject, after: Subject): ReplacedRow[] {
  const { prose } = withScenarioPrices(after.read, after.list, after.prose);
  const replaced = new Map<string, ReplacedRow>();
  for (const { plan, change } of plans) {
    if (change === null) continue;
    const olds = rowsOf(plan, before);
    for (const [place, now] of rowsOf(plan, after)) {
      const old = olds.get(place);
      if (old === undefined) continue;
      const [formerRow, row] = [rowName('api', old), rowName('api', now)];
      if (formerRow === row) continue;
      const { source, date } = prose({ table: 'api', row: now.row });
      const figures = figureChanges('api', old, now);
      replaced.set(`${formerRow}\0${row}`, { table: 'api', row, formerRow, figures, source, date });
    }
  }
  return [...replaced.values()];
}

/** The rows of the APIs of a plan, by the part of a task that one serves and in which place. */
function rowsOf(id: string, { context }: Subject): Map<string, ApiRow> {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') return new Map();
  return new Map(
    plan.deployments.flatMap((deployment) =>
      optionsOf(deployment).flatMap(({ api }, place) =>
        api === null ? [] : deployment.taskParts.map((taskPart): [string, ApiRow] => [`${taskPart.id} ${place}`, api]),
      ),
    ),
  );
}
