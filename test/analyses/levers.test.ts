import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Decision, LeverReport } from '../../src/decide/decision.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, tablesWith, tool, type Written } from '../support/scenario.js';

const requestsPerMonth = (perDay: number) => (perDay * 730) / 24;
/** One call in a hundred is made again, and billed. */
const retried = 1.01;

/** Tables in which some models of one provider are all there is. */
async function onlyOpenai(...models: string[]): Promise<Tables> {
  const { tables } = await shipped();
  const api = tables.api.filter(({ provider, modelId }) => provider === 'openai' && models.includes(modelId));
  return tablesWith(fewRows(tables), { api, rental: [], hosting: [] });
}

/** USD 2.50 and 10 per 1e6, cached 1.25, batch at half price. */
async function onlyGpt4o(): Promise<Tables> {
  const tables = await onlyOpenai('gpt-4o');
  const tokens = {
    inputUsdPerMTok: 2.5,
    outputUsdPerMTok: 10,
    cachedInputUsdPerMTok: 1.25,
    cacheWriteUsdPerMTok: null,
  };
  expect(tables.api).toMatchObject([{ ...tokens, batchInputUsdPerMTok: 1.25, batchOutputUsdPerMTok: 5 }]);
  return tables;
}

async function decideOn(written: Written, tables: Tables): Promise<Decision> {
  const { prose } = await shipped();
  const asked = { asOf, prose, tool, levers: true, flips: 'none', draws: 'none' } as const;
  return assess(readWritten(written, tables), tables, asked);
}

const leverIn = ({ levers }: Decision, id: string): LeverReport => {
  const found = levers.find((lever) => lever.id === id);
  if (found === undefined) throw new Error(`no lever ${id}`);
  return found;
};

/** No box at a desk, which would serve these for less. */
const apis = { only: ['cloud-api'] };

const faq = (more: Record<string, unknown> = {}, tokens: Record<string, unknown> = {}): Written => ({
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1500, output: 500, ...tokens } }],
  preferences: apis,
  ...more,
});
const requests = requestsPerMonth(10_000);
/** What it costs to look for answers given before. */
const embedded = (requests * 750 * 0.02) / 1e6;
const bill = (input: number, output: number, calls = requests) => (calls * (input * 2.5 + output * 10) * retried) / 1e6;

test('shorter prompts and answers save in proportion, a cache of answers its share of the calls less the embeddings', async () => {
  const decision = await decideOn(faq(), await onlyGpt4o());
  expect(decision.recommendation.monthlyCost).toBeCloseTo(bill(1500, 500), 6);
  const trimmed = leverIn(decision, 'prompt-trim');
  expect(trimmed.saves).toBeCloseTo(bill(300, 0), 6);
  expect(trimmed.percent).toBeCloseTo((100 * 300 * 2.5) / (1500 * 2.5 + 500 * 10), 9);
  expect(trimmed).toMatchObject({ applies: true, alreadyIn: false, plan: null, appliesTo: ['faq'], extraCost: 0 });
  expect(trimmed.changes).toEqual([
    { path: 'tasks.faq.tokens.input', from: '1500 tokens', to: '1200 tokens' },
    { path: 'tasks.faq.tokens.cacheablePrefix', from: '750 tokens', to: '600 tokens' },
  ]);
  expect(leverIn(decision, 'output-trim').saves).toBeCloseTo(bill(0, 100), 6);

  const cached = leverIn(decision, 'response-cache');
  expect(cached.extraCost).toBeCloseTo(embedded, 6);
  expect(cached.saves).toBeCloseTo(bill(1500, 500) / 10 - embedded, 6);
});

test('answers to questions with personal data are not shared', async () => {
  const personal = await decideOn(faq({ data: { sensitivity: 'pii' } }), await onlyGpt4o());
  const reason = expect.stringContaining('personal data');
  expect(leverIn(personal, 'response-cache')).toMatchObject({ applies: false, reason });
});

test('levers that act on the same tokens are worked out again, not multiplied', async () => {
  // So few prompts are found in a cache that a shorter one saves more.
  const decision = await decideOn(faq({}, { cacheHitRate: '5%' }), await onlyGpt4o());
  const all = leverIn(decision, 'all-api-levers');
  const expected = 0.9 * bill(1200, 400) + embedded;
  expect(all.monthlyCost).toBeCloseTo(expected, 6);
  expect(all).toMatchObject({ plan: null, planLabel: null, appliesTo: ['faq'] });
  // 0.7 x 1,200 tokens is too short a prefix after the cut, so caching cannot be pulled any more.
  expect(all.comparison).toMatchObject({
    // 11, 10 and 9 % of the bill as it is.
    pulled: ['output-trim', 'response-cache', 'prompt-trim'],
    leftOut: ['prompt-cache', 'distillation'],
  });
  expect(leverIn(decision, 'prompt-cache').applies).toBe(true);
  const multiplied = ['response-cache', 'prompt-trim', 'output-trim', 'prompt-cache'].reduce(
    (usd, id) => usd * (1 - (leverIn(decision, id).percent ?? 0) / 100),
    bill(1500, 500),
  );
  expect(Math.abs(multiplied - expected)).toBeGreaterThan(1);
});

test('prompt caching saves the discount on what can newly be read from the cache', async () => {
  const tables = await onlyGpt4o();
  // Every request finds the prefix: 1,050 tokens at 1.25 instead of 2.50.
  const short = leverIn(await decideOn(faq({}, { cacheHitRate: '100%' }), tables), 'prompt-cache');
  expect(short).toMatchObject({ alreadyIn: false, savesNow: null });
  expect(short.saves).toBeCloseTo((requests * 1050 * 1.25 * retried) / 1e6, 6);

  // 2,000 of 4,000 tokens are cached already; 2,800 could be.
  const long = await decideOn(faq({}, { input: 4000, cacheablePrefix: 2000, cacheHitRate: '100%' }), tables);
  const further = leverIn(long, 'prompt-cache');
  expect(further.alreadyIn).toBe(true);
  expect(further.savesNow).toBeCloseTo((requests * 2000 * 1.25 * retried) / 1e6, 6);
  expect(further.saves).toBeCloseTo((requests * 800 * 1.25 * retried) / 1e6, 6);
  expect(leverIn(await decideOn(faq({}, { input: 1000 }), tables), 'prompt-cache')).toMatchObject({
    applies: false,
    reason: expect.stringContaining('1024'),
    saves: null,
  });
});

test('a lever with which no plan keeps the rules is not pulled', async () => {
  const tokens = { input: 1200, cacheablePrefix: 1100, cacheHitRate: '100%' };
  const tables = await onlyGpt4o();
  const { recommendation } = await decideOn(faq({}, tokens), tables);
  // Enough for the prompt that is cached, and not for one that is too short to be.
  const budget = { monthly: (recommendation.monthlyCost ?? 0) + 1 };
  const tight = await decideOn(faq({ budget }, tokens), tables);
  expect(tight.recommendation.plan).toBe(recommendation.plan);
  expect(leverIn(tight, 'prompt-trim')).toMatchObject({
    applies: false,
    reason: 'nothing satisfies the hard rules with it',
    saves: null,
    percent: null,
    monthlyCost: null,
    changes: [],
    appliesTo: [],
    extraCost: 0,
    plan: null,
    planLabel: null,
    comparison: null,
  });
  expect(leverIn(tight, 'output-trim')).toMatchObject({ applies: true, reason: null });
});

const calls = (deadline?: string): Written => ({
  workload: { volume: '10k' },
  preferences: apis,
  tasks: [
    { name: 'calls', type: 'summarization', tokens: { input: 6000, output: 300 }, ...(deadline && { deadline }) },
  ],
});

test('batch saves the difference of the price rows, and says so where it is in already', async () => {
  const tables = await onlyGpt4o();
  const half = bill(6000, 300) / 2;
  const waiting = leverIn(await decideOn(calls(), tables), 'batch');
  expect(waiting).toMatchObject({ applies: true, alreadyIn: false });
  expect(waiting.saves).toBeCloseTo(half, 6);
  expect(leverIn(await decideOn(calls('24h'), tables), 'batch')).toMatchObject({ applies: false, alreadyIn: true });
  expect(leverIn(await decideOn(calls('24h'), tables), 'batch').savesNow).toBeCloseTo(half, 6);
  // A first token within a second and an answer tomorrow do not go together.
  const hurried = { ...calls(), tasks: [{ ...calls().tasks[0], latency: { ttftP95: '20s' } }] };
  expect(leverIn(await decideOn(hurried, tables), 'batch')).toMatchObject({ applies: false, alreadyIn: false });
});

/** What gpt-4o has to do, or the cheaper gpt-4o-mini for the easy ones. */
const hard = (more: object = {}): Written => ({
  ...faq(),
  tasks: [{ ...faq().tasks[0], capability: { minIndex: 55 }, ...more }],
});
/** The bill where all are easy. */
const easyBill = ({ api }: Tables) => {
  const mini = api.find(({ modelId }) => modelId === 'gpt-4o-mini');
  return (requests * (1500 * (mini?.inputUsdPerMTok ?? 0) + 500 * (mini?.outputUsdPerMTok ?? 0)) * retried) / 1e6;
};

test('easy requests go one tier down, and the rest stay', async () => {
  const tables = await onlyOpenai('gpt-4o', 'gpt-4o-mini');
  const decision = await decideOn(hard(), tables);
  expect(decision.recommendation.plan).toBe('cloud-api/openai/gpt-4o');
  const routed = leverIn(decision, 'easy-routing');
  expect(routed.plan).toBe('faq.easy=cloud-api/openai/gpt-4o-mini;faq.hard=cloud-api/openai/gpt-4o');
  expect(routed.monthlyCost).toBeCloseTo(0.6 * easyBill(tables) + 0.4 * bill(1500, 500), 6);
  expect(leverIn(decision, 'all-api-levers')).toMatchObject({
    plan: routed.plan,
    planLabel: routed.planLabel,
    alreadyIn: false,
    comparison: { apiPlan: 'cloud-api/openai/gpt-4o', optimizedApiPlan: routed.plan },
  });
  expect(leverIn(await decideOn(faq(), tables), 'easy-routing')).toMatchObject({ applies: false });
});

test.each(['before', 'after'])(
  'an easy share of the user, told %s, is in the plan already, and no default takes its place',
  async (told) => {
    const tables = await onlyOpenai('gpt-4o', 'gpt-4o-mini');
    const decision = await decideOn(hard({ easy: { share: '90%', told, capability: { minIndex: 30 } } }), tables);
    const cost = (told === 'before' ? 0.9 : 1) * easyBill(tables) + 0.1 * bill(1500, 500);
    expect(decision.recommendation.monthlyCost).toBeCloseTo(cost, 6);
    const routed = leverIn(decision, 'easy-routing');
    expect(routed).toMatchObject({ applies: false, alreadyIn: true, monthlyCost: null, plan: null });
    expect(routed.savesNow).toBeCloseTo(bill(1500, 500) - cost, 6);
    expect(leverIn(decision, 'all-api-levers').comparison?.leftOut).not.toContain('easy-routing');
  },
);

test('prompts and answers that are short already are left alone, with the reason', async () => {
  const short = await decideOn(faq({}, { input: 250, output: 40 }), await onlyGpt4o());
  expect(leverIn(short, 'prompt-trim')).toMatchObject({
    applies: false,
    reason: expect.stringContaining('300 tokens'),
  });
  expect(leverIn(short, 'output-trim')).toMatchObject({
    applies: false,
    reason: expect.stringContaining('100 tokens'),
  });
});
