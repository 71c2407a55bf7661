import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { checkReport, comparedReport, judged, unreadable } from '../../src/analyses/check/report.js';
import { readRules } from '../../src/analyses/check/rules.js';
import {
  type Compared,
  compare,
  decide,
  type Judge,
  judgedBy,
  stepOf,
  type Unread,
} from '../../src/analyses/compare/compare.js';
import { checkJson, checkJsonSchema, comparisonJson, comparisonJsonSchema } from '../../src/report/check.js';
import { loadTables } from '../../src/tables/load.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/committed.js';
import { newestSnapshot, shippedFiles } from '../support/load.js';
import { keysOf, pathsIn, type Schema } from '../support/schema-changes.js';

/** Documents of `compare` and `check` with a flip, a refusal, a side that nothing fits and one that cannot be read. */
const tool = { name: 'deploy-advisor', version: '0.0.0' };
const scenario = (volume: string, more = '') => `version: 1
name: Chatbot
workload: {volume: ${volume}}
tasks:
  - {name: support, type: faq-chat, tokens: {input: 1500, output: 500}}
preferences: {only: [cloud-api, serverless-gpu]}
${more}`;
const { rules } = readRules(['flip', 'cost>+10%', 'probability<0.7']);

function pricesOf(date: string): Judge {
  const { tables, prose } = loadTables(shippedFiles(date));
  if (tables === null || prose === null) throw new Error(`${date} does not load`);
  return { tables, prose, asOf };
}
const now = pricesOf(newestSnapshot);
const then = pricesOf('2025-09-30');

function side(name: string, text: string, judge: Judge): Compared | Unread {
  const file = `${name}.yaml`;
  const { scenario: read, problems } = readScenario(text, { file, tables: judge.tables, asOf });
  if (read === null)
    return { name, file, snapshot: judge.tables.snapshot.date, asOf, why: problems.map(({ message }) => message) };
  return { name, decision: decide(read, judge, { tool, draws: false }), judged: judgedBy(read, judge), problems };
}

const sides = [
  side('small', scenario('50/day'), then),
  side('unread', 'version: 2\n', now),
  side('large', scenario('50M/day'), now),
  side('poor', scenario('50M/day', 'budget: {monthly: 1}\n'), now),
];
const comparison = compare(sides, { tool });
const compared = checkReport(comparedReport(comparison, sides, rules), { tool, rules, baseline: null });

const text = scenario('50M/day', 'expect: {kinds: [cloud-api], maxMonthlyCost: 1}\n');
const { scenario: read, problems } = readScenario(text, { file: 'now.yaml', tables: now.tables, asOf });
if (read === null) throw new Error('a scenario cannot be read');
const decision = decide(read, now, { tool, draws: false });
const before = sides[0] as Compared;
const change = stepOf(before, { name: 'now', decision, judged: judgedBy(read, now) });
const report = checkReport(
  [
    judged({ read, decision, before: before.decision, baseline: 'main', change, problems }, rules),
    judged({ read, decision, before: null, baseline: null, change: null, problems }, rules),
    unreadable('broken.yaml', readScenario('version: 2\n', { file: 'broken.yaml' }).problems),
  ],
  { tool, rules, baseline: 'main' },
);

const published = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), 'utf8'));
const valid = (schema: Schema) => new Ajv2020({ strict: true }).compile(schema);

test('the documents hold what their shapes are there for', () => {
  const [, second, third, fourth] = comparison.sides;
  expect([second?.status, third?.status, fourth?.status]).toEqual(['unread', 'recommended', 'infeasible']);
  expect(comparison.steps[0]?.advice).toMatchObject({ change: 'flip', proof: 'decided' });
  expect(comparison.steps[0]?.prices.length).toBeGreaterThan(0);
  expect(report.results.map(({ status }) => status)).toEqual(['failed', 'failed', 'error']);
});

describe.each([
  ['comparison', comparisonJsonSchema(), comparisonJson(comparison, compared)],
  ['check', checkJsonSchema(), checkJson(report)],
] as const)('%s', (name, generated, printed) => {
  const document = JSON.parse(printed) as Record<string, unknown>;
  const check = valid(published(name));

  test('the published schema is the generated one', () => {
    expect(published(name)).toEqual(JSON.parse(JSON.stringify(generated)));
  });

  test('what is printed is valid, and has no key that is not published', () => {
    expect(check(document), JSON.stringify(check.errors)).toBe(true);
    const known = new Set(keysOf(published(name)));
    const unknown = pathsIn(document).filter((key) => !known.has(key) && !key.startsWith('.results[].decision.'));
    expect(unknown).toEqual([]);
  });

  test('every key is required, more are allowed', () => {
    for (const key of Object.keys(document)) {
      const { [key]: _, ...rest } = document;
      expect(check(rest), key).toBe(false);
    }
    expect(check({ ...document, more: 1 })).toBe(true);
  });

  test('every key says what it is', () => {
    const silent = (schema: Schema, path: string): string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
        ...('description' in inner || path.endsWith('tool') ? [] : [`${path}.${key}`]),
        ...silent(inner, `${path}.${key}`),
      ]),
      ...(schema.items ? silent(schema.items, `${path}[]`) : []),
      ...(schema.anyOf ?? []).flatMap((one) => silent(one, path)),
    ];
    expect(silent(published(name), '')).toEqual([]);
  });
});

test('decisions in a check are results', () => {
  const result = valid(published('result'));
  for (const { decision } of (JSON.parse(checkJson(report)) as { results: { decision: unknown }[] }).results)
    expect(decision === null || result(decision), JSON.stringify(result.errors)).toBe(true);
});
