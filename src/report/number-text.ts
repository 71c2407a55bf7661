/**
 * Numbers as text, the same in every locale: the language's own formatting depends on the machine it runs on.
 */

/** A whole number with thousands separators: 1234567 -> `1,234,567`. */
export function grouped(value: number): string {
  const digits = Math.abs(value).toFixed(0);
  const sign = value < 0 && digits !== '0' ? '-' : '';
  return sign + digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with at most two decimals and none that say nothing: 0.2, 1.25, 1,234. */
export function decimal(value: number): string {
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return grouped(value);
  if (value !== 0 && Math.abs(value) < 0.005) return String(Number(value.toPrecision(2)));
  return String(Number(value.toFixed(2)));
}

/** A fraction as a whole percentage: 0.62 -> `62 %`; what is there but rounds to nothing is `<1 %`. */
export function percent(fraction: number): string {
  return wholePercent(fraction * 100);
}

/** The same from a number that already is a percentage. */
export function wholePercent(value: number): string {
  if (value > 0 && value < 0.5) return '<1 %';
  return `${grouped(value)} %`;
}

/** A whole number and its noun: `1 option`, `12,000 options`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
