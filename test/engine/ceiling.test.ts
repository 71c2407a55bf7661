import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSeconds, leastWork, peakOf } from '../../src/capacity/ceiling.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { splitsOf } from '../../src/placements/fleet-units.js';
import { shippedTables } from '../load.js';
import { engineIn, servingOn, weightsIn } from './models.js';

const endless = Number.POSITIVE_INFINITY;
const any = { tpotS: endless, firstS: endless, wholeS: endless, longPrompt: 1 };
const noTarget = { tpotS: Number.POSITIVE_INFINITY, strict: false };

/** The rate a bound is measured against: a machine cut into as many copies as its split gives. */
async function arrange() {
  const tables = await shippedTables();
  const engine = engineIn(tables);
  const schemes = [
    ...new Set(tables.quantization.filter(({ appliesTo }) => appliesTo === 'weights').map(({ scheme }) => scheme)),
  ];
  const drawn = fc.record({
    family: fc.constantFrom(...tables.models.filter(({ layers }) => layers !== null).map(({ family }) => family)),
    scheme: fc.constantFrom(...schemes),
    card: fc.constantFrom(...tables.accelerators),
    gpus: fc.constantFrom(1, 2, 3, 4, 8, 12, 16),
    input: fc.integer({ min: 1, max: 60_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    output: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 8000 })),
    target: fc.constantFrom(Number.POSITIVE_INFINITY, 0.05, 0.02),
  });
  return { tables, engine, drawn };
}

test('the least time of a request is never above what the machine takes, whatever runs on it and however it is cut', async () => {
  const { tables, engine, drawn } = await arrange();
  let seen = 0;
  fc.assert(
    fc.property(drawn, ({ family, scheme, card, gpus, input, cached, output, target }) => {
      const weights = weightsIn(tables, family, scheme);
      if (weights === null) return;
      const support = schemeSupport(weights.scheme.runsOn, card.architecture, tables.architectures);
      if (support === 'none') return;
      const shape = {
        inputTokens: input,
        cachedTokens: input * cached,
        outputTokens: output,
        contextTokens: input + output,
      };
      const least = leastSeconds(
        leastWork(weights, shape, { ...any, tpotS: target }, engine),
        peakOf(card, gpus, splitsOf(gpus), weights.scheme.compute, support, engine),
      );
      for (const split of splitsOf(gpus)) {
        const served = servingOn(weights, card, split, support, shape, { tpotS: target, strict: false }, engine);
        if (served === null) continue;
        seen++;
        const taken = split / gpus / served.requestsPerS;
        expect(least, `${family} ${scheme} ${gpus} x ${card.accelerator} in groups of ${split}`).toBeLessThanOrEqual(
          taken * (1 + 1e-12),
        );
      }
    }),
    { numRuns: 6000 },
  );
  expect(seen).toBeGreaterThan(1000);
});

test('and the bound is a bound, not zero: a full batch without losses comes close to it', async () => {
  const { tables, engine } = await arrange();
  const weights = weightsIn(tables, 'llama-3.1-8b', 'bf16');
  const card = tables.acceleratorOf.get('h100-sxm-80gb');
  if (weights === null || card === undefined) throw new Error('not in the tables');
  const shape = { inputTokens: 1000, cachedTokens: 0, outputTokens: 250, contextTokens: 1250 };
  const served = servingOn(weights, card, 1, 'native', shape, noTarget, engine);
  const least = leastSeconds(leastWork(weights, shape, any, engine), peakOf(card, 1, [1], 'fp16', 'native', engine));
  expect(least * (served?.requestsPerS ?? 0)).toBeGreaterThan(0.8);
});

test('by hand: 8.03B in 16 bits, 1,000 in of which 200 cached, 250 out, on one H100', async () => {
  const { tables, engine } = await arrange();
  const weights = weightsIn(tables, 'llama-3.1-8b', 'bf16');
  const card = tables.acceleratorOf.get('h100-sxm-80gb');
  if (weights === null || card === undefined) throw new Error('not in the tables');
  const ideal = { ...engine, efficiency: [] };
  const shape = { inputTokens: 1000, cachedTokens: 200, outputTokens: 250, contextTokens: 1250 };
  const least = leastSeconds(leastWork(weights, shape, any, ideal), peakOf(card, 1, [1], 'fp16', 'native', ideal));
  const embedding = 128_256 * 4096;
  const prefill = (2 * (8.03e9 - 2 * embedding) * 800) / 989e12;
  const attention = (2 * 32 * 4096 * (1000 ** 2 - 200 ** 2)) / 989e12;
  const decode = (2 * (8.03e9 - embedding) * 250) / 989e12;
  const cache = (250 * 131_072 * 1125) / 3350e9;
  // Without fitted factors every time is 1 s: one for each iteration and layer, shared by 256, and one for a sequence.
  const weightsRead = (250 * 2 * (8.03e9 - embedding)) / 256 / 3350e9;
  const times = 250 * (1 + (1 + 32) / 256);
  expect(least).toBeCloseTo(prefill + attention + decode + cache + weightsRead + times, 9);
});
