/** The form of a reader's numbers, for schemas. At most looser than the reader, never stricter. */
export type Written = {
  /** What it is, with the unit of a bare number: `a duration; a bare number is in ms`. */
  title: string;
  /** Regular expression of what may follow the number, if anything. One space stands for any. */
  unit: string;
  /** `$` or `USD` may stand before the number. */
  dollars?: boolean;
  /** A text has the unit, here or at the other end of its range; a bare number is 0. */
  unitNeeded?: boolean;
  /** Limits of a bare number. */
  least?: number;
  most?: number;
  aboveZero?: boolean;
  whole?: boolean;
  /** A bare number is 0 or from 1 up. */
  zeroOrFromOne?: boolean;
};

const digits = '(?:\\d+(?:_\\d+)*(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const suffix = '(?:[kKMB]|thousand|million|billion)?';
const anySpace = '\\s*';
const amount = (dollars: boolean, unit: string): string =>
  [`[+-]?${anySpace}`, dollars ? `(?:\\$|USD\\s)?${anySpace}` : '', digits, anySpace, suffix, anySpace, unit].join('');

const unitOf = ({ unit, unitNeeded }: Written): string =>
  `(?:${unit.replaceAll(' ?', anySpace).replaceAll(' ', '\\s+')})${unitNeeded ? '' : '?'}${anySpace}`;

/** A unit at one end of a range holds for the other, which may have its beginning: any of its characters. */
function beginningOf({ unit }: Written): string {
  if (unit.includes('[A-Za-z]')) return '[A-Za-z/\\s-]*';
  const characters = [...new Set(unit.match(/[A-Za-z%/]/g))].sort().join('');
  return characters === '' ? anySpace : `[${characters}\\s]*`;
}

/** Pattern of one number as text: `5`, `50k requests/day`. */
export const onePattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, unitOf(written))}$`;

/** Pattern of an end of a range in a map, where the other may have the unit. */
export const endPattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, beginningOf(written))}$`;

/** Pattern of a range as text: `40k..60k requests/day`. */
export function rangePattern(written: Written): string {
  const [whole, part] = [unitOf(written), beginningOf(written)].map((unit) => amount(written.dollars === true, unit));
  return `^${anySpace}(?:${part}\\.\\.${anySpace}${whole}|${whole}\\.\\.${anySpace}${part})$`;
}

/** The result of reading a value: the value, or a message with the accepted forms. */
export type Reading<T> = { ok: true; value: T } | { ok: false; message: string };

/** Reads a value of unknown shape, as it comes out of YAML or JSON. Never throws. */
export type Reader<T> = {
  (value: unknown): Reading<T>;
  /** How it wants numbers written; absent: as text or number of any kind. */
  readonly written?: Written;
  /** The same where no range can stand: its messages offer none. */
  readonly alone?: Reader<T>;
};

export const accept = <T>(value: T): Reading<T> => ({ ok: true, value });

export const refuse = (message: string): Reading<never> => ({ ok: false, message });

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longest = 40;

/** A user's value for a message: quoted, short, without control characters. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') {
    const entries = Object.entries(value).slice(0, 4);
    const isFlat =
      entries.length > 0 && entries.every(([, inner]) => typeof inner !== 'object' && typeof inner !== 'symbol');
    return isFlat ? quoted(`{${entries.map(([key, inner]) => `${key}: ${inner}`).join(', ')}}`) : 'fields';
  }
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : quoted(String(value));
}

function quoted(text: string): string {
  const line = text.slice(0, longest + 1).replace(/\p{Cc}/gu, '?');
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line}\``;
}

const longestMessage = 200;

/** The first line of a message of a library, which may quote a text of any length. */
export function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}
