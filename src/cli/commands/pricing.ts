import type { PriceListing } from '../../report/pricing.js';
import { jsonText } from '../../report/printable.js';
import { schemas, snapshotTables, tableNames } from '../../tables/columns.js';
import { coverageOf, readManifest } from '../../tables/load.js';
import { priceList, selectOffers, unanswered } from '../../tables/offers.js';
import type { TableName, Tables } from '../../tables/tables.js';
import { onceEach } from '../../units/memo.js';
import { daysBetween } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import { priceDate } from '../capacity-question.js';
import type { pricingDiffCommand, pricingListCommand, pricingShowCommand } from '../catalog-commands.js';
import type { Given } from '../command-entry.js';
import { answer, haveErrors, report, viewOf } from '../command-entry.js';
import { fileProblem, type Io, packagePath } from '../io.js';
import { checkShippedFiles, loadTablesFolder, readTables, shippedDates } from '../read-tables.js';
import { nearNames, readPriced } from '../read-workload.js';

/** `pricing list`: shipped snapshots, age and content, from their manifests alone. */
export async function runList(io: Io, options: Given<typeof pricingListCommand>): Promise<void> {
  const asOf = options.asOf ?? io.today();
  const problems: Problem[] = [];
  const snapshots = [];
  for (const date of shippedDates()) {
    const file = `pricing/${date}/snapshot.yaml`;
    const read = await io.readText(packagePath(file));
    if (read.text === null) problems.push(read.problem);
    else {
      const { manifest, problems: found } = readManifest(file, read.text);
      problems.push(...found);
      if (manifest) snapshots.push({ ...coverageOf(manifest), ageDays: daysBetween(manifest.date, asOf) });
    }
  }
  const { pricingListTable } = await import('../../report/pricing.js');
  const text =
    options.format === 'json'
      ? jsonText({ schemaVersion: '1.0.0', asOf, snapshots })
      : pricingListTable(asOf, snapshots, viewOf(io, options).width);
  await answer(io, options, text, problems);
}

type Shown = Given<typeof pricingShowCommand>;

/** The rows of a snapshot's price lists, with units and sources. */
export async function pricesShown(
  io: Io,
  options: Shown,
): Promise<{ listing: PriceListing | null; problems: Problem[] }> {
  const { tables, prose, problems } = await readPriced(io, options, true);
  if (tables === null) return { listing: null, problems };
  // Nothing answers to a name: the nearest there is, or those that hold it.
  const missing = unanswered(tables, options).map(({ part, asked, names }) => {
    const near = nearNames(asked, names, (plain) => `--${part} "*${plain}*" lists them`);
    return fileProblem('no-such-price', '', `the prices of ${tables.snapshot.date} have no ${part} "${asked}"`, near);
  });
  const offers = priceList(tables, prose, selectOffers(tables, options), options.sort ?? null);
  return { listing: { prices: priceDate(tables, io, options), offers }, problems: [...problems, ...missing] };
}

export async function runShow(io: Io, options: Shown): Promise<void> {
  const { listing, problems } = await pricesShown(io, options);
  if (listing === null) return report(io, options, problems);
  const texts = await import('../../report/pricing.js');
  const text = {
    table: () => texts.pricingShowTable(listing, options.detail ?? false),
    json: () => texts.pricingShowJson(listing),
    csv: () => texts.pricingShowCsv(listing),
  }[options.format ?? 'table'];
  await answer(io, options, text(), problems);
}

/** `pricing diff <from> <to>`: changes between two snapshots, each a shipped date or a folder. */
export async function runDiff(io: Io, options: Given<typeof pricingDiffCommand>): Promise<void> {
  const { from, to, corrections } = options;
  const [before, after] = [
    await readTables(io, { pricing: from, corrections }),
    await readTables(io, { pricing: to, corrections }),
  ];
  const problems = [...before.problems, ...after.problems];
  if (before.tables === null || after.tables === null) return answer(io, options, null, problems);
  const [{ diffSnapshots }, { pricingDiffJson, pricingDiffTable }] = await Promise.all([
    import('../../tables/diff.js'),
    import('../../report/pricing.js'),
  ]);
  const diff = diffSnapshots(before.tables, after.tables);
  const text = options.format === 'json' ? pricingDiffJson(diff) : pricingDiffTable(diff, options.detail ?? false);
  await answer(io, options, text, problems);
}

/**
 * `pricing validate [folder]`: all problems of an own folder, or of the shipped files, go to stderr with file and line,
 * sorted; with an error the exit code is 2. Otherwise the row counts of each file, and left-out rows with the reason,
 * go to stdout.
 */
export async function runValidate(io: Io, { folder }: { folder?: string }): Promise<void> {
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
  if (!haveErrors(problems)) io.out(summary(good));
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
