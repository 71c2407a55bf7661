import { isMap as isMapNode, isScalar, isSeq, Lexer, type Node, type Pair } from 'yaml';
import { type Found, follow, pairIn, parseYaml } from '../tables/yaml-file.js';
import { isMap } from '../units/amount.js';
import { fileProblem, type Problem } from '../units/problem.js';
import { readDocument } from './document.js';
import { type HabitReading, inOneLine, linesOf, originIn, outermost, readHabits } from './habit-readings.js';
import { renamed } from './known-names.js';
import { type ReadOptions, readScenario } from './read.js';
import { pathText } from './set.js';
import { copyTree, getIn, type Path, type Place, placesIn, setIn, startsWith } from './source.js';
import { spellAsKnown } from './words.js';

/** A scenario as its writer meant it, and what was changed at which place. */
export type Fixed = { text: string; changes: { place: Place | null; message: string }[] };

/**
 * Rewrites habitual forms into the format; other text and comments stay. Null with the problems where there is an
 * error, or a text that cannot be changed in pieces.
 */
export function fixScenario(text: string, options: ReadOptions): { fixed: Fixed | null; problems: Problem[] } {
  const { file, tables } = options;
  const { scenario, problems } = readScenario(text, options);
  const bare = text.replace(/^\uFEFF/, '');
  const { document } = scenario === null ? { document: null } : readDocument(bare, file, placesIn(file, bare));
  if (scenario === null || document === null) return { fixed: null, problems };

  const tree = copyTree(document.value);
  const habits = readHabits(tree, tables);
  const spelled = copyTree(tree);
  const words = spellAsKnown(spelled, tables)
    .map(({ path, ...word }) => ({ ...word, path: getIn(tree, path) === undefined ? path.slice(0, -1) : path }))
    .filter(({ path }) => originIn(habits, path) === null);
  for (const { to } of habits) setIn(tree, to, getIn(spelled, to));
  for (const { path, meant } of words) setIn(tree, path, meant);
  // What stands within something else that is moved goes first.
  const all = [...outermost(habits), ...assumptionsRenamed(tree)];
  const isWithin = ({ from }: HabitReading) =>
    all.some((other) => other.from.length < from.length && startsWith(from, other.from));
  const readings = [...all.filter(isWithin), ...all.filter((one) => !isWithin(one))];
  const written = isJson(bare) ? asJson(bare, tree) : wordsPut(bare, words, readings, tree);
  const again = written === null ? null : readScenario(written, options);
  const isSame = JSON.stringify(again?.scenario?.scenario) === JSON.stringify(scenario.scenario);
  if (written === null || !isSame) return { fixed: null, problems: [...problems, notFixed(file)] };
  const place = (path: Path) => document.locate(path, 'key');
  const changes = [
    ...changesOf(readings, tree).map(({ from, message }) => ({ place: place(from), message })),
    ...words.map(({ path, word, meant }) => ({
      place: document.locate(path, 'value'),
      message: `\`${word}\` is now \`${meant}\``,
    })),
  ].sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0));
  return { fixed: { text: written, changes }, problems: again?.problems ?? [] };
}

const notFixed = (file: string): Problem => {
  const message = 'the text cannot be changed piece by piece, as with anchors and aliases';
  return fileProblem('not-fixed', file, message, 'write the lines that the warnings show');
};

/** Assumptions by names that they had once. */
function assumptionsRenamed(tree: unknown): HabitReading[] {
  const given = getIn(tree, ['assumptions']);
  if (!isMap(given)) return [];
  return Object.entries(renamed).flatMap(([name, now]) => {
    if (!Object.hasOwn(given, name) || Object.hasOwn(given, now)) return [];
    given[now] = given[name];
    return [{ from: ['assumptions', name], to: ['assumptions', now] }];
  });
}

function changesOf(readings: readonly HabitReading[], tree: unknown): { from: Path; message: string }[] {
  const keys = [...new Set(readings.map(({ from }) => from.join('\0')))];
  return keys.map((key) => {
    const all = readings.filter(({ from }) => from.join('\0') === key);
    const { from, to } = all[0] as HabitReading;
    const news = all.filter(({ writtenToo }) => writtenToo === undefined).map((one) => one.to);
    const name = pathText(tree, from);
    const message =
      news.length === 0
        ? `\`${name}\` is left out, as \`${pathText(tree, to)}\` says it`
        : `\`${name}\` is now ${linesOf(tree, news)}`;
    return { from, message };
  });
}

function isJson(text: string): boolean {
  try {
    return isMap(JSON.parse(text));
  } catch {
    return false;
  }
}

/** With the indentation of its first line, or in one line. */
function asJson(text: string, tree: unknown): string {
  const [, indent = ''] = /^\s*\{\r?\n([ \t]+)/.exec(text) ?? [];
  return `${JSON.stringify(tree, null, indent)}${text.endsWith('\n') ? '\n' : ''}`;
}

/** The text with all changes made one after another; null where one cannot be. */
function wordsPut(
  text: string,
  words: readonly { path: Path; meant: string }[],
  readings: readonly HabitReading[],
  tree: unknown,
): string | null {
  let now: string | null = text;
  // Words first: they stand where the file has them.
  for (const { path, meant } of words) now = now && put(now, sourceOf(path, readings), meant, tree, []);
  const done = new Set<string>();
  for (const { from } of readings) {
    const key = from.join('\0');
    if (now === null || done.has(key)) continue;
    done.add(key);
    const all = readings.filter((one) => one.from.join('\0') === key);
    const news = all.filter((one) => one.writtenToo === undefined);
    now = news.length > 0 ? moved(now, from, news, tree) : leftOut(now, from, (all[0] as HabitReading).to);
  }
  return now;
}

const sourceOf = (path: Path, readings: readonly HabitReading[]): Path => originIn(readings, path) ?? path;

/** Takes out what is said once more; its comments go to the field that says it. */
function leftOut(text: string, from: Path, said: Path): string | null {
  const left = takenOut(text, from);
  if (left === null) return null;
  const { node } = followed(left.text, said);
  return node === null ? left.text : commented(left.text, startOf(node), left.comments);
}

/** Takes a field out, and writes what it means at its places. */
function moved(text: string, from: Path, news: readonly HabitReading[], tree: unknown): string | null {
  const [first, ...more] = news;
  if (first === undefined) return text;
  const isThere = news.some(({ to }) => to.join('\0') === from.join('\0'));
  const isOne = !isThere && more.every(({ isBeside }) => isBeside);
  const inPlace = isOne ? renamedInPlace(text, from, first.to, getIn(tree, first.to)) : null;
  const left = inPlace === null && !isThere ? takenOut(text, from) : { text: inPlace ?? text, comments: [] };
  let now = left?.text ?? null;
  for (const [index, { to }] of (inPlace === null ? news : more).entries())
    now = now && put(now, to, getIn(tree, to), tree, index === 0 ? (left?.comments ?? []) : []);
  return now;
}

/** How far a path leads: the last node there is, and how many steps are taken. */
function followed(text: string, path: Path): { node: Node | null; depth: number; found: Found | null } {
  const { document } = parseYaml(text, { uniqueKeys: false });
  const root = (document?.contents as Node | null | undefined) ?? null;
  const steps = follow(root, path);
  return { ...(steps.at(-1) ?? { node: root, found: null }), depth: steps.length };
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where a pair or a node ends, without what follows on its line. */
function endOf(text: string, node: Node | null, key?: Node): number {
  if (node === null || (isScalar(node) && node.value === null && !node.source))
    return key === undefined ? 0 : text.indexOf(':', key.range?.[1] ?? 0) + 1;
  const last = (isMapNode(node) || isSeq(node)) && !node.flow ? node.items.at(-1) : undefined;
  if (last !== undefined && isMapNode(node)) {
    const { key: lastKey, value } = last as Pair<Node, Node | null>;
    return endOf(text, value, lastKey);
  }
  if (last !== undefined && (last as Node).range) return endOf(text, last as Node);
  const end = node.range?.[1] ?? 0;
  return end - (/\s*$/.exec(text.slice(0, end))?.[0].length ?? 0);
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
};
const lineStart = (text: string, from: number): number => text.lastIndexOf('\n', from - 1) + 1;
const breakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** Tokens of the lexer alone: the start of a document, an error in a collection, the start of a scalar. */
const marks: ReadonlySet<number> = new Set([0x02, 0x18, 0x1f]);

/** Comments that begin in a part of a text. */
function commentsIn(text: string, from: number, to: number): string[] {
  const comments: string[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.length === 1 && marks.has(lexeme.charCodeAt(0))) continue;
    if (lexeme.startsWith('#') && offset >= from && offset < to) comments.push(lexeme.trimEnd());
    offset += lexeme.length;
  }
  return comments;
}

const replaced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** Comments as lines above the line of an offset. */
function commented(text: string, at: number, comments: readonly string[]): string {
  const start = lineStart(text, at);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  return replaced(text, start, start, comments.map((comment) => `${indent}${comment}${breakOf(text)}`).join(''));
}

/** `data: {residency: [us]}` of a value below some steps. */
const nested = ([key, ...steps]: Path, value: unknown): string =>
  `${key}: ${inOneLine(steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value))}`;

/** Renames a field within its map; null: the right field is elsewhere. */
function renamedInPlace(text: string, from: Path, to: Path, value: unknown): string | null {
  const { found } = followed(text, from);
  const { depth } = followed(text, to);
  const isHere = depth === from.length - 1 && from.slice(0, -1).every((step, index) => step === to[index]);
  if (found === null || !isHere) return null;
  const { key, value: old } = found.pair;
  const [start, end] = [startOf(key), endOf(text, old, key)];
  const comments = commentsIn(text, start, end);
  return commented(replaced(text, start, end, nested(to.slice(depth), value)), start, comments);
}

/** A text without a field, and without emptied maps, with the comments that were there. */
function takenOut(text: string, path: Path): { text: string; comments: string[] } | null {
  const { found } = followed(text, path);
  if (found === null) return null;
  const { map, pair } = found;
  if (map.items.length === 1 && typeof path.at(-2) === 'string') return takenOut(text, path.slice(0, -1));
  const index = map.items.indexOf(pair);
  const [before, next] = [map.items[index - 1], map.items[index + 1]];
  const [start, end] = [startOf(pair.key), endOf(text, pair.value, pair.key)];
  const without = (from: number, to: number) => ({
    text: replaced(text, from, to, ''),
    comments: commentsIn(text, from, to),
  });
  if (map.flow && next === undefined && before !== undefined)
    return without(endOf(text, before.value, before.key), end);
  const first = lineStart(text, start);
  const isAlone = !map.flow && /^[ \t]*$/.test(text.slice(first, start));
  if (!isAlone) return next === undefined ? null : without(start, startOf(next.key));
  return without(
    first,
    Math.min(text.length, text.indexOf('\n', end) === -1 ? text.length : text.indexOf('\n', end) + 1),
  );
}

/** The pair of a map after which a field is inserted: the last if no earlier one is there. */
function pairBefore(map: Found['map'], path: Path, tree: unknown): Found['pair'] | undefined {
  const keys = Object.keys(getIn(tree, path.slice(0, -1)) ?? {});
  const before = keys.slice(0, Math.max(0, keys.indexOf(String(path.at(-1)))));
  const pairs = before.flatMap((key) => pairIn(map, key) ?? []);
  return pairs.at(-1) ?? map.items.at(-1);
}

/** Writes a value at a path, in the deepest existing map and the order of the tree; null: not possible. */
function put(text: string, path: Path, value: unknown, tree: unknown, comments: readonly string[]): string | null {
  const { node, depth, found } = followed(text, path);
  if (depth === path.length) {
    if (node === null) return null;
    const [start, end] = [startOf(node), endOf(text, node)];
    const all = [...comments, ...commentsIn(text, start, end)];
    const isBlock = (isMapNode(node) || isSeq(node)) && !node.flow;
    const from = isBlock && found !== null ? text.indexOf(':', found.pair.key.range?.[1] ?? 0) + 1 : start;
    const by = `${from === start ? '' : ' '}${inOneLine(value)}`;
    return commented(replaced(text, from, end, by), from, all);
  }
  const rest = path.slice(depth);
  if (rest.some((step) => typeof step === 'number')) return null;
  if (found !== null && (node === null || (isScalar(node) && node.value === null))) {
    const at = endOf(text, null, found.pair.key);
    return commented(replaced(text, at, at, ` {${nested(rest, value)}}`), at, comments);
  }
  if (!isMapNode(node)) return null;
  const map = node as Found['map'];
  const last = pairBefore(map, path.slice(0, depth + 1), tree);
  if (last === undefined) return replaced(text, startOf(map), map.range?.[1] ?? 0, `{${nested(rest, value)}}`);
  const end = endOf(text, last.value, last.key);
  if (map.flow) return commented(replaced(text, end, end, `, ${nested(rest, value)}`), startOf(map), comments);
  const [others, one = ''] = [comments.slice(0, -1), comments.at(-1)];
  const indent = ' '.repeat(
    startOf((map.items[0] as Pair<Node>).key) - lineStart(text, startOf((map.items[0] as Pair<Node>).key)),
  );
  const at = lineEnd(text, end);
  const lines = [
    ...others.map((comment) => `${indent}${comment}`),
    `${indent}${nested(rest, value)}${one && `  ${one}`}`,
  ];
  return replaced(text, at, at, lines.map((line) => `${breakOf(text)}${line}`).join(''));
}
