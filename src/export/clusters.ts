import { counted } from '../report/numbers.js';
import type { Tables } from '../tables/tables.js';
import { machineWords, type OwnPlace, ownPlaces, placeholdersIn, placeTarget, remarksOn } from './own-places.js';
import { headOf, nameAt, type Target, yamlText } from './places.js';

/** Seconds between probes, and failures until a start fails: weights may load for twenty minutes. */
const probe = { periodSeconds: 10, failureThreshold: 120 };

/** A Deployment, a Service and, for several copies, a PodDisruptionBudget for each place that the team runs. */
export const kubernetes = placeTarget('kubernetes', 'Kubernetes manifests', (one, { tables }) => {
  const resource = nameAt(tables, 'kubernetes', 'resource', one.server.accelerator.vendor);
  if (resource === null) return null;
  const secret = secretOf(one.place.name);
  return {
    values: manifestsOf(one, resource, tables),
    fill: [`secret ${secret}`],
    notes: [
      `one pod is one copy of the model: ${counted(one.copies, 'pod')}, spares among them`,
      `kubectl create secret generic ${secret} --from-literal=VLLM_API_KEY=… (--from-literal=HF_TOKEN=… for gated weights)`,
      ...followsHours(one),
    ],
  };
});

const secretOf = (name: string): string => `${name}-keys`;

/** A plan that pays machines hour by hour has fewer of them in quiet hours. */
const followsHours = ({ place }: OwnPlace): string[] =>
  place.lines.some(({ curve }) => curve.terms.some(({ is }) => is === 'replicas'))
    ? ['the plan pays machines by the hour: scale down in quiet hours, by the waiting requests that the engine reports']
    : [];

/** Labels, selector and the pod; also what other objects of a cluster run. */
function podOf({ place, server, image, args, port }: OwnPlace, resource: string, tables: Tables) {
  const { accelerator, cardsPerCopy } = server;
  const label = nameAt(tables, 'kubernetes', 'label', accelerator.vendor);
  const product = nameAt(tables, 'kubernetes', 'product', accelerator.accelerator);
  const keyOf = (key: string, optional: boolean) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: secretOf(place.name), key, ...(optional && { optional }) } },
  });
  const health = { httpGet: { path: '/health', port }, periodSeconds: probe.periodSeconds };
  return {
    ...(label !== null && product !== null && { nodeSelector: { [label]: product } }),
    containers: [
      {
        name: 'main',
        image,
        args,
        env: [keyOf('VLLM_API_KEY', false), keyOf('HF_TOKEN', true)],
        ports: [{ containerPort: port, name: 'http' }],
        resources: { limits: { [resource]: String(cardsPerCopy) } },
        startupProbe: { ...health, failureThreshold: probe.failureThreshold },
        readinessProbe: health,
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
      },
    ],
    // Cards of one copy speak through shared memory.
    volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }],
  };
}

function manifestsOf(one: OwnPlace, resource: string, tables: Tables): object[] {
  const { name } = one.place;
  const labels = { 'app.kubernetes.io/name': name };
  const selector = { matchLabels: labels };
  const metadata = { name, labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: one.copies, selector, template: { metadata: { labels }, spec: podOf(one, resource, tables) } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: one.port, targetPort: 'http' }] },
    },
    ...(one.copies > 1
      ? [{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector } }]
      : []),
  ];
}

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
