import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run as runPricingQuote } from '../../src/cli/commands/pricing-quote.js';
import { type Io, nodeIo } from '../../src/cli/io.js';
import type { Values } from '../../src/cli/problems.js';
import { newestSnapshot } from '../support/load.js';

async function run(values: Values): Promise<{ out: string; err: string; exit: number[] }> {
  const [out, err, exit]: [string[], string[], number[]] = [[], [], []];
  const plain = { isTTY: false, columns: 80, color: false };
  const io: Io = {
    ...nodeIo(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: (code) => void exit.push(code),
    stdout: plain,
    stderr: plain,
  };
  await runPricingQuote(io, { pricing: newestSnapshot, color: true, ...values } as never);
  return { out: out.join(''), err: err.join(''), exit };
}
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

  test('a month: 1M requests of 500 + 500 tokens at 2.50 and 10 are 1,250 + 5,000', async () => {
    const { out } = await run({ ...gpt4o, input: '500', output: '500', requests: '1M/month' });
    expect(out).toContain('openai/gpt-4o: 1,000,000 calls in a month');
    expect(out).toMatch(
      / input +500,000,000 +2\.5 +1,250\.00\n output +500,000,000 +10 +5,000\.00\n total +6,250\.00\n/,
    );
  });

  test.each([
    ['1000', 1000],
    ['1k', 1000],
    ['24/day', 730],
    ['2/h', 1460],
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

  test('a tier: 600 x 4.25 + 400 x 2.125 + 200 x 17 millionths = 0.0068, of a row of the catalog', async () => {
    const { out } = await run({ ...gpt4o, input: '1000', cached: '400', output: '200', tier: 'priority' });
    expect(out).toContain('openai/gpt-4o: one call, priority tier, prices 2026-08-21');
    expect(out).toMatch(/ total +0\.0068\n/);
    expect(out).toMatch(/FROM {2}service-tiers row \d+: OpenAI pricing page/);
    const json = await run({ ...gpt4o, input: '1M', output: '0', tier: 'batch', format: 'json' });
    expect(JSON.parse(json.out)).toMatchObject({ total: 1.25, batch: true, tier: 'batch' });
  });

  test('exclusive records, batches and writes reach the bill', async () => {
    const values = { provider: 'anthropic', model: 'claude-sonnet-4-6', format: 'json', quiet: true } as const;
    const record = { input: '50', cached: '100k', cacheWrite: '1000', output: '0', convention: 'exclusive' };
    // 50 x 3 + 100,000 x 0.3 + 1,000 x 3.75
    expect(JSON.parse((await run({ ...values, ...record })).out).total).toBe(0.0339);
    expect(JSON.parse((await run({ ...values, input: '1M', output: '1M', batch: true })).out).total).toBe(9);
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
    ['no model', { provider: 'openai', input: '1' }, '--model is missing'],
    ['no tokens', gpt4o, 'no tokens to bill'],
    ['a negative count', { ...gpt4o, input: '-5' }, '--input'],
    ['a peak', { ...gpt4o, input: '5', requests: '5 requests/s at peak' }, 'a peak is no month'],
    ['a range of requests', { ...gpt4o, input: '5', requests: '40k..60k requests/day' }, 'one number is needed'],
    ['tokens as requests', { ...gpt4o, input: '5', requests: '5M tokens/day' }, 'tokens are not calls'],
    ['nonsense as requests', { ...gpt4o, input: '5', requests: 'lots' }, 'not a number of calls'],
    [
      'a tier without a price',
      { provider: 'openai', model: 'gpt-5.2', input: '5', tier: 'flex' },
      'know no flex price of openai/gpt-5.2',
    ],
    ['an unknown tier', { ...gpt4o, input: '5', tier: 'fast' }, 'tiers: standard, flex, priority, batch'],
    ['a tier and a batch', { ...gpt4o, input: '5', tier: 'priority', batch: true }, 'leave one out'],
    [
      'no batch price',
      { provider: 'groq', model: 'llama-3.3-70b-versatile', input: '5', batch: true },
      'no batch price',
    ],
    [
      'half a token',
      { ...gpt4o, input: '1.5', output: '0.3' },
      '--input: `1.5` is no whole number of tokens: write 2 tokens',
    ],
    ['too much cached', { ...gpt4o, input: '5', cached: '6' }, 'the part is larger than the whole'],
    ['no such snapshot', { ...gpt4o, input: '5', pricing: '2020-01-01' }, 'there is no snapshot 2020-01-01'],
    ['no such folder', { ...gpt4o, input: '5', pricing: '/no/such/folder' }, 'no-such-folder'],
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

  test('prices of a folder of one’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-advisor-quote-'));
    for (const name of ['snapshot.yaml', 'api.csv', 'rental.csv', 'hosting.csv']) {
      const text = readFileSync(new URL(`../../pricing/${newestSnapshot}/${name}`, import.meta.url), 'utf8');
      const own = name === 'snapshot.yaml' ? text.slice(0, text.indexOf('files:')) : text;
      writeFileSync(
        join(folder, name),
        own.replace('openai,first-party,gpt-4o,gpt-4o,no,2.5,10', 'openai,first-party,gpt-4o,gpt-4o,no,7,10'),
      );
    }
    const { out } = await run({ ...gpt4o, input: '1M', pricing: folder, format: 'json' });
    expect(JSON.parse(out).total).toBe(7);
  });

  test('prices of one’s own: input at 1.5 by a rate, output at 10 less 20 %', async () => {
    const book = join(mkdtempSync(join(tmpdir(), 'deploy-advisor-quote-')), 'book.yaml');
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
