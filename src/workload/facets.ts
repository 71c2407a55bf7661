import { kinds } from '../tables/kinds.js';
import { rentalForms } from '../tables/price-columns.js';
import type { Tables } from '../tables/tables.js';

/** What a wish is about. */
export type Facet = 'kind' | 'provider' | 'purchase' | 'shape' | 'model';

const named = {
  kind: kinds,
  purchase: [...rentalForms.map(({ purchase }) => purchase), 'bought', 'owned'],
  shape: ['overflow', 'failover'],
} as const satisfies Partial<Record<Facet, readonly string[]>>;

/** Where what is one's own stands, which takes the place of who sells it. */
const sites = ['own-room', 'colocation', 'devices'] as const;

const facets = new Map<string, Facet>(
  (Object.entries({ ...named, provider: sites }) as [Facet, readonly string[]][]).flatMap(([facet, names]) =>
    names.map((name) => [name, facet] as const),
  ),
);

export const isSite = (name: string): boolean => sites.some((site) => site === name);

/** What a name under `preferences` is about; null: none of what is looked at. */
export function facetOf(name: string, tables: Tables): Facet | null {
  return facets.get(name) ?? (isProvider(name, tables) ? 'provider' : namesModel(name, tables) ? 'model' : null);
}

/** Whether a name is that of a model: its family or an id; with a final `*` every model that begins so. */
export function isNamed(name: string, { family, model }: { family: string | null; model: string | null }): boolean {
  const fits = (own: string | null) =>
    own !== null && (name.endsWith('*') ? own.startsWith(name.slice(0, -1)) : own === name);
  return fits(family) || fits(model);
}

/** Whether any model of the tables goes by a name. */
const namesModel = (name: string, { api, models, capability }: Tables): boolean =>
  [...models, ...capability].some(({ family }) => isNamed(name, { family, model: null })) ||
  api.some(({ family, modelId }) => isNamed(name, { family, model: modelId }));

/** Whether somebody of this name sells anything. */
export const isProvider = (name: string, { providerOf, api, rental, hosting }: Tables): boolean =>
  providerOf.has(name) || [api, rental, hosting].some((rows) => rows.some(({ provider }) => provider === name));

export const providerNames = ({ providerOf, api, rental, hosting }: Tables): string[] => [
  ...new Set([...providerOf.keys(), ...[api, rental, hosting].flatMap((rows) => rows.map(({ provider }) => provider))]),
];

/** All that a wish may name. */
export const wishNames = (tables: Tables): string[] => [
  ...facets.keys(),
  ...providerNames(tables),
  ...new Set([...tables.modelOf.keys(), ...tables.capabilityOf.keys()]),
];
