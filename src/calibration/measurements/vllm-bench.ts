import { type Arrival, oneCard, plainRun } from '../../capacity/measurement.js';
import type { BenchForm, BenchRead } from './bench.js';
import { isEmpty, type JsonPlace, type PlaceReader, textAt, under } from './bench.js';

/** Results of `vllm bench serve`, `benchmark_serving.py` and similar load generators; times in ms. */
export const vllmBench: BenchForm = {
  title: 'a result of vllm bench serve',
  signs: ['total_output_tokens', 'output_throughput', 'total_input_tokens', 'request_throughput'],
  read,
};

function read(document: JsonPlace, reader: PlaceReader): BenchRead {
  const at = (key: string): JsonPlace => under(document, key);
  const tensor = first(reader, at('tensor_parallel_size'), at('tensor_parallel'), at('tp'));
  const count = tensor !== null && Number.isInteger(tensor) && tensor >= 1 ? tensor : null;
  const said = { model: textAt(at('model_id')), accelerator: textAt(at('gpu')), count };
  const completed = reader.needed(at('completed'));
  const inputs = reader.needed(at('total_input_tokens'));
  const outputs = reader.needed(at('total_output_tokens'));
  if (completed === null || inputs === null || outputs === null) return { results: [], said };
  if (completed === 0) reader.fault(at('completed'), 'no request of this run was completed', 'no-requests');
  else if (inputs + outputs === 0) reader.fault(at('total_output_tokens'), 'a run of no tokens', 'no-tokens');
  if (completed === 0 || inputs + outputs === 0) return { results: [], said };

  const prompts = reader.number(at('num_prompts'));
  const requestRateRps = rateAt(at('request_rate'), reader);
  const limit = reader.number(at('max_concurrency'));
  const atOnce = requestRateRps === null && (limit === null || (prompts !== null && limit >= prompts));
  const arrival: Arrival = atOnce ? 'burst' : requestRateRps === null ? 'closed-loop' : 'open-loop';
  const duration = reader.number(at('duration'));
  const perSecond = (tokens: number): number | null => (duration === null || duration === 0 ? null : tokens / duration);
  const maxNumSeqs = reader.number(at('max_num_seqs'));

  return {
    said,
    results: [
      {
        id: textAt(at('label')),
        engine: engineOf(textAt(at('backend')) ?? textAt(at('endpoint_type'))),
        promptTokens: inputs / completed,
        outputTokens: outputs / completed,
        concurrency: atOnce ? (prompts ?? completed) : limit,
        requestRateRps,
        metricScope: 'system',
        maxNumSeqs: maxNumSeqs === 0 ? null : maxNumSeqs,
        kvCacheDtype: textAt(at('kv_cache_dtype')),
        parallel: count === null ? null : { ...oneCard, tensor: count },
        run: {
          ...plainRun,
          arrival,
          prompts: prompts ?? completed,
          rateCovers: 'whole',
          speculative: drafted(document, reader),
        },
        outputTokensPerS: reader.number(at('output_throughput')) ?? perSecond(outputs),
        totalTokensPerS:
          first(reader, at('total_token_throughput'), at('total_throughput')) ?? perSecond(inputs + outputs),
        ttftMsP50: middle(document, 'ttft', reader),
        ttftMsP95: reader.number(at('p95_ttft_ms')),
        tpotMsP50: middle(document, 'tpot', reader),
        tpotMsP95: reader.number(at('p95_tpot_ms')),
        e2eMsP50: middle(document, 'e2el', reader) ?? middle(document, 'e2e_latency', reader),
      },
    ],
  };
}

function first(reader: PlaceReader, ...places: readonly JsonPlace[]): number | null {
  for (const place of places) {
    const value = reader.number(place);
    if (value !== null) return value;
  }
  return null;
}

/** `inf`, or nothing in old files, is a client that does not wait. */
function rateAt(place: JsonPlace, reader: PlaceReader): number | null {
  if (/^inf(inity)?$/i.test(textAt(place) ?? '')) return null;
  const rate = reader.number(place);
  if (rate === 0) reader.fault(place, 'a rate above 0, or "inf", was expected, not 0');
  return rate === 0 ? null : rate;
}

/** A latency in ms: its median, else its mean. 0 means not measured. */
function middle(document: JsonPlace, metric: string, reader: PlaceReader): number | null {
  for (const statistic of ['median', 'p50', 'mean']) {
    const value = reader.number(under(document, `${statistic}_${metric}_ms`));
    if (value !== null && value > 0) return value;
  }
  return null;
}

/** Whether decoding was speculative: tokens accepted a step above 1. */
function drafted(document: JsonPlace, reader: PlaceReader): boolean | null {
  if (!isEmpty(under(document, 'spec_decode_acceptance_rate'))) return true;
  const accepted = reader.number(under(document, 'accept_length'));
  return accepted === null ? null : accepted > 1;
}

/** The engine of a client's back end; none for `openai`, which every engine speaks. */
function engineOf(backend: string | null): string | null {
  if (backend === null || /^openai/i.test(backend)) return null;
  return backend.toLowerCase().replace(/(-(oai|chat|native))+$/, '');
}
