/**
 * Runs tables of worked examples against the engine: `npm run cases -- file.csv`. Prints every row, then how many are met.
 *
 * Exit code 0: all met, 1: some are not, 2: a file or a row cannot be read (every problem is told, the other rows are run).
 */
import { readFileSync } from 'node:fs';
import { importSources } from './sources.mjs';

const { runCases } = await importSources(['test/cases/run']);
const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('no file: npm run cases -- test/fixtures/worked-examples.csv');
  process.exit(2);
}
let [met, missed, unread] = [0, 0, 0];
for (const file of files) {
  const text = textOf(file);
  if (text === null) continue;
  const { results, problems } = runCases(text);
  const rows = results.map((row) => [
    row.id,
    row.formula,
    number(row.computed),
    number(row.expected),
    `${row.deviationPct > 0 ? '+' : ''}${number(row.deviationPct, 3)} %`,
    row.met ? 'ok' : 'MISS',
    row.unit + (row.unused.length > 0 ? `  (not needed: ${row.unused.join(', ')})` : ''),
  ]);
  print([['id', 'formula', 'computed', 'expected', 'deviation', 'met', 'unit'], ...rows]);
  for (const { line, id, message } of problems) console.error(`${file}:${line}  ${id ? `${id}: ` : ''}${message}`);
  met += results.filter((row) => row.met).length;
  missed += results.filter((row) => !row.met).length;
  unread += new Set(problems.map(({ line }) => line)).size;
}
const all = met + missed + unread;
console.log(`${met} of ${all} met, ${missed} missed, ${unread} not read`);
process.exitCode = unread > 0 ? 2 : missed > 0 ? 1 : 0;

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    console.error(
      `${file}:1  cannot be read (${/** @type {{ code?: string }} */ (error).code}): give the path of a CSV file`,
    );
    unread++;
    return null;
  }
}

/** @param {number} value @param {number} [digits] */
function number(value, digits = 8) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

/** @param {string[][]} rows */
function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}
