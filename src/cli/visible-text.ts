import { escaped } from '../report/plain-text.js';

/** Control characters, C1 included, line separators, marks that reorder text or show nothing, and halves of a surrogate pair. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text from a user's file, safe on a terminal: what would move the cursor or hide text shows as `\u001b`. */
export function visibleText(text: string): string {
  return text.replace(unsafe, (character) => named[character] ?? escaped(character));
}

/** JSON that is also safe on a terminal: JSON itself leaves DEL, C1 and reordering marks as they are. Without indent, one line. */
export function visibleJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (character) =>
    character === '\n' ? '\n' : escaped(character),
  );
}
