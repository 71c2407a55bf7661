import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import { findApiRow } from '../tables/aliases.js';
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

const thinking = '+thinking';

/** The option of an id, by the provider's other names for its model too. */
export function optionById(id: string, of: Case): Option | null {
  const found = findOption(id, of);
  if (found !== null) return found;
  const [kind = '', provider = '', ...rest] = id.split('/');
  const asked = rest.join('/');
  const mode = asked.endsWith(thinking) ? thinking : '';
  const row = findApiRow(of.tables, provider, mode === '' ? asked : asked.slice(0, -mode.length));
  return row === null ? null : findOption(`${kind}/${provider}/${row.modelId}${mode}`, of);
}
