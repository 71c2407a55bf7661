/** A number to six digits, so that a golden file is the same on every machine; next to nothing is nothing. */
export const sixDigits = (value: number): number => (Math.abs(value) < 1e-15 ? 0 : Number(value.toPrecision(6)));

/** A table for a golden file: a line for each row, numbers to six digits, what is not known empty. */
export function goldenTable(rows: readonly Record<string, string | number | null>[]): string {
  const cell = (value: string | number | null | undefined) =>
    typeof value === 'number' ? String(sixDigits(value)) : (value ?? '').replaceAll(',', ';');
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return `${[names, ...rows.map((row) => names.map((name) => cell(row[name])))].map((cells) => cells.join()).join('\n')}\n`;
}

/** A scheme or a card on one line is easier to compare than a page of them. */
const width = 200;
const shared = 120;

/** A result for a golden file, numbers to six digits: what fits on a line is on one, all else a line for each part. */
export function goldenTree(value: unknown, indent = ''): string {
  const whole = JSON.stringify(value, (_, part) => (typeof part === 'number' ? sixDigits(part) : part)) ?? '';
  if (typeof value !== 'object' || value === null || indent.length + whole.length < width)
    return whole.replaceAll(/"(\w+)":/g, '$1: ').replaceAll(/,(?! )/g, ', ');
  const parts = Array.isArray(value)
    ? value.map((part) => ['-', part] as const)
    : Object.entries(value).map(([name, part]) => [`${name}:`, part] as const);
  const lines: string[] = [];
  for (const [name, part] of parts) {
    const told = goldenTree(part, `${indent}  `);
    const text = `${name}${told.startsWith('\n') ? '' : ' '}${told}`;
    const last = lines.at(-1) ?? '';
    // Short parts of one thing share a line.
    const isShort = name !== '-' && !`${last}${text}`.includes('\n') && last.length + text.length < shared;
    if (isShort && last !== '') lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(text);
  }
  return lines.map((line) => `\n${indent}${line}`).join('');
}
