import { isMap } from '../units/reading.js';

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
