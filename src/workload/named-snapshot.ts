import { isDay } from '../units/month.js';
import { readDocument } from './document.js';
import { applySettings } from './set.js';
import { copyTree, getIn, type Place, placesIn } from './source.js';

/** A snapshot named in a scenario, and its place there. */
export type NamedSnapshot = { date: string; place: Place | null };

const path = ['prices', 'snapshot'];

/**
 * The snapshot named in a scenario, read first, as the rest needs its tables. Null: none, or invalid, which reading the
 * scenario reports.
 */
export function namedSnapshot(text: string, file: string, set: readonly string[] = []): NamedSnapshot | null {
  // Nearly no scenario has one: then it is not parsed twice.
  if (![text, ...set].some((one) => one.includes('snapshot'))) return null;
  const bare = text.replace(/^\uFEFF/, '');
  const { document } = readDocument(bare, file, placesIn(file, bare));
  if (document === null) return null;
  const root = copyTree(document.value);
  const settings = applySettings(root, set);
  const value = getIn(root, path);
  if (typeof value !== 'string' || !isDay(value)) return null;
  return { date: value, place: settings.locate(path, 'value') ?? document.find(path) };
}
