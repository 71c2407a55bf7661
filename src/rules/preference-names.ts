import type { Option } from '../places/option.js';
import type { Facet } from '../workload/facets.js';

/** What an option is by the facets of a place. */
export const facetsOf = ({ kind, provider, purchase }: Option): Record<Exclude<Facet, 'shape'>, string | null> => ({
  kind,
  provider,
  purchase,
});
