const thousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** A whole number with thousands separators. */
export const countWords = (count: number): string => thousands(String(Math.round(count)));

/** A figure as it is, a whole one with thousands separators. */
export const figureWords = (value: number): string => (Number.isInteger(value) ? countWords(value) : String(value));

/** A figure with so many places and thousands separators. */
export function placesWords(value: number, places: number): string {
  const [whole = '', part] = value.toFixed(places).split('.');
  return part === undefined ? thousands(whole) : `${thousands(whole)}.${part}`;
}

/** `$1,234`; cents below ten dollars, below a cent two digits that say something; or so many places. The same in every locale. */
export function usdWords(usd: number, places: number | null = null): string {
  const size = Math.abs(usd);
  const text = `$${placesWords(size, places ?? (size >= 10 ? 0 : placesOf(size)))}`;
  return usd < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

const cent = 0.01;
const mostPlaces = 20;

/** Two, for cents; below a cent those of two digits that say something. */
function placesOf(size: number): number {
  if (size === 0 || size >= cent) return 2;
  const [digits = '', exponent] = size.toExponential(1).split('e');
  return Math.min(mostPlaces, (digits.endsWith('.0') ? 0 : 1) - Number(exponent));
}

/** `1 week`, `2.5 weeks`, or with so many places at the most. */
export const weeksWords = (weeks: number, places = 1): string =>
  `${Number(weeks.toFixed(places))} week${weeks === 1 ? '' : 's'}`;

/** `4.9 %`, or with so many places at the most. */
export const percentWords = (percent: number, places: number | null = null): string =>
  `${Number(percent.toFixed(places ?? 1))} %`;
