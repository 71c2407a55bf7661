import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { promptTier } from '../../src/cost/token-prices.js';
import type { ApiRow, RentalRow } from '../../src/tables/columns.js';
import { applyPriceBook } from '../../src/tables/price-book/apply-price-book.js';
import { factorOf, type OwnPrices, type PriceBook, type PriceRange } from '../../src/tables/price-book/price-book.js';
import { pricesAfter } from '../../src/tables/service-tiers.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';

const prices = z.record(z.string(), z.unknown());
const cases = casesIn('price-book', {
  api: { why: z.string(), books: z.array(prices), rows: z.record(z.string(), prices) },
  ranges: { why: z.string(), path: z.string(), likely: z.number(), to: z.number(), prices },
  told: { text: z.string(), told: z.string().nullable() },
});

const { tables: list, prose } = await shipped();
const book = (prices: OwnPrices, name = 'Ours'): PriceBook => ({
  name,
  label: name,
  prices,
  where: (path) => `book.yaml:${path.join('.')}`,
});
const apply = (...books: OwnPrices[]) => {
  let applied = { tables: list, prose };
  let last = applyPriceBook(list, prose, book({}));
  for (const [index, prices] of books.entries()) {
    last = applyPriceBook(applied.tables, applied.prose, book(prices, `Book ${index + 1}`), '2026-11-20');
    applied = last;
  }
  return last;
};
const apiRow = ({ api }: Tables, provider: string, model: string): ApiRow => {
  const row = api.find((each) => each.provider === provider && each.modelId === model);
  if (row === undefined) throw new Error(`no ${provider} / ${model}`);
  return row;
};
const machines = ({ rental }: Tables, provider: string, instance: string): RentalRow[] =>
  rental.filter((row) => row.provider === provider && row.instanceType === instance);

test.each(cases.told)('of $text there is told: $told', ({ text, told }) => {
  const { problems } = apply(parse(text));
  expect(problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(told === null ? [] : [told]);
  const isWarning = /^(?:no-effect|ended-rate|two-changes|new-provider) /.test(told ?? '');
  for (const { severity } of problems) expect(severity).toBe(isWarning ? 'warning' : 'error');
  // Once, with the book it is in.
  expect(apply(parse(text), {}).problems).toEqual([]);
});

test.each(cases.api)('$why', ({ books, rows }) => {
  const { tables, problems } = apply(...(books as OwnPrices[]));
  expect(problems).toEqual([]);
  for (const [name, cells] of Object.entries(rows)) {
    const [provider = '', model = ''] = name.split(' ');
    const near = Object.entries(cells).map(([cell, is]) => [
      cell,
      typeof is === 'number' ? expect.closeTo(is, 12) : is,
    ]);
    expect(apiRow(tables, provider, model), name).toMatchObject(Object.fromEntries(near));
  }
});

describe('discounts', () => {
  test('a provider that rents and hosts gives it on all three; `on` narrows it', () => {
    const perHour = (tables: Tables) => [
      machines(tables, 'aws', 'p5.48xlarge')[0]?.onDemandUsdPerHour,
      tables.hosting.find(({ product }) => product === 'bedrock custom model import CMU us-east-1')?.usdPerUnit,
    ];
    expect(perHour(list)).toEqual([55.04, 3.4308]);
    expect(perHour(apply({ discounts: [{ provider: 'aws', percent: 50 }] }).tables)).toEqual([27.52, 1.7154]);
    expect(perHour(apply({ discounts: [{ provider: 'aws', percent: 50, on: ['hosting'] }] }).tables)).toEqual([
      55.04, 1.7154,
    ]);
  });

  test('any discount on any provider: its prices times the factor, all others the very same rows', () => {
    const providers = [...new Set(list.api.map(({ provider }) => provider))];
    fc.assert(
      fc.property(fc.constantFrom(...providers), fc.integer({ min: 0, max: 99 }), (provider, percent) => {
        const { tables, changed } = apply({ discounts: [{ provider, percent, on: ['tokens'] }] });
        for (const [index, row] of tables.api.entries()) {
          const before = list.api[index] as ApiRow;
          if (row.provider !== provider) expect(row).toBe(before);
          else expect(row.outputUsdPerMTok).toBeCloseTo((before.outputUsdPerMTok * (100 - percent)) / 100, 9);
          expect(changed.has(`api ${row.row}`)).toBe(row.provider === provider);
        }
        expect(tables.rental).toEqual(list.rental);
      }),
      { numRuns: 40 },
    );
  });
});

describe('rates', () => {
  test('name prices of service tiers', () => {
    const gpt = { provider: 'openai', model: 'gpt-5.4' };
    const { tables, problems } = apply({ rates: [{ ...gpt, flexInput: 1, flexCached: 0.05, flexOutput: 5 }] });
    const row = apiRow(tables, 'openai', 'gpt-5.4');
    expect(row).toMatchObject({ flexInputUsdPerMTok: 1, flexCachedUsdPerMTok: 0.05, priorityInputUsdPerMTok: 5 });
    // What a rate fixes is no longer of the catalog.
    expect(Object.keys(row.tierRows ?? {})).toEqual(['priority']);
    expect(problems).toEqual([]);
    const until = apply({ rates: [{ ...gpt, flexInput: 1, flexOutput: 5, until: '2027-03-31' }] });
    expect(until.problems.map(({ code }) => code)).toContain('tier-until');
  });

  test('of some prices end with all of them, and leave those of the list as they are', () => {
    const openai = { provider: 'openai', model: 'gpt-5.4' };
    const row = (rate: object) => apiRow(apply({ rates: [{ ...openai, ...rate }] }).tables, 'openai', 'gpt-5.4');
    const { cached, batchInput, tierInput } = { cached: 0.25, batchInput: 1.25, tierInput: 5 }; // as listed
    const half = pricesAfter(row({ input: 1.25, until: '2026-12-31' }));
    expect(half).toMatchObject({
      ...{ inputUsdPerMTok: 2.5, cachedInputUsdPerMTok: cached, batchInputUsdPerMTok: batchInput },
      tierInputUsdPerMTok: tierInput,
    });
    const reads = row({ cached: 0.01, until: '2026-12-31' });
    expect([reads.until, reads.cachedInputUsdPerMTok]).toEqual(['2026-12-31', 0.01]);
    expect(pricesAfter(reads)).toMatchObject({ inputUsdPerMTok: 2.5, cachedInputUsdPerMTok: cached });
    const batches = row({ batchInput: 0.01, batchOutput: 0.01, until: '2026-12-31' });
    expect(pricesAfter(batches)).toMatchObject({ batchInputUsdPerMTok: batchInput, batchOutputUsdPerMTok: 7.5 });
    // A long prompt found in the cache costs twice a short one, as in the list, whatever other input was agreed at.
    expect(promptTier(row({ input: 1.25 }), 300_000)).toMatchObject({ input: tierInput, inputRatio: 2 });
  });

  test('per GPU: 2.1 an hour is 16.8 for the 8 of an instance, in a row of their own beside the other prices', () => {
    const { tables, changed } = apply({ rates: [{ provider: 'aws', accelerator: 'h100-sxm-80gb', onDemand: 2.1 }] });
    const [own, rest] = machines(tables, 'aws', 'p5.48xlarge');
    expect(own).toMatchObject({ onDemandUsdPerHour: 16.8, reserved3yUsdPerHour: null });
    expect(rest).toMatchObject({ onDemandUsdPerHour: null, reserved3yUsdPerHour: 23.7773 });
    expect([changed.has(`rental ${own?.row}`), changed.has(`rental ${rest?.row}`)]).toEqual([true, false]);
    expect(new Set(tables.rental.map(({ row }) => row)).size).toBe(tables.rental.length);
  });

  test('a spot price takes along the one that stands in for it, and the row that is of', () => {
    const a6000 = { provider: 'verda', accelerator: 'rtx-a6000-48gb' }; // listed at 0.61 and 0.305
    const rowsOf = (prices: OwnPrices) =>
      apply(prices).tables.rental.filter(
        ({ provider, accelerator }) => provider === 'verda' && accelerator === 'rtx-a6000-48gb',
      );
    const [spot, listed] = rowsOf({
      rates: [{ ...a6000, spot: 0.2 }],
      discounts: [{ provider: 'verda', percent: 10 }],
    });
    expect(spot).toMatchObject({ spotUsdPerHour: 0.2, standInRow: listed?.row });
    expect(spot?.standInUsdPerHour).toBeCloseTo(0.549, 12);
    const [own, rest] = rowsOf({ rates: [{ ...a6000, onDemand: 0.5 }] });
    expect(rest).toMatchObject({ spotUsdPerHour: 0.305, standInUsdPerHour: 0.5, standInRow: own?.row });
    expect(own).not.toHaveProperty('standInRow');
    const [both] = rowsOf({ rates: [{ ...a6000, onDemand: 0.5, spot: 0.2 }] });
    expect(both).not.toHaveProperty('standInRow');
  });
});

describe('contracts', () => {
  const p5 = { provider: 'aws', instance: 'p5.48xlarge', term: 1 };

  test('give a form of purchase that the list has no price for; how many there are is kept', () => {
    const { tables } = apply({ reserved: [{ ...p5, usdPerHour: 25, count: 2 }] });
    const [own, rest] = machines(tables, 'aws', 'p5.48xlarge');
    expect(own).toMatchObject({ reserved1yUsdPerHour: 25, onDemandUsdPerHour: null });
    expect(rest).toEqual(machines(list, 'aws', 'p5.48xlarge')[0]);
    expect(tables.ownPricing?.reserved).toEqual([{ row: own?.row, purchase: 'reserved-1y', count: 2 }]);
  });
});

describe('models of one’s own', () => {
  const tune = { provider: 'together', model: 'tune', like: 'qwen3-8b', input: 0.1, output: 0.3 };

  test('are rows of the price list with the capability of another; of open weights they are hosted', () => {
    const { tables, changed, prose: sources } = apply({ models: [{ ...tune, context: 32_000 }] });
    const row = apiRow(tables, 'together', 'tune');
    expect(row).toMatchObject({
      family: 'qwen3-8b',
      openWeights: true,
      endpointKind: 'open-model-host',
      inputUsdPerMTok: 0.1,
      contextWindow: 32_000,
      cachedInputUsdPerMTok: null,
    });
    expect(tables.capabilityOf.get(row.family)?.index).toBe(list.capabilityOf.get('qwen3-8b')?.index);
    expect(changed).toEqual(new Set([`api ${row.row}`]));
    expect(sources({ table: 'api', row: row.row }).source).toBe('price book Book 1 (book.yaml:models.0)');
    expect(list.api.some(({ row: taken }) => taken === row.row)).toBe(false);
  });
});

describe('providers of one’s own', () => {
  const model = { provider: 'gateway', model: 'chat', like: 'gpt-4o', input: 2, output: 8 };
  const gateway = { provider: 'gateway', operator: 'de', regions: ['eea', 'us?', 'no:uk'], agreements: ['dpa'] };

  test('are rows of the catalog, with their place in the book as source', () => {
    const { tables, changed, prose: sources, problems } = apply({ models: [model], providers: [gateway] });
    expect(problems).toEqual([]);
    const row = tables.providerOf.get('gateway');
    expect(row).toMatchObject({
      operatorCountry: 'de',
      regions: ['eea', 'us?', 'no:uk'],
      agreements: ['dpa'],
      certs: [],
      options: [],
    });
    expect(tables.providers.filter(({ row: at }) => at === row?.row)).toEqual([row]);
    expect(changed).toContain(`providers ${row?.row}`);
    expect(sources({ table: 'providers', row: row?.row as number }).source).toBe(
      'price book Book 1 (book.yaml:providers.0)',
    );
    expect(tables.providerOf.get('openai')).toBe(list.providerOf.get('openai'));
    expect(list.providerOf.has('gateway')).toBe(false);
  });
});

test('of two books the labels are kept in their order', () => {
  const { tables } = apply({ discounts: [{ percent: 50 }] }, { discounts: [{ percent: 20 }] });
  expect(tables.ownPricing?.books.map(({ label }) => label)).toEqual(['Book 1', 'Book 2']);
});

describe('ranges', () => {
  type Numbers = Record<string, number>;
  /** The tables with `factor` multiplied into every cell of the range at `path`. */
  const moved = (tables: Tables, path: string, factor: number) => {
    const range = tables.ownPricing?.ranges.find((one) => one.path.join('.') === path);
    const rowsOf = (table: 'api' | 'rental' | 'hosting') =>
      tables[table].map((row) => {
        const columns = range?.rows.filter((one) => one.table === table && one.row === row.row) ?? [];
        const own: Numbers = {};
        for (const { columns: names } of columns)
          for (const name of names) own[name] = (row as unknown as Numbers)[name] as number;
        return { ...row, ...Object.fromEntries(Object.entries(own).map(([name, usd]) => [name, usd * factor])) };
      });
    return { api: rowsOf('api'), rental: rowsOf('rental'), hosting: rowsOf('hosting') };
  };
  const near = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Number(one.toPrecision(10)) : one));
  test.each(cases.ranges)('$why: its cells times one factor are the tables with that value', (given) => {
    const { path, likely, to } = given;
    /** The book with another value at the path. */
    const prices = (value: unknown) => {
      const book = structuredClone(given.prices) as OwnPrices;
      const keys = path.split('.');
      const last = keys.pop() as string;
      const entry = keys.reduce<Record<string, unknown>>((at, key) => at[key] as never, book);
      expect(entry[last]).toBe(likely);
      entry[last] = value;
      return book;
    };
    const { tables } = apply(prices({ low: likely / 2, likely, high: likely * 1.5 }));
    const { tables: same } = apply(prices(likely));
    const { tables: drawn } = apply(prices(to));
    expect(tables.ownPricing?.ranges.map((range) => range.path.join('.'))).toEqual([path]);
    const discount = path.endsWith('percent');
    const left = (value: number) => (discount ? 100 - value : value);
    const [range] = tables.ownPricing?.ranges ?? [];
    const ends = discount ? [likely / 2, likely, likely * 1.5] : [0.5, 1, 1.5];
    expect(range?.unit).toBe(discount ? '%' : 'x likely');
    expect([range?.low, range?.likely, range?.high].map(near)).toEqual(ends.map(near));
    expect(near(factorOf(range as PriceRange, discount ? to : to / likely))).toBe(near(left(to) / left(likely)));
    const bare = ({ api, rental, hosting }: Pick<Tables, 'api' | 'rental' | 'hosting'>) => ({ api, rental, hosting });
    expect(near(moved(tables, path, left(to) / left(likely)))).toEqual(near(bare(drawn)));
    expect(near(bare(tables))).toEqual(near(bare(same)));
  });

  test('two ranges move one cell: the price and the rate of exchange; what a later book fixes is moved by neither', () => {
    const first: OwnPrices = {
      currency: { code: 'EUR', usdPerUnit: { low: 1, likely: 1.1, high: 1.2 }, asOf: '2026-08-01' },
      rates: [{ provider: 'anthropic', model: 'claude-haiku-4-5', output: { low: 3, likely: 4, high: 5 } }],
    };
    const { tables } = apply(first);
    const row = apiRow(tables, 'anthropic', 'claude-haiku-4-5');
    expect(row.outputUsdPerMTok).toBeCloseTo(4.4, 12);
    const cells = [{ table: 'api', row: row.row, columns: ['outputUsdPerMTok'] }];
    expect(tables.ownPricing?.ranges).toMatchObject([
      {
        path: ['rates', 0, 'output'],
        unit: 'x likely',
        book: { name: 'Book 1' },
        low: 0.75,
        likely: 1,
        high: 1.25,
        rows: cells,
      },
      {
        path: ['currency', 'usdPerUnit'],
        unit: 'x likely',
        book: { name: 'Book 1' },
        low: 1 / 1.1,
        likely: 1,
        high: 1.2 / 1.1,
        rows: cells,
      },
    ]);
    const later: OwnPrices = { rates: [{ provider: 'anthropic', model: 'claude-haiku-4-5', output: 4 }] };
    expect(apply(first, later).tables.ownPricing?.ranges).toEqual([]);
    expect(apply({ discounts: [{ provider: 'openai', percent: 12 }] }).tables.ownPricing?.ranges).toEqual([]);
  });
});

test('sources name the entry, what it fixes, and the list where something is left to it', () => {
  const { prose: sources } = apply({
    rates: [{ provider: 'anthropic', model: 'claude-haiku-4-5', input: 0.8, source: 'order form 17' }],
    discounts: [{ provider: 'openai', percent: 12 }],
  });
  const sourceOf = (provider: string, model: string) =>
    sources({ table: 'api', row: apiRow(list, provider, model).row });
  const listed = (provider: string, model: string) => prose({ table: 'api', row: apiRow(list, provider, model).row });
  expect(sourceOf('anthropic', 'claude-haiku-4-5').source).toBe(
    `price book Book 1 (book.yaml:rates.0, order form 17); input; the rest ${listed('anthropic', 'claude-haiku-4-5').source}`,
  );
  expect(sourceOf('openai', 'gpt-4o')).toEqual({
    ...listed('openai', 'gpt-4o'),
    source: `price book Book 1 (book.yaml:discounts.0): 12 % off ${listed('openai', 'gpt-4o').source}`,
  });
  expect(sourceOf('google', 'gemini-3.7-flash')).toEqual(listed('google', 'gemini-3.7-flash'));
});
