import * as fc from 'fast-check';
import { odd } from './values.js';

/** What means something to a reader of YAML or CSV, or to a terminal. */
const marks = [...odd.marks, '\ud800'];

type Edit =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'cut'; at: number; length: number }
  | { kind: 'copy'; at: number; to: number; length: number }
  | { kind: 'insert'; at: number; text: string }
  | { kind: 'truncate'; at: number }
  | { kind: 'splice'; at: number; from: number; length: number }
  | { kind: 'swap-lines'; at: number; to: number }
  | { kind: 'repeat-line'; at: number; to: number; times: number }
  | { kind: 'indent-line'; at: number; by: number };

const place = fc.nat({ max: 1_000_000 });
const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 }));
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat({ max: 7 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place, length }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), at: place, to: place, length }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, text: fc.constantFrom(...marks) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), at: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('splice' as const), at: place, from: place, length }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap-lines' as const), at: place, to: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat-line' as const),
      at: place,
      to: place,
      times: fc.constantFrom(1, 1, 1, 2, 60, 300),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('indent-line' as const), at: place, by: fc.integer({ min: -2, max: 4 }) }),
  },
);

/** Some edits of a text; `other` is what parts are spliced in from. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(edit, { minLength: 1, maxLength: 4 });

/** The text after the edits, as a reader of the file would have it: bytes that are no UTF-8 become U+FFFD. */
export function edited(text: string, list: readonly Edit[], other: string): string {
  return list.reduce((now, one) => editedOnce(now, one, other), text);
}

function editedOnce(text: string, one: Edit, other: string): string {
  const at = one.at % (text.length + 1);
  switch (one.kind) {
    case 'flip': {
      const bytes = Buffer.from(text);
      if (bytes.length === 0) return text;
      const where = one.at % bytes.length;
      bytes[where] = (bytes[where] ?? 0) ^ (1 << one.bit);
      return bytes.toString();
    }
    case 'cut':
      return text.slice(0, at) + text.slice(at + one.length);
    case 'copy': {
      const to = one.to % (text.length + 1);
      return text.slice(0, to) + text.slice(at, at + one.length) + text.slice(to);
    }
    case 'insert':
      return text.slice(0, at) + one.text + text.slice(at);
    case 'truncate':
      return text.slice(0, at);
    case 'splice': {
      const from = one.from % (other.length + 1);
      return text.slice(0, at) + other.slice(from, from + one.length) + text.slice(at + one.length);
    }
    default:
      return onLines(text, one);
  }
}

function onLines(text: string, one: Extract<Edit, { kind: `${string}-line${string}` }>): string {
  const lines = text.split('\n');
  const at = one.at % lines.length;
  const line = lines[at] ?? '';
  if (one.kind === 'indent-line') lines[at] = one.by < 0 ? line.slice(-one.by) : ' '.repeat(one.by) + line;
  else if (one.kind === 'swap-lines') {
    const to = one.to % lines.length;
    lines[at] = lines[to] ?? '';
    lines[to] = line;
  } else lines.splice(one.to % (lines.length + 1), 0, ...Array<string>(one.times).fill(line));
  return lines.join('\n');
}
