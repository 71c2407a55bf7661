import { describe, expect, test } from 'vitest';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import type { BreakEven, OptionReport } from '../../src/decide/decision.js';
import type { ApiRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { winnerOf } from '../../src/units/numeric.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';
import { decide, readWritten, tablesWith, tool, type Written } from '../support/scenario.js';

const { tables, prose } = await shipped();

const gpt4o = 'cloud-api/openai/gpt-4o';
const l4 = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/reserved-1y';
const tokens = { input: 1000, output: 200, cacheablePrefix: 0 };
/** 80,000 requests of 1,000 + 200 tokens a day: an API for about as much as some small reserved machines and their people. */
const even = (workload: object = {}, blocks: object = {}): Written => ({
  workload: { volume: '80k requests/day', profile: 'flat', horizon: '36 months', ...workload },
  tasks: [{ name: 'only', type: 'faq-chat', tokens }],
  ...blocks,
});

/** Both options with all their figures as a decision of its own lists them. */
async function both(written: Written, list: Tables = tables): Promise<{ api: OptionReport; fleet: OptionReport }> {
  const { options } = await decide(written, { include: [gpt4o, l4], tables: list, point: true });
  const [api, fleet] = [gpt4o, l4].map((id) => options.find((option) => option.id === id));
  if (api === undefined || fleet === undefined) throw new Error('not listed');
  return { api, fleet };
}

const along = (axis: string, written: Written = even()) => {
  const found = breakEven(readWritten(written, tables), tables, { asOf, prose, tool, axis, between: [gpt4o, l4] });
  if (typeof found === 'string') throw new Error(found);
  expect(found).toMatchObject({ axis, ladder: [], breakEven: [{ a: gpt4o, b: l4, axis }] });
  return found.breakEven[0] as BreakEven;
};

/** At every crossing, and one step before it, a decision of its own gives the winner that is said. */
async function confirm(
  { crossings }: BreakEven,
  step: number,
  usdAt: (value: number) => Promise<{ a: number; b: number }>,
): Promise<void> {
  expect(crossings).not.toEqual([]);
  for (const { at, cheaperBelow, cheaperAbove } of crossings.slice(0, long ? 3 : 1)) {
    for (const [value, cheaper] of [
      [Number((at - step).toPrecision(12)), cheaperBelow],
      [at, cheaperAbove],
    ] as const) {
      const { a, b } = await usdAt(value);
      expect(winnerOf(a, b), `${a} against ${b} at ${value}`).toBe(cheaper);
    }
  }
}

const totals = async (written: Written, list: Tables = tables) => {
  const { api, fleet } = await both(written, list);
  return { a: api.monthlyCost ?? Number.NaN, b: fleet.monthlyCost ?? Number.NaN };
};

describe('every axis, confirmed by decisions of its own', () => {
  test('requestsPerDay', () =>
    confirm(along('requestsPerDay'), 1, (perDay) => totals(even({ volume: `${perDay} requests/day` }))));

  test('apiPrice: with every token price of the table at that factor', () =>
    confirm(along('apiPrice'), 0.001, (factor) => {
      const priced = (row: ApiRow): ApiRow =>
        Object.assign(
          { ...row },
          ...Object.entries(row).map(([name, value]) =>
            /Usd/.test(name) && typeof value === 'number' ? { [name]: value * factor } : {},
          ),
        );
      return totals(even(), tablesWith(tables, { api: tables.api.map(priced) }));
    }));

  test('months: what setting up costs, over what each month saves', async () => {
    const { api, fleet } = await both(even({ horizon: '60 months' }));
    const setup = fleet.costParts.find(({ part }) => part === 'people.setup');
    const [own, rented] = [(fleet.monthlyCost ?? 0) - (setup?.monthly ?? 0), api.monthlyCost ?? 0];
    expect(setup?.upfront).toBeCloseTo((4 / 52) * 200_000, 6);
    expect(along('months')).toMatchObject({
      crossings: [{ at: Math.ceil((setup?.upfront ?? 0) / (rented - own)), cheaperBelow: 'a', cheaperAbove: 'b' }],
      never: null,
      upTo: 60,
    });
  });

  test('task:<name>: that task alone at another volume', () => {
    const tasks = (hard: object, faq: object) => [
      { name: 'faq', type: 'faq-chat', tokens, ...faq },
      { name: 'hard', type: 'faq-chat', tokens: { ...tokens, output: 400 }, ...hard },
    ];
    const written = { ...even({ volume: '30k requests/day' }), tasks: tasks({ share: '25%' }, { share: '75%' }) };
    return confirm(along('task:hard', written), 1, (perDay) =>
      totals({
        ...even({ volume: '22500 requests/day' }),
        tasks: tasks({ volume: `${perDay} requests/day` }, {}),
      }),
    );
  });
});

describe('the command', () => {
  const file = 'scenarios/nightly-calls.yaml';
  const run = (...args: string[]) => cliHere(['breakeven', ...args, '--as-of', asOf]);
  test.each(['clinic-notes'])('%s reads as its golden table, at most 80 columns', async (name) => {
    const { code, out } = await run(`scenarios/${name}.yaml`, '-q');
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot(`../golden/breakeven/${name}.txt`);
  });

  test.each([
    { args: ['--between', 'cloud-api/nobody/x', gpt4o], says: /cloud-api\/nobody\/x is not in the tables.*kind/ },
  ])('$args is turned down with what to do instead', async ({ args, says }) => {
    const { code, out, err } = await run(file, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err).toContain('breakeven --help');
  });

  test('where nothing fits it still ends 0, and says so', async () => {
    const { code, out } = await run('scenarios/coding-agent.yaml', '-q', '--set', 'tasks.0.capability={minIndex: 100}');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('nothing fits') });
  });
});
