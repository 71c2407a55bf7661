import { isMap } from '../units/reading.js';
import type { Schema } from '../units/schema.js';
import { scenarioSchema } from './schema.js';
import { rawTaskNames } from './set.js';

/** A value somebody wrote, by its path (tasks by name), as text. */
export type GivenValue = { path: string; value: string };

/** The same with its path step by step: names of tasks may have dots. */
export type Leaf = { steps: readonly string[]; value: string };

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
