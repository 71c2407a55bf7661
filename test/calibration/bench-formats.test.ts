import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMeasurements } from '../../src/calibration/measurements/read.js';
import {
  type Measurement,
  measurementOf,
  oneCard,
  type Parallel,
  plainRun,
  type Run,
} from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';
import { fixture, given } from '../support/measurement-texts.js';

const fields = z.record(z.string(), z.unknown());
const cases = casesIn('bench-formats', {
  read: { file: z.string(), why: z.string(), defaults: fields, of: fields, measurements: z.array(fields) },
  schemes: { model_filename: z.string(), model_type: z.string(), scheme: z.string() },
  broken: { from: z.string(), to: z.string(), path: z.string(), message: z.string() },
  refused: { text: z.string(), path: z.string(), message: z.string() },
});

const read = (name: string, defaults: object = given) => readMeasurements(fixture(name), name, defaults);
const named = { modelFamily: 'model-a', accelerator: 'card-a', promptTokens: 0, outputTokens: 0 };
const parallelOf = (parallel: Partial<Parallel>): Parallel => ({ ...oneCard, ...parallel });

test.each(cases.read)('$file: $why', ({ file, defaults, of, measurements }) => {
  const found = read(file, { ...given, ...defaults });
  expect(found.problems).toEqual([]);
  const runs = measurements.map(({ run, parallel, ...more }) =>
    measurementOf({
      ...{ ...named, source: file, ...of, ...more, run: { ...plainRun, ...(run as Partial<Run>) } },
      ...(parallel !== undefined && { parallel: parallelOf(parallel as Partial<Parallel>) }),
    } as Measurement),
  );
  expect(found.measurements.slice(0, runs.length)).toEqual(runs);
  expect(found.measurements.length).toBe(file === 'llama-bench.json' ? 3 : runs.length);
});

describe('vllm bench serve', () => {
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
  test('prefill and decode one after the other', () => {
    const { measurements } = read('llama-bench.json', { ...given, count: 2 });
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
