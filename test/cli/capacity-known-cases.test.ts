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
