import { expect, test } from 'vitest';
import { type AssessOptions, assess } from '../../src/analyses/assess.js';
import { costBeside } from '../../src/decide/basis.js';
import { notConsidered } from '../../src/decide/option-report.js';
import type { Plan } from '../../src/decide/plan.js';
import type { ApiRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { facetOf } from '../../src/workload/source.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, tablesWith, tool, type Written } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/** What a reader is warned of beside the decision, each met once. */

const { tables, prose } = await oppositePrices();

const faq = (more: Partial<Written> = {}): Written => ({
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1234, output: 500 }, capability: { minIndex: 50 } }],
  ...more,
});

const assessed = (written: Written, known = tables, options: Partial<AssessOptions> = {}) =>
  assess(readWritten(written, known), known, { asOf, prose, tool, point: true, ...options });
/** But for that of prices which are older than the day of the tests allows. */
const warned = (...asked: Parameters<typeof assessed>) =>
  assessed(...asked).warnings.filter(({ code }) => code !== 'old-prices');
const warningsOf = (...asked: Parameters<typeof assessed>) =>
  new Map(warned(...asked).map(({ code, message, figures }) => [code, { message, figures }]));
/** Tables in which what a provider sells has other cells. */
const sellsWith = (provider: string, cells: Partial<ApiRow>) =>
  tablesWith(tables, { api: tables.api.map((row) => (row.provider === provider ? { ...row, ...cells } : row)) });

test('prices that are older than they should be are told with their age, and not a day before', () => {
  const on = (asOf: string) =>
    assessed(faq(), tables, { asOf }).warnings.find(({ code }) => code === 'old-prices')?.figures;
  expect([on('2026-10-05'), on('2026-10-06')]).toEqual([undefined, { days: 46, after: 45 }]);
});

test('a price from one weak source, if the plan is billed by it', () => {
  const weak = (provider: string) => sellsWith(provider, { confidence: 'low' });
  expect(warningsOf(faq(), weak('openai')).get('low-confidence-price')?.message).toBe(
    'the price of GPT-5 Nano, OpenAI comes from one weak source: check it',
  );
  expect(warningsOf(faq(), weak('together')).has('low-confidence-price')).toBe(false);
  expect(warningsOf(faq()).size).toBe(0);
});

test('tokens given away each month, which no bill leaves out, if the plan is billed by the row', () => {
  const free = (provider: string) => sellsWith(provider, { freeTokensPerMonth: 1_000_000 });
  expect(warningsOf(faq(), free('openai')).get('free-tokens')).toEqual({
    message: 'the first 1,000,000 tokens of a month on GPT-5 Nano, OpenAI are free; they are not taken off its bill',
    figures: { tokens: 1_000_000 },
  });
  expect(warningsOf(faq(), free('together')).has('free-tokens')).toBe(false);
});

test('an answer longer than any model surely writes, if the tables do not say how long the advised one writes', () => {
  const untold = (provider: string, surelyWritten = 499) =>
    tablesWith(sellsWith(provider, { maxOutput: null }), { surelyWritten });
  expect(warningsOf(faq(), untold('openai')).get('answer-limit-unknown')).toEqual({
    message:
      'ask openai whether gpt-5-nano writes 500 tokens at once, reasoning included: the tables do not know its longest answer',
    figures: { tokens: 500 },
  });
  expect(warningsOf(faq(), untold('together')).has('answer-limit-unknown')).toBe(false);
  expect(warningsOf(faq(), untold('openai', 500)).has('answer-limit-unknown')).toBe(false);
});

test('what two tasks ask of one model is told once', () => {
  const untold = tablesWith(sellsWith('openai', { maxOutput: null }), { surelyWritten: 0 });
  const alike = { type: 'faq-chat', share: '50%', tokens: { input: 1234, output: 500 }, capability: { minIndex: 50 } };
  const tasks = ['one', 'two'].map((name) => ({ ...alike, name }));
  expect(warned(faq({ tasks }), untold).map(({ code }) => code)).toEqual(['answer-limit-unknown']);
});

test('agreements that may take longer than there is until the launch', () => {
  const code = 'agreements-after-launch';
  const at = (launchWithin: string, data: object = { sensitivity: 'pii' }) =>
    warningsOf(faq({ data, team: { launchWithin } })).get(code);
  expect(at('1 week')).toEqual({
    message: 'what the data ask for has to be settled first, which may take 3 weeks: it is to run within 1 week',
    figures: { weeks: 3, within: 1 },
  });
  expect(at('3 weeks')).toBeUndefined();
  expect(at('1 week', { sensitivity: 'public' })).toBeUndefined();
  expect(
    at('1 week', { sensitivity: 'pii', agreements: { signed: ['dpa', 'zdr', 'baa'], canSign: [] } }),
  ).toBeUndefined();
});

test('machines that fill nowhere', () => {
  const existing = [{ accelerator: 'h100-sxm-80gb', count: 1 }];
  const message = (sites: number) =>
    warningsOf(faq({ existing, workload: { volume: '10k', sites } })).get('existing-unused')?.message;
  // One alone makes a machine; one for three places does not.
  expect(message(1)).toBeUndefined();
  expect(message(3)).toContain('1 x h100-sxm-80gb fill no machine that the tables know at each of 3 sites: ');
});

test('a way of today that the tables do not sell', () => {
  const today = (option: string) => warningsOf(faq({ today: { option, bill: '500 USD/month' } })).get('unknown-option');
  expect(today('cloud-api/openai/gpt-3')?.message).toContain('cloud-api/openai/gpt-3 is not in the tables');
  expect(today(`cloud-api/${closed}`)).toBeUndefined();
});

test('a price that is introductory elsewhere, and has no end here', () => {
  const code = 'maybe-introductory';
  const [own] = tables.api;
  if (own === undefined) throw new Error('nothing is on sale');
  const sold = (more: object) =>
    tablesWith(tables, {
      api: tables.api.flatMap((row) =>
        row === own ? [row, { ...row, row: 9999, provider: 'elsewhere', ...more }] : [row],
      ),
    });
  const introduced = { until: '2026-08-31', nextInputUsdPerMTok: 30, nextOutputUsdPerMTok: 50 };
  const only = { preferences: { only: [own.provider] } };
  const told = (more: object) => warningsOf(faq(only), sold(more)).get(code);
  expect(told(introduced)?.message).toContain(
    `costs what elsewhere asks for it until 2026-08-31, and 30 and 50 USD per 1e6 tokens after`,
  );
  expect(told(introduced)?.figures).toEqual({ inputUsdPerMTok: 30, outputUsdPerMTok: 50 });
  expect(told({})).toBeUndefined();
  expect(told({ ...introduced, inputUsdPerMTok: own.inputUsdPerMTok * 1.01 })).toBeUndefined();
  expect(told({ ...introduced, outputUsdPerMTok: own.outputUsdPerMTok * 1.01 })).toBeUndefined();
  expect(told({ ...introduced, family: 'another' })).toBeUndefined();
});

test('an introductory price that has ended takes the place of a weak source', () => {
  const weak = (more: object) => warningsOf(faq(), sellsWith('openai', { confidence: 'low', ...more }));
  const codes = ['forecast-price', 'low-confidence-price'];
  const told = (more: object) => codes.map((code) => weak(more).has(code));
  expect(told({})).toEqual([false, true]);
  expect(told({ until: '2020-01-31' })).toEqual([true, false]);
});

test('a way of today without its bill', () => {
  const today = (bill: object) => warningsOf(faq({ today: { option: `cloud-api/${closed}`, ...bill } })).has('no-bill');
  expect([today({}), today({ bill: '500 USD/month' }), warningsOf(faq()).has('no-bill')]).toEqual([true, false, false]);
});

test('what a scenario says that does not enter the decision, each by itself', async () => {
  const said = async (more: Partial<Written>) => {
    const context = await caseOf(faq(more), tables);
    return notConsidered(readWritten(faq(more), tables), context.workload, tables).map(({ message }) => message);
  };
  expect(await said({})).toEqual([]);
  expect(await said({ needs: { rag: true } })).toEqual([
    'finding documents (needs.rag without their size) does not enter the decision',
  ]);
  const easy = { ...faq().tasks[0], easy: { share: '50%', told: 'after' }, latency: { totalP95: '9s' } };
  expect(await said({ tasks: [easy] })).toEqual([
    'a cascade for faq, whose latency target would have to hold over both answers, does not enter the decision',
  ]);
  expect(await said({ tasks: [{ ...easy, easy: { share: '50%', told: 'before' } }] })).toEqual([]);
  // Where all are easy no second answer follows, and where none is sensitive nothing is redacted.
  expect(await said({ tasks: [{ ...easy, easy: { share: '100%', told: 'after' } }] })).toEqual([]);
  const nothing = { sensitive: { share: '0%', redaction: { type: 'personal-data-redaction' } } };
  expect(await said({ tasks: [{ ...faq().tasks[0], ...nothing, latency: { ttftP95: '3s' } }] })).toEqual([]);
  const redacted = { sensitive: { share: '10%', redaction: { type: 'personal-data-redaction' } } };
  expect(await said({ tasks: [{ ...faq().tasks[0], ...redacted }] })).toEqual([]);
  expect(await said({ tasks: [{ ...faq().tasks[0], ...redacted, latency: { ttftP95: '3s' } }] })).toEqual([
    'redaction for faq, whose latency target would have to hold over it and the answer, does not enter the decision',
  ]);
  expect(await said({ preferences: { exclude: ['nobody', 'spot'], only: ['cloud-api'] } })).toEqual([
    '`preferences.exclude`: unknown value `nobody`: no deployment type, provider, form of purchase or model has this name, so it has no effect',
  ]);
  expect(await said({ preferences: { only: ['openai', 'failover'] } })).toEqual([
    '`preferences.only`: `failover` is a second place, which may be under exclude alone, so it has no effect',
  ]);
});

test.each<[string, Partial<Written>, Partial<Written>]>([
  ['kinds of data no regime has rules for', { data: { kinds: ['phi'] } }, {}],
  ['declarations and agreements nobody asks for', { data: { declared: ['dpia'], agreements: ['dpa'] } }, {}],
  ['requests of users, without users', { workload: { volume: '10k', requestsPerUser: 7 } }, {}],
  [
    'growth beyond the horizon',
    { workload: { volume: '10k', horizon: '1 month', growth: '9% per month' } },
    { workload: { volume: '10k', horizon: '1 month' } },
  ],
  ['a deadline within the hour', { tasks: faq().tasks.map((task) => ({ ...task, deadline: '50 min' })) }, {}],
  [
    'reasoning that is not allowed',
    { tasks: faq().tasks.map((task) => ({ ...task, tokens: { input: 1234, output: 500, reasoning: 900 } })) },
    {},
  ],
  ['machines of a marketplace for data under contract', { preferences: { include: ['marketplace'] } }, {}],
])('what is said to have no effect has none, and is told: %s', (_, more, without) => {
  const adviceOf = (written: Written) => {
    const { recommendation, scorecard, options } = assessed(written);
    return { recommendation, scorecard, options };
  };
  expect(adviceOf(faq(more))).toEqual(adviceOf(faq(without)));
  expect(warned(faq(without))).toEqual([]);
  expect(new Set(warned(faq(more)).map(({ code }) => code))).toEqual(new Set(['not-considered']));
});

test.each([
  ['cloud-api', 'kind'],
  ['spot', 'purchase'],
  ['owned', 'purchase'],
  ['failover', 'shape'],
  ['openai', 'provider'],
  ['somebody-who-sells', 'provider'],
  ['nobody', null],
])('a wish for %s is about its %s', (name, facet) => {
  const [row] = tables.api;
  const own = { ...(row as Tables['api'][number]), provider: 'somebody-who-sells' };
  expect(facetOf(name, tablesWith(tables, { api: [...tables.api, own] }))).toBe(facet);
});

test.each([
  [300, 100, '+$200 (+200 %)'],
  [90, 100, '-$10 (-10 %)'],
  [999, 100, '+$899 (+899 %)'],
  [1000, 100, '+$900 (10 x)'],
  [7, 0, '+$7.00'],
])('$%d beside $%d is told as %s', (usd, advised, text) => {
  const plan = (monthlyUsd: number) => ({ monthlyUsd, deployments: [] }) as unknown as Plan;
  expect(costBeside(plan(usd), plan(advised), { tables }).text).toBe(text);
});

test('ways to cut tasks up that are left out are counted, as far as anybody reads digits', () => {
  const easy = { share: '50%', told: 'after', capability: { minIndex: 30 } };
  const message = (count: number) => {
    const tasks = Array.from({ length: count }, (_, i) => ({
      ...(faq().tasks[0] as object),
      name: `task${i}`,
      share: `${100 / count}%`,
      easy,
    }));
    return warningsOf(faq({ tasks, assumptions: { slicingVariants: 1 } })).get('ways-left-out');
  };
  const rest =
    'ways to cut tasks up were weighed: raise assumptions.slicingVariants and assumptions.slicesWeighed for more';
  expect(message(3)).toEqual({ message: `1 of 8 ${rest}`, figures: { weighed: 1, all: 8 } });
  expect(message(16)?.message).toBe(`1 of 65,536 ${rest}`);
  expect(message(20)?.message).toBe(`1 of over 1,000,000 ${rest}`);
  expect(warningsOf(faq()).has('ways-left-out')).toBe(false);
});

test('what is asked for by its id: the plan itself, another beside it, one that a rule turns down, and none', () => {
  const asked = (id: string, more: Partial<Written> = {}) => assessed(faq(more), tables, { include: [id] }).asked[0];
  const [plan, other] = [`cloud-api/${closed}`, `open-model-api/${open}`];
  expect(asked(plan)).toMatchObject({ id: plan, feasible: true, verdict: 'recommended', figures: {}, failedGates: [] });
  expect(asked(other)).toMatchObject({
    id: other,
    feasible: true,
    kinds: ['open-model-api'],
    verdict: expect.stringContaining('$'),
  });
  expect(asked(other)?.figures.extraCost).toBeGreaterThan(0);
  const low = asked(other, { tasks: [{ ...(faq().tasks[0] as object), capability: { minIndex: 99 } }] });
  expect(low).toMatchObject({
    feasible: false,
    verdict: 'no: capability, Llama 3.3 70B scores 53.4, faq needs 99.0',
  });
  const poor = asked(plan, { budget: { monthly: 1 } });
  expect(poor?.verdict).toMatch(/^no: budget, \$[\d,.]+ a month in cash against a budget of \$1$/);
  expect(asked('cloud-api/openai/gpt-0')).toMatchObject({
    label: null,
    kinds: [],
    feasible: false,
    monthlyCost: null,
    verdict: 'no: not on sale in the tables of 2026-08-21',
    failedGates: [{ gate: 'available', task: 'all', need: 'on sale', have: 'not on sale', figures: {} }],
  });
  expect(asked(`faq=${plan};faq=${plan}`)?.verdict).toBe('no: "faq" is defined twice in the plan');
  expect(asked(`mail=${plan}`)?.verdict).toBe('no: the plan leaves out faq');
  expect(asked(`faq=${plan};mail=${plan}`)?.verdict).toBe('no: "mail" is no task of the scenario');
});

test('what a provider bills beside what the tables price, if the plan runs there', async () => {
  const { tables: all } = await shipped();
  const tuned = faq({
    workload: { volume: 300 },
    tasks: [{ name: 'fields', type: 'extraction', needs: ['fine-tuning'], latency: { ttftP95: 'any' } }],
    preferences: { only: ['serverless-gpu'] },
  });
  const known = tablesWith(all, { hosting: all.hosting.filter(({ provider }) => provider === 'modal') });
  expect(warningsOf(tuned, known).get('billed-apart')?.message).toMatch(
    /^modal bills CPU and memory of its workers on top, which the tables have no price of: .*, Modal, .* costs more than is told$/,
  );
  const other = tablesWith(all, { hosting: all.hosting.filter(({ provider }) => provider === 'runpod') });
  expect(warningsOf(tuned, other).has('billed-apart')).toBe(false);
});

test('machines in a room of one’s own draw more power than usual rooms have', async () => {
  const { tables: all } = await shipped();
  const tables = tablesWith(all, { accelerators: all.accelerators.filter((one) => one.accelerator === 'l4-24gb') });
  const own = (volume: string) =>
    warningsOf(
      {
        workload: { volume },
        tasks: [{ name: 'letters', type: 'extraction', capability: { minIndex: 20 } }],
        preferences: { only: ['on-prem', 'own-room'] },
      },
      tables,
    ).get('room-power');
  expect(own('20k requests/day')).toBeUndefined();
  const many = own('100M requests/day');
  expect(many?.figures?.kw).toBeGreaterThan(15);
  expect(many?.message).toContain('few rooms have the power and cooling for more than 15 kW');
  expect(many?.message).toContain('the rest is priced at what a colocation takes for it');
});
