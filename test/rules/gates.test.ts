import { describe, expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import { failedGates, findOption, lookAt } from '../../src/decide/option-report.js';
import { optionsOf } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { choose } from '../../src/decide/several-choice.js';
import { nameOf } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { asOf, caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

type More = { tables?: Awaited<ReturnType<typeof shippedTables>>; day?: string };

/** A few of the machines there are, which is quicker. */
async function fewMachines(tables?: More['tables']) {
  const all = tables ?? (await shippedTables());
  const hosts = new Set(['aws', 'azure', 'verda', 'vast']);
  const cards = new Set(['l4-24gb', 'h100-sxm-80gb', 'rtx-a6000-48gb', 'apple-m4-max-64gb']);
  return tablesWith(all, {
    rental: all.rental.filter(({ provider }) => hosts.has(provider)),
    accelerators: all.accelerators.filter(({ accelerator }) => cards.has(accelerator)),
  });
}

/** Unless hardware is for sale: it passes most gates, and would win most pairs. */
async function rentedOnly(written: Written, { tables, day }: More = {}): Promise<Context> {
  return caseOf(written, tablesWith(await fewMachines(tables), { accelerators: [] }), day);
}

/** What is advised, and what it asks to be done. */
function advice(context: Context) {
  const plan = advisedPlan(context);
  return {
    plan: plan?.id ?? null,
    options: plan?.deployments.flatMap(optionsOf) ?? [],
    todos: plan === null ? [] : review(plan, context).verdicts.flatMap(({ verdict }) => [...verdict.why().todos]),
  };
}

/** That no deployment type has a plan that the rules allow. */
function expectNothing(context: Context) {
  const { advised, cheapest, kinds, considered } = choose(context);
  expect([advised, cheapest]).toEqual([null, null]);
  expect(considered.feasible).toBe(0);
  expect(considered.total).toBeGreaterThan(1000);
  expect(kinds.filter(({ feasible }) => feasible)).toEqual([]);
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
test.each<{
  gate: string;
  before: Written;
  winner: string;
  after: Written;
  next: string | null;
  /** Hardware is for sale. */
  sold?: boolean;
}>([
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
    next: 'cloud-api/aws-bedrock/amazon.nova-lite-v1:0',
  },
  {
    gate: 'residency',
    before: data({}),
    winner: gemma3n,
    after: data({ residency: ['ch'] }),
    next: 'open-model-api/google-vertex/qwen/qwen3-235b-a22b-instruct-2507-maas',
  },
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
    gate: 'ttft',
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
    before: { ...data({ boundary: 'own-premises' }), budget: { upfront: 1e6 } },
    winner: 'on-prem/',
    after: { ...data({ boundary: 'own-premises' }), budget: { upfront: 0 } },
    next: null,
    sold: true,
  },
  {
    gate: 'budget',
    before: { ...busy, budget: { monthly: 1e6 } },
    winner: 'serverless-gpu/',
    after: { ...busy, budget: { monthly: 1000 } },
    next: null,
  },
  {
    gate: 'tools',
    before: task({}),
    winner: gemma3n,
    after: task({ needs: ['tools'] }),
    next: 'open-model-api/novita/qwen/qwen3-4b-fp8',
  },
  {
    gate: 'launch',
    before: { ...data({ boundary: 'own-account' }), team: { launchWithin: '3 weeks' } },
    winner: 'self-hosted-cloud/',
    after: { ...data({ boundary: 'own-account' }), team: { launchWithin: '2 weeks' } },
    next: null,
  },
  {
    gate: 'agreements',
    before: data({ sensitivity: 'pii', agreements: ['dpa'] }),
    winner: gemma3n,
    after: data({ sensitivity: 'pii', agreements: ['dpa:groq'] }),
    next: 'open-model-api/groq/',
  },
  {
    gate: 'preferences',
    before: base,
    winner: gemma3n,
    after: { ...base, preferences: { exclude: ['together'] } },
    next: 'open-model-api/novita/qwen/qwen3-4b-fp8',
  },
])('$gate turns $winner down, and $next wins', async ({ gate, before, winner, after, next, sold }) => {
  const contextOf = async (written: Written) => (sold ? caseOf(written, await fewMachines()) : rentedOnly(written));
  const first = advisedPlan(await contextOf(before));
  expect(first?.id.startsWith(winner), `${first?.id}`).toBe(true);
  const [advised] = first?.deployments ?? [];
  if (advised === undefined) throw new Error('nothing advised');
  const context = await contextOf(after);
  const then = advisedPlan(context);
  if (next === null) expect(then).toBeNull();
  else expect(then?.id.startsWith(next), `${then?.id}`).toBe(true);
  const turnedDown = failedGates(lookAt(advised.option, context));
  expect(turnedDown.map((failed) => failed.gate)).toEqual([gate]);
  expect(turnedDown[0]?.reason).not.toBe('');
});

test('available turns down what retires on the day of the assessment, and the next one wins', async () => {
  const tables = await shippedTables();
  const few = tablesWith(tables, { api: tables.api.filter(({ provider }) => provider === 'openai') });
  const written = task({ tokens: { input: 500, output: 250 } });
  const advised = async (day: string) => advice(await rentedOnly(written, { tables: few, day }));
  const before = await advised('2026-12-10');
  expect(before.plan).toBe('cloud-api/openai/gpt-5-nano');
  expect(before.todos.join()).toContain('2026-12-11');
  const context = await rentedOnly(written, { tables: few, day: '2026-12-10' });
  const plan = advisedPlan(context);
  if (plan === null) throw new Error('nothing fits');
  const warnings = review(plan, context).verdicts.map(({ verdict }) => verdict.why().warning);
  const retiring = warnings.filter((warning) => warning?.code === 'retires-in-horizon');
  expect(retiring.map((warning) => warning?.message)).toEqual([
    'gpt-5-nano retires on 2026-12-11, before the horizon ends: what follows it is priced as if it stayed',
  ]);
  expect((await advised('2026-12-11')).plan).toBe('cloud-api/openai/gpt-4o-mini');
});

test('a provider under `only` who sells nothing lifts no restriction: nothing is left, alone or beside others', async () => {
  for (const only of [['sfcompute'], ['cloud-api', 'sfcompute']])
    expectNothing(await rentedOnly({ ...base, preferences: { only } }));
  const known = advice(await rentedOnly({ ...base, preferences: { only: ['sfcompute', 'openai'] } }));
  expect(known.options.map(({ provider }) => provider)).toEqual(['openai']);
});

test('a spot machine where somebody waits has to be asked for by name, and prepared for', async () => {
  const id = 'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot';
  const told = async (task: object, more: object = {}) => {
    const context = await caseOf({ workload: flat('1M requests/day'), tasks: [{ ...faq, ...task }], ...more });
    const option = findOption(id, context);
    if (option === null) throw new Error(`no ${id}`);
    return lookAt(option, context).verdicts.flatMap(({ gate, verdict }) =>
      gate === 'interruption' ? [verdict.why().reason] : [],
    );
  };
  expect(await told({})).toEqual([expect.stringMatching(/^somebody waits for faq, .*: include it in preferences/)]);
  expect(await told({}, { preferences: { include: ['spot'] } })).toEqual([
    expect.stringContaining('keep on-demand machines of gcp ready'),
  ]);
  expect(await told({ deadline: '24h' })).toEqual([]);
});

describe('what must never be proposed', () => {
  const volumes = long
    ? ['100 requests/day', volume, '5M requests/day', '100M requests/day']
    : [volume, '100M requests/day'];

  test.each(volumes)('a server, for data that stay on the device, at %s', async (perDay) => {
    for (const block of [{ sensitivity: 'device-only' }, { boundary: 'device' }, { boundary: 'own-premises' }])
      expectNothing(await rentedOnly({ workload: flat(perDay), tasks: [faq], data: block }));
  });

  test('and the decision says what came nearest', async () => {
    const tables = await shippedTables();
    const few = tablesWith(tables, { accelerators: [], rental: [], hosting: [] });
    const found = await decide({ ...base, data: { sensitivity: 'device-only' } }, { tables: few });
    expect(found.recommendation).toMatchObject({ status: 'infeasible', plan: null });
    expect(found.nearestMisses.length).toBeGreaterThan(0);
    expect(found.options.length).toBeGreaterThan(0);
    expect(found.options.every(({ feasible }) => !feasible)).toBe(true);
  });

  const hipaa = (perDay: string, agreements?: unknown): Written => ({
    workload: flat(perDay),
    tasks: [faq],
    data: { sensitivity: 'regulated', regimes: ['hipaa'], ...(agreements !== undefined && { agreements }) },
  });

  test.each(volumes)('a provider that needs a BAA, where none is signed or can be, at %s', async (perDay) => {
    for (const agreements of [[], ['dpa'], { signed: [], canSign: ['dpa'] }])
      expectNothing(await rentedOnly(hipaa(perDay, agreements)));
  });

  test.each(volumes)(
    'a provider of endpoints or workers, where data are to be under contract and may go to nobody, at %s',
    async (perDay) => {
      const hosts = { only: ['managed-hosting', 'serverless-gpu'] };
      const written = (sensitivity: string, agreements: unknown, boundary?: string): Written => ({
        workload: flat(perDay),
        tasks: [faq],
        data: { sensitivity, agreements, ...(boundary !== undefined && { boundary }) },
        preferences: hosts,
      });
      // Regulated data of no named regime are asked for no less, and neither are those whose boundary is written.
      for (const sensitivity of ['pii', 'regulated', 'internal']) {
        const under = (agreements: unknown) => written(sensitivity, agreements, 'under-contract');
        expectNothing(await caseOf(under([]), await fewMachines()));
        const { advised } = choose(await caseOf(under(['dpa']), await fewMachines()));
        expect(advised?.id).toMatch(/^(?:managed-hosting|serverless-gpu)\//);
      }
      const { advised } = choose(await caseOf(written('internal', []), await fewMachines()));
      expect(advised).not.toBeNull();
    },
  );

  test.each(volumes)('anybody else, where hardware of one’s own is the only place, at %s', async (perDay) => {
    const workload = flat(perDay);
    for (const written of [
      hipaa(perDay, []),
      { workload, tasks: [faq], data: { boundary: 'own-premises' } },
      { workload, tasks: [faq], needs: { offline: true } },
    ]) {
      const { advised, kinds } = choose(await caseOf(written, await fewMachines()));
      expect(advised?.id).toMatch(/^on-prem\//);
      expect(kinds.filter(({ feasible }) => feasible).map(({ kind }) => kind)).toEqual(['on-prem']);
    }
    expect(
      advisedPlan(await caseOf({ workload, tasks: [faq], data: { boundary: 'device' } }, await fewMachines())),
    ).toBeNull();
  });

  test.each(volumes)('another provider than the one whose BAA is signed, at %s', async (perDay) => {
    expect(advice(await rentedOnly(hipaa(perDay, ['baa:azure']))).plan).toMatch(/^[a-z-]+\/azure\//);
  });

  test('a provider known to offer no BAA, or of whom nobody knows, whatever may be signed', async () => {
    const tables = await shippedTables();
    const { providers } = tables;
    const offers = new Set(
      providers
        .filter(({ agreements }) => agreements.some((one) => /^baa\??$/.test(one)))
        .map(({ provider }) => provider),
    );
    for (const perDay of volumes) {
      const { plan, todos } = advice(await rentedOnly(hipaa(perDay)));
      const chosen = (plan ?? '').split('/')[1] ?? '';
      expect(offers.has(chosen), chosen).toBe(true);
      expect(todos).toContain(`sign a BAA with ${nameOf('provider', chosen, tables)}`);
    }
  });

  test('a machine of an unknown host, for data that are not public, even when marketplaces are included', async () => {
    for (const sensitivity of ['internal', 'pii']) {
      const context = await rentedOnly({ ...busy, data: { sensitivity }, preferences: { include: ['marketplace'] } });
      const { advised, kinds } = choose(context);
      expect(advised).not.toBeNull();
      for (const { plan, feasible } of kinds)
        expect(feasible && plan?.deployments.some(({ option }) => option.provider === 'vast')).toBeFalsy();
    }
  });

  test(`a model that is retired on ${asOf}`, async () => {
    const context = await rentedOnly(task({ capability: { minIndex: 10 } }));
    const option = findOption('cloud-api/openai/gpt-3.5-turbo', context);
    if (option === null) throw new Error('no gpt-3.5-turbo');
    expect(failedGates(lookAt(option, context)).map(({ gate }) => gate)).toEqual(['available']);
  });
});
