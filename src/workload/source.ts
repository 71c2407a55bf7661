import type { Problem } from '../units/problem.js';

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

/** Places in a file's text. */
export function placesIn(file: string, text: string): PlaceAt {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] ?? 0;
    const line = text.slice(start, (starts[low + 1] ?? text.length + 1) - 1);
    return { file, line: low + 1, column: offset - start + 1, excerpt: line.replace(/\r$/, '') };
  };
}
