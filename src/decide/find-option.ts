import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { findApiRow } from '../tables/aliases.js';
import { filterBy } from './filter.js';

/** The option of an id, looked up whole; null where the tables have no such option. */
export function findOption(id: string, context: Context): Option | null {
  const { filter } = filterBy(context);
  for (const placement of placements) {
    const found = placement.lookUp(id, context, filter);
    if (found !== null) return found;
  }
  return null;
}

const thinking = '+thinking';

/**
 * The option of an id, by the provider's other names for its model too. A model that always thinks has no other mode: its
 * plain id means that one.
 */
export function optionById(id: string, context: Context): Option | null {
  for (const one of namesOf(id, context)) {
    const found = findOption(one, context);
    if (found !== null) return found;
  }
  return null;
}

/** Ids that an id may mean, the likeliest first. */
function* namesOf(id: string, { tables }: Context): Generator<string> {
  yield id;
  const [kind = '', provider = '', ...rest] = id.split('/');
  const asked = rest.join('/');
  const mode = asked.endsWith(thinking) ? thinking : '';
  const row = findApiRow(tables, provider, mode === '' ? asked : asked.slice(0, -mode.length));
  if (row !== null) yield `${kind}/${provider}/${row.modelId}${mode}`;
  if (id.includes(thinking)) return;
  if (row !== null) yield `${kind}/${provider}/${row.modelId}${thinking}`;
  else if (id.includes('@')) yield id.replace('@', `${thinking}@`);
}
