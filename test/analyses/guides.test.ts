import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assess } from '../../src/analyses/assess.js';
import { guidesAnswer, readAnswers } from '../../src/analyses/guides/answer.js';
import { consult, type Opinion, type Value } from '../../src/analyses/guides/consult.js';
import { type Answers, opinionsOn } from '../../src/analyses/guides/opinions.js';
import type { Guide } from '../../src/tables/guides/guide.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { runCases } from '../cases/run.js';
import { asOf, readCommitted } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';

type Example = {
  given: Record<string, Value>;
  verdict: string[];
  name?: string;
  hybrid?: boolean;
  points?: number;
  unmet?: string[];
  unknown?: string[];
  scores?: Record<string, number>;
  notes?: string[];
  branches?: string[][];
};
const examples = parse(readFileSync(new URL('../fixtures/guide-examples.yaml', import.meta.url), 'utf8')) as Record<
  string,
  Example[]
>;

const tool = { name: 'deploy-advisor', version: '0.0.0' };
let tables: Tables;
beforeAll(async () => {
  ({ tables } = await shipped());
});
const guideOf = (id: string): Guide => {
  const guide = tables.guides.guides.find((one) => one.id === id);
  if (guide === undefined) throw new Error(`no guide ${id}`);
  return guide;
};
const round = (value: number): number => Number(value.toFixed(3));

/** What an opinion says of the keys that an example has. */
const told = (opinion: Opinion, example: Example): Omit<Example, 'given'> => {
  const all: Omit<Example, 'given'> = {
    verdict: opinion.verdict,
    name: opinion.name,
    hybrid: opinion.hybrid,
    points: round(opinion.points),
    unmet: opinion.unmet,
    unknown: opinion.unknown,
    scores: Object.fromEntries(opinion.scores.map(({ name, value }) => [name, round(value)])),
    notes: opinion.notes.map(({ id }) => id),
    branches: opinion.branches.map(({ kinds }) => kinds),
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in example)) as Omit<Example, 'given'>;
};

test('all five frameworks are there, with their articles', () => {
  expect(tables.guides.guides.map(({ id, sourceFile }) => [id, sourceFile.slice(0, 3)])).toEqual([
    ['G000', '000'],
    ['G001', '001'],
    ['G002', '002'],
    ['G003', '003'],
    ['G004', '004'],
  ]);
});

test.each(Object.entries(examples).flatMap(([id, list]) => list.map((example, at) => ({ id, at: at + 1, example }))))(
  '$id, example $at: $example.given',
  ({ id, example }) => {
    const { given, ...wanted } = example;
    expect(told(consult(guideOf(id), new Map(Object.entries(given))), example)).toEqual(wanted);
  },
);

test('gates that leave no place are a conflict, with their ids', () => {
  const { name, verdict } = consult(guideOf('G000'), new Map<string, Value>([['offline', true]]));
  expect([name, verdict]).toEqual(['most points', ['edge']]);
  const guide = guideOf('G000');
  const torn = {
    ...guide,
    rules: guide.rules.map((rule) => (rule.id === 'F2c' ? { ...rule, gate: ['cloud-api' as const] } : rule)),
  };
  const opinion = consult(
    torn,
    new Map<string, Value>([
      ['offline', true],
      ['sensitivity', 'regulated'],
    ]),
  );
  expect(opinion).toMatchObject({ name: 'conflict', verdict: [], hybrid: false, branches: [] });
});

test('the figures of the articles follow from the formulas of the engine', () => {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const checks = tables.guides.guides.flatMap(({ id, checks }) =>
    checks.map((check, at) => ({ ...check, id: `${id}-${at}` })),
  );
  const rows = checks.map(({ id, formula, inputs, value, unit, tolerancePct }) =>
    [id, quoted(JSON.stringify({ formula, ...inputs })), value, unit, tolerancePct].join(','),
  );
  const { results, problems } = runCases(`id,inputs_json,expected,unit,tolerance_pct\n${rows.join('\n')}\n`);
  expect(problems).toEqual([]);
  expect(results).toHaveLength(checks.length);
  expect(results.filter(({ met }) => !met)).toEqual([]);
  const values = checks.map(({ value }) => value);
  for (const figure of [100e6, 17_600, 4400, 8900, 60, 1800, 45_000, 4320, 7820, 16_820, 82.6, 62.6, 111_111, 173_778])
    expect(values).toContain(figure);
  // "Under 18 months" holds for three of its four pairs.
  const months = results.filter(({ id }) => id.startsWith('G004')).map(({ computed }) => computed);
  expect(months).toEqual([10, 5, 20, 10]);
  expect(months.filter((each) => each < 18)).toHaveLength(3);
});

test('one workload, five opinions', async () => {
  const { tables, prose } = await shipped();
  const read = await readCommitted('five-guides');
  const { guides } = assess(read, tables, { asOf, prose, tool, flips: 'none', draws: 'none' });
  // A hosted open model is advised: an API to the four that nowhere name such.
  expect(guides.map(({ id, verdict, shape, agrees }) => ({ id, verdict, shape, agrees }))).toEqual([
    { id: 'G000', verdict: ['open-model-api', 'self-hosted-cloud', 'on-prem'], shape: null, agrees: true },
    { id: 'G001', verdict: ['cloud-api'], shape: null, agrees: true },
    { id: 'G002', verdict: ['cloud-api'], shape: null, agrees: true },
    { id: 'G003', verdict: ['cloud-api', 'self-hosted-cloud', 'on-prem'], shape: 'hybrid', agrees: true },
    { id: 'G004', verdict: ['cloud-api'], shape: null, agrees: true },
  ]);
  expect(assess(read, tables, { asOf, prose, tool, point: true }).guides).toEqual([]);
});

test('what guides say never moves the decision', async () => {
  const { tables, prose } = await shipped();
  const read = await readCommitted('five-guides');
  const without = { ...tables, guides: { ...tables.guides, guides: [] } } as Tables;
  const { guides, ...decision } = assess(read, tables, { asOf, prose, tool, flips: 'none', draws: 'none' });
  const { guides: none, ...same } = assess(read, without, { asOf, prose, tool, flips: 'none', draws: 'none' });
  expect([guides.length, none]).toEqual([5, []]);
  expect(same).toEqual(decision);
});

const said = (...texts: string[]) => {
  const { answers, problems } = readAnswers(texts, tables.guides);
  expect(problems).toEqual([]);
  return answers;
};

/** The guides beside a decision; without break-evens unless `whole`. */
async function answerOn(name: string, { set = [], answers = said(), whole = false, few }: AnswerOn = {}) {
  const { tables: all, prose } = await shipped();
  const tables = few === undefined ? all : fewRows(all, few);
  const read = await readCommitted(name, set);
  const decision = assess(read, tables, { asOf, prose, tool, point: !whole, flips: 'none', draws: 'none' });
  return { answer: guidesAnswer(read, tables, decision, { prose, answers }), decision };
}
type AnswerOn = { set?: readonly string[]; answers?: Answers; whole?: boolean; few?: string[] };

test('borders are in the unit of their topic, at the tokens of the scenario', async () => {
  const { answer } = await answerOn('five-guides');
  const limits = (topic: string) =>
    answer.conflicts
      .find((one) => one.topic === topic)
      ?.limits.map(({ guide, from, to, here, side }) => [guide, from, to, here, side]);
  expect(answer.scenario).toMatchObject({ requestsPerDay: 10_000, tokensPerRequest: 1000 });
  expect(limits('volume')).toEqual([
    ['G000', 300_000, 300_000, 300_000, 'within'],
    ['G002', 1_500_000, 3_000_000, 300_000, 'below'],
    ['G003', 100_000, 500_000, 300_000, 'within'],
    ['G004', 10_000, 10_000, 0, 'below'],
  ]);
  expect(limits('latency')?.map(([guide, from, , here]) => [guide, from, here])).toEqual([
    ['G000', 50, null],
    ['G001', 100, null],
    ['G002', 100, null],
    ['G003', 200, null],
  ]);
  const regulated = answer.conflicts.find((one) => one.topic === 'regulated-data')?.verdicts ?? [];
  expect(regulated.map(({ guide, verdict }) => [guide, verdict.includes('cloud-api')])).toEqual([
    ['G000', false],
    ['G001', true],
    ['G002', false],
    ['G003', false],
    ['G004', true],
  ]);
  const { answer: longer } = await answerOn('five-guides', {
    set: ['tasks.summaries.tokens={input: 1700, output: 300}', 'tasks.copy.tokens={input: 1700, output: 300}'],
  });
  expect(longer.conflicts.find((one) => one.topic === 'volume')?.limits[0]?.from).toBe(150_000);
});

test('a disagreement is settled by figures of the decision', async () => {
  const { answer, decision } = await answerOn('support-chatbot', { whole: true });
  const of = (id: string) => answer.guides.find((one) => one.id === id);
  const row = (kind: string) => decision.scorecard.find((one) => one.kind === kind);
  // The cheapest of the guide's places.
  const own = row('self-hosted-cloud');
  expect(own?.monthlyCost).toBeLessThan(row('on-prem')?.monthlyCost ?? 0);
  expect(of('G000')?.settledBy).toMatchObject([
    {
      figure: 'breakEven',
      kind: 'self-hosted-cloud',
      option: own?.option,
      here: 50_000,
      there: expect.any(Number),
      upTo: 10_000_000,
    },
    { figure: 'monthlyCost', here: decision.recommendation.monthlyCost, there: own?.monthlyCost, unit: 'USD/month' },
  ]);
  expect(of('G002')).toMatchObject({ name: 'compute', verdict: [], agrees: false });
  // It names no place, and calls APIs of open models the cloud as well: against the best of what is none.
  const machines = decision.scorecard.filter(({ kind, feasible }) => feasible && !kind.endsWith('-api'));
  expect(of('G002')?.settledBy.map(({ figure, there }) => [figure, there])).toContainEqual([
    'monthlyCost',
    Math.min(...machines.map(({ monthlyCost }) => monthlyCost ?? Number.NaN)),
  ]);
  // Where the two do cross, the volume is the decision's.
  const pairs = decision.breakEven.filter(({ crossings }) => crossings.length > 0);
  for (const guide of answer.guides)
    for (const one of guide.settledBy.filter(({ figure, there }) => figure === 'breakEven' && there !== null))
      expect(pairs.flatMap(({ crossings }) => crossings.map(({ at }) => at))).toContain(one.there);
});

test('a break-even that there is is told', async () => {
  const { answer, decision } = await answerOn('break-even-as-published', {
    // The source compares with rented machines.
    set: ['preferences.exclude=[on-prem]'],
    whole: true,
    few: [
      'gpt-4',
      'claude-opus-4-1',
      'gpt-3.5-turbo',
      'runpod',
      'a100-sxm-80gb',
      'together',
      'gemma-3n-e4b',
      'llama-3-70b',
    ],
  });
  const told = answer.guides
    .flatMap(({ settledBy }) => settledBy)
    .filter(({ figure, there }) => figure === 'breakEven' && there !== null);
  expect(told.length).toBeGreaterThan(0);
  for (const { there, option } of told) {
    const pair = decision.breakEven.find(
      ({ a, b }) => [a, b].includes(option ?? '') && [a, b].includes(decision.recommendation.plan ?? ''),
    );
    const side = pair?.a === option ? 'a' : 'b';
    expect(pair?.crossings.find(({ cheaperAbove }) => cheaperAbove === side)?.at).toBe(there);
  }
});

test('guides agree where every recommended kind is among their places', async () => {
  // Without machines of its own, which one of them asks for.
  const { answer } = await answerOn('regulated-hybrid', { set: ['preferences.exclude=[on-prem]'] });
  const kinds = answer.engine.kinds;
  expect(kinds).toEqual(['self-hosted-cloud', 'cloud-api']);
  expect(answer.guides.map(({ id, agrees }) => [id, agrees])).toEqual([
    ['G000', false],
    ['G001', false],
    ['G002', true],
    ['G003', true],
    ['G004', true],
  ]);
  expect(answer.agreeing).toBe(3);
  // The cloud is in the guide's hybrid and in the plan: in dispute is what it says of the sensitive share.
  expect(answer.guides[1]?.settledBy[0]).toMatchObject({ about: 'data', figure: 'rule', kind: 'on-prem' });
  for (const { agrees, settledBy } of answer.guides) expect(settledBy.length > 0).toBe(!agrees);
  expect((await answerOn('device-case-files')).answer).toMatchObject({ agreeing: 0, engine: { status: 'infeasible' } });
});

test('every task alone, and the pilot: most points, then most requests', async () => {
  const tasks = [
    'tasks=[{name: a, type: classification, volume: 2k/day}, {name: b, type: extraction, volume: 5k/day}, {name: c, type: code-chat, volume: 9k/day}]',
  ];
  const { answer } = await answerOn('five-guides', { set: tasks });
  expect(answer.guides.filter(({ tasks }) => tasks.length > 0).map(({ id }) => id)).toEqual(['G004']);
  expect(answer.guides.at(-1)?.tasks).toMatchObject([
    { task: 'a', requestsPerMonth: 60_000, name: 'hybrid', points: 1, pilot: false },
    { task: 'b', requestsPerMonth: 150_000, name: 'hybrid', points: 1, pilot: true },
    { task: 'c', requestsPerMonth: 270_000, name: 'cloud', points: 0, pilot: false },
  ]);
  // More points win over more requests.
  const { answer: sensitive } = await answerOn('five-guides', {
    set: [tasks[0]?.replace('2k/day}', '2k/day, data: {sensitivity: regulated}}') ?? ''],
  });
  expect(sensitive.guides.at(-1)?.tasks.map(({ points, pilot }) => [points, pilot])).toEqual([
    [2, true],
    [1, false],
    [0, false],
  ]);
});

test('answers fill what a scenario cannot tell, and win over what it does', async () => {
  const answers = said('G003.stage=mvp', 'G003.requests_month=30k', 'G001.rapid=yes', 'G001.sensitive_share=30%');
  const [, g001, , g003] = (await answerOn('five-guides', { answers })).answer.guides;
  const inputOf = (guide: typeof g001, name: string) => guide?.inputs.find((input) => input.name === name);
  // First version, few requests, nothing sensitive: three of six, against a team of three others' lists.
  expect(g003).toMatchObject({
    name: 'cloud',
    points: 0.5,
    unknown: ['quality_first', 'latency_ms', 'horizon_months', 'balance'],
  });
  expect(inputOf(g003, 'quality_first')).toMatchObject({ value: false, from: 'default' });
  expect(inputOf(g003, 'stage')).toEqual({ name: 'stage', value: 'mvp', unit: null, from: 'answer' });
  expect(inputOf(g003, 'horizon_months')).toMatchObject({ value: 6, from: 'default' });
  expect(inputOf(g003, 'devops')).toMatchObject({ value: true, from: 'scenario' });
  expect(inputOf(g003, 'latency_ms')).toMatchObject({ value: null, from: 'unknown' });
  expect(inputOf(g001, 'sensitive_share')).toMatchObject({ value: 0.3, from: 'answer' });
  expect(g001).toMatchObject({ points: 1, because: 'rapid development on a managed API' });
});

test.each([
  ['G009.stage=mvp', 1, 'did you mean `G000`?'],
  ['G003.stagge=mvp', 6, 'did you mean `stage`?'],
  ['G003.stage=mvq', 12, 'did you mean `mvp`?'],
  ['G003.devops=maybe', 13, 'write true or false'],
  ['G003.requests_month=many', 21, 'write a number of requests/month'],
  ['G003.requests_month=1k..2k', 21, 'write a number of requests/month'],
  ['G003=mvp', 6, expect.stringMatching(/^inputs: requests_month, stage/)],
])('%s is refused at column %i', (text, column, suggestion) => {
  const { answers, problems } = readAnswers([text, 'G003.stage=mvp'], tables.guides);
  expect(problems).toMatchObject([
    { code: 'bad-answer', file: '--answer', line: 1, column, suggestion, excerpt: text },
  ]);
  expect(answers.get('G003')?.get('stage')).toBe('mvp');
});

/** What a changed scenario feeds a guide. */
async function fed(id: string, ...set: string[]): Promise<Record<string, Value>> {
  const { tables } = await shipped();
  const read = await readCommitted('five-guides', set);
  const asked = opinionsOn({ scenario: read.scenario, workload: resolve(read, tables, asOf), tables });
  return Object.fromEntries(asked.find(({ guide }) => guide.id === id)?.given ?? []);
}

test.each<[string, string, Value | undefined, ...string[]]>([
  ['G000', 'tokens_day', 10e6],
  ['G002', 'requests_day', 10_000],
  ['G003', 'requests_month', 300_000],
  ['G000', 'latency_ms', undefined],
  ['G000', 'latency_ms', 700, 'tasks.copy.latency.ttftP95=700ms', 'tasks.summaries.latency.ttftP95=2s'],
  ['G000', 'sensitivity', 'public'],
  ['G000', 'sensitivity', 'public', 'data.sensitivity=internal'],
  ['G003', 'sensitivity', 'none', 'data.sensitivity=internal'],
  ['G000', 'sensitivity', 'pii', 'data.sensitivity=pii'],
  ['G003', 'sensitivity', 'partial', 'data.sensitivity=pii'],
  ['G000', 'sensitivity', 'regulated', 'data.sensitivity=regulated'],
  ['G003', 'sensitivity', 'full', 'data.sensitivity=regulated'],
  ['G003', 'sensitivity', 'full', 'data.sensitivity=device-only'],
  ['G003', 'sensitivity', 'partial', 'tasks.copy.data.sensitivity=regulated'],
  ['G000', 'baa', undefined],
  ['G000', 'baa', true, 'data.agreements=[baa]'],
  ['G000', 'baa', true, 'data.agreements={canSign: [baa]}'],
  ['G000', 'baa', true, 'data.agreements={signed: ["baa:openai"]}'],
  ['G000', 'baa', false, 'data.agreements=[dpa]'],
  ['G001', 'no_leave', false, 'data.sensitivity=pii'],
  ['G002', 'strict_data', true, 'data.sensitivity=regulated'],
  ['G004', 'sensitive', true, 'data.sensitivity=device-only'],
  ['G001', 'sensitive_share', 0.3, 'tasks.copy.data.sensitivity=regulated'],
  ['G002', 'sensitive_share', 1, 'data.sensitivity=regulated'],
  [
    'G002',
    'sensitive_share',
    0.12,
    'tasks.copy.data.sensitivity=regulated',
    'tasks.copy.sensitive={share: 40%, rest: {sensitivity: public}}',
  ],
  ['G002', 'need_frontier', false],
  ['G001', 'max_capability', true, 'tasks.copy.capability={tier: frontier}'],
  ['G000', 'team', 'small'],
  ['G000', 'team', undefined, 'team=null'],
  ['G000', 'team', 'none', 'team={devops: 0}'],
  ['G000', 'team', 'small', 'team={devops: 2, mlInfra: 1}'],
  ['G000', 'team', 'dedicated', 'team={devops: 3, mlInfra: 1}'],
  ['G002', 'expertise', true],
  ['G003', 'devops', false, 'team={devops: 0.5}'],
  ['G004', 'it_staff', undefined, 'team=null'],
  ['G000', 'capability', 'general'],
  ['G000', 'capability', 'basic', 'tasks.summaries.type=classification'],
  ['G000', 'capability', 'general', 'tasks.summaries.type=faq-chat'],
  ['G000', 'capability', 'domain', 'needs.fineTuning=true'],
  ['G000', 'capability', 'frontier', 'tasks.summaries.capability={tier: frontier}'],
  ['G003', 'horizon_months', undefined],
  ['G003', 'horizon_months', 24, 'workload.horizon=24 months'],
  ['G003', 'mixed_tasks', true],
  ['G003', 'mixed_tasks', false, 'tasks.copy.type=summarization'],
  ['G002', 'customise', true, 'needs.fineTuning=true'],
  ['G003', 'fine_tune', false],
  ['G000', 'priority', 'cost'],
  ['G000', 'priority', undefined, 'preferences.objective=advice'],
  ['G001', 'rapid', undefined],
  ['G001', 'rapid', true, 'team.launchWithin=4 weeks'],
  ['G002', 'rapid', false, 'team.launchWithin=5 weeks'],
  ['G002', 'own_account_ok', true, 'data.boundary=own-account'],
  ['G002', 'own_account_ok', false, 'data.boundary=own-premises'],
  ['G004', 'low_complexity', false, 'tasks.summaries.type=classification'],
  ['G004', 'low_complexity', true, 'tasks.summaries.type=classification', 'tasks.copy.type=extraction'],
  ['G004', 'structured_calls_month', 210_000, 'tasks.summaries.type=classification'],
  ['G004', 'latency_critical', true, 'tasks.copy.latency.ttftP95=900ms'],
  ['G004', 'latency_critical', false, 'tasks.copy.latency.ttftP95=1s'],
  ['G004', 'complex_reasoning', undefined, 'tasks.copy.type=complex-reasoning'],
  ['G004', 'complex_reasoning', undefined, 'tasks.summaries.capability={tier: frontier}'],
  ['G002', 'variable_load', true, 'workload.profile={peakToMean: 3.5}'],
  ['G003', 'unpredictable', false, 'workload.profile={peakToMean: 3.4}'],
  ['G001', 'volume', 'low'],
  ['G001', 'volume', 'low_variable', 'workload.profile={peakToMean: 3.5}'],
  ['G001', 'volume', 'high_variable', 'workload.profile={peakToMean: 3.5}', 'workload.volume=10001'],
  ['G001', 'volume', 'high_steady', 'workload.profile=flat', 'workload.volume=10001'],
  ['G001', 'volume', 'low', 'workload.profile=flat'],
  ['G001', 'volume', undefined, 'workload.profile={peakToMean: 3}', 'workload.volume=10001'],
])('%s is fed %s = %s by %s %s', async (id, name, value, ...set) => {
  expect((await fed(id, ...set))[name]).toBe(value);
});
