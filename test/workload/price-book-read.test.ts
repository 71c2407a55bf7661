import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { applyPriceBook } from '../../src/tables/price-book/apply-price-book.js';
import { readPriceBook } from '../../src/workload/document.js';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';

const cases = casesIn('price-book-read', {
  refused: { why: z.string(), text: z.string(), problem: z.string() },
  refusedLines: { why: z.string(), line: z.string(), problem: z.string() },
});

const fixture = (name: string) => readFileSync(new URL(`../fixtures/price-book/${name}.yaml`, import.meta.url), 'utf8');
const { tables, prose } = await shipped();
const lines = (text: string) =>
  readPriceBook(text, 'book.yaml').problems.map(
    ({ file, line, column, code, path, suggestion }) =>
      `${file}:${line}:${column} ${code} ${path}${suggestion === null ? '' : ` (${suggestion})`}`,
  );

describe('reading a book', () => {
  test('every kind of entry, in the units of the tables', () => {
    const { read, problems } = readPriceBook(fixture('contract'), 'book.yaml');
    expect(problems).toEqual([]);
    expect(read?.book.name).toBe('Our contract');
    expect(read?.book.label).toMatch(/^Our contract \(book\.yaml, sha256 [0-9a-f]{64}\)$/);
    expect(read?.book.where(['rates', 1])).toBe('book.yaml:10');
    expect(read?.book.prices.discounts).toEqual([
      { provider: 'openai', percent: 12 },
      { percent: 10, on: ['rental'] },
    ]);
    expect(read?.book.prices.reserved?.[0]).toMatchObject({ term: 1, usdPerHour: 25, count: 2 });
    expect(read?.book.prices.models?.[0]).toMatchObject({ context: 32_000, input: 0.01 });
    expect(read?.book.prices.providers?.[0]).toMatchObject({ operator: 'de', regions: ['eea', 'us?', 'no:uk'] });
  });

  test('prices, discounts and the rate of exchange as ranges, with the likely value', () => {
    const text = [
      'version: 1',
      'name: x',
      'currency: {code: EUR, usdPerUnit: {low: 1, likely: 1.1, high: 1.2}, asOf: 2026-08-01}',
      'discounts: [{provider: openai, percent: 10%..20%}]',
      'rates:',
      '  - {provider: anthropic, model: claude-haiku-4-5, input: 0.6..1, output: {mean: 4, cv: 0.25}, cached: 0.1..0.9}',
      'reserved: [{provider: aws, instance: p5.48xlarge, term: 1 year, usdPerHour: 20..30}]',
    ].join('\n');
    const { read, problems } = readPriceBook(text, 'book.yaml');
    expect(problems).toEqual([]);
    const { currency, discounts, rates, reserved } = read?.book.prices ?? {};
    expect(currency?.usdPerUnit).toEqual({ low: 1, likely: 1.1, high: 1.2 });
    expect(discounts?.[0]?.percent).toEqual({ low: 10, likely: 15, high: 20 });
    // By hand: sigma^2 = ln(1 + 0.25^2) = 0.060625, the band 4 exp(-0.0303123 -+ 1.2815516 * 0.2462208).
    const output = { low: expect.closeTo(2.8304, 3), likely: 4, high: expect.closeTo(5.3202, 3) };
    const cached = { low: 0.1, likely: expect.closeTo(0.3, 12), high: 0.9 };
    expect(rates?.[0]).toMatchObject({ input: { low: 0.6, likely: 0.8, high: 1 }, output, cached });
    expect(reserved?.[0]?.usdPerHour).toEqual({ low: 20, likely: 25, high: 30 });
  });

  test('all mistakes at once, each at its place, with what was meant', () => {
    expect(lines(fixture('mistakes'))).toEqual([
      'book.yaml:3:1 missing-key currency.asOf',
      'book.yaml:5:33 bad-value discounts.0.percent',
      'book.yaml:6:15 bad-value discounts.1.percent',
      'book.yaml:8:46 bad-value rates.0.input',
      'book.yaml:9:31 bad-value rates.1.model',
      'book.yaml:9:39 unknown-key rates.1.inptu (did you mean `input`?)',
      'book.yaml:11:31 bad-value reserved.0.instance',
      'book.yaml:12:1 unknown-key modles (did you mean `models`?)',
    ]);
  });

  test('names that the tables do not have, at their place', () => {
    const { read } = readPriceBook(fixture('unknown-names'), 'book.yaml');
    if (read === null) throw new Error('not read');
    const { problems } = applyPriceBook(tables, prose, read.book, '2026-11-20');
    const told = problems.map(read.place).map(({ line, code, suggestion }) => `${line} ${code} ${suggestion ?? ''}`);
    expect(told.sort()).toEqual([
      '10 unknown-instance did you mean `p5.48xlarge`?',
      '12 bad-value ',
      '14 new-provider ',
      '14 unknown-model did you mean `qwen3-8b`?',
      '15 already-priced ',
      '3 future-rate ',
      '5 unknown-provider did you mean `openai`?',
      '6 unknown-model did you mean `gpt-4o-mini`?',
      '8 unknown-model did you mean `claude-sonnet-5`?',
      '9 unknown-accelerator did you mean `h100-sxm-80gb`?',
    ]);
  });

  test.each(cases.refused)('refuses $why', ({ text, problem }) =>
    expect(lines(text)).toEqual([`book.yaml:${problem}`]),
  );

  test.each(cases.refusedLines)('refuses $why in the third line', ({ line, problem }) =>
    expect(lines(`version: 1\nname: x\n${line}\n`)).toEqual([`book.yaml:3:${problem}`]),
  );

  test('never throws, and a book comes only without errors', () => {
    const fields = ['version', 'name', 'rates', 'discounts', 'currency', 'models', 'reserved', 'percent', '__proto__'];
    const key = fc.constantFrom(...fields);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.dictionary(key, tie('node')), fc.array(tie('node'))),
    })).node;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tree.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const { read, problems } = readPriceBook(text, 'book.yaml');
          expect(read === null).toBe(problems.some(({ severity }) => severity === 'error'));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('prices in a scenario', () => {
  const scenario = (prices: string) =>
    readScenario(`version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\nprices:\n${prices}`, {
      file: 's.yaml',
      tables,
      asOf: '2026-11-20',
    });

  test('are read like a book', () => {
    const { scenario: read, problems } = scenario('  discounts: [{provider: openai, percent: 12}]\n');
    expect(problems).toEqual([]);
    expect(read?.scenario.prices).toEqual({
      name: 'own prices',
      prices: { discounts: [{ provider: 'openai', percent: 12 }] },
    });
  });

  test('all their mistakes come with those of the rest, at their place', () => {
    const { scenario: read, problems } = scenario(
      '  currency: {code: EUR, usdPerUnit: 1.1, asOf: 2027-01-01}\n  discounts: [{provider: openia, percent: 12}]\n  rates: [{provider: openai, model: gpt-4o, inptu: 1}]\nbudgt: 1\n',
    );
    expect(read).toBeNull();
    expect(problems.map(({ line, code, path }) => `${line} ${code} ${path}`)).toEqual([
      '5 future-rate prices.currency.asOf',
      '6 unknown-provider prices.discounts.0.provider',
      '7 bad-value prices.rates.0.model',
      '7 unknown-key prices.rates.0.inptu',
      '8 unknown-key budgt',
    ]);
  });
});
