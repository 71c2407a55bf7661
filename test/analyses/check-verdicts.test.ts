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
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';

const tool = { name: 'deploy-advisor', version: '0.0.0' };
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
const ruled = (rule: string, now: Decided, more: Partial<Subject> = {}) => {
  const [read] = readRules([rule]).rules;
  if (read === undefined) throw new Error(rule);
  return ruleVerdict(read, { now, before: null, step: null, approved: false, problems: [], ...more });
};
const state = (...asked: Parameters<typeof ruled>) => ruled(...asked).state;
const nothing = () => with_({ status: 'infeasible', plan: null, kinds: [], monthlyCost: null, margin: null });

describe('rules on one decision, at their limits', () => {
  test.each<[string, () => Decided, string]>([
    ['cost>100', () => with_({ monthlyCost: 100 }), 'passed'],
    ['cost>100', () => with_({ monthlyCost: 100.01 }), 'failed'],
    ['cost>100', nothing, 'unknown'],
    ['margin<5%', () => with_({ margin: { runnerUp: 'x', percent: 5 } }), 'passed'],
    ['margin<5%', () => with_({ margin: { runnerUp: 'x', percent: 4.99 } }), 'failed'],
    ['margin<5%', () => with_({ margin: null }), 'passed'],
    ['margin<5%', nothing, 'unknown'],
    ['probability<0.7', () => with_({ probabilityBest: 0.7 }), 'passed'],
    ['probability<0.7', () => with_({ probabilityBest: 0.69 }), 'failed'],
    ['probability<0.7', () => with_({ probabilityBest: null }), 'unknown'],
    ['stale>90d', () => with_({}, { ageDays: 90 }), 'passed'],
    ['stale>90d', () => with_({}, { ageDays: 91 }), 'failed'],
    ['infeasible', () => with_({}), 'passed'],
    ['infeasible', nothing, 'failed'],
    ['warning', () => with_({}), 'passed'],
    ['warning', () => ({ ...with_({}), warnings: [{ code: 'x', message: 'y' }] }), 'failed'],
    ['flip', () => with_({}), 'skipped'],
    ['cost>+10%', () => with_({}), 'skipped'],
  ])('%s, case %#', (rule, now, wanted) => {
    expect(state(rule, now())).toBe(wanted);
  });

  test('of what it was before, nothing to compare with is told from what cannot be told', () => {
    for (const rule of ['flip', 'cost>+10%', 'cost>+500']) {
      const found = ruled(rule, with_({}), { untold: 'it is elsewhere' });
      expect(found).toMatchObject({ state: 'unknown', message: 'what it was cannot be told: it is elsewhere' });
      expect(state(rule, with_({}), { untold: null })).toBe('skipped');
    }
    expect(state('cost>100', with_({ monthlyCost: 100 }), { untold: 'it is elsewhere' })).toBe('passed');
  });

  test('a warning of the file itself counts too', () => {
    const problem = { severity: 'warning', code: 'odd', message: 'odd' } as Subject['problems'][number];
    expect(state('warning', with_({}), { problems: [problem] })).toBe('failed');
  });
});

test('rules on a change, at their limits', () => {
  const before = with_({ monthlyCost: 1000 });
  const at = (monthlyCost: number | null) => with_({ monthlyCost });
  expect(state('cost>+10%', at(1100), { before })).toBe('passed');
  expect(state('cost>+10%', at(1100.5), { before })).toBe('failed');
  // What it was is told as exactly as what it is: $77 -> $76.82 would be no rise.
  expect(ruled('cost>+0%', at(76.82), { before: at(76.8) }).message).toBe('$76.80 -> $76.82 a month, limit $76.80');
  expect(state('cost>+100', at(1100), { before })).toBe('passed');
  expect(state('cost>+100', at(1101), { before })).toBe('failed');
  // A fifth more, but for what rounding to 12 digits adds.
  const third = with_({ monthlyCost: 76.8020833333 });
  expect(state('cost>+20%', at(92.1625), { before: third })).toBe('passed');
  expect(state('cost>+20%', at(92.1626), { before: third })).toBe('failed');
  expect(state('cost>+10%', at(null), { before })).toBe('unknown');
  // What fits for the first time has nothing to be more than.
  expect(state('cost>+10%', at(5000), { before: nothing() })).toBe('skipped');
  expect(state('cost>+10%', nothing(), { before: nothing() })).toBe('unknown');
  expect(state('cost>+10%', nothing(), { before })).toBe('unknown');
});

test('where nothing fits, and is expected to, rules of plans are asked of nothing; others are asked all the same', () => {
  const expected = { nothingExpected: true, before: with_({ monthlyCost: 1000 }) };
  for (const rule of ['cost>100', 'cost>+10%', 'margin<5%', 'probability<0.7', 'infeasible']) {
    expect(state(rule, nothing(), expected), rule).toBe('skipped');
    expect(['unknown', 'failed']).toContain(state(rule, nothing(), { ...expected, nothingExpected: false }));
  }
  expect(state('cost>100', with_({ monthlyCost: 101 }), expected)).toBe('failed');
  expect(state('stale>1d', { ...nothing(), tables: { ...base.decision.tables, ageDays: 2 } }, expected)).toBe('failed');
});

test('every verdict says what it looked at', () => {
  const said = (...asked: Parameters<typeof ruled>) => ruled(...asked).message;
  const before = with_({ monthlyCost: 1000 });
  expect(said('cost>100', with_({ monthlyCost: 1234 }))).toBe('$1,234 a month, limit $100');
  // As many places as tell it from the limit.
  expect(said('cost>8000', with_({ monthlyCost: 8000.004 }))).toBe('$8,000.004 a month, limit $8,000.000');
  expect(said('cost>8000', with_({ monthlyCost: 8000.4 }))).toBe('$8,000.40 a month, limit $8,000.00');
  expect(said('cost>8000', with_({ monthlyCost: 8000 }))).toBe('$8,000 a month, limit $8,000');
  expect(said('cost>100', nothing())).toBe('nothing fits, so there is no cost');
  expect(said('cost>+10%', with_({}))).toBe('no baseline to compare with');
  expect(said('cost>+10%', with_({ monthlyCost: 1100 }), { before })).toBe('$1,000 -> $1,100 a month, limit $1,100');
  expect(said('cost>+10%', nothing(), { before })).toBe('nothing fits now, so there is no cost to compare');
  expect(said('cost>+10%', with_({}), { before: nothing() })).toBe(
    'nothing fits before, so there is no cost to compare',
  );
  expect(said('margin<5%', with_({ margin: { runnerUp: 'x', percent: 3 } }))).toBe(
    'the closest alternative costs 3 % more: x',
  );
  expect(said('margin<5%', with_({ margin: { runnerUp: 'x', percent: 4.99 } }))).toBe(
    'the closest alternative costs 4.99 % more: x',
  );
  // One as good as equal may be dearer and simpler.
  expect(said('margin<5%', with_({ margin: { runnerUp: 'x', percent: -0.5 } }))).toBe(
    'the closest alternative costs 0.5 % less: x',
  );
  expect(said('margin<5%', with_({ margin: null }))).toBe('no plan of other kinds fits');
  expect(said('margin<5%', nothing())).toBe('nothing fits');
  expect(said('probability<0.7', with_({ probabilityBest: 0.69 }))).toBe('best in 69 % of the simulations');
  expect(said('probability<0.7', with_({ probabilityBest: 0.6996 }))).toBe('best in 69.96 % of the simulations');
  expect(said('probability<0.7', with_({ probabilityBest: null }))).toBe('nothing was drawn');
  expect(
    said('probability<0.7', { ...nothing(), recommendation: { ...nothing().recommendation, probabilityBest: null } }),
  ).toBe('nothing fits');
  const odd = { severity: 'warning', code: 'odd', message: 'it is odd' } as Subject['problems'][number];
  const wrong = { ...odd, severity: 'error', message: 'it is wrong' } as Subject['problems'][number];
  expect(said('warning', with_({}), { problems: [wrong] })).toBe('no warnings');
  const warned = { ...with_({}), warnings: [{ code: 'x', message: 'y' }] };
  expect(said('warning', warned, { problems: [odd, wrong] })).toBe('odd: it is odd; x: y');
  expect(said('flip', with_({}))).toBe('no baseline to compare with');
  const step = (change: string) =>
    ({
      advice: {
        change,
        tasks: [
          { task: 'faq', before: ['cloud-api'], after: ['edge', 'on-prem'] },
          { task: 'b', before: [], after: ['edge'] },
        ],
      },
    }) as unknown as Subject['step'];
  expect(said('flip', with_({}), { step: step('switch') })).toBe(
    'every task runs on the same deployment type as before',
  );
  const moved = 'the advice changed: faq: cloud-api -> edge + on-prem; b: nothing that fits -> edge';
  expect(ruled('flip', with_({}), { step: step('flip') })).toMatchObject({ state: 'failed', message: moved });
  expect(ruled('flip', with_({}), { step: step('flip'), approved: true })).toMatchObject({
    state: 'passed',
    message: `${moved}, as expect says`,
  });
});

test('expectations say what was expected and what is advised', () => {
  const { kinds, plan, shape, monthlyCost } = base.decision.recommendation;
  const met = {
    kinds: [...kinds].reverse(),
    plan: plan as string,
    shape: shape as string,
    maxMonthlyCost: monthlyCost as number,
  };
  expect(expectVerdicts(met, base.decision).map(({ state: one }) => one)).toEqual(Array(4).fill('passed'));
  const missed = {
    kinds: [...kinds, 'edge' as const],
    plan: 'x',
    shape: 'x',
    maxMonthlyCost: (monthlyCost as number) - 0.01,
  };
  expect(expectVerdicts(missed, base.decision).map(({ code, state: one, path }) => [code, one, path])).toEqual(
    ['kinds', 'maxMonthlyCost', 'plan', 'shape'].map((key) => [`expect.${key}`, 'failed', ['expect', key]]),
  );
  expect(expectVerdicts(undefined, base.decision)).toEqual([]);
  const [expected, advised] = [
    { ...missed, kinds: ['edge' as const, 'on-prem' as const], maxMonthlyCost: 99 },
    with_({ kinds: ['cloud-api'], plan: 'a', shape: 'single', monthlyCost: 1234 }),
  ];
  const said = (now: Decided) => expectVerdicts(expected, now).map(({ message }) => message);
  expect(said(advised)).toEqual([
    'edge + on-prem expected, cloud-api advised',
    'at most $99 expected, $1,234 a month',
    'x expected, a',
    'x expected, single',
  ]);
  expect(said(with_({ monthlyCost: 99.3 }))[1]).toBe('at most $99.00 expected, $99.30 a month');
  expect(said(with_({ kinds: [], plan: null, shape: null, monthlyCost: null }))).toEqual([
    'edge + on-prem expected, nothing that fits advised',
    'at most $99 expected, nothing fits',
    'x expected, nothing fits',
    'x expected, nothing fits',
  ]);
  // Tasks may be listed in another order.
  const two = with_({ plan: 'faq=cloud-api/a;letters=edge/b' });
  const plans = ['letters=edge/b;faq=cloud-api/a', 'letters=cloud-api/a;faq=edge/b'];
  expect(plans.map((one) => expectVerdicts({ plan: one }, two)[0]?.state)).toEqual(['passed', 'failed']);
  expect(plans.map((one) => approves({ plan: one }, base.decision, two))).toEqual([true, false]);
  expect(expectVerdicts({ maxMonthlyCost: 5 }, nothing()).map(({ state: one }) => one)).toEqual(['failed']);
  expect(
    expectVerdicts({ kinds: ['edge'] }, with_({ kinds: ['edge', 'on-prem'] })).map(({ state: one }) => one),
  ).toEqual(['failed']);
  expect(expectVerdicts({ kinds: [] }, nothing()).map(({ state: one }) => one)).toEqual(['passed']);
  expect([expectsNothing({ kinds: [] }), expectsNothing({}), expectsNothing({ kinds: ['edge'] })]).toEqual([
    true,
    false,
    false,
  ]);
});

test('one option for everything may be expected task by task', () => {
  const plan = 'cloud-api/a';
  const assignments = ['faq', 'letters'].map((task) => ({ task, option: plan }));
  const one = with_({ plan, assignments });
  const plans = [
    'cloud-api/a',
    'letters=cloud-api/a;faq=cloud-api/a',
    'faq=cloud-api/a',
    'faq=cloud-api/a;letters=edge/b',
  ];
  const stateOf = (expected: string) => expectVerdicts({ plan: expected }, one)[0]?.state;
  expect(plans.map(stateOf)).toEqual(['passed', 'passed', 'failed', 'failed']);
});

test('a flip is approved where expect names the new advice and not the old one', () => {
  const [old, now] = [with_({ kinds: ['cloud-api'], plan: 'a' }), with_({ kinds: ['edge'], plan: 'b' })];
  expect(approves({ kinds: ['edge'] }, old, now)).toBe(true);
  expect(approves({ plan: 'b' }, old, now)).toBe(true);
  expect(approves({ kinds: ['cloud-api'] }, old, now)).toBe(false);
  expect(approves({ kinds: ['edge'], plan: 'c' }, old, now)).toBe(false);
  expect(approves({ maxMonthlyCost: 5 }, old, now)).toBe(false);
  expect(approves(undefined, old, now)).toBe(false);
  expect(approves({ kinds: ['edge'] }, now, now)).toBe(false);
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
  test('by itself where warnings fail it: those of its baseline are told, and are none of its own', () => {
    const problem = (code: string) => ({ severity: 'warning', code, message: 'said' }) as Subject['problems'][number];
    const found = told({ ofBaseline: [problem('baseline-unread')] }, 'warning');
    expect([found.exitCode, found.problems.map(({ code }) => code)]).toEqual([0, ['baseline-unread']]);
    expect(told({ problems: [problem('odd')], ofBaseline: [problem('baseline-unread')] }, 'warning')).toMatchObject({
      exitCode: 1,
      verdicts: [{ message: 'odd: said' }],
      problems: [{ code: 'odd' }, { code: 'baseline-unread' }],
    });
  });

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
  const ends = comparedReport({ steps } as Comparison, [...sides, { ...unread, name: 'worse' }, unread], []);
  expect(
    ends.slice(2).map(({ title, status, exitCode, problems }) => [title, status, exitCode, problems.length]),
  ).toEqual([
    ['base.yaml: side 2 -> worse', 'passed', 0, 1],
    ['base.yaml: side 2 -> wrong', 'passed', 0, 1],
  ]);
  const asked = comparedReport(
    { steps } as Comparison,
    [...sides, { ...unread, name: 'worse' }, unread],
    rulesOf('flip'),
  );
  expect(asked.map(({ verdicts }) => verdicts.map(({ state }) => state))).toEqual([
    ['failed'],
    ['passed'],
    [],
    ['unknown'],
  ]);
  // A side that tells of no problems has none.
  const fine = comparedReport({ steps: [stepWith('same')] } as Comparison, sides.slice(0, 2), rulesOf('warning'));
  expect(fine).toMatchObject([{ status: 'passed', exitCode: 0, verdicts: [{ state: 'passed' }] }]);
  const unknown = comparedReport(
    { steps: [stepWith('same')] } as Comparison,
    [first, { ...last, decision: with_({ probabilityBest: null }) }],
    rulesOf('probability<0.5'),
  );
  expect(unknown).toMatchObject([{ status: 'failed', exitCode: 1, verdicts: [{ state: 'unknown' }] }]);
});

describe('comparing', () => {
  test('a side with itself: nothing moved, the same plan', () => {
    const step = stepOf(base, side('base', []));
    expect(step).toMatchObject({ inputs: [], prices: [], advice: { change: 'same', tasks: [], explainedBy: [] } });
    expect(step.plans.every(({ change }) => change === 0 || change === null)).toBe(true);
  });

  test('of several changed inputs those that explain the flip are named, and no others', () => {
    const changed = side('changed', [
      'workload.volume=60k/day',
      'tasks.letters.thinking=allowed',
      'preferences.only=[cloud-api]',
    ]);
    const { advice, inputs, plans } = stepOf(base, changed);
    expect(inputs.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['workload.volume', 'preferences.only', 'tasks.letters.thinking']),
    );
    expect(advice).toMatchObject({ change: 'flip', proof: 'decided' });
    expect(advice.explainedBy.map(({ name }) => name)).toEqual(['preferences.only']);
    expect(advice.tasks.every(({ after }) => after.join() === 'cloud-api')).toBe(true);
    // The plan of before is priced at the new volume: a fifth more requests, a fifth more tokens.
    const plan = plans.find(({ plan: id }) => id === advice.planBefore);
    expect(plan?.percent).toBeCloseTo(20, 0);
  });

  test('an input that is no longer there explains a flip too', () => {
    const before = side('before', ['preferences.only=[cloud-api]', 'budget.monthly=5000']);
    const { advice } = stepOf(before, side('after', ['preferences=null']));
    expect(advice).toMatchObject({ change: 'flip', proof: 'decided' });
    expect(advice.explainedBy).toMatchObject([{ name: 'preferences.only', change: 'removed' }]);
  });

  test('a task under another name on another deployment type is a flip all the same', () => {
    const renamed = (set: readonly string[]) => {
      const { scenario } = readScenario(
        text.replace('name: support', 'name: help').replace('name: letters', 'name: post'),
        {
          file: 'renamed.yaml',
          tables: judge.tables,
          asOf,
          set,
        },
      );
      if (scenario === null) throw new Error('renamed.yaml');
      const decision = decide(scenario, judge, { tool, draws: false });
      return { name: 'renamed', decision, judged: judgedBy(scenario, judge) };
    };
    expect(stepOf(base, renamed([])).advice.change).not.toBe('flip');
    expect(stepOf(base, renamed(['preferences.only=[cloud-api]'])).advice).toMatchObject({
      change: 'flip',
      tasks: [{ task: 'all tasks', after: ['cloud-api'] }],
    });
  });

  test('a task more is no flip; it and the shares change together', () => {
    const [start = '', rest = ''] = text.split('  - {name: letters');
    const only = readScenario(`${start.replace('share: 50%, ', '')}${rest.slice(rest.indexOf('\n') + 1)}`, {
      file: 'one.yaml',
      tables: judge.tables,
      asOf,
    }).scenario;
    if (only === null) throw new Error('one.yaml');
    const one: Compared = {
      name: 'one',
      decision: decide(only, judge, { tool, draws: false }),
      judged: judgedBy(only, judge),
    };
    expect(stepOf(one, base).advice.tasks).toEqual([]);
    expect(stepOf(one, base).inputs.map(({ path }) => path)).toContain('tasks.letters.type');
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

  test.each([
    ['[]', 'not-a-result'],
    ['{"schemaVersion": "2.0.0"}', 'not-a-result'],
    ['{"schemaVersion": "1.0.0", "scenario": 7}', 'not-a-result'],
    ['{"results": [{"decision": {}}]}', 'not-a-result'],
    ['{"results": []}', 'not-a-result'],
    ['{"schemaVersion": "1.0.0", "errors": []}', 'not-a-result'],
    ['{', 'not-json'],
    ['', 'not-json'],
  ])('%s is no result', (written, code) => {
    const { decided, problems } = readResults(written, 'x.json');
    expect(decided).toEqual([]);
    expect(problems[0]).toMatchObject({ code, file: 'x.json', line: 1 });
  });
});
