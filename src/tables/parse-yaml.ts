import { Composer, type CST, type Document, Parser, YAMLParseError } from 'yaml';

/** Maps and lists that stand inside one another at most; nothing that is written by hand comes near. */
export const maxDepth = 100;
export const tooDeepText = 'maps and lists are nested too deeply';

type Parsed = { document: Document.Parsed; tooDeepAt: null } | { document: null; tooDeepAt: number };

/**
 * As `parseDocument` of the library, but for how deep a text is nested, which is told before anything is made of it: the
 * library reads what is nested by calling itself, and where the stack runs out while a pattern is compiled Node ends at once.
 *
 * @param onNewLine told where lines begin, up to what is nested too deeply or to the end of the text
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

/** Offset of a map or list that stands inside `most` others; null: none does. Calls nothing again, however deep it is. */
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
