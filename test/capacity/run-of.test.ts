import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Measurement, measurementOf, plainRun, readParallel } from '../../src/capacity/measurement.js';
import { cacheBitsNamed, type RunOf, runOf, usualEngine } from '../../src/capacity/run.js';
import { schemeNamed } from '../../src/capacity/scheme.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { modelOf } from '../support/models.js';

const cases = casesIn('run-of', {
  refused: {
    more: z.union([z.strictObject({ modelFamily: z.string() }), z.strictObject({ accelerator: z.string() })]),
    says: z.string(),
  },
  bits: { name: z.string(), bits: z.number() },
  cacheBits: { name: z.string(), bits: z.number().nullable() },
  layouts: {
    written: z.string().nullable(),
    expected: z.strictObject({ tensor: z.number(), lanes: z.number(), staged: z.boolean(), cacheSplit: z.number() }),
  },
});

const tables = await shippedTables();
const asked = (more: Partial<Measurement> = {}): Measurement =>
  measurementOf({
    modelFamily: 'llama-3.3-70b',
    accelerator: 'h100-sxm-80gb',
    acceleratorCount: 8,
    engine: 'vllm',
    promptTokens: 1000,
    outputTokens: 100,
    concurrency: 16,
    ...more,
  });
const found = (more: Partial<Measurement> = {}): RunOf => {
  const of = runOf(asked(more), tables, 0.5);
  if (typeof of === 'string') throw new Error(of);
  return of;
};
const scheme = (name: string, family = 'llama-3.3-70b') =>
  schemeNamed(name, modelOf(tables, family), tables.quantization);

describe('names', () => {
  test('what the tables know is taken as it is', () => {
    const { run, doubts } = found({ quantization: 'fp8' });
    expect(run).toMatchObject({
      ...{ count: 8, bits: 8.2, embeddingBits: 16, cacheBits: 16, maxSequences: 256, cacheBytes: null },
      ...{ tokens: { fresh: 1000, before: 0, context: 1000, output: 100 }, arrivals: { is: 'closed', clients: 16 } },
      format: { compute: 'fp8', support: 'native', kernels: 'native', slow: 0.5 },
      correction: { decode: 1, prefill: 1, firstToken: 1 },
    });
    expect([run.model.family, run.accelerator.accelerator, run.engine.engine]).toEqual([
      ...['llama-3.3-70b', 'h100-sxm-80gb', 'vllm'],
    ]);
    expect(doubts).toEqual([]);
  });

  test.each(cases.refused)('$more is an error that says so', ({ more, says }) => {
    expect(runOf(asked(more), tables, 0.5)).toMatch(new RegExp(says));
  });

  test('an engine nobody knows runs as the usual one does, by the mean of all engines', () => {
    const usual = usualEngine(tables.engines);
    for (const engine of ['somebodys-own', null]) {
      const { run, doubts } = found({ engine });
      expect(doubts).toEqual(['engine']);
      expect(run.engine).toEqual({ ...usual, engine: engine ?? '', group: '' });
      expect(run.maxSequences).toBe(usual.maxSequences);
    }
  });

  test('doubts: a port, a limit nobody told, prefixes of which nobody counted the hits', () => {
    expect(found({ engine: 'vllm-tpu' }).doubts).toEqual(['port']);
    expect(found({ saturated: 'yes' }).doubts).toEqual(['limit']);
    expect(found({ saturated: 'yes', maxNumSeqs: 128 }).doubts).toEqual([]);
    const run = { ...plainRun, prefixCaching: true };
    expect(found({ run }).doubts).toEqual(['prefixes']);
    expect(found({ run, prefixHitRate: 0.4 }).doubts).toEqual([]);
  });
});

describe('schemes', () => {
  test('none said is the one the model was released in', () => {
    expect(scheme('')).toMatchObject({ name: 'bf16', bits: 16, known: true });
    expect(scheme('', 'deepseek-v3')).toMatchObject({ name: 'fp8', bits: 8.2, known: true });
    expect(scheme('', 'gpt-oss-120b')).toMatchObject({ name: 'mxfp4-native', bits: 4.46, known: true });
  });
  test('a name that the table has in full, or in part', () => {
    expect(scheme('mxfp4', 'gpt-oss-120b')).toMatchObject({ name: 'mxfp4-native', bits: 4.46, known: true });
    expect(scheme('mxfp4')).toMatchObject({ name: 'mxfp4-ptq', bits: 4.6, known: true });
    expect(scheme('awq')).toMatchObject({ name: 'int4-awq', bits: 4.5, known: true });
    expect(scheme('gguf-q4_k_m')).toMatchObject({ bits: 4.82, embeddingBits: 4.82, known: true });
  });
  test.each(cases.bits)('$name is not in the table for this model: $bits bits are read off it', ({ name, bits }) => {
    expect(scheme(name)).toMatchObject({ name, bits, embeddingBits: bits, known: false });
    expect(found({ quantization: name }).doubts).toEqual(['scheme']);
  });
  test('a name that tells no bits is taken for the native scheme, in doubt', () => {
    expect(scheme('weird')).toMatchObject({ name: 'weird', bits: 16, known: false });
    expect(scheme('weird', 'gpt-oss-120b')).toMatchObject({ bits: 4.46, known: false });
    expect(found({ quantization: 'weird' }).doubts).toEqual(['scheme']);
  });
  test('hardware without kernels for it runs it with narrow weights alone', () => {
    const { run } = found({ quantization: 'nvfp4', accelerator: 'a100-sxm-80gb' });
    expect(run.format.support).toBe('weight-only');
  });
});

describe('the cache', () => {
  test.each(cases.cacheBits)('$name is of $bits bits', ({ name, bits }) => {
    expect(cacheBitsNamed(name, tables.quantization)).toBe(bits);
    expect(found({ kvCacheDtype: name }).run.cacheBits).toBe(bits ?? 16);
  });
  test('a size that was said is in GiB', () => {
    expect(found({ run: { ...plainRun, kvMemoryGib: 10 } }).run.cacheBytes).toBe(10 * 2 ** 30);
  });
});

describe('layouts', () => {
  const layout = (written: string | null, more: Partial<Measurement> = {}) => {
    const parallel = written === null ? null : readParallel(written, 8).parallel;
    return found({ parallel, ...more }).run.layout;
  };
  test.each(cases.layouts)('$written on eight cards', ({ written, expected }) => {
    expect(layout(written)).toEqual(expected);
  });
  test('llama.cpp splits layers unless told otherwise', () => {
    expect(layout(null, { engine: 'llama.cpp' })).toMatchObject({ lanes: 8, staged: true });
    expect(layout('row-split', { engine: 'llama.cpp' })).toMatchObject({ tensor: 8, lanes: 1 });
  });
  test('a latent is copied to every card, unless each card has requests of its own; four KV heads split over four', () => {
    expect(layout('tp8', { modelFamily: 'deepseek-v3' }).cacheSplit).toBe(1);
    expect(layout('dep8', { modelFamily: 'deepseek-v3' }).cacheSplit).toBe(8);
    const few = tables.models.find(({ kvHeads, attentionType, layers }) => {
      return kvHeads === 4 && attentionType !== 'mla' && layers !== null;
    });
    expect(layout('tp8', { modelFamily: few?.family ?? '' }).cacheSplit).toBe(4);
  });
});

describe('tokens and arrivals', () => {
  const arrivals = (more: Partial<Measurement>) => found(more).run.arrivals;
  test('hits are not computed again; the last token always is', () => {
    expect(found({ prefixHitRate: 0.5 }).run.tokens).toEqual({ fresh: 500, before: 500, context: 1000, output: 100 });
    expect(found({ prefixHitRate: 1 }).run.tokens).toEqual({ fresh: 1, before: 999, context: 1000, output: 100 });
    expect(found({ promptTokens: 0 }).run.tokens).toEqual({ fresh: 1, before: 0, context: 0, output: 100 });
  });
  test('real lengths, and phases measured apart', () => {
    const lengthRatio = { low: 0.8, high: 1 };
    expect(found({ run: { ...plainRun, lengthRatio } }).run.tokens).toMatchObject({ context: 900, output: 90 });
    const phases = { decodeDepth: 4096, prefillDepth: 4096, prefillTokens: 512 };
    expect(found({ run: { ...plainRun, phases } }).run.tokens).toEqual({
      ...{ fresh: 512, before: 4096, context: 4096, output: 100 },
    });
  });
  test.each<[Partial<Measurement>, object]>([
    [{}, { is: 'closed', clients: 16 }],
    [{ concurrency: null }, { is: 'closed', clients: 1 }],
    [
      { requestRateRps: 3, run: { ...plainRun, prompts: 200 } },
      { is: 'open', ratePerS: 3, prompts: 200 },
    ],
    [{ saturated: 'yes' }, { is: 'backlog', waiting: 16 }],
    [
      { concurrency: null, run: { ...plainRun, arrival: 'offline' } },
      { is: 'backlog', waiting: null },
    ],
    [{ run: { ...plainRun, arrival: 'static-batch' } }, { is: 'static', batch: 16 }],
  ])('%j', (more, expected) => {
    expect(arrivals(more)).toEqual(expected);
  });
  test('a stream of llama.cpp is timed in decode alone, a system in whole requests', () => {
    expect(found({ engine: 'llama.cpp', concurrency: 1 }).rateCovers).toBe('decode');
    expect(found({ engine: 'llama.cpp', concurrency: 4 }).rateCovers).toBe('whole');
    expect(found({ engine: 'vllm', concurrency: 1 }).rateCovers).toBe('whole');
  });
});
