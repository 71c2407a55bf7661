import { expect, test } from 'vitest';
import { planCosts } from '../../src/analyses/compare/causes.js';
import { type Compared, compare, stepOf, type Unread } from '../../src/analyses/compare/compare.js';
import { movedInputs, movedPrices } from '../../src/analyses/compare/moved.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';
import type { Context } from '../../src/places/placement.js';
import { tool } from '../support/scenario.js';

/** Kept results compared, of which a test writes down what it is about. */

type Basis = Decided['basis'][number];
const billed = (row: string, value: number, more: Partial<Basis> = {}): Basis => ({
  table: 'api',
  row,
  figure: 'input',
  value,
  unit: 'USD/1e6',
  source: `${row} page`,
  date: '2026-11-01',
  plans: ['cloud-api/a'],
  ...more,
});
type More = { [Key in keyof Decided]?: Decided[Key] extends readonly unknown[] ? Decided[Key] : Partial<Decided[Key]> };
const decided = ({ scenario, tables, recommendation, ...lists }: More = {}): Decided => ({
  scenario: { name: 'faq', file: 'faq.yaml', sha256: '', given: [], assumed: [], ...scenario },
  tables: { snapshot: '2026-11-01', asOf: '2026-11-20', ageDays: 19, sha256: 'x', priceBook: null, ...tables },
  recommendation: {
    status: 'recommended',
    plan: 'cloud-api/a',
    label: 'a',
    kinds: ['cloud-api'],
    monthlyCost: 100,
    assignments: [{ task: 'faq', option: 'cloud-api/a' }],
    cheapest: { plan: 'cloud-api/a', monthlyCost: 100 },
    shape: 'single',
    margin: null,
    probabilityBest: null,
    totalCost: null,
    ...recommendation,
  },
  scorecard: [],
  basis: [],
  asked: [],
  options: [],
  warnings: [],
  ...lists,
});
const input = (path: string, value: string) => ({ path, value });

test('inputs that moved, whoever said them: changed, then added, then removed', () => {
  const before = decided({
    scenario: {
      given: [input('a', '1'), input('b', '2'), input('gone', '3')],
      assumed: [input('c', '4'), input('d', '5'), input('usual', '6')],
    },
  });
  const after = decided({
    scenario: {
      given: [input('a', '1'), input('b', '9'), input('d', '5'), input('c', '7'), input('new', '8')],
      assumed: [input('default', '0')],
    },
  });
  expect(movedInputs(before, after)).toEqual([
    { path: 'b', before: '2', after: '9', originBefore: 'user', originAfter: 'user' },
    { path: 'c', before: '4', after: '7', originBefore: 'assumed', originAfter: 'user' },
    { path: 'default', before: null, after: '0', originBefore: null, originAfter: 'assumed' },
    { path: 'new', before: null, after: '8', originBefore: null, originAfter: 'user' },
    { path: 'usual', before: '6', after: null, originBefore: 'assumed', originAfter: null },
    { path: 'gone', before: '3', after: null, originBefore: 'user', originAfter: null },
  ]);
  expect(movedInputs(before, before)).toEqual([]);
});

test('a parameter that one side sets is compared with what it stands at in the other', () => {
  const row = (name: string, low: number, likely: number, high: number, unit: string, drawn = true) =>
    [name, { name, low, likely, high, unit, drawn }] as const;
  const parameterOf = new Map([
    row('fixed', 0.01, 0.01, 0.01, 'fraction'),
    row('choice', 1, 12, 60, 'months', false),
    row('estimate', 0, 0.05, 0.1, 'fraction/year'),
    row('as', 1, 2, 3, 'USD'),
  ]);
  const assume = (name: string) => (name === 'as' ? 2.5 : (parameterOf.get(name)?.likely ?? Number.NaN));
  const context = { workload: { assume }, tables: { parameterOf } } as unknown as Context;
  const set = (...given: ReturnType<typeof input>[]) => decided({ scenario: { given, assumed: [] } });
  const silent = set();
  const written = set(
    input('assumptions.fixed', '1%'),
    input('assumptions.choice', '12'),
    input('assumptions.estimate', '5%'),
    input('assumptions.as', '2'),
    input('assumptions.unknown', '1'),
  );
  const told = (moved: ReturnType<typeof movedInputs>) => moved.map(({ path, before, after }) => [path, before, after]);
  expect(told(movedInputs(silent, written, [context, context]))).toEqual([
    ['assumptions.estimate', '5% (0% to 10%)', '5%'],
    ['assumptions.as', '2.5', '2'],
    ['assumptions.unknown', null, '1'],
  ]);
  expect(told(movedInputs(written, silent, [context, context]))).toEqual([
    ['assumptions.estimate', '5%', '5% (0% to 10%)'],
    ['assumptions.as', '2', '2.5'],
    ['assumptions.unknown', '1', null],
  ]);
  expect(movedInputs(silent, written, [context, context])[0]).toMatchObject({
    originBefore: 'assumed',
    originAfter: 'user',
  });
  // A range is given end by end.
  const ends = set(input('assumptions.estimate.low', '0%'), input('assumptions.estimate.high', '20%'));
  expect(told(movedInputs(silent, ends, [context, context]))).toEqual([['assumptions.estimate.high', '10%', '20%']]);
  // Of a result that was kept only what it says is known.
  expect(movedInputs(silent, written)).toHaveLength(5);
});

test('of bills alone: figures of both that are not the same, and prices that the advised plan gained or lost', () => {
  const before = decided({
    tables: { sha256: 'x' },
    basis: [
      billed('same', 1),
      billed('up', 10),
      billed('far', 10, { plans: ['other'] }),
      billed('lost', 3),
      billed('lost elsewhere', 3, { plans: ['other'] }),
    ],
  });
  const after = decided({
    tables: { sha256: 'y' },
    recommendation: { plan: 'cloud-api/b' },
    basis: [
      billed('same', 1),
      billed('up', 12, { source: 'new page', plans: ['cloud-api/b'] }),
      billed('far', 90, { plans: ['other'] }),
      billed('gained', 4, { plans: ['cloud-api/b'] }),
      billed('gained row', 4),
      billed('assumed', 4, { table: 'assumptions', plans: ['cloud-api/b'] }),
    ],
  });
  const told = movedPrices(before, after, null);
  expect(
    told.map((one) => [one.row, one.before, one.after, one.percent, one.billedBefore, one.billedAfter, one.source]),
  ).toEqual([
    ['up', 10, 12, 20, true, true, 'new page'],
    ['gained', null, 4, null, false, true, 'gained page'],
    ['lost', 3, null, null, true, false, 'lost page'],
    ['far', 10, 90, 800, false, false, 'far page'],
  ]);
  expect(told[0]).toMatchObject({ table: 'api', figure: 'input', date: '2026-11-01' });
  // Of a row in one bill alone it is not known whether it was on sale on the other side.
  expect(told.map(({ change }) => change)).toEqual(['changed', null, null, 'changed']);
  // Of the same tables none moved, unless other prices lie over them.
  const same = (more: Partial<Decided['tables']>) =>
    movedPrices(before, { ...after, tables: { ...after.tables, sha256: 'x', ...more } }, null).length;
  expect([same({}), same({ priceBook: 'ours' }), same({ sha256: 'z' })]).toEqual([0, 4, 4]);
  const nothing = { ...after, recommendation: { ...after.recommendation, plan: null } };
  expect(movedPrices(before, nothing, null).map(({ row, billedAfter }) => [row, billedAfter])).toEqual([['up', false], ['lost', false], ['far', false]]); // biome-ignore format: a table
});

test('plans on both sides: those advised first, then the best of each kind; what is not known anywhere has no cost', () => {
  const row = (kind: 'edge' | 'on-prem', option: string | null, monthlyCost: number | null, feasible = true) => ({
    kind,
    option,
    monthlyCost,
    feasible,
  });
  const listed = (id: string, monthlyCost: number | null) => ({
    id,
    kind: 'edge' as const,
    provider: 'users',
    model: 'qwen',
    mode: 'standard',
    quantization: 'int4-awq',
    instance: id,
    purchase: null,
    feasible: true,
    monthlyCost,
  });
  const before = decided({
    scorecard: [row('edge', 'edge/e', 50), row('on-prem', 'on-prem/o', 80, false)],
    options: [listed('cloud-api/b', 120)],
  });
  const after = decided({
    recommendation: { plan: 'cloud-api/b', label: 'b', monthlyCost: 90 },
    scorecard: [row('edge', null, null, false), row('on-prem', 'on-prem/o', 100)],
    options: [listed('edge/e', 75)],
    asked: [{ id: 'cloud-api/a', feasible: false, monthlyCost: 150, label: 'a' }],
  });
  const costs = planCosts({ decision: before, context: null }, { decision: after, context: null });
  const side = ({ monthlyCost, feasible, as }: (typeof costs)[number]['before']) => [monthlyCost, feasible, as];
  expect(
    costs.map(({ plan, label, before, after, change, percent }) => [
      ...[plan, label, side(before), side(after), change, percent],
    ]),
  ).toEqual([
    ['cloud-api/a', 'a', [100, true, 'advised'], [150, false, null], 50, 50],
    ['cloud-api/b', 'b', [120, true, null], [90, true, 'advised'], -30, -25],
    ['edge/e', 'edge/e', [50, true, 'edge'], [75, true, null], 25, 50],
    ['on-prem/o', 'on-prem/o', [80, false, 'on-prem'], [100, true, 'on-prem'], 20, 25],
  ]);
  // One that is advised on both sides is told before all others.
  const both = decided({ scorecard: [row('edge', 'edge/e', 50)], recommendation: { plan: 'edge/z', monthlyCost: 10 } });
  expect(
    planCosts(
      { decision: decided({ scorecard: [row('edge', 'edge/z', 9)] }), context: null },
      { decision: both, context: null },
    ).map(({ plan, before: old }) => [plan, old.as]),
  ).toEqual([
    ['edge/z', 'edge'],
    ['cloud-api/a', 'advised'],
    ['edge/e', null],
  ]);
});

const side = (name: string, decision: Decided): Compared => ({ name, decision, judged: null });
test('a flip between kept results is explained by what moved of the bills of either plan, and by what the user changed', () => {
  const moved = { plan: 'edge/e', kinds: ['edge' as const], assignments: [{ task: 'faq', option: 'edge/e' }] };
  const before = decided({
    scenario: { given: [input('a', '1'), input('gone', '2')], assumed: [input('usual', '3'), input('said', '4')] },
    basis: [billed('up', 10), billed('elsewhere', 1, { plans: ['other'] })],
  });
  const after = decided({
    tables: { sha256: 'y' },
    recommendation: moved,
    scenario: { given: [input('a', '9'), input('new', '5'), input('said', '6')], assumed: [input('usual', '7')] },
    basis: [billed('up', 12), billed('elsewhere', 2, { plans: ['other'] }), billed('own', 3, { plans: ['edge/e'] })],
  });
  const { advice } = stepOf(side('before', before), side('after', after));
  expect(advice).toMatchObject({
    change: 'flip',
    proof: 'listed',
    tasks: [{ task: 'faq', before: ['cloud-api'], after: ['edge'] }],
  });
  expect(
    advice.explainedBy.map(({ what, table, name, change, figures, source, date }) => [
      what,
      table,
      name,
      change,
      figures,
      source,
      date,
    ]),
  ).toEqual([
    ['input', null, 'a', 'changed', [{ figure: 'a', before: '1', after: '9' }], null, null],
    ['input', null, 'said', 'changed', [{ figure: 'said', before: '4', after: '6' }], null, null],
    ['input', null, 'new', 'added', [{ figure: 'new', before: null, after: '5' }], null, null],
    ['input', null, 'gone', 'removed', [{ figure: 'gone', before: '2', after: null }], null, null],
    ['price', 'api', 'up', 'changed', [{ figure: 'input', before: 10, after: 12 }], 'up page', '2026-11-01'],
    ['price', 'api', 'own', 'changed', [{ figure: 'input', before: null, after: 3 }], 'own page', '2026-11-01'],
  ]);
  const nothing = stepOf(side('before', decided()), side('after', decided({ recommendation: moved })));
  expect(nothing.advice).toMatchObject({ change: 'flip', explainedBy: [], proof: null });
});

const unread: Unread = {
  name: 'old',
  file: 'old.yaml',
  snapshot: '2025-01-01',
  asOf: '2025-01-20',
  why: ['no such model'],
};

test('sides in the order asked for; one that cannot be read has no step, and the next is held against the one before it', () => {
  const dearer = decided({
    recommendation: { plan: 'cloud-api/b', monthlyCost: 125, cheapest: { plan: 'cloud-api/c', monthlyCost: 110 } },
  });
  const moved = decided({
    recommendation: {
      plan: 'edge/e',
      kinds: ['edge'],
      assignments: [{ task: 'faq', option: 'edge/e' }],
      cheapest: null,
    },
  });
  const { sides, steps, ...rest } = compare(
    [side('first', decided()), unread, side('second', dearer), side('third', moved)],
    { tool },
  );
  expect(rest).toEqual({ schemaVersion: '1.1.0', tool, flips: 1 });
  expect(sides).toEqual([
    {
      name: 'first',
      file: 'faq.yaml',
      scenario: 'faq',
      snapshot: '2026-11-01',
      asOf: '2026-11-20',
      status: 'recommended',
      unread: [],
      plan: 'cloud-api/a',
      label: 'a',
      kinds: ['cloud-api'],
      monthlyCost: 100,
      costChange: null,
      cheapest: { plan: 'cloud-api/a', monthlyCost: 100 },
      cheapestChange: null,
    },
    {
      name: 'old',
      file: 'old.yaml',
      scenario: '',
      snapshot: '2025-01-01',
      asOf: '2025-01-20',
      status: 'unread',
      unread: ['no such model'],
      plan: null,
      label: null,
      kinds: [],
      monthlyCost: null,
      costChange: null,
      cheapest: null,
      cheapestChange: null,
    },
    expect.objectContaining({ name: 'second', costChange: 25, cheapestChange: 10 }),
    expect.objectContaining({ name: 'third', costChange: -20, cheapestChange: null, cheapest: null }),
  ]);
  expect(steps.map(({ from, to, advice }) => [from, to, advice.change, advice.planBefore, advice.planAfter])).toEqual([
    ['first', 'second', 'switch', 'cloud-api/a', 'cloud-api/b'],
    ['second', 'third', 'flip', 'cloud-api/b', 'edge/e'],
  ]);
  expect(stepOf(side('first', decided()), side('again', decided())).advice).toEqual({
    change: 'same',
    tasks: [],
    planBefore: 'cloud-api/a',
    planAfter: 'cloud-api/a',
    explainedBy: [],
    proof: null,
  });
});
