import { isMap } from '../units/reading.js';
import type { ReadDocument } from './document.js';
import { reservedKeys } from './source.js';

const maxDepth = 50;
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** JSON without errors, read faster than as YAML; null for any other text. `slowly` reads the text with places. */
export function jsonDocument(text: string, slowly: () => ReadDocument | null): ReadDocument | null {
  if (!/^\s*\{/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const keys = keysIn(value, 0);
  if (keys !== keysWritten(text)) return null;
  let read: ReadDocument | null | undefined;
  const document = (): ReadDocument | null => {
    if (read === undefined) read = slowly();
    return read;
  };
  return {
    value,
    find: (path, on) => document()?.find(path, on) ?? null,
    locate: (path, on) => document()?.locate(path, on) ?? null,
  };
}

/** Keys in the text; of duplicates in a map, `JSON.parse` keeps one. */
function keysWritten(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(strings)) if (colon !== undefined) count += 1;
  return count;
}

/** Keys in all maps; NaN with one that is refused, or where maps are nested deeply. */
function keysIn(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) return Number.NaN;
  if (!isMap(value)) return (value as unknown[]).reduce<number>((sum, item) => sum + keysIn(item, depth + 1), 0);
  return Object.keys(value).reduce(
    (sum, key) => sum + (key === '<<' || reservedKeys.has(key) ? Number.NaN : 1) + keysIn(value[key], depth + 1),
    0,
  );
}
