import { expect, test } from 'vitest';
import { z } from 'zod';
import { advisedIn } from '../../src/decide/core-choice.js';
import { failedGates, findOption, lookAt } from '../../src/decide/option-report.js';
import { review } from '../../src/decide/review.js';
import { nameOf } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

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
  const plan = advisedIn(context);
  return {
    plan: plan?.id ?? null,
    todos: plan === null ? [] : review(plan, context).verdicts.flatMap(({ verdict }) => [...verdict.why().todos]),
  };
}

const faq = { name: 'faq', type: 'faq-chat' };
const cells = z.record(z.string(), z.unknown());
const asked = z.strictObject({ task: cells, with: cells }).partial();
const of = ({ task, with: blocks }: z.infer<typeof asked>): Written => ({
  workload: { volume: '24000 requests/day', profile: 'flat' },
  tasks: [{ ...faq, ...task }],
  ...blocks,
});
const { pairs } = casesIn('gates', {
  pairs: {
    ...{ gate: z.string(), winner: z.string(), before: asked.default({}), after: asked, next: z.string().nullable() },
    sold: z.literal(true).optional(),
  },
});

test.each(pairs)('$gate turns $winner down, and $next wins', async ({ gate, before, winner, after, next, sold }) => {
  const contextOf = async (asked: typeof before) =>
    sold ? caseOf(of(asked), await fewMachines()) : rentedOnly(of(asked));
  const first = advisedIn(await contextOf(before));
  expect(first?.id.startsWith(winner), `${first?.id}`).toBe(true);
  const [advised] = first?.deployments ?? [];
  if (advised === undefined) throw new Error('nothing advised');
  const context = await contextOf(after);
  const then = advisedIn(context);
  if (next === null) expect(then).toBeNull();
  else expect(then?.id.startsWith(next), `${then?.id}`).toBe(true);
  const turnedDown = failedGates(lookAt(advised.option, context));
  expect(turnedDown.map((failed) => failed.gate)).toEqual([gate]);
  expect(turnedDown[0]?.reason).not.toBe('');
});

test('available turns down what retires on the day of the assessment, and the next one wins', async () => {
  const tables = await shippedTables();
  const few = tablesWith(tables, { api: tables.api.filter(({ provider }) => provider === 'openai') });
  const written = of({ task: { tokens: { input: 500, output: 250 } } });
  const advised = async (day: string) => advice(await rentedOnly(written, { tables: few, day }));
  const before = await advised('2026-12-10');
  expect(before.plan).toBe('cloud-api/openai/gpt-5-nano');
  expect(before.todos.join()).toContain('2026-12-11');
  const context = await rentedOnly(written, { tables: few, day: '2026-12-10' });
  const plan = advisedIn(context);
  if (plan === null) throw new Error('nothing fits');
  const warnings = review(plan, context).verdicts.map(({ verdict }) => verdict.why().warning);
  const retiring = warnings.filter((warning) => warning?.code === 'retires-in-horizon');
  expect(retiring.map((warning) => warning?.message)).toEqual([
    'gpt-5-nano retires on 2026-12-11, before the horizon ends: what follows it is priced as if it stayed',
  ]);
  expect((await advised('2026-12-11')).plan).toBe('cloud-api/openai/gpt-4o-mini');
});

test('a spot machine where somebody waits has to be asked for by name, and prepared for', async () => {
  const id = 'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot';
  const told = async (task: object, more: object = {}) => {
    const context = await caseOf({
      workload: { volume: '1M requests/day', profile: 'flat' },
      tasks: [{ ...faq, ...task }],
      ...more,
    });
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

test('and the decision says what came nearest', async () => {
  const tables = await shippedTables();
  const few = tablesWith(tables, { accelerators: [], rental: [], hosting: [] });
  const found = await decide(of({ with: { data: { sensitivity: 'device-only' } } }), { tables: few });
  expect(found.recommendation).toMatchObject({ status: 'infeasible', plan: null });
  expect(found.nearestMisses.length).toBeGreaterThan(0);
  expect(found.options.length).toBeGreaterThan(0);
  expect(found.options.every(({ feasible }) => !feasible)).toBe(true);
});

test('a provider known to offer no BAA, or of whom nobody knows, whatever may be signed', async () => {
  const tables = await shippedTables();
  const { providers } = tables;
  const offers = new Set(
    providers
      .filter(({ agreements }) => agreements.some((one) => /^baa\??$/.test(one)))
      .map(({ provider }) => provider),
  );
  for (const volume of ['24000 requests/day', '100M requests/day']) {
    const data = { sensitivity: 'regulated', regimes: ['hipaa'] };
    const { plan, todos } = advice(await rentedOnly(of({ with: { workload: { volume, profile: 'flat' }, data } })));
    const chosen = (plan ?? '').split('/')[1] ?? '';
    expect(offers.has(chosen), chosen).toBe(true);
    expect(todos).toContain(`sign a BAA with ${nameOf('provider', chosen, tables)}`);
  }
});
