import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { Plugin } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '../..');
const sources = path.join(root, 'src');

/**
 * Lets tests import `src/` as JavaScript that Node loads itself, compiled once a run, file by file. Modules that vitest makes look up
 * every imported name at each use, so that decisions take a quarter longer.
 */
export function compiledSources(): Plugin {
  let compiled: Promise<string> | undefined;
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (importer === undefined || !/^\..*\.js$/.test(id)) return null;
      const file = path.relative(sources, path.resolve(path.dirname(importer), id));
      if (file.startsWith('..')) return null;
      compiled ??= compile();
      return { id: path.join(await compiled, file), external: true };
    },
  };
}

const tables = 'tables/load';

/** The folder of what was compiled: packages are found from below the root. It goes with the process. */
async function compile(): Promise<string> {
  const folder = mkdtempSync(path.join(root, 'node_modules', '.sources-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => ({ in: path.join(sources, file), out: file.replace(/\.ts$/, '') }));
  const entries = files.map((one) => (one.out === tables ? { ...one, out: eachTime } : one));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await build({
    entryPoints: [...entries, { in: path.join(root, 'test/support/tables-once.ts'), out: tables }],
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    packages: 'external',
    loader: { '.tsv': 'text' },
    define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
    plugins: [oneByOne],
  });
  return folder;
}

/** Tables are read by this where they are not known yet: see `tables-once.ts`. */
const eachTime = `${tables}-each-time`;

/** Every file stays one, and has the address of its source. */
const oneByOne: NonNullable<BuildOptions['plugins']>[number] = {
  name: 'one-by-one',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\..*\.js$/ }, ({ path: id, importer }) => ({
      path: importer.endsWith('tables-once.ts') ? `./${path.basename(eachTime)}.js` : id,
      external: true,
    }));
    onLoad({ filter: /src\/.*\.ts$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('import.meta.url')) return null;
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)), loader: 'ts' };
    });
  },
};
