import { podOf } from './kubernetes.js';
import { nameAt } from './names.js';
import { placeTarget } from './own-places.js';

/** An LLMInferenceService for each place that the team runs in a cluster. */
export const kserve = placeTarget('kserve', 'KServe LLMInferenceService', (one, { tables }) => {
  const { place, server, copies } = one;
  const resource = nameAt(tables, 'kubernetes', 'resource', server.accelerator.vendor);
  if (resource === null) return null;
  // The controller names the weights itself.
  const [, ...flags] = one.args;
  const value = {
    apiVersion: 'serving.kserve.io/v1alpha2',
    kind: 'LLMInferenceService',
    metadata: { name: place.name },
    spec: {
      model: { uri: `hf://${server.checkpoint.id}`, name: place.name },
      replicas: copies,
      parallelism: { tensor: server.cardsPerCopy },
      router: { route: {}, gateway: {}, scheduler: {} },
      template: podOf({ ...one, args: flags }, resource, tables),
    },
  };
  return { values: [value], fill: [`secret ${place.name}-keys`] };
});
