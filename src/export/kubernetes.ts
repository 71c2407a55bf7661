import { counted } from '../report/numbers.js';
import type { Tables } from '../tables/tables.js';
import { nameAt } from './names.js';
import { type OwnPlace, placeTarget } from './own-places.js';

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
export function podOf({ place, server, image, args, port }: OwnPlace, resource: string, tables: Tables) {
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
