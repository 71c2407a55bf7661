import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf, storedCatalog } from '../../src/core/catalog.js';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { type CompiledSnapshot, type CompiledTables, decodeTables } from '../../src/tables/compiled.js';
import { withRows } from '../../src/tables/query.js';
import type { Tables } from '../../src/tables/tables.js';
import {
  ColumnCache,
  decodeColumns,
  encodeColumns,
  type StoredColumn,
  type StoredColumns,
} from '../../src/tables/tables.js';
import { committedCase } from '../support/committed.js';
import { latestSnapshot } from '../support/load.js';
import { likelyIn, tablesWith } from '../support/scenario.js';

const built = new URL('../../dist/tables/', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, built), 'utf8'));

describe('a file of columns', () => {
  const columns: StoredColumns = {
    key: 'Größe "1"',
    columns: {
      numbers: Float64Array.of(0.1, Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324),
      bytes: Uint8Array.of(1, 255, 3),
      'whole numbers': Int32Array.of(-1, 2 ** 31 - 1, 7),
      none: new Float64Array(0),
      last: Float64Array.of(Math.PI),
    },
  };

  test('holds what was put in, each column of its own kind', () =>
    expect(decodeColumns(encodeColumns(columns))).toEqual(columns));

  test.each([0, 1, 7])('is read where it begins %i bytes into a buffer', (offset) => {
    const file = encodeColumns(columns);
    const within = new Uint8Array(file.length + 16);
    within.set(file, offset);
    expect(decodeColumns(within.subarray(offset, offset + file.length))).toEqual(columns);
  });
});

describe.each([latestSnapshot])('columns of %s', (name) => {
  /** Tables without stored columns, and the columns that the build made. */
  let tables: Tables;
  let stored: StoredColumns;
  beforeAll(() => {
    tables = decodeTables(json(name) as CompiledSnapshot, json('catalog') as CompiledTables);
    stored = decodeColumns(readFileSync(new URL(`${name}.columns`, built))) as StoredColumns;
  });
  /** Whether a catalog stands on the columns of the build. */
  const isRead = ({ items }: Catalog): boolean => items.weightBytes === stored.columns['item weightBytes'];

  test('are those made of the rows, bit by bit', () => {
    const made = storedCatalog(tables, { assume: likelyIn(tables) });
    expect(stored.key).toBe(made.key);
    expect(unlike(stored.columns, made.columns)).toEqual([]);
    expect(stored.columns['item weightBytes']?.length).toBeGreaterThan(50);
  });

  test('make the same catalog', () => {
    const settings = { assume: likelyIn(tables) };
    const read = catalogOf(withColumns(tables, stored), settings);
    expect(isRead(read)).toBe(true);
    const made = catalogOf(tables, settings);
    expect(isRead(made)).toBe(false);
    expect(numbersOf(read).length).toBeGreaterThan(50);
    expect(unlike(Object.fromEntries(numbersOf(read)), Object.fromEntries(numbersOf(made)))).toEqual([]);
    expect(read.families).toEqual(made.families);
    expect([read.items.count, read.engines]).toEqual([made.items.count, made.engines]);
    expect(read.machines.map(settingsOf)).toEqual(made.machines.map(settingsOf));
  });

  test.each(['kvCacheBits', 'activationFactor', 'pagedKvOverhead'])('are not taken where %s is another', (changed) => {
    const likely = likelyIn(tables);
    const assume = (parameter: string): number => likely(parameter) * (parameter === changed ? 2 : 1);
    const read = catalogOf(withColumns(tables, stored), { assume });
    expect(isRead(read)).toBe(false);
  });

  test('are taken where prices are other ones, but not where rows are that they were made of', () => {
    const known = withColumns(tables, stored);
    const settings = { assume: likelyIn(tables) };
    expect(isRead(catalogOf(withRows(known, { api: [...tables.api] }), settings))).toBe(true);
    const capability = tables.capability.map((row) => ({ ...row, index: row.index / 2, indexStandard: null }));
    const capabilityOf = new Map(capability.map((row) => [row.family, row]));
    const halved = catalogOf(withRows(known, { capability, capabilityOf }), settings);
    expect(isRead(halved)).toBe(false);
    expect(halved.items.index).not.toEqual(catalogOf(known, settings).items.index);
    for (const table of ['models', 'quantization', 'accelerators', 'architectures', 'efficiency', 'residuals'] as const)
      expect(isRead(catalogOf(withRows(known, { [table]: [...tables[table]] }), settings)), table).toBe(false);
  });
});

/** Tables of the same rows with the columns of the build, of which nothing was made yet. */
function withColumns(tables: Tables, columns: StoredColumns): Tables {
  const copy = tablesWith(tables, { columnCache: new ColumnCache() });
  copy.stored = { tables: copy, columns };
  return copy;
}

/** All columns of a catalog by their name. */
const numbersOf = ({ items, dominators, machines, measured }: Catalog): [string, StoredColumn][] =>
  [
    ...Object.entries({ ...items, dominators }),
    ...[...machines, ...measured.map((one) => ({ one }))].flatMap(named),
  ].filter((entry): entry is [string, StoredColumn] => ArrayBuffer.isView(entry[1]));
const named = (of: object, at: number): [string, unknown][] =>
  Object.entries(of).map(([name, column]) => [`${at} ${name}`, column]);
const settingsOf = (machine: object) => Object.entries(machine).filter(([, value]) => !ArrayBuffer.isView(value));

/** Names of the columns that are not in both bit by bit. */
const unlike = (some: Record<string, StoredColumn>, others: Record<string, StoredColumn>): string[] =>
  [...new Set([...Object.keys(some), ...Object.keys(others)])].filter((name) => !isSame(some[name], others[name]));

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Whether two columns are of one kind and hold the same bits. */
function isSame(one: ArrayBufferView | undefined, other: ArrayBufferView | undefined): boolean {
  if (one === undefined || other === undefined || one.constructor !== other.constructor) return false;
  return bytesOf(one).equals(bytesOf(other));
}

test.each(['legal-rag'])('%s is decided alike with and without them', async (name) => {
  const context = await committedCase(name, ['preferences.objective=cost']);
  const made = tablesWith(context.tables, { columnCache: new ColumnCache() });
  const stored = decodeColumns(encodeColumns(storedCatalog(made, context.workload))) as StoredColumns;
  const read = withColumns(context.tables, stored);
  const [with_, without] = [read, made].map((tables) => {
    const { cheapest, runnerUp, kinds } = choiceByCore({ ...context, tables });
    return {
      plans: [cheapest, runnerUp, ...kinds.map(({ plan }) => plan)].map((plan) => plan && [plan.id, plan.monthlyUsd]),
      counts: kinds.map(({ considered }) => considered),
    };
  });
  expect(with_).toEqual(without);
  expect(read.columnCache).not.toBe(made.columnCache);
});
