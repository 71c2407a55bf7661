import * as z from 'zod';
import { misfit, once, type output, Schema } from './lazy-zod.js';
import { endPattern, isMap, onePattern, type Reader, rangePattern, type Written } from './reading.js';

type JsonSchema = Record<string, unknown>;

/** Longest text of one number, and of two with dots between them. */
const longestText = 200;
const longestRange = 2 * longestText + 2;

const numberOrText = ['number', 'string'];
/** What a reader says nothing of. */
const anyNumber: JsonSchema = { type: numberOrText };

const map = (parts: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties: parts,
  required: Object.keys(parts),
  additionalProperties: false,
});

/** One number, bare or as text. JSON Schema holds limits against numbers only, and patterns against texts only. */
export function oneNumber(written: Written | undefined): JsonSchema {
  if (written === undefined) return anyNumber;
  const { least, most, aboveZero, whole, zeroOrFromOne, unitNeeded } = written;
  const [from, to] = unitNeeded ? [0, 0] : [least, most];
  return {
    type: whole ? ['integer', 'string'] : numberOrText,
    ...(aboveZero ? { exclusiveMinimum: 0 } : from !== undefined && { minimum: from }),
    ...(to !== undefined && { maximum: to }),
    ...(zeroOrFromOne && { not: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } }),
    pattern: onePattern(written),
    maxLength: longestText,
  };
}

/** A range as a map. An end may have the unit of the other, so that its own number tells little. */
export function rangeMaps(written: Written | undefined): JsonSchema[] {
  const end: JsonSchema =
    written === undefined
      ? anyNumber
      : {
          type: numberOrText,
          ...(written.least !== undefined && written.least >= 0 && { minimum: 0 }),
          pattern: endPattern(written),
          maxLength: longestText,
        };
  const cv = {
    type: numberOrText,
    minimum: 0,
    maximum: 3,
    pattern: onePattern({ title: '', unit: '' }),
    maxLength: longestText,
  };
  return [
    map({ low: end, likely: end, high: end }),
    map({ low: end, high: end }),
    map({ mean: { ...oneNumber(written), ...(written && { exclusiveMinimum: 0 }) }, cv }),
  ];
}

/** A range as text: `40k..60k`. */
export const rangeText = (written: Written | undefined): JsonSchema => ({
  type: 'string',
  pattern: written === undefined ? '\\.\\.' : rangePattern(written),
  maxLength: longestRange,
});

/**
 * A field that a reader of `units/` understands. zod alone would answer a union with "Invalid input"; the reader's message
 * names the accepted forms. `input` is what the JSON Schema says of it.
 */
function field<T>(reader: Reader<T>, input: () => Record<string, unknown>): Schema<T> {
  const read = (value: unknown): T | typeof misfit => {
    const reading = reader(value);
    return reading.ok ? reading.value : misfit;
  };
  const make = () =>
    z
      .unknown()
      .meta(input())
      .transform((value, context): T => {
        const reading = reader(value);
        if (reading.ok) return reading.value;
        context.addIssue({ code: 'custom', message: value === undefined ? 'is missing' : reading.message });
        return z.NEVER;
      });
  return new Schema<T>(read, make, false);
}

/** A number with its unit, or a range of them. */
export const ranged = <T>(reader: Reader<T>) =>
  field(reader, () => ({
    ...titleOf(reader, true),
    anyOf: [oneNumber(reader.written), rangeText(reader.written), ...rangeMaps(reader.written)],
  }));

const titleOf = ({ written }: Reader<unknown>, hasRange: boolean) =>
  written && { title: hasRange ? written.title.replace(/^[^;]*/, '$& or a range') : written.title };

/** A range; a number alone has another schema beside it. */
export const rangeOnly = <T>(reader: Reader<T>) =>
  field(reader, () => ({ anyOf: [rangeText(reader.written), ...rangeMaps(reader.written)] }));

/** A number with its unit; no range. */
export const single = <T>(reader: Reader<T>) =>
  field(reader, () => ({ ...titleOf(reader, false), ...oneNumber(reader.written) }));

type Shape = Record<string, Schema<unknown>>;
type OneOf<S extends Shape> = { [K in keyof S]: { [P in K]: output<S[K]> } }[keyof S];

const jsonSchemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

/** Worked out only when a JSON Schema is asked for: reading a scenario should not pay for it. */
const inputOf = (title: string, anyOf: () => unknown[]) => ({
  title,
  get anyOf() {
    return anyOf();
  },
});

/** A map with exactly one of the given keys. Dispatches on the key present, so that messages stay exact. */
export function oneKeyOf<const S extends Shape>(shape: S): Schema<OneOf<S>> {
  const read = (value: unknown): OneOf<S> | typeof misfit => {
    const [key = '', ...more] = isMap(value) ? Object.keys(value) : [];
    const schema = Object.hasOwn(shape, key) && more.length === 0 ? shape[key] : undefined;
    const inner = schema && isMap(value) ? schema.read(value[key]) : misfit;
    return inner === misfit ? misfit : ({ [key]: inner } as OneOf<S>);
  };
  return new Schema<OneOf<S>>(read, () => oneKeyOfZod(shape), false);
}

function oneKeyOfZod<S extends Shape>(shape: S): z.ZodType<OneOf<S>> {
  const keys = Object.keys(shape);
  const zodOf = (key: string): z.ZodType => (shape[key] as Schema<unknown>).zod;
  return z
    .unknown()
    .meta(
      inputOf(`a map with one of ${keys.join(', ')}`, () =>
        keys.map((key) => jsonSchemaOf(z.strictObject({ [key]: zodOf(key) }))),
      ),
    )
    .transform((value, context): OneOf<S> => {
      const present = isMap(value) ? Object.keys(value) : [];
      const known = present.filter((key) => keys.includes(key));
      const fail = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path });
      if (!isMap(value)) fail(`write a map with one of ${keys.join(', ')}`);
      else {
        const unknown = present.filter((key) => !keys.includes(key));
        if (unknown.length > 0) context.issues.push({ code: 'unrecognized_keys', keys: unknown, input: value });
        if (known.length > 1) fail(`give only one of ${known.join(', ')}`);
        if (present.length === 0) fail(`is empty: give one of ${keys.join(', ')}`);
      }
      const key = known[0];
      if (!isMap(value) || known.length !== 1 || key === undefined) return z.NEVER;
      const parsed = zodOf(key).safeParse(value[key], once);
      if (parsed.success) return { [key]: parsed.data } as OneOf<S>;
      for (const { path, ...issue } of parsed.error.issues) {
        context.issues.push({ ...issue, path: [key, ...path], input: value } as z.core.$ZodRawIssue);
      }
      return z.NEVER;
    });
}

/** One of several schemas, chosen by the first test that holds: the messages are those of the chosen one. */
export function chosen<const C extends readonly Choice[]>(
  cases: C,
  otherwise: string,
): Schema<output<C[number]['use']>> {
  type Output = output<C[number]['use']>;
  const use = (value: unknown) => cases.find(({ when }) => when(value))?.use as Schema<Output> | undefined;
  const make = () =>
    z
      .unknown()
      .meta(inputOf(otherwise.replace(/^write /, ''), () => cases.map(({ use }) => jsonSchemaOf(use.zod))))
      .transform((value, context): Output => {
        const parsed = use(value)?.zod.safeParse(value, once);
        if (parsed?.success) return parsed.data;
        if (!parsed) context.addIssue({ code: 'custom', message: otherwise });
        for (const issue of parsed?.error.issues ?? [])
          context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
        return z.NEVER;
      });
  return new Schema<Output>((value) => use(value)?.read(value) ?? misfit, make, false);
}

type Choice = { when: (value: unknown) => boolean; use: Schema<unknown> };
