/**
 * Shapes of the JSON documents that commands print. One definition gives the TypeScript type (`Infer`), the order of
 * keys in print and the published JSON Schema. zod schemas are made on demand: most commands need none.
 */
import * as z from 'zod';
import { kinds } from '../tables/column.js';
import { identity } from '../units/schema.js';

/** Keys in printing order, each with those below it; null: no keys, or keys of any name. */
type Keys = { readonly [key: string]: Keys } | null;

export class Schema<T> {
  /** The type of a document; there is no value. */
  declare readonly type: T;

  constructor(
    readonly zod: () => z.ZodType,
    readonly keys: Keys = null,
  ) {}

  describe(description: string | null): Schema<T> {
    return description === null ? this : new Schema(() => this.zod().describe(description), this.keys);
  }

  nullable(): Schema<T | null> {
    return new Schema(() => this.zod().nullable(), this.keys);
  }
}

export type Infer<S extends Schema<unknown>> = S['type'];
type Fields = Record<string, Schema<unknown>>;

type Description = string | null;
type ObjectOf<F extends Fields> = { [Key in keyof F]: F[Key]['type'] };

/** A map with all of these keys; later versions may have more. */
export function object<F extends Fields>(what: Description, fields: F): Schema<ObjectOf<F>> {
  const entries = Object.entries(fields);
  const zod = () => z.object(Object.fromEntries(entries.map(([key, field]) => [key, field.zod()])));
  const keys = Object.fromEntries(entries.map(([key, field]) => [key, field.keys]));
  return new Schema<ObjectOf<F>>(zod, keys).describe(what);
}

export const list = <T>(what: Description, item: Schema<T>): Schema<T[]> =>
  new Schema<T[]>(() => z.array(item.zod()), item.keys).describe(what);

export const orNull = <T>(what: string, schema: Schema<T>): Schema<T | null> => schema.nullable().describe(what);
export const objectOrNull = <F extends Fields>(what: string, fields: F) => orNull(what, object(null, fields));

export const text = (what: Description) => new Schema<string>(() => z.string()).describe(what);
export const textOrNull = (what: string) => orNull(what, text(null));
export const texts = (what: Description) => list(what, text(null));
export const number = (what: Description) => new Schema<number>(() => z.number()).describe(what);
export const numberOrNull = (what: string) => orNull(what, number(null));
export const flag = (what: Description) => new Schema<boolean>(() => z.boolean()).describe(what);

export const usd = (what: string) => number(`${what} USD, rounded to 12 significant digits.`);
export const usdOrNull = (what: string) => numberOrNull(`${what} USD, rounded to 12 significant digits.`);

export const oneOf = <const T extends string>(what: Description, words: readonly T[]) =>
  new Schema<T>(() => z.enum(words)).describe(what);
export const oneOfOrNull = <const T extends string>(what: string, words: readonly T[]) =>
  orNull(what, oneOf(null, words));
export const literal = <const T extends number>(values: readonly T[]) => new Schema<T>(() => z.literal([...values]));
/** Numbers by free names. */
export const numbers = (what: string) =>
  new Schema<Record<string, number>>(() => z.record(z.string(), z.number())).describe(what);

const word = () => z.string().describe('A word.');
const quantity = () => z.number().describe('A quantity.');
// The branches are described so that they stay two: a list of types is an error in strict validators.
export const numberOrWord = (what: string) =>
  new Schema<number | string>(() => z.union([quantity(), word()])).describe(what);

export const wordOrNumberOrNull = (what: string) =>
  orNull(what, new Schema<string | number>(() => z.union([word(), quantity()])));

export const kind = oneOf('Placement kind.', kinds);

/** The major version of a semantic one. */
export const majorOf = (version: string): number => Number.parseInt(version, 10);

/** The head of every document: the version of its shape, and what made it. */
export const documentHead = (made: string, version: string) => ({
  schemaVersion: new Schema<string>(() =>
    z.string().regex(new RegExp(String.raw`^${majorOf(version)}\.\d+\.\d+$`)),
  ).describe(`Semantic version of this shape: more keys may come in ${majorOf(version)}.x.`),
  tool: object(made, { name: text(null), version: text(null) }),
});

/** The shape as JSON Schema 2020-12, additional properties allowed. `version`: semantic version of the shape. */
export function publishedDocument(name: string, version: string, schema: Schema<unknown>): object {
  const { $schema, ...rest } = z.toJSONSchema(schema.zod(), { io: 'input' });
  return { $schema, ...identity(name, majorOf(version)), ...rest };
}

/** A document with its keys in the order of its schema; keys that the schema lacks come last. */
export const inKeyOrder = <T>(schema: Schema<T>, document: T): unknown => ordered(document, schema.keys);

function ordered(value: unknown, keys: Keys): unknown {
  if (keys === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => ordered(item, keys));
  const found = value as Record<string, unknown>;
  const known: Record<string, unknown> = {};
  for (const key in keys) if (Object.hasOwn(found, key)) known[key] = ordered(found[key], keys[key] ?? null);
  const others = Object.entries(found).filter(([key]) => !Object.hasOwn(keys, key));
  return others.length === 0 ? known : { ...known, ...Object.fromEntries(others) };
}
