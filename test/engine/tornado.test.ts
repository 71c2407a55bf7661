import { expect, test } from 'vitest';
import type { Plan } from '../../src/decide/plan.js';
import type { UncertainInput } from '../../src/decide/uncertainty/inputs.js';
import { tornadoOf } from '../../src/decide/uncertainty/tornado.js';

test('an input that moves the cost by rounding alone does not swing it', () => {
  const input = (path: string) => ({ path, unit: 'x', likely: 1, origin: 'user' }) as unknown as UncertainInput;
  const swing = (at: number, high: number) => ({
    input: at,
    values: [0.5, 2] as const,
    usd: [Float64Array.of(1234.5), Float64Array.of(high)] as const,
  });
  const plans = [{ id: 'only', deployments: [] } as unknown as Plan];
  const field = { plans, own: 0, order: [0], tieBand: 0, standsAt: () => true };
  const swings = [swing(0, 1234.5 + 2.27e-13), swing(1, 1240)];
  const rows = tornadoOf([input('still'), input('moving')], swings, Float64Array.of(0, 0), field);
  expect(rows.map(({ parameter, swing: usd }) => [parameter, usd])).toEqual([['moving', 5.5]]);
});
