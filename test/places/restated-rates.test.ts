import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Offer } from '../../src/places/option.js';
import { rentedUnits, tracedRent } from '../../src/places/rented.js';
import type { RentalRow } from '../../src/tables/columns.js';
import { type Settable, settablePrices } from '../../src/tables/columns.js';
import { applyPriceBook, rowKey } from '../../src/tables/price-book/apply-price-book.js';
import { shipped } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

const { tables: list, prose } = await shipped();
type MachinePrice = Settable<'rental'>;
const hourly = settablePrices('rental');
const written: Written = {
  // A machine at a desk would do as well, for less.
  preferences: { include: ['spot'], exclude: ['on-prem'] },
  workload: { volume: 800_000 },
  tasks: [{ name: 'only', type: 'rag-answering' }],
  data: { boundary: 'own-account' },
};

type Rate = { provider: string; instance: string; accelerator: string; region: string } & {
  [Name in MachinePrice]?: number;
};
/** The prices of a row that are named as a rate, each times a factor; per GPU, as a rate by the accelerator is. */
const rateOf = (row: RentalRow, names: readonly MachinePrice[], factor: number): Rate => ({
  provider: row.provider,
  instance: row.instanceType,
  accelerator: row.accelerator,
  region: row.region,
  ...Object.fromEntries(
    hourly.flatMap(({ settable, field }) => {
      const usd = row[field];
      return usd === null || !names.includes(settable) ? [] : [[settable, (usd * factor) / row.gpuCount]];
    }),
  ),
});
const withRates = (rates: readonly Rate[]) =>
  applyPriceBook(list, prose, { name: 'Ours', label: 'Ours', prices: { rates: [...rates] }, where: () => 'b.yaml:1' });

const listed = await caseOf(written, list);
const offersOf = (context: typeof listed): Map<string, Offer & { gpus: number }> =>
  new Map(
    rentedUnits(context, true).flatMap(({ gpus, accelerator, offers }) =>
      offers.map((offer) => [
        [offer.provider, offer.instance, accelerator.accelerator, gpus, offer.region, offer.purchase].join(' '),
        { ...offer, gpus },
      ]),
    ),
  );
const before = offersOf(listed);

const rows = fc.uniqueArray(fc.constantFrom(...list.rental), { minLength: 1, maxLength: 6 });
const names = fc.subarray(
  hourly.map(({ settable }) => settable),
  { minLength: 1 },
);

test('rates that say what the list says leave every offer at its price', () => {
  fc.assert(
    fc.property(rows, names, (chosen, some) => {
      const { tables } = withRates(chosen.map((row) => rateOf(row, some, 1)));
      const now = offersOf({ ...listed, tables });
      expect([...now.keys()].sort()).toEqual([...before.keys()].sort());
      for (const [key, { usdPerHour }] of now) expect(usdPerHour).toBeCloseTo(before.get(key)?.usdPerHour ?? 0, 9);
    }),
    { numRuns: 60 },
  );
});

test('lower rates make no offer dearer, and what it is made of comes to its price, by the rows that it names', () => {
  fc.assert(
    fc.property(rows, names, fc.double({ min: 0.1, max: 1, noNaN: true }), (chosen, some, factor) => {
      const { tables } = withRates(chosen.map((row) => rateOf(row, some, factor)));
      const context = { ...listed, tables };
      const now = offersOf(context);
      for (const [key, { usdPerHour }] of before)
        expect(now.get(key)?.usdPerHour ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(usdPerHour * (1 + 1e-9));
      const known = new Set(tables.rental.map(({ row }) => rowKey({ table: 'rental', row })));
      for (const offer of now.values()) {
        const origins = [offer.row, ...(offer.alsoOf ? [offer.alsoOf] : [])];
        for (const origin of origins) expect(known).toContain(rowKey(origin));
        if (offer.alsoOf === undefined) continue;
        const told = JSON.stringify(tracedRent(offer, offer.gpus, context));
        for (const origin of origins) expect(told).toContain(JSON.stringify(origin));
      }
    }),
    { numRuns: 60 },
  );
});
