/** Line breaks and tabs, with the blanks around them: they would break the layout. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/**
 * Terminal control: control characters, marks that reorder text, zero-width characters, and halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff\p{Cs}]/gu;

/**
 * Text safe to print: line breaks as spaces, other control characters as visible escapes.
 *
 * @example plainText('a\u001b[2Jb') // 'a\\u001b[2Jb', the escape written out
 */
export function plainText(text: string): string {
  return text.replace(breaks, ' ').replace(unprintable, escaped);
}

/** The same value with every string in it, keys included, made safe to print. */
export function plainTree<T>(value: T): T {
  return plain(value) as T;
}

/** A character as JSON writes it: `\u` and four hexadecimal digits. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key), plain(inner)]));
}
