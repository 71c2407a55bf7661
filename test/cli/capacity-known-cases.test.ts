import { expect, test } from 'vitest';
import type { plain, Shown } from '../../src/report/capacity.js';
import { cliHere } from '../support/recording-io.js';

/** Machines of which others logged or published what the command has to say. */

const run = (line: string) => cliHere([...line.split(' '), '--as-of', '2026-11-20']);
const words = (text: string): string => text.replace(/\s+/g, ' ');

type Answer = ReturnType<typeof plain> & Pick<Shown, 'measured'>;
const answer = async (line: string): Promise<Answer> => {
  const { out, err } = await run(`capacity ${line} --format json`);
  expect(err).toBe('');
  return JSON.parse(out) as Answer;
};

test('released precision: DeepSeek-V4-Pro, FP8 with experts in MXFP4, takes 892 GB and fits on eight H200', async () => {
  const line = '--model deepseek-v4-pro --accelerator h200-sxm-141gb --count 8 --input 10000 --output 1000';
  const { scheme, fits, memory } = await answer(`${line} --kv-cache fp8`);
  expect({ scheme, fits }).toEqual({ scheme: 'mxfp4-native', fits: true });
  expect(memory.weightBytes / 1e9).toBeCloseTo(892, 0);
  const sheet = JSON.parse((await run('models deepseek-v4-pro --format json')).out);
  expect(JSON.stringify(sheet)).toContain('"nativeScheme":"mxfp4-native"');
});

test('room for the cache: Llama 3.1 8B in 16 bits on 24 GB: vLLM logs 23,648 to 31,232 tokens', async () => {
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

test('FP8 whose weights alone are narrow is slower when full: 14 % on an A100', async () => {
  const line = '--model llama-3.1-8b --accelerator a100-pcie-80gb --input 512 --output 256 --fixed-lengths';
  const [fp8, whole] = [await answer(`${line} --quantization fp8`), await answer(line)];
  const ratio = fp8.saturation.outputTokensPerS / whole.saturation.outputTokensPerS;
  expect(ratio).toBeGreaterThan(0.78);
  expect(ratio).toBeLessThan(0.95);
  // One alone waits for reading, which is half.
  expect(fp8.alone.tokensPerS).toBeGreaterThan(1.2 * whole.alone.tokensPerS);
});

test('mixtures of experts: gpt-oss-120b on a DGX Spark writes 57 tokens/s alone, as measured', async () => {
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
