import { describe, expect, test } from 'vitest';
import { readNote } from '../../src/calibration/measurements/csv.js';
import { plainRun, type Run } from '../../src/capacity/measurement.js';

const said = (note: string, quantization = 'fp16') => readNote(note, quantization);

describe('what a note says of the run', () => {
  test.for<[string, Partial<Run>]>([
    ['closed loop; the p50 columns hold means, p95 are true p95', { arrival: 'closed-loop' }],
    ['TTFT and TPOT are means, TPOT includes TTFT', {}],
    ['closed loop at max concurrency, 300 prompts', { arrival: 'closed-loop', prompts: 300 }],
    ['3000 prompts, closed loop', { arrival: 'closed-loop', prompts: 3000 }],
    ['ShareGPT, 200 prompts, Poisson arrivals', { arrival: 'open-loop', prompts: 200 }],
    ['open loop, 50 prompts; only end-to-end latency published, e2e_p95=3865', { arrival: 'open-loop', prompts: 50 }],
    ['ShareGPT text only, 1000 prompts at once; engine batch limited by 24 GB', { arrival: 'burst', prompts: 1000 }],
    [
      'all prompts sent at once, so the client concurrency is the prompt count and the engine sets the real batch',
      { arrival: 'burst' },
    ],
    ['burst of N requests at once', { arrival: 'burst' }],
    ['memory for KV limited to 9.7 GiB by configuration', { kvMemoryGib: 9.7 }],
    ['offline maximum load, batch set by the engine (KV-limited); output tokens only', { arrival: 'offline' }],
    ['static offline batch of equal-length prompts; published figure counts input+output', { arrival: 'static-batch' }],
    ['static batch, output tokens only, random weights', { arrival: 'static-batch' }],
    [
      'phase-only: decode phase of a static batch, prefill time excluded (llama-batched-bench)',
      { arrival: 'static-batch', rateCovers: 'decode' },
    ],
    ['throughput includes prefill', { rateCovers: 'whole' }],
    ['single request decode rate, rounded to whole tok/s', { rateCovers: 'decode' }],
    ['mean speed of generating 1024 tokens and of a 1024-token prompt', { rateCovers: 'decode' }],
    ['decode of 256 tokens from a one-line prompt; PCIe only, no NVLink', { rateCovers: 'decode' }],
    [
      'llama-bench at context depth 32768: decode of 32 and prefill of 2048 tokens on top of it',
      { rateCovers: 'decode', phases: { decodeDepth: 32768, prefillDepth: 32768, prefillTokens: 2048 } },
    ],
    [
      'llama-bench tg128/pp512, fastest decode build of this backend',
      { rateCovers: 'decode', phases: { decodeDepth: 0, prefillDepth: 0, prefillTokens: 512 } },
    ],
    [
      'real lengths are 0.8-1.0x the nominal (random range ratio); ep=1; run 21012127808',
      { lengthRatio: { low: 0.8, high: 1 }, sameLengths: false },
    ],
    ['nominal output 1024, real mean about 700 (stops early)', { sameLengths: false }],
    [
      'phase-only: decode phase of a static batch; n_ubatch = 2048',
      { arrival: 'static-batch', rateCovers: 'decode', chunkTokens: 2048 },
    ],
    ['doubtful: 11 ms a token where faster cards take 4, the host may rule', {}],
    ['speculative decoding with a draft model', { speculative: true }],
    ['MTP off', { speculative: false }],
    ['no speculative decoding; automatic prefix caching enabled', { speculative: false, prefixCaching: true }],
    ['prefix caching disabled', { prefixCaching: false }],
  ])('%s', ([note, run]) => {
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
  test.for<[string, number | null]>([
    ['max_num_seqs=256', 256],
    ['--max-num-seqs 64, closed loop', 64],
    ['engine limit about 16 sequences by arithmetic', 16],
    ['server max-num-seqs may be lower (135 for one recipe)', null],
    ['max_num_seqs=0', null],
  ])('%s', ([note, limit]) => {
    expect(said(note).maxNumSeqs).toBe(limit);
  });

  test.for<[string, number | null]>([
    ['prefix hit rate 0.4', 0.4],
    ['prefix cache hit rate of 80 %', 0.8],
    ['prefix hit rate 40', null],
  ])('%s', ([note, rate]) => {
    expect(said(note).prefixHitRate).toBe(rate);
  });
});

describe('type of the KV cache', () => {
  test.for<[string, string, string | null]>([
    ['static batch, random weights, fp8 runs use an fp8 KV cache', 'fp8', 'fp8'],
    ['static batch, random weights, fp8 runs use an fp8 KV cache', 'fp8-w8a16', 'fp8'],
    ['static batch, random weights, fp8 runs use an fp8 KV cache', 'fp16', null],
    ['with fp8 KV cache', 'int4-awq', 'fp8'],
    ['kv_cache_dtype=fp8_e4m3; closed loop', 'bf16', 'fp8_e4m3'],
    ['Q8_0 KV cache', 'gguf-q4_k_m', 'q8_0'],
    ['141 GB of bf16 weights on 2x80 GB leaves little KV room', 'bf16', null],
  ])('%s of %s', ([note, quantization, dtype]) => {
    expect(said(note, quantization).kvCacheDtype).toBe(dtype);
  });
});
