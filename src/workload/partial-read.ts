import { isMap } from '../units/amount.js';
import type { Issue } from '../units/schema.js';
import { areUsers, mayBeConversation, type Volume } from '../units/volume.js';
import type { ReadDocument } from './document.js';
import { type Finding, findingWarning } from './issues.js';
import { type Scenario, scenarioSchema } from './schema.js';
import { copyTree, getIn, type Path, reservedKeys, setIn, startsWith, unsetIn } from './source.js';

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

/**
 * What a noun of a volume counts in the scenario: people with requests each, conversations with turns, else requests.
 * An ambiguous one gets a warning.
 */
export function countVolumes(scenario: Scenario, root: unknown): { scenario: Scenario; findings: Finding[] } {
  const findings: Finding[] = [];
  const counted = (volume: Volume, path: Path): Volume => {
    const { of, finding } = countVolume(volume, scenario.workload, path, getIn(root, path));
    if (finding !== null) findings.push(finding);
    return of === volume.of ? volume : { ...volume, of };
  };
  const { workload, tasks } = scenario;
  return {
    scenario: {
      ...scenario,
      workload: { ...workload, volume: counted(workload.volume, ['workload', 'volume']) },
      tasks: tasks.map((task, index) =>
        task.volume === undefined ? task : { ...task, volume: counted(task.volume, ['tasks', index, 'volume']) },
      ),
    },
    findings,
  };
}

function countVolume(
  { noun, of, per, amount }: Volume,
  { turns, once, requestsPerUser }: Scenario['workload'],
  path: Path,
  written: unknown,
): { of: Volume['of']; finding: Finding | null } {
  const shown = typeof written === 'string' ? `\`${written.slice(0, longestShown)}\`` : 'this volume';
  const warn = (message: string, suggestion: string): Finding =>
    findingWarning('read-as', path, message, { suggestion });
  if (noun === undefined) {
    const perDay = Number(((amount.likely * workdays) / daysOfWeek).toPrecision(3));
    const finding = warn(
      `${shown} is read as ${workdays} of ${daysOfWeek} days: ${perDay} ${of} a day on average`,
      'write /day where it is every day of the week',
    );
    return { of, finding: per === 'workday' ? finding : null };
  }
  if (per === null && areUsers(noun)) return { of: 'users', finding: null };
  if (per === null && once !== true) return { of: requestsPerUser === undefined ? of : 'users', finding: null };
  const count = turns?.likely ?? 1;
  if (mayBeConversation(noun)) {
    if (count > 1)
      return {
        of: 'conversations',
        finding: warn(
          `${shown} is read as conversations of ${count} requests each`,
          `write requests instead of ${noun} where each is one answer of the model`,
        ),
      };
    return {
      of,
      finding: warn(
        `${shown} is read as requests: one of the model's answers each`,
        'where each is a conversation, write how many answers it takes as `workload: {turns: 8}`',
      ),
    };
  }
  if (count <= 1) return { of, finding: null };
  return {
    of,
    finding: warn(
      `${shown} is read as requests: one of the model's answers each`,
      `write conversations instead of ${noun} where each has ${count} turns`,
    ),
  };
}

const longestShown = 40;
const [workdays, daysOfWeek] = [5, 7];

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
