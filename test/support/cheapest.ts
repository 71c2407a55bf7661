import type { Plan } from '../../src/decide/plan.js';
import { searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import type { Context } from '../../src/places/placement.js';
import type { TakesPart } from '../../src/several/combine.js';

/** The cheapest plan, of some places alone; null: nothing fits. */
export function cheapestIn(context: Context, takes?: TakesPart): Plan | null {
  const found = searchByCost(severalCase(context)).best(takes === undefined ? {} : { takes });
  return found && tracedCase(found);
}
