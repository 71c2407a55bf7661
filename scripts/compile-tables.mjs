/**
 * Compiles pricing/ to dist/tables/: catalog.json and one <snapshot>.json each (with its corrections, and as released), and beside each of them its prose
 * (sources, dates, notes); the columns that decisions are made on, of the newest snapshot; and what was measured. Any problem in the files fails the build, with file and line.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tableFiles as filesOf, importSources } from './sources.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const {
  catalogTables,
  decodeTables,
  encodeColumns,
  encodeTables,
  predictedPoints,
  readMeasurementsCsv,
  readTables,
  snapshotTables,
  storedCatalog,
} = await importSources([
  'src/tables/compiled',
  'src/tables/columns',
  'src/tables/load',
  'src/tables/tables',
  'src/core/catalog',
  'src/calibration/predict',
  'src/calibration/measurements/csv',
]);

const catalogFiles = filesOf('catalog');
const snapshots = readdirSync('pricing')
  .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
  .sort();
const isCorrections = ({ file }) => file.endsWith('corrections.csv');
const read = snapshots.flatMap((date) => {
  const files = filesOf(date);
  const given = [{ date, name: date, ...readTables([...files, ...catalogFiles]) }];
  if (!files.some(isCorrections)) return given;
  const released = files.filter((file) => !isCorrections(file));
  return [...given, { date, name: `${date}-as-released`, ...readTables([...released, ...catalogFiles]) }];
});

const lines = new Set(read.flatMap(({ problems }) => problems.map(line)));
for (const { date, snapshot } of read)
  if (snapshot?.date !== date) lines.add(`pricing/${date}/snapshot.yaml: its date is not the name of its folder`);
const published = 'pricing/measurements/published.csv';
const measured = readMeasurementsCsv(readFileSync(published, 'utf8'), published);
for (const problem of [...measured.problems, ...measured.rows.flatMap(({ problems }) => problems)])
  lines.add(line(problem));
if (read.length === 0) lines.add('pricing/: holds no snapshot');
if (lines.size > 0) {
  console.error([...lines].join('\n'));
  process.exit(1);
}

mkdirSync('dist/tables', { recursive: true });
const { tables, prose } = encodeTables(read[0].parsed, catalogTables);
write('catalog', { tables }, prose);
const catalog = Object.fromEntries(Object.entries(read[0].parsed).map(([name, table]) => [name, table.rows]));
const assume = (name) => catalog.assumptions.find((row) => row.name === name).likely;
for (const { name, parsed, snapshot } of read) {
  const { tables: own, prose: ownProse } = encodeTables(parsed, snapshotTables);
  write(name, { snapshot, tables: own }, ownProse);
  // Of older ones they are made when they are asked for.
  if (name !== snapshots.at(-1)) continue;
  const known = decodeTables({ snapshot, tables: own }, { tables });
  const settings = { assume: (parameter) => known.parameterOf.get(parameter).likely };
  writeFileSync(`dist/tables/${name}.columns`, encodeColumns(storedCatalog(known, settings)));
}
const points = predictedPoints(measured.header, measured.rows, catalog, assume);
writeFileSync('dist/tables/measured.json', JSON.stringify(points));

function write(name, compiled, prose) {
  writeFileSync(`dist/tables/${name}.json`, JSON.stringify(compiled));
  writeFileSync(`dist/tables/prose-${name}.json`, JSON.stringify({ prose }));
}

function line({ severity, code, file, line, message }) {
  return `${file}${line === null ? '' : `:${line}`}  ${severity}  ${code}  ${message}`;
}
