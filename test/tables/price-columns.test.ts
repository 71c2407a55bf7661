import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RentalRow } from '../../src/tables/columns.js';
import { priceColumns } from '../../src/tables/columns.js';
import { shipped } from '../support/load.js';

const { tables: list, prose } = await shipped();
const isP5 = (row: RentalRow) => row.provider === 'aws' && row.instanceType === 'p5.48xlarge';
/** The tables with a price in the new column: of one instance, the others have none. */
const withPrice = (usd: number) => ({
  ...list,
  rental: list.rental.map((row) => ({ ...row, reserved6mUsdPerHour: isP5(row) ? usd : null })),
});

const root = path.resolve(import.meta.dirname, '../..');
const modules = [
  ...['src/tables/offers', 'src/report/pricing', 'src/tables/diff', 'src/tables/price-book/apply-price-book'],
  ...['src/workload/document', 'src/places/rented', 'test/support/scenario'],
];
type Program = typeof import('../../src/tables/offers.js') &
  typeof import('../../src/report/pricing.js') &
  typeof import('../../src/tables/diff.js') &
  typeof import('../../src/tables/price-book/apply-price-book.js') &
  typeof import('../../src/workload/document.js') &
  typeof import('../../src/places/rented.js') &
  typeof import('../support/scenario.js');

/** The program with one price by the hour more in its descriptors: what adding one to the file of columns does. */
async function program(file: string): Promise<Program> {
  const rest =
    "{ word: 'reserved half a year', settable: 'reserved6m', purchase: 'reserved-6m', months: 6, inWords: '' }";
  const line = `reserved6mUsdPerHour: hour('reserved_6m_usd_per_hour', ${rest}),`;
  await build({
    stdin: { contents: modules.map((name) => `export * from './${name}.js';`).join('\n'), resolveDir: root },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    loader: { '.tsv': 'text' },
    plugins: [
      {
        name: 'one-column-more',
        setup({ onLoad }) {
          onLoad({ filter: /tables\/columns\.ts$/ }, (source) => {
            const text = readFileSync(source.path, 'utf8');
            const contents = text.replace(/(?=reserved1yUsdPerHour: hour)/, `${line}\n`);
            expect(contents).not.toBe(text);
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  return import(pathToFileURL(file).href);
}

describe('a price by the hour that stands in a descriptor and a cell alone', () => {
  // Packages are found from below the root.
  const folder = mkdtempSync(path.join(root, 'node_modules', '.program-'));
  const tables = withPrice(40);
  let own: Program;
  beforeAll(async () => {
    own = await program(path.join(folder, 'program.mjs'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is compared', () => {
    expect(own.diffSnapshots(tables, withPrice(30)).changed).toMatchObject([
      { name: 'p5.48xlarge', price: 'reserved half a year', from: 40, to: 30, percent: -25 },
    ]);
  });

  test('is shown', () => {
    const offers = own.priceList(tables, prose, own.selectOffers(tables, { provider: 'aws', kind: 'rental' }), null);
    const prices = { snapshot: '2026-08-21', asOf: '2026-08-21', ageDays: 0 };
    const text = own.pricingShowTable({ prices, offers }, false);
    expect(text).toMatch(/spot +reserved half a year +reserved 1 year/);
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
    if (!file.endsWith('.ts') || file === 'tables/columns.ts') return [];
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
    'cost/prompt.ts',
    'cost/quote.ts',
    'cost/token-prices.ts',
    'cost/token-trace.ts',
    'tables/importers/genai-prices.ts',
    'tables/importers/litellm.ts',
  ]);
});
