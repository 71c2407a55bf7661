import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMeasurementsCsv } from '../../src/calibration/measurements/csv.js';
import { measurementOf, oneCard, plainRun } from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';
import { fixture } from '../support/measurement-texts.js';

const cases = casesIn('measurements-csv', {
  refused: { text: z.string(), code: z.string(), message: z.string(), suggestion: z.string().nullable() },
});

const needed = 'model_family,accelerator,prompt_tokens,output_tokens';
const table = (head: string, ...rows: string[]) => readMeasurementsCsv([head, ...rows, ''].join('\n'), 'rows.csv');
/** Where and what the problems are: `line:column code`. */
const codes = (problems: { line: number | null; column: number | null; code: string }[]) =>
  problems.map(({ line, column, code }) => `${line}:${column} ${code}`);

test('columns are read by name, and every cell is kept as it is', () => {
  const { header, rows, problems } = readMeasurementsCsv(fixture('table.csv'), 'table.csv');
  expect(problems).toEqual([]);
  expect(header.slice(0, 4)).toEqual(['note', 'model_family', 'their_column', 'accelerator']);
  expect(rows.map(({ line, problems }) => [line, problems])).toEqual([
    [2, []],
    [4, []],
    [6, []],
  ]);
  expect(rows[0]?.cells.slice(0, 5)).toEqual([
    'two lines,\nwith a "quote"',
    'model-a',
    'kept as it is',
    'card-a',
    '1024',
  ]);
  expect(rows[1]?.cells[2]).toBe(' spaced ');
  expect(rows.map(({ measurement }) => measurement)).toEqual([
    measurementOf({
      modelFamily: 'model-a',
      accelerator: 'card-a',
      promptTokens: 1024,
      outputTokens: 512,
      concurrency: 16,
      engine: 'engine-a',
      ttftMsP50: 12.5,
      note: 'two lines,\nwith a "quote"',
    }),
    measurementOf({
      modelFamily: 'model-a',
      accelerator: 'card-a',
      acceleratorCount: 8,
      promptTokens: 2000,
      outputTokens: 0,
      quantization: 'fp8',
      saturated: 'yes',
      maxNumSeqs: 256,
      prefixHitRate: 0.5,
      kvCacheDtype: 'fp8',
      note: 'par=pp4; closed loop',
      parallel: { ...oneCard, tensor: 2, pipeline: 4 },
      run: { ...plainRun, arrival: 'closed-loop' },
    }),
    measurementOf({
      modelFamily: 'model-b',
      accelerator: 'card-b',
      acceleratorCount: 4,
      promptTokens: 0,
      outputTokens: 128,
      concurrency: 1,
      quantization: 'int4-awq',
      saturated: 'no',
      note: 'plain',
      parallel: { ...oneCard, tensor: 2, data: 2 },
    }),
  ]);
});

test('every column reaches its field', () => {
  const cells = {
    id: 'r1',
    source: 'here',
    engine_version: '1.2',
    metric_scope: 'system',
    confidence: 'high',
    request_rate_rps: '2.5',
    output_tokens_per_s: '1',
    total_tokens_per_s: '2',
    prefill_tokens_per_s: '3',
    ttft_ms_p50: '4',
    ttft_ms_p95: '5',
    tpot_ms_p50: '6',
    tpot_ms_p95: '7',
    e2e_ms_p50: '8e3',
  };
  const { rows } = table(`${needed},${Object.keys(cells).join(',')}`, `m,a,10,20,${Object.values(cells).join(',')}`);
  expect(rows[0]?.measurement).toEqual(
    measurementOf({
      ...{ modelFamily: 'm', accelerator: 'a', promptTokens: 10, outputTokens: 20 },
      ...{ id: 'r1', source: 'here', engineVersion: '1.2', metricScope: 'system', confidence: 'high' },
      ...{ requestRateRps: 2.5, outputTokensPerS: 1, totalTokensPerS: 2, prefillTokensPerS: 3 },
      ...{ ttftMsP50: 4, ttftMsP95: 5, tpotMsP50: 6, tpotMsP95: 7, e2eMsP50: 8000 },
    }),
  );
});

test('an error takes out its own row, and says the line and column of the cell', () => {
  const { rows, problems } = table(
    `note,${needed},concurrency,accelerator_count,saturated,prefix_hit_rate`,
    'good,m,a,10,20,,,,',
    '"a, note\nof two lines",m,a,1k,20,0,1.5,maybe,',
    'no accelerator,m,,10,20,,,,7',
    'short,m,a,10',
    'nothing,m,a,0,0,,,,',
    'good,m,a,10,20,,,,',
    ',,,,,,,,',
  );
  expect(problems).toEqual([]);
  expect(rows.map(({ measurement }) => measurement !== null)).toEqual([true, false, false, false, false, true]);
  expect(rows.map(({ problems }) => codes(problems))).toEqual([
    [],
    ['4:27 not-a-whole-number', '4:19 not-a-number', '4:25 out-of-range', '4:31 unknown-value'],
    ['5:18 missing-value', '5:28 out-of-range'],
    ['6:13 wrong-cell-count'],
    ['7:15 no-tokens'],
    [],
  ]);
  const [bad] = rows[2]?.problems ?? [];
  expect(bad).toMatchObject({
    file: 'rows.csv',
    severity: 'error',
    path: 'accelerator',
    message: 'accelerator: must not be empty',
    excerpt: 'no accelerator,m,,10,20,,,,7',
  });
});
test('a division that does not fit is a warning, and the row is read', () => {
  const { rows } = table(
    `${needed},accelerator_count,note,parallel`,
    'm,a,1,2,4,par=pp8,',
    'm,a,1,2,4,,pp8',
    'm,a,1,2,4,,x',
  );
  expect(rows.map(({ problems }) => codes(problems))).toEqual([
    ['2:11 odd-parallelism'],
    ['3:12 odd-parallelism'],
    ['4:12 odd-parallelism'],
  ]);
  expect(rows.every(({ measurement, problems }) => measurement && problems[0]?.severity === 'warning')).toBe(true);
});

describe('a file that cannot be read', () => {
  test.each(cases.refused)('$text', ({ text, code, message, suggestion }) => {
    const { rows, problems } = readMeasurementsCsv(text, 'rows.csv');
    expect(rows).toEqual([]);
    expect(codes(problems)).toEqual([code]);
    expect(problems[0]).toMatchObject({ severity: 'error', message: expect.stringContaining(message) });
    if (suggestion === null) expect(problems[0]?.suggestion).toBeNull();
    else expect(problems[0]?.suggestion).toContain(suggestion);
  });

  test('one known column, or a slip of one, makes it a table of them', () => {
    expect(codes(table('concurrency,ttft_ms_p50').problems)).toEqual(Array(4).fill('1:1 missing-column'));
    expect(table('output_tokns,gpu').problems.at(-1)?.suggestion).toBe('rename `output_tokns` to `output_tokens`');
  });
});

test('a column that is not read is worth a warning only where its name is a slip', () => {
  const { problems, rows } = table(
    `${needed},acelerator_count,source_date,ttft_ms_p99,their note`,
    'm,a,1,2,8,2026,3,x',
  );
  expect(problems.map(({ severity, path, suggestion }) => [severity, path, suggestion])).toEqual([
    ['warning', 'acelerator_count', 'did you mean `accelerator_count`?'],
  ]);
  expect(rows[0]?.measurement?.acceleratorCount).toBe(1);
  expect(table(`${needed},concurency,concurrency`, 'm,a,1,2,8,4').problems).toEqual([]);
  expect(table(needed).problems.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'no-rows']]);
});
