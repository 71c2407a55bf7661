import * as z from 'zod';
import { once } from './lazy-zod.js';
import { scenarioSchema } from './schema.js';
import { isMap } from './tree.js';

/**
 * Whether two texts of a scenario's value at a path (tasks by name) are read as the same, such as `20k` and `20000`, or
 * `50%` and `0.5`.
 */
export function isSameValue(path: string, one: string, other: string): boolean {
  if (one === other) return true;
  const { schema, rest } = schemaAt(path.split('.'));
  const [read, readOther] = [one, other].map((text) => readingOf(schema, rest, text));
  return read !== null && read === readOther;
}

/** The schema of what stands at a path, as far as maps and lists lead there; the steps left over are within it. */
function schemaAt(steps: readonly string[]): { schema: z.ZodType; rest: readonly string[] } {
  let schema: z.ZodType = scenarioSchema.zod;
  for (const [depth, step] of steps.entries()) {
    const container = unwrapped(schema);
    const inner =
      container instanceof z.ZodObject
        ? container.shape[step]
        : container instanceof z.ZodArray
          ? container.element
          : container instanceof z.ZodRecord
            ? container.valueType
            : undefined;
    if (inner === undefined) return { schema, rest: steps.slice(depth) };
    schema = inner as z.ZodType;
  }
  return { schema, rest: [] };
}

/** What is read, before it is made into something else. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.ZodType);
  return schema;
}

/** What a text is read as, in a form that can be compared; null: it is no such value. */
function readingOf(schema: z.ZodType, rest: readonly string[], text: string): string | null {
  const value = rest.reduceRight<unknown>((inner, step) => ({ [step]: inner }), writtenValue(text));
  const parsed = schema.safeParse(value, once);
  return parsed.success ? JSON.stringify(parsed.data) : null;
}

/** The value that a text stands for: lists, maps, numbers and flags are told as JSON, all else as it is. */
function writtenValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'boolean' || Array.isArray(value) || isMap(value) ? value : text;
  } catch {
    return text;
  }
}
