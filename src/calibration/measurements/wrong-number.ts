import type { Measurement } from '../../capacity/measurement.js';
import { columns } from './columns.js';

/** The numbers that a prediction depends on, by the column of a table of measurements that they stand in. */
const numbers = {
  accelerator_count: 'acceleratorCount',
  prompt_tokens: 'promptTokens',
  output_tokens: 'outputTokens',
  concurrency: 'concurrency',
  request_rate_rps: 'requestRateRps',
  max_num_seqs: 'maxNumSeqs',
  prefix_hit_rate: 'prefixHitRate',
} as const satisfies Partial<Record<keyof typeof columns, keyof Measurement>>;

/** Why a table of measurements would not have the numbers of a row; null: it would. */
export function wrongNumber(row: Measurement): string | null {
  for (const [column, name] of Object.entries(numbers) as [
    keyof typeof numbers,
    (typeof numbers)[keyof typeof numbers],
  ][]) {
    const value = row[name];
    if (value === null) continue;
    const read = columns[column].read(String(value));
    if ('fault' in read) return `${name}: ${read.fault.message}`;
    if (read.value !== value) return `${name}: ${value} is no number that can be predicted with`;
  }
  return row.promptTokens + row.outputTokens > 0 ? null : 'outputTokens: a run of no tokens; promptTokens is 0 too';
}
