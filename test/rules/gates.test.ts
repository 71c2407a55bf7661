import { describe, expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import { failedGates, findOption, lookAt } from '../../src/decide/option-report.js';
import { optionsOf } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { choose } from '../../src/decide/several-choice.js';
import { nameOf } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { shippedTables } from '../support/load.js';
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
const busy: Written = { ...base, workload: flat('100M requests/day') };

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
  test('a server, for data that stay on the device', async () => {
    const perDay = volume;
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

  test('a provider that needs a BAA, where none is signed or can be', async () => {
    const perDay = volume;
    for (const agreements of [[], ['dpa'], { signed: [], canSign: ['dpa'] }])
      expectNothing(await rentedOnly(hipaa(perDay, agreements)));
  });

  test('a provider of endpoints or workers, where data are to be under contract and may go to nobody', async () => {
    const perDay = volume;
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
  });

  test('anybody else, where hardware of one’s own is the only place', async () => {
    const perDay = volume;
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

  test('another provider than the one whose BAA is signed', async () => {
    const perDay = volume;
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
    for (const perDay of [volume]) {
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
