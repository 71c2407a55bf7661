import { beforeAll, expect, test } from 'vitest';
import { belowFloorShare } from '../../src/analyses/uncertainty/costs.js';
import { normalQuantile } from '../../src/capacity/queue/percentiles.js';
import type { Plan } from '../../src/decide/plan.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { type Dimension, deviationOf, dimensionOf, probabilityAtLeast } from '../../src/units/statistics.js';
import { caseOf, namedPlan } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

let context: Context;
let plans: [own: Plan, other: Plan];
beforeAll(async () => {
  const { tables } = await oppositePrices();
  context = await caseOf(
    {
      workload: { volume: '10k' },
      tasks: [
        { name: 'faq', type: 'faq-chat', capability: { minIndex: { low: 40, likely: 45, high: 52 } } },
        { name: 'mail', type: 'faq-chat', capability: { minIndex: 51 } },
      ],
    },
    tables,
  );
  plans = [`cloud-api/${closed}`, `open-model-api/${open}`].map((id) => {
    return namedPlan(id, context);
  }) as typeof plans;
});

test('below what a task needs: one draw for each family of models, one for the need of each task', () => {
  const [own, other] = plans;
  const asked = (plan: Plan, ...needs: [name: string, low: number, need: number, high: number][]): Plan => ({
    ...plan,
    deployments: plan.deployments.map((deployment) => {
      const [taskPart] = deployment.taskParts;
      if (taskPart === undefined) throw new Error('nothing is served');
      const taskParts = needs.map(([task, low, need, high]) => ({
        ...taskPart,
        task,
        needs: { ...taskPart.needs, capability: { low, need, high, text: '', assumed: true } },
      }));
      return { ...deployment, taskParts };
    }),
  });
  const draws = 4096;
  const share = (...needs: [name: string, low: number, need: number, high: number][]) =>
    belowFloorShare(asked(own, ...needs), draws, 3);
  const index = capabilityOf(own.deployments[0]?.option as Option);
  if (index === null) throw new Error('its capability is not known');
  const { have, low, high } = index;
  expect(have).toBe(50.7);
  const wide = { middle: have, low, high };
  const exactly = (need: number) => ['faq', need, need, need] as const;
  for (const [from, need, to] of [[45, 48, 51], [40, 50.7, 55], [52, 52, 52]] as const) // biome-ignore format: a table
    expect(share(['faq', from, need, to])).toBeCloseTo(
      1 - probabilityAtLeast(wide, { middle: need, low: from, high: to }),
      2,
    );
  // What the model is off by holds for all its tasks, so the easier one of two adds nothing.
  expect(share([...exactly(52)], [...exactly(49)])).toBe(share([...exactly(52)]));
  expect(share([...exactly(49)], [...exactly(52)])).toBe(share([...exactly(52)]));
  // Of two needs that are not known exactly each has a draw of its own; of one task they have the same one.
  const once = share(['faq', 45, 50, 55]);
  expect(share(['faq', 45, 50, 55], ['faq', 45, 50, 55])).toBe(once);
  expect(share(['faq', 45, 50, 55], ['mail', 45, 50, 55])).toBeGreaterThan((once ?? 1) + 0.03);
  // Draws of their own for every family and task, whatever else is there.
  const [of, need] = ['capability of gpt-5-nano', 'need of faq'].map((name) => dimensionOf(3, name, 0)) as [
    Dimension,
    Dimension,
  ];
  const missed = [0, 1, 2, 3, 4, 5, 6, 7].filter(
    (k) =>
      have + deviationOf(index) * normalQuantile(of(k)) <
      50 + deviationOf({ low: 45, high: 55 }) * normalQuantile(need(k)),
  );
  expect(missed.length % 8).not.toBe(0);
  expect(belowFloorShare(asked(own, ['faq', 45, 50, 55]), 8, 3)).toBe(missed.length / 8);
  expect(belowFloorShare(asked(other, ['faq', 0, 0, 0]), 8, 3)).toBe(0);
  const unknown = asked(own, ['faq', 0, 0, 0]);
  for (const deployment of unknown.deployments) deployment.option = { ...deployment.option, capability: null };
  expect(belowFloorShare(unknown, 8, 3)).toBeNull();
  // Of two places one is enough.
  const both = { ...unknown, deployments: [...asked(own, ['faq', 0, 0, 0]).deployments, ...unknown.deployments] };
  expect(belowFloorShare(both, 8, 3)).toBeNull();
});
