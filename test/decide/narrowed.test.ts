import { describe, expect, test } from 'vitest';
import { monthsOf } from '../../src/decide/months.js';
import { nearMisses } from '../../src/decide/near-misses.js';
import { findOption } from '../../src/decide/option-report.js';
import { narrowedSeveral, searchByCost, severalCase } from '../../src/decide/several-case.js';
import { choose } from '../../src/decide/several-choice.js';
import { optionId } from '../../src/places/option.js';
import { placementOf } from '../../src/places/registry.js';
import { reasoningTokens } from '../../src/places/service-trace.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { everyOption, maySlice, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const code = { name: 'code', type: 'code-chat' };
const threeMillion = { volume: '3M requests/day' };
const needsOf = async (written: Written) =>
  (await caseOf(written)).workload.taskParts.map(({ needs }) => needs.boundary);

describe('a task with data of its own', () => {
  const both = { volume: 1000 };
  test('stays within what its sensitivity allows, however far the scenario lets other data go', async () => {
    const tasks = [{ ...faq, data: { sensitivity: 'device-only' } }, code];
    expect(await needsOf({ workload: both, tasks, data: { boundary: 'anywhere' } })).toEqual(['device', 'anywhere']);
  });

  test('stays within the stricter boundary of the scenario', async () => {
    const tasks = [{ ...faq, data: { sensitivity: 'public' } }, code];
    expect(await needsOf({ workload: both, tasks, data: { boundary: 'own-account' } })).toEqual([
      'own-account',
      'own-account',
    ]);
  });

  test('goes as far as it says itself', async () => {
    const tasks = [{ ...faq, data: { sensitivity: 'pii', boundary: 'own-account' } }, code];
    expect(await needsOf({ workload: both, tasks, data: { boundary: 'anywhere' } })).toEqual([
      'own-account',
      'anywhere',
    ]);
  });
});

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

  test('looks an option up as the search found it: machines cut alike', async () => {
    // So tight that some machines must be cut into larger groups than would carry most.
    const tight = await of(20_000, code, someOf(await shippedTables(), 0.1, 1));
    const [taskPart] = tight.workload.taskParts as [TaskPart];
    const units = new Set(
      everyOption(tight)
        .filter(({ kind, fleet }) => kind === 'self-hosted-cloud' && (fleet?.gpusPerUnit ?? 1) > 1)
        .filter((option) => maySlice(option, taskPart, tight))
        .map(optionId),
    );
    expect(units.size).toBeGreaterThan(0);
    // Each alone is decided on: one model in one scheme on one machine.
    let looked = 0;
    for (const id of [...units].slice(0, 40)) {
      const option = findOption(id, tight);
      if (option === null) throw new Error(id);
      const quantization = tight.tables.quantization.filter(({ scheme }) => scheme === option.quantization);
      const alone = { workload: tight.workload, tables: tablesWith(tight.tables, { quantization }) };
      const found = searchByCost(narrowedSeveral(severalCase(alone), [option])).best();
      const [place] = found?.places ?? [];
      if (place?.option.id !== id) continue;
      looked++;
      expect(place.option.fleet?.gpusPerReplica, id).toBe(option.fleet?.gpusPerReplica);
    }
    expect(looked).toBeGreaterThan(0);
  });
});

test('where no rule alone is to blame, the closest options are named', async () => {
  const context = await caseOf({
    workload: threeMillion,
    tasks: [{ ...faq, latency: { totalP95: '2ms' } }],
    data: { boundary: 'device' },
  });
  const misses = nearMisses(context);
  expect(misses.length).toBeGreaterThan(0);
  for (const { looked } of misses) expect(new Set(looked.verdicts.map(({ gate }) => gate)).size).toBeGreaterThan(1);
});

test('a plan names its tasks in the order of the scenario', async () => {
  const hard = { name: 'hard', type: 'complex-reasoning', share: '10%', deadline: '24h' };
  const tasks = [{ ...faq, share: '70%' }, hard, { ...code, share: '20%' }];
  const context = await caseOf({ workload: { volume: '5M requests/day' }, tasks });
  expect(choose(context).cheapest?.id).toMatch(/^faq=.*;hard=.*;code=/);
});

describe('values at the edge of what can be written', () => {
  test.each([
    ['a share above 1', { retryRate: 5 }],
    ['no time at all', { horizonMonths: 0 }],
    ['more months than anybody plans', { horizonMonths: 1e6 }],
    ['less than nothing', { inHourFactor: -1 }],
    ['a cache of no bits', { kvCacheBits: 0 }],
    ['no deployment', { maxDeployments: 0.5 }],
  ])('%s is no value of an assumption', async (_, assumptions) => {
    await expect(caseOf({ workload: threeMillion, tasks: [faq], assumptions })).rejects.toThrow(
      /is (above|below|negative)|more than 0/,
    );
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
  ])('%s: a plan, with a finite cost', async (_, written) => {
    const { cheapest } = choose(await caseOf(written));
    expect(cheapest?.monthlyUsd).toBeGreaterThan(0);
    expect(Number.isFinite(cheapest?.monthlyUsd)).toBe(true);
  });
});

test('a model that writes reasoning alone still has an answer to write', async () => {
  const { workload } = await caseOf({
    workload: threeMillion,
    tasks: [code],
    assumptions: { reasoningEffort: 1, reasoningShareUnknown: 1 },
  });
  const [taskPart] = workload.taskParts as [TaskPart];
  expect(reasoningTokens({ mode: 'thinking', capability: null }, taskPart, workload)).toBeCloseTo(
    taskPart.tokens.output * 99,
    6,
  );
});

test('a task that may wait a day is batchable, whatever its kind; one that may wait an hour is not', async () => {
  const tasks = [
    { ...faq, deadline: '24h', share: '50%' },
    { ...code, deadline: '1h', share: '50%' },
  ];
  const { workload } = await caseOf({ workload: threeMillion, tasks });
  expect(workload.taskParts.map(({ batchable }) => batchable)).toEqual([true, false]);
});
