import { placesOf } from '../core/decide.js';
import { isOverLimits, needOf, type Priced, price } from '../core/price.js';
import type { Workload } from '../workload/workload.js';
import { provisionedPair } from './task-overflow.js';
import { isLetThrough, type PlanRules, planOfPair, planOfRow, type TaskDecision, type TaskPlan } from './task-plans.js';

/** The cheapest plan on provisioned throughput, its API by tokens, and whether the peak fills the smallest purchase. */
export type TaskProvisioned = { plan: TaskPlan; tokens: TaskPlan | null; fills: boolean };

/**
 * Provisioned throughput of the advised closed API, or the cheapest, where on sale; else the cheapest of any.
 *
 * @param apis plans in order; the API of the first that is sold so is taken
 */
export function cheapestProvisioned(
  { prepared: { rows, shape }, known, terms }: Pick<TaskDecision, 'prepared' | 'known' | 'terms'>,
  apis: readonly (TaskPlan | null)[],
  workload: Workload,
  { limits, mayOverflow }: PlanRules,
): TaskProvisioned | null {
  const { byTokens, option } = shape.admitted.apis;
  const held: number[] = [];
  for (let row = 0; row < rows.apis; row++) if (byTokens[rows.model[row] as number] !== -1) held.push(row);
  if (held.length === 0) return null;
  const priced = known ?? price(rows, shape, workload, {}, terms.people);
  const modelOf = (row: number): number => byTokens[rows.model[row] as number] as number;
  const isOf = (row: number, id: string): boolean =>
    [rows.model[row] as number, modelOf(row)].some((api) => option[api]?.id === id);
  const [sold] = apis.flatMap((plan) => held.find((row) => plan !== null && isOf(row, plan.option.id)) ?? []);
  const among = sold === undefined ? held : held.filter((row) => modelOf(row) === modelOf(sold));
  const best = among
    .flatMap((row) => waysOf(priced, row, workload, limits, mayOverflow))
    .reduce<{ row: number; plan: TaskPlan } | null>(
      (least, one) => (least === null || one.plan.usd < least.plan.usd ? one : least),
      null,
    );
  if (best === null) return null;
  const tokens = shape.bills.api.indexOf(modelOf(best.row));
  const isSold = tokens !== -1 && priced.usd[tokens] !== Number.POSITIVE_INFINITY;
  return {
    plan: best.plan,
    tokens: isSold ? planOfRow(priced, tokens) : null,
    fills: needOf(priced, best.row) * shape.load.peak >= (rows.min[best.row] as number),
  };
}

/** A purchase for the peak, and a smaller one with the rest by tokens, where rules allow them. */
function waysOf(
  priced: Priced,
  row: number,
  workload: Workload,
  limits: PlanRules['limits'],
  mayOverflow: boolean,
): { row: number; plan: TaskPlan }[] {
  const pair = mayOverflow ? provisionedPair(priced, row) : null;
  const isAlone =
    priced.usd[row] !== Number.POSITIVE_INFINITY &&
    (limits === null || (!isOverLimits(priced, row) && limits(placesOf(priced, row), workload)));
  return [
    ...(isAlone ? [{ row, plan: planOfRow(priced, row) }] : []),
    ...(pair !== null && isLetThrough(priced, pair, limits) ? [{ row, plan: planOfPair(priced, pair) }] : []),
  ];
}
