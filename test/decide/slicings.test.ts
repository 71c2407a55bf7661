import { describe, expect, test } from 'vitest';
import { limited } from '../../src/decide/advice.js';
import { waysToCut } from '../../src/decide/cuts.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Tables } from '../../src/tables/tables.js';
import { shipped } from '../support/load.js';
import { caseOf, likelyIn, tablesWith } from '../support/scenario.js';

const { tables } = await shipped();

const row = (model: string) =>
  tables.api.find(({ modelId, provider }) => modelId === model && provider === 'openai') as Tables['api'][number];

/** Two APIs of known price, and no machine: what a plan costs can be worked out by hand. */
const twoApis = (): Tables =>
  tablesWith(tables, {
    api: ['gpt-4o', 'gpt-4o-mini'].map(row),
    rental: [],
    hosting: [],
    models: [],
    accelerators: [],
  });

describe('a cascade by hand', () => {
  const requestsPerDay = 40_000;
  const tokens = { input: 1000, output: 400 };
  const written = (easy: Record<string, unknown>, deadline?: string) => ({
    workload: { volume: `${requestsPerDay} requests/day` },
    tasks: [
      {
        name: 'chat',
        type: 'faq-chat',
        tokens: { ...tokens, cacheablePrefix: 0 },
        capability: { atLeast: 'gpt-4o' },
        easy,
        ...(deadline !== undefined && { deadline }),
      },
    ],
  });

  /** USD a month of so many requests a day on a model, by its price alone. */
  const billed = (model: string, perDay: number, batch = false): number => {
    const prices = row(model);
    const input = batch ? (prices.batchInputUsdPerMTok ?? Number.NaN) : prices.inputUsdPerMTok;
    const output = batch ? (prices.batchOutputUsdPerMTok ?? Number.NaN) : prices.outputUsdPerMTok;
    const assumed = likelyIn(tables);
    const usd = tokens.input * input + tokens.output * output;
    return ((perDay * assumed('hoursPerMonth')) / 24) * (usd / 1e6) * (1 + assumed('retryRate'));
  };

  test.each([0.02, 0.2, 0.9])('both are paid for what is escalated: %d easy', async (share) => {
    const context = await caseOf(written({ share, capability: { minIndex: 30 } }), twoApis());
    const cascade = billed('gpt-4o-mini', requestsPerDay) + billed('gpt-4o', requestsPerDay * (1 - share));
    const cheapest = Math.min(billed('gpt-4o', requestsPerDay), cascade);
    expect(choose(context).cheapest?.monthlyUsd).toBeCloseTo(cheapest, 6);
  });

  test.each([
    { deadline: '23 hours', batch: [false, false] },
    { deadline: '24 hours', batch: [false, true] },
    { deadline: '47 hours', batch: [false, true] },
    { deadline: '48 hours', batch: [true, true] },
  ])('a batch takes a day, and $deadline hold as many: $batch', async ({ deadline, batch }) => {
    const share = 0.9;
    const context = await caseOf(written({ share, capability: { minIndex: 30 } }, deadline), twoApis());
    const [first, escalated] = batch;
    const cascade =
      billed('gpt-4o-mini', requestsPerDay, first) + billed('gpt-4o', requestsPerDay * (1 - share), escalated);
    expect(choose(context).cheapest?.monthlyUsd).toBeCloseTo(cascade, 6);
  });
});

describe('what may be cut', () => {
  const task = (more: Record<string, unknown>) => ({
    workload: { volume: '10k requests/day' },
    tasks: [{ name: 'chat', type: 'faq-chat', ...more }],
  });

  test('where data may be processed and what is agreed holds for all of a task, also where the task alone says so', async () => {
    const rules = { residency: ['eu'], agreements: ['dpa'], declared: ['dpia'] };
    const sensitivity = 'regulated';
    const restOf = async (own: object, data: object) => {
      const redaction = { type: 'personal-data-redaction', leaves: { sensitivity: 'internal' } };
      const sensitive = { share: '25%', rest: { sensitivity: 'public' }, redaction };
      const context = await caseOf({ ...task({ sensitive, ...own }), data });
      const { sensitive: parts } = context.workload.taskParts[0]?.divisible ?? {};
      return [parts?.rest, parts?.redaction?.leaves].map(
        (needs) => needs && [needs.sensitivity, needs.residency, needs.agreements, needs.declared],
      );
    };
    const agreed = [['eea'], { signed: new Set(['dpa']), canSign: new Set() }, new Set(['dpia'])];
    const both = [
      ['public', ...agreed],
      ['internal', ...agreed],
    ];
    expect(await restOf({}, { sensitivity, ...rules })).toEqual(both);
    expect(await restOf({ data: rules }, { sensitivity })).toEqual(both);
    // What the task says replaces what is said for all.
    expect(await restOf({ data: rules }, { residency: ['us'], declared: ['risk-accepted'] })).toEqual(both);
    // Where it would be changed: at the task, but for what the rest says itself.
    const writtenOf = async (rest: object, data?: object) => {
      const context = await caseOf({
        ...task({ sensitive: { share: '25%', rest }, ...(data && { data }) }),
        data: rules,
      });
      return [...(context.workload.taskParts[0]?.divisible?.sensitive?.rest.written.data ?? [])].sort();
    };
    expect(await writtenOf({ sensitivity: 'public' })).toEqual([]);
    expect(await writtenOf({ sensitivity: 'public' }, rules)).toEqual(['agreements', 'declared', 'residency']);
    expect(await writtenOf({ residency: ['us'] }, rules)).toEqual(['agreements', 'declared']);
  });

  test('developers work under their own data rules, wait for nothing, and never on the devices of users', async () => {
    const context = await caseOf({
      ...task({ latency: { ttftP95: '500ms' }, availability: '99.9%' }),
      data: { sensitivity: 'regulated', boundary: 'own-premises', regimes: ['hipaa'] },
      development: { share: '10%', data: { sensitivity: 'public' } },
    });
    const [, dev] = context.workload.taskParts;
    expect(dev).toMatchObject({
      id: 'chat.dev',
      requestsPerDay: 1000,
      needs: { boundary: 'anywhere', regimes: [], ttftP95Ms: null, availability: null },
    });
    expect(context.workload.taskParts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});

test('limits beyond the rules hold for every part that a task may be cut into', async () => {
  const context = await caseOf({
    workload: { volume: '10k requests/day' },
    tasks: [
      {
        name: 'chat',
        type: 'faq-chat',
        easy: { share: '50%', capability: { minIndex: 20 } },
        sensitive: { share: '20%', redaction: { type: 'personal-data-redaction' } },
        tuned: {},
      },
    ],
    data: { sensitivity: 'pii', boundary: 'own-account' },
    devices: { count: 1000, classes: { 'apple-a17-pro-8gb': '70%' } },
  });
  const strict = limited(context, { capabilityScore: 90 });
  const parts = waysToCut(strict.workload.taskParts[0] as (typeof context.workload.taskParts)[number], strict).flat();
  expect(new Set(parts.map(({ part }) => part)).size).toBeGreaterThan(8);
  for (const { id, needs } of parts) expect(needs.capability.scoreAtLeast, id).toBe(90);
});

test('documents and tuning: embedding and store by hand, on every plan alike; what is found lengthens prompts', async () => {
  const base = {
    workload: { volume: '10k requests/day' },
    tasks: [{ name: 'q', type: 'rag-answering', tokens: { input: 500, output: 200 } }],
  };
  const with_ = await caseOf({ ...base, needs: { rag: { documents: '600M tokens', retrieved: 3000 } } });
  expect(with_.workload.taskParts[0]?.tokens.input).toBe(3500);
  const assumed = likelyIn(tables);
  const lines = choose(with_).cheapest?.shared ?? [];
  const line = (part: string) => lines.find((one) => one.part === part);
  expect(line('other.embedding')?.upfront).toBeCloseTo(600 * assumed('semanticCacheEmbeddingUsdPerMTok'), 9);
  const gb = ((600e6 / assumed('retrievalChunkTokens')) * assumed('retrievalChunkKb')) / 1e6;
  expect(line('storage.retrieval')?.curve.fixed).toBeCloseTo(gb * assumed('storageBlockSsd'), 9);
});
