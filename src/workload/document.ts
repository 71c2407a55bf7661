import {
  type Document,
  isAlias,
  isMap as isMapNode,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  visit,
} from 'yaml';
import type { BookProblem } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import { priceBookSchema } from '../tables/price-book/schema.js';
import { sha256 } from '../tables/sha256.js';
import { follow, maxDepth, parseYaml, tooDeepText } from '../tables/yaml-file.js';
import { firstLine, isMap } from '../units/amount.js';
import type { Problem } from '../units/problem.js';
import type { Issue, output } from '../units/schema.js';
import { findingsOf, moreProblems, mostListed, priceBookShape, whyNotText } from './issues.js';
import { getIn, type Path, type Place, type PlaceAt, placesIn, problemAt, reservedKeys } from './source.js';

/** Aliases that are expanded at most, counting what they repeat. */
const maxAliases = 50;

const tooDeep = { code: 'too-deep', message: tooDeepText };
const tooManyAliases = {
  code: 'too-many-aliases',
  message: `aliases (*name) repeat too much: at most ${maxAliases} are expanded`,
};

const plainTags = new Set([
  '!',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`),
]);

/**
 * Removes from a parsed document what YAML allows and a scenario does not, with problems: merge, reserved and non-text
 * keys, foreign tags, missing anchors, and `1,000` inside braces, which YAML reads as two entries. Changes `document`.
 */
function sanitize(document: Document, text: string, file: string, placeAt: PlaceAt): Problem[] {
  const problems: Problem[] = [];
  const report = (node: Node | null, code: string, message: string, suggestion: string | null = null): false => {
    const offset = node?.range?.[0];
    const ends = code === tooDeep.code || code === tooManyAliases.code;
    if (problems.length > mostListed && !ends) return false;
    const about = problems.length === mostListed && !ends ? moreProblems : { code, message, suggestion };
    problems.push(problemAt(file, offset === undefined ? null : placeAt(offset), about));
    return false;
  };
  /** @param names keys before it, to which its own is added */
  const isFit = ({ key, value }: Entry, before: Entry | undefined, names: Set<string>): boolean => {
    if (!isScalar(key) || key.value === null || typeof key.value === 'object')
      return report(key, 'bad-key', 'a key is plain text');
    const name = String(key.value);
    if (key.value === '<<')
      return report(key, 'merge-key', 'merge keys (<<) are not supported', 'write the entries out');
    if (reservedKeys.has(name)) return report(key, 'reserved-key', `\`${key.value}\` cannot be used as a key`);
    // `{b: 1,000}` is `b: 1` and `000: null`.
    const isUnwritten = value === null || (isScalar(value) && value.value === null && !value.source);
    if (isUnwritten && /^\d{3}\b/.test(key.source ?? '') && touches(before?.value, key, text))
      return report(before?.value ?? null, 'comma-in-number', commaMessage(before?.value, key), commaHint);
    if (names.has(name)) return report(key, 'duplicate-key', `\`${name}\` is defined twice`);
    names.add(name);
    return true;
  };
  let aliases = 0;
  visit(document, (_, node, path) => {
    if (path.length > maxDepth) {
      report(isNode(node) ? node : null, tooDeep.code, tooDeep.message);
      return visit.BREAK;
    }
    if (isAlias(node)) {
      aliases += 1;
      // Resolving one takes linear time, so a long list of them is refused before.
      if (aliases > maxAliases) {
        report(node, tooManyAliases.code, tooManyAliases.message);
        return visit.BREAK;
      }
      const target = node.resolve(document);
      if (target && !path.includes(target)) return undefined;
      const why = target ? 'stands inside what it repeats' : 'has no anchor before it';
      report(node, 'bad-alias', `the alias *${node.source} ${why}`);
      return inPlaceOf(node, `*${node.source}`);
    }
    if (isNode(node) && node.tag !== undefined && !plainTags.has(node.tag)) {
      report(node, 'yaml-tag', `the tag ${node.tag} is not supported: write plain values`);
      return inPlaceOf(node, isScalar(node) ? (node.source ?? '') : '');
    }
    if (isMapNode(node)) {
      const pairs = node.items as Entry[];
      const names = new Set<string>();
      node.items = pairs.filter((pair, index) => isFit(pair, pairs[index - 1], names));
    }
    if (isSeq(node))
      for (const [index, after] of (node.items as Node[]).entries()) {
        const before = node.items[index - 1] as Node | undefined;
        if (isScalar(after) && /^0\d\d$/.test(after.source ?? '') && touches(before, after, text))
          report(before ?? null, 'comma-in-number', commaMessage(before, after), commaHint);
      }
    return undefined;
  });
  return problems;
}

type Entry = Pair<Node, Node | null>;

/** Text that stands where a removed node stood, so that positions stay. */
function inPlaceOf({ range }: Node, text: string): Scalar {
  const stand = new Scalar(text);
  stand.source = text;
  stand.range = range ?? null;
  return stand;
}

const commaHint = 'write 1000, 1_000 or 1k';
const commaMessage = (before: unknown, after: Scalar) =>
  `\`${isScalar(before) && before.source},${after.source}\` is read as two entries: a number has no comma`;

/** Digits and digits with only a comma between them: neither is in quotes. */
function touches(before: Node | null | undefined, after: Scalar, text: string): boolean {
  if (!isScalar(before) || before.type !== Scalar.PLAIN || after.type !== Scalar.PLAIN) return false;
  const [end, start] = [before.range?.[1], after.range?.[0]];
  return end !== undefined && start !== undefined && /\d$/.test(before.source ?? '') && text.slice(end, start) === ',';
}

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

/** A price book with the means to point into the text it came from. */
type ReadPriceBook = {
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
