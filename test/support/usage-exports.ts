import { madeOnce } from '../../src/units/memo.js';

/** A call as it was, and the same calls as each tool would export them. */
export type MadeUpCall = {
  at: number;
  model: string;
  provider: 'openai' | 'anthropic' | 'deepseek';
  task: string;
  session: string;
  /** All of the prompt; `cached` and `written` of it. */
  input: number;
  cached: number;
  written: number;
  /** With reasoning. */
  output: number;
  reasoning: number;
  usd: number;
  ttftMs: number;
  totalMs: number;
};

const dayMs = 86_400_000;
/** A Monday. */
export const firstDay = Date.parse('2026-10-12T00:00:00Z');

/** Stands in every field of an export that holds what was said, a person or a key. */
export const marker = 'MARKER-of-what-nobody-may-see';

/** Numbers from 0 to 1, the same each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Prices of the newest snapshot when this was written, USD per 1e6 tokens: input, cached, written, output. */
const prices: Record<string, readonly [number, number, number, number]> = {
  'gpt-4o-mini': [0.15, 0.075, 0.15, 0.6],
  'gpt-5.4': [2.5, 0.25, 2.5, 15],
  'claude-sonnet-5': [2, 0.2, 2.5, 10],
  'deepseek-v4-flash': [0, 0, 0, 0],
};

type Kind = Pick<MadeUpCall, 'model' | 'provider' | 'task'> & {
  perDay: number;
  input: number;
  hit: number;
  prefix: number;
  output: number;
  writes?: boolean;
};

const kinds: readonly Kind[] = [
  {
    model: 'gpt-4o-mini',
    provider: 'openai',
    task: 'faq',
    perDay: 300,
    input: 2400,
    hit: 0.5,
    prefix: 1200,
    output: 180,
  },
  {
    model: 'gpt-5.4',
    provider: 'openai',
    task: 'agents',
    perDay: 60,
    input: 9000,
    hit: 0.7,
    prefix: 6000,
    output: 400,
  },
];
export const anthropicKinds: readonly Kind[] = [
  {
    model: 'claude-sonnet-5',
    provider: 'anthropic',
    task: 'review',
    perDay: 120,
    input: 7000,
    hit: 0.8,
    prefix: 5000,
    output: 350,
    writes: true,
  },
];

/** Calls of some days, spread over each from its first to its last hour. */
export function madeUpCalls(days: number, of: readonly Kind[] = kinds, seed = 7): MadeUpCall[] {
  const random = randomNumbers(seed);
  const calls: MadeUpCall[] = [];
  for (let day = 0; day < days; day++)
    for (const { perDay, hit, prefix, writes, ...kind } of of)
      for (let n = 0; n < perDay; n++) {
        const at = firstDay + day * dayMs + Math.floor(((n + random() * 0.99) * dayMs) / perDay);
        const input = Math.round(kind.input * (0.8 + 0.4 * random()));
        const isHit = random() < hit;
        const [cached, written] = [isHit ? prefix : 0, writes && !isHit ? prefix : 0];
        const output = Math.round(kind.output * (0.5 + random()));
        const [fresh = 0, read = 0, write = 0, out = 0] = prices[kind.model] ?? [];
        const usd = ((input - cached - written) * fresh + cached * read + written * write + output * out) / 1e6;
        const { model, provider, task } = kind;
        const times = { ttftMs: 300 + Math.round(500 * random()), totalMs: 2000 + Math.round(4000 * random()) };
        const session = `session-${Math.floor(calls.length / 3)}`;
        calls.push({ at, model, provider, task, session, input, cached, written, output, reasoning: 0, usd, ...times });
      }
  return calls.sort((a, b) => a.at - b.at);
}

const iso = (at: number): string => `${new Date(at).toISOString()}`;
const cell = (value: unknown): string => {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csvOf = (rows: readonly object[]): string => {
  const headers = Object.keys(rows[0] ?? {});
  return `${[headers, ...rows.map((row) => headers.map((name) => (row as Record<string, unknown>)[name]))].map((cells) => cells.map(cell).join(',')).join('\n')}\n`;
};
export const linesOf = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type Bucket = MadeUpCall & { calls: number };

/** Sums by a span of time and model. */
export function bucketsOf(calls: readonly MadeUpCall[], spanMs: number): Bucket[] {
  const sums = new Map<string, Bucket>();
  for (const call of calls) {
    const at = Math.floor(call.at / spanMs) * spanMs;
    const key = `${at} ${call.model}`;
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { ...call, at, calls: 1 });
    else {
      known.calls++;
      for (const name of ['input', 'cached', 'written', 'output', 'reasoning', 'usd'] as const)
        known[name] += call[name];
    }
  }
  return [...sums.values()];
}

/** The text of an export, and what it does not tell. */
export type MadeUpExport = { text: string; untold: readonly ('calls' | 'cached' | 'usd' | 'model')[] };

/** The same calls in every form that is read; each is made when it is asked for. */
export function exportsOf(calls: readonly MadeUpCall[]): Record<string, MadeUpExport> {
  const minutes = bucketsOf(calls, 60_000);
  const daily = bucketsOf(calls, dayMs);
  const seconds = (at: number) => Math.floor(at / 1000);
  const openai = (bucket: Bucket) => ({
    num_model_requests: bucket.calls,
    project_id: `proj_${bucket.task}`,
    user_id: marker,
    api_key_id: marker,
    model: bucket.model,
    batch: false,
    service_tier: 'default',
    input_tokens: bucket.input,
    output_tokens: bucket.output,
    input_cached_tokens: bucket.cached,
  });
  const anthropic = (bucket: Bucket) => ({
    uncached_input_tokens: bucket.input - bucket.cached - bucket.written,
    cache_creation: { ephemeral_5m_input_tokens: bucket.written, ephemeral_1h_input_tokens: 0 },
    cache_read_input_tokens: bucket.cached,
    output_tokens: bucket.output,
    model: bucket.model,
    service_tier: 'standard',
    api_key_id: marker,
  });
  const litellm = (call: MadeUpCall, at: number) => ({
    request_id: `chatcmpl-${at}`,
    call_type: 'acompletion',
    api_key: marker,
    spend: call.usd,
    total_tokens: call.input + call.output,
    prompt_tokens: call.input,
    completion_tokens: call.output,
    startTime: iso(call.at),
    endTime: iso(call.at + call.totalMs),
    completionStartTime: iso(call.at + call.ttftMs),
    model: call.model,
    model_group: `group-${call.task}`,
    custom_llm_provider: call.provider,
    metadata: {
      user_api_key: marker,
      usage_object: {
        prompt_tokens_details: { cached_tokens: call.cached },
        cache_creation_input_tokens: call.written,
        completion_tokens_details: { reasoning_tokens: call.reasoning },
      },
    },
    cache_hit: 'False',
    request_tags: ['User-Agent: curl', call.task],
    end_user: marker,
    requester_ip_address: marker,
    messages: [{ role: 'user', content: marker }],
    response: { choices: [{ message: { content: marker } }] },
    proxy_server_request: { body: marker },
    session_id: call.session,
    status: 'success',
  });
  const langfuse = (call: MadeUpCall, at: number) => ({
    id: `obs-${at}`,
    trace_id: call.session,
    type: 'GENERATION',
    name: 'answer',
    start_time: iso(call.at).replace('T', ' ').replace('Z', ''),
    end_time: iso(call.at + call.totalMs)
      .replace('T', ' ')
      .replace('Z', ''),
    provided_model_name: call.model,
    // This SDK writes cached tokens beside the input.
    usage_details: {
      input: call.input - call.cached - call.written,
      input_cached_tokens: call.cached,
      cache_creation_input_tokens: call.written,
      output: call.output,
      total: call.input + call.output,
    },
    total_cost: call.usd,
    latency: call.totalMs / 1000,
    time_to_first_token: call.ttftMs / 1000,
    trace_name: call.task,
    input: marker,
    output: marker,
    user_id: marker,
    level: 'DEFAULT',
  });
  const otel = (call: MadeUpCall, at: number) => ({
    spanId: `span-${at}`,
    name: 'chat',
    startTimeUnixNano: `${call.at}123456`,
    endTimeUnixNano: `${call.at + call.totalMs}123456`,
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.provider.name', value: { stringValue: call.provider } },
      { key: 'gen_ai.request.model', value: { stringValue: call.model } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: String(call.input) } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: String(call.output) } },
      { key: 'gen_ai.usage.cache_read.input_tokens', value: { intValue: String(call.cached) } },
      { key: 'gen_ai.input.messages', value: { stringValue: marker } },
    ],
  });
  const agentSpan = {
    ...{
      spanId: 'agent',
      name: 'agent',
      startTimeUnixNano: `${firstDay}000000`,
      endTimeUnixNano: `${firstDay + 9}000000`,
    },
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '999999' } },
    ],
  };
  const day = (at: number) => iso(at).slice(0, 10);
  const forms: Record<string, () => MadeUpExport> = {
    'OpenAI page': () => ({
      text: JSON.stringify({
        object: 'page',
        data: minutes.map((bucket) => ({
          object: 'bucket',
          start_time: seconds(bucket.at),
          end_time: seconds(bucket.at) + 60,
          results: [openai(bucket)],
        })),
        has_more: false,
        next_page: null,
      }),
      untold: ['usd'],
    }),
    'OpenAI console CSV': () => ({
      text: csvOf(
        minutes.map((bucket) => ({
          ...{ start_time: seconds(bucket.at), end_time: seconds(bucket.at) + 60 },
          ...{ start_time_iso: iso(bucket.at), end_time_iso: iso(bucket.at + 60_000) },
          ...openai(bucket),
          num_model_requests: `${bucket.calls}.0`,
          input_uncached_tokens: bucket.input - bucket.cached,
        })),
      ),
      untold: ['usd'],
    }),
    'Anthropic page': () => ({
      text: JSON.stringify(
        {
          data: daily.map((bucket) => ({
            ...{ starting_at: iso(bucket.at), ending_at: iso(bucket.at + dayMs) },
            results: [anthropic(bucket)],
          })),
          has_more: false,
        },
        null,
        2,
      ),
      untold: ['calls', 'usd'],
    }),
    'Anthropic console CSV': () => ({
      text: `\uFEFF${csvOf(
        daily.map((bucket) => ({
          usage_date_utc: day(bucket.at).replaceAll('-', '/'),
          model_version: bucket.model,
          api_key: marker,
          workspace: 'Default',
          usage_type: 'standard',
          context_window: '≤ 200k',
          usage_input_tokens_no_cache: bucket.input - bucket.cached - bucket.written,
          usage_input_tokens_cache_write_5m: bucket.written,
          usage_input_tokens_cache_write_1h: 0,
          usage_input_tokens_cache_read: bucket.cached,
          usage_output_tokens: bucket.output,
          web_search_count: 0,
        })),
      )
        .replaceAll(',', '\t')
        .replaceAll('\n', '\r\n')}`,
      untold: ['calls', 'usd'],
    }),
    'LiteLLM rows': () => ({ text: JSON.stringify(calls.map(litellm)), untold: [] }),
    'LiteLLM CSV': () => ({ text: csvOf(calls.map(litellm)), untold: [] }),
    'LiteLLM daily': () => ({
      text: csvOf(
        daily.map((bucket) => ({
          date: day(bucket.at),
          api_key: marker,
          model: bucket.model,
          model_group: bucket.task,
          custom_llm_provider: bucket.provider,
          prompt_tokens: bucket.input,
          completion_tokens: bucket.output,
          cache_read_input_tokens: bucket.cached,
          cache_creation_input_tokens: bucket.written,
          spend: bucket.usd,
          api_requests: bucket.calls,
          successful_requests: bucket.calls,
          failed_requests: 0,
        })),
      ),
      untold: [],
    }),
    'Langfuse JSON lines': () => ({ text: linesOf(calls.map(langfuse)), untold: [] }),
    'Langfuse CSV': () => ({ text: csvOf(calls.map(langfuse)), untold: [] }),
    'OpenRouter CSV': () => ({
      text: csvOf(
        calls.map((call, at) => ({
          generation_id: `gen-${at}`,
          created_at: iso(call.at).replace('T', ' ').replace('Z', ''),
          cost_total: call.usd,
          cost_web_search: 0,
          cost_cache: -0.001,
          byok_usage_inference: 0,
          tokens_prompt: call.input,
          tokens_completion: call.output,
          tokens_reasoning: call.reasoning,
          tokens_cached: call.cached,
          model_permaslug: `${call.provider}/${call.model}-20260101`,
          provider_name: { openai: 'OpenAI', anthropic: 'Anthropic', deepseek: 'DeepSeek' }[call.provider],
          cancelled: false,
          user: marker,
          finish_reason_normalized: 'stop',
          generation_time_ms: call.totalMs,
          time_to_first_token_ms: call.ttftMs,
          api_key_name: marker,
          app_name: call.task,
        })),
      ),
      untold: [],
    }),
    'OpenRouter page': () => ({
      text: JSON.stringify({
        data: daily.map((bucket) => ({
          ...{
            date: day(bucket.at),
            model: `${bucket.provider}/${bucket.model}`,
            model_permaslug: `${bucket.provider}/${bucket.model}`,
          },
          ...{
            endpoint_id: 'e',
            provider_name: 'OpenAI',
            usage: bucket.usd,
            byok_usage_inference: 0,
            requests: bucket.calls,
          },
          ...{ prompt_tokens: bucket.input, completion_tokens: bucket.output, reasoning_tokens: bucket.reasoning },
        })),
      }),
      untold: ['cached'],
    }),
    'Helicone JSON lines': () => ({
      text: linesOf(
        calls.map((call, at) => ({
          ...{ request_id: `req-${at}`, request_created_at: iso(call.at), request_model: call.model, status: 200 },
          ...{ prompt_tokens: call.input, completion_tokens: call.output, prompt_cache_read_tokens: call.cached },
          ...{
            cost: call.usd,
            latency: call.totalMs,
            time_to_first_token: call.ttftMs,
            provider: call.provider.toUpperCase(),
          },
          ...{ properties: { feature: call.task }, request_body: marker, response_body: marker },
        })),
      ),
      untold: [],
    }),
    'ccusage JSON': () => ({
      text: JSON.stringify({
        daily: [...new Set(daily.map(({ at }) => at))].map((at) => {
          const models = daily.filter((bucket) => bucket.at === at);
          return {
            ...{
              date: day(at),
              inputTokens: 1,
              outputTokens: 1,
              cacheCreationTokens: 1,
              cacheReadTokens: 1,
              totalCost: 1,
            },
            modelsUsed: models.map(({ model }) => model),
            modelBreakdowns: models.map((bucket) => ({
              modelName: bucket.model,
              inputTokens: bucket.input - bucket.cached - bucket.written,
              outputTokens: bucket.output,
              cacheCreationTokens: bucket.written,
              cacheReadTokens: bucket.cached,
              cost: bucket.usd,
            })),
          };
        }),
        totals: { inputTokens: 1 },
      }),
      untold: ['calls'],
    }),
    'DeepSeek CSV': () => ({
      text: csvOf(
        daily.flatMap((bucket) =>
          Object.entries({
            request_count: bucket.calls,
            input_cache_hit_tokens: bucket.cached,
            input_cache_miss_tokens: bucket.input - bucket.cached,
            output_tokens: bucket.output,
          }).map(([type, amount]) => ({
            ...{
              user_id: marker,
              start_time_iso: iso(bucket.at),
              end_time_iso: iso(bucket.at + dayMs),
              model: bucket.model,
            },
            ...{ api_key_name: marker, api_key: marker, type, price: 0.1, amount },
          })),
        ),
      ),
      untold: ['usd'],
    }),
    'OpenTelemetry JSON lines': () => ({
      text: linesOf([
        { resourceSpans: [{ scopeSpans: [{ spans: [agentSpan, ...calls.slice(0, 10).map(otel)] }] }] },
        ...calls.slice(10).map((call, at) => ({ resourceSpans: [{ scopeSpans: [{ spans: [otel(call, at + 10)] }] }] })),
      ]),
      untold: ['usd'],
    }),
    'plain CSV': () => ({
      text: csvOf(
        calls.map((call) => ({
          ...{ Timestamp: iso(call.at), Model: call.model, 'Input Tokens': call.input, 'Cached Tokens': call.cached },
          ...{ 'Output Tokens': call.output, Cost: call.usd, Task: call.task },
        })),
      ).replaceAll(',', ';'),
      untold: [],
    }),
    'Azure trace': () => ({
      text: csvOf(
        calls.map((call) => ({
          TIMESTAMP: iso(call.at).replace('T', ' ').replace('Z', '0000'),
          ContextTokens: call.input,
          GeneratedTokens: call.output,
        })),
      ),
      untold: ['cached', 'usd', 'model'],
    }),
    BurstGPT: () => ({
      text: csvOf(
        calls.map((call) => ({
          ...{
            Timestamp: (call.at - firstDay) / 1000,
            'Session ID': call.session,
            'Elapsed time': call.totalMs / 1000,
          },
          ...{ Model: 'GPT-4', 'Request tokens': call.input, 'Response tokens': call.output },
          ...{ 'Total tokens': call.input + call.output, 'Log Type': 'API log' },
        })),
      ),
      untold: ['cached', 'usd', 'model'],
    }),
    Mooncake: () => ({
      text: linesOf(
        calls.map((call, at) => ({
          ...{ timestamp: call.at - firstDay, input_length: call.input, output_length: call.output, hash_ids: [at] },
        })),
      ),
      untold: ['cached', 'usd', 'model'],
    }),
  };
  return Object.fromEntries(
    Object.entries(forms).map(([name, make]) => {
      const made = madeOnce(make);
      return [
        name,
        {
          get text() {
            return made().text;
          },
          get untold() {
            return made().untold;
          },
        },
      ];
    }),
  );
}
