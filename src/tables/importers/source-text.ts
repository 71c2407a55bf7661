import type { Problem } from '../../units/problem.js';
import type { Fault, JsonNode } from './read-json.js';

/** A value of a source, as written, and where it stands: an offset in JSON, a line in CSV. */
export type SourceCell = { text: string; at: number };
/** One row of a source: its values by the source's own keys, with `/` between levels (`cost/tiers/0/input`). */
export type SourceRecord = {
  at: number;
  /** The source's name of the provider; empty if the whole file is one provider's. */
  provider: string;
  id: string;
  cells: Map<string, SourceCell>;
  /** Why it is no row at all, whatever is in it. */
  misfit?: string;
};
/** A source, read: nothing in it has been judged yet. */
export type SourceText = { records: SourceRecord[]; faults: Fault[]; where: Where };
/** Line and column (1-based) of a position, and the line itself. */
export type Where = (at: number) => { line: number; column: number | null; excerpt: string };

/** Positions in a text given as offsets. */
export function whereInText(text: string): Where {
  let starts: number[] | null = null;
  return (at) => {
    starts ??= lineStarts(text);
    let low = 0;
    for (let high = starts.length - 1; low < high; ) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] as number;
    const end = starts[low + 1] ?? text.length + 1;
    return { line: low + 1, column: at - start + 1, excerpt: text.slice(start, end).replace(/[\r\n]+$/, '') };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  return starts;
}

/** Every value below a node that is a text, a number, `true` or `false`; `null` and what is missing are alike. */
export function cellsBelow(node: JsonNode): Map<string, SourceCell> {
  const cells = new Map<string, SourceCell>();
  const walk = (each: JsonNode, path: string): void => {
    const below = path === '' ? '' : `${path}/`;
    if (each.kind === 'object') for (const [key, child] of each.fields) walk(child, below + key);
    else if (each.kind === 'array') each.items.forEach((child, index) => void walk(child, `${below}${index}`));
    else if (each.text !== 'null' || each.kind === 'string') cells.set(path, { text: each.text, at: each.at });
  };
  walk(node, '');
  return cells;
}

/** Objects by their keys, in the order of the file; null if the node is none. */
export function objectFields(node: JsonNode | null | undefined): ReadonlyMap<string, JsonNode> | null {
  return node?.kind === 'object' ? node.fields : null;
}

const maxProblems = 100;

/** Faults as problems with file, line and column, in the order of the file; the first hundred of them. */
export function problemsOf(faults: readonly Fault[], file: string, where: Where): Problem[] {
  const shown = [...faults].sort((a, b) => a.at - b.at).slice(0, maxProblems);
  const problems = shown.map(
    ({ at, code, message }): Problem => ({
      severity: 'error',
      code,
      file,
      ...where(at),
      path: '',
      message,
      suggestion: null,
    }),
  );
  const more = faults.length - shown.length;
  return more === 0 ? problems : [...problems, fileProblem('more-problems', file, `${more} more problems like these`)];
}

/** A problem with a source as a whole. */
export function fileProblem(code: string, file: string, message: string, suggestion: string | null = null): Problem {
  return { severity: 'error', code, file, line: null, column: null, path: '', message, suggestion, excerpt: null };
}
