import type { Problem } from '../units/problem.js';

const problem = (severity: Problem['severity'], code: string, path: string, message: string, hint: string | null) => ({
  severity,
  code,
  file: '',
  line: null,
  column: null,
  path,
  message,
  suggestion: hint,
  excerpt: null,
});

/** What keeps a call from being billed; `path` is the field of the call it is about. */
export const quoteError = (code: string, path: string, message: string, hint: string | null = null): Problem =>
  problem('error', code, path, message, hint);

/** What to know about a bill. */
export const quoteWarning = (code: string, message: string, hint: string | null = null): Problem =>
  problem('warning', code, '', message, hint);
