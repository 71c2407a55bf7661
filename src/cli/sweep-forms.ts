import type { SweepAnswer } from '../analyses/sweep/cell.js';
import type { SweepFormat } from './sweep-formats.js';

/** A sweep as text; only the form asked for is loaded. */
export async function sweepText(answer: SweepAnswer, format: SweepFormat): Promise<string> {
  if (format === 'table') return (await import('../report/sweep.js')).sweepTable(answer);
  const { sweepCsv, sweepJson, sweepJsonl } = await import('../report/sweep.js');
  return { json: sweepJson, jsonl: sweepJsonl, csv: sweepCsv }[format](answer);
}
