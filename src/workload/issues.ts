import type { Problem } from '../units/problem.js';
import { show } from '../units/reading.js';
import type { Issue } from '../units/schema.js';
import { sameName, suggestion } from '../units/suggest.js';
import { scenarioShape } from './json-schema.js';
import { getIn, type Path, type PlaceAt, problemAt } from './source.js';
import { fieldMeant, missingMeant, shapeMeant, wordMeant } from './wrong-guesses.js';

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
