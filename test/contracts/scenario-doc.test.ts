import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { namesOf } from '../../src/cli/commands/schema.js';
import { kindNames, kinds } from '../../src/tables/column.js';
import { fieldsOf, outlineOf } from '../../src/workload/fields.js';
import { readScenario } from '../../src/workload/read.js';
import { latestSnapshot, shipped } from '../support/load.js';

/** What people read of the fields of a scenario. */

const examplesText = readFileSync('docs/scenario-examples.yaml', 'utf8');
const fields = fieldsOf(JSON.parse(readFileSync('schema/scenario.json', 'utf8')), examplesText);
const { tables } = await shipped(latestSnapshot);
const { scenarioDoc } = await import(new URL('../../scripts/scenario-doc.mjs', import.meta.url).href);

test('docs/scenario.md is current: npm run schemas', () =>
  expect(readFileSync('docs/scenario.md', 'utf8')).toBe(scenarioDoc(fields, tables)));

test('every field is told once, with type, text and an example of each that is no map', () => {
  const paths = fields.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(fields.filter(({ text }) => text === '').map(({ path }) => path)).toEqual([]);
  const isLeaf = (path: string) => !paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`));
  const silent = fields.filter(
    ({ path, example, type }) => isLeaf(path) && example === null && !type.startsWith('as '),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
  const strange = Object.keys(parse(examplesText) as object).filter((path) => !paths.includes(path));
  expect(strange).toEqual([]);
});

test.each([
  ['workload.volume', { type: 'volume or a range', unit: 'requests/day', isRequired: false }],
  ['workload.horizon', { type: 'duration', unit: 'months', fallback: '12 months' }],
  ['tasks[].latency.totalP95', { type: 'duration', unit: 'ms' }],
  ['budget.monthly', { type: 'amount of money', unit: 'USD per month' }],
  ['team.devops', { unit: 'FTE' }],
  ['existing[].count', { type: 'number', unit: 'GPUs' }],
  ['tasks[].data', { type: 'as `data`' }],
  ['data.sensitivity', { type: 'public, internal, pii, regulated, device-only', fallback: 'internal' }],
])('%s', (path, said) => expect(fields.find((field) => field.path === path)).toMatchObject(said));

/** Maps that have this value at a path; a step with [] is a list of one. */
function around(path: string, value: unknown): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, step) => {
    return step.endsWith('[]') ? { [step.slice(0, -2)]: [inner] } : { [step]: inner };
  }, value) as Record<string, unknown>;
}
const merged = (one: unknown, other: unknown): unknown => {
  if (Array.isArray(one) && Array.isArray(other)) return [merged(one[0], other[0])];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return other;
  const all: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) all[key] = key in all ? merged(all[key], value) : value;
  return all;
};

test('every example can be written there', () => {
  const refused: string[] = [];
  for (const { path, example } of fields) {
    if (example === null || /^(?:prices|version|tasks\[\]\.share)/.test(path)) continue;
    const base = { version: 1, workload: { volume: 500 }, tasks: [{ type: 'faq-chat' }] };
    const beside: Record<string, unknown> = {
      'workload.bursts.perDay': { workload: { bursts: { requests: 500 } } },
      'workload.bursts.within': { workload: { bursts: { perDay: 4, requests: 500 } } },
      'workload.bursts.requests': { workload: { bursts: { perDay: 4 } } },
      'needs.rag.tokensPerDocument': { needs: { rag: { documents: '20k' } } },
      'needs.rag.documents': { needs: { rag: { tokensPerDocument: 1500 } } },
      'needs.rag.retrieved': { needs: { rag: { documents: '20k', tokensPerDocument: 1500 } } },
    };
    const { volume: _, ...inBursts } = base.workload;
    const first = path.startsWith('workload.bursts') ? { ...base, workload: inBursts } : base;
    const document = merged(merged(first, beside[path] ?? {}), around(path, parse(example)));
    const { problems } = readScenario(JSON.stringify(document), { file: 'x.json', tables });
    const about = problems.filter(({ severity, code }) => severity === 'error' && code !== 'missing-key');
    if (about.length > 0) refused.push(`${path}: ${example}: ${about[0]?.message}`);
  }
  expect(refused).toEqual([]);
});

test('the outline is YAML that names every field but those of prices, and all names in full', () => {
  const text = outlineOf(fields, namesOf(tables), 100);
  const lines = text.trimEnd().split('\n');
  expect(parse(text)).toMatchObject({
    version: 1,
    workload: { profile: 'business-hours' },
    needs: { rag: { documents: '20k' } },
  });
  expect(lines.slice(1).filter((line) => line.length > 110)).toEqual([]);
  expect(text).not.toMatch(/\S…\s*$/m);
  const words = text.replaceAll(/\n# +/g, ' ');
  for (const name of [...tables.taskOf.keys(), ...tables.profileOf.keys(), ...kinds, ...Object.values(kindNames)])
    expect(words).toContain(name);
  for (const form of ['4k notes/day', '300 users', 'workday', 'at peak', 'once: true']) expect(words).toContain(form);
  for (const { key, path } of fields.filter((field) => !field.path.startsWith('prices.')))
    expect(
      lines.some((line) => new RegExp(`^[-# ]*${key}:`).test(line)),
      path,
    ).toBe(true);
});
