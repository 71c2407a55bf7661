import { beforeAll, expect, test } from 'vitest';
import { costCurves } from '../../src/analyses/break-even/answer.js';
import { caseAt, planIn } from '../../src/decide/choice.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, namedPlan, readWritten, type Written } from '../support/scenario.js';
import { closed, oppositePrices } from '../support/two-prices.js';

/** Curves of a token price and of machines of one's own, whose number steps with the volume. */
const api = `cloud-api/${closed}`;
const faq: Written = {
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
  assumptions: { retryRate: 0 },
};
let two: { tables: Tables; prose: Prose };
beforeAll(async () => {
  two = await oppositePrices();
});

test('tokens cost what they cost by hand at every volume, in points that a line joins', () => {
  const read = readWritten(faq, two.tables);
  const [curve] = costCurves(read, two.tables, { plans: [api, api, 'cloud-api/no/such'], asOf, prose: two.prose });
  expect(curve?.kinds).toEqual(['cloud-api']);
  // 1,000 tokens at 1 and 500 at 10 USD per 1e6, 365 / 12 days a month.
  const perDailyRequest = ((1000 * 1 + 500 * 10) / 1e6) * (365 / 12);
  const { points = [] } = curve ?? {};
  expect(points[0]?.volume).toBe(1);
  expect(points.at(-1)?.volume).toBe(10_000_000);
  for (const { volume, monthlyCost } of points) expect(monthlyCost / (perDailyRequest * volume)).toBeCloseTo(1, 9);
  // A straight line needs no more than the grid.
  expect(points).toHaveLength(33);
});

test('a fleet is drawn with its steps: on the points exactly, between them close by', async () => {
  const { tables, prose } = await shipped();
  const written = { ...faq, data: { boundary: 'own-account' } };
  const read = readWritten(written, tables);
  const context = await caseOf(written, tables);
  const id = 'on-prem/own-room/qwen3.5-4b@fp8/1xrtx-5080-16gb/us/bought';
  const plan = namedPlan(id, context);
  const [curve] = costCurves(read, tables, { plans: [id], asOf, prose });
  const { points = [] } = curve ?? {};
  const exact = (volume: number): number => planIn(plan, caseAt(context, volume))?.monthlyUsd ?? Number.NaN;
  for (const { volume, monthlyCost } of points.filter((_, i) => i % 11 === 0))
    expect(monthlyCost / exact(volume)).toBeCloseTo(1, 9);
  expect(points.map(({ volume }) => volume)).toEqual(points.map(({ volume }) => volume).sort((a, b) => a - b));
  // A step is told by points close by: nowhere does a line leave the curve over a wide range.
  const off = points.slice(1).flatMap(({ volume, monthlyCost }, i) => {
    const before = points[i];
    if (before === undefined || volume / before.volume < 1.05) return [];
    const line = (before.monthlyCost + monthlyCost) / 2;
    return Math.abs(exact((before.volume + volume) / 2) / line - 1) > 0.011 ? [volume] : [];
  });
  expect(off).toEqual([]);
  expect(points.length).toBeGreaterThan(40);
});
