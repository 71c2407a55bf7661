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
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  legalComments: 'none',
  define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};
// Resolving a file costs Node about a millisecond, so each step of a run is one file: the entry, which answers
// `--version` alone; the command line; the command asked for, with all it needs.
const loadedByMain = ['program', 'io', 'internal-error'];
await build({
  ...common,
  entryPoints: { 'cli/main': 'src/cli/main.ts' },
  external: loadedByMain.map((name) => `./${name}.js`),
});
const commands = readdirSync('src/cli/commands').map((file) => file.replace(/\.ts$/, ''));
/** Commands are loaded by name: `./commands/assess.js` in the sources is `./command-assess.js` beside the entry. */
const byName = {
  name: 'commands-by-name',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path }) => ({
      path: path.replace('./commands/', './command-'),
      external: true,
    }));
  },
};
const { metafile } = await build({
  ...common,
  entryPoints: Object.fromEntries([
    ['lib/index', 'src/index.ts'],
    ...loadedByMain.map((name) => [`cli/${name}`, `src/cli/${name}.ts`]),
    ['cli/sweep-worker', 'src/cli/sweep-worker.ts'],
    ...commands.map((name) => [`cli/command-${name}`, `src/cli/commands/${name}.ts`]),
  ]),
  plugins: [byName],
  metafile: true,
  // commander and cli-table3 are CommonJS inside and ask for node: modules by require.
  banner: { js: "import{createRequire as __req}from'node:module';const require=__req(import.meta.url);" },
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licenses(metafile));
chmodSync('dist/cli/main.js', 0o755);
if (existsSync('scripts/compile-tables.mjs')) run('scripts/compile-tables.mjs');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');

function run(...script) {
  const { status } = spawnSync(process.execPath, script, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** Licenses of the packages the bundle contains. */
function licenses({ inputs }) {
  const folders = Object.keys(inputs).map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
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
