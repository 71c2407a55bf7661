import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMeasurementsCsv } from '../../src/calibration/measurements/csv.js';
import { readMeasurements } from '../../src/calibration/measurements/read.js';
import { odd } from '../fuzz/values.js';
import { casesIn } from '../support/cases.js';
import { fixture, fixtureNames, given } from '../support/measurement-texts.js';

const cases = casesIn('measurements-read', {
  forms: { name: z.string(), rows: z.number() },
  refused: { text: z.string(), code: z.string(), message: z.string() },
});

test.each(cases.forms)('the form of $name is told from what it holds', ({ name, rows }) => {
  for (const text of [fixture(name), `\uFEFF\n${fixture(name)}`])
    expect(readMeasurements(text, 'results', { ...given, count: 2 }).measurements).toHaveLength(rows);
});

test('a table says all of itself; its good rows are read beside the problems of the others', () => {
  const text = 'model_family,accelerator,prompt_tokens,output_tokens\nm,a,1,2\nm,a,x,2\n';
  const { measurements, problems } = readMeasurements(text, 'rows.csv');
  expect(measurements).toMatchObject([{ modelFamily: 'm', accelerator: 'a' }]);
  expect(problems).toMatchObject([{ file: 'rows.csv', line: 3, column: 5, code: 'not-a-number' }]);
});

describe('what a load generator does not say must be given', () => {
  test('the flag to give is named, with what the file says', () => {
    const { measurements, problems } = readMeasurements(fixture('llama-bench.json'), 'l.json', {});
    expect(measurements).toEqual([]);
    expect(problems.map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['missing-model', 'give --model <id>'],
      ['missing-accelerator', 'give --accelerator <id>'],
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('it says "example 7B Q4_K - Medium"'),
      expect.stringContaining('it says "Example Card A"'),
    ]);
  });

  test('a count that is not said is 1, with a warning', () => {
    const { measurements, problems } = readMeasurements(fixture('guidellm-0.2.json'), 'g.json', given);
    expect(measurements[0]?.acceleratorCount).toBe(1);
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'assumed-count', suggestion: 'give --count <accelerators>' },
    ]);
  });
});

test.each(cases.refused)('$text is refused', ({ text, code, message }) => {
  const { measurements, problems } = readMeasurements(text, 'x.json', given);
  expect(measurements).toEqual([]);
  expect(problems).toMatchObject([
    { severity: 'error', file: 'x.json', code, message: expect.stringContaining(message) },
  ]);
});

test('numbers that only Python writes keep the positions of what follows', () => {
  const text =
    '{"completed": NaN, "note": "NaN, \\"Infinity\\"", "num_prompts": -Infinity, "total_input_tokens": true}';
  const { problems } = readMeasurements(text, 'x.json', given);
  expect(problems.map(({ path, column }) => [path, column])).toEqual(
    [
      ['completed', 15],
      ['total_input_tokens', text.indexOf('true') + 1],
      ['total_output_tokens', 1],
    ].sort((a, b) => Number(a[1]) - Number(b[1])),
  );
});

test('a problem of JSON lines is where it is in the file', () => {
  const [first = '', second = ''] = fixture('vllm-appended.jsonl').split('\n');
  const { problems } = readMeasurements(`${first}\n\n  ${second.replace('1000', '"many"')}\n`, 'x', {
    ...given,
    count: 1,
  });
  expect(problems).toMatchObject([{ line: 3, column: second.indexOf('1000') + 3, path: 'num_prompts' }]);
});

describe('nothing makes it throw', () => {
  const sound = (text: string): void => {
    for (const { measurements, problems } of [readMeasurements(text, 'f', given), readMeasurements(text, 'f')]) {
      expect(measurements.length + problems.length).toBeGreaterThan(0);
      for (const one of measurements)
        expect(one.promptTokens + one.outputTokens > 0 && one.acceleratorCount >= 1 && one.modelFamily !== '').toBe(
          true,
        );
      for (const { message, line, column } of problems)
        expect(message !== '' && (line ?? 1) >= 1 && (column ?? 1) >= 1).toBe(true);
    }
    const { header, rows } = readMeasurementsCsv(text, 'f');
    for (const { cells, measurement, problems } of rows) {
      expect(measurement !== null || problems.some(({ severity }) => severity === 'error')).toBe(true);
      if (measurement !== null) expect(cells).toHaveLength(header.length);
    }
  };

  test('any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string()), sound), { numRuns: 1000 });
  });

  test('any valid file with a part of it changed', () => {
    const marks = fc.constantFrom(...odd.marks, '', 'NaN', 'Infinity', 'null', '[]', '{}', '0', 'é');
    const spoiled = fc
      .tuple(
        fc.constantFrom(...fixtureNames),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), marks), { maxLength: 3 }),
      )
      .map(([name, edits]) =>
        edits.reduce((text, [at, length, mark]) => {
          const start = at % (text.length + 1);
          return text.slice(0, start) + mark + text.slice(start + length);
        }, fixture(name)),
      );
    fc.assert(fc.property(spoiled, sound), { numRuns: 2000 });
  });
});
