import { foundTokens } from '../../cost/slice-trace.js';
import { placementOf } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import { contextFor } from '../../workload/context-need.js';
import { type History, inConversation, oneTurn, type Turn } from '../../workload/conversation.js';
import type { RequestTokens, Slice } from '../../workload/demand.js';
import { changeSlices, type InputLever, type Setting, withSlices } from './lever.js';

const withTurn = (tokens: RequestTokens, turn: Turn, history: History): RequestTokens => ({
  ...tokens,
  ...inConversation(turn, history),
  output: turn.output,
});

const path = ({ task }: Slice, key: string): string => `tasks.${task}.tokens.${key}`;
const whole = (tokens: number): string => String(Math.round(tokens));

/**
 * Every prompt loses the same share of what is in it, the part that can be cached too. Documents found for it stay as many: what
 * it loses is taken from what the task itself sends.
 */
export const promptTrim: InputLever = {
  id: 'prompt-trim',
  change(working, suits) {
    const { demand, history } = working;
    const found = foundTokens(demand);
    const share = demand.assume('promptTrim');
    const least = demand.assume('promptTrimFromTokens');
    const changed = changeSlices(working, (slice) => {
      const turn = oneTurn(slice.tokens, history);
      if (!suits(slice) || turn.input < least) return null;
      const own = turn.input - found;
      const left = Math.max(0, turn.input * (1 - share) - found);
      const trimmed = { ...turn, input: left + found, prefix: Math.min(left, turn.prefix * (1 - share)) };
      const needs = { ...slice.needs, contextTokens: contextFor(slice.needs.presetContext, left) };
      return {
        slices: [{ ...slice, needs, tokens: withTurn(slice.tokens, trimmed, history) }],
        changes: [
          { path: path(slice, 'input'), from: own, to: left, unit: 'tokens' },
          { path: path(slice, 'cacheablePrefix'), from: turn.prefix, to: trimmed.prefix, unit: 'tokens' },
        ],
      };
    });
    return changed ?? { not: `no prompt has ${whole(least)} tokens, so there is little to cut` };
  },
};

/** Answers that are read get shorter; reasoning before them stays as long as the plan has it. */
export const outputTrim: InputLever = {
  id: 'output-trim',
  change(working, suits, setting) {
    const { demand, history } = working;
    const share = demand.assume('outputTrim');
    const least = demand.assume('outputTrimFromTokens');
    const changed = changeSlices(working, (slice) => {
      const turn = oneTurn(slice.tokens, history);
      if (!suits(slice) || turn.output < least) return null;
      const output = turn.output * (1 - share);
      const reasoning = slice.tokens.reasoning ?? reasoningIn(slice, setting);
      return {
        slices: [{ ...slice, tokens: { ...withTurn(slice.tokens, { ...turn, output }, history), reasoning } }],
        changes: [
          { path: path(slice, 'output'), from: turn.output, to: output, unit: 'tokens' },
          ...(reasoning === null
            ? []
            : [{ path: path(slice, 'reasoning'), from: reasoning, to: reasoning, unit: 'tokens' }]),
        ],
      };
    });
    return changed ?? { not: `no answer has ${whole(least)} tokens, so there is little to cut` };
  },
};

/** Reasoning tokens of a task in the plan, of its parts the most; null: it does not reason there. */
function reasoningIn(slice: Slice, { plan, of }: Setting): number | null {
  const options = plan.deployments.flatMap(({ option, slices }) =>
    slices.some(({ task }) => task === slice.task) ? [option] : [],
  );
  const tokens = Math.max(0, ...options.map((option) => reasoningTokens(option, slice, of.demand)));
  return tokens === 0 ? null : tokens;
}

/** A part of the conversation is sent again, not all of it. */
export const lessHistory: InputLever = {
  id: 'history',
  change(working, suits) {
    const { demand, history } = working;
    if (history.turns <= 1) return { not: 'a conversation is a single request: nothing is sent again' };
    const kept = history.kept * demand.assume('historyKeptShare');
    const changed = changeSlices(working, (slice) => {
      if (!suits(slice)) return null;
      const tokens = withTurn(slice.tokens, oneTurn(slice.tokens, history), { ...history, kept });
      return { slices: [{ ...slice, tokens }], changes: [] };
    });
    if (changed === null) return { not: 'no task is a conversation' };
    return {
      ...changed,
      working: { ...changed.working, history: { ...history, kept } },
      changes: [{ path: 'assumptions.historySentShare', from: history.kept, to: kept, unit: '' }],
    };
  },
};

/**
 * What all requests of a task share comes first in the prompt, so that more of it is read from the cache. Documents found for
 * one are not shared.
 */
export const promptCache: InputLever = {
  id: 'prompt-cache',
  change(working, suits, setting) {
    const { demand, history } = working;
    const found = foundTokens(demand);
    const share = demand.assume('promptCacheableShare');
    const least = demand.assume('promptCacheMinTokens');
    let short = 0;
    const changed = changeSlices(working, (slice) => {
      const turn = oneTurn(slice.tokens, history);
      const prefix = (turn.input - found) * share;
      if (!suits(slice) || prefix <= turn.prefix) return null;
      const tokens = withTurn(slice.tokens, { ...turn, prefix }, history);
      // The last turn of a conversation sends most again.
      const longest = tokens.prefix + tokens.longestInput - tokens.input;
      if (longest < least && !onOwnMachine(slice, setting)) {
        short++;
        return null;
      }
      return {
        slices: [{ ...slice, tokens }],
        changes: [{ path: path(slice, 'cacheablePrefix'), from: turn.prefix, to: prefix, unit: 'tokens' }],
      };
    });
    if (changed !== null) return changed;
    return {
      not:
        short > 0
          ? `what prompts could share stays below the ${whole(least)} tokens that providers cache`
          : `at least ${whole(share * 100)} % of every prompt is shared already`,
    };
  },
  without({ demand }, setting) {
    const cached = setting.plan.deployments.some(
      ({ lines, slices, option }) =>
        lines.some(({ part }) => part === 'tokens.cached') ||
        (!placementOf(option.kind).perToken && slices.some(({ tokens }) => tokens.prefix > 0)),
    );
    if (!cached) return null;
    return withSlices(
      demand,
      demand.slices.map((slice) => ({ ...slice, tokens: { ...slice.tokens, prefix: 0 } })),
    );
  },
};

/** A server of one's own caches prefixes of any length. */
const onOwnMachine = (slice: Slice, { plan }: Setting): boolean =>
  plan.deployments.some(
    ({ option, slices }) => !placementOf(option.kind).perToken && slices.some(({ task }) => task === slice.task),
  );
