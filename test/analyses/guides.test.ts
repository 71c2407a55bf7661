import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { consult, guideReports } from '../../src/analyses/guidance.js';
import { allHold, condition, type Facts } from '../../src/tables/column.js';
import type { GuideRow } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';
import { committedCase, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';

type Example = { given: Record<string, number | string>; verdict: string[]; shape?: string; unknown?: string[] };
const fixture = new URL('../fixtures/guide-examples.yaml', import.meta.url);
const examples = parse(readFileSync(fixture, 'utf8')) as Record<string, Example[]>;

const { tables } = await shipped();

const { conditions, changed } = casesIn('guides', {
  conditions: { text: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])), holds: z.boolean() },
  changed: { id: z.string(), words: z.string(), set: z.array(z.string()).min(1) },
});
const rowsOf = (id: string): GuideRow[] => tables.guides.filter(({ guide }) => guide === id);
const given = (facts: Record<string, number | string>): Facts => new Map(Object.entries(facts));

test.each(Object.entries(examples).flatMap(([id, list]) => list.map((example, at) => ({ id, at: at + 1, example }))))(
  '$id, example $at: $example.given',
  ({ id, example }) => {
    const { verdict, shape, unknown } = consult(rowsOf(id), given(example.given));
    expect([verdict, shape]).toEqual([example.verdict, example.shape ?? null]);
    if (example.unknown) expect(unknown).toEqual(example.unknown);
  },
);

test.each(conditions)('$text of $facts is $holds', ({ text, facts, holds }) => {
  const read = condition(text);
  if ('fault' in read) throw new Error(read.fault.message);
  expect(allHold([read.value], given(facts))).toBe(holds);
});

test.each(['n', 'n <', '< 5', 'n == 5', 'n < 5 and m < 3'])('"%s" is no condition', (text) => {
  expect(condition(text)).toMatchObject({ fault: { code: 'bad-condition' } });
});

const row = (rule: string, effect: GuideRow['effect'], when: string, places: string[]): GuideRow => {
  const read = condition(when);
  return {
    row: 0,
    confidence: 'high',
    guide: 'G',
    rule,
    effect,
    when: 'value' in read ? [read.value] : [],
    places,
    points: 1,
    says: rule,
  };
};

test('gates leave places, points choose among them, and the first answer that holds wins', () => {
  const rows = [
    row('gate', 'only', 'a = yes', ['cloud-api', 'open-model-api', 'on-prem']),
    row('one', 'for', 'b = yes', ['on-prem', 'edge']),
    row('two', 'for', 'c = yes', ['edge', 'open-model-api', 'on-prem']),
    row('hard', 'only', 'd = yes', ['edge']),
    row('both', 'hybrid', 'points >= 3', ['edge', 'cloud-api']),
    row('start', 'answer', 'e = yes', ['serverless-gpu']),
  ];
  const said = (...held: string[]) => {
    const { verdict, because } = consult(rows, given(Object.fromEntries(held.map((name) => [name, 'yes']))));
    return [verdict, because];
  };
  expect(said('a')).toEqual([['cloud-api', 'open-model-api', 'on-prem'], 'gate']);
  expect(said('b')).toEqual([['on-prem', 'edge'], 'one']);
  expect(said('a', 'b')).toEqual([['on-prem'], 'gate; one']);
  expect(said('b', 'c')).toEqual([['on-prem', 'edge'], 'one; two']);
  expect(said('b', 'e')).toEqual([['serverless-gpu'], 'start']);
  // Two gates that leave no place.
  expect(said('a', 'd')).toEqual([[], 'gate; hard']);
});

test('what an answer hangs on and nobody told is listed; nothing where another condition fails', () => {
  const rows = tables.guides.filter(({ guide, rule }) => guide === 'G001' && ['R1', 'R4'].includes(rule));
  expect(consult(rows, given({})).unknown).toEqual(['tokensPerDay', 'ttftP95Ms', 'peakToMean']);
  expect(consult(rows, given({ peakToMean: 1 })).unknown).toEqual(['ttftP95Ms']);
});

/** What a changed scenario is told of by guides. */
async function asked(name: string, set: string[], answers: Record<string, number | string> = {}) {
  const { prose } = await shipped();
  const read = await readCommitted(name, set);
  return guideReports(read.scenario, await committedCase(name, set), ['open-model-api'], {
    prose,
    answers: new Map(Object.entries(answers)),
  });
}

test('one workload, five opinions; a hosted open model is an API to those that nowhere name such', async () => {
  const reports = await asked('five-guides', []);
  expect(reports.map(({ id, verdict, shape, agrees }) => ({ id, verdict, shape, agrees }))).toEqual([
    { id: 'G000', verdict: ['open-model-api', 'self-hosted-cloud', 'on-prem'], shape: null, agrees: true },
    { id: 'G001', verdict: ['cloud-api'], shape: null, agrees: true },
    { id: 'G002', verdict: ['cloud-api'], shape: null, agrees: true },
    { id: 'G003', verdict: ['cloud-api', 'self-hosted-cloud', 'on-prem'], shape: 'hybrid', agrees: true },
    { id: 'G004', verdict: ['cloud-api'], shape: null, agrees: true },
  ]);
  expect(reports.map(({ title }) => title)).toContain('Should I Use Cloud or Local AI Models for My Project?');
});

test.each(changed)('$id: $words', async ({ id, words, set }) => {
  const before = (await asked('five-guides', [])).find((one) => one.id === id);
  const after = (await asked('five-guides', set)).find((one) => one.id === id);
  expect(before?.because).not.toContain(words);
  expect(after?.because).toContain(words);
});
