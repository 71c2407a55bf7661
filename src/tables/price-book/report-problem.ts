import type { BookPath, BookProblem, PriceBook } from './price-book.js';

/** Notes what is wrong with an entry of a book. */
export type ReportProblem = (
  book: PriceBook,
  path: BookPath,
  code: string,
  message: string,
  more?: { near?: BookProblem['near']; severity?: BookProblem['severity'] },
) => void;

/** Collects the problems of one book; those of others were told when they were applied. */
export function problemsOf(book: PriceBook): { problems: BookProblem[]; report: ReportProblem } {
  const problems: BookProblem[] = [];
  const report: ReportProblem = (of, path, code, message, { near = null, severity = 'error' } = {}) => {
    if (of === book) problems.push({ severity, code, path, message, near });
  };
  return { problems, report };
}
