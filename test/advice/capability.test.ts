import { describe, expect, test } from 'vitest';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import { mayRun } from '../../src/rules/rule.js';
import type { CapabilityRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const tables = await shippedTables();

const asked = (atLeast: string, more: object = {}) =>
  caseOf(
    { workload: { volume: 1000 }, tasks: [{ name: 'faq', type: 'faq-chat', capability: { atLeast }, ...more }] },
    tables,
  );

const isCapable = async (id: string, atLeast: string) => {
  const context = await asked(atLeast);
  const option = findOption(id, context);
  if (option === null) throw new Error(id);
  const found = lookAt(option, context).verdicts.find(({ gate }) => gate === 'capability');
  return found === undefined || mayRun(found.verdict);
};

describe('the model that sets the bar', () => {
  const on = (scheme: string, thinking = '') =>
    `self-hosted-cloud/aws/qwen3-32b${thinking}@${scheme}/g7e.2xlarge/us-east-1/on-demand`;

  test('passes it from forms of eight bits up, and in none smaller', async () => {
    for (const scheme of ['bf16', 'fp8', 'int8-w8a16'])
      expect(await isCapable(on(scheme), 'qwen3-32b'), scheme).toBe(true);
    for (const scheme of ['int4-awq', 'int4-gptq'])
      expect(await isCapable(on(scheme), 'qwen3-32b'), scheme).toBe(false);
  });

  test('passes in the mode that the bar was read from, which is allowed then, and only in that', async () => {
    expect(await isCapable(on('fp8', '+thinking'), 'qwen3-32b+thinking')).toBe(true);
    expect(await isCapable(on('fp8'), 'qwen3-32b+thinking')).toBe(false);
  });

  test('is named with its mode', async () => {
    const text = async (name: string) => (await asked(name)).workload.taskParts[0]?.needs.capability.text;
    expect(await text('qwen3-32b')).toBe('60.1 (at least qwen3-32b, without thinking)');
    expect(await text('qwen3-32b+thinking')).toBe('74.4 (at least qwen3-32b, thinking)');
    expect(await text('deepseek-r1')).toBe('77.8 (at least deepseek-r1, thinking)');
  });

  test('may think where its bar is that of thinking, unless the scenario forbids it', async () => {
    const allowed = async (name: string, more: object = {}) =>
      (await asked(name, more)).workload.taskParts[0]?.needs.thinkingAllowed;
    expect(await allowed('qwen3-32b')).toBe(false);
    expect(await allowed('deepseek-r1')).toBe(true);
    expect(await allowed('deepseek-r1', { thinking: 'forbidden' })).toBe(false);
  });
});

describe('a model whose index was taken over', () => {
  const on = (scheme: string, thinking = '') =>
    `self-hosted-cloud/aws/qwen3-30b-a3b${thinking}@${scheme}/g7e.2xlarge/us-east-1/on-demand`;
  /** As shipped, but for an index of two modes that the model has from another, by whose low end it is judged. */
  const verdictOf = async (id: string, method: string, atLeast: string) => {
    const bar = tables.capabilityOf.get('qwen3-32b');
    if (bar === undefined) throw new Error('no qwen3-32b');
    const row = { ...bar, family: 'qwen3-30b-a3b', useLow: true, method };
    const capability = tables.capability.map((one) => (one.family === row.family ? row : one));
    const capabilityOf = new Map(capability.map((one) => [one.family, one]));
    const context = { ...(await asked(atLeast)), tables: tablesWith(tables, { capability, capabilityOf }) };
    const option = findOption(id, context);
    if (option === null) throw new Error(id);
    return lookAt(option, context).verdicts.find(({ gate }) => gate === 'capability')?.verdict;
  };

  test('passes the bar of the model that it was taken from, if somebody tests it', async () => {
    const verdict = await verdictOf(on('fp8'), 'predecessor:qwen3-32b', 'qwen3-32b');
    expect(verdict?.state).toBe('condition');
    expect(verdict?.why().todos).toEqual([
      'test Qwen3 30B A3B on your own samples of faq: no public score of it was found, and it is taken to be as good as Qwen3 32B, which it follows',
    ]);
  });

  test.each([
    { why: 'in a smaller form', id: on('int4-awq'), method: 'predecessor:qwen3-32b', bar: 'qwen3-32b' },
    { why: 'in another mode', id: on('fp8'), method: 'predecessor:qwen3-32b', bar: 'qwen3-32b+thinking' },
    { why: 'of another model', id: on('fp8'), method: 'predecessor:qwen3-14b', bar: 'qwen3-32b' },
    { why: 'of a model that is only near', id: on('fp8'), method: 'proxy:qwen3-32b', bar: 'qwen3-32b' },
  ])('does not $why', async ({ id, method, bar }) => {
    expect((await verdictOf(id, method, bar))?.state).toBe('failed');
  });
});

const sized = /-(\d+(?:\.\d+)?)b(?=$|-).*$/;
const ranks = [
  ['nano', 'mini', ''],
  ['flash-lite', 'flash', 'pro'],
  ['haiku', 'sonnet', 'opus'],
  ['micro', 'lite', 'pro'],
];
/** Generation and place in it, by size or by what its maker calls it. */
const placed = (family: string): { generation: string; size: number }[] => {
  const size = sized.exec(family)?.[1];
  if (size !== undefined) return [{ generation: family.replace(sized, ''), size: Number(size) }];
  return ranks.flatMap((names) =>
    names.flatMap((name, at) => {
      const parts = family.split(new RegExp(`-${name}(?=$|-)`));
      if (name === '') return [{ generation: `${names[0]} ${family}`, size: at }];
      return parts.length === 2 ? [{ generation: `${names[0]} ${parts.join('')}`, size: at }] : [];
    }),
  );
};
const isMeasured = ({ method }: CapabilityRow) => method === 'fit' || method === 'fit-few-items';
const judged = (row: CapabilityRow, index: number) => (row.useLow ? index - (row.index - row.indexLow) : index);

test('siblings of one generation: a smaller one outranks a larger one in no mode unless both are measured', () => {
  const all = tables.capability.flatMap((row) => placed(row.family).map((place) => ({ row, ...place })));
  const pairs = all.flatMap((small) =>
    all
      .filter((large) => large.generation === small.generation && large.size > small.size)
      .map((large) => ({ small: small.row, large: large.row })),
  );
  expect(pairs.length).toBeGreaterThan(150);
  const broken = pairs.flatMap(({ small, large }) =>
    (['indexStandard', 'indexThinking'] as const).flatMap((mode) => {
      const [less, more] = [small[mode], large[mode]];
      if (less === null || more === null || (isMeasured(small) && isMeasured(large))) return [];
      return judged(small, less) > judged(large, more) ? [`${mode}: ${small.family} above ${large.family}`] : [];
    }),
  );
  expect(broken).toEqual([]);
});
