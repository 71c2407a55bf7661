import { tokenApi } from './token-api.js';

/** Open weights served by somebody else, billed per token. */
export const openModelApi = tokenApi(
  { kind: 'open-model-api', title: 'Hosted open model, billed per token', uplift: null },
  ({ endpointKind, openWeights }) =>
    endpointKind === 'open-model-host' || (endpointKind === 'cloud-marketplace' && openWeights),
);
