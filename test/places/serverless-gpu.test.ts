import { beforeAll, describe, expect, test } from 'vitest';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Option } from '../../src/places/option.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { serverlessGpu } from '../../src/places/serverless-gpu.js';
import { gates } from '../../src/rules/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, likelyIn, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

const onA100 = (model: string) => `serverless-gpu/modal/${model}@bf16/functions-a100-sxm-80gb`;
const seldom = (perDay: number, more: object = {}): Written => ({
  workload: { volume: perDay, profile: 'flat' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 100 } }],
  ...more,
});

async function look(id: string, written: Written) {
  const context = await caseOf(written, tables);
  const option = serverlessGpu.lookUp(id, context);
  if (option === null) throw new Error(`no option ${id}`);
  return { context, option, taskParts: context.workload.taskParts };
}

async function seenOn(id: string, written: Written): Promise<TaskService> {
  const { context, option, taskParts } = await look(id, written);
  const seen = serverlessGpu.service(option, taskParts[0] as TaskPart, context);
  if (isUnpriced(seen)) throw new Error(seen.unpriced);
  return seen;
}

async function partsOf(id: string, written: Written): Promise<Record<string, number>> {
  const { context, option, taskParts } = await look(id, written);
  const lines = serverlessGpu.price(option, taskParts, context);
  if (isUnpriced(lines)) throw new Error(lines.unpriced);
  return Object.fromEntries(lines.map(({ part, curve }) => [part, at(curve, context.workload.requestsPerDay)]));
}

describe('cold starts', () => {
  /** Published starts of a serving engine with its weights on the platform's volume, before snapshots. */
  test.each([
    { model: 'llama-3.1-8b', id: onA100('llama-3.1-8b'), published: 'coldStartServerless8bDefault' },
    { model: 'qwen3.6-27b', id: onA100('qwen3.6-27b'), published: 'coldStartServerless27bDefault' },
    { model: 'llama-3.3-70b', id: `${onA100('llama-3.3-70b')}-4x`, published: 'coldStartServerless70bDefault' },
  ])('of $model take within a factor of two what is published', async ({ id, published }) => {
    const { coldStarts } = await seenOn(id, seldom(100));
    const ratio = (coldStarts?.seconds ?? Number.NaN) / likelyIn(tables)(published);
    expect(ratio).toBeGreaterThan(1 / 2);
    expect(ratio).toBeLessThan(2);
  });

  test('are longer with an unknown or slower container, and shorter without the start of an engine', async () => {
    const id = onA100('llama-3.1-8b');
    const seconds = async (more: object, hosting = tables.hosting) => {
      const context = await caseOf(seldom(100, more), tablesWith(tables, { hosting }));
      const seen = serverlessGpu.service(
        serverlessGpu.lookUp(id, context) as Option,
        context.workload.taskParts[0] as TaskPart,
        context,
      );
      return isUnpriced(seen) ? Number.NaN : (seen.coldStarts?.seconds ?? Number.NaN);
    };
    const weightsGb = 16.06;
    const usual = await seconds({});
    // Container sqrt(5 x 60), weights at 0.8 GB/s, engine 3.5 s per GB.
    expect(usual).toBeCloseTo(Math.sqrt(300) + weightsGb / 0.8 + weightsGb * 3.5, 0);
    const unknown = tables.hosting.map((row) => ({ ...row, coldStartLowS: null }));
    expect(await seconds({}, unknown)).toBeCloseTo(usual - Math.sqrt(300) + 3, 6);
    const snapshot = await seconds({ assumptions: { engineStartPerGbOfWeights: 0.001 } });
    expect(snapshot).toBeCloseTo(usual - weightsGb * 3.499, 0);
  });

  test('are met by most who ask seldom, and raise the 95th percentile by all of the start', async () => {
    const id = onA100('llama-3.1-8b');
    const [rare, often] = [await seenOn(id, seldom(10)), await seenOn(id, seldom(20_000))];
    expect(rare.coldStarts?.share).toBeGreaterThan(0.9);
    expect(often.coldStarts?.share).toBeLessThan(1e-3);
    const start = (rare.coldStarts?.seconds ?? 0) * 1000;
    expect((rare.ttftP95Ms ?? 0) - (often.ttftP95Ms ?? 0)).toBeCloseTo(start, 3);
    expect((rare.totalP95Ms ?? 0) - (often.totalP95Ms ?? 0)).toBeCloseTo(start, 3);
  });

  test('turn down an option for a target at a low volume that it meets at a high one', async () => {
    const ttft = gates.find(({ id }) => id === 'ttft');
    const state = async (perDay: number) => {
      const written = seldom(perDay);
      const [task] = written.tasks;
      const timed = { ...written, tasks: [{ ...task, latency: { ttftP95: '5s' } }] };
      const { context, option, taskParts } = await look(onA100('llama-3.1-8b'), timed);
      const seen = serverlessGpu.service(option, taskParts[0] as TaskPart, context);
      return ttft?.check(option, taskParts[0] as TaskPart, context, isUnpriced(seen) ? null : seen).state;
    };
    expect([await state(50), await state(20_000)]).toEqual(['failed', 'passed']);
  });
});

describe('the bill', () => {
  test('of a flat 96 requests a day: one in 900 s, each up for S + 300 s', async () => {
    const id = onA100('llama-3.1-8b');
    const { coldStarts } = await seenOn(id, seldom(96));
    const cold = coldStarts?.seconds ?? Number.NaN;
    const parts = await partsOf(id, seldom(96));
    const month = 730 * 3600;
    // Prompt and answer take between 1 and 3 s alone on an A100.
    for (const [alone, side] of [[1, 1] as const, [3, -1] as const]) {
      const none = Math.exp(-(alone + 300) / 900);
      const cycle = 900 + cold * none;
      const up = (0.000694 * month * 900 * (1 - none)) / cycle;
      expect(side * ((parts['compute.serverless'] ?? 0) - up)).toBeGreaterThan(0);
      const starts = (0.000694 * (cold + 0.5) * month * none) / cycle;
      expect((parts['compute.cold-starts'] ?? 0) / starts).toBeCloseTo(1, 2);
    }
    // Modal has no price of a volume of its own: a block volume, 0.10 USD a GB.
    expect(parts['storage.weights']).toBeCloseTo(1.606, 2);
    expect(parts['network.egress']).toBeGreaterThan(0);
  });

  test('of two slices is the sum of theirs, and the weights are kept once', async () => {
    const id = onA100('llama-3.1-8b');
    const [faq] = seldom(0).tasks;
    const both = {
      workload: { volume: 200, profile: 'flat' },
      tasks: [
        { ...faq, name: 'a', share: '50%' },
        { ...faq, name: 'b', share: '50%' },
      ],
    };
    const [one, two] = [await partsOf(id, seldom(100)), await partsOf(id, both)];
    for (const part of ['compute.serverless', 'compute.cold-starts', 'network.egress'])
      expect((two[part] ?? 0) / (one[part] ?? 0)).toBeCloseTo(2, 9);
    expect(two['storage.weights']).toBe(one['storage.weights']);
  });
});

describe('a model of our own that is seldom asked', () => {
  const written: Written = {
    workload: { volume: 60, profile: { peakToMean: 12 } },
    tasks: [{ name: 'letters', type: 'summarization', tokens: { input: 3000, output: 500 } }],
    needs: { fineTuning: true, availability: '99.4%' },
    data: { sensitivity: 'pii' },
    // A company that puts up no machines: two small computers at a desk would cost less than half. Its weights go to no API.
    preferences: { exclude: ['on-prem', 'cloud-api', 'open-model-api'] },
  };

  test('is told how often its requests wait', async () => {
    const { recommendation, options } = await decide(written);
    expect(recommendation.reasons.join()).toMatch(
      /one in \d requests of letters waits for a cold start of up to \d+ s/,
    );
    const chosen = options.find(({ id }) => id === recommendation.plan);
    expect(chosen).toMatchObject({ kind: 'serverless-gpu', replicas: null, utilization: null });
  });
});

describe('work that may wait', () => {
  const few = () => fewRows(tables);

  test.each(['batch-nightly', 'business-hours', 'flat'])(
    'costs less the longer it may, by the profile %s',
    async (profile) => {
      // The largest takes 2.5 workers of the cheapest card: half the time one of three has nothing to do, and may sleep.
      for (const volume of [30, 2000, 2_500_000]) {
        let before = Number.POSITIVE_INFINITY;
        for (const hours of [0, 1, 3, 4, 24, 168]) {
          const latency = { ttftP95: 'any' };
          const task = { name: 'a', type: 'summarization', latency, ...(hours > 0 && { deadline: `${hours}h` }) };
          const only = { preferences: { only: ['serverless-gpu'] } };
          const { cheapest } = choose(await caseOf({ workload: { volume, profile }, tasks: [task], ...only }, few()));
          const usd = cheapest?.monthlyUsd ?? Number.NaN;
          expect(usd).toBeLessThan(before);
          before = usd;
        }
      }
    },
  );

  test('is gathered for half its deadline: its seconds at saturation, and a start and an idle time-out each time', async () => {
    const perDay = 480;
    const written = seldom(perDay);
    const [task] = written.tasks as object[];
    const later = { ...written, tasks: [{ ...task, deadline: '24h' }] };
    const id = onA100('llama-3.1-8b');
    const { context, option, taskParts } = await look(id, later);
    const seen = await seenOn(id, later);
    expect(seen.coldStarts).toBeUndefined();
    const { up, cold } = workerSecondsOf(option, taskParts[0] as TaskPart, context);
    const starts = (context.workload.hoursPerMonth / 24) * 2;
    const perRequest = 1 / (seen.unitRequestsPerS as number);
    const works = (perDay * context.workload.hoursPerMonth * perRequest) / 24;
    const idleS = likelyIn(tables)('keepWarmIdleDefault');
    // Beside its work and the idle time-out a worker is up for as long as one request takes by itself: seconds.
    expect(up - works - starts * idleS).toBeGreaterThan(0);
    expect(up - works - starts * idleS).toBeLessThan(starts * 10);
    expect(cold).toBeCloseTo(starts, 6);
    const text = serverlessGpu.price(option, taskParts, context);
    if (isUnpriced(text)) throw new Error(text.unpriced);
    expect(text.find(({ part }) => part === 'compute.serverless')?.working.text).toMatch(/^sum over windows of half/);
  });

  test('beside work that may not, the bill says how both are told', async () => {
    const tasks = [
      { name: 'now', type: 'faq-chat', share: '50%', tokens: { input: 1000, output: 100 } },
      { name: 'later', type: 'faq-chat', share: '50%', tokens: { input: 1000, output: 100 }, deadline: '24h' },
    ];
    const { context, option, taskParts } = await look(onA100('llama-3.1-8b'), { workload: { volume: 100 }, tasks });
    const text = serverlessGpu.price(option, taskParts, context);
    if (isUnpriced(text)) throw new Error(text.unpriced);
    const found = text.find(({ part }) => part === 'compute.serverless')?.working.text;
    expect(found).toMatch(/^sum over hours of .*; of work that may wait: sum over windows of/);
  });
});

/** Worker-seconds up and cold starts a month, from what their lines come to. */
function workerSecondsOf(option: Option, taskPart: TaskPart, context: Context): { up: number; cold: number } {
  const lines = serverlessGpu.price(option, [taskPart], context);
  if (isUnpriced(lines)) throw new Error(lines.unpriced);
  const [up, cold] = ['compute.serverless', 'compute.cold-starts'].map((part) => {
    const line = lines.find((one) => one.part === part);
    const inputs = line?.trace?.(context.workload.requestsPerDay).parts ?? [];
    return inputs.find(({ label }) => label.endsWith('month'))?.value ?? Number.NaN;
  });
  return { up: up as number, cold: cold as number };
}
