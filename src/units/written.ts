/** How a reader wants numbers written, for schemas, which cannot call it. At most looser than the reader, never stricter. */
export type Written = {
  /** Source of a regular expression: what may stand after the number, beside nothing. One space stands for any. */
  unit: string;
  /** `$` or `USD` may stand before the number. */
  dollars?: boolean;
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

const unitOf = ({ unit }: Written): string =>
  `(?:${unit.replaceAll(' ?', anySpace).replaceAll(' ', '\\s+')})?${anySpace}`;

/** A unit at one end of a range holds for the other, which may then have the beginning of it: any of its characters. */
function beginningOf({ unit }: Written): string {
  const characters = [...new Set(unit.match(/[A-Za-z%/]/g))].sort().join('');
  return characters === '' ? anySpace : `[${characters}\\s]*`;
}

/** Pattern of one number as text: `5`, `50k requests/day`. */
export const onePattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, unitOf(written))}$`;

/** Pattern of an end of a range in a map of its own, where the other may have the unit. */
export const endPattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, beginningOf(written))}$`;

/** Pattern of a range as text: `40k..60k requests/day`. */
export function rangePattern(written: Written): string {
  const [whole, part] = [unitOf(written), beginningOf(written)].map((unit) => amount(written.dollars === true, unit));
  return `^${anySpace}(?:${part}\\.\\.${anySpace}${whole}|${whole}\\.\\.${anySpace}${part})$`;
}
