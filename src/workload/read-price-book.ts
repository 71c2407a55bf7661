import type * as z from 'zod';
import type { BookProblem } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import { priceBookSchema } from '../tables/price-book/schema.js';
import { sha256 } from '../tables/sha256.js';
import type { output } from '../units/lazy-zod.js';
import type { Problem } from '../units/problem.js';
import { readDocument } from './document.js';
import { findingsOf, whyNotText } from './issues.js';
import { priceBookShape } from './json-schema.js';
import { isMap, type Path, placesIn, problemAt } from './source.js';

/** A price book with the means to point into the text it came from. */
export type ReadPriceBook = {
  book: PriceBook;
  /** What `applyPriceBook` found wrong, with its line. */
  place(problem: BookProblem): Problem;
};

/**
 * Reads a price book from YAML or JSON text. All problems come at once, sorted by place; with an error among them there is
 * no book, only what can be read of it (`partial`), so that its names can be checked too. Whether they are in the tables
 * is found out when it is applied. Never throws on any text.
 */
export function readPriceBook(
  text: string,
  file: string,
): { read: ReadPriceBook | null; partial: ReadPriceBook | null; problems: Problem[] } {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const placeAt = placesIn(file, bare);
  const unfit = whyNotText(bare, file, placeAt);
  if (unfit) return { read: null, partial: null, problems: [unfit] };
  const { document, problems } = readDocument(bare, file, placeAt);
  if (!document) return { read: null, partial: null, problems: inOrder(problems) };
  const root = document.value;
  if (!isMap(root)) {
    const message = 'a price book has the fields version and name, and what it holds: rates, discounts …';
    const about = problemAt(file, document.locate([], 'value'), { code: 'not-a-map', message });
    return { read: null, partial: null, problems: inOrder([...problems, about]) };
  }
  const locate = (path: Path, on: 'value' | 'key') => document.locate(path, on);
  const readable = (content: output<typeof priceBookSchema>): ReadPriceBook => ({
    book: {
      ...content,
      label: `${content.name} (${file}, sha256 ${sha256(text)})`,
      where: (path) => `${file}:${locate(path, 'value')?.line ?? 1}`,
    },
    place: (problem) => problemAt(file, locate(problem.path, 'value'), { ...problem, path: problem.path.join('.') }),
  });
  const parsed = priceBookSchema.safeParse(root);
  if (parsed.success && problems.length === 0) return { read: readable(parsed.data), partial: null, problems: [] };
  const { issues } = parsed.error ?? { issues: [] };
  const found = findingsOf(issues, root, priceBookShape).map((finding) =>
    problemAt(file, locate(finding.path, finding.on), { ...finding, path: finding.path.join('.') }),
  );
  const rest = priceBookSchema.safeParse(without(root, issues));
  const partial = rest.success ? readable(rest.data) : null;
  return { read: null, partial, problems: inOrder([...problems, ...found]) };
}

/** A book without the blocks that have mistakes. */
function without(root: Record<string, unknown>, issues: readonly z.core.$ZodIssue[]): Record<string, unknown> {
  const broken = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
    ),
  );
  const whole = Object.entries(root).filter(([key]) => !broken.has(key));
  return { version: 1, name: 'unreadable', ...Object.fromEntries(whole) };
}

const inOrder = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
