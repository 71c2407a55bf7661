/**
 * A number times a power of ten, rounded once: what `12e-2` would be in source code.
 *
 * @example
 * shiftDecimal(0.07, 2) // 7, where 0.07 * 100 is 7.000000000000001
 */
export function shiftDecimal(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}
