import type { Problem } from '../units/problem.js';
import { type PlaceAt, problemAt } from './source.js';

const maxBytes = 1024 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

/** Why this text is not worth parsing, or null: too large, not UTF-8, or not text at all. */
export function whyNotText(text: string, file: string, placeAt: PlaceAt): Problem | null {
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes) {
    return problemAt(file, null, { code: 'too-large', message: 'the file is larger than 1 MiB' });
  }
  const binary = control.exec(text);
  if (binary) {
    const message = 'the file has control characters: it is not a text file, or not in UTF-8';
    return problemAt(file, { ...placeAt(binary.index), excerpt: '' }, { code: 'not-text', message });
  }
  const wrong = text.indexOf('\uFFFD');
  if (wrong === -1) return null;
  return problemAt(file, placeAt(wrong), {
    code: 'wrong-encoding',
    message: 'the file is not in UTF-8',
    suggestion: 'save it as UTF-8',
  });
}
