import { type Arrival, plainRun } from '../../capacity/measurement.js';
import type { BenchForm, BenchRead, BenchResult } from './bench.js';
import { isEmpty, itemsAt, type JsonPlace, type PlaceReader, textAt, under } from './bench.js';

/** GuideLLM's `benchmarks.json`, since version 0.1: distributions over the successful requests of each benchmark. */
export const guidellm: BenchForm = { title: "GuideLLM's benchmarks.json", signs: ['benchmarks'], read };

function read(document: JsonPlace, reader: PlaceReader): BenchRead {
  const list = under(document, 'benchmarks');
  const benchmarks = itemsAt(list);
  if (benchmarks === null) reader.fault(list, 'a list of benchmarks was expected');
  if (benchmarks?.length === 0) reader.fault(list, 'holds no benchmark', 'no-rows');
  const each = benchmarks ?? [];
  const models = [
    under(document, 'args', 'model'),
    ...each.flatMap((one) => [under(one, 'config', 'backend', 'model'), under(one, 'worker', 'backend_model')]),
  ];
  const model = models.map(textAt).find((name) => name !== null) ?? null;
  return {
    said: { model, accelerator: null, count: null },
    results: each.flatMap((benchmark) => {
      const result = resultOf(benchmark, reader);
      return result === null ? [] : [result];
    }),
  };
}

function resultOf(benchmark: JsonPlace, reader: PlaceReader): BenchResult | null {
  const metrics = under(benchmark, 'metrics');
  if (metrics.node?.kind !== 'object') {
    reader.fault(metrics, 'an object of metrics was expected');
    return null;
  }
  const of = (metric: string): JsonPlace => under(metrics, metric, 'successful');
  const totals = under(metrics, 'request_totals', 'successful');
  const prompts = reader.number(totals);
  if (prompts === 0) {
    reader.fault(totals, 'no request of this benchmark was completed', 'no-requests');
    return null;
  }
  const promptTokens = reader.needed(under(of('prompt_token_count'), 'mean'));
  const outputTokens = reader.needed(under(of('output_token_count'), 'mean'));
  if (promptTokens === null || outputTokens === null) return null;
  if (promptTokens + outputTokens === 0) {
    reader.fault(of('output_token_count'), 'a run of no tokens', 'no-tokens');
    return null;
  }
  const load = loadOf(benchmark, reader);
  if (load === null) return null;
  const gap = [of('inter_token_latency_ms'), of('time_per_output_token_ms')].find((place) => !isEmpty(place));
  const e2eS = middle(of('request_latency'), reader);
  return {
    id: textAt(under(benchmark, 'config', 'id_')) ?? textAt(under(benchmark, 'id_')),
    promptTokens,
    outputTokens,
    concurrency: load.concurrency,
    requestRateRps: load.requestRateRps,
    metricScope: 'system',
    saturated: load.saturated,
    run: { ...plainRun, arrival: load.arrival, prompts, rateCovers: 'whole' },
    outputTokensPerS: reader.number(under(of('output_tokens_per_second'), 'mean')),
    totalTokensPerS: reader.number(under(of('tokens_per_second'), 'mean')),
    ttftMsP50: middle(of('time_to_first_token_ms'), reader),
    ttftMsP95: percentile(of('time_to_first_token_ms'), reader),
    tpotMsP50: gap === undefined ? null : middle(gap, reader),
    tpotMsP95: gap === undefined ? null : percentile(gap, reader),
    e2eMsP50: e2eS === null ? null : e2eS * 1000,
  };
}

type Load = {
  arrival: Arrival;
  concurrency: number | null;
  requestRateRps: number | null;
  saturated: 'yes' | 'no' | 'unknown';
};

/** The load by its strategy: `config.strategy` since 0.4, `args.strategy` before. */
function loadOf(benchmark: JsonPlace, reader: PlaceReader): Load | null {
  const newer = under(benchmark, 'config', 'strategy');
  const strategy = isEmpty(newer) && !isEmpty(under(benchmark, 'args')) ? under(benchmark, 'args', 'strategy') : newer;
  const kindAt = ['type_', 'kind', 'type'].map((key) => under(strategy, key)).find((place) => !isEmpty(place));
  const kind = kindAt === undefined ? null : textAt(kindAt);
  const above0 = (place: JsonPlace): number | null => {
    const value = reader.number(place);
    return value === 0 ? null : value;
  };
  const limit = (): number | null => above0(under(strategy, 'streams')) ?? above0(under(strategy, 'max_concurrency'));
  const inFlight = (): number | null =>
    above0(under(benchmark, 'metrics', 'request_concurrency', 'successful', 'mean'));
  const rate = (): number | null => above0(under(strategy, 'rate'));
  const closed = { arrival: 'closed-loop', requestRateRps: null, saturated: 'unknown' } as const;
  const open = { arrival: 'open-loop', concurrency: null, saturated: 'unknown' } as const;
  const byKind: Readonly<Record<string, () => Load>> = {
    synchronous: () => ({ ...closed, concurrency: 1, saturated: 'no' }),
    concurrent: () => ({ ...closed, concurrency: limit() }),
    throughput: () => ({ ...closed, arrival: 'offline', concurrency: limit() ?? inFlight(), saturated: 'yes' }),
    constant: () => ({ ...open, requestRateRps: rate() }),
    poisson: () => ({ ...open, requestRateRps: rate() }),
  };
  const made = Object.hasOwn(byKind, kind ?? '') ? byKind[kind ?? '']?.() : undefined;
  if (made === undefined) {
    const kinds = Object.keys(byKind).join(', ');
    reader.fault(
      kindAt ?? under(strategy, 'type_'),
      `one of ${kinds} was expected${kind === null ? '' : `, not "${kind}"`}`,
    );
    return null;
  }
  if (made.concurrency !== null || made.requestRateRps !== null || made.arrival === 'offline') return made;
  const missing = made.arrival === 'open-loop' ? 'rate' : 'streams';
  reader.fault(under(strategy, missing), 'a number above 0 was expected');
  return null;
}

/** The median of a distribution, else its mean. 0 means not measured: without streaming there is no first token. */
function middle(place: JsonPlace, reader: PlaceReader): number | null {
  const paths = [['median'], ['percentiles', 'p50'], ['p50'], ['mean']];
  for (const path of paths) {
    const value = reader.number(under(place, ...path));
    if (value !== null && value > 0) return value;
  }
  return null;
}

function percentile(place: JsonPlace, reader: PlaceReader): number | null {
  const value = reader.number(under(place, 'percentiles', 'p95')) ?? reader.number(under(place, 'p95'));
  return value === 0 ? null : value;
}
