import { isUtf8 } from 'node:buffer';
import { fileProblem } from './file-problem.js';
import type { ReadText } from './read-text.js';

/** Most that a file may hold unless its reader says otherwise. */
export const defaultMaxBytes = 1024 * 1024;
/** Most that a file of results may hold. */
export const maxResultBytes = 64 * 1024 * 1024;

/** Bytes as text, or why they are none. */
export function decode(bytes: Buffer, file: string, maxBytes: number = defaultMaxBytes): ReadText {
  const refuse = (code: string, message: string, suggestion: string): ReadText => ({
    text: null,
    problem: fileProblem(code, file, message, suggestion),
  });
  if (bytes.length > maxBytes)
    return refuse('file-too-large', `larger than ${maxBytes} bytes`, 'is this the file you meant?');
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return refuse('not-utf8', 'encoded as UTF-16', 'save it as UTF-8');
  if (bytes.includes(0)) return refuse('binary-file', 'a binary file, not text', 'is this the file you meant?');
  if (isUtf8(bytes)) return { text: new TextDecoder().decode(bytes), problem: null };
  const line = lineNotUtf8(bytes);
  const problem = fileProblem('not-utf8', file, 'not encoded as UTF-8', 'save it as UTF-8');
  return { text: null, problem: { ...problem, line, column: 1 } };
}

/** 1-based. A line feed is never part of a longer UTF-8 character, so lines can be looked at one by one. */
function lineNotUtf8(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}
