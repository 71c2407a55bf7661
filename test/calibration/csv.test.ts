import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMeasurementsCsv } from '../../src/calibration/measurements/csv.js';
import {
  type Measurement,
  measurementOf,
  oneCard,
  type Parallel,
  plainRun,
  type Run,
} from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';
import { fixture } from '../support/measurement-texts.js';

const cases = casesIn('measurements-csv', {
  table: { measurement: z.record(z.string(), z.unknown()) },
  columns: { column: z.string(), cell: z.string(), field: z.string(), is: z.union([z.string(), z.number()]) },
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
  expect(rows.map(({ measurement }) => measurement)).toEqual(
    cases.table.map(({ measurement: { run, parallel, ...known } }) =>
      measurementOf({
        ...(known as Measurement),
        ...(run !== undefined && { run: { ...plainRun, ...(run as Partial<Run>) } }),
        ...(parallel !== undefined && { parallel: { ...oneCard, ...(parallel as Partial<Parallel>) } }),
      }),
    ),
  );
});

test('every column reaches its field', () => {
  const row = (of: (column: (typeof cases.columns)[number]) => string) => cases.columns.map(of).join(',');
  const { rows } = table(`${needed},${row(({ column }) => column)}`, `m,a,10,20,${row(({ cell }) => cell)}`);
  const known = { modelFamily: 'm', accelerator: 'a', promptTokens: 10, outputTokens: 20 };
  const fields = Object.fromEntries(cases.columns.map(({ field, is }) => [field, is]));
  expect(rows[0]?.measurement).toEqual(measurementOf({ ...known, ...fields }));
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
