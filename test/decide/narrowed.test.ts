import { describe, expect, test } from 'vitest';
import { monthsOf } from '../../src/decide/months.js';
import { choose } from '../../src/decide/several-choice.js';
import { placementOf } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf, type Written } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const code = { name: 'code', type: 'code-chat' };
const threeMillion = { volume: '3M requests/day' };
describe('rules about a whole plan', () => {
  test.each(['0%', '10% per month'])('a budget no plan meets is proven not to be met, growth %s', async (growth) => {
    const context = await caseOf({
      workload: { ...threeMillion, growth },
      tasks: [faq, code],
      budget: { monthly: 1000 },
    });
    expect(choose(context)).toMatchObject({ cheapest: null, advised: null, runnerUp: null });
  });

  test('a budget just above the dearest month of the cheapest plan allows it, one just below does not', async () => {
    const within = async (monthly: number) =>
      caseOf({ workload: { ...threeMillion, growth: '5% per month' }, tasks: [faq], budget: { monthly } });
    const free = await within(1e9);
    const { cheapest } = choose(free);
    if (cheapest === null) throw new Error('no plan');
    const { peakCashUsd } = monthsOf(cheapest, free);
    expect(choose(await within(peakCashUsd * 1.0001)).cheapest?.id).toBe(cheapest.id);
    expect(choose(await within(peakCashUsd * 0.9999)).cheapest?.id).not.toBe(cheapest.id);
  });

  test('wages of setting up are no cash up front: what is bought is', async () => {
    const blocks = { data: { boundary: 'own-account' }, budget: { upfront: 0 }, workload: threeMillion, tasks: [faq] };
    const rented = choose(await caseOf(blocks)).cheapest;
    expect(rented?.deployments.map(({ option }) => option.kind)).toEqual(['self-hosted-cloud']);
    expect(rented?.upfrontUsd).toBeGreaterThan(0);
    expect(choose(await caseOf({ ...blocks, data: { boundary: 'own-premises' } })).cheapest).toBeNull();
  });
});

describe('a target on whole answers', () => {
  const of = (ms: number, task = faq, tables?: Tables) =>
    caseOf(
      {
        workload: threeMillion,
        tasks: [{ ...task, latency: { totalP95: `${ms}ms` } }],
        data: { boundary: 'own-account' },
      },
      tables,
    );

  test('is what machines are sized for: a machine just too slow when full serves fewer at a time', async () => {
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
});

describe('values at the edge of what can be written', () => {
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
  ])('%s: a plan, with a finite cost', async (_, written) => {
    const { cheapest } = choose(await caseOf(written));
    expect(cheapest?.monthlyUsd).toBeGreaterThan(0);
    expect(Number.isFinite(cheapest?.monthlyUsd)).toBe(true);
  });
});
