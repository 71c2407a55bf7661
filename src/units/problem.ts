import { countUntil, turnBetween } from './bisection.js';

/** A problem in what a user wrote; collected, sorted and shown at once. */
export type Problem = {
  severity: 'error' | 'warning';
  /** Stable id in kebab-case, for example `unknown-key`. */
  code: string;
  file: string;
  /** 1-based; null when the problem is about the file as a whole. */
  line: number | null;
  column: number | null;
  /** Dotted path in the document (`tasks.faq.share`), or a table's column; empty: the root. */
  path: string;
  message: string;
  /** What to do next, if known. */
  suggestion: string | null;
  /** The source line the problem is on, to print with a caret. */
  excerpt: string | null;
};

/** A position in what the user wrote, 1-based, with its line to print a caret under. */
export type Place = { file: string; line: number; column: number; excerpt: string };

/** Turns an offset in some text into a place. */
export type PlaceAt = (offset: number) => Place;

/** A problem at a place; null: about the file as a whole. */
export function problemAt(
  file: string,
  place: Place | null,
  about: { code: string; message: string; path?: string; suggestion?: string | null; severity?: Problem['severity'] },
): Problem {
  return {
    severity: about.severity ?? 'error',
    code: about.code,
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: about.path ?? '',
    message: about.message,
    suggestion: about.suggestion ?? null,
    excerpt: place?.excerpt ?? null,
  };
}

/** A problem about the whole of `file` (empty: about the command line). */
export function fileProblem(code: string, file: string, message: string, suggestion: string | null = null): Problem {
  return problemAt(file, null, { code, message, suggestion });
}

/** Places in a file's text. */
export function placesIn(file: string, text: string): PlaceAt {
  let known: number[] | null = null;
  return (offset) => {
    known ??= lineStarts(text);
    const starts = known;
    const line = Math.max(
      1,
      countUntil(starts.length, (at) => (starts[at] as number) > offset),
    );
    const start = starts[line - 1] as number;
    const excerpt = text.slice(start, (starts[line] ?? text.length + 1) - 1).replace(/\r$/, '');
    return { file, line, column: offset - start + 1, excerpt };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/**
 * Where a text stops being the beginning of JSON: its end where it was cut off. Found by bisection, as engines report
 * only some positions.
 */
export function jsonMistakeAt(text: string): number {
  const told = toldAt(text);
  if (told !== null) return told;
  return turnBetween(0, text.length, (length) => toldAt(text.slice(0, length)) !== length).last;
}

/** The engine's position of an error; the end of JSON, complete or cut off; null: none. */
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
