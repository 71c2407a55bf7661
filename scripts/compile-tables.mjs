/**
 * Compiles pricing/ to dist/tables/: catalog.json and one <snapshot>.json each, and beside each of them its prose
 * (sources, dates, notes). Any problem in the files fails the build, with file and line.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { catalogTables, encodeTables, readTables, snapshotTables } = await tablesLayer();

/** Texts of the tables in a folder of pricing/. */
const filesOf = (folder) =>
  readdirSync(`pricing/${folder}`)
    .filter((name) => /\.(csv|yaml)$/.test(name))
    .map((name) => ({ file: `pricing/${folder}/${name}`, text: readFileSync(`pricing/${folder}/${name}`, 'utf8') }));

const catalogFiles = filesOf('catalog');
const snapshots = readdirSync('pricing').filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
const read = snapshots.map((date) => ({ date, ...readTables([...filesOf(date), ...catalogFiles]) }));

const lines = new Set(read.flatMap(({ problems }) => problems.map(line)));
for (const { date, snapshot } of read)
  if (snapshot?.date !== date) lines.add(`pricing/${date}/snapshot.yaml: its date is not the name of its folder`);
if (read.length === 0) lines.add('pricing/: holds no snapshot');
if (lines.size > 0) {
  console.error([...lines].join('\n'));
  process.exit(1);
}

mkdirSync('dist/tables', { recursive: true });
for (const { date, parsed, snapshot } of read) {
  const { tables, prose } = encodeTables(parsed, snapshotTables);
  write(date, { snapshot, tables }, prose);
}
const { tables, prose } = encodeTables(read[0].parsed, catalogTables);
write('catalog', { tables }, prose);

function write(name, compiled, prose) {
  writeFileSync(`dist/tables/${name}.json`, JSON.stringify(compiled));
  writeFileSync(`dist/tables/prose-${name}.json`, JSON.stringify({ prose }));
}

function line({ severity, code, file, line, message }) {
  return `${file}${line === null ? '' : `:${line}`}  ${severity}  ${code}  ${message}`;
}

/** Node cannot run the sources themselves, so they are bundled into a file that lives for the length of an import. */
async function tablesLayer() {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-advisor-tables-'));
  try {
    const outfile = join(folder, 'tables.mjs');
    await build({
      stdin: {
        contents: ['compiled', 'columns', 'load'].map((file) => `export * from './src/tables/${file}.js';`).join('\n'),
        resolveDir: process.cwd(),
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outfile,
      // yaml is CommonJS inside and asks for node: modules by require.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
