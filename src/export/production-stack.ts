import { nameAt } from './names.js';
import { machineWords, ownPlaces, placeholdersIn, remarksOn } from './own-places.js';
import { headOf, type Target, yamlText } from './target.js';

/** Flags that the chart has values for. */
const ownValues: ReadonlySet<string> = new Set([
  'tensorParallelSize',
  'maxModelLen',
  'maxNumSeqs',
  'gpuMemoryUtilization',
  'port',
]);

/** Values of the vLLM production stack's chart: a model for each place of the team's in a cluster. */
export const productionStack: Target = {
  title: 'values of the vLLM production stack',
  files(exported) {
    const { tables } = exported.context;
    const { own, left } = ownPlaces(exported.places, exported.context);
    if (own.length === 0) return [];
    const models = own.map((one) => {
      const { place, server, image, args } = one;
      const [repository = '', tag = ''] = image.split(/:(?=[^:/]*$)/);
      const resource = nameAt(tables, 'kubernetes', 'resource', server.accelerator.vendor);
      const { memoryFraction } = server.engine.row;
      const taken = new Set([...ownValues].map((key) => nameAt(tables, 'vllm', 'flag', key)));
      const [, ...flags] = args;
      const extra = flags.filter((_, i) => !taken.has(flags[i - (i % 2)] as string));
      return {
        name: place.name,
        repository,
        tag,
        modelURL: server.checkpoint.id,
        replicaCount: one.copies,
        requestGPU: server.cardsPerCopy,
        ...(resource !== null && { requestGPUType: resource }),
        vllmConfig: {
          maxModelLen: server.contextTokens,
          maxNumSeqs: server.engine.maxSequences,
          tensorParallelSize: server.cardsPerCopy,
          ...(memoryFraction !== null && { gpuMemoryUtilization: memoryFraction }),
          enablePrefixCaching: true,
          extraArgs: extra,
        },
      };
    });
    const head = [
      ...headOf(this.title, exported, [...own.flatMap(placeholdersIn), 'requestCPU and requestMemory of each model']),
      ...own.flatMap(({ place, server }) => [...machineWords(place, server), ...remarksOn(server)]),
      ...left,
    ];
    const value = {
      servingEngineSpec: { modelSpec: models },
      routerSpec: { enableRouter: true, replicaCount: 1, routingLogic: 'roundrobin' },
    };
    return [{ path: 'production-stack.values.yaml', text: yamlText(head, value) }];
  },
};
