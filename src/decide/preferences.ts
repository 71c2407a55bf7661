import type { Option } from '../placements/option.js';
import type { Facet } from '../scenario/facets.js';

/** What an option is by the facets of a place. */
export const facetsOf = ({ kind, provider, purchase }: Option): Record<Exclude<Facet, 'shape'>, string | null> => ({
  kind,
  provider,
  purchase,
});
