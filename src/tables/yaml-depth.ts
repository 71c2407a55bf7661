import { type CST, Parser } from 'yaml';

/** Maps and lists that stand inside one another at most; nothing that is written by hand comes near. */
export const maxDepth = 100;
export const tooDeepText = 'maps and lists are nested too deeply';

/**
 * Offset of the first map or list found inside too many others; null: none is. Asked before a text is read: the library
 * reads what is nested by calling itself, and where the stack runs out while a pattern is compiled Node ends at once.
 *
 * @param onNewLine told where lines begin, up to there or to the end of the text
 */
export function tooDeepAt(text: string, onNewLine?: (offset: number) => void): number | null {
  const waiting: { token: CST.Token; depth: number }[] = [];
  for (const root of new Parser(onNewLine).parse(text)) {
    waiting.push({ token: root, depth: 0 });
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { token, depth } = next;
      if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
      if (!('items' in token)) continue;
      if (depth === maxDepth) return token.offset;
      for (const { key, value } of token.items)
        for (const inner of [key, value]) if (inner != null) waiting.push({ token: inner, depth: depth + 1 });
    }
  }
  return null;
}
