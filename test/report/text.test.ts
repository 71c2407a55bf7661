import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decimal, grouped, money, narrowMoney, percent, roughMoney } from '../../src/report/numbers.js';
import { columns, csvText, plainText, plainTree, wrap } from '../../src/report/printable.js';
import { casesIn } from '../support/cases.js';

const text = { value: z.number(), text: z.string() };
const cases = casesIn('report-text', {
  money: { usd: z.number(), full: z.string(), narrow: z.string(), rough: z.string() },
  grouped: text,
  decimals: text,
  fractions: text,
});

test.each(cases.money)('$usd USD reads as $full, $narrow in a column, about $rough', ({ usd, full, narrow, rough }) => {
  expect([money(usd), narrowMoney(usd), roughMoney(usd)]).toEqual([full, narrow, rough]);
});

test.each(cases.grouped)('$value is $text with separators', ({ value, text }) => {
  expect(grouped(value)).toBe(text);
});

test.each(cases.decimals)('$value is $text as a decimal', ({ value, text }) => {
  expect(decimal(value)).toBe(text);
});

test.each(cases.fractions)('the fraction $value is $text', ({ value: fraction, text }) => {
  expect(percent(fraction)).toBe(text);
});

test('control characters become visible, line breaks become spaces', () => {
  expect(plainText('a\u001b[31mb\r\n\tc\u0000\u009b\u202e\ud800')).toBe('a\\u001b[31mb c\\u0000\\u009b\\u202e\\ud800');
  expect(plainText('naïve 問い 🙂')).toBe('naïve 問い 🙂');
});

test('a tree is made safe in values and keys, and otherwise kept', () => {
  const tree = { a: [1, null, true, 'x\u0007'], 'k\u0007': { b: 'y' } };
  expect(plainTree<unknown>(tree)).toEqual({ a: [1, null, true, 'x\\u0007'], 'k\\u0007': { b: 'y' } });
});

test('long ids break after a separator, not inside a word', () => {
  expect(wrap('use cloud-api/vendorB/model-27b-instruct now', 20)).toEqual([
    'use',
    'cloud-api/vendorB/',
    'model-27b-instruct',
    'now',
  ]);
  expect(wrap('criteria|sure|inputs', 14)).toEqual(['criteria|sure|', 'inputs']);
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
});

test('wide characters count twice, combining ones not at all', () => {
  expect([columns('abc'), columns('問い'), columns('🙂'), columns('e\u0301')]).toEqual([3, 4, 2, 1]);
});

test('wrapping keeps every character but blanks, and no line is too wide', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '-', '/', '問'), maxLength: 80 });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (input, width) => {
      const lines = wrap(input, width);
      expect(lines.join('').replaceAll(' ', '')).toBe(input.replaceAll(' ', ''));
      for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test('a CSV cell is in quotes where it has a comma, a quote or spaces at its ends, as RFC 4180 writes it', () => {
  const rows = [
    ['one', 'two, three', 'four'],
    ['a,b', 'say "so"', ' x'],
    ['plain', '', '1.5'],
  ];
  expect(csvText(rows)).toBe('one,"two, three",four\n"a,b","say ""so"""," x"\nplain,,1.5\n');
});
