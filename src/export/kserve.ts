import { podOf } from './kubernetes.js';
import { nameAt } from './names.js';
import { ownPlaces, placeholdersIn } from './own-places.js';
import { modeRemark } from './places.js';
import { headOf, type Target } from './target.js';
import { machineWords, remarksOn } from './vllm.js';
import { yamlText } from './yaml-text.js';

/** An LLMInferenceService for each place that the team runs in a cluster. */
export const kserve: Target = {
  name: 'kserve',
  title: 'KServe LLMInferenceService',
  files(exported) {
    const { tables } = exported.context;
    const files = ownPlaces(exported.places, exported.context).own.flatMap((one) => {
      const { place, server, copies } = one;
      const resource = nameAt(tables, 'kubernetes', 'resource', server.accelerator.vendor);
      if (resource === null) return [];
      const head = [
        ...headOf(`KServe for ${place.option.id}`, exported, placeholdersIn(one)),
        ...machineWords(place, server),
        ...remarksOn(server),
        ...modeRemark(place),
      ];
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
      return [{ path: `${place.name}.kserve.yaml`, text: yamlText(head, value) }];
    });
    return files.length === 0 ? null : files;
  },
};
