import type { Problem } from '../units/problem.js';
import { isMap } from '../units/reading.js';

/** A position in what the user wrote, 1-based, with its line to print a caret under. */
export type Place = { file: string; line: number; column: number; excerpt: string };

/** Turns an offset in some text into a place. */
export type PlaceAt = (offset: number) => Place;

/** A problem at a place; null: about the file as a whole. */
export function problemAt(
  file: string,
  place: Place | null,
  about: { code: string; message: string; path?: string; suggestion?: string | null; severity?: Problem['severity'] },
): Problem {
  return {
    severity: about.severity ?? 'error',
    code: about.code,
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: about.path ?? '',
    message: about.message,
    suggestion: about.suggestion ?? null,
    excerpt: place?.excerpt ?? null,
  };
}

/** Places in a file's text. */
export function placesIn(file: string, text: string): PlaceAt {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] ?? 0;
    const line = text.slice(start, (starts[low + 1] ?? text.length + 1) - 1);
    return { file, line: low + 1, column: offset - start + 1, excerpt: line.replace(/\r$/, '') };
  };
}

/** Plain data by path, as YAML and JSON give it. Nothing here changes its argument unless it says so. */
export type Path = readonly (string | number)[];

export { isMap };

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

/** Writes into `root`, making missing parent maps; false when a parent is neither map nor list. */
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

/** Removes the key that holds the value at `path`: for an entry of a list, the key of that list. Changes `root`. */
export function unsetIn(root: unknown, path: Path): Path {
  const lastKey = path.findLastIndex((step) => typeof step === 'string');
  const key = path.slice(0, lastKey + 1);
  const parent = getIn(root, key.slice(0, -1));
  const step = key.at(-1);
  if (isMap(parent) && step !== undefined) delete parent[step];
  return key;
}

export const startsWith = (path: Path, start: Path): boolean => start.every((step, depth) => path[depth] === step);
