import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { priceColumns } from '../../src/tables/price-columns.js';
import type { RentalRow } from '../../src/tables/rows.js';
import { shipped } from '../support/load.js';

const { tables: list, prose } = await shipped();
const isP5 = (row: RentalRow) => row.provider === 'aws' && row.instanceType === 'p5.48xlarge';
/** The tables with a price in the new column: of one instance, the others have none. */
const withPrice = (usd: number) => ({
  ...list,
  rental: list.rental.map((row) => ({ ...row, reserved6mUsdPerHour: isP5(row) ? usd : null })),
});

/** The program with one price by the hour more in its descriptors: what adding one to the file of columns does. */
const program = async () => ({
  ...(await import('../../src/tables/offers.js')),
  ...(await import('../../src/report/pricing-show.js')),
  ...(await import('../../src/tables/diff.js')),
  ...(await import('../../src/tables/price-book/apply-price-book.js')),
  ...(await import('../../src/workload/read-price-book.js')),
  ...(await import('../../src/places/rented.js')),
  ...(await import('../support/scenario.js')),
});

describe('a price by the hour that stands in a descriptor and a cell alone', () => {
  const columns = '../../src/tables/snapshot-columns.js';
  const tables = withPrice(40);
  let own: Awaited<ReturnType<typeof program>>;
  beforeAll(async () => {
    vi.resetModules();
    vi.doMock(columns, async (original) => {
      const { snapshotSchemas } = await original<typeof import('../../src/tables/snapshot-columns.js')>();
      const { maybe, mayLack, number, price } = await import('../../src/tables/column.js');
      const { rental } = snapshotSchemas;
      const reserved6mUsdPerHour = price(mayLack(maybe('reserved_6m_usd_per_hour', number(0, 1e6))), {
        ...{ price: 'hour', word: 'reserved half a year', settable: 'reserved6m', purchase: 'reserved-6m', months: 6 },
      });
      const more = { ...rental, columns: { ...rental.columns, reserved6mUsdPerHour } };
      return { snapshotSchemas: { ...snapshotSchemas, rental: more } };
    });
    own = await program();
  });
  afterAll(() => {
    vi.doUnmock(columns);
    vi.resetModules();
  });

  test('is compared', () => {
    expect(own.diffSnapshots(tables, withPrice(30)).changed).toMatchObject([
      { name: 'p5.48xlarge', price: 'reserved half a year', from: 40, to: 30, percent: -25 },
    ]);
  });

  test('is shown', () => {
    const offers = own.priceList(tables, prose, own.selectOffers(tables, { provider: 'aws', kind: 'rental' }), null);
    const prices = { snapshot: '2026-08-21', asOf: '2026-08-21', ageDays: 0 };
    const text = own.pricingShowTable({ prices, offers }, false);
    expect(text).toMatch(/3 years +reserved half a year/);
    expect(text).toMatch(/p5\.48xlarge .* 40 /);
  });

  test('is read from a price book and set by it, and a discount is taken off it', () => {
    const text =
      'version: 1\nname: x\nrates: [{provider: aws, instance: p5.48xlarge, reserved6m: 20}]\ndiscounts: [{provider: aws, percent: 50}]\n';
    const { read, problems } = own.readPriceBook(text, 'book.yaml');
    expect(problems).toEqual([]);
    if (read === null) throw new Error('no book');
    const priced = (book: typeof read.book) =>
      own
        .applyPriceBook(tables, prose, book)
        .tables.rental.filter(isP5)
        .map((row) => (row as unknown as { reserved6mUsdPerHour: number | null }).reserved6mUsdPerHour);
    expect(priced(read.book)).toContain(20);
    const { rates: _, ...discounts } = read.book.prices;
    expect(priced({ ...read.book, prices: discounts })).toEqual([20]);
  });

  test('is a way to rent that machine, for the whole term', async () => {
    const workload = { workload: { volume: 1000 }, tasks: [{ name: 'only', type: 'faq-chat' }] };
    const offers = own.rentedUnits(await own.caseOf(workload, tables), false).flatMap((unit) => unit.offers);
    const half = offers.filter(({ purchase }) => (purchase as string) === 'reserved-6m');
    expect(half).toMatchObject([{ instance: 'p5.48xlarge', usdPerHour: 40, termMonths: 6, followsHours: false }]);
  });
});

test('no other file lists prices', () => {
  const lists = readdirSync('src', { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    if (!file.endsWith('.ts') || file === 'tables/snapshot-columns.ts') return [];
    const text = readFileSync(`src/${file}`, 'utf8');
    const named = [...priceColumns.api, ...priceColumns.rental].filter(({ field, header }) =>
      new RegExp(`\\b(${field}|${header})\\b`).test(text),
    );
    return named.length > 0 ? [{ file, named }] : [];
  });
  // What a spot machine costs is made of two prices; others know the one on demand alone.
  const hourly = lists.filter(({ named }) => named.filter(({ price }) => price === 'hour').length > 1);
  expect(hourly.map(({ file }) => file).sort()).toEqual([
    'places/rented.ts',
    'tables/importers/skypilot.ts',
    'tables/price-book/laid-rows.ts',
  ]);
  // Bills and quotes say what each price is for; other tools have their own names.
  const byToken = lists.filter(({ named }) => named.filter(({ price }) => price === 'token').length > 4);
  expect(byToken.map(({ file }) => file).sort()).toEqual([
    'cost/cache-hits.ts',
    'cost/quote.ts',
    'cost/token-prices.ts',
    'cost/token-trace.ts',
    'tables/importers/genai-prices.ts',
    'tables/importers/litellm.ts',
  ]);
});
