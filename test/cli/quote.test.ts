import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run as runPricingQuote } from '../../src/cli/commands/pricing-quote.js';
import type { Values } from '../../src/cli/problems.js';
import { newestSnapshot } from '../support/load.js';
import { told } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const run = (values: Values) =>
  told((io) => runPricingQuote(io, { pricing: newestSnapshot, color: true, ...values } as never));
const gpt4o = { provider: 'openai', model: 'gpt-4o' };

describe('pricing quote', () => {
  test('one call: 600 x 2.50 + 400 x 1.25 + 200 x 10 millionths = 0.004', async () => {
    const { out, err, exit } = await run({ ...gpt4o, input: '1000', cached: '400', output: '200' });
    expect([err, exit]).toEqual(['', []]);
    expect(out.split('\n').slice(0, 6)).toEqual([
      'openai/gpt-4o: one call, prices 2026-08-21',
      '                tokens   USD per 1M      USD',
      ' input             600          2.5   0.0015',
      ' cached input      400         1.25   0.0005',
      ' output            200           10    0.002',
      ' total                                 0.004',
    ]);
    expect(out).toMatch(/\nFROM {2}api row \d+: .*\n[\s\S]*\nNOTE {2}.*2027-01-14/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each([
    ['1000', 1000],
    ['24/day', 730],
    ['0.01 rps', 0.01 * 730 * 3600],
    ['168 requests per week', 730],
  ])('--requests %s is %d calls, of a month of 730 hours if it is a rate', async (requests, calls) => {
    const { out } = await run({ ...gpt4o, input: '1M', output: '0', requests, format: 'json' });
    const bill = JSON.parse(out);
    expect(bill.requests).toBeCloseTo(calls, 6);
    expect(bill.total).toBeCloseTo(calls * 2.5, 6);
  });

  test('JSON has the contract, and warnings go to stderr too', async () => {
    const call = { provider: 'anthropic', model: 'claude-sonnet-5', input: '1000', output: '100', format: 'json' };
    const { out, err, exit } = await run(call);
    const { schemaVersion, total, currency, parts, warnings } = JSON.parse(out);
    expect({ schemaVersion, total, currency }).toEqual({ schemaVersion: '1.1.0', total: 0.003, currency: 'USD' });
    expect(parts).toMatchObject([
      { part: 'tokens.input', quantity: 1000, unit: 'USD per 1e6 tokens', rate: 2, amount: 0.002 },
      { part: 'tokens.output', quantity: 100, unit: 'USD per 1e6 tokens', rate: 10, amount: 0.001 },
    ]);
    expect(parts[0].source).toContain('anthropic');
    expect(warnings).toMatchObject([{ code: 'introductory-price' }]);
    expect(err).toContain('warning  introductory-price  an introductory price until 2026-08-31, then 3 in and 15 out');
    expect(exit).toEqual([]);
    expect((await run({ ...call, quiet: true })).err).toBe('');
    const later = await run({ ...call, at: '2026-09-01' });
    expect(JSON.parse(later.out)).toMatchObject({
      total: 0.0045,
      at: '2026-09-01',
      warnings: [{ code: 'forecast-price' }],
    });
  });

  test('all mistakes at once, exit 2, nothing on stdout', async () => {
    const { out, err, exit } = await run({
      provider: 'opnai',
      model: 'gpt-4o',
      input: '1..2',
      output: 'many',
      requests: '30 users',
    });
    expect(out).toBe('');
    expect(exit).toContain(2);
    expect(err).toContain('--input: a range cannot stand here');
    expect(err).toContain('--output: `many` is not a number');
    expect(err).toContain('--requests: users are not calls');
    expect(err).toContain('did you mean `openai`?');
  });

  test.each<[string, Values, string]>([
    ['no provider', { model: 'gpt-4o', input: '1' }, '--provider is missing'],
    ['no tokens', gpt4o, 'no tokens to bill'],
    ['a peak', { ...gpt4o, input: '5', requests: '5 requests/s at peak' }, 'a peak is no month'],
    ['a range of requests', { ...gpt4o, input: '5', requests: '40k..60k requests/day' }, 'one number is needed'],
    ['tokens as requests', { ...gpt4o, input: '5', requests: '5M tokens/day' }, 'tokens are not calls'],
    [
      'a tier it has not',
      { provider: 'openai', model: 'gpt-5.2', input: '5', tier: 'flex' },
      'know no flex price of openai',
    ],
    ['an unknown tier', { ...gpt4o, input: '5', tier: 'fast' }, 'tiers: standard, flex, priority, batch'],
    ['a tier and a batch', { ...gpt4o, input: '5', tier: 'priority', batch: true }, 'leave one out'],
    ['no batch', { provider: 'groq', model: 'llama-3.3-70b-versatile', input: '5', batch: true }, 'no batch price'],
    ['half a token', { ...gpt4o, input: '1.5', output: '0.3' }, '`1.5` is no whole number of tokens: write 2 tokens'],
    ['too much cached', { ...gpt4o, input: '5', cached: '6' }, 'the part is larger than the whole'],
  ])('%s is exit 2', async (_, values, message) => {
    const text = await run(values);
    expect(text.out).toBe('');
    expect(text.exit).toContain(2);
    expect(text.err).toContain(message);
    const json = await run({ ...values, format: 'json' });
    expect(json.err).toBe('');
    const { errors } = JSON.parse(json.out);
    expect(JSON.stringify(errors)).toContain(message);
  });

  test('prices of one’s own: input at 1.5 by a rate, output at 10 less 20 %', async () => {
    const book = join(newFolder(), 'book.yaml');
    const rate = 'rates: [{provider: openai, model: gpt-4o, input: 1.5, until: 2026-11-30}]';
    writeFileSync(book, `version: 1\nname: contract\ndiscounts: [{provider: openai, percent: 20}]\n${rate}\n`);
    const call = { ...gpt4o, input: '2000', output: '500', priceBook: book };
    const { out, err } = await run({ ...call, at: '2026-11-01' });
    expect(err).toContain('until 2026-11-30, then 2 in and 8 out');
    expect(out).toMatch(/ input +2,000 +1\.5 +0\.003\n output +500 +8 +0\.004\n total +0\.007\n/);
    expect(out).toContain('price book contract');
    // Once the rate has ended, the list price less the discount: 2,000 x 2 + 500 x 8.
    const later = await run({ ...call, at: '2026-12-01', format: 'json' });
    expect(JSON.parse(later.out).total).toBeCloseTo(0.008, 12);
    const bad = await run({ ...call, priceBook: `${book}.none` });
    expect([bad.out, bad.exit]).toEqual(['', [2]]);
  });
});
