/**
 * Builds dist/: the bundle (a small entry, a file per command loaded on demand), the compiled tables, the declarations.
 * All lie one folder down, two folders below the package root like the sources, so that relative addresses hold in both.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
/** @type {import('esbuild').BuildOptions} */
const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  legalComments: 'none',
  define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
  loader: { '.tsv': 'text' },
  metafile: true,
};
/** Parts of packages that nothing here uses, and that load much of Node: Commander's programs as commands, Chalk's guess at a terminal. */
const unused = [
  { name: 'node:child_process', by: 'commander', contents: '' },
  { name: '#supports-color', by: 'chalk', contents: 'export default { stdout: false, stderr: false }' },
];
const withoutUnused = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    for (const { name, by, contents } of unused) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ importer }) =>
        importer.includes(`node_modules/${by}/`) ? { path: name, namespace: 'unused' } : undefined,
      );
      onLoad({ filter: new RegExp(`^${name}$`), namespace: 'unused' }, () => ({ contents }));
    }
  },
};
const library = await build({
  ...common,
  format: 'esm',
  entryPoints: { 'lib/index': 'src/index.ts' },
  plugins: [withoutUnused],
  // cli-table3 is CommonJS inside and asks for node: modules by require.
  banner: { js: "import{createRequire as __req}from'node:module';const require=__req(import.meta.url);" },
});
/** @type {import('esbuild').BuildOptions} */
const commandLine = {
  ...common,
  // Code that earlier processes compiled is used for CommonJS only (`src/cli/start.ts`).
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { ...common.define, 'import.meta.url': 'moduleUrl' },
  banner: { js: "'use strict';const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
};
// Finding a file costs Node about a millisecond, so each step of a run is one file: the entry, which answers `--version`
// alone; the command line; the command asked for, with all it needs.
await build({
  ...commandLine,
  entryPoints: { 'cli/main': 'src/cli/main.ts' },
  external: ['./command-line.js', './internal-error.js'],
});
/** Commands are loaded by name: `./commands/assess.js` in the sources is `./command-assess.js` beside the entry. */
const byName = {
  name: 'commands-by-name',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/commands\// }, ({ path }) => ({
      path: path.replace(/^\.\.?\/commands\//, './command-'),
      external: true,
    }));
    // Tables as files of their own are checked where somebody names a folder of them.
    onResolve({ filter: /^\.\.\/tables\/load\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './load-tables.js', external: true } : undefined,
    );
    // Charts and pages are loaded only where they are asked for.
    onResolve({ filter: /^\.\.?\/html-report\.js$/ }, () => ({ path: './html-report.js', external: true }));
  },
};
const commands = readdirSync('src/cli/commands').map((file) => file.replace(/\.ts$/, ''));
const rest = await build({
  ...commandLine,
  entryPoints: Object.fromEntries([
    ...['command-line', 'internal-error', 'html-report'].map((name) => [`cli/${name}`, `src/cli/${name}.ts`]),
    ['cli/load-tables', 'src/tables/load.ts'],
    ...commands.map((name) => [`cli/command-${name}`, `src/cli/commands/${name}.ts`]),
  ]),
  plugins: [byName, withoutUnused],
});
// These files are read byte by byte (`src/cli/start.ts`); esbuild leaves regular expressions as they are written.
for (const name of readdirSync('dist/cli')) {
  const text = readFileSync(`dist/cli/${name}`, 'utf8');
  writeFileSync(
    `dist/cli/${name}`,
    text.replaceAll(/[\u0080-\uffff]/g, (one) => `\\u${codeOf(one)}`),
  );
}
/** What runs in an HTML report: its own script, and the engine in a worker. */
const page = await build({
  ...common,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  outdir: 'dist/page',
  entryPoints: { client: 'src/report/html/client.ts', worker: 'src/report/html/worker.ts' },
});
writeFileSync('dist/cli/package.json', '{ "type": "commonjs" }\n');
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licenses([library, rest, page]));
chmodSync('dist/cli/main.js', 0o755);
if (existsSync('scripts/compile-tables.mjs')) run('scripts/compile-tables.mjs');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');

function run(...script) {
  const { status } = spawnSync(process.execPath, script, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** Four hexadecimal digits. */
function codeOf(one) {
  return one.charCodeAt(0).toString(16).padStart(4, '0');
}

/** Licenses of the packages the bundles contain. */
function licenses(builds) {
  const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : '';
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
