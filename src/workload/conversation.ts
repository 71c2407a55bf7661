import { turnBetween } from '../units/bisection.js';
import type { RequestTokens } from './workload.js';

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
