import { expect, test } from 'vitest';
import { machineUsd, ownedOf } from '../../src/cost/owned-machine.js';
import { numbers } from '../../src/formula/traced.js';
import { buildOf } from '../../src/places/fleet-option.js';
import { ownedUnits, purchasable } from '../../src/places/own-hardware.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, likelyIn, type Written } from '../support/scenario.js';

const tables = await shippedTables();

const onPremises = (perDay: number, more: Partial<Written> = {}): Written => ({
  workload: { volume: `${perDay} requests/day`, profile: 'business-hours' },
  tasks: [{ name: 'chat', type: 'faq-chat', tokens: { input: 1500, output: 500 } }],
  data: { sensitivity: 'internal', boundary: 'own-premises' },
  ...more,
});

const costOf = async (written: Written): Promise<number> =>
  (await decide(written, { tables, point: true })).recommendation.monthlyCost as number;

test('one request a day more costs one request more, on own machines as elsewhere', async () => {
  for (const perDay of [2000, 5000, 8000]) {
    const [here, there] = [await costOf(onPremises(perDay)), await costOf(onPremises(perDay + 1))];
    expect(there).toBeGreaterThanOrEqual(here * 0.999);
    expect(there).toBeLessThan(here * 1.02);
  }
});

test('machines at a desk have a stand-in where more than one alone answers is asked, and not otherwise', async () => {
  const atDesk = async (availability: string) => {
    const found = await decide(onPremises(3000, { needs: { availability }, preferences: { only: ['on-prem'] } }), {
      tables,
      point: true,
      include: ['on-prem/own-room/qwen3.5-4b@fp8/1xdgx-spark-128gb/us/bought'],
    });
    return found.asked[0];
  };
  const [one, two] = [await atDesk('99%'), await atDesk('99.9%')];
  expect(one?.feasible && two?.feasible).toBe(true);
  expect(two?.monthlyCost).toBeGreaterThan(1.5 * (one?.monthlyCost as number));
  expect((await atDesk('99.99%'))?.feasible).toBe(false);
});

test('any number of owned cards makes a machine, of the nearest class below', async () => {
  const cards = tables.accelerators.filter((card) => purchasable(card) && card.kind !== 'phone');
  expect(cards.length).toBeGreaterThan(50);
  const largestOwned = async (accelerator: string, count: number) => {
    const context = await caseOf({ ...onPremises(100), existing: [{ accelerator, count }] }, tables);
    const owned = ownedUnits(context).filter(({ offers }) => offers.some(({ owned }) => owned > 0));
    return Math.max(0, ...owned.map(({ gpus }) => gpus));
  };
  for (const { accelerator, interconnect } of cards)
    for (const count of [1, 2, 3, 4, 5, 7]) {
      const found = await largestOwned(accelerator, count);
      expect(found, `${count} x ${accelerator}`).toBeGreaterThan(0);
      if (interconnect === 'nvlink') expect(found, `${count} x ${accelerator}`).toBe(count < 2 ? 1 : count < 4 ? 2 : 4);
    }
});

test('light cards stand in a small server, boards and heavy cards in their own', async () => {
  const context = await caseOf(onPremises(100), tables);
  const usd = (name: string) => likelyIn(tables)(name);
  const priceOf = (name: string, gpus: number) => {
    const accelerator = tables.acceleratorOf.get(name);
    if (accelerator === undefined) throw new Error(name);
    const machine = {
      ...buildOf({ accelerator, gpus }),
      copies: 1,
      site: { pue: 'pue', electricity: 'electricityUs', colocation: null, beyondRoom: 'colocationRetailUs' },
    };
    return (
      machineUsd(ownedOf(machine, { workload: context.workload, tables }, numbers)) -
      gpus * (accelerator.listPriceUsd as number)
    );
  };
  // Four cards of 72 W are 288 W, eight are 576 W, one of 450 W is more than a small server feeds.
  expect(priceOf('l4-24gb', 4)).toBe(4000);
  expect(priceOf('l4-24gb', 1)).toBe(usd('serverChassis1gpuWorkstationExclGpu'));
  expect(priceOf('l4-24gb', 8)).toBe(usd('serverChassis8gpuPcieExclGpu'));
  expect(priceOf('rtx-pro-6000-server-96gb', 4)).toBe(usd('serverChassis4gpuWorkstationExclGpu'));
  expect(priceOf('a100-sxm-80gb', 8)).toBe(usd('serverChassis8gpuHgxExclGpu'));
});
