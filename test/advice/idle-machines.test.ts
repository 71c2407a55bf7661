import { expect, test } from 'vitest';
import { table } from '../../src/report/assess.js';
import { decide, type Written } from '../support/scenario.js';

const lab = (existing: object[], preferences: object = {}): Written => ({
  workload: { volume: '3k requests/day' },
  tasks: [{ name: 'papers', type: 'summarization' }],
  ...(existing.length > 0 && { existing }),
  preferences: { objective: 'advice', ...preferences },
});
const cards = [{ accelerator: 'h100-sxm-80gb', count: 2 }];

test('machines that are owned and stay idle: what the cheapest plan on them costs', async () => {
  const decision = await decide(lab(cards));
  const { onIdle, kinds } = decision.recommendation;
  expect(kinds).toEqual(['open-model-api']);
  // The same plan, where nothing but machines of one's own may be weighed and none is bought.
  const onOwn = await decide(lab(cards, { objective: 'cost', only: ['on-prem'], exclude: ['bought'] }));
  expect(onIdle?.monthlyCost).toBeCloseTo(onOwn.recommendation.monthlyCost ?? 0, 6);
  expect(onIdle?.peopleCost).toBeCloseTo(onOwn.recommendation.peopleCost ?? 0, 6);
  expect(table(decision, { color: false, width: 200, detail: null })).toMatch(
    /Decide +What you own stays idle: .*2 × H100 SXM 80 GB, owned would cost \$[\d,]+ a month, \$[\d,]+ of it people\./,
  );
});

test('nothing is idle where nothing is owned, or where the plan is on it', async () => {
  expect((await decide(lab([]))).recommendation.onIdle).toBeNull();
  const own = await decide({ ...lab(cards, { exclude: ['bought'] }), data: { boundary: 'own-premises' } });
  expect(own.recommendation.kinds).toEqual(['on-prem']);
  expect(own.recommendation.onIdle).toBeNull();
});
