import type { Context } from '../places/placement.js';
import { jsonText } from '../report/printable.js';
import {
  headOf,
  nameAt,
  type Place,
  protocolOf,
  requestedModel,
  routesOf,
  type Target,
  yamlDocuments,
} from './places.js';

const group = 'aigateway.envoyproxy.io';
const apiVersion = `${group}/v1beta1`;
/** The header with the name of the model for the gateway. */
const modelHeader = 'x-ai-eg-model';

/** Routes of the Envoy AI Gateway: a rule for each task, its second place at a lower priority. */
export const envoy: Target = {
  title: 'Envoy AI Gateway routes',
  files(exported) {
    const { places, context } = exported;
    const routes = routesOf(places, context).filter(({ place }) => place.option.onDevices === null);
    if (routes.length === 0) return [];
    const notes: string[] = [];
    const backends = places
      .filter(({ option }) => option.onDevices === null)
      .map((place) => {
        const schema = schemaOf(place, context);
        const assumed = protocolOf(context.tables, 'envoy');
        if (schema === null)
          notes.push(
            `${place.option.provider}: its protocol is not in the tables; ${assumed} is assumed for ${place.name}`,
          );
        return {
          apiVersion,
          kind: 'AIServiceBackend',
          metadata: { name: place.name },
          spec: {
            schema: { name: schema ?? assumed },
            backendRef: { name: place.name, kind: 'Backend', group: 'gateway.envoyproxy.io' },
          },
        };
      });
    const rules = routes.map((route) => ({
      matches: [{ headers: [{ type: 'Exact', name: modelHeader, value: route.name }] }],
      backendRefs: [route, ...(route.fallback === null ? [] : [route.fallback])].map(({ place }, priority) => ({
        name: place.name,
        priority,
        modelNameOverride: place.server === null ? requestedModel(place, context) : place.name,
      })),
    }));
    const groups = Array.from({ length: Math.ceil(rules.length / mostRules) }, (_, i) => ({
      name: i === 0 ? routeName : `${routeName}-${i + 1}`,
      rules: rules.slice(i * mostRules, (i + 1) * mostRules),
    }));
    const value = [
      ...groups.map(({ name, rules: own }) => ({
        apiVersion,
        kind: 'AIGatewayRoute',
        metadata: { name },
        spec: { parentRefs: [{ name: 'ai-gateway', kind: 'Gateway', group: 'gateway.networking.k8s.io' }], rules: own },
      })),
      ...backends,
      ...(routes.some(({ fallback }) => fallback !== null) ? groups.map(({ name }) => retries(name)) : []),
    ];
    const fill = places.map((place) => `Backend and BackendSecurityPolicy ${place.name}`);
    const head = [...headOf(this.title, exported, fill), ...notes];
    return [{ path: 'envoy.yaml', text: yamlDocuments(head, value) }];
  },
};

const routeName = 'deploy-advisor';
/** The gateway takes no more rules in one route. */
const mostRules = 15;

const schemaOf = ({ option, server }: Place, { tables }: Context): string | null =>
  nameAt(tables, 'envoy', 'schema', server === null ? option.provider : server.engine.row.engine);

/** What makes the gateway go on to the next priority. */
const retries = (name: string) => ({
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'BackendTrafficPolicy',
  metadata: { name },
  spec: {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }],
    retry: {
      numRetries: 2,
      numAttemptsPerPriority: 1,
      retryOn: { triggers: ['connect-failure', 'retriable-status-codes'], httpStatusCodes: [429, 500, 502, 503, 504] },
    },
  },
});

/** Answers that send a request on to the next target. */
const onStatusCodes = [429, 500, 502, 503, 504];

/** A configuration of the Portkey gateway: by task in a request's metadata to its place, then the second. */
export const portkey: Target = {
  title: 'Portkey gateway configuration',
  files(exported) {
    const { places, context } = exported;
    const routes = routesOf(places, context).filter(({ place }) => place.option.onDevices === null);
    if (routes.length === 0) return [];
    const targets = routes.map(({ name, place, fallback }) => {
      if (fallback === null) return { name, ...targetOf(place, context) };
      const chain = [targetOf(place, context), targetOf(fallback.place, context)];
      return { name, strategy: { mode: 'fallback', on_status_codes: onStatusCodes }, targets: chain };
    });
    const conditions = routes.map(({ name }) =>
      Object.fromEntries([
        ['query', { 'metadata.task': { $eq: name } }],
        ['then', name],
      ]),
    );
    // JSON has no comments, so it has no source line; its virtual keys are to be filled in.
    return [{ path: 'portkey.json', text: jsonText({ strategy: { mode: 'conditional', conditions }, targets }) }];
  },
};

function targetOf(place: Place, { tables }: Context) {
  const { option, server, name } = place;
  const provider = server === null ? nameAt(tables, 'portkey', 'provider', option.provider) : null;
  return {
    // For an own server or unknown provider the virtual key holds the address.
    provider: provider ?? protocolOf(tables, 'portkey'),
    virtual_key: server === null ? option.provider : name,
    override_params: { model: server === null ? requestedModel(place, { tables }) : name },
    retry: { attempts: 2 },
  };
}
