import { fileProblem, type Place, type Problem } from '../../units/problem.js';

/** A value of a JSON text and its offset. Numbers keep their digits, for exact units. */
export type JsonNode = { at: number } & (
  | { kind: 'object'; fields: Map<string, JsonNode> }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string' | 'number' | 'word'; text: string }
);
/** What is wrong at a position of a text. */
export type Fault = { at: number; code: string; message: string };

const maxDepth = 64;
const maxValues = 2_000_000;
const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const word = /(?:true|false|null)(?!\w)/y;
/** Strings with one of these are decoded or refused by `JSON.parse`. */
const notPlain = /[\\\p{Cc}]/u;

/**
 * Reads JSON with positions, and finds duplicate keys. The first error of syntax ends it. `__proto__` is an ordinary
 * key. Text with more than 64 levels or 2 million values is refused.
 */
export function readJson(text: string): { root: JsonNode | null; faults: Fault[] } {
  const faults: Fault[] = [];
  let at = 0;
  let values = 0;

  const skipSpace = (): void => {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const take = (form: RegExp): string | null => {
    form.lastIndex = at;
    const found = form.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const string = (): string => {
    const start = at;
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw fault(start, 'a string that does not end');
    at = end + 1;
    const inside = text.slice(start + 1, end);
    if (!notPlain.test(inside)) return inside;
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      throw fault(start, 'a string with a character that JSON does not allow');
    }
  };
  const next = (mark: string): boolean => {
    skipSpace();
    if (text[at] !== mark) return false;
    at++;
    return true;
  };

  const value = (depth: number): JsonNode => {
    skipSpace();
    const start = at;
    if (depth > maxDepth) throw fault(start, `nested deeper than ${maxDepth} levels`, 'too-deep');
    if (++values > maxValues) throw fault(start, `holds more than ${maxValues} values`, 'too-many-values');
    if (text[at] === '"') return { at: start, kind: 'string', text: string() };
    if (next('{')) return { at: start, kind: 'object', fields: fields(depth) };
    if (next('[')) return { at: start, kind: 'array', items: items(depth) };
    const digits = take(number);
    if (digits !== null) return { at: start, kind: 'number', text: digits };
    const name = take(word);
    if (name !== null) return { at: start, kind: 'word', text: name };
    throw fault(start, at >= text.length ? 'the text ends here' : 'a value should stand here');
  };
  const fields = (depth: number): Map<string, JsonNode> => {
    const found = new Map<string, JsonNode>();
    if (next('}')) return found;
    do {
      skipSpace();
      const start = at;
      if (text[at] !== '"') throw fault(at, 'a key in double quotes should stand here');
      const key = string();
      if (!next(':')) throw fault(at, 'a colon should stand here');
      const each = value(depth + 1);
      if (found.has(key)) faults.push({ at: start, code: 'duplicate-key', message: `"${key}" is defined twice` });
      found.set(key, each);
    } while (next(','));
    if (!next('}')) throw fault(at, 'a comma or } should stand here');
    return found;
  };
  const items = (depth: number): JsonNode[] => {
    const found: JsonNode[] = [];
    if (next(']')) return found;
    do found.push(value(depth + 1));
    while (next(','));
    if (!next(']')) throw fault(at, 'a comma or ] should stand here');
    return found;
  };

  try {
    const root = value(1);
    skipSpace();
    if (at < text.length) throw fault(at, 'more text after the end');
    return { root, faults };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { root: null, faults: [...faults, error] };
  }
}

function fault(at: number, message: string, code = 'not-json'): Fault {
  return { at, code, message: code === 'not-json' ? `not JSON: ${message}` : message };
}

function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && 'at' in error && 'code' in error;
}

/** A source's value as written, and its position: an offset in JSON, a line in CSV. */
export type SourceCell = { text: string; at: number };
/** One row of a source: values by the source's keys, with `/` between levels (`cost/tiers/0/input`). */
export type SourceRecord = {
  at: number;
  /** The source's name of the provider; empty if the whole file is one provider's. */
  provider: string;
  id: string;
  cells: Map<string, SourceCell>;
  /** Why it is no row at all, whatever is in it. */
  misfit?: string;
};
/** Where a position is in a source; the column is not known of all. */
type Where = (at: number) => Omit<Place, 'column'> & { column: number | null };
/** A source, read: nothing in it has been judged yet. */
export type SourceText = { records: SourceRecord[]; faults: Fault[]; where: Where };

/** Every text, number, `true` or `false` below a node; `null` counts as missing. */
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

/** Faults as problems with file, line and column, in file order; the first hundred. */
export function problemsOf(faults: readonly Fault[], file: string, where: Where): Problem[] {
  const shown = [...faults].sort((a, b) => a.at - b.at).slice(0, maxProblems);
  const problems = shown.map(({ at, code, message }) => ({ ...fileProblem(code, file, message), ...where(at) }));
  const more = faults.length - shown.length;
  return more === 0 ? problems : [...problems, fileProblem('more-problems', file, `${more} more problems like these`)];
}
