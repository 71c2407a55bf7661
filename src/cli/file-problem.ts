import type { Problem } from '../units/problem.js';

/** A problem about the whole of `file` (empty: about the command line). */
export function fileProblem(code: string, file: string, message: string, suggestion: string | null = null): Problem {
  return { severity: 'error', code, file, line: null, column: null, path: '', message, suggestion, excerpt: null };
}
