import type { Tables } from '../tables/tables.js';
import { isMap, type Reading } from '../units/amount.js';
import { recent } from '../units/memo.js';
import { hoursPerDay, hoursPerWeek, secondsPerHour } from '../units/month.js';
import { turnBetween } from '../units/numeric.js';
import { readShare } from '../units/readers.js';
import type { Uncertain } from '../units/uncertain.js';
import type { Scenario } from './schema.js';
import { getIn, setIn } from './source.js';
import type { Bursts, RequestTokens } from './workload.js';

/** One turn of a conversation: tokens of its own, whatever was said before. */
export type Turn = Pick<RequestTokens, 'input' | 'prefix' | 'history' | 'output'>;

/** What earlier turns bring, and by how much. */
type Told = Pick<RequestTokens, 'input' | 'longestInput' | 'turns' | 'prefix' | 'history' | 'answer'>;

/** Turns of a conversation, and the share of the earlier ones that is sent again. */
export type History = { turns: number; kept: number };

/** The share of earlier turns that is sent again; 0 without earlier turns. */
export const keptOf = (turns: number, assume: (name: string) => number): number =>
  turns > 1 ? assume('historySentShare') : 1;

/**
 * Input tokens of the mean and of the longest request of a conversation. Turn k sends the k - 1 turns before it again,
 * which can be cached: on average (turns - 1) / 2 times (input - prefix + output).
 */
export function inConversation({ input, prefix, history, output }: Turn, { turns, kept }: History): Told {
  const perTurn = (input - prefix + output) * kept;
  const earlier = ((turns - 1) / 2) * perTurn;
  return {
    input: input + earlier,
    longestInput: input + (turns - 1) * perTurn,
    turns,
    prefix: prefix + earlier,
    history: history + earlier,
    answer: turns > 1 ? output * kept : 0,
  };
}

/** The inverse: a turn's own tokens, from those of the mean request. */
export function oneTurn({ input, prefix, history, output }: Turn, { turns, kept }: History): Turn {
  // What earlier turns bring is part of both, so it cancels out.
  const earlier = ((turns - 1) / 2) * (input - prefix + output) * kept;
  return { input: input - earlier, prefix: prefix - earlier, history: history - earlier, output };
}

/**
 * Successive turns with equal prices, from the `first` to the `last`: their share of all requests, and their mean
 * tokens.
 */
export type TurnsAlike = Prompt & { first: number; last: number; share: number; earlier: number };

/** Tokens of a prompt: all, those shared by all requests of the task, and those sent earlier in its session. */
export type Prompt = { input: number; shared: number; history: number };

/**
 * The turns of a conversation in stretches of equal prices. All have equal weight, except a last one where the number
 * is not whole: it has the remaining turns before it, and such a share that the mean stays (turns - 1) / 2.
 *
 * @param kindOf a number for how a prompt is billed, which never falls from turn to turn
 */
export function turnsAlike(
  { input, longestInput, turns, prefix, history, answer }: Told,
  kindOf: (prompt: Prompt) => number,
): TurnsAlike[] {
  const last = turns - 1;
  const whole = Math.floor(turns);
  const part = turns - whole;
  const lastShare = part / (whole - 1 + 2 * part);
  const share = part === 0 ? 1 / whole : (1 - lastShare) / whole;
  const shared = prefix - history;
  const perTurn = last > 0 ? (longestInput - input) / (last / 2) : 0;
  /** For turns with so many before them, at most so many in the turn before. None without a history. */
  const after = (earlier: number, before: number): Prompt => {
    const more = (earlier - last / 2) * perTurn;
    const sent = history + more - before * answer;
    return { input: input + more, shared, history: history === 0 ? 0 : Math.max(0, sent) };
  };
  const before = last <= 0 ? 0 : whole * share - share + (part === 0 ? 0 : lastShare * Math.min(1, last));
  const mean = { first: 1, last: Math.ceil(turns), share: 1, earlier: last / 2, ...after(last / 2, before) };
  const kindAt = (earlier: number) => kindOf(after(earlier, Math.min(1, earlier)));
  if (perTurn <= 0 || kindAt(0) === kindAt(last)) return [mean];

  const count = part === 0 ? whole : whole + 1;
  const earlierAt = (n: number) => Math.min(n, last);
  const found: TurnsAlike[] = [];
  for (let from = 0; from < count; ) {
    const to = firstOther(from, count, (n) => kindAt(earlierAt(n)));
    const wholes = Math.min(to, whole) - from;
    const own = to > whole ? lastShare : 0;
    const sum = wholes * share + own;
    const earlier = (share * wholes * (2 * from + wholes - 1)) / 2 + own * last;
    const before = share * (from === 0 ? wholes - 1 : wholes) + own * Math.min(1, last);
    const mean = after(earlier / sum, before / sum);
    found.push({ first: from + 1, last: to, share: sum, earlier: earlier / sum, ...mean });
    from = to;
  }
  return found;
}

/** The first number up to `end` of another kind than the first, by halves. */
function firstOther(from: number, end: number, kindAt: (n: number) => number): number {
  const kind = kindAt(from);
  return turnBetween(from, end, (n) => kindAt(n) !== kind).first;
}

const steadyDigits = 12;
const usualProfile = 'business-hours';

const made = recent<Float64Array>(64);

/**
 * 168 hourly multipliers with mean 1, from a name, from hours, or from a ratio of peak to mean. The same profile gives
 * the same object, which caches use.
 */
export function profileOf({ workload }: Scenario, tables: Tables): { name: string; multipliers: Float64Array } {
  const { profile = usualProfile } = workload;
  if (typeof profile === 'string') {
    const row = tables.profileOf.get(profile);
    if (row === undefined)
      throw new Error(`no profile ${profile}: readScenario checks names when it is given the tables`);
    return { name: profile, multipliers: row.multipliers };
  }
  if (Array.isArray(profile)) return { name: 'own hours', multipliers: made(profile.join(), () => weekOf(profile)) };
  const { likely } = profile.peakToMean;
  return { name: `peak ${likely} x mean`, multipliers: made(`peak ${likely}`, () => waveWithPeak(likely)) };
}

/** The hours of bursts, evenly through the day; longer ones continue in later hours. */
export function hoursOfBursts({ perDay, withinS }: Bursts): Float64Array {
  return made(`bursts ${perDay} ${withinS}`, () => {
    const bursts = Math.min(hoursPerDay, Math.ceil(perDay));
    const length = Math.ceil(withinS / secondsPerHour);
    const starts = Array.from({ length: bursts }, (_, i) => Math.floor((i * hoursPerDay) / bursts));
    const hours = new Array<number>(hoursPerDay).fill(0);
    for (const start of starts) for (let hour = start; hour < start + length; hour++) hours[hour % hoursPerDay] = 1;
    return weekOf(hours);
  });
}

/** Busiest minute of an hour in which a burst comes over the mean one. */
export const inHourOf = ({ perDay, withinS }: Bursts): number =>
  Math.max(1, secondsPerHour / withinS / Math.max(1, perDay / hoursPerDay));

/** Hours over and over through a week, over their mean. */
function weekOf(hours: readonly number[]): Float64Array {
  // First relative to the highest hour: a sum of the largest numbers would overflow.
  const highest = hours.reduce((most, x) => Math.max(most, x), 0);
  const week = Float64Array.from({ length: hoursPerWeek }, (_, hour) => (hours[hour % hours.length] ?? 0) / highest);
  const mean = week.reduce((sum, x) => sum + x, 0) / hoursPerWeek;
  return week.map((x) => x / mean);
}

/**
 * A wave whose highest hour is `ratio` times the mean of 1: a raised cosine to a power found by bisection. It repeats
 * every day if a day is long enough for the ratio, else every week.
 */
function waveWithPeak(ratio: number): Float64Array {
  if (ratio <= 1) return new Float64Array(hoursPerWeek).fill(1);
  const period = ratio < hoursPerDay / 2 ? hoursPerDay : hoursPerWeek;
  const top = period / 2;
  const wave = (power: number) => {
    const cycle = Float64Array.from(
      { length: period },
      (_, hour) => ((1 + Math.cos((2 * Math.PI * (hour - top)) / period)) / 2) ** power,
    );
    const mean = cycle.reduce((sum, x) => sum + x, 0) / period;
    return cycle.map((x) => x / mean);
  };
  const peak = (power: number) => wave(power)[top] as number;
  let low = 0;
  let high = 1;
  while (peak(high) < ratio && high < 1e6) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (peak(middle) < ratio) low = middle;
    else high = middle;
  }
  // The last digits of a power depend on Node's version; differences of large figures would show them.
  const cycle = wave((low + high) / 2).map((x) => Number(x.toPrecision(steadyDigits)));
  return Float64Array.from({ length: hoursPerWeek }, (_, hour) => cycle[hour % period] as number);
}

/** Shares of tasks sum to 1 within this, to forgive rounding. */
export const shareTolerance = 0.005;

/**
 * The shares of all tasks without their own volume, completed: equal where none has one, the rest where one lacks it.
 * Null for a task with its own volume; the whole is null if unclear.
 */
export function effectiveShares(
  tasks: readonly { share: Uncertain | null; ownVolume: boolean }[],
): (Uncertain | null)[] | null {
  const sharers = tasks.filter(({ ownVolume }) => !ownVolume);
  const given = sharers.flatMap(({ share }) => (share ? [share.likely] : []));
  const missing = sharers.length - given.length;
  const sum = given.reduce((total, share) => total + share, 0);
  const left = missing === sharers.length ? 1 / sharers.length : 1 - sum;
  if (missing > 1 && missing < sharers.length) return null;
  if (missing === 0 && sharers.length > 0 && Math.abs(sum - 1) > shareTolerance) return null;
  if (missing === 1 && left <= 0) return null;
  return tasks.map(({ share, ownVolume }) => (ownVolume ? null : (share ?? { likely: left, range: null })));
}

/** The shares of the tasks of an unchecked scenario, or null if unclear. */
export function readShares(root: unknown): (Uncertain | null)[] | null {
  const tasks = getIn(root, ['tasks']);
  if (!Array.isArray(tasks) || !tasks.every(isMap)) return null;
  const read = tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: (volume ?? null) !== null }));
  const known = read.map(({ share, ownVolume }) => ({ ownVolume, reading: share === null ? null : readShare(share) }));
  if (known.some(({ reading }) => reading !== null && !reading.ok)) return null;
  return effectiveShares(
    known.map(({ ownVolume, reading }) => ({ ownVolume, share: reading?.ok ? reading.value : null })),
  );
}

/**
 * Scales the shares of all tasks but the `held` ones, in proportion to their shares `before`, so that the sum is 1
 * again. Unchanged where impossible; checking the scenario then says why. Changes `root`.
 */
export function rescaleShares(root: unknown, before: readonly (Uncertain | null)[], held: readonly number[]): void {
  const heldShares = held.map((index) => readShare(getIn(root, ['tasks', index, 'share'])));
  const taken = sumOf([...new Set(held)].map((index) => shareAt(heldShares[held.indexOf(index)])));
  const rest = sumOf(before.map((share, index) => (share && !held.includes(index) ? share.likely : 0)));
  if (!(taken <= 1) || rest <= 0) return;
  for (const [index, share] of before.entries()) {
    if (share && !held.includes(index)) setIn(root, ['tasks', index, 'share'], scaledShare(share, (1 - taken) / rest));
  }
}

const shareAt = (reading: Reading<Uncertain> | undefined) => (reading?.ok ? reading.value.likely : Number.NaN);

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function scaledShare({ likely, range }: Uncertain, factor: number): unknown {
  const scaled = (share: number) => Math.min(1, share * factor);
  return range ? { low: scaled(range.low), likely: scaled(likely), high: scaled(range.high) } : scaled(likely);
}
