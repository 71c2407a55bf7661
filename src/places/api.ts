import { apiKindOf } from '../tables/query.js';
import { tokenApi } from './token-api.js';

/** The assumption for what an endpoint bound to a region costs above the list, where a row says nothing; null: nothing. */
export const regionUplifts = { 'cloud-api': 'residencyUpliftFraction', 'open-model-api': null } as const;

/** A closed model, at its maker or at a cloud that resells it. */
export const cloudApi = tokenApi(
  { kind: 'cloud-api', title: 'Closed API, billed per token', uplift: regionUplifts['cloud-api'] },
  (row) => apiKindOf(row) === 'cloud-api',
);

/** Open weights served by somebody else, billed per token. */
export const openModelApi = tokenApi(
  { kind: 'open-model-api', title: 'Hosted open model, billed per token', uplift: regionUplifts['open-model-api'] },
  (row) => apiKindOf(row) === 'open-model-api',
);
