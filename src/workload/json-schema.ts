import { priceBookSchema } from '../tables/price-book/schema.js';
import { publishedSchema } from '../tables/published-schema.js';
import { madeOnce } from '../units/memo.js';
import type { JsonSchema } from '../units/schema.js';
import { scenarioSchema } from './schema.js';
import { tierText } from './schema-task.js';
import { isMap } from './source.js';

/** The JSON Schema of a scenario without references: messages name keys by it; not to be changed. */
export const scenarioShape = madeOnce(() => publishedSchema('scenario', scenarioSchema.json()));
/** The same of a price book. */
export const priceBookShape = madeOnce(() => publishedSchema('price-book', priceBookSchema.json()));

/**
 * The JSON Schema of a scenario as it is published: editors complete and check one with it.
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

/** The same schema in which what stands in several places is written once, under `$defs`. */
function withReferences(schema: JsonSchema): JsonSchema {
  const met = new Map<string, number>();
  const keyOf = (inner: JsonSchema) => JSON.stringify(bareOf(inner));
  const count = (inner: JsonSchema): void => {
    const key = keyOf(inner);
    met.set(key, (met.get(key) ?? 0) + 1);
    // What is in something that is repeated is repeated with it.
    if (met.get(key) === 1) for (const { below } of childrenOf(inner)) count(below);
  };
  for (const { below } of childrenOf(schema)) count(below);

  const defined = new Map<string, string>();
  const $defs: Record<string, unknown> = {};
  const named = (name: string): string => {
    let free = name;
    for (let number = 2; Object.hasOwn($defs, free); number++) free = `${name}-${number}`;
    return free;
  };
  const replaced = (inner: JsonSchema, name: string): JsonSchema => {
    const key = keyOf(inner);
    if ((met.get(key) ?? 0) < 2 || key.length < leastShared) return inside(inner, name);
    let def = defined.get(key);
    if (def === undefined) {
      def = named(name);
      defined.set(key, def);
      $defs[def] = null;
      $defs[def] = inside(bareOf(inner), name);
    }
    return { ...notesOf(inner), $ref: `#/$defs/${def}` };
  };
  const inside = (inner: JsonSchema, name: string): JsonSchema => {
    const copy = structuredClone(inner);
    for (const { path, below } of childrenOf(inner)) {
      const step = path.at(-1) as string;
      const [first, second] = path as [string, string];
      const value = replaced(below, first === 'properties' ? step : name);
      if (path.length === 1) copy[first] = value;
      else (copy[first] as JsonSchema)[second] = value;
    }
    return copy;
  };
  return { ...inside(schema, 'part'), $defs };
}

/** Keywords under which schemas stand: one, a list of them, or a map. */
const holders = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'anyOf', 'oneOf', 'properties'];

function childrenOf(schema: JsonSchema): { path: readonly string[]; below: JsonSchema }[] {
  return holders.flatMap((holder) => {
    const held = schema[holder];
    if (Array.isArray(held)) return held.map((below: JsonSchema, index) => ({ path: [holder, String(index)], below }));
    if (!isMap(held)) return [];
    if (holder !== 'properties') return [{ path: [holder], below: held }];
    return Object.entries(held).map(([key, below]) => ({ path: [holder, key], below: below as JsonSchema }));
  });
}

const bareOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => !notes.some((note) => note === key)));
const notesOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => notes.some((note) => note === key)));
