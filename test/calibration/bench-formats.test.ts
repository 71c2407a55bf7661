import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMeasurements } from '../../src/calibration/measurements/read.js';
import { layersSpread, measurementOf, oneCard, plainRun } from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';
import { fixture, given } from '../support/measurement-texts.js';

const cases = casesIn('bench-formats', {
  schemes: { model_filename: z.string(), model_type: z.string(), scheme: z.string() },
  broken: { from: z.string(), to: z.string(), path: z.string(), message: z.string() },
  refused: { text: z.string(), path: z.string(), message: z.string() },
});

const read = (name: string, defaults: object = given) => readMeasurements(fixture(name), name, defaults);
const named = { modelFamily: 'model-a', accelerator: 'card-a' };

describe('vllm bench serve', () => {
  test('a closed loop: lengths are means of the requests completed', () => {
    const { measurements, problems } = read('vllm-closed-loop.json');
    expect(problems).toEqual([]);
    expect(measurements).toEqual([
      measurementOf({
        ...named,
        id: 'node-7',
        source: 'vllm-closed-loop.json',
        engine: 'vllm',
        acceleratorCount: 2,
        promptTokens: 1024,
        outputTokens: 256,
        concurrency: 32,
        metricScope: 'system',
        parallel: { ...oneCard, tensor: 2 },
        run: { ...plainRun, arrival: 'closed-loop', prompts: 320, rateCovers: 'whole' },
        outputTokensPerS: 1024,
        totalTokensPerS: 5120,
        ttftMsP50: 190.25,
        ttftMsP95: 300.75,
        tpotMsP50: 29.25,
        e2eMsP50: 7649,
      }),
    ]);
  });

  test('runs appended to one file, with the numbers that only Python writes', () => {
    const { measurements, problems } = read('vllm-appended.jsonl', { ...given, count: 4, quantization: 'fp8' });
    expect(problems).toEqual([]);
    const both = {
      ...named,
      source: 'vllm-appended.jsonl',
      acceleratorCount: 4,
      quantization: 'fp8',
      metricScope: 'system',
    };
    expect(measurements).toEqual([
      measurementOf({
        ...both,
        promptTokens: 200,
        outputTokens: 100,
        requestRateRps: 4,
        run: { ...plainRun, arrival: 'open-loop', prompts: 100, rateCovers: 'whole', speculative: true },
        outputTokensPerS: 376.9,
        totalTokensPerS: 1130.8,
        ttftMsP50: 38,
        tpotMsP50: 9.5,
      }),
      measurementOf({
        ...both,
        engine: 'sglang',
        promptTokens: 200,
        outputTokens: 100,
        concurrency: 1000,
        run: {
          ...{ ...plainRun, arrival: 'burst', prompts: 1000, rateCovers: 'whole' },
          speculative: false,
        },
        outputTokensPerS: 2000,
        totalTokensPerS: 6000,
        ttftMsP50: 9000,
        e2eMsP50: 20000,
      }),
    ]);
  });

  test('no more requests than may be in flight is a burst', () => {
    const text = fixture('vllm-closed-loop.json').replace('"max_concurrency": 32', '"max_concurrency": 320');
    const [one] = readMeasurements(text, 'f', given).measurements;
    expect([one?.run.arrival, one?.concurrency]).toEqual(['burst', 320]);
  });

  test.each(cases.broken)('$from as $to', ({ from, to, path, message }) => {
    const text = fixture('vllm-closed-loop.json');
    expect(text).toContain(from);
    const { problems } = readMeasurements(text.replace(from, to), 'run.json', given);
    const [problem] = problems.filter(({ severity }) => severity === 'error');
    expect(problem).toMatchObject({ file: 'run.json', code: expect.any(String), path });
    expect(problem?.message).toContain(`${path}: `);
    expect(problem?.message).toContain(message);
    const line = to === '' || to.endsWith('},') ? null : text.slice(0, text.indexOf(from)).split('\n').length;
    if (line !== null) expect([problem?.line, problem?.column]).toEqual([line, 3 + from.indexOf(': ') + 2]);
  });
});

describe('GuideLLM', () => {
  test('each strategy is its own load; times of requests are in seconds, gaps between tokens are time per token', () => {
    const { measurements, problems } = read('guidellm-0.5.json', { ...given, count: 1, engine: 'engine-a' });
    expect(problems).toEqual([]);
    const all = { ...named, source: 'guidellm-0.5.json', engine: 'engine-a', metricScope: 'system', outputTokens: 256 };
    const run = { ...plainRun, rateCovers: 'whole' as const };
    expect(measurements).toEqual([
      measurementOf({
        ...all,
        id: 'b-sync',
        promptTokens: 512.5,
        concurrency: 1,
        saturated: 'no',
        run: { ...run, arrival: 'closed-loop', prompts: 20 },
        outputTokensPerS: 127.4,
        totalTokensPerS: 382,
        ttftMsP50: 50,
        ttftMsP95: 61,
        tpotMsP50: 7.6,
        tpotMsP95: 8,
        e2eMsP50: 2000,
      }),
      measurementOf({
        ...all,
        id: 'b-max',
        promptTokens: 512,
        concurrency: 512,
        saturated: 'yes',
        run: { ...run, arrival: 'offline', prompts: 900 },
        outputTokensPerS: 5120,
        totalTokensPerS: 15360,
        e2eMsP50: 20000,
      }),
      measurementOf({
        ...all,
        id: 'b-rate',
        promptTokens: 512,
        requestRateRps: 3.25,
        run: { ...run, arrival: 'open-loop', prompts: 97 },
        outputTokensPerS: 830,
        totalTokensPerS: 2490,
        ttftMsP50: 75,
        ttftMsP95: 120,
        tpotMsP50: 11,
        tpotMsP95: 12,
        e2eMsP50: 2900,
      }),
    ]);
  });

  test('one bad benchmark is reported with its path, and the others are read', () => {
    const text = fixture('guidellm-0.5.json')
      .replace('"type_": "throughput"', '"type_": "toString"')
      .replace('"rate": 3.25', '"rate": null');
    const { measurements, problems } = readMeasurements(text, 'g.json', { ...given, count: 1 });
    expect(measurements.map(({ id }) => id)).toEqual(['b-sync']);
    const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
    expect(problems.map(({ line, path, message }) => [line, message.replace(`${path}: `, ''), path])).toEqual([
      [
        lineOf('"toString"'),
        'one of synchronous, concurrent, throughput, constant, poisson was expected, not "toString"',
        'benchmarks[1].config.strategy.type_',
      ],
      [lineOf('"rate": null'), 'a number above 0 was expected', 'benchmarks[2].config.strategy.rate'],
    ]);
  });

  test.each(cases.refused)('$text', ({ text, path, message }) => {
    const { measurements, problems } = readMeasurements(text, 'g.json', given);
    expect(measurements).toEqual([]);
    expect(problems.find((problem) => problem.path === path)?.message).toContain(message);
  });
});

describe('llama-bench', () => {
  test('prefill, decode at a depth, and one after the other', () => {
    const { measurements, problems } = read('llama-bench.json', { ...given, count: 2 });
    expect(problems).toEqual([]);
    const all = { ...named, source: 'llama-bench.json', engine: 'llama.cpp', engineVersion: 'b5163' };
    const alone = { concurrency: 1, metricScope: 'per-user', saturated: 'no' as const, acceleratorCount: 2 };
    expect(measurements.slice(0, 2)).toEqual([
      measurementOf({
        ...all,
        ...alone,
        quantization: 'gguf-q4_k_m',
        kvCacheDtype: 'f16',
        parallel: layersSpread,
        promptTokens: 512,
        outputTokens: 0,
        prefillTokensPerS: 7100.5,
        run: { ...plainRun, prompts: 1, phases: { decodeDepth: 512, prefillDepth: 0, prefillTokens: 512 } },
      }),
      measurementOf({
        ...all,
        ...alone,
        quantization: 'gguf-q4_k_m',
        kvCacheDtype: 'q8_0/f16',
        parallel: { ...oneCard, tensor: 2 },
        promptTokens: 4096,
        outputTokens: 128,
        outputTokensPerS: 118.875,
        run: {
          ...{ ...plainRun, prompts: 1, rateCovers: 'decode' },
          phases: { decodeDepth: 4096, prefillDepth: 0, prefillTokens: 4096 },
        },
      }),
    ]);
    expect(measurements[2]).toMatchObject({
      quantization: 'gguf-q5_k_s',
      promptTokens: 300,
      outputTokens: 100,
      totalTokensPerS: 200,
      outputTokensPerS: 50,
      run: { rateCovers: 'whole', phases: { decodeDepth: 300 } },
    });
  });

  test('JSON lines are the same tests, and a broken line leaves the others', () => {
    const tests = JSON.parse(fixture('llama-bench.json')) as object[];
    const lines = tests.map((one) => JSON.stringify(one));
    const whole = readMeasurements(lines.join('\n'), 'l', { ...given, count: 2 });
    expect(whole.measurements).toEqual(
      readMeasurements(fixture('llama-bench.json'), 'l', { ...given, count: 2 }).measurements,
    );
    lines[1] = lines[1]?.replace('"n_gen":128', '"n_gen":128x') ?? '';
    const broken = readMeasurements(lines.join('\n'), 'l', { ...given, count: 2 });
    expect(broken.measurements.map(({ promptTokens }) => promptTokens)).toEqual([512, 300]);
    expect(broken.problems).toMatchObject([
      { line: 2, code: 'not-json', column: (lines[1] ?? '').indexOf('128x') + 1 },
    ]);
  });

  test.each(cases.schemes)('scheme of $model_filename, $model_type', ({ model_filename, model_type, scheme }) => {
    const text = JSON.stringify({ n_prompt: 8, n_gen: 0, avg_ts: 5, model_filename, model_type });
    expect(readMeasurements(text, 'l', { ...given, count: 1 }).measurements[0]?.quantization).toBe(scheme);
  });
});
