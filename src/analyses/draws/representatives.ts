import { optionAt } from '../../core/options.js';
import { at, isUnpriced } from '../../cost/curve.js';
import { deploymentOf, linesOf, type Plan, planOf } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { partsUnder } from '../uncertainty/costs.js';
import type { Field } from './field.js';

/** One plan for each API and for each way to have a machine: prices of what is bought are told by it. */
export type Representatives = {
  plans: readonly Plan[];
  /** The rows of these. */
  rows: readonly number[];
  /** By row of the field, -1: none has a price. */
  ofRow: Int32Array;
};

export function representativesOf({ rows, shape, adjustedUsd, context }: Field): Representatives {
  const best = new Map<number, number>();
  const keyOf = (row: number): number => {
    const first = rows.first[row] as number;
    return rows.fit[first] === -1 ? -1 - first : (rows.offer[first] as number);
  };
  for (let row = 0; row < rows.paired; row++) {
    const known = best.get(keyOf(row));
    if (known === undefined || (adjustedUsd[row] as number) < (adjustedUsd[known] as number)) best.set(keyOf(row), row);
  }
  const plans: Plan[] = [];
  const own: number[] = [];
  const placeOf = new Map<number, number>();
  for (const [key, row] of best) {
    const plan = planOf([{ option: optionAt({ rows, shape }, row), taskParts: context.workload.taskParts }], context);
    if (isUnpriced(plan)) continue;
    placeOf.set(key, plans.push(plan) - 1);
    own.push(row);
  }
  return {
    plans,
    rows: own,
    ofRow: Int32Array.from({ length: rows.count }, (_, row) => placeOf.get(keyOf(row)) ?? -1),
  };
}

/** USD a month of a plan of one place under a case of the same task, people left out; NaN: it has no price there. */
export function billUnder(plan: Plan, context: Context): number {
  const [part] = partsUnder(plan, context) ?? [];
  if (part === undefined) return Number.NaN;
  const { option, taskParts } = part;
  const bill = placementOf(option.kind).billed?.(option, taskParts, context);
  if (bill !== undefined) return isUnpriced(bill) ? Number.NaN : bill.usd;
  const deployment = deploymentOf(part, context);
  if (isUnpriced(deployment)) return Number.NaN;
  const { requestsPerDay } = context.workload;
  return linesOf({ deployments: [deployment], shared: [] }).reduce(
    (usd, { curve }) => usd + at(curve, requestsPerDay),
    0,
  );
}
