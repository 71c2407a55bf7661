import type { BookProblem } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import { priceBookSchema } from '../tables/price-book/schema.js';
import { sha256 } from '../tables/sha256.js';
import type { Problem } from '../units/problem.js';
import { isMap } from '../units/reading.js';
import type { Issue, output } from '../units/schema.js';
import { readDocument } from './document.js';
import { findingsOf, whyNotText } from './issues.js';
import { priceBookShape } from './json-schema.js';
import { placesIn, problemAt } from './source.js';

/** A price book with the means to point into the text it came from. */
export type ReadPriceBook = {
  book: PriceBook;
  /** What `applyPriceBook` found wrong, with its line. */
  place(problem: BookProblem): Problem;
};

type Read = { read: ReadPriceBook | null; partial: ReadPriceBook | null; problems: Problem[] };

/**
 * Reads a price book from YAML or JSON text. All problems come at once, sorted by place; with an error there is no
 * book, only its readable part (`partial`), to check names. Names are checked against the tables when it is applied.
 * Never throws.
 */
export function readPriceBook(text: string, file: string): Read {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const placeAt = placesIn(file, bare);
  const unfit = whyNotText(bare, file, placeAt);
  if (unfit) return refused([unfit]);
  const { document, problems } = readDocument(bare, file, placeAt);
  if (!document) return refused(problems);
  const root = document.value;
  if (!isMap(root)) {
    const message = 'a price book has the fields version and name, and what it holds: rates, discounts …';
    return refused([...problems, problemAt(file, document.locate([], 'value'), { code: 'not-a-map', message })]);
  }
  const placed = ({ path, on, ...about }: BookProblem & { on: 'value' | 'key' }) =>
    problemAt(file, document.locate(path, on), { ...about, path: path.join('.') });
  const readable = (content: output<typeof priceBookSchema>): ReadPriceBook => ({
    book: {
      ...content,
      label: `${content.name} (${file}, sha256 ${sha256(text)})`,
      where: (path) => `${file}:${document.locate(path, 'value')?.line ?? 1}`,
    },
    place: (problem) => placed({ ...problem, on: 'value' }),
  });
  const parsed = priceBookSchema.parse(root);
  if (parsed.success && problems.length === 0) return { read: readable(parsed.data), partial: null, problems: [] };
  const issues = parsed.success ? [] : parsed.issues;
  const found = findingsOf(issues, root, priceBookShape).map(placed);
  const rest = priceBookSchema.parse(without(root, issues));
  return refused([...problems, ...found], rest.success ? readable(rest.data) : null);
}

/** A book without the blocks that have mistakes. */
function without(root: Record<string, unknown>, issues: readonly Issue[]): Record<string, unknown> {
  const broken = new Set<unknown>(
    issues.flatMap((issue): readonly unknown[] =>
      issue.path.length === 0 ? (issue.keys ?? []) : issue.path.slice(0, 1),
    ),
  );
  const whole = Object.entries(root).filter(([key]) => !broken.has(key));
  return { version: 1, name: 'unreadable', ...Object.fromEntries(whole) };
}

const refused = (problems: readonly Problem[], partial: ReadPriceBook | null = null): Read => ({
  ...{ read: null, partial },
  problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
});
