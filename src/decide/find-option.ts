import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import { admission } from './admission.js';

/** The option of an id, looked up whole; null where the tables have no such option. */
export function findOption(id: string, of: Case): Option | null {
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
  for (const placement of placements) {
    const found = placement.lookUp(id, of, search);
    if (found !== null) return found;
  }
  return null;
}
