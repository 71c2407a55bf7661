/**
 * The part of zod that the schemas here are written in. A schema reads plain data by itself; zod's own is made only to say
 * what is wrong with a document or to write its JSON Schema, as making it takes longer than reading a document.
 */
import * as z from 'zod';
import { isMap } from './reading.js';

export { regexes } from 'zod';

/** The answer for a value that does not fit, or of which only zod can tell. */
export const misfit = Symbol('misfit');

/** For a schema used once in a process: compiling it first, as zod does by default, costs more than it saves. */
export const once = { jitless: true } as const;

type Read<T> = (value: unknown) => T | typeof misfit;
type CustomError = Parameters<z.ZodType['refine']>[1];

export class Schema<T, Optional extends boolean = false> {
  private made: z.ZodType<T> | null = null;

  /**
   * @param read the value as zod reads it; a misfit wherever zod finds a mistake
   * @param make makes zod's schema of the same
   */
  constructor(
    readonly read: Read<T>,
    private readonly make: () => z.ZodType,
    readonly isOptional: Optional,
  ) {}

  /** zod's schema of the same. */
  get zod(): z.ZodType<T> {
    this.made ??= this.make() as z.ZodType<T>;
    return this.made;
  }

  /** As zod's, which is asked only about what does not fit. */
  safeParse(value: unknown): z.ZodSafeParseResult<T> {
    const data = this.read(value);
    return data === misfit ? this.zod.safeParse(value, once) : { success: true, data };
  }

  optional(): Schema<T | undefined, true> {
    const read: Read<T | undefined> = (value) => (value === undefined ? undefined : this.read(value));
    return new Schema(read, () => this.zod.optional(), true);
  }

  describe(text: string): Schema<T, Optional> {
    return new Schema(this.read, () => this.zod.describe(text), this.isOptional);
  }

  meta(about: z.core.GlobalMeta): Schema<T, Optional> {
    return new Schema(this.read, () => this.zod.meta(about), this.isOptional);
  }

  refine(isRight: (value: T) => boolean, error: CustomError): Schema<T, Optional> {
    return new Schema(checked(this.read, isRight), () => this.zod.refine(isRight, error), this.isOptional);
  }

  transform<To>(change: (value: T) => To): Schema<To> {
    const read: Read<To> = (value) => {
      const from = this.read(value);
      return from === misfit ? misfit : change(from);
    };
    return new Schema(read, () => this.zod.transform(change), false);
  }

  /** What makes a schema of the same kind that checks one thing more. */
  protected having(isRight: (value: T) => boolean, check: z.core.$ZodCheck<T>): [Read<T>, () => z.ZodType, false] {
    return [checked(this.read, isRight), () => this.zod.check(check), false];
  }
}

/** Reads what another does and `isRight` holds of. */
const checked =
  <T>(read: Read<T>, isRight: (value: T) => boolean): Read<T> =>
  (value) => {
    const found = read(value);
    return found === misfit || !isRight(found) ? misfit : found;
  };

/** What a schema reads. */
export type output<S> = S extends Schema<infer T, boolean> ? T : never;

export class TextSchema extends Schema<string> {
  nonempty(error: string): TextSchema {
    return new TextSchema(...this.having((text) => text !== '', z.minLength(1, error)));
  }

  /** In code points: a text that may be too long is left to zod, which counts them. */
  max(longest: number, error: string): TextSchema {
    return new TextSchema(...this.having((text) => text.length <= longest, z.maxLength(longest, error)));
  }

  regex(pattern: RegExp, error: string): TextSchema {
    return new TextSchema(...this.having((text) => pattern.test(text), z.regex(pattern, error)));
  }
}

export class NumberSchema extends Schema<number> {
  min(least: number, error: string): NumberSchema {
    return new NumberSchema(...this.having((number) => number >= least, z.gte(least, error)));
  }

  gt(below: number, error: string): NumberSchema {
    return new NumberSchema(...this.having((number) => number > below, z.gt(below, error)));
  }

  max(most: number, error: string): NumberSchema {
    return new NumberSchema(...this.having((number) => number <= most, z.lte(most, error)));
  }
}

export class ListSchema<Item> extends Schema<Item[]> {
  min(fewest: number, error: string): ListSchema<Item> {
    return new ListSchema(...this.having(({ length }) => length >= fewest, z.minLength(fewest, error)));
  }

  max(most: number, error: string): ListSchema<Item> {
    return new ListSchema(...this.having(({ length }) => length <= most, z.maxLength(most, error)));
  }
}

/** A value that is taken as it is. */
const asItIs =
  <T>(isRight: (value: unknown) => boolean): Read<T> =>
  (value) =>
    isRight(value) ? (value as T) : misfit;

export const string = () =>
  new TextSchema(
    asItIs((value) => typeof value === 'string'),
    () => z.string(),
    false,
  );

export const number = (error: string) => new NumberSchema(asItIs(Number.isFinite), () => z.number(error), false);

export const boolean = (error: string): Schema<boolean> =>
  new Schema<boolean>(
    asItIs((value) => typeof value === 'boolean'),
    () => z.boolean(error),
    false,
  );

export const literal = <const Value extends number>(only: Value, error: string): Schema<Value> =>
  new Schema<Value>(
    asItIs((value) => value === only),
    () => z.literal(only, error),
    false,
  );

function oneOf<const Word extends string>(words: readonly Word[]): Schema<Word> {
  return new Schema<Word>(
    asItIs((value) => words.includes(value as Word)),
    () => z.enum(words),
    false,
  );
}

export { oneOf as enum };

export function array<Item>(item: Schema<Item>): ListSchema<Item> {
  const read: Read<Item[]> = (value) => {
    if (!Array.isArray(value)) return misfit;
    const list = value.map(item.read);
    return list.includes(misfit) ? misfit : (list as Item[]);
  };
  return new ListSchema(read, () => z.array(item.zod), false);
}

type Fields = Record<string, Schema<unknown, boolean>>;
type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends Schema<unknown, true> ? K : never }[keyof F];
type Content<F extends Fields> = { [K in Exclude<keyof F, OptionalKey<F>>]: output<F[K]> } & {
  [K in OptionalKey<F>]?: output<F[K]> | undefined;
};
type MapOf<F extends Fields> = { [K in keyof Content<F>]: Content<F>[K] };

/** A map with these keys and no other. */
export function strictObject<F extends Fields>(fields: F): Schema<MapOf<F>> {
  const entries = Object.entries(fields);
  const read: Read<unknown> = (value) => {
    if (!isPlainMap(value)) return misfit;
    const map: Record<string, unknown> = {};
    for (const [key, field] of entries) {
      const given = value[key];
      if (given === undefined && field.isOptional) continue;
      const inner = given === undefined ? misfit : field.read(given);
      if (inner === misfit) return misfit;
      map[key] = inner;
    }
    // Others are strange, or without a value.
    return Object.keys(value).every((key) => Object.hasOwn(map, key)) ? map : misfit;
  };
  const make = () => z.strictObject(Object.fromEntries(entries.map(([key, { zod }]) => [key, zod])));
  return new Schema(read as Read<MapOf<F>>, make, false);
}

/** A map with free keys. */
export function record<Value>(key: Schema<string>, value: Schema<Value>): Schema<Record<string, Value>> {
  const read: Read<Record<string, Value>> = (map) => {
    if (!isPlainMap(map)) return misfit;
    const entries = Object.entries(map).map(([name, inner]) => [key.read(name), value.read(inner)]);
    return entries.flat().includes(misfit) ? misfit : Object.fromEntries(entries);
  };
  return new Schema(read, () => z.record(key.zod as z.ZodType<string, string>, value.zod), false);
}

/** A schema made when it is first asked for. */
export function lazy<T>(make: () => Schema<T>): Schema<T> {
  let made: Schema<T> | null = null;
  const schema = () => {
    made ??= make();
    return made;
  };
  return new Schema(
    (value) => schema().read(value),
    () => z.lazy(() => schema().zod),
    false,
  );
}

/** A map without keys that mean something to every object, of which zod can tell. */
const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  isMap(value) &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !Object.hasOwn(value, '__proto__') &&
  !Object.hasOwn(value, 'constructor');
