import { endPattern, onePattern, type Reader, rangePattern, type Written } from './amount.js';
import { type JsonSchema, Schema } from './schema.js';

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

/** One number, bare or as text. JSON Schema checks limits on numbers only, patterns on texts only. */
function oneNumber(written: Written | undefined): JsonSchema {
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

/** A range as a map. An end may take the other's unit, so its number alone says little. */
function rangeMaps(written: Written | undefined): JsonSchema[] {
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
const rangeText = (written: Written | undefined): JsonSchema => ({
  type: 'string',
  pattern: written === undefined ? '\\.\\.' : rangePattern(written),
  maxLength: longestRange,
});

/** A field with a reader of `units/`; `json`: its JSON Schema. */
const field = <T>(reader: Reader<T>, json: () => JsonSchema): Schema<T> =>
  new Schema(
    (value, issues) => {
      const reading = reader(value);
      if (reading.ok) return reading.value;
      issues.push({ code: 'custom', path: [], message: reading.message });
      return undefined as T;
    },
    json,
    false,
    { wraps: true },
  );

/** A number with its unit, or a range of them. */
export const ranged = <T>(reader: Reader<T>) =>
  field(reader, () => ({
    ...titleOf(reader, true),
    anyOf: [oneNumber(reader.written), rangeText(reader.written), ...rangeMaps(reader.written)],
  }));

const titleOf = ({ written }: Reader<unknown>, hasRange: boolean) =>
  written && { title: hasRange ? written.title.replace(/^[^;]*/, '$& or a range') : written.title };

/** A range; a number alone has another schema. */
export const rangeOnly = <T>(reader: Reader<T>) =>
  field(reader, () => ({ anyOf: [rangeText(reader.written), ...rangeMaps(reader.written)] }));

/** A number with its unit; no range. */
export const single = <T>(reader: Reader<T>) =>
  field(reader, () => ({ ...titleOf(reader, false), ...oneNumber(reader.written) }));
