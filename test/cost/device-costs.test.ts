import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isUnpriced } from '../../src/cost/curve.js';
import { deviceCosts } from '../../src/cost/device-costs.js';
import { deviceFte } from '../../src/cost/people.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, likelyIn } from '../support/scenario.js';

const figures = z.record(z.string(), z.number());
const cases = casesIn('device-costs', {
  bills: {
    ...{ why: z.string(), count: z.number(), classes: figures, gb: z.number(), assumptions: figures.optional() },
    ...{ owner: z.literal('users').optional(), usd: figures },
  },
  people: { devices: z.number(), fte: z.number(), why: z.string() },
});
const phone = 'apple-a17-pro-8gb';

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

describe('a month of a model on devices, by hand', () => {
  test.each(cases.bills)('$why', async ({ count, classes, gb, assumptions, owner, usd }) => {
    const found = await parts(count, classes, gb, assumptions, owner);
    expect(Object.keys(found).sort()).toEqual(Object.keys(usd).sort());
    for (const [part, each] of Object.entries(usd)) expect(found[part], part).toBeCloseTo(each, 6);
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
  test.each(cases.people)('$devices devices: $fte FTE ($why)', async ({ devices, fte }) => {
    expect(deviceFte(devices, likelyIn(await shippedTables()))).toBeCloseTo(fte, 12);
  });
});
