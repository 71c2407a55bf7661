import { describe, expect, test } from 'vitest';
import { type Prediction, predictRun, type Run, setUp } from '../../src/capacity/run.js';
import { assumed, factors, runWith, tokens } from '../support/runs.js';

const predict = (more: Partial<Run>): Prediction => {
  const found = predictRun(runWith(more), factors, assumed);
  if (found === null) throw new Error('no layers');
  return found;
};
const closed = (clients: number) => ({ is: 'closed', clients }) as const;
const near = (value: number | null, expected: number) => {
  expect(value).not.toBeNull();
  expect(Math.abs((value as number) / expected - 1)).toBeLessThan(1e-5);
};

// Attention of a prompt of t tokens: 2 x 32 x 32 x 128 x t^2 = 262,144 t^2 operations; of 1,000: 0.524288 ms.
// A whole prompt of 1,000: 1 + 10 + 1,000 x 0.04 + 0.524288 = 51.524288 ms.
const prompt = 0.051524288;
// A sequence in decode at a mean context of 1,050: 0.04 + 131,072 x 1,050 / 2e12 = 0.04 + 0.0688128 ms.
const each = 0.0001088128;

describe('closed loop', () => {
  test('one client: reading and computing add up, and the fixed time comes before the first token', () => {
    const found = predict({});
    near(found.tpotS, 0.011 + each);
    near(found.ttftS, 0.01 + prompt);
    near(found.prefillTokensPerS, 1000 / prompt);
    near(found.requestsPerS, 1 / (prompt + 100 * (0.011 + each)));
    near(found.outputTokensPerS, 100 / (prompt + 1.1 + 100 * each));
    near(found.decodeTokensPerS, 1 / (0.011 + each));
    expect(found).toMatchObject({ batch: 1, limitedBy: 'clients' });
  });

  test('eleven clients: prompts of the ten others come between, a first token waits half an iteration', () => {
    const found = predict({ arrivals: closed(11) });
    // Ten prompts add 40.524288 ms each to 100 iterations of 11 + 11 x 0.1088128 ms.
    const tpotS = 0.011 + 11 * each + (10 / 100) * 0.040524288;
    near(found.tpotS, tpotS);
    near(found.ttftS, 0.01 + prompt + tpotS / 2);
    near(found.requestsPerS, 11 / (prompt + 100 * tpotS));
    expect(found.limitedBy).toBe('clients');
  });

  test('equal requests stay in step: as many prompts come together as an iteration takes', () => {
    const apart = predict({ arrivals: closed(11) });
    // A prompt of 1,000 tokens: 40 ms of computing and 0.524288 ms of attention; 1 + 2,048 / 1,000 come together.
    const together = predict({ arrivals: closed(11), sameLengths: true });
    near(together.ttftS, (apart.ttftS as number) + 2.048 * 0.040524288);
    near(together.requestsPerS, apart.requestsPerS);
    const two = { arrivals: closed(2), sameLengths: true };
    near(predict(two).ttftS, (predict({ arrivals: closed(2) }).ttftS as number) + 0.040524288);
    near(predict({ sameLengths: true }).ttftS, 0.01 + prompt);
  });

  test('more clients than the engine takes: the others queue', () => {
    const found = predict({ arrivals: closed(300), maxSequences: 100 });
    expect(found).toMatchObject({ batch: 100, limitedBy: 'engine' });
    const inTime = predict({ arrivals: closed(100), maxSequences: 100 });
    near(found.requestsPerS, inTime.requestsPerS);
    near(found.ttftS, (inTime.ttftS as number) + 200 / found.requestsPerS);
  });

  test('more than fit: 80 GiB x 0.9 - 2e9 - 20e9 bytes over 1.05 x 131,072 x 1,050 each are 382', () => {
    const found = predict({ arrivals: closed(1000), maxSequences: 1024 });
    expect(found).toMatchObject({ batch: 382, limitedBy: 'memory' });
    near(found.memoryShare, 20e9 / (80 * 2 ** 30 * 0.9 - 2e9));
  });
});

describe('room for the cache', () => {
  const full = { arrivals: closed(1e6), maxSequences: 1e6 };
  test('what the engine was allowed for it counts: 10 GiB are 74 sequences', () => {
    expect(predict({ ...full, cacheBytes: 10 * 2 ** 30 }).batch).toBe(74);
  });
  test('in 8 bits it holds twice as many, each read in half the time', () => {
    expect(predict({ ...full, cacheBits: 8 }).batch).toBe(765);
    near(predict({ cacheBits: 8 }).tpotS, 0.01104 + 0.0000688128 / 2);
  });
  test('an engine that takes a share of the memory of its own leaves that', () => {
    const engine = { ...runWith({}).engine, memoryFraction: 0.5 };
    // 80 GiB / 2 - 22e9 = 20.949673e9.
    expect(predict({ ...full, engine }).batch).toBe(144);
  });
  test('weights that do not fit are told by their share; one sequence is figured all the same', () => {
    const found = predict({ ...full, bits: 64, embeddingBits: 64 });
    near(found.memoryShare, 80e9 / (80 * 2 ** 30 * 0.9 - 2e9));
    expect(found.memoryShare).toBeGreaterThan(1);
    expect(found.batch).toBe(1);
    expect(found.outputTokensPerS).toBeGreaterThan(0);
  });
  test('heads that cannot be split stand on several cards', () => {
    const layout = { tensor: 4, lanes: 1, staged: false, cacheSplit: 1 };
    const [whole, split] = [
      predict({ ...full, count: 4, layout }),
      predict({ ...full, count: 4, layout: { ...layout, cacheSplit: 4 } }),
    ];
    // 4 x 75.309411e9 - 20e9 bytes; a sequence in four copies takes 578,027,520.
    expect(whole.batch).toBe(486);
    expect(split.batch).toBe(1946);
  });
});

test('a static batch decodes undisturbed, and its prompts are prefilled together', () => {
  const found = predict({ arrivals: { is: 'static', batch: 8 } });
  near(found.tpotS, 0.011 + 8 * each);
  // 8,000 tokens in four iterations of 2,048: 4 x 11 + 320 + 8 x 0.524288 ms.
  const prompts = 0.044 + 0.32 + 8 * 0.000524288;
  near(found.ttftS, 0.01 + prompts);
  near(found.prefillTokensPerS, 8000 / prompts);
  near(found.requestsPerS, 8 / (prompts + 100 * (0.011 + 8 * each)));
  expect(found.limitedBy).toBe('batch');
});

describe('open loop', () => {
  const open = (ratePerS: number, prompts: number | null = null) => ({ is: 'open', ratePerS, prompts }) as const;
  test("in flight are as many as arrive while one is served (Little's law)", () => {
    const found = predict({ arrivals: open(4) });
    expect(Math.abs(found.batch / (4 * (prompt + 100 * found.tpotS)) - 1)).toBeLessThan(2e-3);
    near(found.tpotS, 0.011 + found.batch * each + ((found.batch - 1) / 100) * 0.040524288);
    expect(found).toMatchObject({ requestsPerS: 4, limitedBy: 'rate' });
    near(found.ttftS, 0.01 + prompt + found.tpotS / 2);
  });
  test('a rate above what is served fills the engine, and time in its queue is not told', () => {
    const found = predict({ arrivals: open(1000) });
    expect(found).toMatchObject({ batch: 256, ttftS: null, limitedBy: 'engine' });
    near(found.requestsPerS, predict({ arrivals: closed(256) }).requestsPerS);
  });
  test('a finite run ends with its last request, so that its rate is lower', () => {
    const [endless, finite] = [predict({ arrivals: open(4) }), predict({ arrivals: open(4, 20) })];
    near(finite.requestsPerS, 20 / (20 / 4 + prompt + 100 * endless.tpotS));
  });
  test('a finite run sees fewer in flight than an endless one: n = r T N / (N + r T)', () => {
    const finite = predict({ arrivals: open(4, 20) });
    const inSystem = 4 * (prompt + 100 * finite.tpotS);
    expect(Math.abs(finite.batch / ((20 * inSystem) / (20 + inSystem)) - 1)).toBeLessThan(2e-3);
    expect(finite.batch).toBeLessThan(predict({ arrivals: open(4) }).batch);
    near(predict({ arrivals: open(4, 1e9) }).tpotS, predict({ arrivals: open(4) }).tpotS);
  });
  test('with hardly any in flight a prompt waits for no iteration', () => {
    near(predict({ arrivals: open(0.1) }).ttftS, 0.01 + prompt);
  });
  test('hardly any load is one request at a time', () => {
    const found = predict({ arrivals: open(1e-6) });
    near(found.tpotS, predict({}).tpotS);
    expect(found.batch).toBe(1);
  });
});

describe('several cards', () => {
  test('tensor parallel: everything but what is fixed in an n-th of the time, and traffic', () => {
    const found = predict({ count: 4, layout: { tensor: 4, lanes: 1, staged: false, cacheSplit: 4 } });
    // 2 x 32 joins of 2 x 3/4 x 4,096 x 2 bytes at 800e9 / 2 bytes a second: 1.966 us a token.
    near(found.tpotS, 0.001 + 0.0025 + each / 4 + (64 * 12_288) / 4e11);
  });
  test('stages: one stream is no faster, but each works on a batch of its own', () => {
    const layout = { tensor: 1, lanes: 4, staged: true, cacheSplit: 1 };
    near(predict({ count: 4, layout }).tpotS, predict({}).tpotS);
    const [four, one] = [predict({ count: 4, layout, arrivals: closed(40) }), predict({ arrivals: closed(10) })];
    near(four.tpotS, one.tpotS);
    near(four.requestsPerS, 4 * one.requestsPerS);
  });
  test('a prompt in chunks passes stages like an assembly line: 4 chunks over 4 stages in 7/16 of the time', () => {
    const long = { fresh: 8192, before: 0, context: 8192, output: 10 };
    const layout = { tensor: 1, lanes: 4, staged: true, cacheSplit: 1 };
    const [four, one] = [predict({ count: 4, layout, tokens: long }), predict({ tokens: long })];
    near(four.prefillTokensPerS, (one.prefillTokensPerS * 16) / 7);
    near(predict({ count: 4, layout }).prefillTokensPerS, predict({}).prefillTokensPerS);
  });
  test('data parallel: as many servers, each with its own weights', () => {
    const layout = { tensor: 1, lanes: 2, staged: false, cacheSplit: 1 };
    const two = predict({ count: 2, layout, arrivals: closed(22) });
    near(two.requestsPerS, 2 * predict({ arrivals: closed(11) }).requestsPerS);
    near(two.memoryShare, predict({}).memoryShare);
    expect(predict({ count: 2, layout, arrivals: { is: 'backlog', waiting: null } }).batch).toBe(512);
  });
});

describe('parts of a request', () => {
  test('what a prefix cache holds is not computed again, but stays in the context', () => {
    const found = predict({ tokens: { fresh: 200, before: 800, context: 1000, output: 100 } });
    // 262,144 x (1,000^2 - 800^2) operations of attention.
    near(found.ttftS, 0.01 + 0.011 + 0.008 + (262_144 * 360_000) / 500e12);
    near(found.tpotS, predict({}).tpotS);
  });
  test('prefill alone writes nothing', () => {
    const found = predict({ tokens: { ...tokens, output: 0 } });
    expect(found.outputTokensPerS).toBe(0);
    near(found.prefillTokensPerS, 1000 / prompt);
    expect(Number.isFinite(found.tpotS)).toBe(true);
  });
  test('decode alone on an empty context', () => {
    const found = predict({ tokens: { fresh: 1, before: 0, context: 0, output: 100 } });
    near(found.tpotS, 0.01104 + (131_072 * 50) / 2e12);
  });
  test('a correction multiplies the times it is of', () => {
    const found = predict({ correction: { decode: 2, prefill: 3, firstToken: 4 } });
    near(found.tpotS, 2 * (0.011 + each));
    near(found.ttftS, 0.04 + 2 * 0.011 + 3 * 0.040524288);
  });
});

test('no layers in the tables: no prediction', () => {
  const model = { ...runWith({}).model, layers: null };
  expect(predictRun(runWith({ model }), factors, assumed)).toBeNull();
  expect(setUp(runWith({ model }), factors, assumed)).toBeNull();
});
