import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { axisNames, type BreakEvenAnswer, breakEven } from '../../src/analyses/break-even/answer.js';
import { costsOf, pairsOf, volumeBreakEvens } from '../../src/analyses/break-even/crossings.js';
import { at } from '../../src/cost/curve.js';
import { advisedPlan } from '../../src/decide/advice.js';
import type { BreakEven, OptionReport } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Context } from '../../src/places/placement.js';
import type { ApiRow } from '../../src/tables/columns.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { winnerOf } from '../../src/units/numeric.js';
import type { Ended } from '../support/cli-process.js';
import { asOf, committed, committedCase, kindsExpected, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';
import { caseOf, decide, readWritten, tablesWith, type Written } from '../support/scenario.js';

const tool = { name: 'deploy-advisor', version: '0.0.0' };
/** So many scenarios, of every answer one before any has two; their crossings, and the ends of their ladders. */
const [scenarios, mostCrossings, mostEnds] = [8, 5, 1];
/** One break-even of these takes as long as those of all others: they are for the long run. */
const large = ['ecommerce-assistant', 'ecommerce-assistant-as-published', 'enterprise-suite', 'voice-assistant'];
/** A ladder cut short, which some do not need longer. Longer ones are golden, below, and in the long run. */
const short = long ? [] : ['assumptions.ladderVolumes=2'];

const some = sampled(
  committed.filter((name) => long || !large.includes(name)),
  scenarios,
  { group: kindsExpected, name: String },
);

let tables: Tables;
let prose: Prose;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

async function answerOf(name: string, set: readonly string[] = [], between: string[] = []): Promise<BreakEvenAnswer> {
  const found = breakEven(await readCommitted(name, set), tables, { asOf, prose, tool, between });
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** The scenario itself at another volume, read anew: nothing of an answer is left in it. */
const casesAt = new Map<string, Promise<Context>>();
function freshAt(name: string, volume: number): Promise<Context> {
  const key = `${name} ${volume}`;
  const known = casesAt.get(key) ?? committedCase(name, [`workload.volume=${volume} requests/day`]);
  casesAt.set(key, known);
  return known;
}

async function costAt(name: string, id: string, volume: number): Promise<number> {
  const plan = findPlan(id, await freshAt(name, volume));
  if (typeof plan === 'string') throw new Error(`${volume} a day: ${plan}`);
  return plan.monthlyUsd;
}

/** On either side of crossings of every pair of kinds, the scenario read at that volume says the same. */
async function confirmPairs(
  cost: (id: string, volume: number) => Promise<number>,
  { breakEven: pairs, plans }: Pick<BreakEvenAnswer, 'breakEven' | 'plans'>,
): Promise<number> {
  const kindsOf = new Map(plans.map(({ plan, kinds }) => [plan, kinds.join()]));
  const all = pairs.flatMap(({ a, b, crossings }) => crossings.map((crossing) => ({ a, b, ...crossing })));
  const chosen = sampled(all, mostCrossings, {
    group: ({ a, b, cheaperAbove }) => `${kindsOf.get(a)} ${kindsOf.get(b)} ${cheaperAbove}`,
    name: ({ a, b, at }) => `${a} ${b} ${at}`,
  });
  for (const { a, b, at, cheaperBelow, cheaperAbove } of chosen) {
    for (const [volume, cheaper] of [
      [at - 1, cheaperBelow],
      [at, cheaperAbove],
    ] as const) {
      const winner = winnerOf(await cost(a, volume), await cost(b, volume));
      expect(winner, `${a} against ${b} at ${volume} a day`).toBe(cheaper);
    }
  }
  return chosen.length;
}

let confirmed = 0;
test.each(some)('%s changes its answer where the command says', async (name) => {
  const answer = await answerOf(name, short);
  confirmed += await confirmPairs((id, volume) => costAt(name, id, volume), answer);
  const ends = answer.ladder.flatMap(({ from, to, plan }) =>
    [from, to].flatMap((volume) => (volume === null ? [] : [{ volume, plan }])),
  );
  for (const { volume, plan } of sampled(ends, mostEnds, {
    group: (end) => end.plan ?? '',
    name: (end) => `${name} ${end.volume}`,
  })) {
    expect(advisedPlan(await freshAt(name, volume))?.id ?? null, `${volume} a day`).toBe(plan);
  }
});

test('and among those are many crossings, and ladders to their end', () => {
  expect(confirmed).toBeGreaterThan(mostCrossings);
});

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
  for (const { at, cheaperBelow, cheaperAbove } of crossings.slice(0, long ? 3 : 2)) {
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

  test('an option whose cache writes cost more than plain input does not cache where that does not pay', async () => {
    const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
    const written = (perDay: number): Written => ({
      workload: { volume: `${perDay} requests/day`, profile: 'flat' },
      tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 4000, output: 10, cacheablePrefix: 3900 } }],
    });
    const usd = async (perDay: number): Promise<number> => {
      const { options } = await decide(written(perDay), { include: [haiku], point: true });
      return options.find(({ id }) => id === haiku)?.monthlyCost ?? Number.NaN;
    };
    const plan = findPlan(haiku, await caseOf(written(20)));
    if (typeof plan === 'string') throw new Error(plan);
    const perRequest = [];
    for (const perDay of [1, 50, 60, 80, 500, 1_000_000]) {
      const there = await usd(perDay);
      expect(at(plan.curve, perDay) / there, `${perDay} a day`).toBeCloseTo(1, 9);
      perRequest.push(there / perDay);
    }
    const plain = ((730 / 24) * 1.01 * (4000 * 1 + 10 * 5)) / 1e6;
    expect(perRequest[0]).toBeCloseTo(plain, 9);
    expect(perRequest.at(-1)).toBeLessThan(plain / 5);
    for (const [i, usd] of perRequest.entries())
      if (i > 0) expect(usd).toBeLessThanOrEqual((perRequest[i - 1] ?? 0) * (1 + 1e-12));
  });
});

test('machines are cut up anew where the tasks that follow the volume outgrow those that do not', async () => {
  const contracts = { name: 'contracts', type: 'document-analysis-long-context', volume: '3k requests/day' };
  const at60k = { ...contracts, tokens: { input: 60_000, output: 2000 } };
  const caseWith = (volume: number) =>
    caseOf({
      workload: { volume: `${volume} requests/day` },
      tasks: [at60k, { name: 'faq', type: 'faq-chat' }],
    });
  const planAt = async (id: string, volume: number) => {
    const plan = findPlan(id, await caseWith(volume));
    if (typeof plan === 'string') throw new Error(plan);
    return plan;
  };
  const cost = async (id: string, volume: number) => (await planAt(id, volume)).monthlyUsd;
  const ids = [
    'managed-hosting/huggingface/llama-3.1-8b@fp8/inference-endpoints-aws-nvidia-l4-x4',
    'managed-hosting/huggingface/llama-3.1-8b@fp8/inference-endpoints-aws-nvidia-a10g-x4',
    'cloud-api/openai/gpt-4.1-mini',
  ];
  const volume = 10_000;
  const range = { from: 1, to: 10_000_000 };
  const context = await caseWith(volume);
  const plans = await Promise.all(ids.map((id) => planAt(id, volume)));
  for (const plan of plans.slice(0, 2)) {
    const usdAt = costsOf(plan, range, context);
    for (const each of [1, 2500, 20_000, range.to])
      expect(usdAt(each) / (await cost(plan.id, each)), `${plan.id} at ${each}`).toBeCloseTo(1, 9);
  }
  const found = volumeBreakEvens(pairsOf(plans), range, context);
  expect(await confirmPairs(cost, { breakEven: found, plans: [] })).toBeGreaterThan(0);
});

describe('the command', () => {
  const file = 'scenarios/nightly-calls.yaml';
  const run = (...args: string[]) => cliHere(['breakeven', ...args, '--as-of', asOf]);
  const brief = short.flatMap((each) => ['--set', each]);
  let asJson: Promise<Ended> | undefined;
  const json = (): Promise<Ended> => {
    asJson ??= run('scenarios/police-reports.yaml', '-f', 'json', '-q', ...brief);
    return asJson;
  };

  test.each(['clinic-notes', 'police-reports'])('%s reads as its golden table, at most 80 columns', async (name) => {
    const { code, out } = await run(`scenarios/${name}.yaml`, '-q');
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot(`../golden/breakeven/${name}.txt`);
  });

  test('JSON has every key, and its crossings hold for assess', async () => {
    const { code, out } = await json();
    expect(code).toBe(0);
    const answer: BreakEvenAnswer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual([
      'schemaVersion',
      'tool',
      'scenario',
      'tables',
      'axis',
      'plans',
      'breakEven',
      'ladder',
      'ladderUpTo',
    ]);
    expect(answer).toMatchObject({ schemaVersion: '2.0.0', axis: 'requestsPerDay', ladderUpTo: 10_000_000 });
    const pairKeys = ['a', 'b', 'axis', 'unit', 'upTo', 'crossings', 'never'];
    for (const pair of answer.breakEven) {
      expect(new Set(Object.keys(pair))).toEqual(new Set(pairKeys));
      expect(pair.never === null).toBe(pair.crossings.length > 0);
    }
    const rungKeys = ['from', 'to', 'plan', 'label', 'kinds', 'monthlyCost'];
    for (const rung of answer.ladder) expect(new Set(Object.keys(rung))).toEqual(new Set(rungKeys));
    expect(answer.ladder[0]?.from).toBe(1);
    expect(answer.ladder.at(-1)?.to).toBeNull();
    for (const [i, { from }] of answer.ladder.entries())
      if (i > 0) expect(from).toBe((answer.ladder[i - 1]?.to ?? 0) + 1);
    const named = new Set(answer.plans.map(({ plan }) => plan));
    for (const { plan } of answer.ladder) expect(plan === null || named.has(plan)).toBe(true);
    const [pair] = answer.breakEven.filter(({ crossings }) => crossings.length > 0);
    const [crossing] = pair?.crossings ?? [];
    if (pair === undefined || crossing === undefined) throw new Error('no crossing');
    for (const [volume, cheaper] of [
      [crossing.at - 1, crossing.cheaperBelow],
      [crossing.at, crossing.cheaperAbove],
    ] as const) {
      const args = ['--format', 'json', '-q', '--as-of', asOf, '--option', pair.a, '--option', pair.b];
      const { options }: { options: OptionReport[] } = JSON.parse(
        (
          await cliHere([
            'assess',
            'scenarios/police-reports.yaml',
            '--point',
            '--set',
            `workload.volume=${volume} requests/day`,
            ...args,
          ])
        ).out,
      );
      const usd = (of: string) => options.find(({ id }) => id === of)?.monthlyCost ?? Number.NaN;
      expect(winnerOf(usd(pair.a), usd(pair.b))).toBe(cheaper);
    }
  });

  test('CSV parses, a row a rung and a row a crossing', async () => {
    const { code, out } = await run('scenarios/police-reports.yaml', '-f', 'csv', '-q', ...brief);
    expect(code).toBe(0);
    const rows: Record<string, string>[] = parse(out, { columns: true });
    expect(Object.keys(rows[0] ?? {})).toEqual(['row', 'axis', 'from', 'to', 'a', 'b', 'value']);
    const answer: BreakEvenAnswer = JSON.parse((await json()).out);
    const count = (kind: string) => rows.filter(({ row }) => row === kind).length;
    expect(count('ladder')).toBe(answer.ladder.length);
    expect(count('crossing')).toBe(answer.breakEven.reduce((sum, { crossings }) => sum + crossings.length, 0));
    expect(count('never')).toBe(answer.breakEven.filter(({ never }) => never !== null).length);
  });

  test('--between chooses the pair', async () => {
    const answer = async (...args: string[]): Promise<BreakEvenAnswer> =>
      JSON.parse((await run(file, '-f', 'json', '-q', ...args)).out);
    const named = await answer('--between', 'cloud-api', 'open-model-api');
    expect(named.breakEven).toHaveLength(1);
    expect(named.plans.map(({ kinds }) => kinds)).toEqual([['cloud-api'], ['open-model-api']]);
  });

  test.each([
    { args: ['--axis', 'weather'], says: /"weather" is no axis; there are requestsPerDay, .*task:<name>/ },
    { args: ['--axis', 'task:none'], says: /no task "none"/ },
    { args: ['--between', 'cloud-api/nobody/x', gpt4o], says: /cloud-api\/nobody\/x is not in the tables.*kind/ },
    { args: ['--between', gpt4o], says: /--between takes two plans or kinds, as in --between \S+ \S+; got 1/ },
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

  test('the help has examples, and they are of this command', async () => {
    const { code, out } = await cliHere(['breakeven', '--help']);
    expect(code).toBe(0);
    expect(out.match(/deploy-advisor breakeven \S/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
    for (const axis of axisNames) expect(out).toContain(axis);
  });
});
