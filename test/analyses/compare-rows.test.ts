import { expect, test } from 'vitest';
import { laterOf, rowChanges, tablesWith as taken } from '../../src/analyses/compare/moved.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../support/load.js';
import { tablesWith } from '../support/scenario.js';

const seller = { provider: 'openai', modelId: 'gpt-5-nano' };
const isSeller = (row: Tables['api'][number]) => row.provider === seller.provider && row.modelId === seller.modelId;

/** The shipped tables, and the same with one API changed, one gone, one new, and cells of every form changed. */
async function twoSides(): Promise<{ before: Tables; after: Tables }> {
  const before = await shippedTables();
  const [first, ...rest] = before.api.filter((row) => !isSeller(row));
  const nano = before.api.find(isSeller);
  if (first === undefined || nano === undefined) throw new Error('the rows are gone');
  const after = tablesWith(before, {
    api: [...rest, { ...nano, inputUsdPerMTok: 9, openWeights: true }, { ...nano, row: 9999, modelId: 'gpt-next' }],
    providers: before.providers.map((row) =>
      row.provider === 'openai' ? { ...row, regions: [], certs: ['one', 'two'] } : row,
    ),
    profiles: before.profiles.map((row) =>
      row.profile === 'flat' ? { ...row, multipliers: new Float64Array([1, 2.5]) } : row,
    ),
  });
  return { before, after };
}

test('a changed, a new and a missing row, with the cells of each', async () => {
  const { before, after } = await twoSides();
  const nano = before.api.find(isSeller);
  const gone = before.api.find((row) => !isSeller(row));
  const changes = [...rowChanges(before, after).values()];
  expect(changes.map(({ table, name, change, at }) => [table, name, change, at])).toEqual([
    ['api', 'openai/gpt-5-nano', 'changed', { side: 'after', row: nano?.row }],
    ['api', 'openai/gpt-next', 'added', { side: 'after', row: 9999 }],
    ['api', `${gone?.provider}/${gone?.modelId}`, 'removed', { side: 'before', row: gone?.row }],
  ]);
  const [changed, added, removed] = changes;
  expect(changed?.figures).toEqual([
    { figure: 'open_weights', before: 'no', after: 'yes' },
    { figure: 'input_usd_per_mtok', before: nano?.inputUsdPerMTok, after: 9 },
  ]);
  const prices = (list: (typeof changes)[number] | undefined) =>
    list?.figures.filter(({ figure }) => figure === 'output_usd_per_mtok');
  expect(prices(added)).toEqual([{ figure: 'output_usd_per_mtok', before: null, after: nano?.outputUsdPerMTok }]);
  expect(prices(removed)).toEqual([{ figure: 'output_usd_per_mtok', before: gone?.outputUsdPerMTok, after: null }]);
});

test('lists and profiles as they are written, and an empty list as an empty cell', async () => {
  const { before, after } = await twoSides();
  const regions = before.providers.find(({ provider }) => provider === 'openai')?.regions.join(';');
  const certs = before.providers.find(({ provider }) => provider === 'openai')?.certs.join(';') || null;
  const flat = [...(before.profiles.find(({ profile }) => profile === 'flat')?.multipliers ?? [])].join(';');
  const changes = rowChanges(before, after, ['providers', 'profiles']);
  expect([...changes.values()].flatMap(({ figures }) => figures)).toEqual([
    { figure: 'regions', before: regions, after: null },
    { figure: 'certs', before: certs, after: 'one;two' },
    expect.objectContaining({ before: flat, after: '1;2.5' }),
  ]);
});

test('rows taken over one by one: the others stay as they were, and no two have one number', async () => {
  const { before, after } = await twoSides();
  const gone = before.api.find((row) => !isSeller(row));
  const names = ({ api }: Tables) => new Set(api.map(({ provider, modelId }) => `${provider}/${modelId}`));
  const none = taken(before, after, new Set());
  // The rows that the later tables lack get numbers of their own at the end.
  const sorted = ({ api }: Tables) => api.map(({ row: _, ...rest }) => JSON.stringify(rest)).sort();
  expect(sorted(none)).toEqual(sorted(before));
  expect(none.api.at(-1)).toEqual({ ...gone, row: 10_000 });
  const some = taken(before, after, new Set(['api openai/gpt-next', 'api openai/gpt-5-nano']));
  expect(names(some)).toEqual(new Set([...names(before), 'openai/gpt-next']));
  expect(some.api.find(isSeller)?.inputUsdPerMTok).toBe(9);
  expect(new Set(some.api.map(({ row }) => row)).size).toBe(some.api.length);
  const without = taken(before, after, new Set([`api ${gone?.provider}/${gone?.modelId}`]));
  expect(without.api).toHaveLength(before.api.length - 1);
});

test('the later of two is that of the later date; of one date, the one compared with', async () => {
  const { before, after } = await twoSides();
  const old = { ...before, snapshot: { ...before.snapshot, date: '2020-01-01' } };
  expect(laterOf(before, old)).toBe(before);
  expect(laterOf(old, before)).toBe(before);
  expect(laterOf(before, after)).toBe(after);
});
