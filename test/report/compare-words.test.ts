import { expect, test } from 'vitest';
import type { Cause, MovedPrice, PlanCost, Side, Step } from '../../src/analyses/compare/comparison.js';
import { adviceText, causeTexts, compareTable, movedRows, roleText, stepParts } from '../../src/report/compare.js';
import { columns } from '../../src/report/printable.js';
import { renderText } from '../../src/report/text.js';

const price = (more: Partial<MovedPrice>): MovedPrice => ({
  ...{
    table: 'api',
    row: 'a/b',
    formerRow: null,
    figure: 'input_usd_per_mtok',
    change: 'changed',
    before: 1,
    after: 2,
    percent: 100,
  },
  ...{ source: 'page', date: '2026-11-01', billedBefore: true, billedAfter: true },
  ...more,
});
const told = (...prices: Partial<MovedPrice>[]) => movedRows(prices.map(price)).map(({ text }) => text);

test('a row is new or gone where it was on sale on one side; a figure may be new of a row that was', () => {
  expect(told({})).toEqual(['input_usd_per_mtok 1 -> 2 (+100 %)']);
  const limit = { figure: 'max_output', percent: null };
  expect(told({ ...limit, before: null, after: 32768 })).toEqual(['max_output none -> 32768']);
  expect(told({ ...limit, before: 32768, after: null })).toEqual(['max_output 32768 -> none']);
  const cached = { figure: 'cached_input_usd_per_mtok', before: null, after: 0.1, percent: null };
  expect(told(cached)).toEqual(['cached_input_usd_per_mtok none -> 0.1']);
  expect(told({ change: 'added', before: null }, { ...cached, change: 'added' })).toEqual([
    'new: input_usd_per_mtok 2, cached_input_usd_per_mtok 0.1',
  ]);
  expect(told({ change: 'removed', after: null })).toEqual(['gone: input_usd_per_mtok 1']);
});

test('a row that bills a plan in place of another is told with it, apart from what became of the row itself', () => {
  const added = { change: 'added' as const, before: null, percent: null };
  expect(told({ ...added, after: 3 }, { formerRow: 'a/old', before: 6, after: 3, percent: -50 })).toEqual([
    'new: input_usd_per_mtok 3',
    'in place of a/old: input_usd_per_mtok 6 -> 3 (-50 %)',
  ]);
});

test('of results alone it is told in which bills a row is', () => {
  expect(told({ change: null, before: null })).toEqual(['billed now: input_usd_per_mtok 2']);
  expect(told({ change: null, after: null })).toEqual(['billed before: input_usd_per_mtok 1']);
});

test('what explains a flip says of such a row in which bills it is, not that it is new or gone', () => {
  const cause = (name: string, before: number | null, after: number | null): Cause => ({
    ...{ what: 'price', table: 'api', name, change: 'changed', source: 'page', date: '2026-11-01' },
    figures: [{ figure: 'price of input', before, after }],
  });
  const explainedBy = [cause('a/b', 3, 2), cause('a/gained', null, 2), cause('a/lost', 1, null)];
  const moved = (row: string, more: Partial<MovedPrice>) => price({ row, figure: 'price of input', ...more });
  const prices = [
    moved('a/b', { before: 3, after: 2 }),
    moved('a/gained', { change: null, before: null, percent: null }),
    moved('a/lost', { change: null, after: null, percent: null }),
  ];
  const step = { advice: { explainedBy }, prices } as unknown as Step;
  expect(causeTexts(step)).toEqual([
    'api a/b: price of input 3 -> 2',
    'api a/gained: billed now: price of input 2',
    'api a/lost: billed before: price of input 1',
  ]);
  // A figure of a row that is on both lists may be new or gone.
  const known = { ...step, prices: prices.map((one) => ({ ...one, change: 'changed' as const })) };
  expect(causeTexts(known).slice(1)).toEqual([
    'api a/gained: price of input none -> 2',
    'api a/lost: price of input 1 -> none',
  ]);
});

const cost = (before: Partial<PlanCost['before']>, after: Partial<PlanCost['after']>): PlanCost => {
  const usual = { monthlyCost: 77, feasible: true, as: null };
  return {
    plan: 'a',
    label: 'a',
    before: { ...usual, ...before },
    after: { ...usual, ...after },
    change: 0,
    percent: 0,
  };
};

test('a plan says what it is on both sides, and where a rule turns it down', () => {
  expect(roleText(cost({ as: 'advised' }, { as: 'advised' }))).toBe('advised');
  expect(roleText(cost({ as: 'advised' }, { as: 'edge' }))).toBe('advised before, best on-device now');
  expect(roleText(cost({ as: 'advised' }, { feasible: false }))).toBe('advised before, not allowed now');
  expect(roleText(cost({ feasible: false }, { as: 'advised' }))).toBe('advised now, not allowed before');
  expect(roleText(cost({ feasible: false }, { feasible: false }))).toBe('not allowed');
  // What cannot run, or is not on sale, has no cost to show.
  expect(roleText(cost({ as: 'edge' }, { monthlyCost: null, feasible: false }))).toBe('best on-device before');
});

test('no plan on either side is no plan that stays the same', () => {
  const step = (planAfter: string | null) => ({ advice: { change: 'same', planAfter } }) as Step;
  expect([adviceText(step('a')), adviceText(step(null))]).toEqual(['the same plan', 'nothing fits, as before']);
});

const side = (name: string, more: Partial<Side> = {}): Side => ({
  ...{ name, file: name, scenario: 'Chatbot', snapshot: '2026-08-21', asOf: '2026-11-20', status: 'recommended' },
  ...{ unread: [], plan: 'rented', label: 'rented GPU', kinds: ['self-hosted-cloud'], monthlyCost: 10214 },
  ...{ costChange: null, cheapest: { plan: 'rented', monthlyCost: 10214 }, cheapestChange: null },
  ...more,
});
const printed = (...sides: Side[]): string =>
  compareTable(
    { schemaVersion: '1.0.0', tool: { name: 'deploy-advisor', version: '0.0.0' }, sides, steps: [], flips: 0 },
    { color: false, width: 80, detail: false, failed: [] },
  );

test('what a side costs is the cost of the plan named; a cheaper one is told beside it', () => {
  const text = printed(
    side('one.yaml'),
    side('two.yaml', { costChange: 12.5, cheapest: { plan: 'other', monthlyCost: 9794 }, cheapestChange: -4 }),
  );
  expect(text).toMatch(/two\.yaml +\$10,214 +\+12\.5 % +rented GPU/);
  expect(text).toContain('the cheapest plan costs $9,794');
  expect(text.match(/the cheapest plan/g)).toHaveLength(1);
});

test('long names have lines of their own, within the width', () => {
  const name = `scenarios/${'production/'.repeat(8)}customer-support-v1.yaml`;
  const text = printed(side(name), side('two.yaml'));
  expect(text.replace(/\n */g, '')).toContain(name);
  expect(Math.max(...text.split('\n').map(columns))).toBeLessThanOrEqual(80);
});

test('a long role has lines of its own, within the width, and its figures below', () => {
  const plan = {
    ...{ plan: 'p', label: 'some plan', percent: -50, change: -10 },
    before: { as: 'self-hosted-cloud', monthlyCost: 123_456, feasible: false },
    after: { as: 'advised', monthlyCost: 61_728, feasible: true },
  } as unknown as PlanCost;
  const step = {
    ...{ from: 'a', to: 'b', inputs: [], inputsKnown: true, prices: [], pricesKnown: true, plans: [plan] },
    advice: { change: 'same', tasks: [], planBefore: 'p', planAfter: 'p', explainedBy: [], proof: null },
  } as unknown as Step;
  const lines = renderText(stepParts(step, false), { color: false, width: 80 }).split('\n');
  const at = lines.findIndex((line) => line.includes('best rented GPU before, advised now'));
  expect(lines[at]).not.toContain('$');
  expect(lines[at + 1]).toMatch(/^ +\$123,456 +\$61,728 +-50 %$/);
  expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(80);
});
