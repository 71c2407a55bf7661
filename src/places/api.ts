import { tokenApi } from './token-api.js';

/** A closed model, at its maker or at a cloud that resells it. */
export const cloudApi = tokenApi(
  { kind: 'cloud-api', title: 'Cloud API, billed per token', uplift: 'residencyUpliftFraction' },
  ({ endpointKind, openWeights }) =>
    endpointKind === 'first-party' || (endpointKind === 'cloud-marketplace' && !openWeights),
);

/** Open weights served by somebody else, billed per token. */
export const openModelApi = tokenApi(
  { kind: 'open-model-api', title: 'Hosted open model, billed per token', uplift: null },
  ({ endpointKind, openWeights }) =>
    endpointKind === 'open-model-host' || (endpointKind === 'cloud-marketplace' && openWeights),
);
