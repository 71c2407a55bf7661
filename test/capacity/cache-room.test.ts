import { describe, expect, test } from 'vitest';
import { settingOf } from '../../src/calibration/calibrate.js';
import { predictCapacity } from '../../src/calibration/predict.js';
import { efficiencyOf } from '../../src/capacity/machine.js';
import { measurementOf } from '../../src/capacity/measurement.js';
import { capacityAssumptions, engineOf, queueOf, replicaOn, weightsOf } from '../../src/capacity/replica.js';
import { runOf, setUp } from '../../src/capacity/run.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { normal, uniform } from '../simulation/random.js';
import { shippedTables } from '../support/load.js';
import { acceleratorOf, modelOf } from '../support/models.js';
import { likelyIn } from '../support/scenario.js';

/** What sequences take of the cache where that is not so much a token: state is there from the start, windows fill. */
const tables = await shippedTables();
const assumed = capacityAssumptions(likelyIn(tables));
const rule = { highestLoad: 0.7, spare: 1, spareShare: 0.1 };
const spread = 0.9;

type Case = { family: string; accelerator: string; input: number; output: number };

function runFor({ family, accelerator, input, output }: Case) {
  const names = { modelFamily: family, accelerator, acceleratorCount: 1, engine: 'vllm', concurrency: 1 };
  const found = runOf(
    measurementOf({ ...names, promptTokens: input, outputTokens: output }),
    tables,
    assumed.slowScheme,
  );
  if (typeof found === 'string') throw new Error(found);
  return { ...found.run, maxSequences: 4096 };
}

function saturationOf(context: Case) {
  const query = { run: runFor(context), contextTokens: null, spread: { input: spread, output: spread }, load: null };
  const known = {
    efficiency: tables.efficiency,
    bands: tables.bands,
    assumed,
    residuals: [],
    reserves: { least: assumed, most: assumed },
    own: [],
    doubts: [],
  };
  const found = predictCapacity({ ...query, targets: [] }, known, rule);
  if (found === null) throw new Error('no layers');
  return found.saturation;
}

const draws = 200_000;
/** Mean bytes, at 16 bits, of sequences in flight and of half of a prompt, both by their size, from drawn lengths. */
function drawnBytes({ family, input, output }: Omit<Case, 'accelerator'>): { inFlight: number; waiting: number } {
  const model = modelOf(tables, family);
  const full = model.kvElemsPerTokenFull as number;
  const windowed = model.kvElemsPerTokenWindowed as number;
  const window = model.slidingWindowTokens ?? Number.POSITIVE_INFINITY;
  const bytes = (tokens: number) =>
    2 * (full * tokens + windowed * Math.min(tokens, window)) + 4 * (model.stateElemsPerSeq as number);
  const rank = uniform(11);
  const draw = normal(uniform(12));
  const length = (mean: number) => mean * Math.exp(spread * draw() - spread ** 2 / 2);
  let [inFlight, tokens, prompts, squares] = [0, 0, 0, 0];
  for (let each = 0; each < draws; each++) {
    const prompt = length(input);
    const answer = length(output);
    inFlight += answer * bytes(prompt + answer * rank());
    tokens += answer;
    prompts += bytes(prompt);
    squares += bytes(prompt) ** 2;
  }
  return { inFlight: inFlight / tokens, waiting: squares / prompts / 2 };
}

const cases: Case[] = [
  { family: 'nemotron-nano-9b-v2', accelerator: 'a10-24gb', input: 100, output: 1000 },
  { family: 'nemotron-nano-9b-v2', accelerator: 'a10-24gb', input: 300, output: 563 },
  { family: 'qwen3.5-27b', accelerator: 'h100-sxm-80gb', input: 100, output: 600 },
  { family: 'gemma-3-27b', accelerator: 'h100-sxm-80gb', input: 3000, output: 1000 },
  { family: 'gemma-3-27b', accelerator: 'h100-sxm-80gb', input: 300, output: 700 },
  { family: 'llama-3.1-8b', accelerator: 'l4-24gb', input: 200, output: 600 },
];

describe('sequences that the cache has room for, against drawn lengths', () => {
  test.each(cases)('$family on $accelerator, $input and $output tokens: within 2 %', (context) => {
    const run = runFor(context);
    const machine = setUp(run, efficiencyOf(tables.efficiency, settingOf(run)), assumed);
    const { inFlight, waiting } = drawnBytes(context);
    const room = (0.99 * (machine?.cacheBytes ?? Number.NaN)) / assumed.pagedKvOverhead;
    const { batch, limitedBy } = saturationOf(context);
    expect(limitedBy).toBe('memory');
    expect(batch / ((room - waiting) / inFlight)).toBeGreaterThan(0.98);
    expect(batch / ((room - waiting) / inFlight)).toBeLessThan(1.02);
  });

  test('a replica of `assess` holds as many of its sequences of mean length', () => {
    const engine = { ...engineOf({ assume: likelyIn(tables) }, tables), maxSequences: 4096 };
    const scheme = tables.quantization.find(({ scheme: name }) => name === 'bf16');
    const accelerator = acceleratorOf(tables, 'a10-24gb');
    const weights = scheme && weightsOf(modelOf(tables, 'nemotron-nano-9b-v2'), scheme);
    if (!weights) throw new Error('no weights');
    const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, tables.architectures);
    const replica = replicaOn(weights, accelerator, 1, support, engine);
    if (replica === null) throw new Error('no replica');
    const shape = { inputTokens: 100, cachedTokens: 0, outputTokens: 1000, contextTokens: 1100 };
    const { limit } = queueOf(replica, shape, { input: spread, output: spread }, engine);
    // As many of 600 tokens as the replica holds, in those of the mean context: 100 + 1,000 x e^0.81 / 2 tokens.
    const bytes = (tokens: number) => 2 * 8192 * tokens + 4 * 36_384_768;
    const fraction = engine.row.memoryFraction ?? accelerator.usableMemoryFraction;
    const { hiddenSize, intermediateSize, vocabSize } = weights.model;
    const perToken = 2 * (hiddenSize as number) + 3 * (intermediateSize as number);
    const activations = 8192 * perToken * 2 + 8 * (vocabSize as number) * 256;
    const usable = accelerator.memoryGib * 2 ** 30 * fraction - 2e9 - activations;
    const whole = Math.floor((usable - weights.bytes) / (1.04 * bytes(600)));
    const held = (0.99 * whole * bytes(600)) / bytes(100 + (1000 * Math.exp(0.81)) / 2);
    expect(limit.sequences).toBeGreaterThan(held - 0.6);
    expect(limit.sequences).toBeLessThan(held);
  });
});

test('longer prompts never raise the rate, whatever sequences keep', () => {
  const rising: string[] = [];
  for (const family of ['nemotron-nano-9b-v2', 'qwen3.5-27b', 'gemma-3-27b', 'mistral-7b-v0.1', 'llama-3.1-8b']) {
    for (const accelerator of ['a10-24gb', 'h100-sxm-80gb']) {
      let last = Number.POSITIVE_INFINITY;
      for (let input = 50; input < 10_000; input *= 1.3) {
        const { requestsPerS } = saturationOf({ family, accelerator, input: Math.round(input), output: 563 });
        if (requestsPerS > last * (1 + 1e-9)) rising.push(`${family} on ${accelerator} at ${Math.round(input)}`);
        last = requestsPerS;
      }
    }
  }
  expect(rising).toEqual([]);
});
