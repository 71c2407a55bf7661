import { countUntil, turnBetween } from './numeric.js';

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

const longestWord = 64;

/**
 * Edits between two words: insert, delete, replace one letter, or swap two neighbors (optimal string alignment, a
 * restricted Damerau-Levenshtein distance).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** A name for comparison, without case, spaces, hyphens and underscores: `Support Chat` is `support-chat`. */
export const nameKey = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

/** The candidate of the same name, itself before others; null: none, or several. */
export function sameName(word: string, candidates: Iterable<string>): string | null {
  const [all, key] = [[...candidates], nameKey(word)];
  if (all.includes(word)) return word;
  const [found = null, ...others] = all.filter((candidate) => nameKey(candidate) === key);
  return others.length === 0 ? found : null;
}

const plain = (word: string) => nameKey(word).replaceAll('.', '');

/** The nearest candidate, or null. Case and `-`, `_`, `.` do not count. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > longestWord) return null;
  const written = plain(word);
  if (written === '') return null;
  let best: { candidate: string; edits: number } | null = null;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const allowed = Math.max(1, Math.floor(Math.min(written.length, other.length) / 3));
    if (Math.abs(written.length - other.length) > allowed) continue;
    const edits = editDistance(written, other);
    if (edits <= allowed && (!best || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate ?? null;
}

const mostListed = 12;
const mostMeant = 6;
/** Fewer letters are in many names by chance. */
const leastPart = 3;

/** Longer than any name of the tables; those of tasks are the user's own. */
const longestShown = 120;
const clipped = (name: string): string => (name.length > longestShown ? `${name.slice(0, longestShown)}…` : name);

/** Candidates with a part of a name, those that begin with it first, then the shortest. */
function holding(word: string, candidates: readonly string[]): string[] {
  const written = plain(word);
  if (written.length < leastPart || word.length > longestWord) return [];
  const at = (candidate: string) => plain(candidate).indexOf(written);
  const whole = candidates.filter((candidate) => at(candidate) !== -1);
  // `A100 80GB` is in `a100-sxm-80gb` word by word.
  const words = word.split(/[\s_-]+/).map(plain);
  return (
    whole.length > 0 ? whole : candidates.filter((each) => words.every((part) => plain(each).includes(part)))
  ).sort((a, b) => Number(at(a) > 0) - Number(at(b) > 0) || a.length - b.length);
}

/** `did you mean …?`, else the list of what there is if it is short, else null. */
export function suggestion(
  word: string,
  all: readonly string[],
  noun: string,
  most: number = mostListed,
): string | null {
  const candidates = [...new Set(all)];
  const near = nearest(word, candidates);
  if (near !== null) return `did you mean \`${near}\`?`;
  const meant = holding(word, candidates);
  if (meant.length > 0) {
    const more = meant.length > mostMeant ? `, … (${meant.length})` : '';
    return `did you mean ${meant
      .slice(0, mostMeant)
      .map((each) => `\`${clipped(each)}\``)
      .join(', ')}${more}?`;
  }
  if (candidates.length === 0 || candidates.length > most) return null;
  return `${noun}: ${candidates.map(clipped).join(', ')}`;
}
