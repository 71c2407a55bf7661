import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placements } from '../placements/registry.js';

/** The option of an id, looked up whole; null where the tables have no such option. */
export function findOption(id: string, of: Case): Option | null {
  for (const placement of placements) {
    const found = placement.lookUp(id, of);
    if (found !== null) return found;
  }
  return null;
}
