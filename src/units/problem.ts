import { turnBetween } from './bisection.js';

/** Something wrong, or suspicious, in what a user wrote; collected, sorted and shown all at once. */
export type Problem = {
  severity: 'error' | 'warning';
  /** Stable id in kebab-case, for example `unknown-key`. */
  code: string;
  file: string;
  /** 1-based; null when the problem is about the file as a whole. */
  line: number | null;
  column: number | null;
  /** Dotted path in the document (`tasks.faq.share`), or the column of a table; empty at the root. */
  path: string;
  message: string;
  /** What to do next, where we can tell. */
  suggestion: string | null;
  /** The source line the problem is on, to print with a caret. */
  excerpt: string | null;
};

/**
 * Where a text stops being the beginning of JSON: its end where it was cut off. Engines tell the place of some mistakes only,
 * so it is looked for: what is wrong at some length is wrong at any greater one.
 */
export function jsonMistakeAt(text: string): number {
  const told = toldAt(text);
  if (told !== null) return told;
  return turnBetween(0, text.length, (length) => toldAt(text.slice(0, length)) !== length).last;
}

/**
 * Where the engine says that a text is wrong; the end of one that is JSON, or may become it with more behind it; null: it does
 * not say.
 */
function toldAt(text: string): number | null {
  try {
    JSON.parse(text);
    return text.length;
  } catch (error) {
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    if (position !== undefined) return Math.min(Number(position), text.length);
    return message.startsWith('Unexpected end') ? text.length : null;
  }
}
