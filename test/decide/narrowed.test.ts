import { expect, test } from 'vitest';
import { choose } from '../../src/decide/several-choice.js';
import { placementOf } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf, type Written } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const threeMillion = { volume: '3M requests/day' };

const of = (ms: number, task = faq, tables?: Tables) =>
  caseOf(
    {
      workload: threeMillion,
      tasks: [{ ...task, latency: { totalP95: `${ms}ms` } }],
      data: { boundary: 'own-account' },
    },
    tables,
  );

test('a target on whole answers is what machines are sized for: a machine just too slow when full serves fewer at a time', async () => {
  const loose = await of(60_000);
  const plan = choose(loose).cheapest;
  const option = plan?.deployments[0]?.option;
  if (option === undefined) throw new Error('no plan');
  const seen = (written: Awaited<ReturnType<typeof of>>) => {
    const service = placementOf(option.kind).service(option, written.workload.taskParts[0] as TaskPart, written);
    if ('unpriced' in service) throw new Error(service.unpriced);
    return service;
  };
  const full = seen(loose);
  const target = Math.floor((full.totalP95Ms as number) * 0.8);
  const sized = seen(await of(target));
  expect(sized.totalP95Ms).toBeLessThanOrEqual(target);
  expect(sized.unitRequestsPerS).toBeLessThan(full.unitRequestsPerS as number);
});

test.each<[string, Written]>([
  ['tokens, where no task shares them', { workload: { volume: '5M tokens/day' }, tasks: [{ ...faq, volume: 20 }] }],
  [
    'a fall to nothing',
    {
      workload: { ...threeMillion, growth: '-99.99% per month', horizon: '120 months' },
      tasks: [faq],
      budget: { monthly: 1e9 },
    },
  ],
  ['hours as large as numbers go', { workload: { ...threeMillion, profile: Array(24).fill(1e308) }, tasks: [faq] }],
])('at the edge of what can be written, %s: a plan, with a finite cost', async (_, written) => {
  const { cheapest } = choose(await caseOf(written));
  expect(cheapest?.monthlyUsd).toBeGreaterThan(0);
  expect(Number.isFinite(cheapest?.monthlyUsd)).toBe(true);
});
