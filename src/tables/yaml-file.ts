import {
  Composer,
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  visit,
  type YAMLMap,
  YAMLParseError,
} from 'yaml';
import type * as z from 'zod';
import { firstLine } from '../units/amount.js';
import { type Problem, problemAt, suggestion } from '../units/problem.js';

/** Most nested maps and lists, far beyond handwritten files. */
export const maxDepth = 100;
export const tooDeepText = 'maps and lists are nested too deeply';

type Parsed = { document: Document.Parsed; tooDeepAt: null } | { document: null; tooDeepAt: number };

/**
 * As the library's `parseDocument`, with a check of nesting before: the library is recursive, and Node ends at once if
 * the stack runs out while a pattern is compiled.
 *
 * @param onNewLine called for line starts, up to what is nested too deeply or to the end of the text
 */
export function parseYaml(
  text: string,
  { uniqueKeys = true, onNewLine }: { uniqueKeys?: boolean; onNewLine?: (offset: number) => void } = {},
): Parsed {
  const tokens = [...new Parser(onNewLine).parse(text)];
  const tooDeepAt = deeperThan(maxDepth, tokens);
  if (tooDeepAt !== null) return { document: null, tooDeepAt };
  const composer = new Composer({ prettyErrors: false, logLevel: 'error', uniqueKeys });
  // There is one whatever the text is; of others only that they are there.
  const [document, next] = composer.compose(tokens, true, text.length) as Iterable<Document.Parsed>;
  if (document === undefined) throw new Error('a text without a document');
  if (next !== undefined) {
    const [from, to] = next.range;
    document.errors.push(new YAMLParseError([from, to], 'MULTIPLE_DOCS', 'the file has several documents: keep one'));
  }
  return { document, tooDeepAt: null };
}

/** Offset of a map or list nested in `most` others; null: none. Not recursive. */
function deeperThan(most: number, tokens: readonly CST.Token[]): number | null {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    if (depth === most) return token.offset;
    for (const { key, value } of token.items)
      for (const inner of [key, value]) if (inner != null) waiting.push({ token: inner, depth: depth + 1 });
  }
  return null;
}

type Path = readonly PropertyKey[];
type More = { on?: 'key'; suggestion?: string | null };

/** A file of facts in YAML: its content, and problems by path. */
type YamlFile = {
  content: unknown;
  problem(path: Path, code: string, message: string, more?: More): Problem;
};

/** Reads YAML without aliases; what keeps it from being read has line and column. */
export function readYaml(file: string, text: string): { yaml: YamlFile | null; problems: Problem[] } {
  const lines = new LineCounter();
  const at = (
    offset: number,
    steps: Path,
    code: string,
    message: string,
    { suggestion = null }: More = {},
  ): Problem => {
    const { line, col: column } = lines.linePos(offset);
    const path = steps.join('.');
    const about = { code, path, message: path === '' ? message : `${path}: ${message}`, suggestion };
    return problemAt(file, { file, line, column, excerpt: text.split(/\r\n|\n|\r/)[line - 1] ?? '' }, about);
  };
  const { document, tooDeepAt } = parseYaml(text, { onNewLine: lines.addNewLine });
  if (document === null) return { yaml: null, problems: [at(tooDeepAt, [], 'bad-yaml', tooDeepText)] };
  if (document.errors.length > 0)
    return {
      yaml: null,
      problems: document.errors.map(({ pos, message }) => at(pos[0], [], 'bad-yaml', firstLine(message))),
    };
  const wrong = wrongKeys(document).map((offset) => at(offset, [], 'bad-yaml', 'a key is plain text'));
  if (wrong.length > 0) return { yaml: null, problems: wrong };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { yaml: null, problems: [at(0, [], 'bad-yaml', 'aliases are not accepted here')] };
  }
  const problem: YamlFile['problem'] = (path, code, message, more = {}) =>
    at(offsetOf(document, path, more), path, code, message, more);
  return { yaml: { content, problem }, problems: [] };
}

/** Offsets of keys that are lists, maps or nothing, which would be made into text. */
function wrongKeys(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value === null) offsets.push((key as Node | null)?.range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** What zod found wrong, each at its place; an unknown key where it stands. */
export function shapeProblems(
  yaml: YamlFile,
  error: z.ZodError,
  code: string,
  keys: readonly string[] = [],
): Problem[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          yaml.problem([...issue.path, key], code, 'no such key', {
            on: 'key',
            suggestion: suggestion(key, keys, 'keys'),
          }),
        )
      : [yaml.problem(issue.path, code, issue.message)],
  );
}

/** Offset of the value (or key) at a path, or of its nearest parent that exists. */
function offsetOf(document: Document, path: Path, { on }: More): number {
  const steps = follow(document.contents as Node | null, path);
  const key = on === 'key' && steps.length === path.length ? steps.at(-1)?.found?.pair.key : undefined;
  const node = key ?? steps.findLast((step) => step.node?.range)?.node;
  return node?.range?.[0] ?? 0;
}

/** The node at a path, and its pair if in a map. */
export type Step = { node: Node | null; found: Found | null };
export type Found = { map: YAMLMap<Node, Node | null>; pair: Pair<Node, Node | null> };

export const pairIn = (node: Node | null, key: PropertyKey): Found['pair'] | undefined =>
  isMap(node)
    ? (node as Found['map']).items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
    : undefined;

/** The steps that a path leads from a node, as far as it leads. */
export function follow(root: Node | null, path: Path, resolve = (node: Node | null) => node): Step[] {
  const steps: Step[] = [];
  let at = root;
  for (const step of path) {
    const pair = pairIn(at, step);
    const item = isSeq(at) && typeof step === 'number' ? (at.items[step] as Node | undefined) : undefined;
    if (pair === undefined && item === undefined) break;
    const node = pair === undefined ? (item as Node) : pair.value;
    steps.push({ node, found: pair === undefined ? null : { map: at as Found['map'], pair } });
    at = resolve(node);
  }
  return steps;
}
