import { expect, test } from 'vitest';
import { rentedUnits, rentUsd, tracedRent } from '../../src/places/rented.js';
import { shippedTables } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

const written = (residency: string[], assumptions: Record<string, number> = {}): Written => ({
  workload: { volume: 1000 },
  tasks: [{ name: 'faq', type: 'faq-chat' }],
  data: { residency },
  assumptions,
});
const offersOf = async (residency: string[], assumptions?: Record<string, number>) => {
  const context = await caseOf(written(residency, assumptions));
  return {
    context,
    offers: rentedUnits(context, false).flatMap(({ gpus, offers }) => offers.map((offer) => ({ ...offer, gpus }))),
  };
};
const places = (offers: readonly { provider: string; region: string | null }[]) =>
  new Set(offers.map(({ provider, region }) => `${provider} ${region}`));

test('where a provider sells in a region that it has no price in, its price of the us times a factor holds there', async () => {
  const { regionOf, providerOf, rental } = await shippedTables();
  const [listed, { context, offers }] = [await offersOf([]), await offersOf(['eea', 'uk', 'ca'])];
  for (const one of listed.offers) expect(offers).toContainEqual(one);
  const added = offers.filter(({ uplift }) => uplift !== undefined);
  expect(added.length).toBeGreaterThan(0);
  // Worked out from the tables: sold there for certain, prices in the us, none there, none that hold everywhere.
  const tokens = (region: string) => regionOf.get(region)?.tokens ?? [];
  const providers = [...new Set(rental.map(({ provider }) => provider))];
  const expected = providers.flatMap((provider) => {
    const own = rental.filter((row) => row.provider === provider).map(({ region }) => tokens(region));
    if (own.some((all) => all.length === 0) || !own.some((all) => all.includes('us'))) return [];
    const sold = providerOf.get(provider)?.regions ?? [];
    return ['eea', 'uk', 'ca']
      .filter((region) => sold.includes(region) && !own.some((all) => all.includes(region)))
      .map((region) => `${provider} ${region}`);
  });
  expect([...places(added)].sort()).toEqual(expected.sort());
  expect(expected).toContain('aws eea');
  const factors = { eea: 'regionPriceUpliftEea', uk: 'regionPriceUpliftUk', ca: 'regionPriceUpliftOther' };
  for (const one of added) {
    expect(tokens(rental.find(({ row }) => row === one.row.row)?.region ?? '')).toContain('us');
    const factor = context.workload.assume(factors[one.region as keyof typeof factors]);
    const us = listed.offers.filter(
      ({ provider, instance, purchase, row }) =>
        provider === one.provider && instance === one.instance && purchase === one.purchase && row.row === one.row.row,
    );
    expect(us).toHaveLength(1);
    expect(one.usdPerHour).toBeCloseTo((us[0]?.usdPerHour ?? 0) * factor, 9);
    expect(tracedRent(one, one.gpus, context)?.value).toBe(one.usdPerHour);
  }
});

test('a factor of one’s own counts, also for offers that were made with another', async () => {
  const { offers } = await offersOf(['eea']);
  const { context: dearer, offers: again } = await offersOf(['eea'], { regionPriceUpliftEea: 2 });
  const [one] = offers.filter(({ uplift }) => uplift !== undefined) as [(typeof offers)[number]];
  const same = again.find(
    ({ row, region, purchase }) => row.row === one.row.row && region === one.region && purchase === one.purchase,
  );
  expect(rentUsd(one, dearer)).toBeCloseTo(same?.usdPerHour ?? 0, 9);
  expect(rentUsd(one, dearer) / one.usdPerHour).toBeCloseTo(2 / (one.uplift?.with ?? 0), 9);
});

test('nothing is added where no region is asked for, or where there is a price', async () => {
  const none = await offersOf([]);
  const us = await offersOf(['us']);
  for (const { offers } of [none, us]) expect(offers.every(({ uplift }) => uplift === undefined)).toBe(true);
});
