import { priceBookSchema } from '../tables/price-book/schema.js';
import { publishedSchema } from '../tables/published-schema.js';
import { madeOnce } from '../units/memo.js';
import { isMap } from '../units/reading.js';
import type { JsonSchema } from '../units/schema.js';
import { scenarioSchema } from './schema.js';
import { tierText } from './schema-task.js';

/** The JSON Schema of a scenario without references, for messages; read-only. */
export const scenarioShape = madeOnce(() => publishedSchema('scenario', scenarioSchema.json()));
/** The same of a price book. */
export const priceBookShape = madeOnce(() => publishedSchema('price-book', priceBookSchema.json()));

/**
 * The published JSON Schema of a scenario, for editors.
 *
 * @param tiers where each tier begins, by the tables
 */
export function scenarioJsonSchema(tiers: string): JsonSchema {
  const text = JSON.stringify(withReferences(scenarioShape()));
  return JSON.parse(text.replaceAll(tierText, `${tierText} ${tiers}.`));
}
/** The JSON Schema of a price book as it is published. */
export const priceBookJsonSchema = madeOnce(() => withReferences(priceBookShape()));

/** What is said of a place, not of what may stand there. */
const notes = ['description', 'title'] as const;
/** Shorter than this, a reference saves nothing. */
const leastShared = 120;

/** The same schema with repeated parts once, under `$defs`. */
function withReferences(schema: JsonSchema): JsonSchema {
  const met = new Map<string, number>();
  const keyOf = (inner: JsonSchema) => JSON.stringify(bareOf(inner));
  const count = (inner: JsonSchema): JsonSchema => {
    const times = (met.get(keyOf(inner)) ?? 0) + 1;
    met.set(keyOf(inner), times);
    // What is in something that is repeated is repeated with it.
    return times === 1 ? withInner(inner, count) : inner;
  };
  withInner(schema, count);

  const defined = new Map<string, string>();
  const $defs: Record<string, unknown> = {};
  const named = (name: string): string => {
    let free = name;
    for (let number = 2; Object.hasOwn($defs, free); number++) free = `${name}-${number}`;
    return free;
  };
  const inside = (inner: JsonSchema, name: string): JsonSchema =>
    withInner(inner, (below, key) => replaced(below, key ?? name));
  const replaced = (inner: JsonSchema, name: string): JsonSchema => {
    const key = keyOf(inner);
    if ((met.get(key) ?? 0) < 2 || key.length < leastShared) return inside(inner, name);
    const known = defined.get(key);
    const def = known ?? named(name);
    if (known === undefined) {
      defined.set(key, def);
      $defs[def] = null;
      $defs[def] = inside(bareOf(inner), name);
    }
    return { ...notesOf(inner), $ref: `#/$defs/${def}` };
  };
  return { ...inside(schema, 'part'), $defs };
}

/** Keywords under which schemas stand: one, a list of them, or a map. */
const holders = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'anyOf', 'oneOf', 'properties'];

/** A schema with its inner ones changed; the key of a property is passed on. */
function withInner(schema: JsonSchema, change: (inner: JsonSchema, key: string | null) => JsonSchema): JsonSchema {
  const changed = { ...schema };
  for (const holder of holders) {
    const held = schema[holder];
    if (Array.isArray(held)) changed[holder] = held.map((inner: JsonSchema) => change(inner, null));
    else if (isMap(held))
      changed[holder] =
        holder === 'properties'
          ? Object.fromEntries(Object.entries(held).map(([key, inner]) => [key, change(inner as JsonSchema, key)]))
          : change(held, null);
  }
  return changed;
}

const isNote = (key: string): boolean => notes.some((note) => note === key);
const bareOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => !isNote(key)));
const notesOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => isNote(key)));
