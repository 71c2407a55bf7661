import { beforeAll, expect, test } from 'vitest';
import { guidesAnswer, readAnswers } from '../../src/analyses/guides/answer.js';
import { consult, firstCase, type Value } from '../../src/analyses/guides/consult.js';
import { factsOf, fedBy } from '../../src/analyses/guides/facts.js';
import { type Asking, asking, becauseOf, guideReport, opinionsOn } from '../../src/analyses/guides/opinions.js';
import { conflictsAmong } from '../../src/analyses/guides/settled.js';
import type { Decision } from '../../src/decide/decision.js';
import { type NameKind, readExpression } from '../../src/tables/guides/expression.js';
import {
  type Guide,
  type GuideBook,
  type GuideRule,
  type GuideVerdict,
  noGuides,
} from '../../src/tables/guides/guide.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { asOf, readWritten, tablesWith, type Written } from '../support/scenario.js';

/** Guides of a few rules, whose opinion a reader can tell. */

const scope = new Map<string, NameKind>([
  ...['a', 'b', 'c', 'r', 'open', 'all_basic'].map((name) => [name, { is: 'flag' }] as const),
  ...['n', 'points', 'tiers'].map((name) => [name, { is: 'number' }] as const),
  ...['type', 'tier', 'fine_tuning'].map((name) => [name, { is: 'word', values: null }] as const),
]);
function when(text: string): GuideRule['when'] {
  const read = readExpression(text, scope);
  if ('mistake' in read) throw new Error(read.mistake.message);
  return read.expression;
}
const rule = (id: string, holds: string, more: Partial<GuideRule> = {}): GuideRule => ({
  id,
  when: when(holds),
  about: 'volume',
  factor: `factor ${id}`,
  gate: null,
  vote: null,
  adds: null,
  says: `${id} says`,
  ...more,
});
const verdict = (name: string, more: Partial<GuideVerdict> = {}): GuideVerdict => ({
  name,
  when: null,
  branches: [{ what: null, places: ['voted'] }],
  hybrid: false,
  points: null,
  says: null,
  about: null,
  ...more,
});
const guide = (more: Partial<Guide> = {}): Guide => ({
  id: 'G1',
  file: '',
  sourceFile: 'article.md',
  title: 'A guide',
  perTask: false,
  inputs: ['a', 'b', 'c'].map((name) => ({ name, is: 'flag', values: [], unit: null, default: null, from: null })),
  scores: [],
  rules: [],
  verdicts: [],
  default: ['edge'],
  notes: [],
  stages: [],
  ratings: [],
  borders: [],
  stances: [],
  checks: [],
  ...more,
});
const number = (name: string, usual: number | null = null): Guide['inputs'][number] => ({
  name,
  is: 'number',
  values: [],
  unit: 'USD',
  default: usual,
  from: null,
});
const asked = (more: Partial<Guide>, given: Record<string, Value> = {}) =>
  consult(guide(more), new Map(Object.entries(given)));

test('gates leave places, votes choose among them; without either the default stands', () => {
  const rules = [
    rule('g', 'a', { gate: ['cloud-api', 'open-model-api', 'on-prem'] }),
    rule('v', 'b', { vote: ['on-prem', 'edge'] }),
    rule('w', 'c', { vote: ['edge', 'open-model-api', 'on-prem'] }),
  ];
  const said = (given: Record<string, Value>) => {
    const { verdict: kinds, points, unmet, name } = asked({ rules }, given);
    return [name, kinds, points, unmet];
  };
  expect(said({})).toEqual(['most points', ['edge'], 0, []]);
  expect(said({ a: true })).toEqual(['most points', ['cloud-api', 'open-model-api', 'on-prem'], 0, []]);
  expect(said({ b: true })).toEqual(['most points', ['on-prem', 'edge'], 1, []]);
  expect(said({ a: true, b: true })).toEqual(['most points', ['on-prem'], 1, []]);
  expect(said({ a: true, b: true, c: true })).toEqual(['most points', ['on-prem'], 2, []]);
  expect(said({ b: true, c: true })).toEqual(['most points', ['on-prem', 'edge'], 2, []]);
  // Two gates hold together; a vote for none of what they leave is not met.
  const two = [
    ...rules,
    rule('h', 'open', { gate: ['cloud-api'] }),
    rule('x', 'b', { vote: ['edge'], factor: 'factor v' }),
  ];
  expect(asked({ rules: two }, { a: true, b: true, open: true })).toMatchObject({
    verdict: ['cloud-api'],
    points: 0,
    unmet: ['factor v'],
  });
});

test('gates that leave no place are a conflict, told by those alone', () => {
  const rules = [
    rule('g', 'a', { gate: ['edge'] }),
    rule('h', 'b', { gate: ['on-prem'] }),
    rule('v', 'c', { vote: ['edge'] }),
  ];
  const verdicts = [
    verdict('two', {
      hybrid: true,
      branches: [
        { what: 'x', places: ['edge'] },
        { what: 'y', places: ['candidates'] },
      ],
    }),
  ];
  const opinion = asked({ rules, verdicts }, { a: true, b: true, c: true });
  expect(opinion).toMatchObject({
    name: 'conflict',
    verdict: [],
    hybrid: false,
    branches: [],
    unmet: ['factor v'],
    points: 0,
  });
  expect(becauseOf(opinion)).toBe('conflict: g and h leave no place');
  const fine = asked({ rules, verdicts }, { a: true, c: true });
  expect(fine).toMatchObject({
    name: 'two',
    verdict: ['edge'],
    hybrid: true,
    branches: [
      { what: 'x', kinds: ['edge'] },
      { what: 'y', kinds: ['edge'] },
    ],
    points: 1,
  });
});

test('scores: items that hold, counted or as a share, none where the score is ruled out; verdicts may ask for them and for rules', () => {
  const rules = [
    rule('i', 'a', { adds: 'points' }),
    rule('j', 'b', { adds: 'points' }),
    rule('k', 'c', { adds: 'other' }),
  ];
  const scores = (as: 'count' | 'share', zeroWhen: string | null = null) => [
    { name: 'points', as, zeroWhen: zeroWhen === null ? null : when(zeroWhen) },
    { name: 'empty', as, zeroWhen: null },
  ];
  const value = (as: 'count' | 'share', given: Record<string, Value>, zeroWhen?: string) =>
    asked({ rules, scores: scores(as, zeroWhen) }, given).scores.map(({ value: one }) => one);
  expect(value('count', { a: true, b: true })).toEqual([2, 0]);
  expect(value('share', { a: true, c: true })).toEqual([0.5, 0]);
  expect(value('share', { a: true }, 'b')).toEqual([0.5, 0]);
  expect(value('share', { a: true, b: true }, 'b')).toEqual([0, 0]);
  const verdicts = [
    verdict('high', {
      when: when('points >= 2'),
      branches: [{ what: null, places: ['on-prem'] }],
      points: 'points',
      says: 'two points',
      about: 'team',
    }),
    verdict('by a rule', {
      when: when('a'),
      branches: [{ what: null, places: ['edge', 'cloud-api'] }],
      points: 'nothing',
    }),
    verdict('else'),
  ];
  const said = (given: Record<string, Value>) => {
    const { name, verdict: kinds, points } = asked({ rules, scores: scores('count'), verdicts }, given);
    return [name, kinds, points];
  };
  expect(said({ a: true, b: true })).toEqual(['high', ['on-prem'], 2]);
  expect(said({ a: true })).toEqual(['by a rule', ['cloud-api', 'edge'], 0]);
  expect(said({})).toEqual(['else', ['edge'], 0]);
  const opinion = asked({ rules, scores: scores('count'), verdicts }, { a: true, b: true, c: true });
  expect(opinion.held.map(({ id }) => id)).toEqual(['i', 'j', 'k']);
  // Items of another score are no reason.
  expect(becauseOf(opinion)).toBe('two points; i says; j says (points 2, empty 0)');
});

test('what is not known: it does not hold, is told, and a default stands in for it', () => {
  const inputs = [...guide().inputs, number('n', 7)];
  const rules = [
    rule('r', 'a and n > 5', { vote: ['on-prem'] }),
    rule('s', 'b', { vote: ['edge'] }),
    rule('t', 'r', { vote: ['on-prem'] }),
  ];
  const chained = [...rules.slice(0, 2), rule('t', 'a', { vote: ['on-prem'] })];
  const told = (given: Record<string, Value>) => {
    const { unknown, verdict: kinds } = asked({ inputs, rules: chained }, given);
    return [unknown, kinds];
  };
  expect(told({})).toEqual([['a', 'b', 'n'], ['edge']]);
  expect(told({ a: true })).toEqual([['b', 'n'], ['on-prem']]);
  expect(told({ a: true, b: false, n: 5 })).toEqual([[], ['on-prem']]);
  expect(asked({ inputs, rules }, { a: true, b: true, n: 5 })).toMatchObject({ unknown: [], verdict: ['edge'] });
  expect(told({ a: false, b: false })).toEqual([[], ['edge']]);
});

test('notes that hold, or always do; words of the first three reasons, each once', () => {
  const notes = [
    { id: 'always', when: null, says: 'x' },
    { id: 'held', when: when('a'), says: 'y' },
    { id: 'not', when: when('b'), says: 'z' },
  ];
  expect(asked({ notes }, { a: true, b: false }).notes.map(({ id }) => id)).toEqual(['always', 'held']);
  expect(asked({ notes }, {}).notes.map(({ id }) => id)).toEqual(['always']);
  const rules = ['1', '2', '3', '4'].map((id) =>
    rule(id, 'a', { vote: ['edge'], says: id === '2' ? '1 says' : `${id} says` }),
  );
  expect(becauseOf(asked({ rules }, { a: true }))).toBe('1 says; 3 says; 4 says');
  expect(becauseOf(asked({}, {}))).toBe('no rule of it applies: its default');
  const scores = ['one', 'two'].map((name) => ({ name, as: 'share' as const, zeroWhen: null }));
  const items = ['x', 'y', 'z'].map((id) => rule(id, id === 'x' ? 'a' : 'b', { adds: 'one' }));
  expect(becauseOf(asked({ scores, rules: items }, { a: true }))).toBe(
    'no rule of it applies: its default (one 0.333, two 0)',
  );
  expect(becauseOf(asked({ scores: scores.slice(0, 1), rules: items }, { a: true }))).toBe(
    'no rule of it applies: its default',
  );
});

test('the first case that holds', () => {
  const cases = [{ value: 'x', when: when('a') }, { value: 'y', when: when('n > 3') }, { value: 'z', when: null }]; // biome-ignore format: a table
  const first = (given: Record<string, Value>, among = cases) => firstCase(among, new Map(Object.entries(given)));
  expect(first({ a: true, n: 9 })).toBe('x');
  expect(first({ a: false, n: 9 })).toBe('y');
  expect(first({ n: 1 })).toBe('z');
  expect(first({ n: 1 }, cases.slice(0, 2))).toBeUndefined();
});

const book = (more: Partial<GuideBook>): GuideBook => ({ ...noGuides, daysPerMonth: 30, ...more });

test('answers: the last for an input wins; what is wrong is told at its place in the text', () => {
  const inputs: Guide['inputs'] = [
    ...guide().inputs.slice(0, 1),
    number('share'),
    { ...number('plain'), unit: null },
    { name: 'stage', is: 'word', values: ['pilot', 'scale'], unit: null, default: null, from: null },
  ];
  const { answers, problems } = readAnswers(
    [
      'G1.a=yes',
      'G1.a= NO ',
      'G1.share=30%',
      'G1.plain=1200',
      ' G1.stage = scale'.replace(' = ', '='),
      'G2.a=1',
      'G1.stagee=pilot',
      'G1.a=maybe',
      'G1.stage=pilott',
      'G1.share=1..2',
      'G1.plain=-1',
      'nonsense',
      'G1=5',
    ],
    book({ guides: [guide({ inputs })] }),
  );
  expect([...answers].map(([id, values]) => [id, [...values]])).toEqual([
    [
      'G1',
      [
        ['a', false],
        ['share', 0.3],
        ['plain', 1200],
        ['stage', 'scale'],
      ],
    ],
  ]);
  expect(problems.map(({ column, message, suggestion, excerpt }) => [excerpt, column, message, suggestion])).toEqual([
    ['G2.a=1', 1, 'there is no guide "G2"', 'did you mean `G1`?'],
    ['G1.stagee=pilot', 4, 'G1 has no input "stagee"', 'did you mean `stage`?'],
    ['G1.a=maybe', 6, '"maybe" is no value of G1.a', 'write true or false'],
    ['G1.stage=pilott', 10, '"pilott" is no value of G1.stage', 'did you mean `pilot`?'],
    ['G1.share=1..2', 10, '"1..2" is no value of G1.share', 'write a number of USD'],
    ['G1.plain=-1', 10, '"-1" is no value of G1.plain', 'write a number'],
    ['nonsense', 1, 'there is no guide ""', 'guides: G1'],
    ['G1=5', 4, 'G1 has no input ""', 'inputs: a, share, plain, stage'],
  ]);
  expect(problems).toEqual(
    problems.map((problem) => ({
      ...problem,
      file: '--answer',
      line: 1,
      path: '',
      severity: 'error',
      code: 'bad-answer',
    })),
  );
});

test('conflicts: what guides turn at, in one unit, and what each says of a topic alone; no conflict where all say the same', () => {
  const one = (id: string, more: Partial<Guide>): Asking =>
    asking(guide({ id, ...more }), new Map(), new Map([[id, new Map<string, Value>([['n', 50]])]]));
  const border = (from: number, to: number, unit: string | null, topic = 'volume') => ({
    inputs: [{ ...number('n'), unit }],
    borders: [{ topic, input: 'n', from, to }],
  });
  const topics = [{ id: 'volume', title: 'From which volume', unit: 'requests/month' }];
  const limits = (facts: Record<string, Value>, ...all: Asking[]) =>
    conflictsAmong(all, new Map(Object.entries(facts)), book({ topics })).map(({ limits: found }) => found);
  const monthly = one('M', border(40, 60, 'requests/month'));
  // 30 days a month; 2,000 tokens for each request.
  const facts = { tokens_day: 20_000, requests_day: 10 };
  expect(
    limits(
      facts,
      monthly,
      one('D', border(51, 60, 'requests/day')),
      one('T', border(10_000, 20_000, 'tokens/day')),
      one('U', border(1, 2, 'USD')),
    ),
  ).toEqual([
    [
      { guide: 'M', from: 40, to: 60, here: 50, side: 'within' },
      { guide: 'D', from: 1530, to: 1800, here: 1500, side: 'below' },
      { guide: 'T', from: 150, to: 300, here: 0.75, side: 'below' },
    ],
  ]);
  const sides = [[50, 60], [40, 50], [51, 60], [40, 49]].map(([from, to], i) => one(`${i}`, border(from as number, to as number, 'requests/month'))); // biome-ignore format: a table
  expect(limits(facts, ...sides)[0]?.map(({ side }) => side)).toEqual(['within', 'within', 'below', 'above']);
  // Where tokens per request are not known, or there are none, they are no requests.
  for (const unknown of [{}, { tokens_day: 1 }, { requests_day: 1 }, { tokens_day: 0, requests_day: 1 }])
    expect(limits(unknown, monthly, one('T', border(1, 2, 'tokens/day')))).toEqual([]);
  expect(limits(facts, monthly, one('N', border(40, 60, 'requests/month')))).toEqual([]);
  expect(limits(facts, monthly, one('O', border(1, 2, 'requests/month', 'other')))).toEqual([]);
  const silent = asking(guide({ id: 'S', ...border(1, 2, 'requests/month') }), new Map(), new Map());
  expect(limits(facts, monthly, silent)[0]?.[1]).toEqual({ guide: 'S', from: 1, to: 2, here: null, side: null });
  const other = [{ id: 'volume', title: 'From which volume', unit: 'USD/month' }];
  expect(conflictsAmong([monthly, one('D', border(1, 2, 'requests/day'))], new Map(), book({ topics: other }))).toEqual(
    [],
  );

  const rules = [rule('v', 'a', { vote: ['on-prem'] })];
  const stance = (id: string, a: boolean, says: string | null = null) =>
    one(id, { rules, stances: [{ topic: 'volume', given: { a }, says }] });
  const verdicts = (...all: Asking[]) => conflictsAmong(all, new Map(), book({ topics }));
  expect(verdicts(stance('A', true), stance('B', false, 'no'))).toEqual([
    {
      topic: 'volume',
      title: 'From which volume',
      unit: 'requests/month',
      limits: [],
      verdicts: [
        { guide: 'A', name: 'most points', verdict: ['on-prem'], says: null },
        { guide: 'B', name: 'most points', verdict: ['edge'], says: 'no' },
      ],
    },
  ]);
  expect(verdicts(stance('A', true), stance('B', true))).toEqual([]);
  expect(verdicts(stance('A', true), stance('B', true, 'in other words'))).toHaveLength(1);
  expect(verdicts(stance('A', true))).toEqual([]);
});

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

function askedOf(written: Written, known: GuideBook) {
  const withBook = tablesWith(tables, { guides: known });
  const read = readWritten(written, withBook);
  return { read, scenario: read.scenario, workload: resolve(read, withBook, asOf), tables: withBook };
}
const faq = (name: string, more: object = {}) => ({
  name,
  type: 'faq-chat',
  tokens: { input: 900, output: 100 },
  capability: { minIndex: 30 },
  ...more,
});

test('facts of a scenario: what it says of all its tasks, and nothing of what it does not say', () => {
  const taskClasses = [{ value: 'basic', when: when('type == faq-chat') }, { value: 'deep', when: null }]; // biome-ignore format: a table
  const derived = [{ name: 'simple', when: when('all_basic') }, { name: 'many', when: when('tiers > 1') }, { name: 'unheard', when: when('n > 1') }]; // biome-ignore format: a table
  const known = book({ taskClasses, derived });
  const facts = (written: Written, which: (taskPart: TaskPart) => boolean = () => true) => {
    const one = askedOf(written, known);
    return Object.fromEntries(factsOf(one, one.workload.taskParts.filter(which), known));
  };
  const plain = facts({ workload: { volume: '100', profile: 'flat' }, tasks: [faq('a')] });
  expect(plain).toEqual({
    tokens_day: 100_000,
    requests_day: 100,
    requests_month: 3000,
    basic_requests_month: 3000,
    peak_to_mean: 1,
    tiers: 1,
    sensitivity: 'internal',
    sensitive_share: 0,
    boundary: expect.any(String),
    frontier: false,
    fine_tuning: false,
    offline: false,
    all_basic: true,
    objective: 'cost',
    largest_class: 'basic',
    largest_type: 'faq-chat',
    simple: true,
    many: false,
  });
  const rich: Written = {
    workload: { volume: '100', profile: { peakToMean: 3 }, horizon: '18 months' },
    tasks: [
      faq('a', { share: '30%', latency: { ttftP95: '900ms' }, data: { sensitivity: 'regulated' } }),
      faq('b', {
        share: '70%',
        type: 'summarization',
        capability: { minIndex: 90 },
        latency: { ttftP95: '700ms' },
        data: { sensitivity: 'public', boundary: 'own-account' },
      }),
    ],
    team: { devops: 1.5, mlInfra: 0.5, launchWithin: '6 weeks' },
    data: { agreements: { signed: ['baa:aws'], canSign: ['dpa'] } },
    preferences: { objective: 'advice' },
  };
  expect(facts(rich)).toMatchObject({
    basic_requests_month: 900,
    ttft_p95_ms: 700,
    peak_to_mean: 3,
    horizon_months: 18,
    launch_weeks: 6,
    people: 2,
    ml_people: 0.5,
    tiers: 2,
    sensitivity: 'regulated',
    sensitive_share: 0.3,
    boundary: 'own-account',
    baa: true,
    frontier: true,
    all_basic: false,
    objective: 'advice',
    largest_class: 'deep',
    largest_type: 'summarization',
    simple: false,
    many: true,
  });
  expect(facts(rich, ({ task }) => task === 'a')).toMatchObject({
    requests_day: 30,
    ttft_p95_ms: 900,
    tiers: 1,
    frontier: false,
    largest_class: 'basic',
    sensitive_share: 1,
  });
  const withData = (agreements: object) =>
    facts({ workload: { volume: '1' }, tasks: [faq('a')], data: { agreements } }).baa;
  expect([
    withData({ signed: ['dpa:aws'] }),
    withData({ canSign: ['baa'] }),
    withData({ signed: [], canSign: [] }),
  ]).toEqual([false, true, false]);
  expect(facts({ workload: { volume: '1' }, tasks: [faq('a')], team: { mlInfra: 2 } })).toMatchObject({
    people: 2,
    ml_people: 2,
  });
  expect(facts({ workload: { volume: '1' }, tasks: [faq('a')], team: { devops: 1 } })).toMatchObject({
    people: 1,
    ml_people: 0,
  });
  const tiersAt = (minIndex: number) =>
    facts({ workload: { volume: '1' }, tasks: [faq('a', { capability: { minIndex } })] }).frontier;
  expect([83.9, 84].map(tiersAt)).toEqual([false, true]);
  const split = facts({
    workload: { volume: '100' },
    tasks: [
      faq('a', { data: { sensitivity: 'regulated' }, sensitive: { share: '20%', rest: { sensitivity: 'internal' } } }),
    ],
  });
  expect(split.sensitive_share).toBe(0.2);
});

test('inputs are fed by a fact, a condition or the first case that holds', () => {
  const input = (name: string, from: Guide['inputs'][number]['from']) => ({ ...number(name), from });
  const inputs = [
    input('fact', { is: 'fact', name: 'n' }),
    input('lacking', { is: 'fact', name: 'm' }),
    input('condition', { is: 'condition', when: when('n > 3') }),
    input('open', { is: 'condition', when: when('a') }),
    input('cases', {
      is: 'cases',
      of: [
        { value: 'few', when: when('n < 3') },
        { value: 'many', when: null },
      ],
    }),
    input('none', { is: 'cases', of: [{ value: 'few', when: when('n < 3') }] }),
    input('own', null),
  ];
  expect([...fedBy(guide({ inputs }), new Map<string, Value>([['n', 4]]))]).toEqual([['fact', 4], ['condition', true], ['cases', 'many']]); // biome-ignore format: a table
});

test('the whole answer: answers win over the scenario, and every task alone, with a pilot', () => {
  const inputs: Guide['inputs'] = [
    { ...number('n'), from: { is: 'fact', name: 'requests_day' } },
    number('usual', 1 / 3),
    number('unheard'),
    {
      name: 'a',
      is: 'flag',
      values: [],
      unit: null,
      default: null,
      from: { is: 'condition', when: when('all_basic') },
    },
  ];
  const known = book({
    taskClasses: [{ value: 'basic', when: when('type == faq-chat') }],
    guides: [
      guide({
        inputs,
        perTask: true,
        rules: [rule('many', 'n > 40', { vote: ['on-prem'] }), rule('basic', 'a', { vote: ['on-prem'] })],
        scores: [{ name: 'points', as: 'share', zeroWhen: null }],
        stages: [
          { fromMonth: 0, toMonth: 3, when: null, says: 'start' },
          { fromMonth: 3, toMonth: null, when: when('n > 40'), says: 'grow' },
          { fromMonth: 9, toMonth: null, when: when('c'), says: 'who knows' },
        ],
        ratings: [
          { kind: 'on-prem', burden: 'high', lockIn: null },
          { kind: 'edge', burden: 'low', lockIn: null },
        ],
        notes: [{ id: 'note', when: null, says: 'mind' }],
      }),
      guide({ id: 'G2' }),
    ],
  });
  const asked = askedOf(
    {
      workload: { volume: '100' },
      tasks: [
        faq('x', { share: '30%' }),
        faq('y', { share: '30%' }),
        faq('z', { share: '40%', type: 'summarization' }),
      ],
    },
    known,
  );
  const recommendation = {
    status: 'recommended',
    plan: 'p',
    shape: 'single',
    kinds: ['on-prem'],
    label: 'l',
    monthlyCost: 5,
  };
  const decision = {
    recommendation,
    scorecard: [],
    tool: { name: 'deploy-advisor', version: '0.0.0' },
    tables: { snapshot: '2026-11-01', asOf, ageDays: 19 },
  } as unknown as Decision;
  const answer = (answers: Map<string, Map<string, Value>> = new Map()) =>
    guidesAnswer(asked.read, asked.tables, decision, { prose: (() => ({})) as never, answers });
  const { guides, ...rest } = answer();
  expect(rest).toEqual({
    schemaVersion: '1.0.0',
    tool: decision.tool,
    scenario: { name: asked.workload.name, file: 'test.json', requestsPerDay: 100, tokensPerRequest: 1000 },
    tables: { snapshot: '2026-11-01', asOf, ageDays: 19 },
    engine: recommendation,
    agreeing: 1,
    conflicts: [],
  });
  const [first, second] = guides;
  expect(first).toEqual({
    id: 'G1',
    verdict: ['on-prem'],
    shape: null,
    agrees: true,
    points: 1,
    unmet: [],
    unknown: [],
    because: 'many says',
    title: 'A guide',
    sourceFile: 'article.md',
    name: 'most points',
    branches: [{ what: null, kinds: ['on-prem'] }],
    scores: [{ name: 'points', value: 0 }],
    notes: [{ id: 'note', says: 'mind' }],
    ratings: [{ kind: 'on-prem', burden: 'high', lockIn: null }],
    stages: [
      { fromMonth: 0, toMonth: 3, says: 'start', applies: true },
      { fromMonth: 3, toMonth: null, says: 'grow', applies: true },
      { fromMonth: 9, toMonth: null, says: 'who knows', applies: null },
    ],
    inputs: [
      { name: 'n', value: 100, unit: 'USD', from: 'scenario' },
      { name: 'usual', value: 0.333333333333, unit: 'USD', from: 'default' },
      { name: 'unheard', value: null, unit: 'USD', from: 'unknown' },
      { name: 'a', value: false, unit: null, from: 'scenario' },
    ],
    settledBy: [],
    // Of those with a point the one with most requests; of equals the first.
    tasks: [
      {
        task: 'x',
        requestsPerMonth: 900,
        name: 'most points',
        verdict: ['on-prem'],
        points: 1,
        unknown: [],
        pilot: true,
      },
      {
        task: 'y',
        requestsPerMonth: 900,
        name: 'most points',
        verdict: ['on-prem'],
        points: 1,
        unknown: [],
        pilot: false,
      },
      {
        task: 'z',
        requestsPerMonth: 1200,
        name: 'most points',
        verdict: ['edge'],
        points: 0,
        unknown: [],
        pilot: false,
      },
    ],
  });
  expect(second).toMatchObject({ id: 'G2', agrees: false, verdict: ['edge'], settledBy: [], tasks: [] });
  const answered = answer(
    new Map([
      [
        'G1',
        new Map<string, Value>([
          ['n', 7],
          ['unheard', 2],
        ]),
      ],
    ]),
  );
  expect(answered.guides[0]?.inputs.map(({ value, from }) => ({ value, from }))).toEqual([
    { value: 7, from: 'answer' },
    { value: 0.333333333333, from: 'default' },
    { value: 2, from: 'answer' },
    { value: false, from: 'scenario' },
  ]);
  expect(answered).toMatchObject({ agreeing: 0, guides: [{ agrees: false, verdict: ['edge'] }, {}] });
  // No task has a point: none is the pilot. With points for all, the one with most.
  expect(answered.guides[0]?.tasks.map(({ pilot, points }) => [pilot, points])).toEqual([[true, 1], [false, 1], [false, 0]]); // biome-ignore format: a table
  const none = answer(
    new Map([
      [
        'G1',
        new Map<string, Value>([
          ['n', 7],
          ['a', false],
        ]),
      ],
    ]),
  );
  expect(none.guides[0]?.tasks.map(({ pilot }) => pilot)).toEqual([false, false, false]);
  const all = answer(new Map([['G1', new Map<string, Value>([['a', true]])]]));
  expect(all.guides[0]?.tasks.map(({ pilot }) => pilot)).toEqual([false, false, true]);
  expect(opinionsOn(asked).map(({ guide: one }) => one.id)).toEqual(['G1', 'G2']);
});

test('a guide agrees where every recommended kind is among its places', () => {
  const one = asking(
    guide({ default: ['edge', 'on-prem'], verdicts: [verdict('v', { hybrid: true })] }),
    new Map(),
    new Map(),
  );
  const agrees = (...kinds: Parameters<typeof guideReport>[1]) => guideReport(one, kinds).agrees;
  expect([agrees('edge'), agrees('edge', 'on-prem'), agrees('edge', 'cloud-api'), agrees()]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(guideReport(one, ['edge'])).toMatchObject({ id: 'G1', shape: 'hybrid', points: 0 });
});
