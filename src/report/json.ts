import { escaped } from './plain-text.js';

/** Characters of JSON that a terminal may obey; inside JSON only in strings. */
const unsafeInJson = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** A value as JSON, two spaces of indent and a final line break; safe on a terminal. */
export const jsonText = (value: unknown): string => safeJson(JSON.stringify(value, null, 2));

/** A value as JSON on one line, safe on a terminal. */
export const jsonLine = (value: unknown): string => safeJson(JSON.stringify(value));

/** JSON with terminal control characters escaped, and a final line break. */
export const safeJson = (json: string): string => `${json.replace(unsafeInJson, escaped)}\n`;
