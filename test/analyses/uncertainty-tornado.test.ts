import { expect, test } from 'vitest';
import { swungTo, tornadoOf } from '../../src/analyses/uncertainty/confidence.js';
import { estimateQuantile, type UncertainInput } from '../../src/analyses/uncertainty/inputs.js';
import { resultJsonSchema } from '../../src/decide/decision.js';
import type { Plan } from '../../src/decide/plan.js';

test('an input that moves the cost by rounding alone does not swing it', () => {
  const input = (path: string) => ({ path, unit: 'x', likely: 1, origin: 'user' }) as unknown as UncertainInput;
  const swing = (at: number, high: number) => ({
    input: at,
    values: [0.5, 2] as const,
    usd: [Float64Array.of(1234.5), Float64Array.of(high)] as const,
  });
  const plans = [{ id: 'only', deployments: [] } as unknown as Plan];
  const swings = [swing(0, 1234.5 + 2.27e-13), swing(1, 1240)];
  const rows = tornadoOf([input('still'), input('moving')], swings, { plans, extraUsd: [0] });
  expect(rows.map(({ parameter, swing: usd }) => [parameter, usd])).toEqual([['moving', 5.5]]);
});

test('an estimate that is most likely at an end of its range is swung between values that leave it out, as the schema says', () => {
  const [low, high] = swungTo.map(estimateQuantile({ low: 0, likely: 0.1, high: 0.1 })) as [number, number];
  expect(low).toBeLessThan(high);
  // Beta(5, 1): F(x) = (x / 0.1)^5.
  expect(high).toBeCloseTo(0.1 * 0.9 ** (1 / 5), 4);
  expect(high).toBeLessThan(0.1);
  const tornado = (resultJsonSchema() as { properties: Record<string, { items: { properties: Described } }> })
    .properties.tornado;
  expect(tornado?.items.properties.likely?.description).toContain('outside low to high');
});

type Described = Record<string, { description: string }>;
