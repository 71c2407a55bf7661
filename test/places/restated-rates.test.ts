import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Offer } from '../../src/places/option.js';
import { rentedUnits, tracedRent } from '../../src/places/rented.js';
import type { RentalRow } from '../../src/tables/columns.js';
import { type Settable, settablePrices } from '../../src/tables/columns.js';
import { applyPriceBook, rowKey } from '../../src/tables/price-book/apply-price-book.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

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

const decided = (rates: readonly Rate[], include: string[] = []) => {
  const { tables, prose: sources } = withRates(rates);
  const tool = { name: 'deploy-advisor', version: '0.0.0' };
  return assess(readWritten(written, tables), tables, {
    asOf,
    prose: sources,
    tool,
    include,
    point: true,
    flips: 'none',
    draws: 'none',
  });
};
const advised = (rates: readonly Rate[]): { plan: string | null; monthlyCost: number } => {
  const { plan, monthlyCost } = decided(rates).recommendation;
  return { plan, monthlyCost: monthlyCost ?? Number.NaN };
};
const a6000 = list.rental.find((row) => row.provider === 'verda' && row.accelerator === 'rtx-a6000-48gb') as RentalRow;

test.each<MachinePrice[][]>([[['spot']], [['onDemand']], [['onDemand', 'spot']]])(
  'the plan on spot machines stands with its own price of %j, and a lower one costs less',
  (some) => {
    const plain = advised([]);
    expect(plain.plan).toMatch(/^self-hosted-cloud\/verda\/.*1xrtx-a6000-48gb\/.*spot$/);
    const restated = advised([rateOf(a6000, some, 1)]);
    expect(restated.plan).toBe(plain.plan);
    expect(restated.monthlyCost).toBeCloseTo(plain.monthlyCost, 8);
    let last = plain.monthlyCost;
    for (const factor of [0.8, 0.5, 0.2]) {
      const { monthlyCost } = advised([rateOf(a6000, some, factor)]);
      expect(monthlyCost).toBeLessThan(last);
      last = monthlyCost;
    }
  },
);

test('the bill of spot machines names both rows that its price is of', () => {
  const id = advised([]).plan as string;
  const { options } = decided([rateOf(a6000, ['spot'], 0.7)], [id]);
  const parts = options.find((option) => option.id === id)?.costParts ?? [];
  expect(parts.find(({ part }) => part === 'compute.instances')?.sources).toEqual([
    'price book spot Ours (b.yaml:1)',
    expect.stringMatching(new RegExp(`^rental row ${a6000.row + 1}: `)),
  ]);
});

test('a spot rate of a machine without a price on demand is told to have no effect', () => {
  const lacks = list.rental.find((row) => row.onDemandUsdPerHour === null) as RentalRow;
  const told = (rate: object) => withRates([{ ...rateOf(lacks, [], 1), ...rate }]).problems.map(({ code }) => code);
  expect(told({ spot: 1 })).toEqual(['no-effect']);
  expect(told({ spot: 1, onDemand: 2 })).toEqual([]);
});
