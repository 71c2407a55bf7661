import { expect, test } from 'vitest';
import { z } from 'zod';
import { catalogTables, schemas, snapshotTables, tableNames } from '../../src/tables/columns.js';
import { decodeProse, decodeTables, encodeTables, encodeWhole } from '../../src/tables/compiled.js';
import { loadTables, readTables } from '../../src/tables/load.js';
import { casesIn } from '../support/cases.js';
import { latestSnapshot, shipped as shippedAsOf, shippedFiles } from '../support/load.js';

const cases = casesIn('shipped-tables', {
  tables: { table: z.enum(tableNames), rows: z.number() },
  names: {
    table: z.enum(tableNames),
    provider: z.string(),
    name: z.string(),
    expected: z.record(z.string(), z.unknown()),
  },
});

const files = shippedFiles(latestSnapshot);
const shipped = () => shippedAsOf(latestSnapshot);

// Counted in the sources, by hand: grep -c for the date in the price lists, wc -l less the header elsewhere.
test.each(cases.tables)('$table has $rows rows, and each can be reached', async ({ table, rows }) => {
  const { tables } = await shipped();
  expect(tables[table]).toHaveLength(rows);
  expect(tables[table].map(({ row }) => row)).toEqual(Array.from({ length: rows }, (_, row) => row));
});

test('every row has a source, a date and a confidence', async () => {
  const { tables, prose } = await shipped();
  let seen = 0;
  for (const table of tableNames)
    for (const { row, confidence } of tables[table]) {
      const { source, date } = prose({ table, row });
      expect(source.trim(), `${table} ${row}`).not.toBe('');
      expect(date, `${table} ${row}`).toMatch(/^\d{4}(-\d{2}){0,2}$/);
      expect(['high', 'medium', 'low']).toContain(confidence);
      seen++;
    }
  expect(seen).toBeGreaterThan(1900);
});

test.each(cases.names)('$table knows $provider $name', async ({ table, provider, name, expected }) => {
  const rows = (await shipped()).tables[table] as readonly {
    provider: string;
    modelId?: string;
    instanceType?: string;
  }[];
  expect(rows.find((row) => row.provider === provider && name === (row.modelId ?? row.instanceType))).toMatchObject(
    expected,
  );
});

test('a parameter given as another one has its three values', () => {
  // None of the shipped ones is: the base of weights of one's own takes the people on call.
  const edited = files.map(({ file, text }) => ({
    file,
    text: file.endsWith('/owning.csv')
      ? text.replace(/^fteOwnWeightsBase,[^,]*,[^,]*,[^,]*,/m, 'fteOwnWeightsBase,,=fteOnCall,,')
      : text,
  }));
  const { tables, problems } = loadTables(edited);
  expect(problems).toEqual([]);
  expect(tables?.parameterOf.get('fteOwnWeightsBase')).toMatchObject({
    ...{ low: 0.1, likely: 0.25, high: 0.6, unit: 'fte' },
    as: 'fteOnCall',
  });
});

test('what is stored and read again is what was there', () => {
  const { parsed, snapshot } = readTables(files);
  const loaded = loadTables(files);
  if (snapshot === null || loaded.tables === null || loaded.prose === null) throw new Error('not loaded');
  const own = encodeTables(parsed, snapshotTables);
  const catalog = encodeTables(parsed, catalogTables);
  const again = <Content>(content: Content): Content => JSON.parse(JSON.stringify(content)) as Content;
  const tables = decodeTables(again({ snapshot, tables: own.tables }), again(catalog));
  expect(tables).toEqual(loaded.tables);
  const whole = again(encodeWhole(tables));
  expect(decodeTables(whole, whole)).toEqual(loaded.tables);
  const prose = decodeProse(again(own), again(catalog));
  for (const table of tableNames)
    for (const { row } of tables[table]) expect(prose({ table, row })).toEqual(loaded.prose({ table, row }));
});

test('files are plain: line feeds, no byte-order mark, one line a row, no two rows alike', () => {
  for (const { file, text } of files) {
    expect(text, file).not.toMatch(/\r|\uFEFF/);
    expect(text.endsWith('\n'), file).toBe(true);
    if (!file.endsWith('.csv')) continue;
    const lines = text.trimEnd().split('\n');
    expect(new Set(lines).size, file).toBe(lines.length);
    expect(lines[0], file).toMatch(/^[a-z0-9_,]+$/);
  }
});

test('the tables speak of the world, not of how they were made', () => {
  for (const { file, text } of files)
    expect(text, file).not.toMatch(/\bseed\b(?![-/])|capability-fit|shared\/|this project/i);
});

test('every file of pricing/ is a table or says what the tables are', () => {
  const known = ['snapshot.yaml', 'catalog.yaml', ...tableNames.map((table) => schemas[table].file)];
  expect(files.map(({ file }) => file.replace(/^.*\//, '')).filter((name) => !known.includes(name))).toEqual([]);
});

test('a snapshot knows nothing that was released after it, and counts what it leaves out', () => {
  const early = files.map(({ file, text }) =>
    file.endsWith('snapshot.yaml')
      ? { file, text: "date: 2023-11-30\nsources: ['a test']\n" }
      : /\/(api|rental|hosting)\.csv$/.test(file)
        ? { file, text: `${text.split('\n')[0]}\n` }
        : { file, text },
  );
  const { tables, problems } = loadTables(early);
  expect(problems).toEqual([]);
  if (!tables) throw new Error('not loaded');
  expect(tables.modelOf.has('llama-2-7b')).toBe(true); // 2023-07
  expect(tables.modelOf.has('llama-3-8b')).toBe(false); // 2024-04
  expect(tables.acceleratorOf.has('v100-sxm-32gb')).toBe(true); // 2018-03
  expect(tables.acceleratorOf.has('b200-sxm-180gb')).toBe(false);
  for (const { table, rows } of tables.leftOut) {
    const all =
      { models: 178, accelerators: 92, provisionedThroughput: 19, provisionedOffers: 12, serviceTiers: 14 }[
        table as string
      ] ?? 351;
    expect(tables[table].length + rows).toBe(all);
  }
  expect(tables.leftOut.map(({ table }) => table)).toEqual([
    ...['models', 'accelerators', 'capability'],
    ...['provisionedThroughput', 'provisionedOffers', 'serviceTiers'],
  ]);
});
