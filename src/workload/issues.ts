import { priceBookSchema } from '../tables/price-book/schema.js';
import { isMap, show } from '../units/amount.js';
import { madeOnce } from '../units/memo.js';
import { type Problem, sameName, suggestion } from '../units/problem.js';
import { type Issue, type JsonSchema, publishedSchema } from '../units/schema.js';
import { scenarioSchema } from './schema.js';
import { tierText } from './schema-task.js';
import { getIn, type Path, type PlaceAt, problemAt } from './source.js';
import { fieldMeant, missingMeant, shapeMeant, wordMeant } from './wrong-guesses.js';

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

/** A problem at a path, before its position is looked up. */
export type Finding = {
  severity: 'error' | 'warning';
  code: string;
  path: Path;
  /** Where the caret goes: the value, or the key that leads to it. */
  on: 'value' | 'key';
  message: string;
  suggestion: string | null;
  /** Other paths it depends on; it is dropped when one of them is unreadable. */
  uses: readonly Path[];
};

/** Findings one by one, as checks come upon them. */
export type Findings = Generator<Finding, void>;

type More = { on?: 'value' | 'key'; suggestion?: string | null; uses?: readonly Path[] };

export const findingError = (code: string, path: Path, message: string, more: More = {}): Finding =>
  finding('error', code, path, message, more);

export const findingWarning = (code: string, path: Path, message: string, more: More = {}): Finding =>
  finding('warning', code, path, message, more);

function finding(severity: Finding['severity'], code: string, path: Path, message: string, more: More): Finding {
  return {
    severity,
    code,
    path,
    on: more.on ?? 'value',
    message,
    suggestion: more.suggestion ?? null,
    uses: more.uses ?? [],
  };
}

/** So many mistakes of one sort are listed, and then one that says there are more. */
export const mostListed = 200;
export const moreProblems = {
  code: 'more-problems',
  message: `there are more: only the first ${mostListed} are listed`,
};

/**
 * Findings of a schema, one per error, each at its value or key. `schemaOf`: the JSON Schema of the document, called
 * only for an unknown key.
 */
export function findingsOf(issues: readonly Issue[], root: unknown, schemaOf: () => object = scenarioShape): Finding[] {
  let schema: SchemaNode | null = null;
  const rootSchema = (): SchemaNode => {
    schema ??= schemaOf();
    return schema;
  };
  const findings = issues.flatMap((issue) => findingsOfOne(issue, root, rootSchema));
  const seen = new Set<string>();
  const once = findings.filter(({ path, on }) => {
    const key = JSON.stringify([path, on]);
    return seen.has(key) ? false : seen.add(key);
  });
  if (once.length <= mostListed) return once;
  return [...once.slice(0, mostListed), findingError(moreProblems.code, [], moreProblems.message)];
}

function findingsOfOne(issue: Issue, root: unknown, rootSchema: RootSchema): Finding[] {
  const { code, path, message, keys, values = [], expected = '' } = issue;
  const value = getIn(root, path);
  if (keys !== undefined) return keys.slice(0, mostListed + 1).map((key) => unknownKey(path, key, rootSchema));
  const name = `\`${path.at(-1)}\``;
  if (value === undefined)
    return [findingError('missing-key', path, `${name} is missing`, { suggestion: missingMeant(path) })];
  if (value === null)
    return [findingError('no-value', path, `${name} has no value: write one, or remove the key`, { on: 'key' })];
  if (code === 'unknown-value')
    return [values.length === 1 ? findingError(code, path, message) : unknownValue(path, value, values.map(String))];
  if (code === 'wrong-type') {
    const wanted = `expected ${typeNames[expected] ?? expected}, not ${show(value)}`;
    return [findingError(code, path, wanted, { suggestion: typeHint(expected, path, value) })];
  }
  if (code === 'bad-key')
    return [findingError(code, path, 'this key is too long or has control characters', { on: 'key' })];
  if (code === 'bad-value')
    return [findingError(code, path, `${show(value)}${saidOf.test(message) ? '' : ':'} ${message}`)];
  const isMapWanted = /^write a map|^write true, false, or \{/.test(message);
  return [findingError('bad-value', path, message, { suggestion: isMapWanted ? shapeMeant(path, value) : null })];
}

const said: Record<string, string> = { yes: 'true', on: 'true', y: 'true', no: 'false', off: 'false', n: 'false' };

/** How a value of the wrong type is written. */
function typeHint(expected: string, path: Path, value: unknown): string | null {
  if (expected === 'object' || expected === 'array') return shapeMeant(path, value);
  const flag = expected === 'boolean' ? said[String(value).toLowerCase()] : undefined;
  return flag === undefined ? null : `write \`${path.at(-1)}: ${flag}\``;
}

/** What goes on a sentence that begins with the value. */
const saidOf = /^(?:is|has|must) /;

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields',
  record: 'fields',
};

function unknownValue(path: Path, value: unknown, values: readonly string[]): Finding {
  const word = typeof value === 'string' ? value : '';
  const hint = wordMeant(path, word) ?? suggestion(word, values, 'one of');
  return findingError('unknown-value', path, `unknown value ${show(value)}`, { suggestion: hint });
}

/** What is meant more often stands less deep. */
const shallowFirst = (places: readonly string[]): string[] =>
  places.toSorted((a, b) => a.split('.').length - b.split('.').length);

function unknownKey(path: Path, key: string, rootSchema: RootSchema): Finding {
  const here = keysAt(path, rootSchema);
  // Known here, but not with the keys that chose this form.
  const unfit = here.includes(key) ? 'it does not go with the other fields here' : null;
  const isMember = isSet(path, rootSchema);
  const isGuess = !isMember && sameName(key, here) === null && !isPrice(path, rootSchema);
  const meant = unfit ?? (isGuess ? fieldMeant(path, key) : null);
  const near = meant ?? suggestion(key, here, 'fields here');
  const told = meant !== null || near?.startsWith('did you mean') || isMember;
  const elsewhere = told ? [] : shallowFirst(placesOf(key, rootSchema()));
  const hint = elsewhere.length > 0 ? `it belongs in ${elsewhere.slice(0, 3).join(' or ')}` : near;
  return findingError('unknown-key', [...path, key], `unknown field \`${key.slice(0, 64)}\``, {
    on: 'key',
    suggestion: hint,
  });
}

/** Prices of one's own, in a scenario or a file of theirs, have fields of their own. */
const isPrice = (path: Path, rootSchema: RootSchema): boolean =>
  path[0] === 'prices' || rootSchema().properties?.tasks === undefined;

type SchemaNode = {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  description?: string;
};

type RootSchema = () => SchemaNode;

/** The keys a map at `path` may have. */
export const keysAt = (path: Path, rootSchema: RootSchema = scenarioShape): string[] => [
  ...new Set(schemasAt(path, rootSchema).flatMap(({ properties }) => Object.keys(properties ?? {}))),
];

/** Whether all keys of a map are from one set, such as weights, so that an unknown one means another member. */
function isSet(path: Path, rootSchema: RootSchema): boolean {
  const members = schemasAt(path, rootSchema).flatMap(({ properties }) => Object.values(properties ?? {}));
  const kinds = new Set(members.map(({ description: _, ...schema }) => JSON.stringify(schema)));
  return members.length > 1 && kinds.size === 1;
}

function schemasAt(path: Path, rootSchema: RootSchema): SchemaNode[] {
  let at: SchemaNode[] = [rootSchema()];
  for (const step of path) {
    at = at.flatMap(alternatives).flatMap((schema) => {
      const next = typeof step === 'number' ? schema.items : schema.properties?.[step];
      return next ? [next] : [];
    });
  }
  return at.flatMap(alternatives);
}

const alternatives = (schema: SchemaNode): SchemaNode[] => [schema, ...(schema.anyOf ?? []).flatMap(alternatives)];

/** The maps that have `key`, as paths. */
function placesOf(key: string, schema: SchemaNode, at = ''): string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    placesOf(key, inner, at ? `${at}.${name}` : name),
  );
  const inList = schema.items ? placesOf(key, schema.items, `${at}[]`) : [];
  const here = at !== '' && schema.properties && Object.hasOwn(schema.properties, key) ? [at] : [];
  return [...here, ...below, ...inList];
}

const maxBytes = 1024 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

/** Why a text cannot be parsed, or null: too large, not UTF-8, or not text. */
export function whyNotText(text: string, file: string, placeAt: PlaceAt): Problem | null {
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes) {
    return problemAt(file, null, { code: 'too-large', message: 'the file is larger than 1 MiB' });
  }
  const binary = control.exec(text);
  if (binary) {
    const message = 'the file has control characters: it is not a text file, or not in UTF-8';
    return problemAt(file, { ...placeAt(binary.index), excerpt: '' }, { code: 'not-text', message });
  }
  const wrong = text.indexOf('\uFFFD');
  if (wrong === -1) return null;
  return problemAt(file, placeAt(wrong), {
    code: 'wrong-encoding',
    message: 'the file is not in UTF-8',
    suggestion: 'save it as UTF-8',
  });
}
