import { stringify } from 'yaml';
import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';
import { sameName } from '../units/problem.js';
import { habitOf, isWrapper, loneMeant, sensitivityOf, valueMeant } from './habits.js';
import { type Finding, findingError, findingWarning, keysAt, mostListed } from './issues.js';
import { scenarioSchema } from './schema.js';
import { pathText } from './set.js';
import { copyTree, getIn, type Path, setIn, startsWith } from './source.js';
import { spellAsKnown } from './words.js';
import { kindsMeant, kindsUnder } from './wrong-guesses.js';

/** Something that is read at another place, or as another value, than it is written. */
export type HabitReading = {
  /** Where it is written. */
  from: Path;
  /** Where it is read: of a member of a list that list. */
  to: Path;
  /** The right field is also there, with another value. */
  isBeside?: true;
  /** What is meant is written too: the same, or another value. */
  writtenToo?: 'same' | 'other';
};

/** Most rounds of readings that lead to a scenario: nested maps, and their fields. */
const mostRounds = 6;
/** Maps with fields of their own, or names of the user's. */
const strange = new Set(['prices', 'assumptions', 'expect', 'today', 'measured']);

/**
 * Moves what has only one meaning to its place in the format. If written there too, it is removed, with a note on
 * whether both agree. Changes `root`.
 */
export function readHabits(root: unknown, tables: Tables | undefined): HabitReading[] {
  if (!isMap(root)) return [];
  const readings: HabitReading[] = [];
  const said: { reading: HabitReading; value: unknown }[] = [];

  /** Where in the file something stands that is now at a path. */
  const originOf = (path: Path): Path => originIn(readings, path) ?? path;

  const note = (from: Path, to: Path, more: Partial<HabitReading> = {}): HabitReading => {
    const origin = originOf(from);
    const before = readings.find((one) => one.writtenToo === undefined && one.to.join('\0') === from.join('\0'));
    const reading = { from: origin, to, ...more };
    if (before === undefined || more.isBeside) readings.push(reading);
    else readings[readings.indexOf(before)] = reading;
    return reading;
  };

  /** Moves a value from `from` to `to`; a map field by field into an existing one. */
  const put = (from: Path, to: Path, value: unknown): void => {
    const there = getIn(root, to);
    if (there === undefined) {
      if (setIn(root, to, copyTree(value))) note(from, to);
    } else if (isMap(there) && isMap(value))
      for (const [key, inner] of Object.entries(value)) put([...from, key], [...to, key], inner);
    else said.push({ reading: note(from, to, { writtenToo: 'other' }), value });
  };

  const join = (from: Path, to: Path, member: string, more: Partial<HabitReading> = {}): boolean => {
    const there = getIn(root, to) ?? [];
    const list = typeof there === 'string' ? [there] : there;
    if (!Array.isArray(list)) return false;
    if (list.some((one) => sameName(String(one), [member]) !== null)) note(from, to, { ...more, writtenToo: 'same' });
    else if (setIn(root, to, [...list, member])) note(from, to, more);
    return true;
  };

  /** Renames a field within its map, keeping the order; false: it belongs elsewhere. */
  const renameInPlace = (from: Path, to: Path, value: unknown): boolean => {
    const around = from.slice(0, -1);
    const map = getIn(root, around);
    const rest = to.slice(around.length);
    if (!isMap(map) || !startsWith(to, around) || getIn(root, to.slice(0, from.length)) !== undefined) return false;
    const entries = Object.entries(map);
    for (const [key, held] of entries) {
      delete map[key];
      if (key === from.at(-1)) setIn(map, rest, copyTree(value));
      else map[key] = held;
    }
    note(from, to);
    return true;
  };

  const takeOut = (path: Path): void => {
    const map = getIn(root, path.slice(0, -1));
    if (isMap(map)) delete map[path.at(-1) as string];
  };

  /** Reads a field that there is not; false: what it means is not clear. */
  const readField = (at: Path, key: string): boolean => {
    const from = [...at, key];
    const value = getIn(root, from);
    const known = sameName(key, keysAt(at));
    if (known !== null && value !== null) {
      const to = [...at, known];
      if (renameInPlace(from, to, value)) return true;
      takeOut(from);
      put(from, to, value);
      return true;
    }
    if (isWrapper(key, value)) {
      takeOut(from);
      for (const [inner, held] of Object.entries(value as object)) put([...from, inner], [...at, inner], held);
      return true;
    }
    const habit = habitOf(at, key, tables);
    const meant = habit && valueMeant(value, habit, tables);
    const places = habit === null || meant === undefined ? [] : placesOf(habit.means, at, root);
    if (habit === null || places.length === 0 || !places.every((to) => canHold(root, to))) return false;
    const isMember = habit.as?.is === 'member';
    if (isMember && places.some((to) => isMap(getIn(root, to)))) return false;
    const [place, ...others] = places as [Path, ...Path[]];
    if (others.length === 0 && renameInPlace(from, place, isMember ? [meant] : meant)) return true;
    takeOut(from);
    for (const to of places) {
      if (isMember) join(from, to, String(meant));
      else put(from, to, meant);
    }
    removeEmpty(root, at);
    return true;
  };

  const readLone = (path: Path): boolean => {
    const meant = loneMeant(path, getIn(root, path), tables);
    if (meant === undefined) return false;
    setIn(root, path, meant);
    note(path, path);
    return true;
  };

  const readSensitivity = (path: Path): boolean => {
    const word = getIn(root, path);
    if (typeof word !== 'string' || tables === undefined) return false;
    const at = path.slice(0, -1);
    const named = [getIn(root, [...at, 'regimes']) ?? getIn(root, ['data', 'regimes']) ?? []].flat().map(String);
    const meant = sensitivityOf(word, kindsCalled(word, tables, named), tables);
    if (meant === null) return false;
    const { sensitivity, ...lists } = meant;
    const held = Object.entries(lists);
    if (held.some(([key]) => isMap(getIn(root, [...at, key])))) return false;
    setIn(root, path, sensitivity);
    note(path, path);
    for (const [key, member] of held) join(path, [...at, key], member, { isBeside: true });
    return true;
  };

  for (let round = 0; round < mostRounds; round++) {
    const parsed = scenarioSchema.parse(root);
    if (parsed.success) break;
    let isRead = false;
    for (const issue of parsed.issues) {
      const { code, path, keys } = issue;
      if (strange.has(String(path[0]))) continue;
      if (keys !== undefined) for (const key of keys.slice(0, mostListed)) isRead = readField(path, key) || isRead;
      else if (code === 'unknown-value' && path.at(-1) === 'sensitivity') isRead = readSensitivity(path) || isRead;
      else if (code !== 'unknown-value' && getIn(root, path) !== undefined) isRead = readLone(path) || isRead;
    }
    if (!isRead) break;
  }
  for (const { reading, value } of said) {
    const { to } = reading;
    const index = readings.findIndex((one) => one.writtenToo !== undefined && one.from.join() === reading.from.join());
    if (index !== -1 && meanTheSame(root, to, value, tables)) readings[index] = { ...reading, writtenToo: 'same' };
  }
  // Of a map from which all was read elsewhere nothing is left.
  return readings.filter(({ to, writtenToo }) => writtenToo !== undefined || getIn(root, to) !== undefined);
}

/** Kinds of data that a word is, or may be called in everyday words. */
function kindsCalled(word: string, tables: Tables, named: readonly string[]): string[] {
  const all = new Set(tables.regimes.flatMap(({ regime, dataKind }) => (regime === 'none' ? [] : [dataKind])));
  const kind = sameName(word, all);
  const meant = kind === null ? kindsMeant(word, tables, named) : kindsUnder(kind, tables, named);
  return kind !== null && meant.length === 0 ? [kind] : meant.map((each) => each.kind);
}

/** The places that a field may mean, from its map; none if ambiguous. */
function placesOf(means: string, at: Path, root: Record<string, unknown>): Path[] {
  const steps = means.replace('[]', '').split('.');
  const around = at[0] === 'tasks' && typeof at[1] === 'number' ? at.slice(0, 2) : null;
  const tasks = Array.isArray(root.tasks) ? root.tasks : [];
  if (means.startsWith('tasks[].')) {
    if (around !== null) return [[...around, ...steps.slice(1)]];
    return tasks.every(isMap) ? tasks.map((_, index) => ['tasks', index, ...steps.slice(1)]) : [];
  }
  if (means.startsWith('existing[].'))
    return at[0] === 'existing' && at.length === 2 ? [[...at, ...steps.slice(1)]] : [];
  if (steps[0] === 'data' && ['data', 'rest', 'leaves'].includes(String(at.at(-1))))
    return [[...at, ...steps.slice(1)]];
  if (around === null) return [steps];
  if (steps[0] === 'data') return [[...around, ...steps]];
  if (means === 'workload.volume' || means === 'needs.availability') return [[...around, steps[1] as string]];
  return tasks.length === 1 ? [steps] : [];
}

/** Whether all around a path is a map, or not there. */
const canHold = (root: unknown, path: Path): boolean =>
  path.slice(0, -1).every((_, depth) => {
    const around = getIn(root, path.slice(0, depth + 1)) ?? null;
    return around === null || typeof around === 'object';
  });

/** Takes out a map from which all was read elsewhere, and what is empty without it. */
function removeEmpty(root: Record<string, unknown>, at: Path): void {
  for (let path = at; path.length > 0 && typeof path.at(-1) === 'string'; path = path.slice(0, -1)) {
    const map = getIn(root, path);
    const around = getIn(root, path.slice(0, -1));
    if (!isMap(map) || Object.keys(map).length > 0 || !isMap(around)) return;
    delete around[path.at(-1) as string];
  }
}

/** Where something is written that is read at a path; null: at that path. */
export function originIn(readings: readonly HabitReading[], path: Path): Path | null {
  const within = readings.filter(({ to, writtenToo }) => writtenToo === undefined && startsWith(path, to));
  const [closest] = within.sort((a, b) => b.to.length - a.to.length);
  return closest === undefined ? null : [...closest.from, ...path.slice(closest.to.length)];
}

/** Whether a scenario says the same with another value at a path. */
function meanTheSame(root: unknown, path: Path, value: unknown, tables: Tables | undefined): boolean {
  const [as, other] = [getIn(root, path), value].map((each) => {
    const tree = copyTree(root);
    setIn(tree, path, each);
    spellAsKnown(tree, tables);
    const parsed = scenarioSchema.parse(tree);
    return JSON.stringify(parsed.success ? parsed.data : getIn(tree, path));
  });
  return as === other;
}

/** Those that no other one has within it, where both stand and where both are read. */
export const outermost = (readings: readonly HabitReading[]): HabitReading[] =>
  readings.filter(
    ({ from, to }) =>
      !readings.some(
        (other) => other.from.length < from.length && startsWith(from, other.from) && startsWith(to, other.to),
      ),
  );

const longestShown = 60;

/** A value in one line of YAML. */
export const inOneLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();

/** `` `data: {residency: [us]}` ``: values at some paths as written below the maps or list entries around them. */
export function linesOf(root: unknown, paths: readonly Path[]): string {
  const tree: Record<string, unknown> = {};
  for (const path of paths) {
    const start = path.findLastIndex((step) => typeof step === 'number') + 1;
    setIn(tree, path.slice(start), getIn(root, path));
  }
  const lines = Object.entries(tree).map(([key, value]) => `\`${key}: ${inOneLine(value)}\``);
  return lines.join(' and ');
}

/** `residency: [de]`: the field around a word. */
export function lineAround(root: unknown, path: Path): string {
  const at = path.slice(0, path.findLastIndex((step) => typeof step === 'string') + 1);
  return `${at.at(-1)}: ${inOneLine(getIn(root, at))}`;
}

/** Messages on readings: the meaning of each, and the line to write; an error where that is set to something else. */
export function findingsOfHabits(readings: readonly HabitReading[], root: unknown): Finding[] {
  const shown = outermost(readings);
  const keyOf = ({ from }: HabitReading) => from.join('\0');
  return [...new Set(shown.map(keyOf))].map((key): Finding => {
    const all = shown.filter((one) => keyOf(one) === key);
    const [first] = all as [HabitReading];
    const { from } = first;
    const name = pathText(root, from);
    const twice = all.find(({ writtenToo, isBeside }) => writtenToo === 'other' && !isBeside);
    if (twice !== undefined) {
      const message = `\`${name}\` means \`${pathText(root, twice.to)}\`, which is written too and says something else`;
      return findingError('said-twice', from, message, { on: 'key', suggestion: 'keep the one that is meant' });
    }
    const news = all.filter(({ writtenToo }) => writtenToo === undefined);
    if (news.length === 0) {
      const message = `\`${name}\` says once more what \`${pathText(root, first.to)}\` says`;
      return findingWarning('said-twice', from, message, { on: 'key', suggestion: 'leave it out' });
    }
    const inTask = news.every(({ to }) => to[0] === 'tasks' && typeof to[1] === 'number' && to.length > 2);
    const isOutside = inTask && !(from[0] === 'tasks' && typeof from[1] === 'number');
    const paths = news.map(({ to }) => to);
    const lines = linesOf(root, paths);
    const where = !isOutside ? '' : news.length > 1 ? ' in each task' : ' in the task';
    const isSame = news.every(({ to }) => to.join('\0') === key);
    const meant = isSame
      ? `\`${inOneLine(getIn(root, from)).slice(0, longestShown)}\``
      : `\`${news.length > 1 && inTask ? ['tasks[]', ...first.to.slice(2)].join('.') : pathText(root, first.to)}\``;
    return findingWarning('read-as', from, `\`${name}\` is read as ${meant}`, {
      on: isSame ? 'value' : 'key',
      suggestion: `write ${lines}${where}`,
    });
  });
}
