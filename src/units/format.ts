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

/** `$1,234`; with cents below ten dollars, two significant digits below a cent; or so many places. No locale. */
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

/** A figure with so many places, or with more where requested. */
export const fixedWords =
  (least: number) =>
  (figure: number, places: number = least): string =>
    figure.toFixed(places);

type Words = (figure: number, places?: number) => string;

/** A figure with enough places to differ from a limit that it is not at: $8,000 are not more than $8,000. */
export const wordsBeside = (limit: number, figure: number, wordsOf: Words): [figure: string, limit: string] =>
  allBeside([figure, limit], limit, wordsOf) as [string, string];

/** Figures with equal places, enough to differ from a limit that they are not at. */
export function allBeside(figures: readonly number[], limit: number, wordsOf: Words): string[] {
  const tells = (places: number | undefined): boolean => {
    const told = numberIn(wordsOf(limit, places));
    return figures.every((figure) => figure === limit || numberIn(wordsOf(figure, places)) !== told);
  };
  const places = [undefined, 2, 3, 4, 5, 6, 7, 8, 9].find(tells);
  return figures.map((figure) => wordsOf(figure, places));
}

/** What is read of a figure: zeros at its end make none another. */
const numberIn = (words: string): number => Number(words.replace(/[^\d.-]/g, ''));

/** A fraction for a scenario: `0.015` is `1.5%`. Six digits, without binary rounding errors. */
export const percentText = (fraction: number): string => `${Number((fraction * 100).toPrecision(6))}%`;

/** A word as a shell reads it back. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
