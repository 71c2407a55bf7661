import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('set', {
  refused: { setting: z.string(), problem: z.string() },
});

const design = readFileSync(new URL('../fixtures/scenario/design-example.yaml', import.meta.url), 'utf8');
const set = (...settings: string[]) => readScenario(design, { file: 'x.yaml', set: settings });
const scenario = (...settings: string[]) => {
  const { scenario: read, problems } = set(...settings);
  if (!read) throw new Error(problems.map(({ message }) => message).join('; '));
  return read.scenario;
};
const problems = (...settings: string[]) =>
  set(...settings).problems.map(({ file, line, column, code, path }) =>
    `${file}:${line}:${column} ${code} ${path}`.trim(),
  );

const threeTasks = (shares: string[]) =>
  `version: 1\nworkload: {volume: 5}\ntasks:\n${shares.map((share, index) => `  - {name: ${'abc'[index]}, type: x${share}}\n`).join('')}`;
const shares = (text: string, ...settings: string[]) =>
  readScenario(text, { file: 'x', set: settings }).scenario?.scenario.tasks.map(({ share }) => share?.likely ?? null);

test('values are YAML, with units', () => {
  expect(scenario('workload.volume=181000 requests/day').workload.volume.amount.likely).toBe(181_000);
  expect(scenario('needs.rag=false').needs?.rag).toBe(false);
  expect(scenario('workload.growth=8% per month').workload.growth?.likely).toBe(0.08);
});

test('maps and lists replace whole', () => {
  expect(scenario('team={devops: 1}').team).toEqual({ devops: { likely: 1, range: null } });
  expect(scenario('data.regimes=[gdpr]').data?.regimes).toEqual(['gdpr']);
});

test('missing parents are made', () => {
  expect(scenario('preferences.weights.team=2').preferences).toEqual({
    objective: 'cost',
    exclude: ['spot'],
    weights: { team: 2 },
  });
  expect(scenario('tasks.faq.tokens.output=400').tasks[0]?.tokens).toEqual({ output: { likely: 400, range: null } });
});

test('null removes a key', () => {
  expect(scenario('budget.monthly=null').budget).toEqual({ upfrontUsd: 50_000 });
  expect(set('budget.monthly=null').scenario?.at(['budget', 'monthly'])).toBeNull();
});

describe('the other shares rescale', () => {
  const given = threeTasks([', share: 50%', ', share: 30%', ', share: 20%']);
  test('in proportion', () => {
    // b and c have 30 and 20 of 50; of the 40 % that are left, that is 24 and 16
    const [a, b, c] = shares(given, 'tasks.a.share=60%') ?? [];
    expect(a).toBe(0.6);
    expect(b).toBeCloseTo(0.24, 12);
    expect(c).toBeCloseTo(0.16, 12);
  });
  test('also where shares were left out', () => {
    // c had the rest, 20 %; then 70 % are left for b and c, which have 30 and 20: 42 and 28
    const [, b, c] = shares(threeTasks([', share: 50%', ', share: 30%', '']), 'tasks.a.share=30%') ?? [];
    expect(b).toBeCloseTo(0.42, 12);
    expect(c).toBeCloseTo(0.28, 12);
    const equal = shares(threeTasks(['', '', '']), 'tasks.a.share=40%') ?? [];
    expect(equal[1]).toBeCloseTo(0.3, 12);
  });
  test('with their ranges', () => {
    // from 50 % left to 25 %: half of everything
    const text = threeTasks([', share: 50%', ', share: {low: 20%, likely: 30%, high: 40%}', ', share: 20%']);
    const read = readScenario(text, { file: 'x', set: ['tasks.a.share=75%'] }).scenario?.scenario.tasks[1]?.share;
    expect(read?.range?.low).toBeCloseTo(0.1, 12);
    expect(read?.likely).toBeCloseTo(0.15, 12);
    expect(read?.range?.high).toBeCloseTo(0.2, 12);
  });
  test('to 1, whatever is set', () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, (a, b, c, next) => {
        const sum = a + b + c;
        const text = threeTasks([a, b, c].map((part) => `, share: ${part / sum}`));
        const after = shares(text, `tasks.b.share=${next}`) ?? [];
        expect(after[1]).toBe(next);
        expect(after.reduce<number>((total, part) => total + (part ?? 0), 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

test('what was set stands in --set', () => {
  const { scenario: read } = set('workload.growth=8% per month', 'team={devops: 1}');
  expect(read?.at(['workload', 'growth'])).toEqual({
    file: '--set',
    line: 1,
    column: 17,
    excerpt: 'workload.growth=8% per month',
  });
  expect(read?.at(['team', 'devops'])).toMatchObject({ file: '--set', column: 15 });
  expect(read?.at(['team', 'free'])).toBeNull();
  expect(read?.at(['workload', 'volume'])).toMatchObject({ file: 'x.yaml', line: 5 });
});

test.each(cases.refused)('$setting is refused: $problem', ({ setting, problem }) => {
  expect(problems(setting)).toEqual([problem]);
  expect(set(setting).scenario).toBeNull();
});
