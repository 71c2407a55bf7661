import type { Option } from '../placements/option.js';
import { placements } from '../placements/registry.js';
import type { Tables } from '../tables/tables.js';

/** What a wish is about. */
export type Facet = 'kind' | 'provider' | 'purchase' | 'shape';

const purchases: ReadonlySet<string> = new Set(['on-demand', 'spot', 'reserved-1y', 'reserved-3y', 'bought', 'owned']);
const shapes: ReadonlySet<string> = new Set(['overflow', 'failover']);

/** What a name under `preferences` is about; null: none of what is looked at. */
export function facetOf(name: string, { providerOf, api, rental, hosting }: Tables): Facet | null {
  if (placements.some(({ kind }) => kind === name)) return 'kind';
  if (purchases.has(name)) return 'purchase';
  if (shapes.has(name)) return 'shape';
  if (providerOf.has(name)) return 'provider';
  return [api, rental, hosting].some((rows) => rows.some(({ provider }) => provider === name)) ? 'provider' : null;
}

/** What an option is by the facets of a place. */
export const facetsOf = ({ kind, provider, purchase }: Option): Record<Exclude<Facet, 'shape'>, string | null> => ({
  kind,
  provider,
  purchase,
});
