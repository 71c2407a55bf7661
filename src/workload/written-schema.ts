import { endPattern, onePattern, rangePattern, type Written } from '../units/written.js';

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
  const { least, most, aboveZero, whole, zeroOrFromOne } = written;
  return {
    type: whole ? ['integer', 'string'] : numberOrText,
    ...(aboveZero ? { exclusiveMinimum: 0 } : least !== undefined && { minimum: least }),
    ...(most !== undefined && { maximum: most }),
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
  const cv = { type: numberOrText, minimum: 0, maximum: 3, pattern: onePattern({ unit: '' }), maxLength: longestText };
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
