import { type Document, isAlias, isMap as isMapNode, isScalar, type Node, visit } from 'yaml';
import { follow, parseYaml } from '../tables/yaml-file.js';
import type { Problem } from '../units/problem.js';
import { firstLine } from '../units/reading.js';
import { maxAliases, sanitize, tooDeep, tooManyAliases } from './sanitize.js';
import { getIn, type Path, type Place, type PlaceAt, problemAt } from './source.js';

/** YAML or JSON text as plain data that still knows where everything stood. */
export type ReadDocument = {
  value: unknown;
  /**
   * The position of the value (or the key) at `path`. If missing: the key of its nearest ancestor, for an entry of a
   * list the entry, at the root the first key.
   */
  locate(path: Path, on: 'value' | 'key'): Place | null;
  /** The same, but null where the path is not there. */
  find(path: Path, on?: 'value' | 'key'): Place | null;
};

const mostSyntaxErrors = 20;

const codes: Partial<Record<string, { code: string; message: string }>> = {
  TAB_AS_INDENT: { code: 'tab-indent', message: 'a tab is used as indentation: indent with spaces' },
  MULTIPLE_DOCS: { code: 'several-documents', message: 'the file has several documents: keep one, without ---' },
};

/** Reads one YAML (or JSON) document, also with errors except of syntax. */
export function readDocument(
  text: string,
  file: string,
  placeAt: PlaceAt,
): { document: ReadDocument | null; problems: Problem[] } {
  // `sanitize` finds duplicate keys: the library's check takes quadratic time.
  const { document: parsed, tooDeepAt } = parseYaml(text, { uniqueKeys: false });
  if (parsed === null) return { document: null, problems: [problemAt(file, placeAt(tooDeepAt), tooDeep)] };
  const problems = parsed.errors
    .slice(0, mostSyntaxErrors)
    .map((error) =>
      problemAt(
        file,
        placeAt(Math.min(error.pos[0], text.length)),
        codes[error.code] ?? { code: 'yaml-syntax', message: firstLine(error.message) },
      ),
    );
  const second = problems.length === 0 ? null : secondJson(text);
  if (second !== null) return { document: null, problems: [problemAt(file, placeAt(second), jsonLines)] };
  if (problems.length > 0) return { document: null, problems };
  problems.push(...sanitize(parsed, text, file, placeAt));
  if (problems.some(({ code }) => code === tooDeep.code || code === tooManyAliases.code))
    return { document: null, problems };
  const value = plainData(parsed);
  if (value === multiplied) {
    problems.push(problemAt(file, firstAlias(parsed, placeAt), tooManyAliases));
    return { document: null, problems };
  }
  const find = (path: Path, on: 'value' | 'key' = 'value') =>
    path.length > 0 && getIn(value, path) === undefined ? null : locate(parsed, path, on, placeAt);
  return { document: { value, find, locate: (path, on) => locate(parsed, path, on, placeAt) }, problems };
}

const jsonLines = {
  code: 'several-documents',
  message: 'the text is JSON Lines: several documents, one a line',
  suggestion: 'assess - --format jsonl reads one scenario a line; otherwise keep one',
};

/** Offset of the second of several lines of JSON; null: other text. */
function secondJson(text: string): number | null {
  const [, first = '', next] = /^(\s*\{[^\n]*\}\s*\n\s*)(\{)?/.exec(text) ?? [];
  if (next === undefined) return null;
  try {
    JSON.parse(first);
    return first.length;
  } catch {
    return null;
  }
}

const multiplied = Symbol('aliases of aliases');

/** Plain data; the library throws a ReferenceError when aliases multiply. */
function plainData(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (error instanceof ReferenceError) return multiplied;
    throw error;
  }
}

function firstAlias(document: Document, placeAt: PlaceAt): Place | null {
  let first: Node | null = null;
  visit(document, {
    Alias(_, alias) {
      first = alias;
      return visit.BREAK;
    },
  });
  return startOf(first, placeAt);
}

function locate(document: Document, path: Path, on: 'value' | 'key', placeAt: PlaceAt): Place | null {
  const root = resolved(document.contents as Node | null, document);
  const steps = follow(root, path, (node) => resolved(node, document));
  const last = steps.at(-1);
  if (!last) {
    const first = isMapNode(root) ? (root.items[0]?.key as Node | undefined) : undefined;
    return startOf(first ?? root, placeAt);
  }
  const { node, found } = last;
  const key = found?.pair.key ?? null;
  const complete = steps.length === path.length;
  const empty = isScalar(node) && node.value === null && (node.source ?? '') === '';
  return startOf(complete && on === 'value' && !empty ? (node ?? key) : (key ?? node), placeAt);
}

const resolved = (node: Node | null, document: Document): Node | null =>
  isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : node;

function startOf(node: Node | null | undefined, placeAt: PlaceAt): Place | null {
  const offset = node?.range?.[0];
  return offset === undefined ? null : placeAt(offset);
}
