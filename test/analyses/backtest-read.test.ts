import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readActuals } from '../../src/analyses/backtest/actuals.js';
import { casesIn } from '../support/cases.js';

/** Of each text, what is told of it; HEAD is the usual head. */
const { refused } = casesIn('actuals', {
  refused: { what: z.string(), text: z.string(), problems: z.array(z.string()).min(1) },
});
const head = 'month,requests,input_tokens,output_tokens,cost';
const read = (text: string, tasks: string[] | null = ['faq', 'hard']) =>
  readActuals(text, 'a.csv', tasks, '2027-03-01');
const lines = (text: string, tasks?: string[]) =>
  read(text, tasks).problems.map(
    ({ severity, line, column, code, path, suggestion }) =>
      `${severity === 'error' ? '' : 'warning '}${line}:${column} ${code} ${path}${suggestion === null ? '' : ` (${suggestion})`}`,
  );

describe('what is read', () => {
  test('columns by name in any order, months in any order, quotes, CRLF and a byte-order mark', () => {
    const text =
      '\uFEFFCost,"month",output_tokens,requests,input_tokens\r\n12.5,2026-10,30,10,200\r\n7,2026-09,3,"1",20\r\n';
    const { actuals, problems } = read(text);
    expect(problems).toEqual([]);
    expect(actuals).toEqual({
      byTask: false,
      months: [
        { month: '2026-09', index: 0, requests: 1, inputTokens: 20, outputTokens: 3, paidUsd: 7, tasks: null },
        { month: '2026-10', index: 1, requests: 10, inputTokens: 200, outputTokens: 30, paidUsd: 12.5, tasks: null },
      ],
    });
  });

  test('by task: rows of a month together, a cost in one of them', () => {
    const { actuals, problems } = read(
      `task,${head}\nfaq,2026-12,10,100,20,\nhard,2026-12,5,400,90,8\nfaq,2027-01,1,2,3,4\n`,
    );
    expect(problems).toEqual([]);
    const [december, january] = actuals?.months ?? [];
    expect(december).toMatchObject({ requests: 15, inputTokens: 500, outputTokens: 110, paidUsd: 8 });
    expect(december?.tasks?.get('hard')).toEqual({ requests: 5, inputTokens: 400, outputTokens: 90 });
    expect(january).toMatchObject({ index: 1, paidUsd: 4 });
  });

  test('a gap is a warning, and months count through it', () => {
    const text = `${head}\n2025-11,1,1,1,1\n2026-02,1,1,1,1\n`;
    expect(read(text).actuals?.months.map(({ index }) => index)).toEqual([0, 3]);
    expect(lines(text)).toEqual(['warning null:null months-missing ']);
    expect(read(text).problems[0]?.message).toContain('no row for 2025-12, 2026-01:');
    const long = `${head}\n2025-01,1,1,1,1\n2026-01,1,1,1,1\n`;
    expect(read(long).problems[0]?.message).toContain('2025-07 and 5 more:');
  });

  test('a month whose row is at fault is not missing, nor is one where it cannot be told which it is', () => {
    const bad = `${head}\n2025-11,1,1,1,1\n2025-12,1,x,1,1\n2026-01,1,1,1,1\n`;
    expect(lines(bad)).toEqual(['3:11 not-a-number input_tokens']);
    expect(lines(bad.replace('2026-01', '2026-02'))).toEqual([
      'warning null:null months-missing ',
      '3:11 not-a-number input_tokens',
    ]);
    expect(read(bad.replace('2026-01', '2026-02')).problems[0]?.message).toContain('no row for 2026-01:');
    expect(lines(bad.replace('2025-12,1,x', '2025-12,1,1,x'))).toEqual([
      expect.stringMatching(/^3:.* wrong-cell-count/),
    ]);
    expect(lines(bad.replace('2025-12', '2025-1Z'))).toEqual(['3:1 bad-month month', '3:11 not-a-number input_tokens']);
    expect(lines(bad.replace('2025-12', '2025-10'))).toEqual([
      'warning null:null months-missing ',
      '3:11 not-a-number input_tokens',
    ]);
  });

  test('months that have not ended on the day are one warning, at the first of them', () => {
    const text = (...months: string[]) => [head, ...months.map((month) => `${month},1,1,1,1`), ''].join('\n');
    const told = lines(text('2027-02', '2027-03'));
    expect(told).toEqual([expect.stringMatching(/^warning 3:1 month-not-ended month \(/)]);
    expect(read(text('2027-02', '2027-03')).actuals?.months).toHaveLength(2);
    expect(read(text('2027-02', '2027-03')).problems[0]?.message).toContain('on 2027-03-01 2027-03 has not ended:');
    expect(lines(text('2027-01', '2027-02'))).toEqual([]);
    const many = ['03', '04', '05', '06', '07', '08', '09', '10'].map((month) => `2027-${month}`);
    expect(read(text(...many)).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('2027-08 and 2 more have not ended'),
    ]);
  });

  test('columns that are not read are a warning each', () => {
    expect(lines(`${head},currency,tsak\n2026-09,1,1,1,1,USD,x\n`)).toEqual([
      'warning 1:48 unknown-column currency',
      'warning 1:57 unknown-column tsak (did you mean `task`?)',
    ]);
  });
});

describe('what is refused', () => {
  test.each(refused)('$what', ({ text: written, problems }) => {
    const text = written.replace('HEAD', head);
    expect(lines(text)).toEqual(
      problems.map((each) => (each.startsWith('/') ? expect.stringMatching(each.slice(1, -1)) : each)),
    );
    expect(read(text).actuals).toBeNull();
  });

  test('never throws, and actuals come only without errors', () => {
    const cell = fc.oneof(fc.constantFrom('2026-09', '2026-10', '5', '', '"', 'faq', '-1', '1e400'), fc.string());
    const table = fc.array(fc.array(cell, { maxLength: 7 }).map((cells) => cells.join(',')));
    fc.assert(
      fc.property(table, fc.boolean(), (rows, withHead) => {
        const { actuals, problems } = read([...(withHead ? [`${head},task`] : []), ...rows].join('\n'));
        expect(actuals === null).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const month of actuals?.months ?? []) expect(Object.values(month).some(Number.isNaN)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
