import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
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
import { casesIn } from '../support/cases.js';
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

const known: Record<string, () => Partial<Subject>> = {
  'an error': () => ({ problems: [problem('error')] }),
  'a warning': () => ({ problems: [problem('warning'), problem('error')] }),
  untold: () => ({ untold: 'it is elsewhere' }),
  'a switch': () => ({ step: stepOn('switch') }),
  'a flip': () => ({ step: stepOn('flip') }),
  'an approved flip': () => ({ step: stepOn('flip'), approved: true }),
  'nothing expected': () => ({ nothingExpected: true }),
};
const now = z.union([z.literal('nothing'), z.record(z.string(), z.unknown())]);
const cases = casesIn('check-verdicts', {
  rules: {
    ...{ rule: z.string(), now, ageDays: z.number().optional(), warnings: z.literal(true).optional() },
    ...{ before: z.union([z.literal('nothing'), z.number()]).optional(), besides: z.string().optional() },
    ...{ is: z.string(), says: z.string().optional() },
  },
  expected: { what: z.string(), expect: z.record(z.string(), z.unknown()), now, says: z.string() },
});
const decidedAs = (changed: z.infer<typeof now>, ageDays?: number): Decided =>
  changed === 'nothing' ? nothing() : with_(changed, ageDays === undefined ? {} : { ageDays });

test.each(cases.rules)('$rule, case %#', ({ rule, now, ageDays, warnings, before, besides, is, says }) => {
  const decision = decidedAs(now, ageDays);
  if (warnings) decision.warnings = [{ code: 'x', message: 'y' }];
  const more = besides === undefined ? {} : known[besides]?.();
  if (more === undefined) throw new Error(`nothing is called ${besides}`);
  const then = before === undefined ? null : decidedAs(before === 'nothing' ? before : { monthlyCost: before });
  expect(ruled(rule, decision, { before: then, ...more })).toMatchObject({
    state: is,
    ...(says !== undefined && { message: says }),
  });
});

type Expectation = NonNullable<Scenario['expect']>;
test.each(cases.expected)('expected: $what', ({ expect: expected, now, says }) => {
  const [key] = Object.keys(expected);
  const [{ code, path, state, message }] = expectVerdicts(expected as Expectation, decidedAs(now)) as [
    ReturnType<typeof expectVerdicts>[number],
  ];
  expect([code, path]).toEqual([`expect.${key}`, ['expect', key]]);
  expect(`${state}: ${message}`).toContain(says);
});

test('several expectations are told apart; a plan that is named is approved; nothing may be expected', () => {
  const all: Expectation = { kinds: ['edge'], plan: 'x', shape: 'cascade', maxMonthlyCost: 1 };
  expect(expectVerdicts(all, base.decision).map(({ code }) => code)).toEqual(
    ['kinds', 'maxMonthlyCost', 'plan', 'shape'].map((key) => `expect.${key}`),
  );
  expect(expectVerdicts(undefined, base.decision)).toEqual([]);
  const plans = ['letters=edge/b;faq=cloud-api/a', 'letters=cloud-api/a;faq=edge/b'];
  expect(
    plans.map((plan) => approves({ plan }, base.decision, with_({ plan: 'faq=cloud-api/a;letters=edge/b' }))),
  ).toEqual([true, false]);
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
