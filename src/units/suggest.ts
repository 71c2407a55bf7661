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
