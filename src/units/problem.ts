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
