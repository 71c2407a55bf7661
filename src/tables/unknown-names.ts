import { suggestion } from '../units/suggest.js';
import type { Complaint } from './parse.js';

/** Names in cells that stand in none of the lists given. */
export function unknownNames(
  cells: Readonly<Record<string, readonly string[]>>,
  known: readonly string[],
): Complaint[] {
  return Object.entries(cells).flatMap(([header, names]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = suggestion(name, known, 'names', 20);
        const message = `"${name}" is no name that may stand here${near === null ? '' : `; ${near}`}`;
        return { header, code: 'unknown-reference', message };
      }),
  );
}
