import { kinds } from '../tables/kinds.js';
import type { Tables } from '../tables/tables.js';

/** What a wish is about. */
export type Facet = 'kind' | 'provider' | 'purchase' | 'shape';

const named = {
  kind: kinds,
  purchase: ['on-demand', 'spot', 'reserved-1y', 'reserved-3y', 'bought', 'owned'],
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
  return facets.get(name) ?? (isProvider(name, tables) ? 'provider' : null);
}

/** Whether somebody of this name sells anything. */
export const isProvider = (name: string, { providerOf, api, rental, hosting }: Tables): boolean =>
  providerOf.has(name) || [api, rental, hosting].some((rows) => rows.some(({ provider }) => provider === name));

export const providerNames = ({ providerOf, api, rental, hosting }: Tables): string[] => [
  ...new Set([...providerOf.keys(), ...[api, rental, hosting].flatMap((rows) => rows.map(({ provider }) => provider))]),
];

/** All that a wish may name. */
export const wishNames = (tables: Tables): string[] => [...facets.keys(), ...providerNames(tables)];
