import { beforeAll, expect, test } from 'vitest';
import { bandOf, lengthWidening, widened } from '../../src/capacity/model-work.js';
import { predictCapacity } from '../../src/cli/commands/capacity.js';
import type { PricedCapacity } from '../../src/cost/capacity-cost.js';
import type { Tables } from '../../src/tables/tables.js';
import { cli } from '../support/cli-process.js';
import { shippedTables } from '../support/load.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});
const on = (accelerator: string, model: string, quantization: string, inputTokens = 1000): PricedCapacity => {
  const { capacity, problems } = predictCapacity(tables, {
    model,
    accelerator,
    quantization,
    inputTokens,
    outputTokens: 200,
  });
  if (capacity === null) throw new Error(problems.map(({ message }) => message).join());
  return capacity;
};

test('the room for the cache may be off by 15 % of the usable memory beside what engines set aside', () => {
  const { answer } = on('h100-sxm-80gb', 'llama-3.1-8b', 'fp8');
  const { usableBytes, cacheTokens, longestSequenceBytes } = answer.memory;
  const perToken = longestSequenceBytes / 1200;
  const off = (0.15 * usableBytes) / perToken;
  expect(cacheTokens.likely - cacheTokens.low).toBeGreaterThanOrEqual(off * 0.999);
  expect(cacheTokens.high - cacheTokens.likely).toBeGreaterThanOrEqual(off * 0.999);
  expect(cacheTokens.high - cacheTokens.low).toBeLessThan(2.3 * off);
});

test('what misses the memory by less than that may not fit, what misses it by more does not', () => {
  const asked = ['--quantization', 'bf16', '--input', '1000', '--output', '200'];
  // 32.8B parameters in 16 bits take 65.5 GB: 48 GB are too few. 14.8B take 29.5 GB: 32 GB less reserves miss it by little.
  expect(cli(['capacity', '--model', 'qwen3-32b', '--accelerator', 'l40s-48gb', ...asked]).out).toContain(
    'does not fit',
  );
  const near = cli(['capacity', '--model', 'qwen3-14b', '--accelerator', 'rtx-5090-32gb', ...asked]).out;
  expect(near).toContain('may not fit: measure');
});

test('an engine on a card without a measurement has a wider band than on one with many', () => {
  const engines = new Set(tables.residuals.map((row) => row.accelerator));
  const card = tables.accelerators.find(
    (row) =>
      row.kind === 'datacenter' &&
      row.servingClass === 'nvidia-datacenter' &&
      !engines.has(row.accelerator) &&
      row.memoryGib >= 40,
  );
  if (card === undefined) throw new Error('all cards were measured');
  const [far, near] = [card.accelerator, 'h100-sxm-80gb'].map((name) => on(name, 'llama-3.1-8b', 'bf16').answer);
  expect(far?.doubts).toContain('unmeasured');
  expect(near?.doubts).not.toContain('unmeasured');
  const base = bandOf('ttft', [], tables.bands);
  const wide = far?.bands.ttft;
  expect(wide?.low).toBeLessThan(base?.low ?? 0);
  expect(wide?.high).toBeGreaterThan(base?.high ?? Number.POSITIVE_INFINITY);
});

test('the band of the first token grows with prompts longer than those that were measured', () => {
  const settings = { measuredUpTo: 8192, widening: 0.5 };
  expect(lengthWidening(4000, settings)).toBe(1);
  // Four doublings: three times the logarithm, 0.5^3 and 2^3.
  expect(lengthWidening(131_072, settings)).toBe(3);
  expect(widened({ low: 0.5, high: 2 }, 3).low).toBeCloseTo(0.125, 12);
  expect(widened({ low: 0.5, high: 2 }, 3).high).toBeCloseTo(8, 12);
  const [short, long] = [8000, 100_000].map(
    (tokens) => on('h100-sxm-80gb', 'llama-3.1-8b', 'bf16', tokens).answer.bands,
  );
  expect(long?.ttft?.low).toBeLessThan((short?.ttft?.low ?? 0) * 0.7);
  expect(long?.throughput).toEqual(short?.throughput);
});
