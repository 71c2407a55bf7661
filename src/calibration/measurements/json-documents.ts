import { type Fault, type JsonNode, readJson } from '../../tables/importers/read-json.js';

/** The JSON values of a text, one if it is JSON, one a line if it is JSON lines, with positions in the whole text. */
export type JsonDocuments = { documents: { root: JsonNode; offset: number }[]; faults: Fault[] };

/**
 * Reads JSON or JSON lines. `NaN`, `Infinity` and `-Infinity`, which Python writes, are read as a text: `inf` for the second,
 * empty for the others.
 */
export function jsonDocuments(text: string): JsonDocuments {
  const plain = withoutPythonNumbers(text);
  const whole = readJson(plain);
  if (whole.root !== null) return { documents: [{ root: whole.root, offset: 0 }], faults: whole.faults };
  const lines = linesOf(plain);
  if (lines.length < 2 || !lines.every(({ line }) => line.startsWith('{')))
    return { documents: [], faults: whole.faults };
  const documents: JsonDocuments['documents'] = [];
  const faults: Fault[] = [];
  for (const { line, offset } of lines) {
    const read = readJson(line);
    if (read.root !== null) documents.push({ root: read.root, offset });
    faults.push(...read.faults.map((fault) => ({ ...fault, at: fault.at + offset })));
  }
  return { documents, faults };
}

/** Lines that are not blank, and where each begins. */
function linesOf(text: string): { line: string; offset: number }[] {
  const found = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '') found.push({ line: line.trim(), offset: offset + indent });
    offset += line.length + 1;
  }
  return found;
}

const bare = /"|-?\bInfinity\b|\bNaN\b/g;

/** The text with such numbers replaced by texts of the same length, so that positions stay. */
function withoutPythonNumbers(text: string): string {
  if (!/\b(Infinity|NaN)\b/.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  bare.lastIndex = 0;
  for (let found = bare.exec(text); found !== null; found = bare.exec(text)) {
    const [mark] = found;
    if (mark === '"') bare.lastIndex = endOfString(text, found.index);
    else {
      parts.push(text.slice(from, found.index), (mark === 'Infinity' ? '"inf"' : '""').padEnd(mark.length));
      from = found.index + mark.length;
    }
  }
  return parts.join('') + text.slice(from);
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}
