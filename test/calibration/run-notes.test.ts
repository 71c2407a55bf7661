import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readNote } from '../../src/calibration/measurements/csv.js';
import { plainRun, type Run } from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('run-notes', {
  notes: { note: z.string(), run: z.partialRecord(z.enum(Object.keys(plainRun) as [keyof Run]), z.unknown()) },
  limits: { note: z.string(), limit: z.number().nullable() },
  rates: { note: z.string(), rate: z.number().nullable() },
  caches: { note: z.string(), quantization: z.string(), dtype: z.string().nullable() },
});

const said = (note: string, quantization = 'fp16') => readNote(note, quantization);

describe('what a note says of the run', () => {
  test.each(cases.notes)('$note', ({ note, run }) => {
    expect(said(note).run).toEqual({ ...plainRun, ...run });
  });

  test('prose, and figures that were measured, are not inputs', () => {
    const prose = [
      'second-hand table; form factor or memory size of the device not always stated, key is the usual one',
      'the finite 200-prompt run caps the completed rate at 6.33 rps',
      'ttft_p99=1744 tpot_p99=27.32; run 21012127808',
      'source inconsistent: throughput above batch/TPOT',
    ];
    for (const note of prose)
      expect(said(note)).toEqual({ run: plainRun, maxNumSeqs: null, prefixHitRate: null, kvCacheDtype: null });
  });
});

describe('limits of the engine', () => {
  test.each(cases.limits)('$note', ({ note, limit }) => {
    expect(said(note).maxNumSeqs).toBe(limit);
  });

  test.each(cases.rates)('$note', ({ note, rate }) => {
    expect(said(note).prefixHitRate).toBe(rate);
  });
});

describe('type of the KV cache', () => {
  test.each(cases.caches)('$note of $quantization', ({ note, quantization, dtype }) => {
    expect(said(note, quantization).kvCacheDtype).toBe(dtype);
  });
});
