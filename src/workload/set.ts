import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';
import { isDay } from '../units/month.js';
import { type Problem, suggestion } from '../units/problem.js';
import type { Schema } from '../units/schema.js';
import type { Range, Uncertain } from '../units/uncertain.js';
import { readShares, rescaleShares } from './conversation.js';
import { type ReadDocument, readDocument } from './document.js';
import { type Scenario, scenarioSchema } from './schema.js';
import {
  copyTree,
  getIn,
  type Path,
  type Place,
  placesIn,
  problemAt,
  reservedKeys,
  setIn,
  startsWith,
  unsetIn,
} from './source.js';

/**
 * The name of every task, in order: as given, else its type, with `-2`, `-3` … where that is taken; used in paths, plan
 * ids and `--set`.
 */
export function taskNames(tasks: readonly { name?: string | undefined; type: string }[]): string[] {
  const taken = new Set(tasks.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return tasks.map(({ name, type }) => {
    if (name !== undefined) return name;
    let free = type;
    for (let number = 2; taken.has(free); number++) free = `${type}-${number}`;
    taken.add(free);
    return free;
  });
}

/** Task names of an unchecked scenario, by position; null: none. */
function rawTaskNames(root: unknown): (string | null)[] {
  const tasks = getIn(root, ['tasks']);
  if (!Array.isArray(tasks)) return [];
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const named = tasks.map((task) =>
    isMap(task) ? { name: text(task.name), type: text(task.type) ?? '' } : { type: '' },
  );
  return taskNames(named).map((name, index) =>
    named[index]?.name === undefined && named[index]?.type === '' ? null : name,
  );
}

/** A path as people write it: `tasks.faq.share`, with task names if any. */
export function pathText(root: unknown, path: Path): string {
  const names = path[0] === 'tasks' && path.length > 1 ? rawTaskNames(root) : [];
  return path.map((step, depth) => (depth === 1 && typeof step === 'number' ? (names[step] ?? step) : step)).join('.');
}

/** A written path with positions for task names; null: not a list entry. */
export function resolvePath(
  root: unknown,
  steps: readonly (string | number)[],
): { path: Path } | { unknown: string; known: string[] } {
  const path: (string | number)[] = [];
  for (const step of steps) {
    const parent = getIn(root, path);
    if (!Array.isArray(parent) || typeof step === 'number') {
      path.push(step);
      continue;
    }
    const names = path.length === 1 && path[0] === 'tasks' ? rawTaskNames(root) : [];
    const named = names.indexOf(step);
    const index = named !== -1 ? named : /^\d+$/.test(step) ? Number(step) : -1;
    if (index < 0 || index >= parent.length) return { unknown: step, known: names.filter((name) => name !== null) };
    path.push(index);
  }
  return { path };
}

/** The name under which `--set` values are reported. */
export const setFile = '--set';

/** One applied `path=value`: its path, and its offsets in the argument. */
type Setting = { path: Path; stepOffsets: number[]; argument: string; value: ReadDocument };

export type Settings = {
  problems: Problem[];
  /** The position of the value (or key) at `path` in an argument; null: in the file. */
  locate(path: Path, on: 'value' | 'key'): Place | null;
  /** The map at `path` that an argument made for a deeper value. */
  made(path: Path): Place | null;
};

/**
 * Applies `path=value` arguments, in order, to an unchecked scenario. Values are YAML; maps and lists replace whole,
 * missing parents are made, `null` removes the key. Tasks go by name or position. When a task's share is set, the
 * others are scaled so that the sum stays 1. Changes `root`.
 */
export function applySettings(root: unknown, settings: readonly string[]): Settings {
  const problems: Problem[] = [];
  const applied: Setting[] = [];
  for (const argument of settings) {
    const read = readSetting(root, argument);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const { path, value } = read.setting;
    const sharesBefore = isShareOfTask(path) ? readShares(root) : null;
    if (value.value === null) unsetIn(root, path);
    else if (!setIn(root, path, value.value)) {
      problems.push(bad(argument, 1, `\`${pathText(root, path)}\` leads through a value that has no fields`));
      continue;
    }
    applied.push(read.setting);
    const held = applied.flatMap((setting) => (isShareOfTask(setting.path) ? [Number(setting.path[1])] : []));
    if (sharesBefore) rescaleShares(root, sharesBefore, held);
  }
  return { problems, locate: (path, on) => locate(applied, path, on), made: (path) => made(applied, path) };
}

const isShareOfTask = (path: Path) => path.length === 3 && path[0] === 'tasks' && path[2] === 'share';

const placeIn = (argument: string, column: number): Place => ({ file: setFile, line: 1, column, excerpt: argument });

const bad = (argument: string, column: number, message: string, suggestion: string | null = null): Problem =>
  problemAt(setFile, placeIn(argument, column), { code: 'bad-set-path', message, suggestion });

function readSetting(root: unknown, argument: string): { setting: Setting } | { problem: Problem } {
  const equals = argument.indexOf('=');
  if (equals < 1)
    return { problem: bad(argument, 1, 'write path=value', 'for example workload.volume=80k requests/day') };
  const steps = argument.slice(0, equals).trim().split('.');
  if (steps.some((step) => step === '')) return { problem: bad(argument, 1, 'the path has an empty step') };
  if (steps.some((step) => reservedKeys.has(step)))
    return { problem: bad(argument, 1, 'the path has a reserved name') };
  const resolved = resolvePath(root, steps);
  const offsets = steps.map((_, depth) => steps.slice(0, depth).reduce((sum, step) => sum + step.length + 1, 0));
  if ('unknown' in resolved) {
    const column = (offsets[steps.indexOf(resolved.unknown)] ?? 0) + 1;
    const what = steps[0] === 'tasks' ? 'task' : 'entry';
    const hint = suggestion(resolved.unknown, resolved.known, 'tasks');
    return { problem: bad(argument, column, `there is no ${what} \`${resolved.unknown}\``, hint) };
  }
  const text = argument.slice(equals + 1);
  if (text.trim() === '')
    return { problem: bad(argument, equals + 2, 'there is no value; write null to remove a key') };
  const { document, problems } = readDocument(text, setFile, (offset) => placeIn(argument, equals + 2 + offset));
  const first = problems[0];
  if (!document || first) return { problem: first ?? bad(argument, equals + 2, 'the value cannot be read') };
  return { setting: { path: resolved.path, stepOffsets: offsets, argument, value: document } };
}

function locate(applied: readonly Setting[], path: Path, on: 'value' | 'key'): Place | null {
  const setting = applied.findLast((one) => startsWith(path, one.path));
  if (!setting) return null;
  const { argument, stepOffsets, value } = setting;
  const rest = path.slice(setting.path.length);
  if (rest.length === 0 && on === 'key') return placeIn(argument, (stepOffsets.at(-1) ?? 0) + 1);
  return value.locate(rest, on) ?? placeIn(argument, argument.indexOf('=') + 2);
}

/** Where an argument made the map at `path` by writing something below it. */
function made(applied: readonly Setting[], path: Path): Place | null {
  const setting = applied.findLast((one) => startsWith(one.path, path));
  return setting ? placeIn(setting.argument, (setting.stepOffsets[path.length - 1] ?? 0) + 1) : null;
}

/**
 * The name under which the user sets a parameter: its own, else that of the parameter whose value it takes; null:
 * neither.
 */
export function setUnder(
  name: string,
  own: Readonly<Record<string, unknown>> | undefined,
  { parameterOf }: Pick<Tables, 'parameterOf'>,
): string | null {
  const source = parameterOf.get(name)?.as ?? null;
  return [name, source].find((each) => each !== null && own?.[each] !== undefined) ?? null;
}

/** A snapshot named in a scenario, and its place there. */
type NamedSnapshot = { date: string; place: Place | null };

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

/** A range in a scenario: its path, and the place that holds it. */
type Ranged = { path: string; value: Uncertain & { range: Range } };

/** What a transformed key is called where it is written. */
const written: Readonly<Record<string, string>> = {
  freeFte: 'free',
  yearlyCostUsd: 'yearlyCost',
  billUsdPerMonth: 'bill',
  costUsd: 'cost',
  ttftP95Ms: 'ttftP95',
  totalP95Ms: 'totalP95',
};
/** Whether a key only holds what stands under the key above it. */
const isInner = (key: string, path: readonly string[]): boolean =>
  key === 'amount' || (key === 'share' && /^(cacheable|session)Prefix$/.test(path.at(-1) ?? ''));

/**
 * Every range of a scenario in order, without own prices, which belong to the tables. The values are the scenario's
 * own: writing into them changes it.
 */
export function rangesOf(scenario: Scenario): Ranged[] {
  const names = taskNames(scenario.tasks);
  const found: Ranged[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (isUncertain(value)) {
      if (isRanged(value)) found.push({ path: path.join('.'), value });
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => {
        walk(item, [...path, path.length === 1 && path[0] === 'tasks' ? (names[i] ?? String(i)) : String(i)]);
      });
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (path.length === 0 && key === 'prices') continue;
        walk(item, isInner(key, path) ? path : [...path, written[key] ?? key]);
      }
    }
  };
  walk(scenario, []);
  return found;
}

const isUncertain = (value: unknown): value is Uncertain =>
  isMap(value) && typeof value.likely === 'number' && 'range' in value;

const isRanged = (value: Uncertain): value is Ranged['value'] =>
  value.range !== null && value.range.low < value.range.high;

/** A value somebody wrote, by its path (tasks by name), as text. */
type GivenValue = { path: string; value: string };

/** The same with its path step by step: names of tasks may have dots. */
type Leaf = { steps: readonly string[]; value: string };

/** What no decision depends on. */
const noInputs = new Set(['version', 'name', 'expect']);

/** Every value in a scenario's text or `--set`, in order. A list of anything but tasks is one value. */
export const givenIn = (tree: unknown): GivenValue[] =>
  leavesIn(tree).map(({ steps, value }) => ({ path: stepsText({ steps }), value }));

export const stepsText = ({ steps }: Pick<Leaf, 'steps'>): string => steps.join('.');

/** @param wholes paths at which a map is one value too, whatever it holds */
export function leavesIn(tree: unknown, wholes: ReadonlySet<string> = new Set()): Leaf[] {
  if (!isMap(tree)) return [];
  const names = rawTaskNames(tree);
  const found: Leaf[] = [];
  const visit = (value: unknown, steps: readonly string[]): void => {
    if (isMap(value) && Object.keys(value).length > 0 && !wholes.has(stepsText({ steps })))
      for (const [key, inner] of Object.entries(value)) visit(inner, [...steps, key]);
    else found.push({ steps, value: textOf(value) });
  };
  for (const [key, value] of Object.entries(tree)) {
    if (noInputs.has(key)) continue;
    if (key === 'tasks' && Array.isArray(value))
      for (const [index, task] of value.entries()) visit(withoutName(task), ['tasks', names[index] ?? String(index)]);
    else visit(value, [key]);
  }
  return found;
}

/** A task's name already stands in the path. */
function withoutName(task: unknown): unknown {
  if (!isMap(task)) return task;
  const { name: _, ...rest } = task;
  return rest;
}

/** Lists and empty maps as JSON, which is YAML too. */
const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/**
 * Whether two texts of a value at a path (tasks by name) read the same, such as `20k` and `20000`, or `50%` and `0.5`.
 */
export function isSameValue(path: string, one: string, other: string): boolean {
  if (one === other) return true;
  const { schema, rest } = schemaAt(path.split('.'));
  const [read, readOther] = [one, other].map((text) => readingOf(schema, rest, text));
  return read !== null && read === readOther;
}

/** The schema at a path, as far as maps and lists lead; the remaining steps are within it. */
function schemaAt(steps: readonly string[]): { schema: Schema<unknown, boolean>; rest: readonly string[] } {
  let schema: Schema<unknown, boolean> = scenarioSchema;
  for (const [depth, step] of steps.entries()) {
    const inner = schema.more.below?.(step);
    if (inner === undefined) return { schema, rest: steps.slice(depth) };
    schema = inner;
  }
  return { schema, rest: [] };
}

/** The comparable reading of a text; null: not a valid value. */
function readingOf(schema: Schema<unknown, boolean>, rest: readonly string[], text: string): string | null {
  const parsed = schema.parse(rest.reduceRight<unknown>((inner, step) => ({ [step]: inner }), writtenValue(text)));
  return parsed.success ? JSON.stringify(parsed.data) : null;
}

/** The value of a text: lists, maps, numbers and flags as JSON, all else as it is. */
function writtenValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'boolean' || Array.isArray(value) || isMap(value) ? value : text;
  } catch {
    return text;
  }
}
