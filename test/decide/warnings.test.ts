import { expect, test } from 'vitest';
import { costBeside } from '../../src/decide/basis.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Tables } from '../../src/tables/tables.js';
import { facetOf } from '../../src/workload/source.js';
import { decide, tablesWith } from '../support/scenario.js';
import { oppositePrices } from '../support/two-prices.js';

const { tables } = await oppositePrices();

test.each([
  ['cloud-api', 'kind'],
  ['spot', 'purchase'],
  ['owned', 'purchase'],
  ['failover', 'shape'],
  ['openai', 'provider'],
  ['somebody-who-sells', 'provider'],
  ['nobody', null],
])('a wish for %s is about its %s', (name, facet) => {
  const [row] = tables.api;
  const own = { ...(row as Tables['api'][number]), provider: 'somebody-who-sells' };
  expect(facetOf(name, tablesWith(tables, { api: [...tables.api, own] }))).toBe(facet);
});

test.each([
  [300, 100, '+$200 (+200 %)'],
  [90, 100, '-$10 (-10 %)'],
  [999, 100, '+$899 (+899 %)'],
  [1000, 100, '+$900 (10 x)'],
  [7, 0, '+$7.00'],
])('$%d beside $%d is told as %s', (usd, advised, text) => {
  const plan = (monthlyUsd: number) => ({ monthlyUsd, deployments: [] }) as unknown as Plan;
  expect(costBeside(plan(usd), plan(advised), { tables }).text).toBe(text);
});

test('ways to cut tasks up that are left out are counted, as far as anybody reads digits', async () => {
  const easy = { share: '50%', told: 'after', capability: { minIndex: 30 } };
  const told = async (count: number) => {
    const tasks = Array.from({ length: count }, (_, i) => ({
      ...{ type: 'faq-chat', tokens: { input: 1234, output: 500 }, capability: { minIndex: 50 } },
      name: `task${i}`,
      share: `${100 / count}%`,
      easy,
    }));
    const written = { workload: { volume: '10k' }, tasks, assumptions: { slicingVariants: 1 } };
    const { warnings } = await decide(written, { tables, point: true });
    return warnings.find(({ code }) => code === 'ways-left-out');
  };
  const rest =
    'ways to cut tasks up were weighed: raise assumptions.slicingVariants and assumptions.slicesWeighed for more';
  expect(await told(3)).toMatchObject({ message: `1 of 8 ${rest}`, figures: { weighed: 1, all: 8 } });
  expect((await told(16))?.message).toBe(`1 of 65,536 ${rest}`);
  expect((await told(20))?.message).toBe(`1 of over 1,000,000 ${rest}`);
});
