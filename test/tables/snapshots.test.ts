import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { loadTables, readTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedFiles } from '../support/load.js';

const pricing = new URL('../../pricing/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, pricing), 'utf8');
const hashes = JSON.parse(readFileSync(new URL('../fixtures/snapshot-hashes.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** Rows by snapshot, counted in the sources by hand: grep -c for the date in each of the three lists. */
const counts: [string, { api: number; rental: number; hosting: number }][] = [
  ['2023-11-30', { api: 45, rental: 73, hosting: 0 }],
  ['2024-06-30', { api: 92, rental: 82, hosting: 74 }],
  ['2025-01-31', { api: 129, rental: 89, hosting: 93 }],
  ['2025-09-30', { api: 297, rental: 105, hosting: 123 }],
  ['2026-03-31', { api: 436, rental: 129, hosting: 107 }],
  ['2026-08-21', { api: 483, rental: 180, hosting: 112 }],
  ['2026-11-10', { api: 694, rental: 184, hosting: 112 }],
];
const dates = counts.map(([date]) => date);
const files = new Map(dates.map((date) => [date, shippedFiles(date)]));
const loaded = new Map(dates.map((date) => [date, loadTables(files.get(date) ?? [])]));

function tablesOf(date: string): Tables {
  const tables = loaded.get(date)?.tables;
  if (!tables) throw new Error(`${date}: ${JSON.stringify(loaded.get(date)?.problems[0])}`);
  return tables;
}

/** The files of a snapshot with one of them changed, and a manifest that does not mind. */
function changed(date: string, name: string, change: (text: string) => string): TableFile[] {
  return (files.get(date) ?? []).map(({ file, text }) => {
    if (file.endsWith(`/${name}`)) return { file, text: change(text) };
    return { file, text: file.endsWith('/snapshot.yaml') ? text.slice(0, text.indexOf('files:')) : text };
  });
}

test('a released snapshot is never edited: its files are those of the list', () => {
  const found = dates.flatMap((date) =>
    readdirSync(new URL(`${date}/`, pricing))
      .filter((name) => name !== 'corrections.csv')
      .sort()
      .map((name) => [
        `${date}/${name}`,
        createHash('sha256')
          .update(textOf(`${date}/${name}`))
          .digest('hex'),
      ]),
  );
  expect(Object.fromEntries(found)).toEqual(hashes);
});

test.each(counts)('%s has no problem, not even a warning, and its rows are all there', (date, rows) => {
  expect(loaded.get(date)?.problems).toEqual([]);
  const { api, rental, hosting } = tablesOf(date);
  expect({ api: api.length, rental: rental.length, hosting: hosting.length }).toEqual(rows);
});

test.each(counts)('%s says what its files hold, and what no source has', (date, rows) => {
  const manifest = parseYaml(textOf(`${date}/snapshot.yaml`)) as {
    date: string;
    coverage: string[];
    files: Record<string, { rows: number; sha256: string }>;
  };
  expect(manifest.date).toBe(date);
  expect(manifest.coverage.map((line) => line.split(':')[0])).toEqual(['api', 'rental', 'hosting']);
  for (const [table, count] of Object.entries(rows)) {
    const { rows: stated, sha256 } = manifest.files[`${table}.csv`] ?? { rows: -1, sha256: '' };
    expect(stated).toBe(count);
    expect(sha256).toBe(hashes[`${date}/${table}.csv`]);
  }
});

/** Release dates by name, from the files themselves: every row, whatever a snapshot may know of it. */
function releases(): Map<string, string[]> {
  const { parsed } = readTables(files.get('2026-08-21') ?? []);
  const found = new Map<string, string[]>();
  const add = (name: string, released: string | null): void => {
    if (released) found.set(name, [...(found.get(name) ?? []), released]);
  };
  for (const row of parsed.models?.rows ?? []) add(row.family, row.released);
  for (const row of parsed.capability?.rows ?? []) add(row.family, row.released);
  for (const row of parsed.accelerators?.rows ?? []) add(row.accelerator, row.released);
  return found;
}

test.each(dates)('%s has no model and no accelerator that was released later, in any table or row', (date) => {
  const released = releases();
  const tables = tablesOf(date);
  const named = [
    ...tables.models.map(({ family }) => family),
    ...tables.accelerators.map(({ accelerator }) => accelerator),
    ...tables.api.map(({ family }) => family),
    ...tables.rental.map(({ accelerator }) => accelerator),
    ...tables.hosting.flatMap(({ accelerator }) => accelerator ?? []),
  ];
  const later = named.filter((name) => {
    const known = released.get(name);
    return known?.every((each) => each.slice(0, 7) > date.slice(0, 7));
  });
  expect(later).toEqual([]);
  // The rows that are sold exist in the catalog of the same snapshot: nothing is rented that is not known by then.
  for (const { accelerator } of tables.rental) expect(tables.acceleratorOf.has(accelerator), accelerator).toBe(true);
});

test.each([
  ['2023-11-30', 'api.csv', 'family', /^(openai,first-party,gpt-4),gpt-4,/m, '$1,gpt-4o,', '2024-05'],
  ['2023-11-30', 'rental.csv', 'accelerator', /,v100-sxm-16gb,/, ',b200-sxm-180gb,', '2024'],
  ['2024-06-30', 'hosting.csv', 'accelerator', /,t4-16gb,/, ',b200-sxm-180gb,', '2024'],
] as const)('%s: a row of %s whose %s came later is refused', (date, name, header, from, to, month) => {
  const { tables, problems } = loadTables(changed(date, name, (text) => text.replace(from, to)));
  expect(tables).toBeNull();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ code: 'later-than-snapshot', severity: 'error', path: header });
  expect(problems[0]?.file).toBe(`pricing/${date}/${name}`);
  expect(problems[0]?.line).toBeGreaterThan(1);
  expect(problems[0]?.message).toContain(`${to.replaceAll(/[$1]{2}|,/g, '')} was released in ${month}`);
});

test('a family that nobody has measured is named by the snapshot; one that is not named is a warning', () => {
  const unnamed = changed('2023-11-30', 'rental.csv', (text) => text).map(({ file, text }) => ({
    file,
    text: file.endsWith('/snapshot.yaml') ? text.replace('  - j2-mid\n', '') : text,
  }));
  const { problems } = loadTables(unnamed);
  expect(problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning unknown-reference',
    'warning unknown-reference',
  ]);
  for (const { message } of problems) expect(message).toMatch(/"j2-mid" is not a family of capability\.csv/);
});

test('columns no source fills exist and are unknown, never 0', () => {
  for (const date of dates) {
    const { api } = tablesOf(date);
    for (const column of ['regional_uplift_pct', 'free_tokens_per_month', 'aliases', 'last_seen'])
      expect(textOf(`${date}/api.csv`).split('\n')[0]?.split(','), date).toContain(column);
    expect(
      api.filter(({ freeTokensPerMonth }) => freeTokensPerMonth !== null),
      date,
    ).toEqual([]);
    expect(
      api.filter((row) => row.cachedInputUsdPerMTok === 0 || row.batchInputUsdPerMTok === 0),
      date,
    ).toEqual([]);
  }
  // "global deployment; regional deployments cost 10% more" stands at two rows of the sources.
  const uplifts = dates.flatMap((date) => tablesOf(date).api.filter((row) => row.regionalUpliftPct !== null));
  expect(uplifts.map(({ provider, regionalUpliftPct }) => [provider, regionalUpliftPct])).toEqual([
    ['azure', 10],
    ['azure', 10],
  ]);
});
