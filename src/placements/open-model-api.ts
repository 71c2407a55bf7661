import { tokenApi } from './token-api.js';

/** Open weights served by somebody else, billed per token. */
export const openModelApi = tokenApi(
  'open-model-api',
  'Hosted open model, billed per token',
  ({ endpointKind, openWeights }) =>
    endpointKind === 'open-model-host' || (endpointKind === 'cloud-marketplace' && openWeights),
);
