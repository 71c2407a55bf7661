import { describe, expect, test } from 'vitest';
import { gateOrder } from '../../src/decide/gates/registry.js';
import { shippedTables } from '../load.js';
import { asOf, decide as decideWithAll, tablesWith, type Written } from './scenario.js';

/** Unless hardware is for sale: it passes most gates, and would win most pairs. */
async function decide(written: Written, more: Parameters<typeof decideWithAll>[1] = {}) {
  const tables = more.tables ?? (await shippedTables());
  return decideWithAll(written, { ...more, tables: tablesWith(tables, { accelerators: [] }) });
}

const volume = '24000 requests/day';
const faq = { name: 'faq', type: 'faq-chat' };
const flat = (perDay: string) => ({ volume: perDay, profile: 'flat' });
const base: Written = { workload: flat(volume), tasks: [faq] };
const task = (more: object): Written => ({ ...base, tasks: [{ ...faq, ...more }] });
const data = (block: object): Written => ({ ...base, data: block });
const capable = { capability: { atLeast: 'gpt-4o' } };
const busy: Written = { ...base, workload: flat('100M requests/day') };

const gemma3n = 'open-model-api/together/google/gemma-3n-E4B-it';
const bedrock = 'open-model-api/aws-bedrock/google.gemma-3-4b-it';
const nemotron = 'open-model-api/aws-bedrock/nvidia.nemotron-nano-9b-v2';

/** The two scenarios of a pair differ in what the gate looks at, and in nothing else. */
test.each<{ gate: string; before: Written; winner: string; after: Written; next: string | null }>([
  {
    gate: 'boundary',
    before: data({ boundary: 'under-contract' }),
    winner: gemma3n,
    after: data({ boundary: 'own-account' }),
    next: 'self-hosted-cloud/',
  },
  {
    gate: 'regimes',
    before: data({ sensitivity: 'regulated', boundary: 'under-contract' }),
    winner: gemma3n,
    after: data({ sensitivity: 'regulated', boundary: 'under-contract', regimes: ['hipaa'] }),
    next: bedrock,
  },
  {
    gate: 'fine-tuning',
    before: base,
    winner: gemma3n,
    after: { ...base, needs: { fineTuning: true } },
    next: 'serverless-gpu/',
  },
  { gate: 'residency', before: data({}), winner: gemma3n, after: data({ residency: ['ch'] }), next: bedrock },
  {
    gate: 'modality',
    before: task(capable),
    winner: nemotron,
    after: task({ ...capable, needs: ['vision'] }),
    next: 'open-model-api/deepinfra/google/gemma-4-26B-A4B-it',
  },
  {
    gate: 'context',
    before: task({ tokens: { input: 1150 } }),
    winner: gemma3n,
    after: task({ tokens: { input: 200_000 } }),
    next: 'cloud-api/azure/gpt-5-nano',
  },
  { gate: 'capability', before: task({}), winner: gemma3n, after: task(capable), next: nemotron },
  {
    gate: 'capability',
    before: task({ capability: { minIndex: 60 }, thinking: 'allowed' }),
    winner: 'open-model-api/deepinfra/openai/gpt-oss-20b+thinking',
    after: task({ capability: { minIndex: 60 }, thinking: 'forbidden' }),
    next: nemotron,
  },
  {
    gate: 'latency',
    before: task({}),
    winner: gemma3n,
    after: task({ latency: { ttftP95: '700ms' } }),
    next: 'open-model-api/groq/meta-llama/llama-4-scout-17b-16e-instruct',
  },
  {
    gate: 'devices',
    before: { ...data({ boundary: 'device' }), devices: { count: 1000, classes: { 'apple-m1-16gb': '100%' } } },
    winner: 'edge/',
    after: { ...data({ boundary: 'device' }), devices: { count: 1000, classes: { 'apple-m1-16gb': '60%' } } },
    next: null,
  },
  { gate: 'offline', before: base, winner: gemma3n, after: { ...base, needs: { offline: true } }, next: null },
  {
    gate: 'team',
    before: { ...busy, team: { devops: 0, mayHire: true } },
    winner: 'serverless-gpu/',
    after: { ...busy, team: { devops: 0, mayHire: false } },
    next: gemma3n,
  },
  {
    gate: 'budget',
    before: { ...busy, budget: { upfront: 1e6 } },
    winner: 'serverless-gpu/',
    after: { ...busy, budget: { upfront: 0 } },
    next: gemma3n,
  },
  {
    gate: 'budget',
    before: { ...busy, budget: { monthly: 1e6 } },
    winner: 'serverless-gpu/',
    after: { ...busy, budget: { monthly: 1000 } },
    next: null,
  },
])('$gate turns $winner down, and $next wins', async ({ gate, before, winner, after, next }) => {
  const first = (await decide(before)).recommendation;
  expect(first.plan?.startsWith(winner), `${first.plan}`).toBe(true);
  const advised = first.plan ?? '';
  const { recommendation, options } = await decide(after, { include: [advised] });
  if (next === null) expect(recommendation).toMatchObject({ status: 'infeasible', plan: null });
  else expect(recommendation.plan?.startsWith(next), `${recommendation.plan}`).toBe(true);
  const turnedDown = options.find(({ id }) => id === advised);
  expect(turnedDown?.feasible).toBe(false);
  expect(turnedDown?.failedGates.map((failed) => failed.gate)).toEqual([gate]);
  expect(turnedDown?.failedGates[0]?.reason).not.toBe('');
});

test('available turns down what retires on the day of the assessment, and the next one wins', async () => {
  const tables = await shippedTables();
  const few = tablesWith(tables, { api: tables.api.filter(({ provider }) => provider === 'openai') });
  const written = task({ tokens: { input: 500, output: 250 } });
  const advised = async (day: string) => (await decide(written, { tables: few, day })).recommendation;
  const before = await advised('2026-12-10');
  expect(before.plan).toBe('cloud-api/openai/gpt-5-nano');
  expect(before.conditions.join()).toContain('2026-12-11');
  expect((await advised('2026-12-11')).plan).toBe('cloud-api/openai/gpt-4o-mini');
});

test('every gate has a pair here', () => {
  expect(gateOrder).toEqual([
    ...[
      'preferences',
      'available',
      'boundary',
      'regimes',
      'residency',
      'fine-tuning',
      'modality',
      'context',
      'capability',
      'latency',
    ],
    ...['offline', 'interruption', 'availability', 'devices', 'desk', 'team', 'budget'],
  ]);
});

test('a spot machine has to be prepared for where somebody waits, and only there', async () => {
  const spot = 'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot';
  const todos = async (deadline: object) => {
    const { options } = await decide(
      { workload: flat('1M requests/day'), tasks: [{ ...faq, ...deadline }] },
      { include: [spot] },
    );
    return options.find(({ id }) => id === spot)?.conditions.filter((todo) => todo.includes('spot'));
  };
  expect(await todos({})).toEqual([expect.stringContaining('keep on-demand machines of gcp ready')]);
  expect(await todos({ deadline: '24h' })).toEqual([]);
});

describe('what must never be proposed', () => {
  const volumes = ['100 requests/day', volume, '5M requests/day', '100M requests/day'];

  test.each(volumes)('a server, for data that stay on the device, at %s', async (perDay) => {
    for (const block of [{ sensitivity: 'device-only' }, { boundary: 'device' }, { boundary: 'own-premises' }]) {
      const found = await decide({ workload: flat(perDay), tasks: [faq], data: block });
      expect(found.recommendation.status).toBe('infeasible');
      expect(found.considered.feasible).toBe(0);
      expect(found.nearestMisses.length).toBeGreaterThan(0);
      expect(found.options.every(({ feasible }) => !feasible)).toBe(true);
    }
  });

  const hipaa = (perDay: string, agreements?: unknown): Written => ({
    workload: flat(perDay),
    tasks: [faq],
    data: { sensitivity: 'regulated', regimes: ['hipaa'], ...(agreements !== undefined && { agreements }) },
  });

  test.each(volumes)('a provider that needs a BAA, where none is signed or can be, at %s', async (perDay) => {
    for (const agreements of [[], ['dpa'], { signed: [], canSign: ['dpa'] }]) {
      const { recommendation, options } = await decide(hipaa(perDay, agreements));
      expect(recommendation.status).toBe('infeasible');
      expect(options.every(({ feasible }) => !feasible)).toBe(true);
    }
  });

  test.each(volumes)('anybody else, where hardware of one’s own is the only place, at %s', async (perDay) => {
    const workload = flat(perDay);
    for (const written of [
      hipaa(perDay, []),
      { workload, tasks: [faq], data: { boundary: 'own-premises' } },
      { workload, tasks: [faq], needs: { offline: true } },
    ]) {
      const { recommendation, options } = await decideWithAll(written);
      expect(recommendation.plan).toMatch(/^on-prem\//);
      expect(options.every(({ kind, feasible }) => kind === 'on-prem' || !feasible)).toBe(true);
    }
    const { recommendation } = await decideWithAll({ workload, tasks: [faq], data: { boundary: 'device' } });
    expect(recommendation.status).toBe('infeasible');
  });

  test.each(volumes)('another provider than the one whose BAA is signed, at %s', async (perDay) => {
    const { recommendation } = await decide(hipaa(perDay, ['baa:azure']));
    expect(recommendation.plan).toMatch(/^[a-z-]+\/azure\//);
  });

  test('a provider known to offer no BAA, or of whom nobody knows, whatever may be signed', async () => {
    const { providers } = await shippedTables();
    const offers = new Set(
      providers
        .filter(({ agreements }) => agreements.some((one) => /^baa\??$/.test(one)))
        .map(({ provider }) => provider),
    );
    for (const perDay of volumes) {
      const { recommendation } = await decide(hipaa(perDay));
      const chosen = (recommendation.plan ?? '').split('/')[1] ?? '';
      expect(offers.has(chosen), chosen).toBe(true);
      expect(recommendation.conditions.join()).toContain(`BAA with ${chosen}`);
    }
  });

  test('a machine of an unknown host, for data that are not public, even when marketplaces are included', async () => {
    for (const sensitivity of ['internal', 'pii']) {
      const { recommendation, options } = await decide({
        ...busy,
        data: { sensitivity },
        preferences: { include: ['marketplace'] },
      });
      expect(recommendation.plan).not.toContain('/vast/');
      expect(options.some(({ provider, feasible }) => provider === 'vast' && feasible)).toBe(false);
    }
  });

  test(`a model that is retired on ${asOf}`, async () => {
    const id = 'cloud-api/openai/gpt-3.5-turbo';
    const { options } = await decide(task({ capability: { minIndex: 10 } }), { include: [id] });
    expect(options.find((one) => one.id === id)).toMatchObject({
      feasible: false,
      failedGates: [{ gate: 'available' }],
    });
  });
});
