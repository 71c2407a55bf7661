const longest = 40;

/** A user's value as it may stand in a one-line message: quoted, short, without control characters. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') {
    const entries = Object.entries(value).slice(0, 4);
    const isFlat =
      entries.length > 0 && entries.every(([, inner]) => typeof inner !== 'object' && typeof inner !== 'symbol');
    return isFlat ? quoted(`{${entries.map(([key, inner]) => `${key}: ${inner}`).join(', ')}}`) : 'a map';
  }
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : quoted(String(value));
}

function quoted(text: string): string {
  const line = text.slice(0, longest + 1).replace(/\p{Cc}/gu, '?');
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line}\``;
}
