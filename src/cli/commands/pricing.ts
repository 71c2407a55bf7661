import { schemas, snapshotTables, tableNames } from '../../tables/columns.js';
import type { TableName, Tables } from '../../tables/tables.js';
import { onceEach } from '../../units/memo.js';
import { haveErrors, report } from '../answer.js';
import type { Io } from '../io.js';
import { checkShippedFiles, loadTablesFolder, shippedDates } from '../read-tables.js';

/**
 * `pricing validate [folder]`: everything that is wrong with a folder of the user's own, or with the shipped files.
 * All problems go to stderr with file and line, sorted; with an error among them the exit code is 2. Otherwise the rows
 * of each file, and the rows a snapshot leaves out with the reason, go to stdout.
 */
export async function run(io: Io, { folder }: { folder?: string }): Promise<void> {
  const checked =
    folder === undefined
      ? await Promise.all(shippedDates().map((date) => checkShippedFiles(date)))
      : [await loadTablesFolder(io, folder)];
  // The catalog is read with every snapshot: what is wrong with it is said once.
  const problems = onceEach(checked.flatMap((each) => each.problems)).sort((a, b) =>
    a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1,
  );
  await report(io, {}, problems);
  const good = checked.map(({ tables }) => tables).filter((tables) => tables !== null);
  if (haveErrors(problems) || good.length < checked.length) io.setExitCode(2);
  else io.out(summary(good));
}

/** Rows by file: the catalog once, then each snapshot, then what was left out of it. */
function summary(snapshots: readonly Tables[]): string {
  const own: readonly TableName[] = snapshotTables;
  const newest = snapshots.at(-1);
  if (!newest) return '';
  const count = (tables: Tables, table: TableName): [string, number] => {
    const leftOut = tables.leftOut.filter((each) => each.table === table);
    return [schemas[table].file, leftOut.reduce((sum, { rows }) => sum + rows, tables[table].length)];
  };
  const catalog = tableNames.filter((table) => !own.includes(table)).map((table) => count(newest, table));
  const blocks = [
    block('catalog', catalog),
    ...snapshots.map((tables) =>
      block(
        tables.snapshot.date,
        own.map((table) => count(tables, table)),
      ),
    ),
  ];
  const leftOut = snapshots.flatMap(({ snapshot, leftOut }) =>
    leftOut.map(
      ({ table, reason, rows }) => `${rows} rows of ${schemas[table].file} left out of ${snapshot.date}: ${reason}\n`,
    ),
  );
  const corrected = snapshots.flatMap(({ snapshot }) =>
    snapshot.corrected == null
      ? []
      : [
          `${snapshot.corrected.cells} cells of ${snapshot.date} corrected since, last on ${snapshot.corrected.published}\n`,
        ],
  );
  return [...blocks, ...leftOut, ...corrected, 'no problems\n'].join('');
}

function block(title: string, rows: readonly (readonly [string, number])[]): string {
  const lines = rows.map(([file, count]) => `  ${file.padEnd(20)}${String(count).padStart(6)}\n`);
  return `${title}\n${lines.join('')}`;
}
