import type { Measurement } from '../../capacity/measurement.js';
import { parallelInNote, readParallel } from '../../capacity/parallelism.js';
import type { RowValues } from './columns.js';
import { readNote } from './run-notes.js';

/** What is odd about a row that can still be used: the column it is in, and the message. */
export type RowDoubt = { column: 'parallel' | 'note'; message: string };

/** A row as a measurement. A column of its own says more than the note. */
export function measurementOfRow(row: RowValues): { measurement: Measurement; doubts: RowDoubt[] } {
  const count = row.accelerator_count;
  const note = row.note ?? '';
  const said = readNote(note, row.quantization);
  const column = row.parallel === null ? 'note' : 'parallel';
  const { parallel, faults } = row.parallel === null ? parallelInNote(note, count) : readParallel(row.parallel, count);
  const measurement: Measurement = {
    id: row.id,
    source: row.source,
    engine: row.engine,
    engineVersion: row.engine_version,
    modelFamily: row.model_family,
    quantization: row.quantization,
    accelerator: row.accelerator,
    acceleratorCount: count,
    promptTokens: row.prompt_tokens,
    outputTokens: row.output_tokens,
    concurrency: row.concurrency,
    requestRateRps: row.request_rate_rps,
    metricScope: row.metric_scope,
    saturated: row.saturated,
    confidence: row.confidence,
    note: row.note,
    maxNumSeqs: row.max_num_seqs ?? said.maxNumSeqs,
    prefixHitRate: row.prefix_hit_rate ?? said.prefixHitRate,
    kvCacheDtype: row.kv_cache_dtype ?? said.kvCacheDtype,
    parallel,
    run: said.run,
    outputTokensPerS: row.output_tokens_per_s,
    totalTokensPerS: row.total_tokens_per_s,
    prefillTokensPerS: row.prefill_tokens_per_s,
    ttftMsP50: row.ttft_ms_p50,
    ttftMsP95: row.ttft_ms_p95,
    tpotMsP50: row.tpot_ms_p50,
    tpotMsP95: row.tpot_ms_p95,
    e2eMsP50: row.e2e_ms_p50,
  };
  return { measurement, doubts: faults.map((message) => ({ column, message })) };
}
