import { type Call, callProblems, callTokens } from '../../../src/cost/call.js';
import type { Inputs } from '../inputs.js';
import type { Period } from '../unit.js';

/** Tokens of some like calls, however a row gives them. */
export type Volume = {
  /** Calls of the period; null: the tokens are those of all calls together. */
  requests: number | null;
  period: Period | null;
  /** Of one call, or of all: as `callTokens` splits them; a total that nobody split counts as input. */
  tokens: ReturnType<typeof callTokens>;
  /** Whether input and output are told apart. */
  split: boolean;
};

/** Names that `readVolume` reads. */
export const volumeNames =
  'input_tokens output_tokens input_tokens_month output_tokens_month input_tokens_per_day output_tokens_per_day ' +
  'tokens tokens_month tokens_per_day tokens_per_request tokens_per_conversation ' +
  'requests requests_per_day requests_per_month conversations conversations_per_day conversations_per_month ' +
  'input_share output_share days_per_month days convention input_tokens_total cached_input_tokens cache_read_tokens cache_write_tokens';

const inPeriods = [
  ['second', '_per_second'],
  ['minute', '_per_minute'],
  ['hour', '_per_hour'],
  ['day', '_per_day'],
  ['month', '_per_month'],
  ['year', '_per_year'],
  [null, ''],
] as const satisfies (readonly [Period | null, string])[];

/** The first of some names that is given with any period. */
function counted(inputs: Inputs, names: readonly string[]): { value: number; period: Period | null } | null {
  for (const name of names)
    for (const [period, ending] of inPeriods)
      if (inputs.has(name + ending)) return { value: inputs.number(name + ending), period };
  return null;
}

/** Reads calls and their tokens. */
export function readVolume(inputs: Inputs): Volume {
  const calls = counted(inputs, ['requests', 'conversations']);
  const asGiven = { requests: calls?.value ?? null, period: calls?.period ?? null };
  const each = (tokens: number, volume = asGiven): Volume => ({ ...volume, ...shared(inputs, tokens) });
  if (inputs.has('tokens_per_request', 'tokens_per_conversation'))
    return each(inputs.number('tokens_per_request', 'tokens_per_conversation'));
  const total = counted(inputs, ['tokens']);
  if (total) return each(total.value, { requests: null, period: total.period });
  // Of a total and the fresh part, the convention says which is the record's number.
  const isFresh = inputs.has('input_tokens') && (inputs.word('convention') ?? '').match(/fresh|exclusive/) !== null;
  if (inputs.has('input_tokens_total') && !isFresh)
    return { ...asGiven, ...cachedCall(inputs, inputs.number('input_tokens_total')) };
  const input = counted(inputs, ['input_tokens']);
  const output = counted(inputs, ['output_tokens']);
  if (input === null && output === null) inputs.number('tokens_per_day', 'tokens_month', 'input_tokens');
  const period = input?.period ?? output?.period ?? null;
  const volume = period === null ? asGiven : { requests: null, period };
  return { ...volume, ...cachedCall(inputs, input?.value ?? 0, output?.value ?? 0) };
}

/** Shares of input and output; one alone leaves the rest to the other, and both are parts of their sum: 75 and 25, 3 and 1. */
export function sharesOf(inputs: Inputs): { input: number; output: number } {
  const output = inputs.or(inputs.has('input_share') ? 1 - inputs.number('input_share') : 0, 'output_share');
  const input = inputs.or(1 - output, 'input_share');
  const whole = input + output;
  if (input < 0 || output < 0 || whole === 0)
    inputs.problem(`\`input_share\` and \`output_share\` are ${input} and ${output}: write shares that sum to 1`);
  return { input: input / whole, output: output / whole };
}

/** A total, split by shares where they are given. */
function shared(inputs: Inputs, tokens: number): Pick<Volume, 'tokens' | 'split'> {
  const share = sharesOf(inputs);
  const [input, output] = [tokens * share.input, tokens * share.output];
  return {
    tokens: { input, output, cached: 0, cacheWrite: 0, cacheWrite1h: 0, prompt: input },
    split: inputs.has('input_share', 'output_share'),
  };
}

const conventions: Record<string, Call['convention']> = {
  input_total_includes_cached: 'inclusive',
  inclusive: 'inclusive',
  input_is_fresh: 'exclusive',
  exclusive: 'exclusive',
};

/** Input and output as a usage record counts them; what the record may mean by input is never guessed. */
function cachedCall(inputs: Inputs, inputTokens: number, output?: number): Pick<Volume, 'tokens' | 'split'> {
  const outputTokens = output ?? inputs.or(0, 'output_tokens');
  const cachedTokens = inputs.or(0, 'cached_input_tokens', 'cache_read_tokens');
  const cacheWriteTokens = inputs.or(0, 'cache_write_tokens');
  const said = inputs.word('convention');
  const convention = said === null ? undefined : conventions[said];
  if (said !== null && convention === undefined)
    inputs.problem(`\`convention\` is "${said}": write input_total_includes_cached or input_is_fresh`);
  if (said === null && cachedTokens + cacheWriteTokens > 0 && !inputs.has('input_tokens_total'))
    inputs.problem('missing `convention`: input_total_includes_cached or input_is_fresh');
  const call: Call = {
    provider: '',
    model: '',
    inputTokens,
    outputTokens,
    cachedTokens,
    cacheWriteTokens,
    convention: convention ?? 'inclusive',
  };
  // A number that was not understood is told already.
  if (inputs.problems().length === 0) for (const { message } of callProblems(call)) inputs.problem(message);
  return { tokens: callTokens(call), split: true };
}
