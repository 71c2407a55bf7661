import { suggestion } from '../units/suggest.js';
import type { Complaint } from './parse.js';

/** What cells name that is neither a fact nor a parameter. */
export function unknownNames(
  cells: Readonly<Record<string, readonly string[]>>,
  known: readonly string[],
): Complaint[] {
  return Object.entries(cells).flatMap(([header, names]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => {
        const message = `"${name}" is neither a fact nor a parameter; ${suggestion(name, known, 'facts', 20)}`;
        return { header, code: 'unknown-reference', message };
      }),
  );
}
