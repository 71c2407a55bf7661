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
import { maxDepth, tooDeepText } from '../tables/yaml-file.js';
import type { Problem } from '../units/problem.js';
import { moreProblems, mostListed } from './issues.js';
import { type PlaceAt, problemAt, reservedKeys } from './source.js';

/** Aliases that are expanded at most, counting what they repeat. */
export const maxAliases = 50;

export const tooDeep = { code: 'too-deep', message: tooDeepText };
export const tooManyAliases = {
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
export function sanitize(document: Document, text: string, file: string, placeAt: PlaceAt): Problem[] {
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
