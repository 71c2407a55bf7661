import type { Path } from './tree.js';

/** Something wrong or suspicious at a path; it becomes a `Problem` once its position is looked up. */
export type Finding = {
  severity: 'error' | 'warning';
  code: string;
  path: Path;
  /** Where the caret goes: the value, or the key that leads to it. */
  on: 'value' | 'key';
  message: string;
  suggestion: string | null;
  /** Paths this conclusion draws on besides its own; it is dropped when one of them could not be read. */
  uses: readonly Path[];
};

type More = { on?: 'value' | 'key'; suggestion?: string | null; uses?: readonly Path[] };

export const findingError = (code: string, path: Path, message: string, more: More = {}): Finding =>
  finding('error', code, path, message, more);

export const findingWarning = (code: string, path: Path, message: string, more: More = {}): Finding =>
  finding('warning', code, path, message, more);

function finding(severity: Finding['severity'], code: string, path: Path, message: string, more: More): Finding {
  return {
    severity,
    code,
    path,
    on: more.on ?? 'value',
    message,
    suggestion: more.suggestion ?? null,
    uses: more.uses ?? [],
  };
}

/** So many mistakes of one sort are listed, and then one that says there are more. */
export const mostListed = 200;
export const moreProblems = {
  code: 'more-problems',
  message: `there are more: only the first ${mostListed} are listed`,
};
