import { kinds } from '../tables/column.js';
import { rentalForms } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';

/** Plain data by path. Nothing here changes its argument unless it says so. */
export type Path = readonly (string | number)[];

export { type Place, type PlaceAt, placesIn, problemAt } from '../units/problem.js';

/** Keys that mean something to every object: none of a document may be one. */
export const reservedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The value at a path, or undefined where the path leads nowhere. Own keys only. */
export function getIn(root: unknown, path: Path): unknown {
  let at: unknown = root;
  for (const step of path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** A deep copy in which nothing is shared, not even what was one anchor in YAML. */
export function copyTree(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyTree);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyTree(inner)])) : value;
}

/** Writes into `root`, making missing maps; false when a parent is neither map nor list. */
export function setIn(root: unknown, path: Path, value: unknown): boolean {
  let at = root;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (Array.isArray(at)) {
      if (typeof step !== 'number' || step < 0 || step > at.length) return false;
      if (last) at[step] = value;
      else at[step] ??= {};
      at = at[step];
    } else if (isMap(at)) {
      if (last) at[step] = value;
      else if (at[step] === undefined || at[step] === null) at[step] = {};
      at = at[step];
    } else return false;
  }
  return true;
}

/** Removes the key of the value at `path`: for an entry of a list, the key of that list. Changes `root`. */
export function unsetIn(root: unknown, path: Path): Path {
  const lastKey = path.findLastIndex((step) => typeof step === 'string');
  const key = path.slice(0, lastKey + 1);
  const parent = getIn(root, key.slice(0, -1));
  const step = key.at(-1);
  if (isMap(parent) && step !== undefined) delete parent[step];
  return key;
}

export const startsWith = (path: Path, start: Path): boolean => start.every((step, depth) => path[depth] === step);

/** What a wish is about. */
type Facet = 'kind' | 'provider' | 'purchase' | 'shape' | 'model';

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
