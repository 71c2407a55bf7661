import { escaped } from './plain-text.js';

/** Characters JSON lets through that a terminal may obey; inside JSON they can only stand in strings. */
const unprintable = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** A value as JSON with two spaces of indent and a line break at the end; safe on a terminal. */
export const jsonText = (value: unknown): string => safeJson(JSON.stringify(value, null, 2));

/** A value as JSON on one line, safe on a terminal. */
export const jsonLine = (value: unknown): string => safeJson(JSON.stringify(value));

/** JSON of any kind with what a terminal would obey written out, and a line break at the end. */
export const safeJson = (json: string): string => `${json.replace(unprintable, escaped)}\n`;
