import { describe, expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';

/** Machines of which others logged or published what the command has to say. */

const run = (line: string) => cliHere([...line.split(' '), '--as-of', '2026-11-20']);
const words = (text: string): string => text.replace(/\s+/g, ' ');

type Answer = {
  scheme: string;
  fits: boolean;
  memory: {
    weightBytes: number;
    longestSequences: number;
    cacheTokens: { low: number; likely: number; high: number };
    longest: { low: number; high: number };
  };
  alone: { tokensPerS: number };
  saturation: { outputTokensPerS: number };
  bands: { throughput: { low: number; high: number } };
  published: { alone: { decode: number }; full: { decode: number }; computed: { tokensPerS: number } } | null;
  measured: { engine: string; concurrency: number; outputTokensPerS: number; source: string; date: string }[];
  question: { spread: { input: number; output: number } };
};
const answer = async (line: string): Promise<Answer> => {
  const { out, err } = await run(`capacity ${line} --format json`);
  expect(err).toBe('');
  return JSON.parse(out) as Answer;
};

describe('released precision', () => {
  test('DeepSeek-V4-Pro, FP8 with experts in MXFP4, takes 892 GB and fits on eight H200', async () => {
    const line = '--model deepseek-v4-pro --accelerator h200-sxm-141gb --count 8 --input 10000 --output 1000';
    const { scheme, fits, memory } = await answer(`${line} --kv-cache fp8`);
    expect({ scheme, fits }).toEqual({ scheme: 'mxfp4-native', fits: true });
    expect(memory.weightBytes / 1e9).toBeCloseTo(892, 0);
    const sheet = JSON.parse((await run('models deepseek-v4-pro --format json')).out);
    expect(JSON.stringify(sheet)).toContain('"nativeScheme":"mxfp4-native"');
  });

  test('it is ranked on machines by that', async () => {
    const { out } = await run('capacity --model deepseek-v4-pro --best --input 4000 --output 1000 --format csv');
    expect(out).toMatch(/h200-sxm-141gb/);
  });
});

describe('room for the cache', () => {
  test('Llama 3.1 8B in 16 bits on 24 GB: vLLM logs 23,648 to 31,232 tokens', async () => {
    const line = '--model llama-3.1-8b --accelerator rtx-3090-24gb --input 28000 --output 1000 --context 29000';
    const { memory } = await answer(line);
    expect(memory.cacheTokens.low).toBeLessThanOrEqual(23_648);
    expect(memory.cacheTokens.high).toBeGreaterThanOrEqual(31_232);
    expect(memory.cacheTokens.likely).toBeGreaterThan(23_648);
    expect(memory.cacheTokens.likely).toBeLessThan(31_232);
    // Between the ends of what engines set aside none or one; 15 % of 20.09 GB are 22,108 tokens of 136,315 bytes more: two.
    expect([memory.longest.low, memory.longest.high]).toEqual([0, 2]);
    const exact = (await answer(`${line} --set memoryError=0`)).memory;
    expect([exact.longest.low, exact.longest.high]).toEqual([0, 1]);
    expect(memory.cacheTokens.high - exact.cacheTokens.high).toBeCloseTo(22_108, 0);
    expect(words((await run(`capacity ${line}`)).out)).toMatch(/tokens of cache \([\d,]+ to [\d,]+: it may not fit/);
  });

  test('what is set is certain', async () => {
    const line = '--model llama-3.1-8b --accelerator rtx-3090-24gb --input 2000 --output 500';
    const set = `${line} --set runtimeGbPerGpu=3 --set activationFactor=1.1`;
    const { low, likely, high } = (await answer(`${set} --set memoryError=0`)).memory.cacheTokens;
    expect([low, high]).toEqual([likely, likely]);
    // Nothing but the error of memory is left: 15 % of 18.98 GB on either side, of 136,315 bytes a token.
    const { memory } = await answer(set);
    expect(memory.cacheTokens.likely).toBe(likely);
    expect(likely - memory.cacheTokens.low).toBeCloseTo(20_886.7, 1);
    expect(memory.cacheTokens.high - likely).toBeCloseTo(20_886.7, 1);
  });

  test('state of recurrent layers: 598.5 MiB for four sequences of Qwen3.6-27B, in any format of the cache', async () => {
    const { out } = await run('models qwen3.6-27b');
    const [, sixteen = '', eight = ''] = /sequence, fixed state, bytes +([\d,]+) +([\d,]+)/.exec(out) ?? [];
    for (const bytes of [sixteen, eight])
      expect((4 * Number(bytes.replaceAll(',', ''))) / 2 ** 20).toBeCloseTo(598.5, 1);
  });
});

test('gemma-4-12b has 48 layers: 8 see everything with one head of 512, 40 a window with 8 heads of 256', async () => {
  const { out } = await run('models gemma-4-12b');
  expect(out).toMatch(/\nlayers +48; hidden size 3,840/);
  expect(out).toMatch(/token, full attention, bytes +16,384 +8,192\n/);
  expect(out).toMatch(/token, windowed \(first 1,024\), bytes +327,680 +163,840\n/);
  const line = '--model gemma-4-12b --accelerator rtx-4090-24gb --quantization gguf-q4_k_m --engine llama.cpp';
  const { fits, memory } = await answer(`${line} --kv-cache q8_0 --input 8000 --output 1000 --context 131072`);
  expect(fits).toBe(true);
  expect(memory.longestSequences).toBeGreaterThan(1);
});

test('FP8 whose weights alone are narrow is slower when full: 14 % on an A100', async () => {
  const line = '--model llama-3.1-8b --accelerator a100-pcie-80gb --input 512 --output 256 --fixed-lengths';
  const [fp8, whole] = [await answer(`${line} --quantization fp8`), await answer(line)];
  const ratio = fp8.saturation.outputTokensPerS / whole.saturation.outputTokensPerS;
  expect(ratio).toBeGreaterThan(0.78);
  expect(ratio).toBeLessThan(0.95);
  // One alone waits for reading, which is half.
  expect(fp8.alone.tokensPerS).toBeGreaterThan(1.2 * whole.alone.tokensPerS);
});

test('--fixed-lengths: all requests as long as the mean', async () => {
  const line = '--model llama-3.1-8b --accelerator a100-pcie-80gb --input 512 --output 256';
  expect((await answer(`${line} --fixed-lengths`)).question.spread).toEqual({ input: 0, output: 0 });
  expect((await answer(line)).question.spread.input).toBeGreaterThan(0.5);
  const misplaced = await run('capacity --accuracy --fixed-lengths');
  expect(misplaced).toMatchObject({ code: 2, out: '' });
  expect(misplaced.err).toContain('--fixed-lengths');
});

describe('mixtures of experts', () => {
  test('gpt-oss-120b on a DGX Spark writes 57 tokens/s alone, as measured', async () => {
    const line = '--model gpt-oss-120b --accelerator dgx-spark-128gb --input 512 --output 32';
    const { alone, measured, published } = await answer(line);
    expect(alone.tokensPerS).toBeGreaterThan(57.28 * 0.8);
    expect(alone.tokensPerS).toBeLessThan(57.28 * 1.2);
    expect(measured.length).toBeGreaterThan(0);
    expect(measured[0]).toMatchObject({ engine: 'llama.cpp', date: '2025-11-02' });
    expect(published).not.toBeNull();
    const text = words((await run(`capacity ${line}`)).out);
    expect(text).toMatch(/measured 57 output tokens\/s, computed \d+: 1 at once, 512 in, 32 out/);
    expect(text).toContain('(ggml-org/llama.cpp, 2025-11-02)');
    expect(text).toMatch(/published measurements of this model on this card correct decode: times x [\d.]+ alone/);
    expect(text).toMatch(/the formulas alone say \d+ tokens\/s and \d+ output tokens\/s/);
  });

  test('Mixtral 8x7B on two A100 writes more than 853 tokens a second when full; like machines were measured at 2,000 to 3,300', async () => {
    const line = '--model mixtral-8x7b --accelerator a100-pcie-80gb --count 2 --input 512 --output 256 --rate 10/s';
    const { saturation } = await answer(`${line} --fixed-lengths`);
    expect(saturation.outputTokensPerS).toBeGreaterThan(1050);
  });
});

describe('beside predictions stands what was measured', () => {
  test('on a sheet of hardware, with publisher, date and what the formulas say', async () => {
    const { out } = await run('hardware dgx-spark-128gb');
    expect(out).toMatch(/out\/s +computed +TTFT ms +TPOT ms +publisher +date/);
    expect(out).toMatch(/gpt-oss-120b .* 57\.28 +[\d.]+ .* ggml-org\/llama\.cpp +2025-11-02/);
  });

  test('on a sheet of a model', async () => {
    const { out } = await run('models gpt-oss-120b');
    expect(out).toMatch(/dgx-spark-128gb .* 57\.28 +[\d.]+ .* ggml-org\/llama\.cpp +2025-11-02/);
  });

  test('errors by class, batch and publisher, without and with it', async () => {
    const { out } = await run('capacity --accuracy --detail');
    expect(out).toMatch(/By class of model and requests in flight, each publisher left out/);
    expect(out).toMatch(/system +experts, saturated +\d+ +\d+ +[\d.]+ +\d+ % +[\d.]+ +\d+ %/);
    expect(out).toMatch(/system +imx +\d+/);
  });
});
