import { describe, expect, test } from 'vitest';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import type { CapabilityRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const tables = await shippedTables();

const asked = (atLeast: string) =>
  caseOf({ workload: { volume: 1000 }, tasks: [{ name: 'faq', type: 'faq-chat', capability: { atLeast } }] }, tables);

describe('a model whose index was taken over', () => {
  const on = (scheme: string) => `self-hosted-cloud/aws/qwen3-30b-a3b@${scheme}/g7e.2xlarge/us-east-1/on-demand`;
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
