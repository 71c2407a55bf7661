import { parameterOf } from '../cost/people.js';
import { isCommitted } from './fleet-units.js';
import { type Option, ruledKind } from './option.js';
import type { Context } from './placement.js';

/**
 * The parameter of owning.csv with the weeks until an option can serve: of how it is bought where that decides (hardware
 * that is there already, a machine for a desk, a commitment), else of its kind.
 */
export function leadTimeParameter(option: Pick<Option, 'kind' | 'purchase' | 'desk' | 'api'>): string {
  const { purchase, desk } = option;
  if (purchase === 'owned') return 'leadTimeOwned';
  if (purchase === 'bought' && desk) return 'leadTimeWorkstation';
  if (isCommitted(purchase)) return 'leadTimeReserved';
  return parameterOf('leadTime', ruledKind(option));
}

/**
 * Weeks from the order until an option can serve, the likely value or what the scenario sets under `assumptions`; null
 * where the tables do not know. Agreements that have to be signed first come on top.
 */
export function leadTimeWeeks(
  option: Pick<Option, 'kind' | 'purchase' | 'desk' | 'api'>,
  { workload, tables }: Context,
): number | null {
  const name = leadTimeParameter(option);
  return tables.parameterOf.has(name) ? workload.assume(name) : null;
}
