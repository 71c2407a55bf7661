import { foundTokens } from '../../cost/task-trace.js';
import { placementOf } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import { type History, inConversation, oneTurn, type Turn } from '../../workload/conversation.js';
import { contextFor, type RequestTokens, type TaskPart } from '../../workload/workload.js';
import { changeTaskParts, type InputLever, type Setting, withTaskParts } from './lever.js';

const withTurn = (tokens: RequestTokens, turn: Turn, history: History): RequestTokens => ({
  ...tokens,
  ...inConversation(turn, history),
  output: turn.output,
});

const path = ({ task }: TaskPart, key: string): string => `tasks.${task}.tokens.${key}`;
const whole = (tokens: number): string => String(Math.round(tokens));

/**
 * Every prompt loses the same share of what is in it, the part that can be cached too. Documents found for it stay as many: what
 * it loses is taken from what the task itself sends.
 */
export const promptTrim: InputLever = {
  id: 'prompt-trim',
  change(working, suits) {
    const { workload, history } = working;
    const found = foundTokens(workload);
    const share = workload.assume('promptTrim');
    const least = workload.assume('promptTrimFromTokens');
    const changed = changeTaskParts(working, (taskPart) => {
      const turn = oneTurn(taskPart.tokens, history);
      if (!suits(taskPart) || turn.input < least) return null;
      const own = turn.input - found;
      const left = Math.max(0, turn.input * (1 - share) - found);
      const prefix = Math.min(left, turn.prefix * (1 - share));
      const trimmed = { ...turn, input: left + found, prefix, history: Math.min(prefix, turn.history * (1 - share)) };
      const needs = { ...taskPart.needs, contextTokens: contextFor(taskPart.needs.presetContext, left) };
      return {
        taskParts: [{ ...taskPart, needs, tokens: withTurn(taskPart.tokens, trimmed, history) }],
        changes: [
          { path: path(taskPart, 'input'), from: own, to: left, unit: 'tokens' },
          { path: path(taskPart, 'cacheablePrefix'), from: turn.prefix, to: trimmed.prefix, unit: 'tokens' },
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
    const { workload, history } = working;
    const share = workload.assume('outputTrim');
    const least = workload.assume('outputTrimFromTokens');
    const changed = changeTaskParts(working, (taskPart) => {
      const turn = oneTurn(taskPart.tokens, history);
      if (!suits(taskPart) || turn.output < least) return null;
      const output = turn.output * (1 - share);
      const reasoning = taskPart.tokens.reasoning ?? reasoningIn(taskPart, setting);
      return {
        taskParts: [{ ...taskPart, tokens: { ...withTurn(taskPart.tokens, { ...turn, output }, history), reasoning } }],
        changes: [
          { path: path(taskPart, 'output'), from: turn.output, to: output, unit: 'tokens' },
          ...(reasoning === null
            ? []
            : [{ path: path(taskPart, 'reasoning'), from: reasoning, to: reasoning, unit: 'tokens' }]),
        ],
      };
    });
    return changed ?? { not: `no answer has ${whole(least)} tokens, so there is little to cut` };
  },
};

/** Reasoning tokens of a task in the plan, of its parts the most; null: it does not reason there. */
function reasoningIn(taskPart: TaskPart, { plan, context }: Setting): number | null {
  const options = plan.deployments.flatMap(({ option, taskParts }) =>
    taskParts.some(({ task }) => task === taskPart.task) ? [option] : [],
  );
  const tokens = Math.max(0, ...options.map((option) => reasoningTokens(option, taskPart, context.workload)));
  return tokens === 0 ? null : tokens;
}

/** A part of the conversation is sent again, not all of it. */
export const lessHistory: InputLever = {
  id: 'history',
  change(working, suits) {
    const { workload, history } = working;
    if (history.turns <= 1) return { not: 'a conversation is a single request: nothing is sent again' };
    const kept = history.kept * workload.assume('historyKeptShare');
    const changed = changeTaskParts(working, (taskPart) => {
      if (!suits(taskPart)) return null;
      const tokens = withTurn(taskPart.tokens, oneTurn(taskPart.tokens, history), { ...history, kept });
      return { taskParts: [{ ...taskPart, tokens }], changes: [] };
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
    const { workload, history } = working;
    const found = foundTokens(workload);
    const share = workload.assume('promptCacheableShare');
    const least = workload.assume('promptCacheMinTokens');
    let short = 0;
    const changed = changeTaskParts(working, (taskPart) => {
      const turn = oneTurn(taskPart.tokens, history);
      const prefix = (turn.input - found) * share;
      if (!suits(taskPart) || prefix <= turn.prefix) return null;
      const tokens = withTurn(taskPart.tokens, { ...turn, prefix }, history);
      // The last turn of a conversation sends most again.
      const longest = tokens.prefix + tokens.longestInput - tokens.input;
      if (longest < least && !onOwnMachine(taskPart, setting)) {
        short++;
        return null;
      }
      return {
        taskParts: [{ ...taskPart, tokens }],
        changes: [{ path: path(taskPart, 'cacheablePrefix'), from: turn.prefix, to: prefix, unit: 'tokens' }],
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
  without({ workload }, setting) {
    const cached = setting.plan.deployments.some(
      ({ lines, taskParts, option }) =>
        lines.some(({ part }) => part === 'tokens.cached') ||
        (!placementOf(option.kind).perToken && taskParts.some(({ tokens }) => tokens.prefix > 0)),
    );
    if (!cached) return null;
    return withTaskParts(
      workload,
      workload.taskParts.map((taskPart) => ({
        ...taskPart,
        tokens: { ...taskPart.tokens, prefix: 0, history: 0, answer: 0 },
      })),
    );
  },
};

/** A server of one's own caches prefixes of any length. */
const onOwnMachine = (taskPart: TaskPart, { plan }: Setting): boolean =>
  plan.deployments.some(
    ({ option, taskParts }) =>
      !placementOf(option.kind).perToken && taskParts.some(({ task }) => task === taskPart.task),
  );
