import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Calibration } from '../calibration/recalibrate.js';
import type { MeasuredPoint } from '../capacity/measurement.js';
import {
  type CompiledProse,
  type CompiledSnapshot,
  type CompiledTables,
  decodeProse,
  decodeTables,
} from '../tables/compiled.js';
import type { TableFile } from '../tables/parse.js';
import type { Prose, Tables } from '../tables/tables.js';
import { decodeColumns } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { nearest } from '../units/problem.js';
import { fileProblem, type Io, packagePath } from './io.js';

/** Tables with the prose of their rows, read on demand. */
type ReadTables = { tables: Tables | null; prose: () => Promise<Prose>; problems: Problem[] };

const maxTableBytes = 20 * 1024 * 1024;
/** Under a test runner the sources run as they are, and so do the files of pricing/. */
const fromSource = import.meta.url.endsWith('.ts');

/** Dates of the shipped snapshots, oldest first. */
export function shippedDates(): string[] {
  return readdirSync(packagePath(fromSource ? 'pricing' : 'dist/tables'))
    .map((name) => name.replace(/\.json$/, ''))
    .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
    .sort();
}

/** Which tables a command reads, as its flags say. */
export type TablesOptions = {
  /** The date of a shipped snapshot, or a folder; nothing: the newest shipped one. */
  pricing?: string | undefined;
  /** Whether later corrections of a snapshot are applied (they are). */
  corrections?: boolean | undefined;
};

/** The tables that `--pricing` names. */
export function readTables(io: Io, { pricing, corrections: asked }: TablesOptions): Promise<ReadTables> {
  // Without the flag the option is true: the environment then decides.
  const corrections = asked !== false && corrected();
  return pricing === undefined || namesSnapshot(pricing)
    ? readShippedTables(pricing, corrections)
    : loadTablesFolder(io, pricing, corrections);
}

/**
 * The shipped tables of a snapshot's date; an unknown date is a problem with the known ones. Default: the day in
 * DEPLOY_ADVISOR_PRICING, so that a pipeline keeps its prices, else the newest; without corrections where
 * DEPLOY_ADVISOR_NO_CORRECTIONS is set.
 */
export async function readShippedTables(snapshotDate?: string, corrections = corrected()): Promise<ReadTables> {
  const dates = shippedDates();
  const date = snapshotDate ?? (process.env.DEPLOY_ADVISOR_PRICING || dates.at(-1)) ?? '';
  if (!dates.includes(date))
    return unread(fileProblem('unknown-snapshot', '', `there is no snapshot ${date}`, datesNear(date, dates)));
  if (fromSource) return checkShippedFiles(date, corrections);
  const released = `${date}-as-released`;
  const name = !corrections && existsSync(packagePath(`dist/tables/${released}.json`)) ? released : date;
  const file = packagePath(`dist/tables/${name}.columns`);
  const columns = existsSync(file) ? decodeColumns(readFileSync(file)) : null;
  const tables = decodeTables(json<CompiledSnapshot>(name), json<CompiledTables>('catalog'), columns);
  const prose = async (): Promise<Prose> =>
    decodeProse(json<CompiledProse>(`prose-${name}`), json<CompiledProse>('prose-catalog'));
  return { tables, prose, problems: [] };
}

/** The tables of `--pricing`, with every model and accelerator, also later ones. */
export async function readWholeCatalog(io: Io, options: TablesOptions): Promise<ReadTables> {
  const read = await readTables(io, options);
  const named = options.pricing;
  if (read.tables === null || fromSource || (named !== undefined && !namesSnapshot(named))) return read;
  const snapshot = { ...read.tables.snapshot, date: endOfTime };
  return { ...read, tables: decodeTables({ tables: {}, snapshot }, json<CompiledTables>('catalog')) };
}

/** Later than any release. */
const endOfTime = '9999-12-31';
/** Whether `--pricing` names a snapshot by its date, no folder. */
export const namesSnapshot = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** As `readShippedTables`, for a known date; else throws. */
export async function loadShippedTables(snapshotDate?: string): Promise<Tables> {
  const { tables, problems } = await readShippedTables(snapshotDate);
  if (tables === null) throw new Error(problems[0]?.message ?? 'no tables');
  return tables;
}

/** Sources, dates and notes of the rows of `loadShippedTables`. */
export async function loadProse(snapshotDate?: string): Promise<Prose> {
  return (await readShippedTables(snapshotDate)).prose();
}

/** Reads an own snapshot folder; missing catalog files are the shipped ones. */
export async function loadTablesFolder(io: Io, folder: string, corrections = corrected()): Promise<ReadTables> {
  const { loadTables, tableFiles } = await import('../tables/load.js');
  const { correctionsFile } = await import('../tables/parse.js');
  const names = io.listFolder(folder);
  if (names === null) {
    const message = `"${folder}" is neither a folder nor the date of a shipped snapshot`;
    const suggestion = datesNear(folder, shippedDates());
    return unread(fileProblem('no-such-folder', folder, message, suggestion));
  }
  const files: TableFile[] = [];
  const problems: Problem[] = [];
  const own = folder.replace(/[/\\]+$/, '');
  const named = names.filter((each) => tableFiles.includes(each) && (corrections || each !== correctionsFile));
  for (const name of named) {
    const file = `${own}/${name}`;
    const read = await io.readText(file, maxTableBytes);
    if (read.problem) problems.push(read.problem);
    else files.push({ file, text: read.text });
  }
  if (problems.length > 0) return unread(...problems);
  if (!names.includes('snapshot.yaml')) {
    const message = 'this file is missing: it says the date of the prices and their sources';
    const hint = 'see pricing/ of deploy-advisor for an example';
    return unread(fileProblem('missing-file', `${folder}/snapshot.yaml`, message, hint));
  }
  const base = await readShippedTables();
  if (base.tables === null) return base;
  const { prose, ...loaded } = loadTables(files, { tables: base.tables, prose: await base.prose() });
  return { ...loaded, prose: async () => prose ?? noProse };
}

/** The shipped tables of a date from the reviewed files, with all their problems. */
export async function checkShippedFiles(date: string, corrections = true): Promise<ReadTables> {
  const { loadTables } = await import('../tables/load.js');
  const { correctionsFile } = await import('../tables/parse.js');
  const files = [date, 'catalog'].flatMap((folder) =>
    readdirSync(packagePath(`pricing/${folder}`))
      .filter((name) => /\.(csv|yaml)$/.test(name) && (corrections || name !== correctionsFile))
      .map((name) => {
        const file = `pricing/${folder}/${name}`;
        return { file, text: readFileSync(packagePath(file), 'utf8') };
      }),
  );
  const { prose, ...loaded } = loadTables(files);
  return { ...loaded, prose: async () => prose ?? noProse };
}

/** Whether corrections are applied where no flag says so. */
const corrected = (): boolean => !process.env.DEPLOY_ADVISOR_NO_CORRECTIONS;

function json<Content>(name: string): Content {
  return JSON.parse(readFileSync(packagePath(`dist/tables/${name}.json`), 'utf8')) as Content;
}

const noProse: Prose = () => ({ source: '', date: '', note: '' });

const unread = (...problems: Problem[]): ReadTables => ({ tables: null, prose: async () => noProse, problems });

function datesNear(asked: string, dates: readonly string[]): string {
  const near = nearest(asked, dates);
  return `${near === null ? '' : `did you mean ${near}? `}shipped snapshots: ${dates.join(', ')}`;
}

const published = 'pricing/measurements/published.csv';

/** Published measurements that hold a speed, with what the formulas predict of them. */
export async function publishedPoints(tables: Tables): Promise<MeasuredPoint[]> {
  if (!fromSource) return json<MeasuredPoint[]>('measured');
  const [{ predictedPoints }, { readMeasurementsCsv }] = await Promise.all([
    import('../calibration/predict.js'),
    import('../calibration/measurements/csv.js'),
  ]);
  const { header, rows } = readMeasurementsCsv(readFileSync(packagePath(published), 'utf8'), published);
  return predictedPoints(header, rows, tables, (name) => tables.parameterOf.get(name)?.likely ?? Number.NaN);
}

/** What the calibration found, as it is shipped. */
export type ShippedCalibration = Omit<Calibration, 'rows' | 'residuals'>;

export const shippedCalibration = (): ShippedCalibration =>
  JSON.parse(readFileSync(packagePath('pricing/catalog/calibration.json'), 'utf8')) as ShippedCalibration;
