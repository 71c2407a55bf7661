/** Sums in another order differ in their last digits: above a sum times the first of these means above in any order. */
export const certainlyAbove = 1 + 1e-9;
export const certainlyBelow = 1 - 1e-9;

/** Whether a figure keeps a limit: one that is at it may be a last digit past it. */
export const isAtMost = (figure: number, limit: number): boolean => figure <= limit * certainlyAbove;
export const isAtLeast = (figure: number, limit: number): boolean => figure >= limit * certainlyBelow;

/** Numbers by index; seven times as fast as from an iterable. */
export function filled(length: number, numberAt: (at: number) => number): Float64Array {
  const values = new Float64Array(length);
  for (let at = 0; at < length; at++) values[at] = numberAt(at);
  return values;
}

/** Which of two curves costs less at a volume; a tie is a's. */
export type Winner = 'a' | 'b';

/** Ties: USD are published with 12 significant digits. */
const tieShare = 1e-12;

/** Whether two amounts are the same, as far as they are published. */
export function ties(a: number, b: number): boolean {
  const most = Math.max(Math.abs(a), Math.abs(b));
  return a === b || (most < Number.POSITIVE_INFINITY && Math.abs(a - b) <= tieShare * most);
}

/** The cheaper one of two amounts of USD. */
export const winnerOf = (a: number, b: number): Winner => (a <= b || ties(a, b) ? 'a' : 'b');

/** A tried place: by how much it is over its limit (at most 0: within; infinite: unknown), and its value. */
export type Tried<Value> = { x: number; over: number; value: Value };

/** Most tries beyond bisection; how far estimates are moved to the middle. */
const spareTries = 1;
const drawn = 0.2;

/**
 * The last place within its limit, to `width`, of something that only grows: by interpolation, at most one try worse
 * than bisection. Interpolate, truncate, project: Oliveira and Takahashi, ACM Transactions on Mathematical Software
 * 47(1), 2021.
 *
 * @param isEnough whether a place within its limit is precise enough
 */
export function lastWithin<Value>(
  within: Tried<Value>,
  beyond: Tried<Value>,
  tryAt: (x: number) => Tried<Value>,
  width: number,
  isEnough: (within: Tried<Value>) => boolean = () => false,
): Tried<Value> {
  let [low, high] = [within, beyond];
  const whole = high.x - low.x;
  const tries = Math.ceil(Math.log2(whole / width)) + spareTries;
  for (let step = 0; high.x - low.x > width && !isEnough(low); step++) {
    const half = (high.x - low.x) / 2;
    const middle = low.x + half;
    // A little less, so that rounding costs no try.
    const slack = Math.max(0, (width / 2) * 2 ** (tries - step) * 0.999 - half);
    const line = low.x + ((high.x - low.x) * -low.over) / (high.over - low.over);
    // Where one end has no distance, the middle is safest.
    const guess = Number.isFinite(high.over - low.over)
      ? drawnTo(middle, line, (drawn * (2 * half) ** 2) / whole)
      : middle;
    const tried = tryAt(middle + Math.max(-slack, Math.min(slack, guess - middle)));
    if (tried.over <= 0) low = tried;
    else high = tried;
  }
  return low;
}

const drawnTo = (middle: number, guess: number, by: number): number =>
  Math.abs(middle - guess) <= by ? middle : guess + Math.sign(middle - guess) * by;

/** Neighbors around a change: the last whole number before, and the first after it. */
type Turning = { last: number; first: number };

/**
 * Where something changes once between two whole numbers, in either direction, by bisection. Numbers too large to have
 * another between them are neighbors.
 *
 * @param before a number at which it has not changed
 * @param after one at which it has
 */
export function turnBetween(before: number, after: number, hasTurned: (at: number) => boolean): Turning {
  let [last, first] = [before, after];
  for (;;) {
    const middle = last + Math.trunc((first - last) / 2);
    if (middle === last || middle === first) return { last, first };
    if (hasTurned(middle)) first = middle;
    else last = middle;
  }
}

/** Number of items before the first that meets a condition, as all later ones do; binary search. */
export function countUntil(count: number, holdsAt: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holdsAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first of ascending numbers that is at least `limit`; their count if none. */
export const firstAtLeast = (sorted: Float64Array, limit: number): number =>
  countUntil(sorted.length, (at) => (sorted[at] as number) >= limit);

const digits = 12;

/** USD as the JSON has them: 12 significant digits, so that the same bytes come out everywhere. */
export const rounded = (usd: number): number => Number(usd.toPrecision(digits));
/** a - b; of what is the same but for rounding it is 0, and not what rounding leaves over. */
export const difference = (a: number, b: number): number => (ties(a, b) ? 0 : a - b);
export const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

/** A value with every number at 12 significant digits, so that the same bytes come out everywhere. */
export function roundedTree<Tree>(value: Tree): Tree;
export function roundedTree(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map((one) => roundedTree(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundedTree(inner)]));
}

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
