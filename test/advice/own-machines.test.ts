import { beforeAll, expect, test } from 'vitest';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

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

test('a plant of six times the requests costs no more than six plants', async () => {
  expect(await costOf(onPremises(6000))).toBeLessThan(6 * (await costOf(onPremises(1000))));
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
