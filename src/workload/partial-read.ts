import { isMap } from '../units/reading.js';
import type { Issue } from '../units/schema.js';
import { type Scenario, scenarioSchema } from './schema.js';
import { copyTree, getIn, type Path, setIn, startsWith, unsetIn } from './source.js';

/** The readable part of a scenario with errors, for checks across fields. */
export type Salvaged = { scenario: Scenario; unreadable(path: Path): boolean };

/** What every scenario needs. */
const needed: { path: Path; value: unknown }[] = [
  { path: ['version'], value: 1 },
  { path: ['workload', 'volume'], value: 1 },
  { path: ['tasks'], value: [{ type: 'unreadable' }] },
];

/** What a map needs where there is one: the rest of it can then be read. */
const neededIn: { map: readonly string[]; eachOf: boolean; key: string; value: unknown }[] = [
  { map: ['tasks'], eachOf: true, key: 'type', value: 'unreadable' },
  { map: ['existing'], eachOf: true, key: 'accelerator', value: 'unreadable' },
  { map: ['existing'], eachOf: true, key: 'count', value: 1 },
  { map: ['measured'], eachOf: true, key: 'model', value: 'unreadable' },
  { map: ['measured'], eachOf: true, key: 'accelerator', value: 'unreadable' },
  { map: ['measured'], eachOf: true, key: 'ofPredicted', value: 1 },
  { map: ['devices'], eachOf: false, key: 'count', value: 1 },
  { map: ['today'], eachOf: false, key: 'option', value: 'unreadable' },
  { map: ['needs', 'rag'], eachOf: false, key: 'documents', value: '1 token' },
  { map: ['development'], eachOf: false, key: 'share', value: 0 },
];

/** So deep may a scenario be nested, and no further is more of it taken out. */
const mostRounds = 8;

/**
 * Removes each broken value, fills in required ones, and reads again. What then lacks a required key is removed as a
 * whole, and so on up; null when that is not enough.
 */
export function salvage(root: unknown, issues: readonly Issue[]): Salvaged | null {
  if (!isMap(root)) return null;
  const copy = copyTree(root);
  const broken: Path[] = [];
  let left = issues;
  for (let round = 0; round < mostRounds; round++) {
    for (const issue of left) broken.push(...takenOut(copy, issue, round > 0));
    if (!fillIn(copy, broken)) return null;
    const parsed = scenarioSchema.parse(copy);
    if (parsed.success)
      return { scenario: parsed.data, unreadable: (path) => broken.some((gone) => startsWith(path, gone)) };
    left = parsed.issues;
  }
  return null;
}

/** Removes a broken value from `copy`; with `lacking` the map without a value. Returns the removed paths. */
function takenOut(copy: unknown, issue: Issue, lacking: boolean): Path[] {
  const { path, keys } = issue;
  // Entries of these lists need all their keys, and are referred to by position: the whole list goes.
  if (path[0] === 'prices' && path.length > 1) return [unsetIn(copy, path.slice(0, 2))];
  if (keys !== undefined) {
    for (const key of keys) unsetIn(copy, [...path, key]);
    return [];
  }
  const gone = lacking && getIn(copy, path) === undefined ? path.slice(0, -1) : path;
  if (isTaskAt(gone)) {
    setIn(copy, gone, { type: 'unreadable' });
    return [gone];
  }
  return [unsetIn(copy, gone)];
}

/** Fills in what a scenario cannot do without; false where there is no place for it. */
function fillIn(copy: unknown, broken: Path[]): boolean {
  for (const { path, value } of needed) {
    if (getIn(copy, path) !== undefined) continue;
    if (!setIn(copy, path, value)) return false;
    broken.push(path);
  }
  for (const { map, eachOf, key, value } of neededIn) {
    const at = getIn(copy, map);
    const entries = eachOf && Array.isArray(at) ? at.map((_, index) => [...map, index]) : [map];
    for (const entry of entries) {
      const path = [...entry, key];
      if (!isMap(getIn(copy, entry)) || getIn(copy, path) !== undefined) continue;
      setIn(copy, path, value);
      broken.push(path);
    }
  }
  return true;
}

const isTaskAt = (path: Path) => path.length === 2 && path[0] === 'tasks' && typeof path[1] === 'number';
