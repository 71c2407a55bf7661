import { isMap } from './amount.js';
import { madeOnce } from './memo.js';

export type JsonSchema = Record<string, unknown>;

/** What is wrong with a document, and where. */
export type Issue = {
  code: 'wrong-type' | 'unknown-value' | 'unknown-keys' | 'bad-key' | 'bad-value' | 'custom';
  path: (string | number)[];
  message: string;
  expected?: string;
  values?: readonly unknown[];
  keys?: readonly string[];
  /** The value is of the right kind, so that its map is still checked as a whole. */
  soft?: true;
};

/** Reads a value and adds its issues; the value counts only without any. */
type Read<T> = (value: unknown, issues: Issue[]) => T;
type AnySchema = Schema<unknown, boolean>;
type Refusal = string | { message: string; path: string[] };
type More = {
  /** It has the JSON Schema of another one, added after its own. */
  wraps?: boolean;
  /** The schema of what stands at a key or position. */
  below?: (step: string) => AnySchema | undefined;
};

/** The form of a document: one definition for reading, messages, type and JSON Schema. */
export class Schema<T, Optional extends boolean = false> {
  constructor(
    readonly read: Read<T>,
    readonly json: () => JsonSchema,
    readonly isOptional: Optional,
    readonly more: More = {},
  ) {}

  parse(value: unknown): { success: true; data: T } | { success: false; issues: Issue[] } {
    const issues: Issue[] = [];
    const data = this.read(value, issues);
    return issues.length === 0 ? { success: true, data } : { success: false, issues };
  }

  optional(): Schema<T | undefined, true> {
    const read: Read<T | undefined> = (value, issues) => (value === undefined ? undefined : this.read(value, issues));
    return new Schema(read, this.json, true, { ...this.more, wraps: true });
  }

  describe(description: string): Schema<T, Optional> {
    return this.meta({ description });
  }

  /** Says more in the JSON Schema. */
  meta(about: JsonSchema): Schema<T, Optional> {
    const { wraps = false } = this.more;
    const json = () => ({ ...(wraps && about), ...this.json(), ...about });
    return new Schema(this.read, json, this.isOptional, this.more);
  }

  refine(isRight: (value: T) => boolean, error: Refusal): Schema<T, Optional> {
    const { message, path } = typeof error === 'string' ? { message: error, path: [] } : error;
    return this.checked(isRight, { code: 'custom', message, path }, this.json);
  }

  /** A limit of the value itself, with a JSON Schema keyword; also for lists with errors. */
  limit(isRight: (value: T) => boolean, message: string, json: JsonSchema): Schema<T, Optional> {
    return this.checked(isRight, { code: 'bad-value', message, path: [] }, () => limited(this.json(), json));
  }

  private checked(isRight: (value: T) => boolean, issue: Issue, json: () => JsonSchema): Schema<T, Optional> {
    const read: Read<T> = (value, issues) => {
      const before = issues.length;
      const found = this.read(value, issues);
      const isList = issue.code === 'bad-value' && Array.isArray(found);
      if ((isList || issues.every(({ soft }, at) => at < before || soft)) && !isRight(found))
        issues.push({ ...issue, path: [...issue.path], soft: true });
      return found;
    };
    return new Schema(read, json, this.isOptional, this.more);
  }

  transform<To>(change: (value: T) => To): Schema<To> {
    const read: Read<To> = (value, issues) => {
      const before = issues.length;
      const from = this.read(value, issues);
      const isRead = issues.every(({ code }, at) => at < before || code === 'unknown-keys');
      return isRead ? change(from) : (from as unknown as To);
    };
    return new Schema(read, this.json, false, { ...this.more, wraps: true });
  }
}

/** For lists the limits come first; a second pattern is added to the first. */
function limited(of: JsonSchema, json: JsonSchema): JsonSchema {
  if (of.type === 'array') return { ...json, ...of };
  if (of.pattern === undefined || json.pattern === undefined) return { ...of, ...json };
  const { pattern, ...rest } = of;
  return { ...rest, allOf: [{ pattern }, json] };
}

/** What a schema reads. */
export type output<S> = S extends Schema<infer T, boolean> ? T : never;

/** A value that is taken as it is. */
const asItIs = <T>(isRight: (value: unknown) => boolean, json: JsonSchema, issue: Partial<Issue> = {}): Schema<T> =>
  new Schema(
    (value, issues) => {
      if (isRight(value)) return value as T;
      issues.push(wrongType(String(json.type), issue));
      return undefined as T;
    },
    () => json,
    false,
  );

const wrongType = (expected: string, more: Partial<Issue> = {}): Issue => ({
  ...{ code: 'wrong-type', path: [], message: `expected ${expected}`, expected },
  ...more,
});

export const string = () => asItIs<string>((value) => typeof value === 'string', { type: 'string' });
export const number = () => asItIs<number>(Number.isFinite, { type: 'number' });
export const boolean = () => asItIs<boolean>((value) => typeof value === 'boolean', { type: 'boolean' });

export const literal = <const Value extends number>(only: Value, message: string): Schema<Value> =>
  asItIs(
    (value) => value === only,
    { type: 'number', const: only },
    { code: 'unknown-value', values: [only], message },
  );

const oneOf = <const Word extends string>(words: readonly Word[]): Schema<Word> =>
  asItIs(
    (value) => words.includes(value as Word),
    { type: 'string', enum: words },
    { code: 'unknown-value', values: words },
  );

export { oneOf as enum };

/** Reads what stands at a key or a position, and says where. */
function readAt<T>(schema: Schema<T, boolean>, value: unknown, step: string | number, issues: Issue[]): T {
  const before = issues.length;
  const found = schema.read(value, issues);
  for (let at = before; at < issues.length; at++) issues[at]?.path.unshift(step);
  return found;
}

export function array<Item>(item: Schema<Item>): Schema<Item[]> {
  const read: Read<Item[]> = (value, issues) => {
    if (Array.isArray(value)) return value.map((each, at) => readAt(item, each, at, issues));
    issues.push(wrongType('array'));
    return [];
  };
  return new Schema(read, () => ({ type: 'array', items: item.json() }), false, { below: () => item });
}

type Fields = Record<string, AnySchema>;
type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends Schema<unknown, true> ? K : never }[keyof F];
type Content<F extends Fields> = { [K in Exclude<keyof F, OptionalKey<F>>]: output<F[K]> } & {
  [K in OptionalKey<F>]?: output<F[K]> | undefined;
};
type MapOf<F extends Fields> = { [K in keyof Content<F>]: Content<F>[K] };

/** A map with these keys and no other. */
export function strictObject<F extends Fields>(fields: F): Schema<MapOf<F>> {
  const entries = Object.entries(fields);
  const read: Read<unknown> = (value, issues) => {
    if (!isMap(value)) return void issues.push(wrongType('object'));
    const map: Record<string, unknown> = {};
    for (const [key, field] of entries) {
      const given = Object.hasOwn(value, key) ? value[key] : undefined;
      if (given !== undefined || !field.isOptional) map[key] = readAt(field, given, key, issues);
    }
    const keys = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
    if (keys.length > 0) issues.push({ code: 'unknown-keys', path: [], message: 'unknown keys', keys, soft: true });
    return map;
  };
  const json = () => {
    const required = entries.flatMap(([key, { isOptional }]) => (isOptional ? [] : [key]));
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key, field]) => [key, field.json()])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  };
  return new Schema(read as Read<MapOf<F>>, json, false, { below: (step) => fields[step] });
}

/** A map with free keys. */
export function record<Value>(key: Schema<string>, value: Schema<Value>): Schema<Record<string, Value>> {
  const read: Read<Record<string, Value>> = (map, issues) => {
    if (!isMap(map)) issues.push(wrongType('record'));
    const entries = Object.entries(isMap(map) ? map : {}).flatMap(([name, inner]) => {
      const parsed = key.parse(name);
      if (parsed.success) return [[parsed.data, readAt(value, inner, name, issues)]];
      issues.push({ code: 'bad-key', path: [name], message: 'bad key' });
      return [];
    });
    return Object.fromEntries(entries);
  };
  const json = () => ({ type: 'object', propertyNames: key.json(), additionalProperties: value.json() });
  return new Schema(read, json, false, { below: () => value });
}

/** A schema made on first use. */
export function lazy<T>(make: () => Schema<T>): Schema<T> {
  const schema = madeOnce(make);
  return new Schema(
    (value, issues) => schema().read(value, issues),
    () => schema().json(),
    false,
    { wraps: true },
  );
}

type Shape = Record<string, Schema<unknown>>;
type OneOf<S extends Shape> = { [K in keyof S]: { [P in K]: output<S[K]> } }[keyof S];

/** A choice by the value: with an error in it nothing around is checked. */
const choosing = <T>(
  read: (value: unknown, fail: (message: string) => void, issues: Issue[]) => T,
  json: () => JsonSchema,
) =>
  new Schema<T>(
    (value, issues) => {
      const inner: Issue[] = [];
      const found = read(value, (message) => void inner.push({ code: 'custom', path: [], message }), inner);
      issues.push(...inner.map(({ soft: _, ...issue }) => issue));
      return found;
    },
    json,
    false,
    { wraps: true },
  );

/** A map with exactly one of the given keys; messages are for the present one. */
export function oneKeyOf<const S extends Shape>(shape: S): Schema<OneOf<S>> {
  const all = Object.keys(shape);
  const words = all.join(', ');
  return choosing(
    (value, fail, issues) => {
      const present = isMap(value) ? Object.keys(value) : [];
      const [known, unknown] = [true, false].map((is) => present.filter((key) => all.includes(key) === is)) as [
        string[],
        string[],
      ];
      if (!isMap(value)) fail(`write a map with one of ${words}`);
      if (unknown.length > 0) issues.push({ code: 'unknown-keys', path: [], message: 'unknown keys', keys: unknown });
      if (known.length > 1) fail(`give only one of ${known.join(', ')}`);
      if (isMap(value) && present.length === 0) fail(`is empty: give one of ${words}`);
      const [key = ''] = known;
      const schema = isMap(value) && known.length === 1 ? shape[key] : undefined;
      return { [key]: schema && readAt(schema, (value as Shape)[key], key, issues) } as OneOf<S>;
    },
    () => ({
      title: `a map with one of ${words}`,
      anyOf: all.map((key) => strictObject({ [key]: shape[key] as Schema<unknown> }).json()),
    }),
  );
}

type Choice = { when: (value: unknown) => boolean; use: Schema<unknown> };

/** One of several schemas, by the first test that holds, with its messages. */
export const chosen = <const C extends readonly Choice[]>(cases: C, otherwise: string) =>
  choosing(
    (value, fail, issues) => {
      const found = cases.find(({ when }) => when(value));
      if (found === undefined) fail(otherwise);
      return found?.use.read(value, issues) as output<C[number]['use']>;
    },
    () => ({ title: otherwise.replace(/^write /, ''), anyOf: cases.map(({ use }) => use.json()) }),
  );

export const fromZero = number().limit((one) => one >= 0, 'is negative', { minimum: 0 });

const maxListItems = 1000;

/** A day that there is, as `YYYY-MM-DD`. */
export const dateForm =
  /^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))$/;

export const matching = (pattern: RegExp, message: string) =>
  string().limit((text) => pattern.test(text), message, { pattern: pattern.source });

/** One line of text, without control characters. */
export const line = (longest: number) =>
  string()
    .limit((text) => text !== '', 'is empty', { minLength: 1 })
    .limit((text) => text.length <= longest || [...text].length <= longest, `is longer than ${longest} characters`, {
      maxLength: longest,
    })
    .limit((text) => noControl.test(text), 'has control characters, such as a line break', {
      pattern: noControl.source,
    });
const noControl = /^\P{Cc}*$/u;

/** A name in the tables, or another short token. */
export const token = line(200);
export const list = <Item>(item: Schema<Item>) =>
  array(item).limit(({ length }) => length <= maxListItems, `has more than ${maxListItems} entries`, {
    maxItems: maxListItems,
  });
export const strings = list(token);

/** A map with free names that are not too many. */
export const byName = <Value>(value: Schema<Value>) =>
  record(token, value)
    .refine((map) => Object.keys(map).length <= maxListItems, `has more than ${maxListItems} entries`)
    .meta({ maxProperties: maxListItems })
    .optional();

/** A region as in providers.csv, in lower case; `eu` means `eea`. */
export const regionToken = token.transform((region) => region.toLowerCase().replace(/^(no:)?eu(\??)$/, '$1eea$2'));

/**
 * The JSON Schema of what users write, for editors and other programs. Its id has the format and its major version:
 * within one, what was accepted stays accepted.
 */
export const publishedSchema = (name: string, schema: Record<string, unknown>): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...identity(name, 1),
  ...schema,
});

/** The name of a published JSON Schema; its id is not an address. */
export const identity = (name: string, major: number) => ({
  $id: `urn:deploy-advisor:schema:${name}:${major}`,
  title: `deploy-advisor ${name.replace('-', ' ')}, version ${major}`,
});

/**
 * Semantic versions of printed JSON. Minor: a key more. Major: a key less, another type or meaning, a word that the
 * schema did not list. Tests compare with the schemas of earlier versions.
 */
export const resultSchemaVersion = '2.0.0';
export const comparisonSchemaVersion = '1.1.0';
export const checkSchemaVersion = '1.1.0';
