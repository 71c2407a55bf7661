/**
 * Fields of a record. `end`, `first`: the times of a call's end and first token; `total`: all its tokens; `kind`,
 * `part`: see `kinds` and `parts`; `blocks`: ids of the prompt's blocks.
 */
export type Field =
  | ('at' | 'until' | 'end' | 'first' | 'calls' | 'failed' | 'status' | 'input' | 'cached' | 'written5m' | 'written1h')
  | ('output' | 'reasoning' | 'total' | 'usd' | 'moreUsd' | 'currency' | 'provider' | 'model' | 'tag' | 'name')
  | ('route' | 'project' | 'key' | 'batch' | 'tier' | 'ttft' | 'duration' | 'session' | 'id' | 'kind' | 'part')
  | ('amount' | 'blocks' | 'week');

/** One tool's export, as a map of its keys; `a.b`: key in a map under `a`, JSON text in a table. */
export type Source = {
  title: string;
  /** The name people type; forms of one tool share it. */
  as: string;
  /** A record with all keys of one of these is of this source; of several the one with most keys. */
  known: readonly (readonly string[])[];
  /** The first of the keys that is filled is read. */
  keys: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** Where cached and written tokens are not inside the input figure. */
  cached?: 'beside' | 'as the total says';
  /** Records that are no single call: calls of a time span, or its cost alone. */
  records?: 'buckets' | 'money';
  /** The format of its provider names in pricing/import/names.csv; default: `as`. */
  names?: string;
  /** Times count from the beginning of the file, in this unit. */
  since?: 's' | 'ms';
  /** A sample of a load: what it has is taken as all of its hours. */
  isTrace?: true;
  /** A status stands only at calls that failed. */
  failed?: 'any status';
  /** Unit of durations; default: ms. */
  durations?: 's';
  /** USD of one unit of its amounts; default: 1. */
  usdPerUnit?: number;
  /** Only records with one of these `kind`s are calls; others are counted under the reason. */
  kinds?: { are: readonly string[]; reason: string; orAbsent?: true };
  /** Values of `part` in a table with a row for each figure of a bucket, and the figure. */
  parts?: Readonly<Record<string, 'calls' | 'cached' | 'fresh' | 'output'>>;
  /** Column names are compared without case, blanks for underscores. */
  loose?: true;
};

const keys = (text: string): string[] => text.split(',').map((key) => key.trim());
const setsOf = (text: string): string[][] => text.split(';').map(keys);

/** Keys by field, as `field: key, key; field: key`; with a leading dot in each of the maps. */
const keysOf = (text: string, maps: readonly string[] = []): Source['keys'] =>
  Object.fromEntries(
    text.split(';').map((entry) => {
      const [field = '', list = ''] = entry.split(':').map((part) => part.trim());
      return [field as Field, keys(list).flatMap((key) => (key.startsWith('.') ? maps.map((map) => map + key) : key))];
    }),
  );

const litellmUsage = ['metadata.usage_object', 'metadata.additional_usage_values'];
const langfuseUsage = ['usage_details', 'usageDetails'];
const times = 'timestamp, time, date, created_at, start_time, month, day, hour';
const inputs = 'input_tokens, prompt_tokens';

/** Every known export. A new one is an entry here, its provider names in names.csv, and a fixture. */
export const sources: readonly Source[] = [
  {
    ...{ title: 'OpenAI usage', as: 'openai', records: 'buckets' },
    known: setsOf('start_time, end_time, num_model_requests; start_time, end_time, start_time_iso, end_time_iso'),
    keys: keysOf(`
      at: start_time, start_time_iso; until: end_time, end_time_iso; calls: num_model_requests; input: input_tokens;
      cached: input_cached_tokens; written5m: input_cache_write_tokens; output: output_tokens; model: model;
      project: project_id; key: api_key_id; batch: batch; tier: service_tier
    `),
  },
  {
    ...{ title: 'OpenAI costs', as: 'openai', records: 'money' },
    known: setsOf('start_time, end_time, amount, line_item'),
    keys: keysOf('at: start_time; until: end_time; usd: amount.value; currency: amount.currency; project: project_id'),
  },
  {
    ...{ title: 'Anthropic usage', as: 'anthropic', cached: 'beside', records: 'buckets' },
    known: setsOf('starting_at, uncached_input_tokens, output_tokens'),
    keys: keysOf(`
      at: starting_at; until: ending_at; input: uncached_input_tokens; cached: cache_read_input_tokens;
      written5m: cache_creation.ephemeral_5m_input_tokens; written1h: cache_creation.ephemeral_1h_input_tokens;
      output: output_tokens; model: model; project: workspace_id; key: api_key_id; tier: service_tier
    `),
  },
  {
    ...{ title: 'Anthropic costs', as: 'anthropic', records: 'money', usdPerUnit: 0.01 },
    known: setsOf('starting_at, ending_at, amount, currency'),
    keys: keysOf('at: starting_at; until: ending_at; usd: amount; currency: currency; project: workspace_id'),
  },
  {
    ...{ title: 'Anthropic console CSV', as: 'anthropic', cached: 'beside', records: 'buckets' },
    known: setsOf('usage_date_utc, model_version; Usage Date (UTC), Model, Output Tokens'),
    keys: keysOf(`
      at: usage_date_utc, Usage Date (UTC); input: usage_input_tokens_no_cache, Input Tokens;
      cached: usage_input_tokens_cache_read, Cache Read Input Tokens;
      written5m: usage_input_tokens_cache_write_5m, usage_input_tokens_cache_write, Cache Creation Input Tokens;
      written1h: usage_input_tokens_cache_write_1h; output: usage_output_tokens, Output Tokens;
      model: model_version, Model; project: workspace; key: api_key; tier: usage_type
    `),
  },
  {
    ...{ title: 'LiteLLM spend logs', as: 'litellm', names: 'litellm' },
    known: setsOf('request_id, spend, startTime; request_id, spend, prompt_tokens, completion_tokens'),
    keys: keysOf(
      `
      at: startTime; end: endTime; first: completionStartTime; duration: request_duration_ms; status: status;
      kind: cache_hit; input: prompt_tokens; cached: .prompt_tokens_details.cached_tokens, .cache_read_input_tokens;
      written5m: .cache_creation_input_tokens; output: completion_tokens;
      reasoning: .completion_tokens_details.reasoning_tokens, .reasoning_tokens; usd: spend;
      provider: custom_llm_provider; model: model; tag: request_tags; route: model_group; project: team_id;
      session: session_id; id: request_id
    `,
      litellmUsage,
    ),
    kinds: {
      are: ['False', 'false', 'None', ''],
      reason: "answered by the gateway's own cache, so at no cost",
      orAbsent: true,
    },
  },
  {
    ...{ title: 'LiteLLM daily spend', as: 'litellm', records: 'buckets', names: 'litellm' },
    known: setsOf('date, spend, api_requests'),
    keys: keysOf(`
      at: date; calls: successful_requests, api_requests; failed: failed_requests; input: prompt_tokens;
      cached: cache_read_input_tokens; written5m: cache_creation_input_tokens; output: completion_tokens; usd: spend;
      provider: custom_llm_provider; model: model; tag: tag; route: model_group; project: team_id
    `),
  },
  {
    ...{ title: 'LiteLLM sums of money by day', as: 'litellm', records: 'money' },
    known: setsOf('startTime, spend, models, users'),
    keys: keysOf('at: startTime; usd: spend'),
  },
  {
    ...{ title: 'Langfuse observations', as: 'langfuse', cached: 'as the total says', durations: 's' },
    known: setsOf('id, type, start_time, usage_details; id, type, startTime, usageDetails'),
    keys: keysOf(
      `
      at: start_time, startTime; end: end_time, endTime; first: completion_start_time, completionStartTime;
      duration: latency; ttft: time_to_first_token, timeToFirstToken; status: level; kind: type;
      input: .input, .input_tokens, .prompt_tokens;
      cached: .input_cached_tokens, .cache_read_input_tokens, .input_cache_read, .cached_tokens, .input_cached;
      written5m: .cache_creation_input_tokens, .input_cache_creation, .input_cache_write;
      output: .output, .output_tokens, .completion_tokens;
      reasoning: .output_reasoning_tokens, .reasoning_tokens, .output_reasoning; total: .total, .total_tokens;
      usd: total_cost, totalCost, calculatedTotalCost, cost_details.total, costDetails.total;
      model: provided_model_name, providedModelName, model; tag: tags;
      name: trace_name, traceName, prompt_name, promptName, name; session: session_id, sessionId; id: id
    `,
      langfuseUsage,
    ),
    kinds: { are: ['GENERATION'], reason: 'an observation that is no generation' },
  },
  {
    ...{ title: 'OpenRouter activity CSV', as: 'openrouter' },
    known: setsOf('generation_id, created_at, tokens_prompt, tokens_completion'),
    keys: keysOf(`
      at: created_at; duration: generation_time_ms; ttft: time_to_first_token_ms; status: finish_reason_normalized;
      input: tokens_prompt; cached: tokens_cached; output: tokens_completion; reasoning: tokens_reasoning;
      usd: cost_total; moreUsd: byok_usage_inference; provider: provider_name; model: model_permaslug; name: app_name;
      key: api_key_name; id: generation_id
    `),
  },
  {
    ...{ title: 'OpenRouter activity', as: 'openrouter', records: 'buckets' },
    known: setsOf('date, model_permaslug, usage, requests'),
    keys: keysOf(`
      at: date; calls: requests; input: prompt_tokens; output: completion_tokens; reasoning: reasoning_tokens;
      usd: usage; moreUsd: byok_usage_inference; provider: provider_name; model: model_permaslug
    `),
  },
  {
    ...{ title: 'Helicone requests', as: 'helicone', names: 'litellm' },
    known: setsOf('request_created_at, request_model, prompt_tokens'),
    keys: keysOf(`
      at: request_created_at; duration: latency; ttft: time_to_first_token; status: status, response_status;
      input: prompt_tokens; cached: prompt_cache_read_tokens; written5m: prompt_cache_write_tokens;
      output: completion_tokens; usd: cost, provider_total_cost; provider: provider;
      model: request_model, response_model; name: properties.Helicone-Prompt-Id, properties.feature, properties.task;
      session: properties.Helicone-Session-Id; id: request_id
    `),
  },
  {
    ...{ title: 'ccusage', as: 'ccusage', cached: 'beside', records: 'buckets' },
    known: setsOf('inputTokens, outputTokens, cacheReadTokens'),
    keys: keysOf(`
      at: date, period, month, week, startTime, lastActivity; week: week; calls: messageCount; input: inputTokens;
      cached: cacheReadTokens; written5m: cacheCreationTokens; output: outputTokens; usd: cost, totalCost, costUSD;
      model: modelName, model; name: agent
    `),
  },
  {
    ...{ title: 'DeepSeek amounts', as: 'deepseek', records: 'buckets' },
    known: setsOf('start_time_iso, end_time_iso, type, price, amount'),
    keys: keysOf(`
      at: start_time_iso; until: end_time_iso; part: type; amount: amount; model: model; key: api_key_name
    `),
    parts: {
      request_count: 'calls',
      input_cache_hit_tokens: 'cached',
      input_cache_miss_tokens: 'fresh',
      output_tokens: 'output',
    },
  },
  {
    ...{ title: 'DeepSeek costs', as: 'deepseek', records: 'money' },
    known: setsOf('start_time_iso, end_time_iso, cost, currency'),
    keys: keysOf('at: start_time_iso; until: end_time_iso; usd: cost; currency: currency'),
  },
  {
    ...{ title: 'OpenTelemetry spans', as: 'otel', failed: 'any status' },
    known: setsOf('startTimeUnixNano, endTimeUnixNano'),
    keys: keysOf(`
      at: startTimeUnixNano; end: endTimeUnixNano; status: error.type; kind: gen_ai.operation.name;
      input: gen_ai.usage.input_tokens, gen_ai.usage.prompt_tokens;
      cached: gen_ai.usage.cache_read.input_tokens, gen_ai.usage.cache_read_input_tokens, gen_ai.usage.input_tokens.cached;
      written5m: gen_ai.usage.cache_creation.input_tokens, gen_ai.usage.cache_creation_input_tokens;
      output: gen_ai.usage.output_tokens, gen_ai.usage.completion_tokens;
      reasoning: gen_ai.usage.reasoning.output_tokens, gen_ai.usage.output_tokens.reasoning;
      provider: gen_ai.provider.name, gen_ai.system; model: gen_ai.response.model, gen_ai.request.model;
      session: gen_ai.conversation.id; id: spanId
    `),
    kinds: {
      are: ['chat', 'text_completion', 'generate_content', 'embeddings'],
      reason: 'a span that is no call of a model: agents and tools repeat what their calls say',
    },
  },
  {
    ...{ title: 'Azure LLM inference trace', as: 'azure-trace', isTrace: true },
    known: setsOf('TIMESTAMP, ContextTokens, GeneratedTokens'),
    keys: keysOf('at: TIMESTAMP; input: ContextTokens; output: GeneratedTokens'),
  },
  {
    ...{ title: 'BurstGPT trace', as: 'burstgpt', isTrace: true, since: 's', durations: 's' },
    known: setsOf('Timestamp, Request tokens, Response tokens'),
    keys: keysOf(`
      at: Timestamp; duration: Elapsed time; input: Request tokens; output: Response tokens; model: Model;
      session: Session ID
    `),
  },
  {
    ...{ title: 'Mooncake trace', as: 'mooncake', isTrace: true, since: 'ms' },
    known: setsOf('timestamp, input_length, output_length'),
    keys: keysOf('at: timestamp; input: input_length; output: output_length; blocks: hash_ids'),
  },
  {
    ...{ title: 'table of usage', as: 'csv', names: 'litellm', loose: true },
    known: keys(times).flatMap((time) => keys(inputs).map((input) => [time, input])),
    keys: keysOf(`
      at: ${times}; until: end_time; calls: requests, calls, count; failed: failed, errors; status: status;
      input: ${inputs}; cached: cached_tokens, cache_read_tokens; written5m: cache_write_tokens, cache_creation_tokens;
      output: output_tokens, completion_tokens; reasoning: reasoning_tokens; usd: cost, usd, spend, cost_usd;
      provider: provider; model: model; tag: task, tag, route, feature, team; batch: batch; ttft: ttft_ms;
      duration: latency_ms, duration_ms; session: session, session_id, conversation_id; id: request_id, id
    `),
  },
];

/** The names of `--as`. */
export const sourceNames: readonly string[] = [...new Set(sources.map(({ as }) => as))];
