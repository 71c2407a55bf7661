import * as z from 'zod';
import { fileProblem, type Problem } from '../units/problem.js';
import { publishedSchema } from '../units/schema.js';
import type { TableSchema } from './column.js';
import type { ParameterRow } from './columns.js';
import { catalogTables, type SnapshotTable, schemas, snapshotTables, tableNames } from './columns.js';
import { assemble } from './compiled.js';
import { checkIntegrity } from './integrity.js';
import {
  applyCorrections,
  correctionsFile,
  type Parsed,
  type ParsedTables,
  parseTable,
  type TableFile,
} from './parse.js';
import { sha256 } from './sha256.js';
import type { Corrected, Prose, RowProse, RowsByTable, Snapshot, TableName, Tables } from './tables.js';
import { readYaml, shapeProblems } from './yaml-file.js';

/**
 * Fills in parameters that refer to another one (`=fteOnCall` under `likely`) with its three values. Reports unknown
 * names, circular references, and missing ends.
 */
function resolveParameters(tables: readonly Parsed<ParameterRow>[], others: readonly ParameterRow[]): Problem[] {
  const problems: Problem[] = [];
  const known = new Map(others.map((row) => [row.name, { row, file: null as Parsed<ParameterRow> | null }]));
  for (const file of tables) for (const row of file.rows) known.set(row.name, { row, file });

  const resolve = (row: ParameterRow, file: Parsed<ParameterRow>, via: readonly string[]): void => {
    if (!Number.isNaN(row.likely)) return;
    const name = row.as ?? '';
    const target = known.get(name);
    if (target === undefined) {
      problems.push(file.problemAt(row.row, 'likely', 'unknown-reference', `there is no parameter "${name}"`));
      return;
    }
    if ([...via, row.name].includes(name)) {
      problems.push(file.problemAt(row.row, 'likely', 'circular-reference', `"${name}" leads back to itself`));
      return;
    }
    if (target.file) resolve(target.row, target.file, [...via, row.name]);
    const { low, likely, high } = target.row;
    Object.assign(row, { low, likely, high, as: target.row.as ?? name });
  };

  for (const file of tables)
    for (const row of file.rows) {
      const named = Number.isNaN(row.likely);
      for (const end of ['low', 'high'] as const) {
        if (named && !Number.isNaN(row[end]))
          problems.push(
            file.problemAt(row.row, end, 'extra-value', 'must be empty: it comes with the parameter named'),
          );
        if (!named && Number.isNaN(row[end]))
          problems.push(file.problemAt(row.row, end, 'missing-value', 'must not be empty'));
      }
      resolve(row, file, []);
    }
  return problems;
}

/** Version 1 of snapshot.yaml, the only definition of its type, messages and JSON Schema. */
export const Manifest = z.strictObject({
  version: z.literal(1, 'write version: 1').optional().describe('Version of this format. Default: 1.'),
  date: z.iso.date().describe('The day the facts hold for.'),
  sources: z.array(z.string().min(1)).min(1).describe('Where the facts come from, in one line each.'),
  coverage: z.array(z.string().min(1)).default([]).describe('What each table has, and what no source has.'),
  notes: z.array(z.string().min(1)).default([]).describe('What a reader should know before using them.'),
  unrated: z
    .array(z.string().min(1))
    .default([])
    .describe('Families with a price whose capability no source has measured: known to be unknown.'),
  unsized: z
    .array(z.string().min(1))
    .default([])
    .describe('Families with open weights of which no source says how they are built: only APIs serve them.'),
  files: z
    .record(
      z.string(),
      z.strictObject({
        rows: z.int().nonnegative().optional().describe('How many rows the file has.'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          .describe('What sha256sum prints for the file.'),
      }),
    )
    .default({})
    .describe('What the files held when they were released.'),
});

/** snapshot.yaml or catalog.yaml: date, sources and notes of the files in its folder, and row counts. */
export type Manifest = z.infer<typeof Manifest>;

/** Reads a manifest; problems name the line of the key they are about. */
export function readManifest(file: string, text: string): { manifest: Manifest | null; problems: Problem[] } {
  const { yaml, problems } = readYaml(file, text);
  if (yaml === null) return { manifest: null, problems };
  const result = Manifest.safeParse(yaml.content);
  if (result.success) return { manifest: result.data, problems };
  return { manifest: null, problems: shapeProblems(yaml, result.error, 'bad-manifest', Object.keys(Manifest.shape)) };
}

/** All that the files say, before it is restricted to what the snapshot may know. */
export type ReadTables = {
  parsed: ParsedTables;
  snapshot: Snapshot | null;
  catalogDate: string;
  problems: Problem[];
};

const manifestFiles = ['snapshot.yaml', 'catalog.yaml'] as const;

/** Names of the files of the tables; others in a folder are ignored. */
export const tableFiles: readonly string[] = [
  ...manifestFiles,
  correctionsFile,
  ...tableNames.map((table) => schemas[table].file),
];

/**
 * Reads one snapshot (`snapshot.yaml`, `api.csv`, `rental.csv`, `hosting.csv`) and the catalog from their texts. Files
 * of the catalog that are missing come from `base`. All problems are reported at once, with file and line; with an
 * error there are no tables. The result knows nothing released after the snapshot.
 */
export function loadTables(
  files: readonly TableFile[],
  base?: { tables: Tables; prose: Prose },
): { tables: Tables | null; prose: Prose | null; problems: Problem[] } {
  const { parsed, snapshot, problems } = readTables(files, base?.tables);
  if (snapshot === null || problems.some(({ severity }) => severity === 'error'))
    return { tables: null, prose: null, problems };
  const tables = assemble(snapshot, (table) => (parsed[table]?.rows ?? base?.tables[table] ?? []) as never);
  return { tables, prose: proseOf((table) => parsed[table]?.prose, base?.prose), problems };
}

/** As `loadTables`, but with every row of the files, and where each stands in them. */
export function readTables(files: readonly TableFile[], base?: Tables): ReadTables {
  const problems: Problem[] = [];
  const given = new Map<string, TableFile>();
  const sorted = [...files].sort((a, b) => (a.file < b.file ? -1 : 1));
  for (const file of sorted) {
    const name = baseName(file.file);
    const twin = given.get(name);
    if (twin) problems.push(fileProblem('duplicate-file', file.file, `${twin.file} has the same name`));
    else given.set(name, file);
  }
  const folder = folderOf(files, given);

  const manifests: Partial<Record<(typeof manifestFiles)[number], Manifest>> = {};
  for (const name of manifestFiles) {
    const file = given.get(name);
    if (!file) continue;
    const read = readManifest(file.file, file.text);
    problems.push(...read.problems);
    if (read.manifest) manifests[name] = read.manifest;
  }
  const date = manifests['snapshot.yaml']?.date ?? '';
  const catalogDate = manifests['catalog.yaml']?.date ?? date;

  const required = base ? [...snapshotTables] : [...snapshotTables, ...catalogTables];
  for (const name of ['snapshot.yaml', ...required.map((table) => schemas[table].file)])
    if (!given.has(name)) problems.push(fileProblem('missing-file', folder + name, 'this file is missing'));

  const parsed: ParsedTables = {};
  const parse = (table: TableName): void => {
    const file = given.get(schemas[table].file);
    if (!file) return;
    const own = (snapshotTables as readonly TableName[]).includes(table) ? date : catalogDate;
    const result = parseTable<TableSchema>(schemas[table], file.file, file.text, own);
    (parsed as Record<TableName, unknown>)[table] = result;
    problems.push(...result.problems);
  };
  for (const table of tableNames) parse(table);

  const corrections = given.get(correctionsFile);
  const { corrected, problems: wrong } = corrections
    ? applyCorrections(parsed, corrections.file, corrections.text)
    : { corrected: null, problems: [] };
  problems.push(...wrong);

  const parameterFiles = [parsed.owning, parsed.latency, parsed.assumptions];
  const otherParameters = (['owning', 'latency', 'assumptions'] as const).flatMap((table) =>
    parsed[table] ? [] : (base?.[table] ?? []),
  );
  problems.push(
    ...resolveParameters(
      parameterFiles.filter((file) => file !== undefined),
      otherParameters,
    ),
  );

  problems.push(...missingParameters(parsed, base));

  for (const name of manifestFiles) {
    const manifest = manifests[name];
    if (manifest) problems.push(...checkFiles(manifest, given.get(name)?.file ?? name, given, parsed));
  }
  const unrated = manifestFiles.flatMap((name) => manifests[name]?.unrated ?? []);
  const unsized = manifestFiles.flatMap((name) => manifests[name]?.unsized ?? []);
  const rows = Object.fromEntries(
    tableNames.map((table) => [table, parsed[table]?.rows ?? base?.[table] ?? []]),
  ) as unknown as RowsByTable;
  problems.push(...checkIntegrity(parsed, rows, { date, unrated, unsized }));

  const snapshot = manifests['snapshot.yaml'] ? describe(manifests['snapshot.yaml'], given, corrected, base) : null;
  return { parsed, snapshot, catalogDate, problems: problems.sort(inFileOrder) };
}

/** A file of parameters that replaces one of the base must hold every name that the program uses. */
function missingParameters(parsed: ParsedTables, base?: Tables): Problem[] {
  return (['owning', 'latency', 'assumptions'] as const).flatMap((table) => {
    const file = parsed[table];
    if (!file || !base) return [];
    const names = new Set(file.rows.map(({ name }) => name));
    return base[table]
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => fileProblem('missing-parameter', file.file, `lacks the parameter "${name}"`));
  });
}

/** The checksum covers every file that was read, and the tables they stand on. */
function describe(
  { date, notes }: Manifest,
  given: ReadonlyMap<string, TableFile>,
  corrected: Corrected | null,
  base?: Tables,
): Snapshot {
  const lines = tableFiles.flatMap((name) => {
    const file = given.get(name);
    return file ? [`${sha256(file.text)}  ${name}\n`] : [];
  });
  if (base) lines.push(`${base.snapshot.sha256}  base\n`);
  return { date, sha256: sha256(lines.join('')), notes, corrected };
}

/** Do the files still hold what the manifest says they held? */
function checkFiles(
  manifest: Manifest,
  manifestFile: string,
  given: ReadonlyMap<string, TableFile>,
  parsed: ParsedTables,
): Problem[] {
  return Object.entries(manifest.files).flatMap(([name, held]) => {
    const file = given.get(name);
    const missing = fileProblem('missing-file', manifestFile, `lists ${name}, which is missing`);
    if (!file) return [{ ...missing, path: `files.${name}` }];
    const table = tableNames.find((each) => schemas[each].file === name);
    const rows = table ? parsed[table]?.prose.length : undefined;
    const hash = held.sha256 === undefined ? null : sha256(file.text);
    const changed: Problem[] = [];
    if (held.rows !== undefined && rows !== undefined && rows !== held.rows)
      changed.push(fileProblem('row-count', file.file, `has ${rows} rows; ${manifestFile} says ${held.rows}`));
    if (hash !== null && hash !== held.sha256)
      changed.push({
        ...fileProblem('hash-mismatch', file.file, `is not the file that ${manifestFile} describes`),
        suggestion: `a released file is never edited; for one of your own, set its sha256 to ${hash} or leave it out`,
      });
    return changed;
  });
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

/** Where a missing file of the snapshot would be looked for. */
function folderOf(files: readonly TableFile[], given: ReadonlyMap<string, TableFile>): string {
  const some = given.get('snapshot.yaml') ?? given.get('api.csv') ?? files[0];
  return some ? some.file.slice(0, some.file.length - baseName(some.file).length) : '';
}

function inFileOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}

/** The JSON Schema of snapshot.yaml: editors complete and check one with it. */
export function snapshotJsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(Manifest, { io: 'input' });
  return publishedSchema('snapshot', schema);
}

/** What one snapshot holds, by its own account. */
export type Coverage = {
  date: string;
  /** Rows by table; null where the manifest does not say. */
  rows: { [Table in SnapshotTable]: number | null };
  sources: string[];
  coverage: string[];
  notes: string[];
};

/** The date, rows and sources that a snapshot's manifest states. */
export function coverageOf({ date, files, sources, coverage, notes }: Manifest): Coverage {
  const rows = snapshotTables.map((table) => [table, files[schemas[table].file]?.rows ?? null] as const);
  return { date, rows: Object.fromEntries(rows) as Coverage['rows'], sources, coverage, notes };
}

const nothing: RowProse = { source: '', date: '', note: '' };

/** Source, date and note by table and row; a table that `rowsOf` lacks is from `base`. */
function proseOf(rowsOf: (table: TableName) => readonly RowProse[] | undefined, base?: Prose): Prose {
  return ({ table, row }) => {
    const rows = rowsOf(table);
    if (rows === undefined && base) return base({ table, row });
    return rows?.[row] ?? nothing;
  };
}
