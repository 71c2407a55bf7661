import { describe, expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { deviceCosts } from '../../src/cost/device-costs.js';
import { deviceFte } from '../../src/cost/people.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, likelyIn } from '../support/scenario.js';

// Likely values of the tables: a phone of 800 USD, another of 700, a laptop of 550, each for 3 years; a box of 750 and a
// card of 2,200 for 4 years; a quarter of a device borne; 0.03 USD per GB sent, 4 updates a year of half the model;
// management 4 USD a month; 5 % fail a year, 180 USD a visit.
const phone = 'apple-a17-pro-8gb';
const otherPhone = 'snapdragon-8-gen-3-12gb';
const laptop = 'apple-m1-16gb';
const box = 'jetson-orin-nx-16gb';
const card = 'rtx-4090-24gb';

type Classes = Record<string, number>;

async function costs(
  count: number,
  classes: Classes,
  gb: number,
  assumptions: Record<string, number> = {},
  owner: 'users' | 'company' = 'company',
) {
  const { workload, tables } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], assumptions });
  const fleet = Object.entries(classes).map(([name, share]) => ({
    row: tables.acceleratorOf.get(name) as AcceleratorRow,
    share,
  }));
  return deviceCosts({ count, owner, classes: fleet }, gb, workload, tables);
}

async function parts(...of: Parameters<typeof costs>): Promise<Record<string, number>> {
  const found = await costs(...of);
  if (isUnpriced(found)) throw new Error(found.unpriced);
  for (const { amount } of found) expect(recomputed(amount)).toBeCloseTo(amount.value, 9);
  return Object.fromEntries(found.map(({ working, amount }) => [working.id, amount.value]));
}

const close = (found: Record<string, number>, expected: Record<string, number>) => {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [part, usd] of Object.entries(expected)) expect(found[part], part).toBeCloseTo(usd, 6);
};

describe('a month of a model on devices, by hand', () => {
  test('phones of two classes', async () => {
    close(await parts(3000, { [phone]: 0.6, [otherPhone]: 0.4 }, 2), {
      // 3,000 x (0.6 x 800 / 3 + 0.4 x 700 / 3) x 0.25 / 12
      'other.devices': (3000 * (160 + 280 / 3) * 0.25) / 12,
      // 3,000 x 2 GB x 0.03 x (1 + 4 x 0.5) / 12
      'network.distribution': 45,
      'other.device-management': 12_000,
    });
  });

  test('laptops are carried: nobody visits them', async () => {
    close(await parts(1200, { [laptop]: 1 }, 4), {
      'other.devices': (1200 * (550 / 3) * 0.25) / 12,
      'network.distribution': 36,
      'other.device-management': 4800,
    });
  });

  test('boxes last 4 years, and those that fail are visited', async () => {
    close(await parts(400, { [box]: 0.75, [phone]: 0.25 }, 1, { edgeDeviceCostShare: 1 }), {
      'other.devices': (400 * ((0.75 * 750) / 4 + (0.25 * 800) / 3)) / 12,
      'network.distribution': 3,
      'other.device-management': 1600,
      // 300 boxes x 0.05 x 180 / 12
      'other.device-visits': 225,
    });
  });

  test('a computer with a card of its own is visited too', async () => {
    expect((await parts(100, { [card]: 1 }, 1))['other.device-visits']).toBeCloseTo(75, 9);
  });

  test("devices that are the users' cost nothing but what is sent to them, whatever they are", async () => {
    close(await parts(200_000, { [phone]: 0.5, [box]: 0.5 }, 1, {}, 'users'), { 'network.distribution': 1500 });
    close(await parts(200_000, {}, 1, {}, 'users'), { 'network.distribution': 1500 });
  });

  test('devices of the company of which this work bears no share are managed all the same', async () => {
    close(await parts(1000, { [phone]: 1 }, 1, { edgeDeviceCostShare: 0 }), {
      'other.devices': 0,
      'network.distribution': 7.5,
      'other.device-management': 4000,
    });
  });

  test('what is assumed is a lever, and named as such', async () => {
    const dear = await parts(1000, { [phone]: 1 }, 1, {
      cdnEgress: 0.06,
      mdmCost: 8,
      depreciationYearsPhoneOrLaptop: 1,
    });
    close(dear, {
      'other.devices': (1000 * 800 * 0.25) / 12,
      'network.distribution': 15,
      'other.device-management': 8000,
    });
  });

  test('without the classes, or a price of one, nothing is guessed', async () => {
    expect(await costs(10, {}, 1)).toEqual({ unpriced: 'the classes of the devices are not given' });
    const { workload, tables } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }] });
    const row = { ...(tables.acceleratorOf.get(phone) as AcceleratorRow), listPriceUsd: null };
    expect(deviceCosts({ count: 10, owner: 'company', classes: [{ row, share: 1 }] }, 1, workload, tables)).toEqual({
      unpriced: `no list price of ${phone} is known`,
    });
  });
});

describe('people who keep a model running on devices', () => {
  // 0.8 FTE for a thousand, x (devices / 1,000)^0.5.
  test.each([
    { devices: 0, fte: 0, why: 'nobody' },
    { devices: 1, fte: 0.8 / Math.sqrt(1000), why: '0.8 x 0.001^0.5 = 0.0253' },
    { devices: 250, fte: 0.4, why: '0.8 x 0.25^0.5' },
    { devices: 1000, fte: 0.8, why: 'the parameter itself' },
    { devices: 4000, fte: 1.6, why: '0.8 x 4^0.5' },
    { devices: 100_000, fte: 8, why: '0.8 x 100^0.5' },
    { devices: 250_000, fte: 0.8 * Math.sqrt(250), why: '0.8 x 250^0.5 = 12.65: no band ends it' },
  ])('$devices devices: $fte FTE ($why)', async ({ devices, fte }) => {
    expect(deviceFte(devices, likelyIn(await shippedTables()))).toBeCloseTo(fte, 12);
  });
});
