import { beforeAll, describe, expect, test } from 'vitest';
import { checkReport, comparedReport, judged, type ToJudge, unreadable } from '../../src/analyses/check/report.js';
import { readRules } from '../../src/analyses/check/rules.js';
import {
  approves,
  expectsNothing,
  expectVerdicts,
  ruleVerdict,
  type Subject,
} from '../../src/analyses/check/verdicts.js';
import { type Compared, compare, decide, type Judge, judgedBy, stepOf } from '../../src/analyses/compare/compare.js';
import type { Comparison, Step } from '../../src/analyses/compare/comparison.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';
import { looksLikeResult, readResults } from '../../src/analyses/compare/read-result.js';
import type { Decision } from '../../src/decide/decision.js';
import { json } from '../../src/report/assess.js';
import { compareTable } from '../../src/report/compare.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import type { Scenario } from '../../src/workload/schema.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { tool } from '../support/scenario.js';

const text = `version: 1
name: Chatbot
workload: {volume: 50k/day}
tasks:
  - {name: support, type: faq-chat, share: 50%, tokens: {input: 1500, output: 500}, capability: {minIndex: 50}}
  - {name: letters, type: summarization, share: 50%}
preferences: {only: [cloud-api, open-model-api]}
`;

let judge: Judge;
let base: Compared;
const side = (name: string, set: readonly string[], draws = false): Compared => {
  const { scenario, problems } = readScenario(text, { file: `${name}.yaml`, tables: judge.tables, asOf, set });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join());
  return { name, decision: decide(scenario, judge, { tool, draws }), judged: judgedBy(scenario, judge) };
};

beforeAll(async () => {
  judge = { ...(await shipped()), asOf };
  base = side('base', []);
});

/** A decision with some figures of the recommendation otherwise. */
const with_ = (changed: Partial<Decided['recommendation']>, tables: Partial<Decided['tables']> = {}): Decided => ({
  ...base.decision,
  recommendation: { ...base.decision.recommendation, ...changed },
  tables: { ...base.decision.tables, ...tables },
  warnings: [],
});
const nothing = () => with_({ status: 'infeasible', plan: null, kinds: [], monthlyCost: null, margin: null });
const problem = (severity: string, message = 'it is odd') =>
  ({ severity, code: 'odd', message }) as Subject['problems'][number];
const stepOn = (change: string) => {
  const tasks = [
    { task: 'faq', before: ['cloud-api'], after: ['edge', 'on-prem'] },
    { task: 'b', before: [], after: ['edge'] },
  ];
  return { advice: { change, tasks } } as unknown as Subject['step'];
};
const ruled = (rule: string, now: Decided, more: Partial<Subject> = {}) => {
  const [read] = readRules([rule]).rules;
  if (read === undefined) throw new Error(rule);
  return ruleVerdict(read, { now, before: null, step: null, approved: false, problems: [], ...more });
};

const usd = (monthlyCost: number | null) => () => with_({ monthlyCost });
const next = (percent: number) => () => with_({ margin: { runnerUp: 'x', percent } });
const best = (probabilityBest: number | null) => () => with_({ probabilityBest });
const since = (monthlyCost: number) => () => ({ before: with_({ monthlyCost }) });
const plain = () => with_({});
const warned = () => ({ ...plain(), warnings: [{ code: 'x', message: 'y' }] });
const untold = () => ({ untold: 'it is elsewhere' });
const expected = () => ({ nothingExpected: true, before: with_({ monthlyCost: 1000 }) });
const moved = 'the advice changed: faq: cloud-api -> edge + on-prem; b: nothing that fits -> edge';

type Case = [rule: string, now: () => Decided, state: string, message?: string | null, more?: () => Partial<Subject>];
test.each<Case>([
  ['cost>100', usd(100), 'passed', '$100 a month, limit $100'],
  ['cost>100', usd(1234), 'failed', '$1,234 a month, limit $100'],
  ['cost>100', nothing, 'unknown', 'nothing fits, so there is no cost'],
  // As many places as tell it from the limit.
  ['cost>8000', usd(8000.004), 'failed', '$8,000.004 a month, limit $8,000.000'],
  ['cost>8000', usd(8000.4), 'failed', '$8,000.40 a month, limit $8,000.00'],
  ['margin<5%', next(5), 'passed'],
  ['margin<5%', next(4.99), 'failed', 'the closest alternative costs 4.99 % more: x'],
  // One as good as equal may be dearer and simpler.
  ['margin<5%', next(-0.5), 'failed', 'the closest alternative costs 0.5 % less: x'],
  ['margin<5%', () => with_({ margin: null }), 'passed', 'no plan of other kinds fits'],
  ['margin<5%', nothing, 'unknown', 'nothing fits'],
  ['probability<0.7', best(0.7), 'passed'],
  ['probability<0.7', best(0.69), 'failed', 'best in 69 % of the simulations'],
  ['probability<0.7', best(0.6996), 'failed', 'best in 69.96 % of the simulations'],
  ['probability<0.7', best(null), 'unknown', 'nothing was drawn'],
  ['stale>90d', () => with_({}, { ageDays: 90 }), 'passed'],
  ['stale>90d', () => with_({}, { ageDays: 91 }), 'failed'],
  ['infeasible', plain, 'passed'],
  ['infeasible', nothing, 'failed'],
  ['warning', plain, 'passed', 'no warnings', () => ({ problems: [problem('error')] })],
  // A warning of the file itself counts too.
  ['warning', warned, 'failed', 'odd: it is odd; x: y', () => ({ problems: [problem('warning'), problem('error')] })],
  ['flip', plain, 'skipped', 'no baseline to compare with'],
  ['flip', plain, 'unknown', 'what it was cannot be told: it is elsewhere', untold],
  [
    'flip',
    plain,
    'passed',
    'every task runs on the same deployment type as before',
    () => ({ step: stepOn('switch') }),
  ],
  ['flip', plain, 'failed', moved, () => ({ step: stepOn('flip') })],
  ['flip', plain, 'passed', `${moved}, as expect says`, () => ({ step: stepOn('flip'), approved: true })],
  ['cost>+10%', plain, 'skipped', 'no baseline to compare with'],
  ['cost>+10%', plain, 'unknown', 'what it was cannot be told: it is elsewhere', untold],
  ['cost>100', usd(100), 'passed', '$100 a month, limit $100', untold],
  ['cost>+10%', usd(1100), 'passed', '$1,000 -> $1,100 a month, limit $1,100', since(1000)],
  ['cost>+10%', usd(1100.5), 'failed', null, since(1000)],
  // What it was is told as exactly as what it is: $77 -> $76.82 would be no rise.
  ['cost>+0%', usd(76.82), 'failed', '$76.80 -> $76.82 a month, limit $76.80', since(76.8)],
  ['cost>+100', usd(1100), 'passed', null, since(1000)],
  ['cost>+100', usd(1101), 'failed', null, since(1000)],
  // A fifth more, but for what rounding to 12 digits adds.
  ['cost>+20%', usd(92.1625), 'passed', null, since(76.8020833333)],
  ['cost>+20%', usd(92.1626), 'failed', null, since(76.8020833333)],
  ['cost>+10%', nothing, 'unknown', 'nothing fits now, so there is no cost to compare', since(1000)],
  // What fits for the first time has nothing to be more than.
  [
    'cost>+10%',
    usd(5000),
    'skipped',
    'nothing fits before, so there is no cost to compare',
    () => ({ before: nothing() }),
  ],
  // Where nothing fits, and is expected to, rules of plans are asked of nothing; others are asked all the same.
  ...['cost>100', 'cost>+10%', 'margin<5%', 'probability<0.7', 'infeasible'].map(
    (rule): Case => [rule, nothing, 'skipped', null, expected],
  ),
  ['cost>100', usd(101), 'failed', null, expected],
])('%s, case %#', (rule, now, state, message, more) => {
  expect(ruled(rule, now(), more?.())).toMatchObject({ state, ...(message != null && { message }) });
});

type Expectation = NonNullable<Scenario['expect']>;
const advises = (changed: Partial<Decided['recommendation']>) => () => with_(changed);
const edges = advises({ kinds: ['edge', 'on-prem'] });
const apart = advises({ plan: 'faq=cloud-api/a;letters=edge/b' });
test.each<[string, Expectation, () => Decided, string]>([
  [
    'the types, in any order',
    { kinds: ['on-prem', 'edge'] },
    edges,
    'passed: on-prem + edge expected, edge + on-prem advised',
  ],
  ['fewer types', { kinds: ['edge'] }, edges, 'failed: edge expected, edge + on-prem advised'],
  ['other types', { kinds: ['edge'] }, advises({ kinds: ['cloud-api'] }), 'failed: edge expected, cloud-api advised'],
  ['a type where nothing fits', { kinds: ['edge'] }, nothing, 'failed: edge expected, nothing that fits advised'],
  ['that nothing fits', { kinds: [] }, nothing, 'passed: nothing that fits'],
  ['as much at the most', { maxMonthlyCost: 99 }, usd(99), 'passed: at most $99 expected, $99 a month'],
  ['less', { maxMonthlyCost: 99 }, usd(1234), 'failed: at most $99 expected, $1,234 a month'],
  ['a little less', { maxMonthlyCost: 99 }, usd(99.3), 'failed: at most $99.00 expected, $99.30 a month'],
  ['a cost where nothing fits', { maxMonthlyCost: 99 }, nothing, 'failed: at most $99 expected, nothing fits'],
  ['another plan', { plan: 'x' }, advises({ plan: 'a' }), 'failed: x expected, a'],
  ['a plan where nothing fits', { plan: 'x' }, nothing, 'failed: x expected, nothing fits'],
  // Tasks may be listed in another order.
  ['the plan', { plan: 'letters=edge/b;faq=cloud-api/a' }, apart, 'passed'],
  ['tasks the other way round', { plan: 'letters=cloud-api/a;faq=edge/b' }, apart, 'failed'],
  ['the shape', { shape: 'single' }, advises({ shape: 'single' }), 'passed'],
  ['another shape', { shape: 'cascade' }, advises({ shape: 'single' }), 'failed: cascade expected, single'],
])('expected: %s', (_, expected, now, told) => {
  const [key] = Object.keys(expected);
  const [{ code, path, state, message }] = expectVerdicts(expected, now()) as [
    ReturnType<typeof expectVerdicts>[number],
  ];
  expect([code, path]).toEqual([`expect.${key}`, ['expect', key]]);
  expect(`${state}: ${message}`).toContain(told);
});

test('several expectations are told apart; a plan that is named is approved; nothing may be expected', () => {
  const all: Expectation = { kinds: ['edge'], plan: 'x', shape: 'cascade', maxMonthlyCost: 1 };
  expect(expectVerdicts(all, base.decision).map(({ code }) => code)).toEqual(
    ['kinds', 'maxMonthlyCost', 'plan', 'shape'].map((key) => `expect.${key}`),
  );
  expect(expectVerdicts(undefined, base.decision)).toEqual([]);
  const plans = ['letters=edge/b;faq=cloud-api/a', 'letters=cloud-api/a;faq=edge/b'];
  expect(plans.map((plan) => approves({ plan }, base.decision, apart()))).toEqual([true, false]);
  const asked: Expectation[] = [{ kinds: [] }, {}, { kinds: ['edge'] }];
  expect(asked.map(expectsNothing)).toEqual([true, false, false]);
});

/** A scenario as read: what it expects, and where its parts stand; a place for each path that is named. */
const readWith = (expected: unknown, places: Record<string, [line: number, column: number]>): ReadScenario =>
  ({
    file: 'a.yaml',
    scenario: { expect: expected },
    at: (path: readonly string[]) => {
      const found = places[path.join('.')];
      return found === undefined ? null : { file: 'a.yaml', line: found[0], column: found[1], excerpt: '' };
    },
  }) as unknown as ReadScenario;
const stepWith = (change: string, causes: { name: string; what: string }[] = []): Step =>
  ({ advice: { change, tasks: [], explainedBy: causes } }) as unknown as Step;
const rulesOf = (...texts: string[]) => readRules(texts).rules;
const told = (asked: Partial<ToJudge>, ...rules: string[]) =>
  judged(
    {
      read: readWith(undefined, {}),
      decision: with_({}) as Decision,
      before: null,
      baseline: null,
      change: null,
      problems: [],
      ...asked,
    },
    rulesOf(...rules),
  );

describe('a scenario judged', () => {
  test('by what it expects, then by the rules: what failed or cannot be told fails it, what is skipped does not', () => {
    const problem = { severity: 'warning', code: 'odd', message: 'it is odd' } as Subject['problems'][number];
    const decision = with_({ monthlyCost: 100, kinds: ['cloud-api'] }) as Decision;
    const read = readWith({ kinds: ['cloud-api'] }, {});
    const { verdicts, ...rest } = told({ read, decision, baseline: 'main', problems: [problem] }, 'cost>100', 'flip');
    expect(rest).toEqual({
      title: 'a.yaml',
      file: 'a.yaml',
      head: null,
      scenario: 'Chatbot',
      status: 'passed',
      exitCode: 0,
      baseline: 'main',
      change: null,
      approved: false,
      decision,
      problems: [problem],
    });
    expect(verdicts.map(({ rule, state: one }) => [rule, one])).toEqual([
      ['expect.kinds', 'passed'],
      ['cost>100', 'passed'],
      ['flip', 'skipped'],
    ]);
    const outcome = (asked: Partial<ToJudge>, ...rules: string[]) => {
      const { status, exitCode } = told({ decision, ...asked }, ...rules);
      return [status, exitCode];
    };
    expect(outcome({}, 'cost>100', 'cost>99', 'flip')).toEqual(['failed', 1]);
    expect(outcome({ untold: 'it is elsewhere' }, 'cost>100')).toEqual(['passed', 0]);
    expect(outcome({ untold: 'it is elsewhere' }, 'flip')).toEqual(['failed', 1]);
    expect(outcome({ decision: with_({ probabilityBest: null }) as Decision }, 'probability<0.5')).toEqual([
      'failed',
      1,
    ]);
    expect(outcome({ read: readWith({ kinds: ['edge'] }, {}) })).toEqual(['failed', 1]);
    expect(outcome({ problems: [problem] }, 'warning')).toEqual(['failed', 1]);
    // That nothing fits is told apart, whatever else failed, unless it is expected.
    const none = nothing() as Decision;
    expect(outcome({ decision: none })).toEqual(['infeasible', 3]);
    expect(outcome({ decision: none }, 'infeasible')).toEqual(['infeasible', 3]);
    expect(outcome({ decision: none, read: readWith({ kinds: [] }, {}) })).toEqual(['passed', 0]);
    expect(outcome({ decision: none, read: readWith({ kinds: ['edge'] }, {}) })).toEqual(['infeasible', 3]);
  });

  test('a flip that expect names is approved; of a switch, or without a baseline, there is nothing to approve', () => {
    const [old, now] = [with_({ kinds: ['cloud-api'] }), with_({ kinds: ['edge'] }) as Decision];
    const read = readWith({ kinds: ['edge'] }, {});
    const asked = { read, decision: now, before: old, change: stepWith('flip') };
    const outcome = (more: Partial<ToJudge>) => {
      const { approved, status } = told({ ...asked, ...more }, 'flip');
      return [approved, status];
    };
    expect(outcome({})).toEqual([true, 'passed']);
    expect(outcome({ read: readWith({}, {}) })).toEqual([false, 'failed']);
    expect(outcome({ change: stepWith('switch') })).toEqual([false, 'passed']);
    expect(outcome({ change: null })).toEqual([false, 'passed']);
    expect(outcome({ before: null })).toEqual([false, 'failed']);
  });

  test('a verdict points to its own place, else to the input that explains the change, else to the head', () => {
    const places = { 'expect.kinds': [9, 3], 'workload.volume': [4, 2], name: [2, 1], workload: [3, 1] } as Record<
      string,
      [number, number]
    >;
    const causes = [
      { name: 'name', what: 'price' },
      { name: 'tasks.faq.share', what: 'input' },
      { name: 'workload.volume', what: 'input' },
    ];
    const where = (asked: Partial<ToJudge>, ...rules: string[]) =>
      told(asked, ...rules).verdicts.map(({ code, path, file, line, column }) => [code, path, file, line, column]);
    const change = stepWith('flip', causes);
    const before = with_({ monthlyCost: 1 });
    expect(
      where({ read: readWith({ kinds: ['edge'], plan: 'x' }, places), change, before }, 'flip', 'cost>1', 'infeasible'),
    ).toEqual([
      ['expect.kinds', 'expect.kinds', 'a.yaml', 9, 3],
      // What it is about does not stand anywhere; its path is told all the same.
      ['expect.plan', 'expect.plan', 'a.yaml', 2, 1],
      ['fail-on.flip', 'workload.volume', 'a.yaml', 4, 2],
      ['fail-on.cost', 'workload.volume', 'a.yaml', 4, 2],
      ['fail-on.infeasible', 'name', 'a.yaml', 2, 1],
    ]);
    // What costs more on the same places points at what the user changed.
    const same = {
      ...stepWith('same'),
      inputs: [
        { path: 'name', originAfter: 'assumed' },
        { path: 'workload.volume', originAfter: 'user' },
      ],
    } as Step;
    expect(where({ read: readWith(undefined, places), change: same, before }, 'cost>+1%', 'flip')).toEqual([
      ['fail-on.cost', 'workload.volume', 'a.yaml', 4, 2],
      ['fail-on.flip', 'name', 'a.yaml', 2, 1],
    ]);
    expect(where({ read: readWith(undefined, places) }, 'flip')).toEqual([['fail-on.flip', 'name', 'a.yaml', 2, 1]]);
    expect(where({ read: readWith(undefined, { workload: [3, 1] }) }, 'flip')).toEqual([
      ['fail-on.flip', 'workload', 'a.yaml', 3, 1],
    ]);
    expect(where({}, 'flip')).toEqual([['fail-on.flip', 'workload', 'a.yaml', null, null]]);
  });
});

test('a report: what cannot be read is worst, then what nothing fits, then what failed', () => {
  const problem = { severity: 'error', code: 'bad', message: 'it is bad' } as Subject['problems'][number];
  const bad = unreadable('b.yaml', [problem]);
  expect(bad).toEqual({
    title: 'b.yaml',
    file: 'b.yaml',
    head: null,
    scenario: null,
    status: 'error',
    exitCode: 2,
    verdicts: [],
    baseline: null,
    change: null,
    approved: false,
    decision: null,
    problems: [problem],
  });
  const passed = told({});
  const failed = told({}, 'cost>0');
  const none = told({ decision: nothing() as Decision });
  const rules = rulesOf('flip', 'cost>1');
  const worst = (...results: ReturnType<typeof told>[]) =>
    checkReport(results, { tool, rules: [], baseline: null }).exitCode;
  expect([worst(), worst(passed), worst(passed, failed), worst(failed, none), worst(none, bad, failed)]).toEqual([
    0, 0, 1, 3, 2,
  ]);
  expect(checkReport([passed, bad], { tool, rules, baseline: 'main' })).toEqual({
    schemaVersion: '1.1.0',
    tool,
    failOn: ['flip', 'cost>1'],
    baseline: 'main',
    results: [passed, bad],
    exitCode: 2,
    refused: false,
  });
});

test('a comparison judged step by step: rules about the last side alone are asked of that one', () => {
  const sides = [100, 200, 300].map(
    (monthlyCost, i) => ({ name: `side ${i}`, decision: with_({ monthlyCost }), judged: null }) as unknown as Compared,
  );
  const [first, , last] = sides as [Compared, Compared, Compared];
  const problem = { severity: 'warning', code: 'odd', message: 'it is odd' } as Subject['problems'][number];
  const steps = [stepWith('flip', [{ name: 'workload.volume', what: 'input' }]), stepWith('same')];
  const unread = {
    name: 'wrong',
    file: 'base.yaml',
    snapshot: '2023-11-30',
    asOf: '2026-11-20',
    why: ['no such card'],
  };
  const told = {
    severity: 'warning',
    code: 'side-unread',
    file: 'base.yaml',
    line: null,
    column: null,
    path: '',
    message: 'cannot be read with wrong: no such card',
    suggestion: null,
    excerpt: null,
  };
  const report = comparedReport(
    { steps } as Comparison,
    [
      first,
      unread,
      sides[1] as Compared,
      { ...last, problems: [problem], judged: { read: readWith({}, { name: [2, 1] }) } as never },
    ],
    rulesOf('flip', 'cost>+10%', 'cost>250', 'warning'),
  );
  expect(report.map(({ verdicts, ...rest }) => rest)).toEqual(
    [0, 1].map((i) => ({
      title: `base.yaml: side ${i} -> side ${i + 1}`,
      file: 'base.yaml',
      head: i === 0 ? null : { file: 'a.yaml', line: 2, column: 1, excerpt: '' },
      scenario: 'Chatbot',
      status: 'failed',
      exitCode: 1,
      baseline: `side ${i}`,
      change: steps[i],
      approved: false,
      decision: (sides[i + 1] as Compared).decision,
      // It stands before the second side.
      problems: i === 0 ? [told] : [],
    })),
  );
  expect(
    report.map(({ verdicts }) =>
      verdicts.map(({ rule, state: one, path, file, line }) => [rule, one, path, file, line]),
    ),
  ).toEqual([
    [
      ['flip', 'failed', 'workload', 'base.yaml', null],
      ['cost>+10%', 'failed', 'workload', 'base.yaml', null],
    ],
    [
      ['flip', 'passed', 'name', 'a.yaml', 2],
      ['cost>+10%', 'failed', 'name', 'a.yaml', 2],
      ['cost>250', 'failed', 'name', 'a.yaml', 2],
      ['warning', 'failed', 'name', 'a.yaml', 2],
    ],
  ]);
  // Where the last side cannot be read, nothing is told of it: it stands for itself, and rules fail.
  const open = comparedReport({ steps } as Comparison, [unread, ...sides, unread], rulesOf('flip', 'cost>250'));
  expect(
    open.map(({ problems, verdicts }) => [problems.length, ...verdicts.map(({ rule, state }) => [rule, state])]),
  ).toEqual([
    [1, ['flip', 'failed']],
    [0, ['flip', 'passed']],
    [1, ['flip', 'unknown'], ['cost>250', 'unknown']],
  ]);
  expect(open[2]).toMatchObject({
    title: 'base.yaml: side 2 -> wrong',
    status: 'failed',
    exitCode: 1,
    baseline: 'side 2',
    change: null,
    decision: null,
  });
  expect(open[2]?.verdicts[1]).toMatchObject({ message: 'wrong cannot be read', code: 'fail-on.cost' });
});

test('results that were kept compare as the decisions they came from, but for proofs', () => {
  const changed = side('changed', ['preferences.only=[cloud-api]']);
  const printed = [base, changed].map(({ decision }) => json(decision as Parameters<typeof json>[0]));
  expect(printed.every(looksLikeResult)).toBe(true);
  expect(looksLikeResult(text)).toBe(false);
  const read = printed.map((one, index) => readResults(one, `${index}.json`));
  expect(read.flatMap(({ problems }) => problems)).toEqual([]);
  const sides = read.map(({ decided }, index) => ({
    name: `${index}.json`,
    decision: decided[0] as Decided,
    judged: null,
  }));
  const comparison = compare(sides, { tool });
  const [step] = comparison.steps;
  expect(comparison.flips).toBe(1);
  expect(step?.advice).toMatchObject({ change: 'flip', proof: 'listed' });
  expect(step?.advice.tasks).toEqual(stepOf(base, changed).advice.tasks);
  expect(step?.prices).toEqual([]);
  const told = compareTable(comparison, { color: false, width: 80, detail: false, failed: [] });
  expect(told).toContain('preferences.only');
  for (const line of told.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  // Several in one file, a line each.
  const lines = printed.map((one) => JSON.stringify(JSON.parse(one))).join('\n');
  expect(readResults(lines, 'all.jsonl').decided).toHaveLength(2);
  // A result of before some keys were there.
  const { basis: _, ...old } = JSON.parse(printed[0] as string) as { basis: unknown };
  expect(readResults(JSON.stringify(old), 'old.json').decided[0]?.basis).toEqual([]);
});
