import type { RequestTokens } from './demand.js';

/** One turn of a conversation: tokens of its own, whatever was said before. */
export type Turn = Pick<RequestTokens, 'input' | 'prefix' | 'output'>;

/** Turns of a conversation, and the share of the earlier ones that is sent again. */
export type History = { turns: number; kept: number };

/**
 * Input tokens of the mean and of the longest request of a conversation. Turn k sends again what the k - 1 turns before it
 * brought, which can be cached: on average (turns - 1) / 2 times (input - prefix + output).
 */
export function inConversation(
  { input, prefix, output }: Turn,
  { turns, kept }: History,
): Pick<RequestTokens, 'input' | 'longestInput' | 'prefix'> {
  const perTurn = (input - prefix + output) * kept;
  const history = ((turns - 1) / 2) * perTurn;
  return { input: input + history, longestInput: input + (turns - 1) * perTurn, prefix: prefix + history };
}

/** What a turn has of its own, from the tokens of the mean request: the other way round. */
export function oneTurn({ input, prefix, output }: Turn, { turns, kept }: History): Turn {
  // History is part of both, so it cancels out.
  const history = ((turns - 1) / 2) * (input - prefix + output) * kept;
  return { input: input - history, prefix: prefix - history, output };
}
