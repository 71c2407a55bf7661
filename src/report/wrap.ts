/** Characters that take no column of their own. */
const combining = /^(?:\p{M}|\p{Join_Control}|\p{Variation_Selector})$/u;
/** Characters of two terminal columns: East Asian scripts, full-width forms, pictographs. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns a text takes in a terminal. */
export function columns(text: string): number {
  let total = 0;
  for (const character of text) total += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return total;
}

/** Text with blanks after it, up to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Text with blanks before it, up to a width. */
export function paddedLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

/**
 * Text in lines of at most `width` columns, broken at blanks. A longer word is broken after one of `/ | ; = @ _ . : ,
 * -`, and within letters only where a line cannot hold it. Blanks inside a line stay.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let blanks = '';
  for (const piece of text.trim().split(/( +)/)) {
    if (/^ *$/.test(piece)) {
      blanks = piece;
      continue;
    }
    const fits = columns(line) + (line === '' ? 0 : blanks.length) + columns(piece) <= width;
    if (fits) {
      line += line === '' ? piece : blanks + piece;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = broken(piece, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** One word in pieces of at most `width` columns, as few as its separators allow. */
function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let line = '';
  for (const part of word.split(/(?<=[/|;=@_.:,-])/).flatMap((part) => cut(part, width))) {
    if (columns(line) + columns(part) > width) {
      pieces.push(line);
      line = '';
    }
    line += part;
  }
  return [...pieces, line];
}

function cut(part: string, width: number): string[] {
  if (columns(part) <= width) return [part];
  const pieces = [''];
  for (const character of part) {
    if (columns((pieces.at(-1) ?? '') + character) > width) pieces.push('');
    pieces[pieces.length - 1] += character;
  }
  return pieces;
}
