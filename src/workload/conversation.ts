import { turnBetween } from '../units/bisection.js';
import type { RequestTokens } from './workload.js';

/** One turn of a conversation: tokens of its own, whatever was said before. */
export type Turn = Pick<RequestTokens, 'input' | 'prefix' | 'output'>;

/** Turns of a conversation, and the share of the earlier ones that is sent again. */
export type History = { turns: number; kept: number };

/** The share of earlier turns that is sent again, which is asked for only where there are any. */
export const keptOf = (turns: number, assume: (name: string) => number): number =>
  turns > 1 ? assume('historySentShare') : 1;

/**
 * Input tokens of the mean and of the longest request of a conversation. Turn k sends again what the k - 1 turns before it
 * brought, which can be cached: on average (turns - 1) / 2 times (input - prefix + output).
 */
export function inConversation(
  { input, prefix, output }: Turn,
  { turns, kept }: History,
): Pick<RequestTokens, 'input' | 'longestInput' | 'turns' | 'prefix'> {
  const perTurn = (input - prefix + output) * kept;
  const history = ((turns - 1) / 2) * perTurn;
  return { input: input + history, longestInput: input + (turns - 1) * perTurn, turns, prefix: prefix + history };
}

/** What a turn has of its own, from the tokens of the mean request: the other way round. */
export function oneTurn({ input, prefix, output }: Turn, { turns, kept }: History): Turn {
  // History is part of both, so it cancels out.
  const history = ((turns - 1) / 2) * (input - prefix + output) * kept;
  return { input: input - history, prefix: prefix - history, output };
}

/**
 * Turns one after another that a provider bills alike, from the `first` to the `last`: their share of all requests, and the
 * mean of what they send.
 */
export type TurnsAlike = {
  first: number;
  last: number;
  share: number;
  earlier: number;
  input: number;
  prefix: number;
};

/**
 * The turns of a conversation, in stretches that are billed alike. Turns are as many each, but for a last one where the
 * number is not whole: it has as much before it as is left, and such a share that the mean stays (turns - 1) / 2.
 *
 * @param kindOf tells how a prompt is billed by a number that never falls from turn to turn
 */
export function turnsAlike(
  { input, longestInput, turns, prefix }: Pick<RequestTokens, 'input' | 'longestInput' | 'turns' | 'prefix'>,
  kindOf: (prompt: { input: number; prefix: number }) => number,
): TurnsAlike[] {
  const last = turns - 1;
  const mean = { first: 1, last: Math.ceil(turns), share: 1, earlier: last / 2, input, prefix };
  if (last <= 0 || longestInput <= input) return [mean];
  const perTurn = (longestInput - input) / (last / 2);
  /** Of a turn with so many before it. Without a prefix in the mean, nothing can be cached in any. */
  const after = (earlier: number) => {
    const more = (earlier - last / 2) * perTurn;
    return { input: input + more, prefix: prefix === 0 ? 0 : Math.max(0, prefix + more) };
  };
  const kindAt = (earlier: number) => kindOf(after(earlier));
  if (kindAt(0) === kindAt(last)) return [mean];

  const whole = Math.floor(turns);
  const part = turns - whole;
  const lastShare = part / (whole - 1 + 2 * part);
  const share = part === 0 ? 1 / whole : (1 - lastShare) / whole;
  const count = part === 0 ? whole : whole + 1;
  const earlierAt = (n: number) => Math.min(n, last);
  const found: TurnsAlike[] = [];
  for (let from = 0; from < count; ) {
    const to = firstOther(from, count, (n) => kindAt(earlierAt(n)));
    const wholes = Math.min(to, whole) - from;
    const own = to > whole ? lastShare : 0;
    const sum = wholes * share + own;
    const earlier = (share * wholes * (2 * from + wholes - 1)) / 2 + own * last;
    found.push({ first: from + 1, last: to, share: sum, earlier: earlier / sum, ...after(earlier / sum) });
    from = to;
  }
  return found;
}

/** The first number up to `end` of another kind than the first, by halves. */
function firstOther(from: number, end: number, kindAt: (n: number) => number): number {
  const kind = kindAt(from);
  return turnBetween(from, end, (n) => kindAt(n) !== kind).first;
}
